"""The shape of a pack's files. Names that are not here are refused, not passed over."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import msgspec

from domain.calendar.content import Holiday, MakeUpDay, WorkCalendar
from domain.calendar.years import HOURS, Pattern, interval_of
from domain.catalogue.content import (
    CaseType,
    Choice,
    EvidenceKind,
    Field,
    FieldKind,
    Label,
    PublicationDefault,
    Window,
    WindowSetting,
)
from domain.routing_policy.content import RoutingRule
from domain.vocabulary import Channel, Urgency

Hours = Annotated[str, msgspec.Meta(pattern=HOURS)]
"""As "08:30-12:00"; a day ends at 24:00."""


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """What every table is."""


class PackFile(Shape):
    """pack.toml. languages: those that every label has."""

    name: str
    version: str
    title: str
    languages: list[str]


class ChoiceTable(Shape):
    """[[type.field.choice]]."""

    code: str
    zh: str
    en: str

    def value(self) -> Choice:
        """The domain's choice."""
        return Choice(self.code, Label(self.zh, self.en))


class FieldTable(Shape):
    """[[type.field]]."""

    name: str
    kind: FieldKind
    zh: str
    en: str
    required: bool = False
    choice: list[ChoiceTable] = []
    minimum: float | None = None
    maximum: float | None = None
    most_characters: int | None = None

    def value(self) -> Field:
        """The domain's field."""
        return Field(
            name=self.name,
            label=Label(self.zh, self.en),
            kind=self.kind,
            required=self.required,
            choices=tuple(choice.value() for choice in self.choice),
            minimum=self.minimum,
            maximum=self.maximum,
            most_characters=self.most_characters,
        )


WindowsTable = msgspec.defstruct(
    "WindowsTable",
    [(window.value.lower(), int | None, None) for window in Window],
    forbid_unknown_fields=True,
)
"""windows = { feedback_days = 2 }: each window of the domain by its name in small letters."""


class TypeTable(Shape):
    """[[type]]. parent: where it is not the code up to its last dot."""

    code: str
    zh: str
    en: str
    parent: str | None = None
    field: list[FieldTable] = []
    evidence: list[EvidenceKind] | None = None
    reopening_days: int | None = None
    independent_check: bool | None = None
    publication: PublicationDefault | None = None
    urgency: Urgency | None = None
    simple: bool | None = None
    qualifications: list[str] | None = None
    windows: WindowsTable | None = None  # type: ignore[valid-type] # made of the domain's enum

    def value(self) -> CaseType:
        """The domain's type."""
        return CaseType(
            code=self.code,
            label=Label(self.zh, self.en),
            parent=self.parent or self.code.rpartition(".")[0] or None,
            fields=tuple(field.value() for field in self.field),
            evidence=None if self.evidence is None else tuple(self.evidence),
            reopening_days=self.reopening_days,
            independent_check=self.independent_check,
            publication=self.publication,
            urgency=self.urgency,
            windows=tuple(self._windows()),
            simple=self.simple,
            qualifications=None if self.qualifications is None else tuple(self.qualifications),
        )

    def _windows(self) -> Iterator[WindowSetting]:
        for window in Window:
            amount: int | None = getattr(self.windows, window.value.lower(), None)
            if amount is not None:
                yield WindowSetting(window, amount)


class TypesFile(Shape):
    """types*.toml, taken in the order of their names."""

    type: list[TypeTable]


class HolidayTable(Shape):
    """[[calendar.holiday]]. last: of several days; the first by default."""

    first: date
    zh: str
    en: str
    last: date | None = None

    def values(self) -> Iterator[Holiday]:
        """The domain's holidays, one for each day."""
        last = self.last or self.first
        for number in range(self.first.toordinal(), last.toordinal() + 1):
            yield Holiday(date.fromordinal(number), Label(self.zh, self.en))


class MakeUpTable(Shape):
    """[[calendar.make_up]]. hours: those of a Monday by default."""

    date: date
    hours: list[Hours] | None = None


class CalendarTable(Shape):
    """[[calendar]]. A weekday that is not there is off."""

    code: str
    zh: str
    en: str
    monday: list[Hours] = []
    tuesday: list[Hours] = []
    wednesday: list[Hours] = []
    thursday: list[Hours] = []
    friday: list[Hours] = []
    saturday: list[Hours] = []
    sunday: list[Hours] = []
    holiday: list[HolidayTable] = []
    make_up: list[MakeUpTable] = []

    def value(self) -> WorkCalendar:
        """The domain's calendar."""
        week = (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )
        return WorkCalendar(
            code=self.code,
            label=Label(self.zh, self.en),
            week=tuple(_pattern(day) for day in week),
            holidays=tuple(each for table in self.holiday for each in table.values()),
            make_up_days=tuple(
                MakeUpDay(each.date, _pattern(self.monday if each.hours is None else each.hours))
                for each in self.make_up
            ),
        )


class CalendarsFile(Shape):
    """calendars.toml."""

    default: str
    calendar: list[CalendarTable]


def _pattern(hours: Sequence[str]) -> Pattern:
    return tuple(interval_of(each) for each in hours)


class RuleTable(Shape):
    """[[rule]]."""

    id: str
    priority: int
    lead_unit: str
    co_units: list[str] = []
    types: list[str] = []
    areas: list[str] = []
    channels: list[Channel] = []
    urgencies: list[Urgency] = []
    words: list[str] = []

    def value(self) -> RoutingRule:
        """The domain's rule."""
        return RoutingRule(
            id=self.id,
            priority=self.priority,
            lead_unit=self.lead_unit,
            co_units=tuple(self.co_units),
            types=tuple(self.types),
            areas=tuple(self.areas),
            channels=tuple(self.channels),
            urgencies=tuple(self.urgencies),
            words=tuple(self.words),
        )


class RoutingFile(Shape):
    """routing.toml."""

    fallback_unit: str
    rule: list[RuleTable] = []
