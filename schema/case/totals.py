"""Counts of cases."""

import re
from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry import argument, field

from domain.case.lifecycle import Stage
from domain.case.regions import PublicationState
from domain.case.vocabulary import Channel
from domain.refusal import InvalidInput
from domain.wording import NAME_LIMIT, optional
from projections import totals as view
from projections.totals import Dimension
from schema.case.criteria import codes
from schema.configuration.case_types import CaseType, type_of
from schema.directory.types import Area, OrgUnit, area_of, unit_of
from schema.info import Info
from schema.scalars import Position

_MONTH: Final = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])", re.ASCII)


@strawberry.input(
    name="CaseTotalsFilter",
    description=(
        "Which cases are counted; every part that is given must hold, and of a list one is "
        "enough. Imported histories are left out unless their source or the stage IMPORTED is "
        "named."
    ),
)
class CaseTotalsFilterInput:
    """Which cases are counted."""

    stage: list[Stage] | None = field(default=None, description="At one of these stages.")
    type: list[str] | None = field(default=None, description="Of one of these case types.")
    unit: list[str] | None = field(default=None, description="Led by one of these units.")
    area: list[str] | None = field(default=None, description="In one of these areas.")
    channel: list[Channel] | None = field(
        default=None, description="Brought through one of these channels."
    )
    month_from: str | None = field(default=None, description="From this month on, as 2026-03.")
    month_to: str | None = field(default=None, description="Up to and with this month.")
    source: str | None = field(default=None, description="Imported from this log.")
    closed: bool | None = field(default=None, description="Whether they have a time of closing.")
    publication: list[PublicationState] | None = field(
        default=None, description="With one of these answers to whether the public may read them."
    )

    def value(self) -> view.TotalsFilter:
        """The filter of the read function. Raises InvalidInput."""
        return view.TotalsFilter(
            stages=self.stage,
            type_codes=codes(self.type, "type"),
            lead_units=codes(self.unit, "unit"),
            areas=codes(self.area, "area"),
            channels=self.channel,
            month_from=_month(self.month_from, "monthFrom"),
            month_to=_month(self.month_to, "monthTo"),
            source=optional(["filter", "source"], self.source, NAME_LIMIT),
            closed=self.closed,
            publications=self.publication,
        )


@strawberry.type(
    description=(
        "How many cases share these values. A dimension that was not asked for is null, as is one "
        "in which the cases have no value."
    )
)
class CaseTotal:
    """One cell."""

    stage: Stage | None = field(description="Where they stand.")
    type: CaseType | None = field(description="What sort of case they are.")
    unit: OrgUnit | None = field(description="Which unit leads them.")
    channel: Channel | None = field(description="How they reached the service.")
    area: Area | None = field(description="Where they are.")
    month: str | None = field(description="The month they were registered in, as 2026-03.")
    cases: int = field(description="How many they are.")


@strawberry.type(description="Counts of cases. They follow the journal at a short distance.")
class CaseTotals:
    """Counts of cases."""

    position: Position = field(description="The position up to which events are counted.")
    cells: list[CaseTotal] = field(description="One for each combination that occurs, in order.")


By = Annotated[list[Dimension], argument(description="What to count by; none: all together.")]
Filter = Annotated[
    CaseTotalsFilterInput | None,
    argument(name="filter", description="Which cases; all by default."),
]


@strawberry.type
class CaseTotalsQuery:
    """The query of the totals."""

    @field(description="How many cases there are, for those who may see every case.")
    async def case_totals(self, info: Info, by: By, criteria: Filter = None) -> CaseTotals:
        dimensions = _dimensions(by)
        wanted = criteria.value() if criteria else None
        async with info.context.reads.acquire() as connection:
            found = await view.totals(connection, info.context.scope, dimensions, wanted)
        return CaseTotals(
            position=Position(found.position),
            cells=[_cell(dimensions, total) for total in found.cells],
        )


def _dimensions(by: list[Dimension]) -> list[Dimension]:
    if len(set(by)) < len(by):
        raise InvalidInput(["by"], "by names a dimension twice")
    return by


def _cell(dimensions: list[Dimension], total: view.Total) -> CaseTotal:
    keys = dict(zip(dimensions, total.keys, strict=True))
    stage, channel = keys.get(Dimension.STAGE), keys.get(Dimension.CHANNEL)
    return CaseTotal(
        stage=Stage(stage) if stage else None,
        type=type_of(keys.get(Dimension.TYPE)),
        unit=unit_of(keys.get(Dimension.UNIT)),
        channel=Channel(channel) if channel else None,
        area=area_of(keys.get(Dimension.AREA)),
        month=keys.get(Dimension.MONTH),
        cases=total.cases,
    )


def _month(given: str | None, name: str) -> date | None:
    if given is None:
        return None
    match = _MONTH.fullmatch(given)
    if match is None:
        raise InvalidInput(["filter", name], f"{name} is a month like 2026-03")
    return date(int(match[1]), int(match[2]), 1)
