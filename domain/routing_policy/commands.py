"""The commands on the routing policy, and their decisions."""

from dataclasses import dataclass, replace
from typing import ClassVar, assert_never

from domain import versioning
from domain.command import Circumstances, Command, check_circumstances
from domain.event import begin_stream
from domain.refusal import NotFound
from domain.routing_policy.checks import check_rules
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.state import (
    ROUTING_STREAM,
    RoutingDrafted,
    RoutingDraftExtended,
    RoutingOpened,
    RoutingPolicy,
    RoutingProposed,
    RoutingPublished,
    RoutingRetired,
)
from domain.versioning import PublishVersion, VersionCommand
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required, stable_code


@dataclass(frozen=True, kw_only=True)
class DraftRouting(Command):
    """Write a version of the routing policy down: all its rules."""

    NAME: ClassVar[str] = "draftRouting"

    title: str
    fallback_unit: str
    rules: tuple[RoutingRule, ...]
    pack: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProposeRouting(VersionCommand):
    """Answer for a draft of the routing policy and ask for its publication."""

    NAME: ClassVar[str] = "proposeRouting"


@dataclass(frozen=True, kw_only=True)
class PublishRouting(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishRouting"


@dataclass(frozen=True, kw_only=True)
class RetireRouting(VersionCommand):
    """End a version of the routing policy."""

    NAME: ClassVar[str] = "retireRouting"


RoutingCommand = DraftRouting | ProposeRouting | PublishRouting | RetireRouting


def decide(
    policy: RoutingPolicy | None, command: RoutingCommand, by: Circumstances
) -> RoutingPolicy:
    """The policy with the events of the command pending. Raises a Refusal."""
    if isinstance(command, DraftRouting):
        return _draft(policy, command, by)
    if policy is None:
        raise NotFound(what="version")
    match command:
        case ProposeRouting():
            versioning.propose(policy, RoutingProposed, command, by)
        case PublishRouting():
            versioning.publish(policy, RoutingPublished, command, by)
        case RetireRouting():
            versioning.retire(policy, RoutingRetired, command, by)
        case _:
            assert_never(command)
    return policy


def _draft(policy: RoutingPolicy | None, command: DraftRouting, by: Circumstances) -> RoutingPolicy:
    """A new version; nothing where the newest one that is not retired says the same."""
    check_circumstances(command, by)
    title = required(["title"], command.title, TITLE_LIMIT)
    pack = optional(["pack"], command.pack, CODE_LIMIT)
    fallback = stable_code(["fallbackUnit"], command.fallback_unit)
    check_rules(command.rules)
    first, *further = versioning.parts("rules", command.rules)
    if policy is None:
        policy = begin_stream(
            RoutingPolicy, RoutingOpened, stream_id=ROUTING_STREAM, timestamp=by.at
        )
    number = len(policy.versions) + 1
    wanted = RoutingVersion(number, title, pack, fallback, command.rules)
    newest = policy.newest()
    if newest is not None and replace(newest, number=number) == wanted:
        return policy
    place = {"timestamp": by.at, "number": number, "by": by.actor.principal}
    policy.trigger_event(
        RoutingDrafted, **place, title=title, pack=pack, fallback_unit=fallback, rules=first
    )
    for rules in further:
        policy.trigger_event(RoutingDraftExtended, **place, rules=rules)
    return policy
