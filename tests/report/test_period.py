"""Periods as people write them."""

from datetime import date

import pytest

from app.report.period import NotAPeriod, period_of


@pytest.mark.parametrize(
    ("text", "first", "last", "every"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "MONTH"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "WEEK"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "WEEK"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "WEEK"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "WEEK"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4), "DAY"),
        (" 2026-03-01/2026-03-15 ", date(2026, 3, 1), date(2026, 3, 14), "DAY"),
    ],
)
def test_a_period_has_its_days(text: str, first: date, last: date, every: str) -> None:
    period = period_of(text)
    assert (period.first, period.last, period.every) == (first, last, every)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-Q5",
        "2026-13",
        "2026-W54",
        "2026-03-15/2026-03-15",
        "2026-03-15/2026-03-01",
        "2026-02-30/2026-03-01",
        "0000",
        "9999",
        "last month",
    ],
)
def test_what_is_none_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAPeriod):
        period_of(text)


def test_it_begins_when_the_day_begins_there() -> None:
    since, until = period_of("2026-03-29/2026-03-30").instants("Europe/Berlin")
    assert (since.isoformat(), until.isoformat()) == (
        "2026-03-29T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",
    )
