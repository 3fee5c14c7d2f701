"""The routing policy: its events, and which version is in force when."""

from dataclasses import replace
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.configuration import (
    ConfigurationOf,
    VersionDrafted,
    VersionEvent,
    VersionProposed,
    VersionPublished,
    VersionRetired,
)
from domain.event import Recorded, stream_begins_with
from domain.routing_policy.content import RoutingRule, RoutingVersion

ROUTING_STREAM: Final = UUID("00000000-0000-8000-8000-000000000005")


class RoutingPolicy(ConfigurationOf[RoutingVersion]):
    """All versions of the routing policy of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
RoutingPolicy.TOPIC = "routing_policy"  # type: ignore[attr-defined]


class RoutingOpened(Recorded, AggregateCreated):
    """The first version of the routing policy is about to be drafted."""

    TOPIC: ClassVar[str] = "routing.opened"


class RoutingDrafted(VersionDrafted):
    """A version of the routing policy was written down, or the first part of a large one."""

    TOPIC: ClassVar[str] = "routing.drafted"

    fallback_unit: str
    rules: tuple[RoutingRule, ...]

    def apply(self, policy: RoutingPolicy) -> None:
        self.begin(policy)
        content = RoutingVersion(self.number, self.title, self.pack, self.fallback_unit, self.rules)
        policy.contents.append(content)


class RoutingDraftExtended(VersionEvent):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "routing.draft_extended"

    rules: tuple[RoutingRule, ...]

    def apply(self, policy: RoutingPolicy) -> None:
        content = policy.contents[self.number - 1]
        extended = replace(content, rules=content.rules + self.rules)
        policy.contents[self.number - 1] = extended


class RoutingProposed(VersionProposed):
    """Somebody answers for a draft of the routing policy and asks for its publication."""

    TOPIC: ClassVar[str] = "routing.proposed"


class RoutingPublished(VersionPublished):
    """A second person put a version of the routing policy into force."""

    TOPIC: ClassVar[str] = "routing.published"


class RoutingRetired(VersionRetired):
    """A version of the routing policy is not to be used any more."""

    TOPIC: ClassVar[str] = "routing.retired"


stream_begins_with(RoutingOpened, RoutingPolicy)
