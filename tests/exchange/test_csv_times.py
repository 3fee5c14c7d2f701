"""Local times become instants by the rules of their zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.csv_times import NeverWas, NotATime, instant, reader_of

NEW_YORK = ZoneInfo("America/New_York")
FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%z", "%m/%d/%Y %I:%M %p"]
read = reader_of(FORMATS)


def taken(text: str, *, later: bool = False, lenient: bool = False) -> str:
    found = instant(read(text), NEW_YORK, later=later, lenient=lenient)
    return found.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-01 00:00:00", "2022-01-01 05:00:00"),
        ("2022-07-01T00:00:00", "2022-07-01 04:00:00"),
        ("2022-07-01 00:00:00+02:00", "2022-06-30 22:00:00"),
        ("07/04/2022 02:30 PM", "2022-07-04 18:30:00"),
        ("2022-03-13 01:59:59", "2022-03-13 06:59:59"),
        ("2022-03-13 03:00:00", "2022-03-13 07:00:00"),
        ("2022-11-06 01:00:00", "2022-11-06 05:00:00"),
        ("2022-11-06 01:59:59", "2022-11-06 05:59:59"),
        ("2022-11-06 02:00:00", "2022-11-06 07:00:00"),
    ],
)
def test_a_local_time_is_an_instant(text: str, expected: str) -> None:
    assert taken(text) == expected


def test_an_hour_that_comes_twice_is_the_earlier_unless_told() -> None:
    assert taken("2022-11-06 01:30:00") == "2022-11-06 05:30:00"
    assert taken("2022-11-06 01:30:00", later=True) == "2022-11-06 06:30:00"
    assert taken("2022-11-05 01:30:00", later=True) == "2022-11-05 05:30:00"


@pytest.mark.parametrize("text", ["2022-03-13 02:00:00", "2022-03-13 02:59:59"])
@pytest.mark.parametrize("later", [True, False])
def test_an_hour_that_never_was_is_refused_unless_told(text: str, later: bool) -> None:
    with pytest.raises(NeverWas):
        taken(text, later=later)
    assert taken(text, later=later, lenient=True) == text.replace("13 02", "13 07")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2022-02-29 00:00:00",
        "2022-01-01 24:00:00",
        "2022-01-01",
        "2022-1-1 0:0:0",
        "2022-01-01 00:00:00.5",
        "２０２２-01-01 00:00:00",
        "20220101T000000",
        "13/01/2022 02:30 PM",
    ],
)
def test_what_is_in_no_format_is_no_time(text: str) -> None:
    with pytest.raises(NotATime):
        read(text)


@pytest.mark.parametrize("text", ["0001-01-01 00:00:00+23:00", "9999-12-31 23:59:59"])
def test_what_leaves_the_calendar_is_no_time(text: str) -> None:
    with pytest.raises(NotATime):
        instant(read(text), NEW_YORK, later=False, lenient=False)


ZONES = st.sampled_from(["America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Gaza"])


@given(st.integers(0, 60 * 366 * 24), ZONES)
def test_every_instant_of_a_year_is_found_again(minutes: int, name: str) -> None:
    zone = ZoneInfo(name)
    moment = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = moment.astimezone(zone)

    found = instant(local.replace(tzinfo=None), zone, later=bool(local.fold), lenient=False)

    assert found == moment
