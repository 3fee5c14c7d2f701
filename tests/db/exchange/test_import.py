"""Logs come in: once, whatever happens; and what cannot be taken is told with its line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.exchange.importer import source_name, stem
from app.exchange.refusals import FileRefused
from domain.case.imported import ActivityRecorded, HistoryImported, imported_stream
from domain.refusal import NotPermitted
from tests.db.exchange.conftest import Desk
from tests.domain.people import AUDITOR
from tests.exchange.logs import write_log


def event(activity: str, at: str = "2024-07-01T08:00:00+08:00", **more: str) -> str:
    """One line."""
    extra = "".join(f'<string key="{key}" value="{value}"/>' for key, value in more.items())
    return (
        f'<event><string key="concept:name" value="{activity}"/>'
        f'<date key="time:timestamp" value="{at}"/>{extra}</event>'
    )


def trace(name: str, *events: str, own: str = "") -> str:
    """The trace on one line, each event on one of its own."""
    begin = f'<trace><string key="concept:name" value="{name}"/>{own}'
    return "\n".join([begin, *events, "</trace>"])


def log(*traces: str, name: str = "street") -> str:
    """The first trace begins on line 3."""
    head = f'<log>\n<string key="concept:name" value="{name}"/>'
    return "\n".join([head, *traces, "</log>"])


A, B, C = event("A"), event("B"), event("C", "2024-06-01T08:00:00Z")


async def test_each_trace_becomes_a_case_with_its_activities_in_order(desk: Desk) -> None:
    report = await desk.bring_in(log(trace("1", A, C, B, own='<id key="k" value="v"/>')))

    assert (report.source, report.taken, report.events, report.recorded) == ("street", 1, 3, 4)
    stream = await desk.journal.read_stream(imported_stream("street", "1"))
    opening, *activities = [recorded.event for recorded in stream]
    assert isinstance(opening, HistoryImported)
    assert (opening.source, opening.external_id) == ("street", "1")
    assert [attribute.key for attribute in opening.attributes] == ["concept:name", "k"]
    assert [found.activity for found in activities if isinstance(found, ActivityRecorded)] == [
        "A",
        "C",
        "B",
    ]
    assert stream[2].occurred_at == datetime(2024, 6, 1, 8, tzinfo=UTC)
    assert {recorded.correlation_id for recorded in stream} != {stream[0].command_id}


async def test_again_it_is_found_to_be_here(desk: Desk) -> None:
    path = desk.folder / "nasty.xes"
    write_log(path, 300, 900)
    first = await desk.bring_in(path)
    size = await desk.size()

    second = await desk.bring_in(path)

    assert (first.taken, first.events, first.recorded) == (300, 900, 1200)
    assert (second.present, second.traces, second.events, second.recorded) == (300, 300, 900, 0)
    assert await desk.size() == size == 1201


async def test_what_a_trace_grew_by_is_appended(desk: Desk) -> None:
    await desk.bring_in(log(trace("1", A), trace("2", A)))

    report = await desk.bring_in(log(trace("1", A, B, C), trace("2", A)))

    assert (report.extended, report.present, report.recorded) == (1, 1, 2)
    stream = await desk.journal.read_stream(imported_stream("street", "1"))
    assert [recorded.version for recorded in stream] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changed", "code", "line"),
    [
        (trace("1", A), "HISTORY_SHORTER", 3),
        (trace("1", A, C, C), "BEGINNING_CHANGED", 5),
        (trace("1", event("A", cost="3"), B), "BEGINNING_CHANGED", 4),
        (trace("1", A, B, own='<id key="k" value="v"/>'), "ATTRIBUTES_CHANGED", 3),
        (trace("1", A, B, event("D", "soon")), "INVALID_VALUE", 6),
        (trace("1", A, B, event("D", "2024-07-01T08:00:00")), "TIME_WITHOUT_ZONE", 6),
    ],
)
async def test_a_trace_that_cannot_follow_is_refused_with_its_line(
    desk: Desk, changed: str, code: str, line: int
) -> None:
    await desk.bring_in(log(trace("1", A, B)))
    before = await desk.journal.read_stream(imported_stream("street", "1"))

    report = await desk.bring_in(log(changed, trace("2", A)))

    [refused] = report.refusals
    assert (refused.code, refused.line) == (code, line)
    assert refused.message.startswith(f"Line {line}: ")
    assert (report.refused, report.taken) == (1, 1)
    assert await desk.journal.read_stream(imported_stream("street", "1")) == before


async def test_of_two_traces_of_one_name_the_second_is_refused(desk: Desk) -> None:
    report = await desk.bring_in(log(trace("1", A), trace("2", A), trace("1", A, B)))

    [refused] = report.refusals
    assert (refused.code, refused.line) == ("DUPLICATE_TRACE", 9)
    assert "line 3" in refused.message
    assert len(await desk.journal.read_stream(imported_stream("street", "1"))) == 2


async def test_refusals_are_told_in_the_order_of_the_file(desk: Desk) -> None:
    bad = [trace(str(number), event("A", "soon")) for number in range(5)]
    await desk.bring_in(log(trace("x", A, B)))

    report = await desk.bring_in(log(bad[0], trace("x", A), *bad[1:]))

    assert [refused.line for refused in report.refusals] == [4, 6, 10, 13, 16, 19]


@pytest.mark.parametrize("end", ["", "<oops", "</log>\n<log>", "&bomb;</log>"])
async def test_of_a_broken_file_nothing_is_taken(desk: Desk, end: str) -> None:
    size = await desk.size()
    sound = "\n".join(trace(str(number), A) for number in range(2_000))

    with pytest.raises(FileRefused) as refused:
        await desk.bring_in(f"<log>\n{sound}\n{end}")

    assert refused.value.line > 6_000
    assert await desk.size() == size


async def test_a_dry_run_says_the_same_and_records_nothing(desk: Desk) -> None:
    await desk.bring_in(log(trace("1", A), trace("2", A), trace("3", A, B)))
    size = await desk.size()
    newer = log(trace("1", A, B), trace("2", A), trace("3", A), trace("4", A), trace("4", A))

    rehearsed = await desk.bring_in(newer, dry_run=True)

    assert await desk.size() == size
    done = await desk.bring_in(newer)
    assert (rehearsed.taken, rehearsed.extended, rehearsed.present, rehearsed.refused) == (
        1,
        1,
        1,
        2,
    )
    assert (rehearsed.refusals, rehearsed.recorded) == (done.refusals, done.recorded)
    assert rehearsed.dry_run


async def test_the_source_is_the_logs_name_the_files_or_the_one_that_is_said(desk: Desk) -> None:
    nameless = desk.folder / "Bürger 投诉.xes.gz"
    nameless.write_text(f"<log>\n{trace('1', A)}\n</log>")

    assert (await desk.bring_in(nameless)).source == "Bürger 投诉"
    assert (await desk.bring_in(log(trace("1", A)))).source == "street"
    assert (await desk.bring_in(log(trace("1", A)), source="other")).taken == 1


@pytest.mark.parametrize("name", ["  ", "a\nb", "x" * 201, "\u202e"])
def test_a_name_that_cannot_name_a_source_is_refused(name: str) -> None:
    with pytest.raises(FileRefused, match="--source") as refused:
        source_name(name)
    assert refused.value.code == "SOURCE_INVALID"


def test_a_file_lends_its_name_without_its_endings() -> None:
    assert stem(Path("/logs/receipt.xes.gz")) == stem(Path("receipt.xes")) == "receipt"


async def test_times_without_a_zone_are_read_where_one_is_named(desk: Desk) -> None:
    naive = log(trace("1", event("A", "2024-07-01T08:00:00")))

    report = await desk.bring_in(naive, zone=ZoneInfo("Asia/Shanghai"))

    assert report.taken == 1
    [_, recorded] = await desk.journal.read_stream(imported_stream("street", "1"))
    assert recorded.occurred_at == datetime(2024, 7, 1, tzinfo=UTC)


async def test_a_trace_without_events_is_a_case_too(desk: Desk) -> None:
    empty = log(trace("1"))

    assert (await desk.bring_in(empty)).taken == 1
    assert (await desk.bring_in(empty)).present == 1


async def test_a_long_trace_is_taken_in_one_piece(desk: Desk) -> None:
    report = await desk.bring_in(log(trace("1", *[event(f"A{n % 7}") for n in range(6_000)])))

    assert (report.taken, report.recorded) == (1, 6_001)


async def test_what_another_process_reads_is_taken_and_refused_alike(desk: Desk) -> None:
    mixed = log(trace("1", A, B), trace("2", event("A", "soon")), trace("1", A), trace("3", A))

    report = await desk.bring_in(mixed, large_bytes=0)

    assert (report.taken, report.events, report.recorded) == (2, 3, 5)
    assert [(refused.code, refused.line) for refused in report.refusals] == [
        ("INVALID_VALUE", 8),
        ("DUPLICATE_TRACE", 10),
    ]
    assert len(await desk.journal.read_stream(imported_stream("street", "1"))) == 3


async def test_who_may_not_import_changes_nothing(desk: Desk) -> None:
    size = await desk.size()

    with pytest.raises(NotPermitted):
        await desk.bring_in(log(trace("1", A)), by=AUDITOR)

    assert await desk.size() == size
