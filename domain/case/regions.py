"""The regions beside the lifecycle: each moves by itself (DOMAIN.md section 4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
    upheld: how often it was. requested_by: who asked for what is pending. arbitrated: the lead is
    fixed for the cycle.
    """

    state: ReturnState = ReturnState.NONE
    requested: int = 0
    rejected: bool = False
    upheld: int = 0
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


class Supervision(StrEnum):
    """The highest level of the supervision orders 督办单 that are open."""

    NONE = "NONE"
    BLUE = "BLUE"
    ORANGE = "ORANGE"
    RED = "RED"


class Hold(StrEnum):
    """Whether the case rests."""

    NONE = "NONE"
    SUSPENDED = "SUSPENDED"


@dataclass(frozen=True)
class SuspensionAsked:
    """The lead unit wants the case to rest. reason: its code. unit: which unit that is."""

    number: int
    reason: str
    expected_resume: datetime
    requester: str
    unit: str | None


@dataclass(frozen=True)
class ExtensionAsked:
    """The lead unit wants more time: so many calendar days. late: its time was over by then."""

    number: int
    days: int
    late: bool
    requester: str
    unit: str | None


@dataclass(frozen=True)
class Holding:
    """What became of the lead unit's wishes for time.

    since, until: of the suspension that lasts; expected to end then. suspensions, suspended,
    extensions: those of this cycle, and how long they lasted that are over. ended_at: the last of
    all. suspensions_asked, extensions_asked: how often in the life of the case.
    """

    since: datetime | None = None
    until: datetime | None = None
    suspensions: int = 0
    suspended: timedelta = timedelta()
    extensions: int = 0
    ended_at: datetime | None = None
    suspension_asked: SuspensionAsked | None = None
    extension_asked: ExtensionAsked | None = None
    suspensions_asked: int = 0
    extensions_asked: int = 0

    @property
    def state(self) -> Hold:
        """The region."""
        return Hold.NONE if self.since is None else Hold.SUSPENDED

    def resumed(self, at: datetime) -> "Holding":
        """The same, going on from then; where it does not rest, the same."""
        if self.since is None:
            return self
        suspended = self.suspended + max(timedelta(), at - self.since)
        return replace(self, since=None, until=None, suspended=suspended, ended_at=at)

    def left(self, at: datetime) -> "Holding":
        """The same, once the lead unit is not at it any more: nothing is asked, nothing rests."""
        return replace(self.resumed(at), suspension_asked=None, extension_asked=None)

    def anew(self) -> "Holding":
        """The same in another cycle."""
        return replace(self, suspensions=0, suspended=timedelta(), extensions=0)
