"""The commands on the escalation policy, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.command import Circumstances
from domain.escalation_policy.checks import check_escalation
from domain.escalation_policy.content import BREACH, EscalationPolicyVersion, Ladder
from domain.escalation_policy.state import ESCALATION_WAY, EscalationPolicy
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading


@dataclass(frozen=True, kw_only=True)
class DraftEscalationPolicy(DraftVersion):
    """Write a version of the escalation policy down: as `EscalationPolicyVersion`."""

    NAME: ClassVar[str] = "draftEscalationPolicy"

    ladders: tuple[Ladder, ...]
    arbitration_after_returns: int = 2
    escalate_after_reworks: int = 2
    escalate_after_reopenings: int = 2
    fallback_percent: int = BREACH


@dataclass(frozen=True, kw_only=True)
class ProposeEscalationPolicy(ProposeVersion):
    """Answer for a draft of the escalation policy and ask for its publication."""

    NAME: ClassVar[str] = "proposeEscalationPolicy"


@dataclass(frozen=True, kw_only=True)
class PublishEscalationPolicy(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishEscalationPolicy"


@dataclass(frozen=True, kw_only=True)
class RetireEscalationPolicy(RetireVersion):
    """End a version of the escalation policy."""

    NAME: ClassVar[str] = "retireEscalationPolicy"


EscalationPolicyCommand = (
    DraftEscalationPolicy
    | ProposeEscalationPolicy
    | PublishEscalationPolicy
    | RetireEscalationPolicy
)


def decide(
    policy: EscalationPolicy | None, command: EscalationPolicyCommand, by: Circumstances
) -> EscalationPolicy:
    """The policy with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftEscalationPolicy):
        return ESCALATION_WAY.advance(policy, command, by)
    wanted = EscalationPolicyVersion(
        *heading(command, by),
        command.ladders,
        command.arbitration_after_returns,
        command.escalate_after_reworks,
        command.escalate_after_reopenings,
        command.fallback_percent,
    )
    check_escalation(wanted)
    return ESCALATION_WAY.draft(policy, wanted, by)
