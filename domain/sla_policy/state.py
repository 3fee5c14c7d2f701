"""The SLA policy: its events, and which version is in force when."""

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
from domain.sla_policy.content import ClockRule, SlaPolicyVersion, SuspensionReason
from domain.versioning import Way

SLA_STREAM: Final = UUID("00000000-0000-8000-8000-000000000007")


class SlaPolicy(ConfigurationOf[SlaPolicyVersion]):
    """All versions of the SLA policy of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
SlaPolicy.TOPIC = "sla_policy"  # type: ignore[attr-defined]


class SlaPolicyOpened(Recorded, AggregateCreated):
    """The first version of the SLA policy is about to be drafted."""

    TOPIC: ClassVar[str] = "sla.opened"


class SlaPolicyDrafted(VersionDrafted):
    """A version of the SLA policy was written down, or the first part of a large one."""

    TOPIC: ClassVar[str] = "sla.drafted"
    CONTENT: ClassVar[type[VersionContent]] = SlaPolicyVersion
    ITEMS: ClassVar[str] = "rules"

    rules: tuple[ClockRule, ...]
    suspension_reasons: tuple[SuspensionReason, ...]
    most_suspensions: int
    most_suspended_days: int
    most_extensions: int
    most_extension_days: int


class SlaPolicyDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "sla.draft_extended"
    ITEMS: ClassVar[str] = SlaPolicyDrafted.ITEMS

    rules: tuple[ClockRule, ...]


class SlaPolicyProposed(VersionProposed):
    """Somebody answers for a draft of the SLA policy and asks for its publication."""

    TOPIC: ClassVar[str] = "sla.proposed"


class SlaPolicyPublished(VersionPublished):
    """A second person put a version of the SLA policy into force."""

    TOPIC: ClassVar[str] = "sla.published"


class SlaPolicyRetired(VersionRetired):
    """A version of the SLA policy is not to be used any more."""

    TOPIC: ClassVar[str] = "sla.retired"


stream_begins_with(SlaPolicyOpened, SlaPolicy)

SLA_WAY: Final = Way(
    SLA_STREAM,
    SlaPolicy,
    SlaPolicyOpened,
    SlaPolicyDrafted,
    SlaPolicyDraftExtended,
    SlaPolicyProposed,
    SlaPolicyPublished,
    SlaPolicyRetired,
)
