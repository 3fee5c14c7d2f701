"""What is taken out: selected, checkable without us, recorded before it appears."""

import csv
import gzip
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from app.exchange.exporter import Format
from app.exchange.log_file import LogFile
from app.exchange.refusals import OutputUnusable
from app.exchange.xes_reader import XesTrace, read_traces
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.lifecycle import Stage
from domain.case.routing import DispatchCase
from domain.case.vocabulary import Attribute, Channel
from domain.journal import EXPORTS_STREAM, JournalExported
from domain.refusal import NotFound, NotPermitted
from tests.db.exchange.conftest import Desk
from tests.domain.people import DISPATCHER, INTAKE, OPERATOR, REGISTRAR
from tests.exchange.logs import write_log

TITLE: Final = '=cmd|"路灯" <坏了> & more'


async def register(desk: Desk, case_no: str, **given: Any) -> UUID:
    case_id = uuid4()
    command = RegisterCase(
        command_id=uuid4(), case_id=case_id, case_no=case_no, channel=Channel.HOTLINE,
        title=TITLE, **given,
    )  # fmt: skip
    await desk.commands.execute(command, INTAKE)
    return case_id


async def dispatch(desk: Desk, case_id: UUID, unit: str) -> None:
    accept = AcceptCase(command_id=uuid4(), case_id=case_id)
    await desk.commands.execute(accept, REGISTRAR)
    to_unit = DispatchCase(command_id=uuid4(), case_id=case_id, lead_unit=unit)
    await desk.commands.execute(to_unit, DISPATCHER)


async def two_cases_and_a_log(desk: Desk) -> None:
    """20240701-A: dispatched to `lighting`; 20240701-B: registered, of type `noise`; a log."""
    await dispatch(desk, await register(desk, "20240701-A"), "lighting")
    await register(desk, "20240701-B", type_code="noise")
    path = desk.folder / "street.xes"
    write_log(path, 3, 8, name="street")
    await desk.bring_in(path)


