"""What was stored for an event that never came: looked for now and then, and removed.

An upload that is refused at the last moment, or whose process is killed, leaves bytes behind that
no event names. Only the journal says which those are: a view may be on its way to being rebuilt.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import structlog

from app.evidence.recorded import hashes_of
from app.evidence.store import EvidenceStore, Kept, StoreUnusable, age
from app.evidence.threads import to_the_end
from projections.view import Connection
from schema.context import Reads, Unavailable

OLD_ENOUGH: Final = 3600.0
"""Seconds since something was written last: by then its event is recorded, or never will be."""
EVERY: Final = 3600.0
AT_A_TIME: Final = 500

_LOG: Final = structlog.stdlib.get_logger(__name__)


async def sweep(store: EvidenceStore, reads: Reads, older_than: float = OLD_ENOUGH) -> int:
    """Remove what no event names and nobody wrote to for so many seconds. How much that was."""
    removed = 0
    everything = store.kept()
    while old := await to_the_end(_some, everything, older_than):
        async with reads.acquire() as connection:
            orphans = await _orphans(connection, old)
        for kept in orphans:
            removed += await to_the_end(store.drop, kept)
    if removed:
        _LOG.info("swept evidence that no event names", pieces=removed)
    return removed


def _some(everything: Iterator[Kept], older_than: float) -> list[Kept]:
    found = []
    for kept in everything:
        if age(kept) >= older_than:
            found.append(kept)
            if len(found) == AT_A_TIME:
                break
    return found


async def _orphans(connection: Connection, old: list[Kept]) -> list[Kept]:
    placed = {kept.case_id for kept in old if kept.case_id is not None}
    named = await hashes_of(connection, placed)
    return [kept for kept in old if kept.case_id is None or not _is_named(kept, named)]


def _is_named(kept: Kept, named: dict[UUID, set[str]]) -> bool:
    return kept.case_id is not None and kept.sha256 in named.get(kept.case_id, set())


@asynccontextmanager
async def sweeping(store: EvidenceStore, reads: Reads) -> AsyncIterator[None]:
    """Sweep at the start of the block and then every hour, until it ends."""
    task = asyncio.create_task(_sweep_for_ever(store, reads), name="sweep evidence")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _sweep_for_ever(store: EvidenceStore, reads: Reads) -> None:
    while True:
        try:
            await sweep(store, reads)
        except (StoreUnusable, Unavailable) as error:
            _LOG.warning("evidence is not swept", problem=type(error).__name__)
        await asyncio.sleep(EVERY)
