"""The escalation policy: its events, and which version is in force when."""

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
from domain.escalation_policy.content import EscalationPolicyVersion, Ladder
from domain.event import Recorded, stream_begins_with
from domain.versioning import Way

ESCALATION_STREAM: Final = UUID("00000000-0000-8000-8000-000000000008")


class EscalationPolicy(ConfigurationOf[EscalationPolicyVersion]):
    """All versions of the escalation policy of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
EscalationPolicy.TOPIC = "escalation_policy"  # type: ignore[attr-defined]


class EscalationPolicyOpened(Recorded, AggregateCreated):
    """The first version of the escalation policy is about to be drafted."""

    TOPIC: ClassVar[str] = "escalation_policy.opened"


class EscalationPolicyDrafted(VersionDrafted):
    """A version of the escalation policy was written down, or the first part of a large one."""

    TOPIC: ClassVar[str] = "escalation_policy.drafted"
    CONTENT: ClassVar[type[VersionContent]] = EscalationPolicyVersion
    ITEMS: ClassVar[str] = "ladders"

    ladders: tuple[Ladder, ...]
    arbitration_after_returns: int
    escalate_after_reworks: int
    escalate_after_reopenings: int
    fallback_percent: int


class EscalationPolicyDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "escalation_policy.draft_extended"
    ITEMS: ClassVar[str] = EscalationPolicyDrafted.ITEMS

    ladders: tuple[Ladder, ...]


class EscalationPolicyProposed(VersionProposed):
    """Somebody answers for a draft of the escalation policy and asks for its publication."""

    TOPIC: ClassVar[str] = "escalation_policy.proposed"


class EscalationPolicyPublished(VersionPublished):
    """A second person put a version of the escalation policy into force."""

    TOPIC: ClassVar[str] = "escalation_policy.published"


class EscalationPolicyRetired(VersionRetired):
    """A version of the escalation policy is not to be used any more."""

    TOPIC: ClassVar[str] = "escalation_policy.retired"


stream_begins_with(EscalationPolicyOpened, EscalationPolicy)

ESCALATION_WAY: Final = Way(
    ESCALATION_STREAM,
    EscalationPolicy,
    EscalationPolicyOpened,
    EscalationPolicyDrafted,
    EscalationPolicyDraftExtended,
    EscalationPolicyProposed,
    EscalationPolicyPublished,
    EscalationPolicyRetired,
)