def traces(path: Path) -> list[XesTrace]:
    with LogFile(path) as file:
        return [trace for trace in read_traces(file) if isinstance(trace, XesTrace)]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def root(hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962 section 2.1 words it."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


def root_from(path: Sequence[str], leaf: bytes, index: int, size: int) -> bytes:
    """Where an audit path leads, by the recursion of RFC 6962 section 2.1.1."""
    if size == 1:
        assert not path
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    last = bytes.fromhex(path[-1])
    if index < split:
        return sha256(b"\x01" + root_from(path[:-1], leaf, index, split) + last).digest()
    right = root_from(path[:-1], leaf, index - split, size - split)
    return sha256(b"\x01" + last + right).digest()


def leaf_of(line: dict[str, Any]) -> bytes:
    return sha256(b"\x00" + line["entry"].encode()).digest()


async def test_our_own_cases_become_traces_of_who_did_what(desk: Desk) -> None:
    await dispatch(desk, await register(desk, "20240701-A"), "lighting")
    out = desk.folder / "out.xes"

    report = await desk.take_out(Format.XES, out)

    assert (report.cases, report.events) == (1, 3)
    [trace] = traces(out)
    assert trace.attributes[0] == Attribute("concept:name", "string", "20240701-A")
    told = [{found.key: found for found in event.attributes} for event in trace.events]
    assert [(event["concept:name"].value, event["org:resource"].value) for event in told] == [
        ("case.registered", "intake"),
        ("case.accepted", "registrar"),
        ("case.dispatched", "dispatcher"),
    ]
    assert told[0]["wardbook:title"] == Attribute("wardbook:title", "string", TITLE)
    assert told[2]["wardbook:lead_unit"].value == "lighting"
    assert {event["time:timestamp"].type for event in told} == {"date"}


async def test_the_entries_have_the_root_of_the_head(desk: Desk) -> None:
    await two_cases_and_a_log(desk)
    out = desk.folder / "out.jsonl"
    head = await desk.journal.head()

    report = await desk.take_out(Format.JSONL, out)

    first, *entries = lines(out)
    assert (first["size"], first["root"]) == (head.size, head.root.hex())
    assert report.events == len(entries) == head.size
    assert [entry["position"] for entry in entries] == list(range(1, head.size + 1))
    assert [entry["leaf_hash"] for entry in entries] == [leaf_of(line).hex() for line in entries]
    assert root([leaf_of(line) for line in entries]) == head.root
    assert TITLE not in out.read_text(encoding="utf-8")


async def test_of_selected_entries_each_has_its_path_to_the_root(desk: Desk) -> None:
    await two_cases_and_a_log(desk)
    out = desk.folder / "out.jsonl"

    await desk.take_out(Format.JSONL, out, source="street")

    first, *entries = lines(out)
    assert first["filters"] == {"source": "street"}
    assert len(entries) == 3 + 8
    for line in entries:
        found = root_from(line["proof"], leaf_of(line), line["leaf_index"], first["size"])
        assert found.hex() == first["root"]


async def test_a_table_has_a_row_for_each_event_and_no_formula(desk: Desk) -> None:
    await two_cases_and_a_log(desk)
    out = desk.folder / "out.csv"

    report = await desk.take_out(Format.CSV, out)

    found = rows(out)
    assert len(found) == report.events == 4 + 8
    registered = next(row for row in found if row["activity"] == "case.registered")
    assert json.loads(registered["details"])["title"] == TITLE
    assert not [cell for row in found for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert {row["case_no"] for row in found if row["activity"][0] == "T"} <= {
        "street/case-0",
        "street/case-1",
        "street/case-2",
    }


@pytest.mark.parametrize(
    ("selected", "cases", "events"),
    [
        ({}, 5, 12),
        ({"source": "street"}, 3, 8),
        ({"source": "elsewhere"}, 0, 0),
        ({"stages": (Stage.DISPATCHED,)}, 1, 3),
        ({"stages": (Stage.REGISTERED, Stage.IMPORTED)}, 4, 9),
        ({"types": ("noise",)}, 1, 1),
        ({"units": ("lighting",)}, 1, 3),
        ({"case_no": "20240701-A"}, 1, 3),
        ({"case_no": "street/case-0"}, 1, None),
    ],
)
async def test_what_is_selected_is_taken(
    desk: Desk, selected: dict[str, Any], cases: int, events: int | None
) -> None:
    await two_cases_and_a_log(desk)

    report = await desk.take_out(Format.XES, desk.folder / "out.xes", **selected)

    assert report.cases == cases == len(traces(desk.folder / "out.xes"))
    assert events in {None, report.events}


async def test_events_are_selected_by_when_they_occurred(desk: Desk) -> None:
    await two_cases_and_a_log(desk)
    recorded = [event async for batch in desk.journal.read() for event in batch]
    times = sorted(
        event.occurred_at for event in recorded if event.topic == "case.activity_recorded"
    )
    selected: dict[str, Any] = {"occurred_from": times[2], "occurred_to": times[6]}
    expected = [time for time in times if times[2] <= time < times[6]]

    for kind in (Format.XES, Format.CSV):
        report = await desk.take_out(kind, desk.folder / "out", **selected)
        assert report.events == len(expected)
    await desk.take_out(Format.JSONL, desk.folder / "out", source="street", **selected)
    written = [json.loads(line["entry"]) for line in lines(desk.folder / "out")[1:]]
    occurred = [entry["topic"] for entry in written].count("case.activity_recorded")
    assert occurred == len(expected)


async def test_a_time_without_a_zone_comes_out_as_the_instant_it_was_taken_for(desk: Desk) -> None:
    event = (
        '<event><string key="concept:name" value="A"/>'
        '<date key="time:timestamp" value="2024-07-01T08:00:00"/></event>'
    )
    named = '<string key="concept:name" value="1"/>'
    log = f"<log>{named}<trace>{named}{event}</trace></log>"
    await desk.bring_in(log, source="naive", zone=ZoneInfo("Asia/Shanghai"))

    await desk.take_out(Format.XES, desk.folder / "out.xes", source="naive")

    [trace] = traces(desk.folder / "out.xes")
    assert trace.events[0].attributes[1].value == "2024-07-01T00:00:00.000000+00:00"


async def test_an_export_shows_the_journal_as_it_was_when_it_began(desk: Desk) -> None:
    await two_cases_and_a_log(desk)
    head = await desk.journal.head()
    out = desk.folder / "out.xes"

    report = await desk.take_out(Format.XES, out)
    await register(desk, "20240701-C")
    later = await desk.take_out(Format.XES, out)

    assert (report.through, report.root, report.cases) == (head.size, head.root.hex(), 5)
    assert later.cases == 6


async def test_an_export_is_recorded_with_what_was_asked_for(desk: Desk) -> None:
    await two_cases_and_a_log(desk)

    report = await desk.take_out(
        Format.XES, desk.folder / "out.xes", source="street", stages=(Stage.IMPORTED,)
    )

    *_, recorded = await desk.journal.read_stream(EXPORTS_STREAM)
    assert isinstance(recorded.event, JournalExported)
    assert recorded.event.format == "xes"
    assert recorded.event.filters == {"source": "street", "stage": "IMPORTED"}
    assert (recorded.event.through, recorded.event.events) == (report.through, 8)
    assert recorded.actor.principal == "auditor"


@pytest.mark.parametrize("kind", list(Format))
async def test_who_may_not_export_gets_nothing(desk: Desk, kind: Format) -> None:
    size = await desk.size()

    with pytest.raises(NotPermitted):
        await desk.take_out(kind, desk.folder / "out", by=OPERATOR)

    assert list(desk.folder.iterdir()) == []
    assert await desk.size() == size


async def test_what_fails_leaves_nothing_behind_and_records_nothing(desk: Desk) -> None:
    size = await desk.size()
    there = desk.folder / "there"
    there.write_text("as it was")

    with pytest.raises(NotFound):
        await desk.take_out(Format.CSV, there, case_no="none")
    with pytest.raises(OutputUnusable):
        await desk.take_out(Format.CSV, desk.folder / "no" / "folder")
    with pytest.raises(OutputUnusable):
        await desk.take_out(Format.CSV, Path("/dev/null"))

    assert [path.name for path in desk.folder.iterdir()] == ["there"]
    assert there.read_text() == "as it was"
    assert await desk.size() == size


async def test_only_its_owner_may_read_the_file_and_it_is_packed_if_so_named(desk: Desk) -> None:
    out = desk.folder / "out.csv.gz"

    await desk.take_out(Format.CSV, out)

    assert out.stat().st_mode & 0o077 == 0
    assert gzip.decompress(out.read_bytes()).startswith(b"case,activity,")
