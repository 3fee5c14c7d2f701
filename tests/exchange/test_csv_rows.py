"""A row becomes the command that brings its case in, or is refused with line and column."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.exchange.csv_reader import CsvRow
from app.exchange.csv_refusals import RowRefused
from app.exchange.csv_rows import RowOfCase, RowReader
from app.exchange.csv_shapes import Mapping
from app.exchange.refusals import FileRefused
from domain.case.imported import Activity, imported_stream
from domain.case.vocabulary import Attribute, Channel, Point, Precision, Record
from domain.refusal import AttributesChanged, BeginningChanged, HistoryShorter, RecordChanged

RUN = UUID(int=7)
HEADER = ["No", "Opened", "seen", "Closed", "due", "dst", "what", "where", "via", "lat", "lon", "open", "who", "more"]  # fmt: skip  # noqa: E501
CELLS = ["7", "2022-06-01 08:00", "", "", "", "", "noise", "north", "Phone", "", "", "yes", "", ""]
LATER = {"column": "dst", "values": ["EST"]}
MAPPING: dict[str, Any] = {
    "name": "mine",
    "times": {"zone": "America/New_York", "formats": ["%Y-%m-%d %H:%M"]},
    "case": {"id": "no", "title": ["more", "what"], "attributes": ["more", "dst"]},
    "activity": [
        {"name": "opened", "column": ["begun", "opened"], "later": LATER},
        {"name": "seen", "column": "seen", "resource": "who", "unit": "where"},
        {"name": "closed", "column": "closed", "closes": True, "attributes": ["more"]},
    ],
    "due": {"column": "due", "nonexistent": "forward"},
    "type": {"column": "what", "values": {"noise": "env.noise"}},
    "area": {"column": "where"},
    "channel": {"column": "via", "values": {"Phone": "HOTLINE"}},
    "point": {"latitude": "lat", "longitude": "lon", "precision": "STREET"},
    "public": {"column": "open", "values": ["yes"]},
}  # fmt: skip


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 6, 1, hour, minute, tzinfo=UTC)


def reader(header: Sequence[str] = HEADER, **changed: Any) -> RowReader:
    mapping = msgspec.convert({**MAPPING, **changed}, Mapping)
    return RowReader(mapping, header, "here", RUN)


def row(**said: str) -> CsvRow:
    cells = list(CELLS)
    for name, value in said.items():
        cells[[each.casefold() for each in HEADER].index(name)] = value
    return CsvRow(3, cells)


def read(_reader: RowReader | None = None, /, **said: str) -> RowOfCase:
    return (_reader or reader()).read(row(**said))


def refused(_reader: RowReader | None = None, /, **said: str) -> tuple[str, str]:
    with pytest.raises(RowRefused) as caught:
        read(_reader, **said)
    assert caught.value.line == 3
    assert caught.value.message.startswith("Line 3")
    return caught.value.code, caught.value.column


def test_a_row_says_what_the_mapping_makes_of_it() -> None:
    found = read(
        seen="2022-06-01 09:30",
        closed="2022-06-01 10:00",
        due="2022-06-02 08:00",
        lat="42.5",
        lon="-71",
        who=" Ann ",
        more="at night",
    )

    command = found.command
    assert command.case_id == imported_stream("here", "7")
    assert command.correlation_id == RUN
    assert command.attributes == (Attribute("more", "string", "at night"),)
    assert command.activities == (
        Activity("opened", at(12)),
        Activity("seen", at(13, 30), resource="Ann", unit="north"),
        Activity("closed", at(14), attributes=command.attributes, closes=True),
    )
    assert command.record == Record(
        channel=Channel.HOTLINE,
        type_code="env.noise",
        area="north",
        title="at night",
        point=Point(42.5, -71.0, Precision.STREET),
        due_at=datetime(2022, 6, 2, 12, tzinfo=UTC),
        public=True,
    )


def test_what_is_empty_is_not_said() -> None:
    found = read(what=" ", where="", open="no", more=" ")

    assert found.command.attributes == ()
    assert found.command.activities == (Activity("opened", at(12)),)
    assert found.command.record == Record(channel=Channel.HOTLINE)


def test_a_mapping_of_times_alone_is_enough() -> None:
    bare = {name: MAPPING[name] for name in ("name", "times")}
    mapping = msgspec.convert(
        {**bare, "case": {"id": "no"}, "activity": [{"name": "opened", "column": "opened"}]},
        Mapping,
    )

    command = RowReader(mapping, HEADER, "here", RUN).read(row()).command

    assert command.activities == (Activity("opened", at(12)),)
    assert command.record == Record()


def test_a_column_says_which_of_two_hours_is_meant() -> None:
    twice = "2022-11-06 01:30"
    [first] = read(opened=twice, dst="EDT").command.activities
    [second] = read(opened=twice, dst="EST").command.activities

    assert (first.occurred_at.hour, second.occurred_at.hour) == (5, 6)


def test_an_hour_that_never_was_may_be_read_on_where_the_mapping_says_so() -> None:
    record = read(due="2022-03-13 02:30").command.record

    assert record is not None
    assert record.due_at == datetime(2022, 3, 13, 7, 30, tzinfo=UTC)
    assert refused(opened="2022-03-13 02:30") == ("TIME_NONEXISTENT", "Opened")


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        ({"no": " "}, "CELL_MISSING", "No"),
        ({"no": "x" * 201}, "CELL_TOO_LONG", "No"),
        ({"opened": ""}, "CELL_MISSING", "Opened"),
        ({"opened": "soon"}, "TIME_UNREADABLE", "Opened"),
        ({"seen": "2022-06-31 08:00"}, "TIME_UNREADABLE", "seen"),
        ({"seen": "2022-06-01 07:59"}, "TIME_OUT_OF_ORDER", "seen"),
        ({"closed": "2022-06-01 07:59"}, "TIME_OUT_OF_ORDER", "Closed"),
        ({"due": "never"}, "TIME_UNREADABLE", "due"),
        ({"what": "x" * 101}, "CELL_TOO_LONG", "what"),
        ({"where": "x" * 101}, "CELL_TOO_LONG", "where"),
        ({"more": "x" * 201}, "CELL_TOO_LONG", "more"),
        ({"seen": "2022-06-01 09:00", "who": "x" * 501}, "CELL_TOO_LONG", "who"),
        ({"via": "Pigeon"}, "CELL_UNKNOWN", "via"),
        ({"lat": "1"}, "POINT_INVALID", "lat"),
        ({"lat": "1", "lon": "181"}, "POINT_INVALID", "lat"),
        ({"lat": "-91", "lon": "1"}, "POINT_INVALID", "lat"),
        ({"lat": "inf", "lon": "1"}, "POINT_INVALID", "lat"),
        ({"lat": "x", "lon": "1"}, "POINT_INVALID", "lat"),
        ({"more": "a\0b"}, "CELL_UNSTORABLE", "more"),
        ({"more": "a\udcffb"}, "CELL_UNSTORABLE", "more"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(said: dict[str, str], code: str, column: str) -> None:
    assert refused(None, **said) == (code, column)


def test_a_cell_that_no_one_asked_for_may_hold_anything() -> None:
    assert read(reader(type=None, area=None, case={"id": "no"}, activity=[MAPPING["activity"][0]]),
                where="\0").command.external_id == "7"  # fmt: skip


@pytest.mark.parametrize("cells", [CELLS[:-1], [*CELLS, ""], ["7"]])
def test_a_ragged_row_is_refused(cells: list[str]) -> None:
    with pytest.raises(RowRefused) as caught:
        reader().read(CsvRow(9, cells))

    assert caught.value.code == "ROW_RAGGED"
    assert str(len(cells)) in caught.value.message


def test_what_fits_into_no_entry_is_refused() -> None:
    case = {"id": "no", "attributes": ["more"]}

    assert read(reader(case=case), more="路" * 10_000).events == 1
    assert refused(reader(case=case), more="x" * 50_000) == ("ROW_TOO_LARGE", "")
    assert refused(reader(case={"id": "no"}), closed="2022-06-02 08:00", more="路" * 20_000) == (
        "ROW_TOO_LARGE",
        "",
    )


def test_times_out_of_order_are_kept_where_the_mapping_says_so() -> None:
    times = {**MAPPING["times"], "order": "keep"}

    activities = read(reader(times=times), closed="2022-06-01 07:59").command.activities

    assert [each.activity for each in activities] == ["opened", "closed"]


@pytest.mark.parametrize(
    ("state", "closed", "expected"),
    [
        ("yes", "", None),
        ("no", "2022-06-01 09:00", None),
        ("yes", "2022-06-01 09:00", "STATUS_CONTRADICTS"),
        ("no", "", "STATUS_CONTRADICTS"),
        ("", "", "CELL_UNKNOWN"),
    ],
)
def test_a_status_agrees_with_the_time_of_closing(
    state: str, closed: str, expected: str | None
) -> None:
    status = {"column": "open", "open": ["yes"], "closed": ["no"]}
    with_status = reader(status=status)

    if expected is None:
        assert read(with_status, open=state, closed=closed).events == 1 + bool(closed)
    else:
        assert refused(with_status, open=state, closed=closed) == (expected, "open")


@pytest.mark.parametrize(
    ("others", "expected"), [("keep", "smell"), ("drop", None), ("refuse", "CELL_UNKNOWN")]
)
def test_a_value_without_a_translation(others: str, expected: str | None) -> None:
    with_type = reader(type={**MAPPING["type"], "others": others})

    if others == "refuse":
        assert refused(with_type, what="smell") == (expected, "what")
    else:
        record = read(with_type, what="smell").command.record
        assert record is not None
        assert record.type_code == expected


def test_another_channel_may_stand_for_the_rest() -> None:
    record = read(reader(channel={**MAPPING["channel"], "others": "WEB"}), via="?").command.record

    assert record is not None
    assert record.channel is Channel.WEB


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        (HEADER[1:], "CSV_COLUMN_MISSING", "no"),
        ([*HEADER[:1], "x", *HEADER[2:]], "CSV_COLUMN_MISSING", "begun / opened"),
        ([*HEADER[:-1], "no"], "CSV_COLUMN_TWICE", "no"),
    ],
)
def test_a_header_without_a_named_column_refuses_the_file(
    header: list[str], code: str, column: str
) -> None:
    with pytest.raises(FileRefused) as caught:
        reader(header)

    assert (caught.value.code, caught.value.line) == (code, 1)
    assert caught.value.facts["column"] == column


def test_a_column_may_be_missing_where_the_mapping_says_so() -> None:
    optional = ["seen", "due", "what", "where", "via", "lat", "lon", "open", "more", "who", "dst"]
    narrow = reader(["opened", "NO ", "closed"], optional=optional)

    command = narrow.read(CsvRow(2, ["2022-06-01 08:00", "7", ""])).command

    assert command.external_id == "7"
    assert command.record == Record()


def test_a_header_may_repeat_what_no_one_asks_for() -> None:
    assert reader([*HEADER, "x", "x"]).read(CsvRow(2, [*CELLS, "", ""])).command.external_id == "7"


def test_a_refusal_of_the_command_is_told_with_its_column() -> None:
    found = read(closed="2022-06-01 10:00")

    assert found.place_of(BeginningChanged(index=2, external_id="7")) == (3, "Closed")
    assert found.place_of(HistoryShorter(external_id="7", incoming=1, recorded=2)) == (3, "Closed")
    assert found.place_of(RecordChanged(external_id="7", field="due_at")) == (3, "due")
    assert found.place_of(RecordChanged(external_id="7", field="point")) == (3, "lat")
    assert found.place_of(RecordChanged(external_id="7", field="")) == (3, "No")
    assert found.place_of(AttributesChanged(external_id="7")) == (3, "No")
