"""The regions beside the lifecycle: each moves by itself (DOMAIN.md section 4)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.case.vocabulary import Step


class ReturnState(StrEnum):
    """Whether the lead unit has asked to give the case back, and who decides."""

    NONE = "NONE"
    REQUESTED = "REQUESTED"
    IN_ARBITRATION = "IN_ARBITRATION"


class FeedbackState(StrEnum):
    """Whether the reporter was asked in this cycle, and what came of it."""

    NONE = "NONE"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"


class PublicationState(StrEnum):
    """Whether the public may read the case."""

    PRIVATE = "PRIVATE"
    PROPOSED = "PROPOSED"
    PUBLIC = "PUBLIC"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class Returns:
    """What became of the lead unit's wish to give the case back, in this cycle.

    requested: how often it asked, whatever was decided. rejected: that it was, at least once.
    requested_by: who asked for what is pending. arbitrated: the lead is fixed for the cycle.
    """

    state: ReturnState = ReturnState.NONE
    requested: int = 0
    rejected: bool = False
    requested_by: str | None = None
    arbitrated: bool = False

    def withdrawn(self) -> "Returns":
        """The same, with nothing to be decided any more."""
        return replace(self, state=ReturnState.NONE, requested_by=None)


@dataclass(frozen=True)
class HandOver:
    """Somebody was asked to take the case over, in a position of the lead unit."""

    to: str
    position: str | None


@dataclass(frozen=True)
class OpenStep:
    """A step that was passed over, by whom, and has not been regularised."""

    step: Step
    skipped_by: str
