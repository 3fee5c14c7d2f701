"""Windows: how long somebody may wait, ask or answer (DOMAIN.md section 7, the default pack).

A type of case may set its own in the catalogue (`domain.catalogue.content.Window`). Whoever stores
a due time stores with it the version of the calendar that it was computed by (`pinned_calendar`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.calendar.timetable import Limit, LimitBegins, LimitEnds, LimitUnit, Timetable
from domain.case.guards import rules_of
from domain.case.state import Case
from domain.command import Circumstances


@dataclass(frozen=True)
class Windows:
    """Lengths in working minutes and working days of the calendar in force, if not said otherwise.

    return_minutes: from dispatch in which the lead unit may ask to give the case back.
    most_returns: upheld or not, before only arbitration is left.
    co_reply_days: after which the silence of a helping unit counts as consent.
    feedback_days: after verification in which the reporter is reached, or the feedback lapses.
    most_visits: in vain, after which it lapses too.
    appeal_days: calendar days after a rejection or closing in which the reporter may appeal.
    retention_days: calendar days after closing before a case may be archived; never less than the
        reporter has for an appeal or to have it reopened.
    """

    return_minutes: int = 240
    most_returns: int = 2
    co_reply_days: int = 2
    feedback_days: int = 1
    most_visits: int = 3
    appeal_days: int = 15
    retention_days: int = 15


DEFAULT: Final = Windows()


def windows_of(case: Case, by: Circumstances) -> Windows:
    """The windows of a case: of its type, in the catalogue that it was registered under."""
    rules = rules_of(case, by)
    if rules is None or not rules.windows:
        return DEFAULT
    return replace(
        DEFAULT, **{setting.window.value.lower(): setting.amount for setting in rules.windows}
    )


def minutes_after(by: Circumstances, start: datetime, minutes: int) -> datetime:
    """The instant that many working minutes after another one."""
    table = _timetable(by)
    if table is None:
        return start + timedelta(minutes=minutes)
    return table.after_working_minutes(start, minutes)


def days_after(by: Circumstances, start: datetime, days: int) -> datetime:
    """The end of the last of that many working days, counted from the day after `start` 次日起.

    Without a calendar: that many days later.
    """
    table = _timetable(by)
    if table is None:
        return start + timedelta(days=days)
    return table.due(start, whole_days(days))


def whole_days(days: int) -> Limit:
    """That many working days after the day itself, to the end of the last of them."""
    return Limit(days, LimitUnit.WORKING_DAYS, LimitBegins.NEXT_DAY, LimitEnds.END_OF_DAY)


def working_days_later(by: Circumstances, start: datetime, days: int) -> datetime:
    """The same time of day that many working days later. Without a calendar: days later."""
    table = _timetable(by)
    if table is None:
        return start + timedelta(days=days)
    limit = Limit(days, LimitUnit.WORKING_DAYS, LimitBegins.INSTANT, LimitEnds.INSTANT)
    return table.due(start, limit)


def pinned_calendar(by: Circumstances) -> str | None:
    """code@version of the calendar that `minutes_after` and `days_after` use; None: there is none.

    It goes into the event beside the due time.
    """
    table = _timetable(by)
    return None if table is None else table.pin


def _timetable(by: Circumstances) -> Timetable | None:
    """Of the default calendar in force when it happened."""
    version = None if by.calendar is None else by.calendar.in_force(by.at)
    return None if version is None else version.timetable()
