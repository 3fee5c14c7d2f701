"""What the mutations of the work calendars take."""

import datetime as dt
from collections.abc import Sequence

import strawberry
from strawberry import field

from domain.calendar import content
from domain.calendar.commands import DraftCalendar
from domain.calendar.years import Interval, Pattern, interval_of
from domain.catalogue.content import Label
from schema.case.inputs.base import CommandInput
from schema.configuration.inputs import PublishVersionInput, VersionInput


@strawberry.input(description="A day on which nobody works.")
class HolidayInput:
    """A holiday."""

    date: dt.date = field(description="The day.")
    name_zh: str = field(description="Its name in Chinese.")
    name_en: str = field(description="Its name in English.")

    def value(self) -> content.Holiday:
        """The domain's holiday."""
        return content.Holiday(self.date, Label(self.name_zh, self.name_en))


@strawberry.input(description="A day 调休 on which people work, whatever the week says.")
class MakeUpDayInput:
    """A make-up day."""

    date: dt.date = field(description="The day.")
    hours: list[str] = field(description="When people work, as 08:30-12:00.")

    def value(self) -> content.MakeUpDay:
        """The domain's make-up day."""
        return content.MakeUpDay(self.date, _pattern(self.hours))


@strawberry.input(description="A work calendar 工作日历.")
class WorkCalendarInput:
    """A calendar."""

    code: str = field(description="Its code: 1 to 64 letters, digits and . _ / -")
    label_zh: str = field(description="Its name in Chinese.")
    label_en: str = field(description="Its name in English.")
    week: list[list[str]] = field(
        description="When people work on each of the seven weekdays, Monday first, in local time, "
        "as 08:30-12:00; a day ends at 24:00."
    )
    holidays: list[HolidayInput] = field(
        default_factory=list, description="Days on which nobody works."
    )
    make_up_days: list[MakeUpDayInput] = field(
        default_factory=list, description="Days on which people work all the same."
    )

    def value(self) -> content.WorkCalendar:
        """The domain's calendar."""
        return content.WorkCalendar(
            code=self.code,
            label=Label(self.label_zh, self.label_en),
            week=tuple(_pattern(hours) for hours in self.week),
            holidays=tuple(each.value() for each in self.holidays),
            make_up_days=tuple(each.value() for each in self.make_up_days),
        )


@strawberry.input(description="Write a version of the work calendars down.")
class DraftCalendarInput(CommandInput):
    """draftCalendar."""

    title: str = field(description="What the version is called.")
    default: str = field(description="Code of the calendar that counts where no other is named.")
    calendars: list[WorkCalendarInput] = field(description="All its calendars.")
    pack: str | None = field(default=None, description="The pack it comes from, as name@version.")

    def command(self) -> DraftCalendar:
        """The command."""
        calendars = tuple(each.value() for each in self.calendars)
        return DraftCalendar(
            **self.common(),
            title=self.title,
            default=self.default,
            calendars=calendars,
            pack=self.pack,
        )


@strawberry.input(description="Answer for a draft of the work calendars.")
class ProposeCalendarInput(VersionInput):
    """proposeCalendar."""


@strawberry.input(
    description="Put a version of the work calendars that somebody else proposed in force."
)
class PublishCalendarInput(PublishVersionInput):
    """publishCalendar."""


@strawberry.input(description="End a version of the work calendars.")
class RetireCalendarInput(VersionInput):
    """retireCalendar."""


def _pattern(hours: Sequence[str]) -> Pattern:
    return tuple(_interval(text) for text in hours)


def _interval(text: str) -> Interval:
    """What is no interval goes on as one outside of any day.

    So it is refused by the domain, in its place, and not before it is known who asks.
    """
    try:
        return interval_of(text)
    except ValueError:
        return Interval(-1, -1)
