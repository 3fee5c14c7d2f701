"""Working time and due times: examples in words, and against a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.content import CalendarVersion, Holiday, MakeUpDay, WorkCalendar
from domain.calendar.timetable import (
    AROUND_THE_CLOCK,
    Limit,
    LimitBegins,
    LimitEnds,
    LimitUnit,
    Timetable,
)
from domain.calendar.years import Interval, Pattern, interval_of
from domain.catalogue.content import Label
from tests.domain.minute_walk import MinuteWalk

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE: Pattern = (Interval(8 * 60 + 30, 12 * 60), Interval(13 * 60 + 30, 17 * 60 + 30))
"""Seven and a half hours."""

SPRING = WorkCalendar(
    "office",
    Label("机关", "Offices"),
    (OFFICE,) * 5 + ((), ()),
    holidays=tuple(
        Holiday(date(2026, 2, number), Label("春节", "Spring Festival")) for number in range(15, 24)
    ),
    make_up_days=(MakeUpDay(date(2026, 2, 14), OFFICE), MakeUpDay(date(2026, 2, 28), OFFICE)),
)


def timetable(calendar: WorkCalendar = SPRING, zone: str = "Asia/Shanghai") -> Timetable:
    version = CalendarVersion(3, "Calendars", None, zone, calendar.code, (calendar,))
    found = version.timetable()
    assert found is not None
    return found


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(start: str, limit: Limit) -> str:
    return f"{timetable().due(local(start), limit).astimezone(SHANGHAI):%m-%d %H:%M}"


NEXT, END = LimitBegins.NEXT_DAY, LimitEnds.END_OF_DAY


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # Friday 2026-02-13 is followed by a Saturday that is worked on, then by nine days off.
        ("2026-02-13 16:30", Limit(60, LimitUnit.WORKING_MINUTES), "02-13 17:30"),
        ("2026-02-13 16:30", Limit(61, LimitUnit.WORKING_MINUTES), "02-14 08:31"),
        ("2026-02-14 17:00", Limit(60, LimitUnit.WORKING_MINUTES), "02-24 09:00"),
        ("2026-02-13 16:30", Limit(60, LimitUnit.WORKING_MINUTES, NEXT), "02-14 09:30"),
        ("2026-02-13 16:30", Limit(60, LimitUnit.WALL_MINUTES), "02-13 17:30"),
        ("2026-02-14 17:00", Limit(60, LimitUnit.WALL_MINUTES, ends=END), "02-24 17:30"),
        ("2026-02-14 16:00", Limit(60, LimitUnit.WALL_MINUTES, ends=END), "02-14 17:30"),
        ("2026-02-14 10:00", Limit(1, LimitUnit.WORKING_DAYS), "02-24 10:00"),
        ("2026-02-14 10:00", Limit(1, LimitUnit.WORKING_DAYS, ends=END), "02-14 17:30"),
        ("2026-02-14 10:00", Limit(1, LimitUnit.WORKING_DAYS, NEXT, END), "02-24 17:30"),
        ("2026-02-14 10:00", Limit(1, LimitUnit.WORKING_DAYS, NEXT), "02-25 08:30"),
        ("2026-02-17 10:00", Limit(2, LimitUnit.WORKING_DAYS), "02-26 08:30"),
        ("2026-12-31 20:00", Limit(1, LimitUnit.WORKING_DAYS, ends=END), "01-01 17:30"),
        ("2026-02-14 10:00", Limit(3, LimitUnit.CALENDAR_DAYS), "02-24 10:00"),
        ("2026-02-14 10:00", Limit(10, LimitUnit.CALENDAR_DAYS), "02-24 10:00"),
        ("2026-02-14 20:00", Limit(10, LimitUnit.CALENDAR_DAYS), "02-24 20:00"),
        ("2026-02-14 20:00", Limit(9, LimitUnit.CALENDAR_DAYS), "02-24 17:30"),
        ("2026-02-14 12:30", Limit(9, LimitUnit.CALENDAR_DAYS), "02-24 13:30"),
        ("2026-02-14 07:00", Limit(9, LimitUnit.CALENDAR_DAYS), "02-24 08:30"),
        ("2026-02-20 10:00", Limit(7, LimitUnit.CALENDAR_DAYS, NEXT, END), "02-27 17:30"),
        ("2026-02-21 10:00", Limit(8, LimitUnit.CALENDAR_DAYS, NEXT, END), "03-02 17:30"),
        ("2026-12-31 17:00", Limit(60, LimitUnit.WORKING_MINUTES), "01-01 09:00"),
    ],
)
def test_a_limit_is_over(start: str, limit: Limit, expected: str) -> None:
    assert due(start, limit) == expected


def test_working_time_leaves_out_lunch_nights_and_days_off() -> None:
    first, last = local("2026-02-13 11:00"), local("2026-02-24 14:00:00.000001")
    worked = timedelta(hours=1 + 4 + 7.5 + 3.5 + 0.5, microseconds=1)
    assert timetable().working_time(first, last) == worked
    assert timetable().working_time(last, first) == -worked


def test_working_time_over_years() -> None:
    first, last = local("2024-06-03 00:00"), local("2027-06-07 00:00")
    days = sum(
        SPRING.pattern(date.fromordinal(number)) != ()
        for number in range(date(2024, 6, 3).toordinal(), date(2027, 6, 7).toordinal())
    )
    assert timetable().working_time(first, last) == days * timedelta(hours=7.5)


def test_a_year_that_begins_with_a_night() -> None:
    first, last = local("2025-12-31 17:00"), local("2026-01-01 09:00")
    assert timetable().working_time(first, last) == timedelta(hours=1)
    assert timetable().working_time(local("2026-01-01 00:00"), last) == timedelta(hours=0.5)


def test_office_hours_are_those_of_the_clock_on_a_day_when_it_changes() -> None:
    daily = WorkCalendar("daily", Label("每日", "Daily"), (OFFICE,) * 7)
    berlin = ZoneInfo("Europe/Berlin")
    first, last = (local(f"2026-03-29 {at}", berlin) for at in ("00:00", "12:00"))
    assert timetable(daily, "Europe/Berlin").working_time(first, last) == timedelta(hours=3.5)


def test_who_works_when() -> None:
    table = timetable()
    assert table.pin == "office@3"
    assert [table.is_working(local(f"2026-02-14 {at}")) for at in ("08:29", "08:30", "12:00")] == [
        False,
        True,
        False,
    ]
    assert table.next_working(local("2026-02-14 18:00")) == local("2026-02-24 08:30")
    assert [
        table.next_working(local(f"2026-02-{day} 00:00")).day == day for day in (13, 14, 15, 23, 24)
    ] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_a_calendar_says_of_a_day_what_it_is() -> None:
    assert SPRING.holiday(date(2026, 2, 16)) == SPRING.holidays[1]
    assert SPRING.holiday(date(2026, 2, 14)) is None
    assert [SPRING.is_make_up_day(date(2026, 2, day)) for day in (13, 14, 15)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["08:30-12:00", "00:00-24:00", "13:05-13:06"])
def test_an_interval_is_written_as_it_is_read(text: str) -> None:
    assert str(interval_of(text)) == text


@pytest.mark.parametrize("text", ["8:30-12:00", "08:30", "08:60-12:00", "25:00-26:00", "x"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        interval_of(text)


def test_without_a_calendar_every_minute_counts() -> None:
    start = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    hour, day = Limit(60, LimitUnit.WORKING_MINUTES), Limit(2, LimitUnit.WORKING_DAYS)
    assert AROUND_THE_CLOCK.due(start, hour) == start + timedelta(hours=1)
    assert AROUND_THE_CLOCK.due(start, day) == start + timedelta(days=2)
    assert AROUND_THE_CLOCK.working_time(start, start + timedelta(days=3)) == timedelta(days=3)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/St_Johns", "2006-10-29", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_has_as_many_hours_as_clocks_show(zone: str, day: str, hours: float) -> None:
    around = WorkCalendar("all", Label("全天", "All day"), ((Interval(0, 1440),),) * 7)
    there = ZoneInfo(zone)
    first, last = (local(f"{day} 00:00", there) + timedelta(days=number) for number in (0, 1))
    assert timetable(around, zone).working_time(first, last) == timedelta(hours=hours)


_ZONES = st.sampled_from(
    [
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ]
)
# Around changes of clocks, the missing day of Apia, and ends of years.
_MOMENTS = st.sampled_from(
    [
        datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 10, 24, tzinfo=UTC),
        datetime(2026, 10, 31, tzinfo=UTC),
        datetime(2006, 10, 28, tzinfo=UTC),
        datetime(2006, 4, 1, tzinfo=UTC),
        datetime(2026, 4, 4, tzinfo=UTC),
        datetime(2011, 12, 29, tzinfo=UTC),
        datetime(2025, 12, 30, tzinfo=UTC),
        datetime(2026, 2, 12, tzinfo=UTC),
    ]
)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """None to three intervals; some begin or end at midnight."""
    edge = st.one_of(st.sampled_from([0, 60, 90, 120, 1440]), st.integers(0, 1440))
    edges = sorted(draw(st.sets(edge, min_size=0, max_size=6)))
    return tuple(Interval(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def stories(draw: st.DrawFn) -> tuple[MinuteWalk, Timetable, datetime]:
    """A calendar, by both, and a moment."""
    moment = draw(_MOMENTS)
    working = patterns().filter(bool)
    week = draw(st.tuples(working, patterns(), working, patterns(), working, patterns(), working))
    near = st.integers(0, 9).map(lambda number: moment.date() + timedelta(days=number))
    off = draw(st.sets(near, max_size=3))
    made_up = draw(st.dictionaries(near.filter(lambda day: day not in off), working, max_size=2))
    calendar = WorkCalendar(
        "any",
        Label("任", "Any"),
        week,
        tuple(Holiday(day, Label("休", "Off")) for day in sorted(off)),
        tuple(MakeUpDay(day, made_up[day]) for day in sorted(made_up)),
    )
    zone = draw(_ZONES)
    start = moment + timedelta(minutes=draw(st.integers(0, 4 * 1440)))
    return MinuteWalk(calendar, ZoneInfo(zone)), timetable(calendar, zone), start


@settings(max_examples=60, deadline=None)
@given(stories(), st.integers(0, 5 * 1440))
def test_working_time_is_what_a_walk_counts(
    story: tuple[MinuteWalk, Timetable, datetime], minutes: int
) -> None:
    walk, table, first = story
    last = first + timedelta(minutes=minutes)
    worked = timedelta(minutes=walk.working_minutes(first, last))
    assert table.working_time(first, last) == worked
    assert table.is_working(first) == walk.works(first)
    assert table.next_working(first) == walk.next_working(first)


_AMOUNTS = {
    LimitUnit.WALL_MINUTES: 2880,
    LimitUnit.WORKING_MINUTES: 1000,
    LimitUnit.WORKING_DAYS: 4,
    LimitUnit.CALENDAR_DAYS: 6,
}
_LIMITS = st.sampled_from(LimitUnit).flatmap(
    lambda unit: st.builds(
        Limit,
        st.integers(1, _AMOUNTS[unit]),
        st.just(unit),
        st.sampled_from(LimitBegins),
        st.sampled_from(LimitEnds),
    )
)


@settings(max_examples=120, deadline=None)
@given(stories(), _LIMITS)
def test_a_limit_is_over_when_a_walk_says_so(
    story: tuple[MinuteWalk, Timetable, datetime], limit: Limit
) -> None:
    walk, table, start = story
    assert table.due(start, limit) == walk.due(start, limit)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 100_000),
)
def test_after_so_much_work_so_much_was_worked(start: datetime, minutes: int) -> None:
    over = timetable().after_working_minutes(start, minutes)
    assert timetable().working_time(start, over) == timedelta(minutes=minutes)
    just_before = over - timedelta(microseconds=1)
    assert timetable().working_time(start, just_before) < timedelta(minutes=minutes)
