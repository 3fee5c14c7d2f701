"""Tables come in: once, whatever happens; what cannot be taken is told with line and column."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli.exit_codes import ExitCode
from app.exchange.csv_import import CsvRequest, import_csv
from app.exchange.csv_shapes import Mapping
from app.exchange.exporter import Format
from app.exchange.log_file import LogFile
from app.exchange.refusals import FileRefused
from app.exchange.xes_reader import XesTrace, read_traces
from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.imported import ActivityRecorded, HistoryClosed, RecordImported, imported_stream
from domain.refusal import NotPermitted
from tests.db.exchange.conftest import Desk, silent
from tests.db.exchange.processes import PATIENCE, Wardbook, grown
from tests.domain.people import AUDITOR
from tests.exchange.boston import cases, write_boston

MAPPING = msgspec.convert(
    {
        "name": "mine",
        "times": {"zone": "Asia/Shanghai", "formats": ["%Y-%m-%d %H:%M"]},
        "case": {"id": "no", "attributes": ["place", "queue"], "may_change": ["queue"]},
        "activity": [
            {"name": "opened", "column": "opened"},
            {"name": "closed", "column": "closed", "closes": True, "attributes": ["queue"]},
        ],
        "due": {"column": "due"},
        "type": {"column": "what"},
        "title": "",
    },
    Mapping,
)
HEAD = "no,opened,closed,due,what,place,queue"
ONE = "1,2024-07-01 08:00,,2024-07-03 08:00,noise,bridge,A"
TWO = "2,2024-07-02 08:00,2024-07-04 08:00,2024-07-03 08:00,smell,bridge,B"
MAP = """\
name = "mine"
[times]
zone = "Asia/Shanghai"
formats = ["%Y-%m-%d %H:%M"]
[case]
id = "no"
[[activity]]
name = "opened"
column = "opened"
"""


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows])


async def states(desk: Desk, as_of: dict[str, str] | None = None) -> dict[str, Any]:
    """Closing time and lateness of each case that was there."""
    answer = await desk.api.by(AUDITOR).ask(
        """
        query ($asOf: AsOf) {
          cases(first: 10, filter: {source: "table"}, asOf: $asOf) {
            nodes { externalId closedAt late }
          }
        }
        """,
        asOf=as_of,
    )
    return {
        each["externalId"]: (each["closedAt"], each["late"]) for each in answer["cases"]["nodes"]
    }


async def test_each_row_becomes_a_case_with_its_real_times(desk: Desk) -> None:
    report = await desk.bring_in_table(table(ONE, TWO), MAPPING)

    assert (report.source, report.taken, report.events, report.recorded) == ("table", 2, 3, 6)
    stream = await desk.journal.read_stream(imported_stream("table", "2"))
    opening, opened, closed, missed = [recorded.event for recorded in stream]
    assert isinstance(opening, RecordImported)
    assert (opening.type_code, opening.title) == ("smell", None)
    assert type(opened) is ActivityRecorded
    assert isinstance(closed, HistoryClosed)
    assert isinstance(missed, DeadlineBreached)
    assert [recorded.occurred_at.isoformat() for recorded in stream] == [
        "2024-07-02T00:00:00+00:00",
        "2024-07-02T00:00:00+00:00",
        "2024-07-04T00:00:00+00:00",
        # It was closed after it was due.
        "2024-07-03T00:00:00+00:00",
    ]


async def test_it_is_open_or_closed_late_or_not_as_it_was(desk: Desk) -> None:
    await desk.bring_in_table(table(ONE, TWO), MAPPING)

    assert await states(desk, {"occurredAt": "2024-06-30T00:00:00Z"}) == {}
    assert await states(desk, {"occurredAt": "2024-07-01T08:00:00Z"}) == {"1": (None, False)}
    assert await states(desk, {"occurredAt": "2024-07-03T08:00:00Z"}) == {
        "1": (None, True),
        "2": (None, True),
    }
    assert await states(desk) == {"1": (None, True), "2": ("2024-07-04T00:00:00Z", True)}


async def test_what_was_closed_since_is_appended_as_known_then(desk: Desk) -> None:
    await desk.bring_in_table(table(ONE, TWO), MAPPING)
    before = str(await desk.size())

    report = await desk.bring_in_table(
        table(ONE.replace(",,", ",2024-07-02 09:00,"), TWO.replace("B", "C")), MAPPING
    )

    assert (report.extended, report.present, report.recorded) == (1, 1, 1)
    closed = {"1": ("2024-07-02T01:00:00Z", False), "2": ("2024-07-04T00:00:00Z", True)}
    assert await states(desk) == closed
    then = {"position": before, "occurredAt": "2024-07-03T00:00:00Z"}
    assert (await states(desk, then))["1"] == (None, False)


@pytest.mark.parametrize(
    ("changed", "code", "column"),
    [
        (TWO.replace("07-04", "07-05"), "BEGINNING_CHANGED", "closed"),
        (TWO.replace("2024-07-04 08:00", ""), "HISTORY_SHORTER", "opened"),
        (TWO.replace("07-02", "07-01"), "BEGINNING_CHANGED", "opened"),
        (TWO.replace("smell", "noise"), "RECORD_CHANGED", "what"),
        (TWO.replace("07-03", "07-09"), "RECORD_CHANGED", "due"),
        (TWO.replace("bridge", "tunnel"), "ATTRIBUTES_CHANGED", "no"),
    ],
)
async def test_what_contradicts_is_told_and_the_rest_is_taken(
    desk: Desk, changed: str, code: str, column: str
) -> None:
    await desk.bring_in_table(table(ONE, TWO), MAPPING)
    before = await desk.journal.read_stream(imported_stream("table", "2"))

    report = await desk.bring_in_table(table(ONE, changed, ONE.replace("1", "3", 1)), MAPPING)

    [refused] = report.refusals
    assert (refused.line, refused.column, refused.code) == (3, column, code)
    assert refused.message.startswith(f"Line 3, column {column}: ")
    assert (report.taken, report.present, report.refused) == (1, 1, 1)
    assert await desk.journal.read_stream(imported_stream("table", "2")) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "CSV_EMPTY"),
        ("no,opened\n1,2024-07-01 08:00", "CSV_COLUMN_MISSING"),
        (table(*[f"{n}{ONE[1:]}" for n in range(3_000)], '"'), "CSV_ROW_UNENDED"),
    ],
)
async def test_of_what_is_no_such_table_nothing_is_taken(
    desk: Desk, content: str, code: str
) -> None:
    size = await desk.size()

    with pytest.raises(FileRefused) as refused:
        await desk.bring_in_table(content, MAPPING)

    assert refused.value.code == code
    assert await desk.size() == size


async def test_a_dry_run_says_the_same_and_records_nothing(desk: Desk) -> None:
    await desk.bring_in_table(table(ONE, TWO), MAPPING)
    size = await desk.size()
    newer = table(
        ONE.replace(",,", ",2024-07-02 09:00,"), TWO, "3,soon,,,,,", ONE.replace("1", "4", 1)
    )

    rehearsed = await desk.bring_in_table(newer, MAPPING, dry_run=True)

    assert await desk.size() == size
    done = await desk.bring_in_table(newer, MAPPING)
    assert (rehearsed.taken, rehearsed.extended, rehearsed.present, rehearsed.refused) == (1, 1, 1, 1)  # fmt: skip  # noqa: E501
    assert (rehearsed.refusals, rehearsed.recorded) == (done.refusals, done.recorded)


async def test_a_case_of_a_table_is_sealed_as_any_other(desk: Desk) -> None:
    secret = "behind the blue door"
    await desk.bring_in_table(table(ONE.replace("bridge", secret)), MAPPING)

    async with desk.api.reads.acquire() as connection:
        entries = await connection.fetch("SELECT entry FROM entries")

    assert len(entries) == 3
    assert not [row for row in entries if secret.encode() in row["entry"]]


async def test_what_came_in_as_a_table_goes_out_as_a_log_and_a_table(desk: Desk) -> None:
    await desk.bring_in_table(table(ONE, TWO), MAPPING)
    log = desk.folder / "out.xes"

    taken = await desk.take_out(Format.XES, log, source="table")

    assert (taken.cases, taken.events) == (2, 3)
    with LogFile(log) as file:
        traces = {trace.attributes[0].value: trace for trace in read_traces(file)
                  if isinstance(trace, XesTrace)}  # fmt: skip
    said = {attribute.key: attribute.value for attribute in traces["2"].attributes}
    assert said["concept:name"] == "2"
    assert said["place"] == "bridge"
    assert said["wardbook:type_code"] == "smell"
    assert said["wardbook:due_at"] == "2024-07-03T00:00:00.000000+00:00"
    events = [{each.key: each.value for each in event.attributes} for event in traces["2"].events]
    assert [(event["concept:name"], event["time:timestamp"]) for event in events] == [
        ("opened", "2024-07-02T00:00:00.000000+00:00"),
        ("closed", "2024-07-04T00:00:00.000000+00:00"),
    ]
    again = await desk.bring_in(log, source="again")
    assert (again.taken, again.events, again.refused) == (2, 3, 0)


async def test_who_may_not_import_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table(ONE))
    size = await desk.size()

    with pytest.raises(NotPermitted):
        await import_csv(CsvRequest(path, MAPPING), desk.commands, AUDITOR, silent)

    assert await desk.size() == size


async def test_an_import_killed_at_any_time_goes_on_without_doubling(wardbook: Wardbook) -> None:
    path = wardbook.folder / "311.csv"
    planned = write_boston(path, 3_000)
    command = ("import", "csv", path, "--mapping", "boston-311")
    size = 1
    for _ in range(2):
        process = await wardbook.start(*command)
        size = await grown(wardbook, process, size)
        process.send_signal(signal.SIGKILL)
        await asyncio.wait_for(process.communicate(), PATIENCE)

    code, out, _ = await wardbook.run(*command, "--json")

    report = json.loads(out)
    rows = planned.rows - len(planned.refused)
    assert code == ExitCode.PARTLY
    assert report["refused"] == len(planned.refused)
    assert report["taken"] + report["present"] == rows
    assert report["extended"] == 0
    assert report["taken"] > 0
    assert report["present"] > 0
    # The genesis entry, for each row its beginning and its activities, and for each that was
    # closed after it was due that it was: nothing twice.
    facts = cases(path, {line for line, _, _ in planned.refused})
    late = sum(each.closed is not None and each.is_late(each.closed) for each in facts)
    whole = 1 + rows + report["events"] + late
    entries = "SELECT count(*), max(position), count(DISTINCT stream_id) FROM journal.entries"
    assert await wardbook.row(entries) == (whole, whole, rows + 1)


async def test_what_was_refused_is_listed_and_the_exit_code_says_so(wardbook: Wardbook) -> None:
    name = "Requests of a street [all], as its committee wrote them down from spring to winter"
    path, mapping = wardbook.folder / f"{name}.csv", wardbook.folder / "map.toml"
    path.write_text("no,opened\n1,2024-07-01 08:00\n2,soon\n3\n")
    mapping.write_text(MAP)

    code, out, err = await wardbook.run("import", "csv", path, "--mapping", mapping)

    assert code == ExitCode.PARTLY
    assert out.startswith(f"Import of {name}\n")
    assert out.endswith("0 with a due time; 0 have ended, 0 late\n")
    assert err.splitlines()[-2:] == [
        "Line 3, column opened: not a time in any format of the mapping. [TIME_UNREADABLE]",
        "Line 4: the row has 1 fields, the header has 2. [ROW_RAGGED]",
    ]
    code, out, _ = await wardbook.run("import", "csv", path, "--mapping", mapping, "--json")
    assert code == ExitCode.PARTLY
    told = [(each["line"], each["column"]) for each in json.loads(out)["refusals"]]
    assert told == [(3, "opened"), (4, "")]


async def test_a_mapping_that_cannot_be_used_is_told_with_line_and_cause(
    wardbook: Wardbook,
) -> None:
    path, mapping = wardbook.folder / "table.csv", wardbook.folder / "map.toml"
    path.write_text("no,opened\n")
    mapping.write_text(MAP.replace("Asia/Shanghai", "Moon"))

    code, _, err = await wardbook.run("import", "csv", path, "--mapping", mapping)
    assert code == ExitCode.REFUSED
    assert err == "map.toml:3: Moon is no IANA time zone, as Asia/Shanghai is\n"
    code, out, _ = await wardbook.run("import", "csv", path, "--mapping", mapping, "--json")
    assert code == ExitCode.REFUSED
    assert json.loads(out)["problems"][0]["line"] == 3
    code, _, err = await wardbook.run("import", "csv", path, "--mapping", "nowhere")
    assert code == ExitCode.REFUSED
    assert "there is no such file; ours are boston-311" in err
