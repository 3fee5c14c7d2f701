"""Districts of any size for benchmarks of a running service: loaded, taken in, and looked after."""

import asyncio
import shutil
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.database.embedded import EmbeddedServer
from app.demo.loading import demonstration, district_of, load
from app.demo.plan import SEED
from app.genesis import Demonstration
from app.identity import issue_token
from app.logging import configure_logging
from app.runtime import Runtime, runtime
from app.settings import LogLevel, Settings
from tests.benchmarks.following import LOOK_EVERY, reached
from tests.benchmarks.many_lives import multiply
from tests.benchmarks.staff import Staff, staff_of
from tests.db.test_serving import Place
from tests.servers import remove

LIVED: Final = 2_000
"""Cases that live through the domain; a larger district has copies of these."""

TOLD_EVERY: Final = 20
"""Seconds between two lines of progress where there is no terminal."""

PATIENCE: Final = 30 * 60
"""Seconds that the views that follow may take after the rest."""


async def settle(place: Place, cases: int) -> Staff:
    """Load a district into an empty folder and wait for all views; who holds its posts."""
    configure_logging(LogLevel.WARNING)
    settings = Settings(data_dir=place.data_dir)
    wanted = demonstration(ZoneInfo(settings.time_zone), SEED, min(cases, LIVED))
    if cases <= LIVED:
        async with runtime(settings, wanted) as to, followed(to):
            await _live(to, cases)
        async with runtime(settings) as to:
            return await _looked_after(to)
    nearby = Settings(data_dir=place.data_dir.with_name("lived"))
    try:
        async with runtime(nearby, wanted) as lived:
            await _live(lived, LIVED)
            said = f"demonstration district: seed {SEED}, {cases} cases"
            async with runtime(settings, Demonstration(wanted.begins, said)) as to, followed(to):
                await _copy(lived, to, cases)
        async with runtime(settings) as to:
            return await _looked_after(to)
    finally:
        remove(EmbeddedServer(nearby.data_dir).look())
        shutil.rmtree(nearby.data_dir, ignore_errors=True)  # or it went with the cluster


async def _live(running: Runtime, cases: int) -> None:
    district = await district_of(running.journal)
    assert district is not None
    with progress(f"{cases:,} cases live through the domain") as bar:
        await load(running, district, bar.reached)


async def _copy(lived: Runtime, to: Runtime, cases: int) -> None:
    district = await district_of(lived.journal)
    assert district is not None
    until = (await lived.journal.head()).size
    with progress(f"{cases:,} cases are copied from them: events", until * cases // LIVED) as bar:
        await multiply(lived.journal, until, to.journal, cases, district.ends, bar.more)


@asynccontextmanager
async def followed(running: Runtime) -> AsyncIterator[None]:
    """Views that follow do so in a process of their own, and are up to date after the block."""
    following = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.following",
        str(running.settings.data_dir),
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        yield
        head = (await running.journal.head()).size
        with progress("views that follow", head) as bar:
            await asyncio.wait_for(_caught_up(running, following, head, bar), PATIENCE)
    finally:
        await following.communicate(b"")


async def _caught_up(running: Runtime, following: Process, head: int, bar: "Bar") -> None:
    while (position := await reached(running)) < head:
        assert following.returncode is None, "the process that follows has ended"
        bar.reached(position, head)
        await asyncio.sleep(LOOK_EVERY)
    bar.reached(head, head)


async def _looked_after(running: Runtime) -> Staff:
    """As a database is that grew in a year: nothing is overdue, it is vacuumed and analysed."""
    connection = await running.database.connect()
    try:
        await running.timers.act(connection)
    finally:
        await connection.close()
    server = EmbeddedServer(running.settings.data_dir)
    server.look()
    connection = await asyncpg.connect(server.admin_dsn)
    try:
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
    issue = partial(issue_token, running.settings.data_dir, lifetime=timedelta(hours=2))
    return staff_of(running.directory.current(), issue)


class Bar:
    """Progress on standard error: a bar in a terminal, else a line now and then."""

    def __init__(self, bars: Progress, what: str, total: int | None) -> None:
        self._bars, self._task = bars, bars.add_task(what, total=total)
        self._told = time.monotonic()

    def reached(self, done: int, total: int) -> None:
        """So far, of so many."""
        self._bars.update(self._task, completed=done, total=total)
        self._tell()

    def more(self, done: int) -> None:
        """So many more."""
        self._bars.advance(self._task, done)
        self._tell()

    def over(self) -> None:
        """As many as there are."""
        self._bars.update(self._task, total=self._bars.tasks[self._task].completed)

    def _tell(self) -> None:
        now, console, task = time.monotonic(), self._bars.console, self._bars.tasks[self._task]
        if not console.is_terminal and now - self._told > TOLD_EVERY:
            self._told = now
            console.print(f"{task.description}: {task.completed:,.0f} of {task.total or 0:,.0f}")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Bar]:
    """Shown while the block runs; how long it took stays there."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        bar = Bar(bars, what, total)
        yield bar
        bar.over()
