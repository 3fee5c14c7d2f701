"""The commands on the SLA policy, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.command import Circumstances
from domain.sla_policy.checks import check_sla
from domain.sla_policy.content import ClockRule, SlaPolicyVersion, SuspensionReason
from domain.sla_policy.state import SLA_WAY, SlaPolicy
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading


@dataclass(frozen=True, kw_only=True)
class DraftSlaPolicy(DraftVersion):
    """Write a version of the SLA policy down: as `SlaPolicyVersion`."""

    NAME: ClassVar[str] = "draftSlaPolicy"

    rules: tuple[ClockRule, ...]
    suspension_reasons: tuple[SuspensionReason, ...] = ()
    most_suspensions: int = 3
    most_suspended_days: int = 90
    most_extensions: int = 1
    most_extension_days: int = 30


@dataclass(frozen=True, kw_only=True)
class ProposeSlaPolicy(ProposeVersion):
    """Answer for a draft of the SLA policy and ask for its publication."""

    NAME: ClassVar[str] = "proposeSlaPolicy"


@dataclass(frozen=True, kw_only=True)
class PublishSlaPolicy(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishSlaPolicy"


@dataclass(frozen=True, kw_only=True)
class RetireSlaPolicy(RetireVersion):
    """End a version of the SLA policy."""

    NAME: ClassVar[str] = "retireSlaPolicy"


SlaPolicyCommand = DraftSlaPolicy | ProposeSlaPolicy | PublishSlaPolicy | RetireSlaPolicy


def decide(policy: SlaPolicy | None, command: SlaPolicyCommand, by: Circumstances) -> SlaPolicy:
    """The policy with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftSlaPolicy):
        return SLA_WAY.advance(policy, command, by)
    wanted = SlaPolicyVersion(
        *heading(command, by),
        command.rules,
        command.suspension_reasons,
        command.most_suspensions,
        command.most_suspended_days,
        command.most_extensions,
        command.most_extension_days,
    )
    check_sla(wanted)
    return SLA_WAY.draft(policy, wanted, by)
