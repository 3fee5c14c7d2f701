"""Reading the directory: units, areas, positions and people, at a moment."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import strawberry
from strawberry import argument, field

from domain.directory import vocabulary
from domain.directory.vocabulary import AreaKind, Content, UnitKind
from domain.identity import Role
from domain.wording import optional
from projections.directory import Entry, EntryFilter
from projections.paging import Page, PageRequest, page_request
from schema.as_of import AsOfArgument, AsOfInput, as_of_value
from schema.context import Context
from schema.directory.grants import (
    Delegation,
    Qualification,
    delegations_of,
    qualifications_of,
)
from schema.directory.reading import Reading, reading
from schema.directory.types import (
    Appointment,
    Area,
    OrgPosition,
    OrgUnit,
    appointments_of,
    areas_of,
    positions_of,
    units_of,
)
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of

C = TypeVar("C", bound=Content)
Made = TypeVar("Made")

Code = Annotated[str, argument(description="Its code.")]
HeldPosition = Annotated[str, argument(description="The code of the position.")]
OfUnit = Annotated[str | None, argument(description="Only those of the unit with this code.")]
Above = Annotated[
    str | None, argument(description="Only those directly below the one with this code.")
]
UnitKinds = Annotated[
    list[UnitKind] | None, argument(description="Only those of one of these kinds.")
]
AreaKinds = Annotated[
    list[AreaKind] | None, argument(description="Only those of one of these kinds.")
]
WithRole = Annotated[Role | None, argument(description="Only those that give this role.")]
OfPosition = Annotated[
    str | None, argument(description="Only those of the position with this code.")
]
OfAppointment = Annotated[
    str | None, argument(description="Only those of the appointment with this code.")
]
OfPerson = Annotated[str | None, argument(description="Only those of this person.")]
ToPerson = Annotated[str | None, argument(description="Only those to this person.")]
OfCode = Annotated[str | None, argument(description="Only those for this qualification.")]
EveryTime = Annotated[
    bool,
    argument(description="Past and planned ones too, not only those of the moment asked for."),
]


@strawberry.type
class DirectoryQuery:
    """The queries of the directory: it is for the staff, and empty for anybody else."""

    @field(description="The unit with this code, at a moment.")
    async def org_unit(self, info: Info, code: Code, as_of: AsOfArgument = None) -> OrgUnit | None:
        wanted = EntryFilter(codes=[looked_for("code", code)])
        return await _first(info.context, vocabulary.Unit, wanted, as_of, units_of)

    @field(description="The units that there are at a moment, by code.")
    async def org_units(
        self,
        info: Info,
        *,
        parent: Above = None,
        kinds: UnitKinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[OrgUnit]:
        wanted = EntryFilter(parents=one_of("parent", parent), kinds=kinds)
        page = page_request(first, after, last, before)
        return await _page(info.context, vocabulary.Unit, wanted, page, as_of, units_of)

    @field(description="The area with this code, at a moment.")
    async def area(self, info: Info, code: Code, as_of: AsOfArgument = None) -> Area | None:
        wanted = EntryFilter(codes=[looked_for("code", code)])
        return await _first(info.context, vocabulary.Area, wanted, as_of, areas_of)

    @field(description="The areas that there are at a moment, by code.")
    async def areas(
        self,
        info: Info,
        *,
        parent: Above = None,
        kinds: AreaKinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[Area]:
        wanted = EntryFilter(parents=one_of("parent", parent), kinds=kinds)
        page = page_request(first, after, last, before)
        return await _page(info.context, vocabulary.Area, wanted, page, as_of, areas_of)

    @field(description="The position with this code, at a moment.")
    async def position(
        self, info: Info, code: Code, as_of: AsOfArgument = None
    ) -> OrgPosition | None:
        wanted = EntryFilter(codes=[looked_for("code", code)])
        return await _first(info.context, vocabulary.Position, wanted, as_of, positions_of)

    @field(description="The positions that there are at a moment, by code.")
    async def positions(
        self,
        info: Info,
        *,
        unit: OfUnit = None,
        role: WithRole = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[OrgPosition]:
        wanted = EntryFilter(units=one_of("unit", unit), role=role)
        page = page_request(first, after, last, before)
        return await _page(info.context, vocabulary.Position, wanted, page, as_of, positions_of)

    @field(
        description=(
            "By which appointment a position is held at a moment: of several the longest-serving. "
            "With asOf: who held it then, as known now or as known then."
        )
    )
    async def holder_of(
        self, info: Info, position: HeldPosition, as_of: AsOfArgument = None
    ) -> Appointment | None:
        wanted = EntryFilter(positions=[looked_for("position", position)])
        return await _first(info.context, vocabulary.Appointment, wanted, as_of, appointments_of)

    @field(description="The appointments of a moment or of any time, in the order they begin.")
    async def appointments(
        self,
        info: Info,
        *,
        position: OfPosition = None,
        person: OfPerson = None,
        every_time: EveryTime = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[Appointment]:
        wanted = EntryFilter(
            positions=one_of("position", position),
            person=looked_for("person", person),
            every_time=every_time,
        )
        page = page_request(first, after, last, before)
        return await _page(
            info.context, vocabulary.Appointment, wanted, page, as_of, appointments_of
        )

    @field(description="The delegations of a moment or of any time, in the order they begin.")
    async def delegations(
        self,
        info: Info,
        *,
        appointment: OfAppointment = None,
        position: OfPosition = None,
        delegate: ToPerson = None,
        every_time: EveryTime = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[Delegation]:
        wanted = EntryFilter(
            appointments=one_of("appointment", appointment),
            positions=one_of("position", position),
            person=looked_for("delegate", delegate),
            every_time=every_time,
        )
        page = page_request(first, after, last, before)
        return await _page(info.context, vocabulary.Delegation, wanted, page, as_of, delegations_of)

    @field(description="The qualifications of a moment or of any time, by code.")
    async def qualifications(
        self,
        info: Info,
        *,
        qualification: OfCode = None,
        person: OfPerson = None,
        every_time: EveryTime = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        as_of: AsOfArgument = None,
    ) -> Connection[Qualification]:
        wanted = EntryFilter(
            qualification=looked_for("qualification", qualification),
            person=looked_for("person", person),
            every_time=every_time,
        )
        page = page_request(first, after, last, before)
        return await _page(
            info.context, vocabulary.Qualification, wanted, page, as_of, qualifications_of
        )


Text = TypeVar("Text", str, str | None)


def looked_for(name: str, text: Text) -> Text:
    """What is looked for, as it is. Raises InvalidInput where the database could not hold it."""
    optional([name], text)
    return text


def one_of(name: str, code: str | None) -> list[str] | None:
    """The one code that is looked for, if any is."""
    return None if code is None else [looked_for(name, code)]


async def _first(
    context: Context,
    kind: type[C],
    wanted: EntryFilter,
    as_of: AsOfInput | None,
    make: Callable[[Reading, Sequence[Entry[C]]], Sequence[Made]],
) -> Made | None:
    read = await reading(context, as_of_value(as_of))
    return next(iter(make(read, (await read.all(kind, wanted))[:1])), None)


async def _page(  # noqa: PLR0917 - what for, which page, when, as what: read in that order
    context: Context,
    kind: type[C],
    wanted: EntryFilter,
    page: PageRequest,
    as_of: AsOfInput | None,
    make: Callable[[Reading, Sequence[Entry[C]]], Sequence[Made]],
) -> Connection[Made]:
    read = await reading(context, as_of_value(as_of))
    found = await read.page(kind, wanted, page)
    made = Page(make(read, found.rows), found.cursors, found.has_next, found.has_previous)
    return connection_of(made, lambda: read.count(kind, wanted))
