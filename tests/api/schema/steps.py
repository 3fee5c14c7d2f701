"""What a test of one command says: where the case is, what happened, who gives it, what comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.identity import Caller
from tests.api.schema.conftest import Desk

Before = tuple[str, Caller, Mapping[str, Any]]
"""A command that is given before, by whom, with what."""


@dataclass(frozen=True)
class Step:
    """A command: where the case is, who gives it with what, and what comes of it."""

    command: str
    start: str
    by: Caller
    stage: str
    events: list[str]
    given: Mapping[str, Any] = field(default_factory=dict)
    before: Sequence[Before] = ()

    async def begin(self, desk: Desk) -> str:
        """The id of a case at which the command is possible."""
        case_id: str = await getattr(desk, self.start)()
        for command, by, given in self.before:
            await desk.api.by(by).change(command, caseId=case_id, **given)
        return case_id
