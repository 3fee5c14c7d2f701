from datetime import UTC, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError

from schema.scalars import (
    format_datetime,
    parse_datetime,
    parse_hash,
    parse_position,
    parse_uuid,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T08:30:00Z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01t08:30:00z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00+08:00", datetime(2026, 3, 1, 0, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00.5-00:30", datetime(2026, 3, 1, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T08:30:00.123456Z", datetime(2026, 3, 1, 8, 30, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_a_date_time_is_rfc_3339(text: str, moment: datetime) -> None:
    assert parse_datetime(text) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T08:30:00",
        "2026-03-01 08:30:00Z",
        "2026-03-01",
        "20260301T083000Z",
        "2026-03-01T08:30Z",
        "2026-03-01T08:30:00+0800",
        "2026-03-01T08:30:00,5Z",
        "2026-03-01T08:30:00.1234567Z",
        "2026-02-30T08:30:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T08:30:60Z",
        "2026-03-01T08:30:00+24:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "２０２６-03-01T08:30:00Z",
        "2026-03-01T08:30:00Z\n",
        "",
        1_772_353_800,
        None,
        True,
        ["2026-03-01T08:30:00Z"],
    ],
)
def test_anything_else_is_no_date_time(value: object) -> None:
    with pytest.raises(GraphQLError):
        parse_datetime(value)


def test_a_date_time_is_answered_in_utc() -> None:
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    assert format_datetime(moment) == "2026-03-01T00:30:00Z"
    assert format_datetime(moment.replace(microsecond=500_000)) == "2026-03-01T00:30:00.500000Z"


def test_a_time_without_offset_is_never_answered() -> None:
    with pytest.raises(GraphQLError):
        format_datetime(datetime(2026, 3, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(("value", "position"), [("0", 0), ("1042", 1042), (7, 7)])
def test_a_position_is_digits_or_a_number(value: object, position: int) -> None:
    assert parse_position(value) == position


def test_the_largest_position_has_64_bits() -> None:
    assert parse_position(str(2**63 - 1)) == 2**63 - 1


@pytest.mark.parametrize(
    "value", ["-1", "01", "1.0", "1e3", " 1", "", "९", str(2**63), "9" * 40, -1, 1.0, True, None]
)
def test_anything_else_is_no_position(value: object) -> None:
    with pytest.raises(GraphQLError):
        parse_position(value)


def test_a_uuid_has_its_usual_form_in_either_case() -> None:
    text = "01890A5D-ac96-774b-bcce-b302099a8057"
    assert str(parse_uuid(text)) == text.lower()


@pytest.mark.parametrize(
    "value", ["01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}", "", 1]
)
def test_anything_else_is_no_uuid(value: object) -> None:
    with pytest.raises(GraphQLError):
        parse_uuid(value)


def test_a_hash_has_64_lower_case_digits() -> None:
    assert parse_hash("ab" * 32) == b"\xab" * 32
    for wrong in ("ab" * 31, "AB" * 32, "zz" * 32, b"ab" * 32):
        with pytest.raises(GraphQLError):
            parse_hash(wrong)
