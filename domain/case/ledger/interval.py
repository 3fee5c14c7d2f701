"""An interval of the ledger: a stretch of time for which one unit answered for a case."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from domain.case.clocks.clock import Clock, name_of
from domain.case.decisions import DecisionKind
from domain.identity import Role
from domain.permissions import PERMISSIONS
from domain.vocabulary import ClockKind


class Part(StrEnum):
    """As what somebody answered for a case."""

    LEAD = "LEAD"
    DISPATCHER = "DISPATCHER"
    DECIDER = "DECIDER"
    CHECKER = "CHECKER"
    EVALUATOR = "EVALUATOR"
    FALLBACK = "FALLBACK"


LEADING: Final = frozenset({Part.LEAD, Part.FALLBACK})
"""Whose unit the case itself names."""

DECIDED: Final[dict[DecisionKind, Role]] = {
    DecisionKind.RETURN: Role.DISPATCHER,
    DecisionKind.ARBITRATION: Role.REGISTRAR,
    DecisionKind.VOIDING: Role.REGISTRAR,
    DecisionKind.SUSPENSION: Role.DISPATCHER,
    DecisionKind.EXTENSION: Role.DISPATCHER,
}
"""The decisions that hold a case up, and the role that takes each."""

ANSWERS: Final[dict[Part, Role]] = {
    Part.DISPATCHER: Role.DISPATCHER,
    # A supervisor may check too; it is the registrar's to do.
    Part.CHECKER: Role.REGISTRAR,
    Part.EVALUATOR: Role.EVALUATOR,
}
"""Where neither the case nor a decision says whose turn it is: the role that answers."""

STEPS: Final[dict[Part | DecisionKind, str]] = {
    Part.LEAD: "submitResolution",
    Part.FALLBACK: "dispatchCase",
    Part.DISPATCHER: "dispatchCase",
    Part.CHECKER: "verifyResolution",
    Part.EVALUATOR: "recordFeedback",
    DecisionKind.RETURN: "upholdReturn",
    DecisionKind.ARBITRATION: "arbitrateResponsibility",
    DecisionKind.VOIDING: "approveVoid",
    DecisionKind.SUSPENSION: "approveSuspension",
    DecisionKind.EXTENSION: "approveExtension",
}
"""The command by which each part, and of a DECIDER each decision, is done."""

CLOCKS: Final[dict[Part, ClockKind]] = {
    Part.LEAD: ClockKind.STAGE,
    Part.DISPATCHER: ClockKind.DISPATCH,
    # It stands in for whoever should have dispatched, and has what is left of their time.
    Part.FALLBACK: ClockKind.DISPATCH,
    Part.DECIDER: ClockKind.APPROVAL,
    Part.CHECKER: ClockKind.VERIFICATION,
    Part.EVALUATOR: ClockKind.FEEDBACK,
}
"""The clock whose limit is the budget of each part."""

APPROVALS: Final[dict[DecisionKind, str]] = {
    DecisionKind.RETURN: "RETURN",
    DecisionKind.ARBITRATION: "RETURN",
    DecisionKind.VOIDING: "VOIDING",
    DecisionKind.SUSPENSION: "SUSPENSION",
    DecisionKind.EXTENSION: "EXTENSION",
}
"""The keys of the clocks of approvals (`domain.case.clocks.starting`)."""


class Holder(msgspec.Struct, frozen=True):
    """Whose turn it is. unit, post, person: as the case names them, where it does.

    decision: what a DECIDER decides.
    """

    part: Part
    unit: str | None = None
    post: str | None = None
    person: str | None = None
    decision: DecisionKind | None = None

    @property
    def role(self) -> Role | None:
        """The role that answers where the case names no unit."""
        return DECIDED[self.decision] if self.decision else ANSWERS.get(self.part)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may take the step that is waited for: whoever has one may act for it."""
        return PERMISSIONS[STEPS[self.decision or self.part]]

    @property
    def clock(self) -> str:
        """The name of the clock whose limit it has."""
        return name_of(CLOCKS[self.part], APPROVALS[self.decision] if self.decision else "")


class Budget(msgspec.Struct, frozen=True):
    """The limit of the clock that a part has: what lies between its start and its first due time.

    Later suspensions and extensions move when the case is due, not what was allowed to a part.
    position: of the event since which it is known.
    """

    clock: str
    number: int
    begin: datetime
    due: datetime
    position: int

    @property
    def pool(self) -> tuple[str, int]:
        """What several intervals of one part draw from together."""
        return self.clock, self.number


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """From begin until before end somebody answered for the case. end: None: they still do.

    version, position: of the event that began it; end_version, end_position: that ended it.
    since, since_version, since_position: from when on it counts as theirs: its beginning, or that
        of the event by which it became theirs afterwards. until, until_version, until_position:
        when it became somebody else's; None: it is theirs.
    taken_unit, taken_post: of whoever took the step that they were to take and so ended it.
    clock: the RESOLUTION clock as it stood at the end; None: it did not run, or it has not ended.
    """

    cycle: int
    holder: Holder
    begin: datetime
    version: int
    position: int
    since: datetime
    since_version: int
    since_position: int
    end: datetime | None = None
    end_version: int | None = None
    end_position: int | None = None
    until: datetime | None = None
    until_version: int | None = None
    until_position: int | None = None
    taken_unit: str | None = None
    taken_post: str | None = None
    clock: Clock | None = None
    budget: Budget | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What tells it from all others of its case."""
        return self.version, self.since_version

    @property
    def is_afterwards(self) -> bool:
        """Whether it became theirs by a later decision, not when it began."""
        return self.since_version != self.version

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.end is None and self.until is None
