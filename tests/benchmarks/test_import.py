"""A log as large as the Road Traffic Fine log, 150,370 traces and 561,470 events, comes in."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil
import pytest

from app.database.embedded import EmbeddedServer
from app.exchange.xes_writer import XesWriter
from domain.case.vocabulary import Attribute
from tests.benchmarks.report import report
from tests.exchange.boston import write_boston
from tests.servers import remove

TRACES: Final = 150_370
EVENTS: Final = 561_470
ROWS: Final = 100_000
"""Of a table: some five months of Boston's."""
TARGET: Final = 5_000
"""Events per second, from the start of the command to its end."""
FLAT: Final = 1.5
"""Most memory at the end, as a multiple of that after a tenth of the time: ten times the log, while
bounded caches fill."""

STEPS: Final = (
    "Create Fine",
    "Send Fine",
    "Insert Fine Notification",
    "Add penalty",
    "Payment",
    "Send for Credit Collection",
)


def write_road_traffic(path: Path) -> None:
    """A log with the size, the activities and the attributes of the original."""
    chance, writer = random.Random(1), XesWriter()
    more = EVENTS - 3 * TRACES
    with path.open("wb") as file:
        file.write(writer.begin("Road Traffic Fine Management Process"))
        for number in range(TRACES):
            extra = min(3, more // (TRACES - number) + chance.randrange(-1, 2))
            extra = max(0, min(extra, more)) if number < TRACES - 1 else more
            more -= extra
            name = Attribute("concept:name", "string", f"A{number}")
            file.write(writer.trace([name], _events(chance, 3 + extra)))
        file.write(writer.end())
    assert more == 0


def _events(chance: random.Random, length: int) -> Iterator[list[Attribute]]:
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(4_000))
    for index in range(length):
        at += timedelta(days=chance.randrange(120))
        yield [
            Attribute("amount", "float", f"{chance.randrange(20, 80)}.0"),
            Attribute("org:resource", "string", str(chance.randrange(1_000))),
            Attribute("dismissal", "string", "NIL"),
            Attribute("concept:name", "string", STEPS[index % len(STEPS)]),
            Attribute("vehicleClass", "string", "A"),
            Attribute("totalPaymentAmount", "float", "0.0"),
            Attribute("lifecycle:transition", "string", "complete"),
            Attribute("time:timestamp", "date", at.isoformat()),
            Attribute("article", "int", "157"),
            Attribute("points", "int", "0"),
        ]


@pytest.mark.benchmark
def test_a_log_of_half_a_million_events_comes_in(tmp_path: Path) -> None:
    log, data = tmp_path / "road.xes", tmp_path / "data"
    write_road_traffic(log)
    server = EmbeddedServer(data)
    server.start()  # its creation is not what is measured
    try:
        began = time.monotonic()
        memory, said = _import(data, "xes", str(log))
        taken = time.monotonic() - began
    finally:
        server.stop()
        remove(server.cluster)

    after_a_tenth, at_the_end = memory[len(memory) // 10], memory[-1]
    report(
        "wardbook import xes, durable commits, inline views, tree",
        {
            "log": f"{said['traces']:,} traces, {said['events']:,} events, "
            f"{log.stat().st_size / 1e6:.0f} MB",
            "time": f"{taken:.1f} s",
            "events per second": f"{said['events'] / taken:,.0f} (wanted: {TARGET:,})",
            "memory after a tenth, at the end": f"{after_a_tenth:.0f} MB, {at_the_end:.0f} MB",
            "most memory": f"{max(memory):.0f} MB",
        },
    )
    assert (said["taken"], said["events"]) == (TRACES, EVENTS)
    assert at_the_end < after_a_tenth * FLAT


@pytest.mark.benchmark
def test_a_table_of_cases_comes_in(tmp_path: Path) -> None:
    table, data = tmp_path / "311.csv", tmp_path / "data"
    planned = write_boston(table, ROWS)
    server = EmbeddedServer(data)
    server.start()
    try:
        began = time.monotonic()
        memory, said = _import(data, "csv", str(table), "--mapping", "boston-311")
        taken = time.monotonic() - began
    finally:
        server.stop()
        remove(server.cluster)

    after_a_tenth, at_the_end = memory[len(memory) // 10], memory[-1]
    report(
        "wardbook import csv, the same",
        {
            "table": f"{said['traces']:,} rows, {table.stat().st_size / 1e6:.0f} MB",
            "time": f"{taken:.1f} s",
            "rows per second": f"{said['traces'] / taken:,.0f}",
            "entries per second": f"{said['recorded'] / taken:,.0f}",
            "memory after a tenth, at the end": f"{after_a_tenth:.0f} MB, {at_the_end:.0f} MB",
        },
    )
    assert said["taken"] == planned.rows - len(planned.refused)
    assert at_the_end < after_a_tenth * FLAT


def _import(data: Path, *arguments: str) -> tuple[list[float], dict[str, int]]:
    """MB in use, sampled evenly over the time it took, and the report."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "import", *arguments, "--json"],
        env={"PATH": os.environ["PATH"], "WARDBOOK_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
    )
    memory = []
    while process.poll() is None:
        memory.append(_resident(process.pid))
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
    out, _ = process.communicate()
    said: dict[str, int] = json.loads(out)
    return [sample for sample in memory if sample], said


def _resident(pid: int) -> float:
    """MB of a process, and of the one that reads for it, that are in memory; 0 at its end."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        all_of_it = [process, *process.children()]
        return sum(each.memory_info().rss for each in all_of_it) / 1024**2
    return 0.0
