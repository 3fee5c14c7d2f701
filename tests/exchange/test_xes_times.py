"""Times as logs write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.exchange.xes_times import NaiveTime, is_time, parse_time


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2011-10-01T00:38:44.546+02:00", datetime(2011, 9, 30, 22, 38, 44, 546000, UTC)),
        ("2011-10-01T00:38:44.546Z", datetime(2011, 10, 1, 0, 38, 44, 546000, UTC)),
        ("2011-10-01t00:38:44z", datetime(2011, 10, 1, 0, 38, 44, 0, UTC)),
        ("2011-10-01 00:38-0530", datetime(2011, 10, 1, 6, 8, 0, 0, UTC)),
        (" 2011-10-01T00:38:44,1234567+08 ", datetime(2011, 9, 30, 16, 38, 44, 123456, UTC)),
        ("1969-12-31T21:00:00.000Z", datetime(1969, 12, 31, 21, 0, 0, 0, UTC)),
    ],
)
def test_a_time_with_a_zone_is_an_instant(written: str, meant: datetime) -> None:
    assert parse_time(written) == meant
    assert parse_time(written).tzinfo is UTC


@pytest.mark.parametrize("written", ["2024-07-01T08:00:00", "2024-07-01"])
def test_a_time_without_a_zone_needs_one(written: str) -> None:
    with pytest.raises(NaiveTime):
        parse_time(written)

    in_shanghai = parse_time(written, ZoneInfo("Asia/Shanghai"))

    assert in_shanghai.astimezone(ZoneInfo("Asia/Shanghai")).isoformat().startswith(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "now",
        "2024",
        "20240701T080000Z",
        "2024-W27-1T08:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-07-01T24:00:00Z",
        "2024-07-01T08:00:60Z",
        "2024-07-01T08:00:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "12024-07-01T08:00:00Z",
        "２０２４-07-01T08:00:00Z",
        "2024-07-01T08:00:00Z\n<",
    ],
)
def test_what_is_no_time_is_refused(written: str) -> None:
    assert not is_time(written)
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of the time is wrong
        parse_time(written)
