"""Decisions that somebody has asked for and somebody else is to take, and who that may be.

Which events ask for one and which settle it is in `projections.pending_decisions`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.case.lifecycle import LIFECYCLE, Stage
from domain.identity import Caller, Role
from domain.permissions import PERMISSIONS, range_by
from domain.reach import CLEARED, LEAD_ONLY, Range


class DecisionKind(StrEnum):
    """What is to be decided."""

    ACCEPTANCE = "ACCEPTANCE"
    FIELD_VERIFICATION = "FIELD_VERIFICATION"
    REJECTION = "REJECTION"
    RETURN = "RETURN"
    ARBITRATION = "ARBITRATION"
    HAND_OVER = "HAND_OVER"
    CO_REPLY = "CO_REPLY"
    SKIPPED_STEP = "SKIPPED_STEP"
    VERIFICATION = "VERIFICATION"
    APPEAL = "APPEAL"
    VOIDING = "VOIDING"
    PUBLICATION = "PUBLICATION"
    SUSPENSION = "SUSPENSION"
    EXTENSION = "EXTENSION"
    ORDER_REPLY = "ORDER_REPLY"
    ORDER_RELEASE = "ORDER_RELEASE"


DECIDED_BY: Final[dict[DecisionKind, tuple[str, ...]]] = {
    DecisionKind.ACCEPTANCE: ("acceptCase", "rejectCase"),
    DecisionKind.FIELD_VERIFICATION: ("recordFieldVerification",),
    DecisionKind.REJECTION: ("rejectCase", "acceptCase"),
    DecisionKind.RETURN: ("upholdReturn", "rejectReturn"),
    DecisionKind.ARBITRATION: ("arbitrateResponsibility",),
    DecisionKind.HAND_OVER: ("acceptHandOver", "declineHandOver"),
    DecisionKind.CO_REPLY: ("replyCoHandling",),
    DecisionKind.SKIPPED_STEP: ("regulariseStep",),
    DecisionKind.VERIFICATION: ("verifyResolution", "orderRework"),
    DecisionKind.APPEAL: ("decideAppeal",),
    DecisionKind.VOIDING: ("approveVoid", "refuseVoid"),
    DecisionKind.PUBLICATION: ("approvePublication", "refusePublication"),
    DecisionKind.SUSPENSION: ("approveSuspension", "denySuspension"),
    DecisionKind.EXTENSION: ("approveExtension", "denyExtension"),
    DecisionKind.ORDER_REPLY: ("replyToOrder",),
    DecisionKind.ORDER_RELEASE: ("releaseOrder", "escalateOrder"),
}
"""The commands that settle each; whoever may give one of them may decide."""

AWAITED_AT: Final[dict[Stage, DecisionKind]] = {Stage.REGISTERED: DecisionKind.ACCEPTANCE}
"""What every case at a stage waits for, whoever brought it there."""


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """One decision that a case waits for.

    key: tells several of one kind apart. requested_by: who asked for it, and so does not decide.
    person, unit: who alone may decide; None: whoever has the right and the case within reach.
    """

    kind: DecisionKind
    since: datetime
    key: str = ""
    requested_by: str | None = None
    person: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Way:
    """One role under which somebody may take decisions of a kind, and about which cases.

    stages: at which a command allows it. levels: how confidential a case may be. lead_only: not
    where a unit only helps.
    """

    kind: DecisionKind
    stages: frozenset[Stage]
    levels: frozenset[str]
    within: Range
    lead_only: bool


def ways_to_decide(caller: Caller) -> list[Way]:
    """How `caller` may decide at all; by a role that only has its own cases nobody does."""
    return [
        Way(
            kind,
            LIFECYCLE[command].sources,
            frozenset(level.value for level, roles in CLEARED.items() if role in roles),
            range_by(caller, role),
            command in LEAD_ONLY,
        )
        for kind, commands in DECIDED_BY.items()
        for command in commands
        for role in sorted((PERMISSIONS[command] & caller.roles) - {Role.REPORTER})
    ]
