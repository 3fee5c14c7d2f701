"""Personal data: who a reporter is, for a purpose, and who has asked for that."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import argument, field

from domain.permissions import READ_ACCESS_LOG, permitted
from domain.personal_data import PURPOSE_LIMIT, Category, Keeping, PersonalData
from projections import access_log
from projections.access_log import ReadingFilter, count_readings, readings
from projections.paging import page_request
from schema import ids
from schema.case.parts import Actor, actor_of
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.scalars import Position

Purpose = Annotated[
    str | None,
    argument(
        description="What it is read for, in the reader's words: needed, and kept in the access "
        f"log. At most {PURPOSE_LIMIT} characters."
    ),
]


@strawberry.type(
    description="Who brings a case. It is kept under a key of the person, in no view and no export."
)
class Reporter:
    """Who brings a case."""

    name: str | None = field(description="The name; null where it was not said, or is erased.")
    contact: str | None = field(
        description="How to reach them, as a telephone number; null as for the name."
    )
    address: str | None = field(description="Where they live; null as for the name.")
    state: Keeping = field(description="Whether it can be read at all.")


@strawberry.type(description="Somebody was shown personal data; recorded before it was.")
class Reading:
    """One reading of personal data."""

    position: Position = field(description="The journal's position of the record.")
    at: datetime = field(description="When it was recorded.")
    reader: Actor | None = field(description="Who read it.")
    reporter_id: UUID = field(description="Whose data it was: an id that names nobody.")
    case_id: strawberry.ID = field(description="The caseId of the case it was read on.")
    categories: list[Category] = field(description="What was shown.")
    purpose: str = field(description="What it was read for, in the reader's words.")


def reporter_of(found: PersonalData | None) -> Reporter | None:
    """What a reader is shown of a reporter."""
    if found is None:
        return None
    return Reporter(
        name=found.values.get(Category.NAME),
        contact=found.values.get(Category.CONTACT),
        address=found.values.get(Category.ADDRESS),
        state=found.keeping,
    )


@strawberry.type
class PersonalDataQuery:
    """The queries of personal data."""

    @field(
        description="Who read whose personal data, when and for which purpose, in the order of the "
        "journal: for those who answer for it, null for others, with the refusal. Without "
        "arguments all of it."
    )
    async def access_log(
        self,
        info: Info,
        *,
        case_id: Annotated[
            strawberry.ID | None, argument(description="Read on this case, by its caseId.")
        ] = None,
        reporter_id: Annotated[
            UUID | None, argument(description="Of this reporter, as in a Reading.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Reading] | None:
        context = info.context
        permitted(context.caller, READ_ACCESS_LOG, None)
        wanted = ReadingFilter(
            subjects=None if reporter_id is None else [reporter_id],
            case_id=None if case_id is None else ids.parse_current_case(case_id, "caseId"),
        )
        async with context.reads.acquire() as connection:
            page = await readings(connection, wanted, page_request(first, after, last, before))

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await count_readings(connection, wanted)

        return connection_of(page.map(_shown), count)


def _shown(reading: access_log.Reading) -> Reading:
    return Reading(
        position=Position(reading.position),
        at=reading.at,
        reader=actor_of(reading.reader),
        reporter_id=reading.subject,
        case_id=strawberry.ID(ids.case_id(reading.case_id)),
        categories=list(reading.categories),
        purpose=reading.purpose,
    )
