"""The evidence of a case, as the caller may see it. Its bytes are looked at over HTTP."""

from datetime import datetime

import strawberry
from strawberry import field

from domain.case.vocabulary import Audience
from projections import evidence
from schema import ids
from schema.case.parts import Actor, actor_of
from schema.node import Node


@strawberry.type(
    description="A picture or a paper that belongs to a case; it never changes. Its bytes: "
    "GET /evidence/{id}, cleaned of what a camera wrote beside the picture; "
    "GET /evidence/{id}/original, as they came, for whoever may see that. "
    "It is added by POST /cases/{caseId}/evidence."
)
class Evidence(Node):
    """A piece of evidence."""

    case_id: strawberry.ID = field(description="The caseId of its case.")
    sha256: str = field(description="The SHA-256 of the original bytes, in hexadecimal digits.")
    size: int = field(description="How many bytes the original has.")
    media_type: str = field(description='What the bytes are, as in "image/jpeg".')
    label: str | None = field(description="What whoever added it calls it.")
    audience: Audience = field(description="For whom it is.")
    by_reporter: bool = field(description="Whether it came from the reporter's side.")
    added_at: datetime = field(description="When it was added.")
    added_by: Actor | None = field(
        description="Who added it; null where the caller may not see that."
    )


def shown_evidence(found: evidence.Evidence) -> Evidence:
    """A piece of evidence in GraphQL."""
    return Evidence(
        id=strawberry.ID(ids.evidence_id(found.case_id, found.evidence_id)),
        case_id=strawberry.ID(ids.case_id(found.case_id)),
        sha256=found.sha256,
        size=found.size,
        media_type=found.media_type,
        label=found.label,
        audience=found.audience,
        by_reporter=found.by_reporter,
        added_at=found.added_at,
        added_by=actor_of(found.added_by),
    )
