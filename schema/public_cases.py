"""What anybody may read of cases: those that were released, as they were released."""

from datetime import UTC, date, datetime
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, optional
from projections import public_cases
from projections.paging import page_request
from projections.public_cases import PublicFilter, PublicStage
from schema.configuration.finding import catalogue_version
from schema.context import Context
from schema.info import Info
from schema.languages.language import Language
from schema.paging import After, Before, Connection, First, Last, connection_of

MOST_CODES = 50


@strawberry.type(description="The middle of a cell of the map, in degrees of WGS 84.")
class MapCell:
    """A cell."""

    latitude: float = field(description="Of its middle.")
    longitude: float = field(description="Of its middle.")


@strawberry.type(
    description="A case as the public reads it: what two persons released, and nothing else."
)
class PublicCase:
    """A public case."""

    case_no: str = field(description="The number that people use.")
    title: str = field(description="The case in one line, as it was released.")
    summary: str | None = field(description="What happened and what was done, as released.")
    stage: PublicStage = field(description="Where it stands.")
    type_code: str | None = field(description="Code of its type.")
    type_name: str | None = field(description="Name of its type, in the language of the request.")
    area_code: str | None = field(description="Code of the area it lies in.")
    area_name: str | None = field(description="Name of the area, in the language of the request.")
    cell: MapCell | None = field(
        description="About where it is: the middle of a cell of a hundredth of a degree."
    )
    registered_on: date = field(description="The day it was brought.")
    closed_on: date | None = field(description="The day it was closed; null while it is open.")
    released_on: date = field(description="The day it was released.")
    public_reason: str | None = field(description="Why it was closed, in words for the public.")


@strawberry.input(description="Which public cases; every part that is given must hold.")
class PublicCaseFilter:
    """Which public cases."""

    type_code: list[str] | None = field(default=None, description="One of these types.")
    area: list[str] | None = field(default=None, description="In one of these areas.")
    stage: PublicStage | None = field(default=None, description="At this stage.")

    def value(self) -> PublicFilter:
        """The projection's filter. Raises InvalidInput."""
        return PublicFilter(
            type_codes=_codes(["filter", "typeCode"], self.type_code),
            areas=_codes(["filter", "area"], self.area),
            stage=self.stage,
        )


_Filter = Annotated[PublicCaseFilter | None, argument(name="filter", description="Which of them.")]


@strawberry.type
class PublicCaseQuery:
    """The queries of the public."""

    @field(description="The cases that the public may read, the newest first. Needs no token.")
    async def public_cases(
        self,
        info: Info,
        *,
        criteria: _Filter = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PublicCase]:
        context = info.context
        await context.admit_public_read()
        wanted = PublicFilter() if criteria is None else criteria.value()
        page = page_request(first, after, last, before)
        zone = context.configuration.time_zone
        async with context.reads.acquire() as connection:
            found = await public_cases.list_public_cases(connection, wanted, page, zone)

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await public_cases.count_public_cases(connection, wanted)

        return connection_of(found.map(lambda each: _shown(each, context)), count)

    @field(description="One case that the public may read; null for any other. Needs no token.")
    async def public_case(
        self,
        info: Info,
        case_no: Annotated[str, argument(description="The number that people use.")],
    ) -> PublicCase | None:
        context = info.context
        await context.admit_public_read()
        number = optional(["caseNo"], case_no)
        zone = context.configuration.time_zone
        async with context.reads.acquire() as connection:
            found = await public_cases.public_case(connection, number or "", zone)
        return None if found is None else _shown(found, context)


def _codes(path: list[str], codes: list[str] | None) -> list[str] | None:
    if codes is None:
        return None
    if len(codes) > MOST_CODES:
        raise InvalidInput(path, f"at most {MOST_CODES} codes")
    return [optional(path, code, CODE_LIMIT) or "" for code in codes]


def _shown(case: public_cases.PublicCase, context: Context) -> PublicCase:
    return PublicCase(
        case_no=case.case_no,
        title=case.title,
        summary=case.summary,
        stage=case.stage,
        type_code=case.type_code,
        type_name=_type_name(case.type_code, context),
        area_code=case.area,
        area_name=_area_name(case.area, context),
        cell=None if case.cell is None else MapCell(latitude=case.cell[0], longitude=case.cell[1]),
        registered_on=case.registered_on,
        closed_on=case.closed_on,
        released_on=case.released_on,
        public_reason=case.public_reason,
    )


def _type_name(code: str | None, context: Context) -> str | None:
    version = catalogue_version(context, None, None)
    rules = None if code is None or version is None else version.rules(code)
    return None if rules is None else _named(context, rules.label.zh, rules.label.en)


def _area_name(code: str | None, context: Context) -> str | None:
    directory = context.configuration.directory
    area = None if code is None or directory is None else directory.area_at(code, datetime.now(UTC))
    return None if area is None else _named(context, area.name_zh, area.name_en)


def _named(context: Context, zh: str | None, en: str | None) -> str | None:
    return (zh or en) if context.language is Language.ZH else (en or zh)
