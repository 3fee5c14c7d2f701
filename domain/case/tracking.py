"""Tracking: whoever shows the tracking code of a case follows it as its reporter.

The code itself is nobody's to keep: the service computes it from its own secret, the case and
`Case.tracking_number`, and shows it to whoever registered the case. A new number makes the code
before it worthless.
"""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.identity import ActorKind, Caller, Role

PREFIX: Final = "tracking:"
"""Of the principal that stands for whoever has shown the code of a case."""


class TrackingCodeReissued(CaseEvent):
    """The reporter was given another tracking code. number: 2 for the second code of a case."""

    TOPIC: ClassVar[str] = "case.tracking_code_reissued"

    number: int

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.tracking_number = self.number


@dataclass(frozen=True, kw_only=True)
class ReissueTrackingCode(Command):
    """Give the reporter another tracking code; the one before no longer opens the case."""

    NAME: ClassVar[str] = "reissueTrackingCode"

    case_id: UUID


def tracking_caller(case_id: UUID) -> Caller:
    """Who has shown the tracking code of a case: the reporter of that one case, and no more."""
    return Caller(
        principal=f"{PREFIX}{case_id}",
        kind=ActorKind.PERSON,
        roles=frozenset({Role.REPORTER}),
        tracks=case_id,
    )


def reissue_tracking_code(case: Case, command: ReissueTrackingCode, by: Circumstances) -> None:
    check(case, command, by)
    number = case.tracking_number + 1
    case.trigger_event(TrackingCodeReissued, timestamp=by.at, number=number)
