"""A log goes in and comes out: pm4py finds the same in both, and so does GraphQL."""

import gzip
import re
from datetime import datetime
from itertools import count
from typing import Final

import pytest

from app.exchange.exporter import Format
from tests.db.exchange.agreement import check
from tests.db.exchange.conftest import Desk
from tests.exchange.judge import SAMPLE_LOGS, judge, require
from tests.exchange.logs import BEGAN, write_log

MOMENTS: Final = [datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (
    "2010-10-20", "2011-03-01", "2012-01-01"
)]  # fmt: skip
WITH_NAMES_OF_THEIR_OWN: Final = (
    "general_example.xes",  # the running example of process mining: 6 cases, 42 events
    "example_with_new_extension.xes",
)
PUT_TOGETHER: Final = ("log_to_cluster.xes", "example_compress_log.xes.gz")
"""Real logs whose makers gave several traces one name."""

TRACE_NAME: Final = re.compile(r'(<trace>.*?key="concept:name" value=")[^"]*', re.DOTALL)


async def test_a_log_as_large_and_nasty_as_a_real_one(desk: Desk) -> None:
    log = desk.folder / "large.xes"
    write_log(log, 1_434, 8_577)

    facts = (await check(desk, log, "nasty", MOMENTS))["facts"]

    assert (facts["cases"], facts["events"]) == (1_434, 8_577)


@pytest.mark.parametrize("reader", ["chunk_regex", "line_by_line", "iterparse_20"])
async def test_every_reader_of_pm4py_reads_what_comes_out(desk: Desk, reader: str) -> None:
    log, out = desk.folder / "nasty.xes", desk.folder / "out.xes"
    write_log(log, 60, 400)
    await desk.bring_in(log, source="nasty")
    await desk.take_out(Format.XES, out, source="nasty")

    assert judge(out, reader=reader)["facts"] == judge(log)["facts"]


@pytest.mark.parametrize("name", WITH_NAMES_OF_THEIR_OWN)
async def test_real_logs_that_can_be_had(desk: Desk, name: str) -> None:
    require()
    await check(desk, SAMPLE_LOGS / name, "sample")


@pytest.mark.parametrize("name", PUT_TOGETHER)
async def test_real_logs_with_their_traces_named_apart(desk: Desk, name: str) -> None:
    require()
    packed = (SAMPLE_LOGS / name).read_bytes()
    text = (gzip.decompress(packed) if name.endswith(".gz") else packed).decode()
    number = count(1)
    log = desk.folder / "apart.xes"
    log.write_text(TRACE_NAME.sub(lambda found: f"{found[1]}{next(number)}", text))

    assert len((await desk.bring_in(SAMPLE_LOGS / name, dry_run=True)).refusals) > 100
    await check(desk, log, "sample")


async def test_before_anything_had_occurred_a_log_is_empty(desk: Desk) -> None:
    log = desk.folder / "small.xes"
    write_log(log, 5, 9)
    await desk.bring_in(log, source="small")

    facts = await desk.facts("small", BEGAN.replace(year=2009).isoformat())

    assert (facts["cases"], facts["events"], facts["throughputMedian"]) == (0, 0, None)


async def test_what_came_out_goes_in_again_as_the_same(desk: Desk) -> None:
    log, out = desk.folder / "nasty.xes", desk.folder / "out.xes.gz"
    write_log(log, 50, 200)
    await desk.bring_in(log)
    await desk.take_out(Format.XES, out, source="nasty")

    report = await desk.bring_in(out)

    assert (report.source, report.present, report.recorded) == ("nasty", 50, 0)
