"""What every command takes, and the bounds that descriptions name."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from strawberry import field

from domain import wording
from domain.case.reporters import DETAIL_LIMIT
from schema import ids

TITLE: Final = f", at most {wording.TITLE_LIMIT} characters"
TEXT: Final = f", at most {wording.TEXT_LIMIT:,} characters"
DETAIL: Final = f", at most {DETAIL_LIMIT} characters"
CODE: Final = f", at most {wording.CODE_LIMIT} characters"
_COMMON: Final = ("expected_version", "occurred_at", "reason")


@strawberry.input
class CommandInput:
    """What every command takes."""

    command_id: UUID | None = field(
        default=None,
        description=(
            "Idempotency key, chosen by the client: the same id and input again returns the first "
            "outcome; the same id with another input is refused. Left out, the service chooses "
            "one, and the same input again is another command."
        ),
    )
    expected_version: int | None = field(
        default=None,
        description="The version the client saw; if the case has moved on, VersionConflict.",
    )
    occurred_at: datetime | None = field(
        default=None, description="When it happened, if that was before now."
    )
    reason: str | None = field(
        default=None,
        description=f"Why, in the actor's words, at most {wording.REASON_LIMIT:,} characters.",
    )

    def common(self) -> dict[str, Any]:
        """The arguments that every command takes. Raises InvalidInput for any text here."""
        for path, text in _texts(self):
            wording.optional(path, text)
        given = {name: getattr(self, name) for name in _COMMON}
        return given | {"command_id": self.command_id or uuid4()}


@strawberry.input
class CaseInput(CommandInput):
    """What every command on an existing case takes."""

    case_id: strawberry.ID = field(description="The case's caseId.")

    def common(self) -> dict[str, Any]:
        return super().common() | {"case_id": ids.parse_current_case(self.case_id, "caseId")}


def _texts(given: object, path: tuple[str, ...] = ()) -> Iterator[tuple[list[str], str]]:
    """Every text in an input with its path, also those of which no decision may look at first.

    The command's digest is taken before it is decided, and broken Unicode has none.
    """
    if isinstance(given, str):
        yield [*path], given
    elif isinstance(given, list):
        for index, item in enumerate(given):
            yield from _texts(item, (*path, str(index)))
    elif is_dataclass(given):
        for each in fields(given):
            yield from _texts(getattr(given, each.name), (*path, _camel(each.name)))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
