"""A large log is read in a process of its own, and that makes no difference to what is read."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest

from app.exchange.reader_process import ReadingEnded, reading_beside
from app.exchange.reading import Batch, ImportRequest, SoundTrace, read_batches
from app.exchange.refusals import FileRefused, FileUnreadable
from domain.case.imported import Activity
from tests.exchange.logs import write_log


async def read_beside(request: ImportRequest) -> list[Batch[SoundTrace]]:
    """Everything that the other process finds."""
    async with reading_beside(request, "street") as batches:
        return [batch async for batch in batches]


def known(batches: list[Batch[SoundTrace]]) -> list[object]:
    """What does not differ from one reading to the next."""
    return [
        (trace.command.external_id, trace.command.attributes, activities(trace.command.activities))
        for batch in batches
        for trace in batch.traces
    ] + [(batch.refused, batch.position, [t.lines for t in batch.traces]) for batch in batches]


def activities(found: tuple[Activity, ...]) -> list[tuple[object, ...]]:
    """Each as values that compare."""
    return [(a.activity, a.occurred_at, a.resource, a.unit, a.attributes) for a in found]


async def test_another_process_reads_the_same(tmp_path: Path) -> None:
    log = tmp_path / "nasty.xes"
    write_log(log, 300, 900)
    content = log.read_bytes().removesuffix(b"</log>\n").removesuffix(b"</log>")
    last = content[content.rindex(b"<trace") :]
    log.write_bytes(content + last + b"</log>")  # its name is taken already
    request = ImportRequest(log)

    found = await read_beside(request)

    assert known(found) == known(list(read_batches(request, "street")))
    assert len(found) > 2
    assert [refused.code for refused in found[-1].refused] == ["DUPLICATE_TRACE"]


async def test_it_reads_times_without_an_offset_in_the_zone_that_is_named(tmp_path: Path) -> None:
    log = tmp_path / "naive.xes"
    log.write_text(
        '<log><trace><string key="concept:name" value="1"/><event>'
        '<string key="concept:name" value="A"/>'
        '<date key="time:timestamp" value="2024-07-01T08:00:00"/></event></trace></log>'
    )

    [batch] = await read_beside(ImportRequest(log, zone=ZoneInfo("Asia/Shanghai")))

    assert batch.traces[0].command.activities[0].occurred_at.hour == 0


async def test_a_file_that_broke_meanwhile_is_refused_with_its_line(tmp_path: Path) -> None:
    log = tmp_path / "broken.xes"
    log.write_text("<log>\n<trace>\n")

    with pytest.raises(FileRefused) as refused:
        await read_beside(ImportRequest(log))

    assert (refused.value.code, refused.value.line) == ("XML_MALFORMED", 3)
    assert refused.value.message.startswith("Line 3, column")


async def test_a_file_that_went_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="No such file"):
        await read_beside(ImportRequest(tmp_path / "gone.xes"))


async def test_a_reader_that_is_killed_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "long.xes"
    write_log(log, 3_000, 9_000)
    before = set(psutil.Process(os.getpid()).children())
    async with reading_beside(ImportRequest(log), "street") as batches:
        await anext(batches)
        for process in set(psutil.Process(os.getpid()).children()) - before:
            process.kill()

        with pytest.raises(ReadingEnded):
            [batch async for batch in batches]


async def test_a_reader_that_nobody_listens_to_ends(tmp_path: Path) -> None:
    log = tmp_path / "long.xes"
    write_log(log, 3_000, 9_000)
    before = set(psutil.Process(os.getpid()).children())

    async with reading_beside(ImportRequest(log), "street") as batches:
        await anext(batches)

    assert set(psutil.Process(os.getpid()).children()) <= before
