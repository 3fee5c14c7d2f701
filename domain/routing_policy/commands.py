"""The commands on the routing policy, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.command import Circumstances
from domain.routing_policy.checks import check_rules
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.state import ROUTING_WAY, RoutingPolicy
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading
from domain.wording import stable_code


@dataclass(frozen=True, kw_only=True)
class DraftRouting(DraftVersion):
    """Write a version of the routing policy down: all its rules."""

    NAME: ClassVar[str] = "draftRouting"

    fallback_unit: str
    rules: tuple[RoutingRule, ...]


@dataclass(frozen=True, kw_only=True)
class ProposeRouting(ProposeVersion):
    """Answer for a draft of the routing policy and ask for its publication."""

    NAME: ClassVar[str] = "proposeRouting"


@dataclass(frozen=True, kw_only=True)
class PublishRouting(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishRouting"


@dataclass(frozen=True, kw_only=True)
class RetireRouting(RetireVersion):
    """End a version of the routing policy."""

    NAME: ClassVar[str] = "retireRouting"


RoutingCommand = DraftRouting | ProposeRouting | PublishRouting | RetireRouting


def decide(
    policy: RoutingPolicy | None, command: RoutingCommand, by: Circumstances
) -> RoutingPolicy:
    """The policy with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftRouting):
        return ROUTING_WAY.advance(policy, command, by)
    wanted = RoutingVersion(*heading(command, by), command.fallback_unit, command.rules)
    stable_code(["fallbackUnit"], wanted.fallback_unit)
    check_rules(wanted.rules)
    return ROUTING_WAY.draft(policy, wanted, by)
