"""Candidates for duplicates, each with what speaks for it; what to do about one, people decide."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import strawberry
from strawberry import argument, field

from domain.command import EARLIEST
from domain.neighbourhood import neighbouring_areas, related_types
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, TEXT_LIMIT, TITLE_LIMIT, optional
from projections.case_state import CaseState
from projections.duplicates import Candidate, Sought, duplicate_candidates
from projections.likeness import Likeness, Request
from projections.texts import normalised
from schema.case.inputs.base import CODE, TEXT, TITLE
from schema.case.inputs.intake import PointInput
from schema.context import Context

if TYPE_CHECKING:
    from schema.case.types import Case

CaseType = Annotated["Case", strawberry.lazy("schema.case.types")]

MOST: Final = 20
HowMany = Annotated[
    int, argument(name="first", description=f"How many, the likeliest first: 1 to {MOST}.")
]


@strawberry.input(description="A request that is about to be registered.")
class DuplicateInput:
    """What duplicates are sought of."""

    type_code: str | None = field(default=None, description=f"Code of the case type{CODE}.")
    area: str | None = field(default=None, description=f"Code of the area or grid cell{CODE}.")
    point: PointInput | None = field(default=None, description="Where exactly.")
    title: str | None = field(default=None, description=f"The request in one line{TITLE}.")
    description: str | None = field(default=None, description=f"The request in full{TEXT}.")
    occurred_at: datetime | None = field(
        default=None, description="When it is brought, if that was before now."
    )

    def request(self) -> Request:
        """What is compared. Raises InvalidInput."""
        now = datetime.now(UTC)
        at = self.occurred_at or now
        if at.utcoffset() is None:
            raise InvalidInput(["occurredAt"], "occurredAt needs an offset from UTC")
        if at < EARLIEST:
            raise InvalidInput(["occurredAt"], f"occurredAt lies before the year {EARLIEST.year}")
        return Request(
            normalised(
                optional(["title"], self.title, TITLE_LIMIT),
                optional(["description"], self.description, TEXT_LIMIT),
            ),
            min(at, now + timedelta(days=366)),  # nothing that there is was brought that late
            optional(["typeCode"], self.type_code, CODE_LIMIT),
            optional(["area"], self.area, CODE_LIMIT),
            None if self.point is None else self.point.value(),
        )


@strawberry.type(
    description="What makes up the score: each part from 0 to 1, the score their weighted sum."
)
class DuplicateScore:
    """The parts of a score."""

    words: float = field(description="How much of what they say is the same, rare words first.")
    place: float = field(description="How near they lie together.")
    type: float = field(description="1: of the same type; less: of a related one.")
    time: float = field(description="How soon one was brought after the other.")


@strawberry.type(
    description="A case that may be about the same as a request, and why. Nothing is done about it "
    "by itself."
)
class DuplicateCandidate:
    """A case that may be about the same."""

    case: CaseType = field(description="The case as it is now.")
    score: float = field(description="How likely it is, from 0 to 1, against the others.")
    parts: DuplicateScore = field(description="What makes up the score.")
    distance_metres: int | None = field(
        description="How far apart the two points are; null where one is not known so exactly."
    )
    days_apart: float = field(description="Days between the two registrations.")
    shared_words: list[str] = field(description="What both say, the longest first.")
    same_area: bool = field(description="Whether they lie in the same area, not in a near one.")


def request_of(state: CaseState) -> Request:
    """What of a case is compared."""
    return Request(
        normalised(state.title, state.description),
        state.registered_at,
        state.type_code,
        state.area,
        state.point,
    )


async def candidates_of(
    context: Context,
    request: Request,
    first: int,
    make: "Callable[[Sequence[CaseState]], Sequence[Case]]",
    itself: CaseState | None = None,
) -> list[DuplicateCandidate]:
    """The likeliest of those that the caller sees. make: cases that were read together.

    Raises InvalidInput for `first`.
    """
    if not 1 <= first <= MOST:
        raise InvalidInput(["first"], f"first must be 1 to {MOST}")
    configuration, at = context.configuration, request.registered_at
    area, kind = request.area, request.type_code
    catalogue = configuration.catalogue
    version = None if catalogue is None else catalogue.in_force(at)
    sought = Sought(
        request,
        None if area is None else neighbouring_areas(configuration.directory, area, at),
        None if kind is None else related_types(version, kind),
        None if itself is None else itself.case_id,
    )
    async with context.reads.acquire() as connection:
        found = await duplicate_candidates(connection, context.scope, sought, first)
    cases = make([each.case for each in found])
    return [_shown(each, case, request) for each, case in zip(found, cases, strict=True)]


def _shown(found: Candidate, case: "Case", request: Request) -> DuplicateCandidate:
    likeness: Likeness = found.likeness
    distance = likeness.distance
    return DuplicateCandidate(
        case=case,
        score=round(likeness.score, 4),
        parts=DuplicateScore(
            words=round(likeness.words, 4),
            place=round(likeness.place, 4),
            type=likeness.type,
            time=round(likeness.time, 4),
        ),
        distance_metres=None if distance is None else round(distance),
        days_apart=round(likeness.days, 3),
        shared_words=list(found.shared_words),
        same_area=found.case.area is not None and found.case.area == request.area,
    )
