"""Periods as people write them: 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-01/2026-04-01."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FORMS: Final = "2026, 2026-Q1, 2026-03, 2026-W10 or 2026-03-01/2026-04-01"

_YEAR: Final = re.compile(r"([1-9]\d{3})")
_QUARTER: Final = re.compile(r"([1-9]\d{3})-Q([1-4])")
_MONTH: Final = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")
_WEEK: Final = re.compile(r"([1-9]\d{3})-W(\d{2})")
_DAYS: Final = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")

_WEEKS: Final = timedelta(days=40)
_MONTHS: Final = timedelta(days=200)


class NotAPeriod(ValueError):
    """It is written in none of the FORMS, or there is no such day."""


@dataclass(frozen=True)
class ReportPeriod:
    """first <= day < after. every: how a course over it is told: DAY, WEEK or MONTH."""

    first: date
    after: date

    @property
    def every(self) -> str:
        """How a course over it is told, so that it has some dozen points."""
        length = self.after - self.first
        if length <= _WEEKS:
            return "DAY" if length <= timedelta(days=14) else "WEEK"
        return "WEEK" if length <= _MONTHS else "MONTH"

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after - timedelta(days=1)

    def instants(self, time_zone: str) -> tuple[datetime, datetime]:
        """When it begins and is over, by the clocks of a time zone."""
        zone = ZoneInfo(time_zone)
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.after, time(), zone),
        )


def period_of(text: str) -> ReportPeriod:
    """The period that is written so. Raises NotAPeriod."""
    try:
        period = _period(text.strip())
    except (ValueError, OverflowError):
        raise NotAPeriod(text) from None
    if period is None or period.first >= period.after:
        raise NotAPeriod(text)
    return period


def _period(text: str) -> ReportPeriod | None:
    if found := _YEAR.fullmatch(text):
        return _months(int(found[1]), 1, 12)
    if found := _QUARTER.fullmatch(text):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return ReportPeriod(monday, monday + timedelta(days=7))
    if found := _DAYS.fullmatch(text):
        return ReportPeriod(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    return None


def _months(year: int, month: int, count: int) -> ReportPeriod:
    after = year * 12 + month - 1 + count
    return ReportPeriod(date(year, month, 1), date(after // 12, after % 12 + 1, 1))
