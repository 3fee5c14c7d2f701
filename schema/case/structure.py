"""How a case hangs together with others, as far as the caller may see those."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import field

from domain.case.lifecycle import Stage
from domain.case.vocabulary import LinkKind

if TYPE_CHECKING:
    from schema.case.types import Case

CaseType = Annotated["Case", strawberry.lazy("schema.case.types")]


@strawberry.type(description="Another case that a case has to do with.")
class CaseLink:
    """Another case that a case has to do with."""

    kind: LinkKind = field(description="What they have to do with each other.")
    since: datetime = field(description="When it was said.")
    case: CaseType = field(description="The other case, as it is now.")


@strawberry.type(
    description="Where a merged case goes on, as that is now. Whoever sees the merged case is told "
    "this much of the other one."
)
class Survivor:
    """Where a merged case goes on."""

    case_no: str = field(description="The number of the case in which it goes on.")
    stage: Stage = field(description="Where that one stands.")
    closed_at: datetime | None = field(description="When it was closed; null while it is open.")
    case: CaseType | None = field(description="That case; null where the caller may not see it.")
