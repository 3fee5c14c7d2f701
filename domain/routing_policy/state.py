"""The routing policy: its events, and which version is in force when."""

from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.configuration import (
    ConfigurationOf,
    VersionContent,
    VersionDrafted,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRetired,
)
from domain.event import Recorded, stream_begins_with
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.versioning import Way

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
    CONTENT: ClassVar[type[VersionContent]] = RoutingVersion
    ITEMS: ClassVar[str] = "rules"

    fallback_unit: str
    rules: tuple[RoutingRule, ...]


class RoutingDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "routing.draft_extended"
    ITEMS: ClassVar[str] = RoutingDrafted.ITEMS

    rules: tuple[RoutingRule, ...]


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

ROUTING_WAY: Final = Way(
    ROUTING_STREAM,
    RoutingPolicy,
    RoutingOpened,
    RoutingDrafted,
    RoutingDraftExtended,
    RoutingProposed,
    RoutingPublished,
    RoutingRetired,
)
