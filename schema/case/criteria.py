"""Which cases, and in which order."""

from collections.abc import Collection
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.case.lifecycle import Stage
from domain.case.regions import Hold, PublicationState, Supervision
from domain.case.vocabulary import Channel
from domain.wording import CODE_LIMIT, NAME_LIMIT, optional
from projections.cases import CaseFilter, CaseOrder, OrderField
from schema.enums import OrderDirection
from schema.period import PeriodInput

SEARCH_LIMIT = 200
"""Characters of a search; each of its words must occur."""


@strawberry.input(name="CaseOrder", description="An order of cases.")
class CaseOrderInput:
    """An order of cases."""

    by: OrderField = field(
        name="field", default=OrderField.REGISTERED_AT, description="What decides."
    )
    direction: OrderDirection = field(
        default=OrderDirection.DESC, description="Upwards or downwards."
    )

    def value(self) -> CaseOrder:
        """The order of the read function."""
        return CaseOrder(self.by, self.direction is OrderDirection.DESC)


@strawberry.input(
    name="CaseFilter",
    description=(
        "Which cases; every part that is given must hold, and of a list one is enough. Imported "
        "histories are left out unless their source or the stage IMPORTED is named."
    ),
)
class CaseFilterInput:
    """Which cases."""

    stage: list[Stage] | None = field(default=None, description="At one of these stages.")
    type: list[str] | None = field(default=None, description="Of one of these case types.")
    unit: list[str] | None = field(default=None, description="Led by one of these units.")
    area: list[str] | None = field(default=None, description="In one of these areas.")
    channel: list[Channel] | None = field(
        default=None, description="Brought through one of these channels."
    )
    period: PeriodInput | None = field(default=None, description="Registered in this period.")
    text: str | None = field(
        default=None,
        description="Each of these words, Chinese or English, occurs in title or description.",
    )
    source: str | None = field(default=None, description="Imported from this log.")
    closed: bool | None = field(default=None, description="Whether it has a time of closing.")
    late: bool | None = field(
        default=None,
        description=(
            "Whether it was closed after it was due, or is open and past due (asOf: it was then)."
        ),
    )
    publication: list[PublicationState] | None = field(
        default=None, description="With one of these answers to whether the public may read it."
    )
    supervision: list[Supervision] | None = field(
        default=None,
        description="Under supervision of one of these levels, or NONE; only cases that the caller "
        "sees from inside.",
    )

    hold: list[Hold] | None = field(
        default=None, description="Of which it is one of these whether they rest."
    )

    def value(self) -> CaseFilter:
        """The filter of the read function. Raises InvalidInput."""
        period = self.period or PeriodInput()
        return CaseFilter(
            stages=self.stage,
            type_codes=codes(self.type, "type"),
            lead_units=codes(self.unit, "unit"),
            areas=codes(self.area, "area"),
            channels=self.channel,
            registered_from=period.since,
            registered_to=period.until,
            text=optional(["filter", "text"], self.text, SEARCH_LIMIT),
            source=optional(["filter", "source"], self.source, NAME_LIMIT),
            closed=self.closed,
            late=self.late,
            publications=self.publication,
            supervisions=self.supervision,
            holds=self.hold,
        )


def codes(given: Collection[str] | None, name: str) -> Collection[str] | None:
    """Codes in a filter, each short and storable."""
    for index, code in enumerate(given or ()):
        optional(["filter", name, str(index)], code, CODE_LIMIT)
    return given


CaseFilterArgument = Annotated[
    CaseFilterInput | None, argument(name="filter", description="Which cases; all by default.")
]
