"""How the journal and its database are, asked for `/readyz` and `/metrics`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.database.migrate import applied_migrations, differences, known_migrations
from app.runtime import Runtime
from app.views.rebuild import outdated
from app.web.metrics import Reading
from projections.due_timers import waiting
from projections.registry import VIEWS


@dataclass(frozen=True)
class JournalMonitor:
    """Asks the runtime's own connections."""

    runtime: Runtime

    async def problems(self) -> Sequence[str]:
        """What is missing or another version's: migrations, views; and views that stopped."""
        known = known_migrations()
        async with self.runtime.reads.acquire() as connection:
            applied = await applied_migrations(connection)
            missing = [migration.name for migration in known[len(applied) :]]
            rebuilds = [] if missing else await outdated(connection, list(VIEWS.values()))
        return [
            *differences(applied, known),
            *(f"{name} is not applied: run `wardbook migrate`" for name in missing),
            *rebuilds,
            *self.runtime.followers.problems(),
            *self.runtime.directory.problems(),
            *self.runtime.configuration.problems(),
            *self.runtime.timers.problems(),
        ]

    async def reading(self) -> Reading:
        """The head of the journal, what was appended here, how far views are, and what is due."""
        async with self.runtime.reads.acquire() as connection:
            followers = await self.runtime.followers.positions(connection)
            due = await waiting(connection, datetime.now(UTC))
        batches, entries = self.runtime.journal.appended
        head = (await self.runtime.journal.head()).size
        timers = self.runtime.timers.status()
        return Reading(
            head,
            followers,
            batches,
            entries,
            due_timers=due.timers,
            oldest_due=due.oldest,
            timers_acted=timers.acted,
            timer_failures=timers.failures,
        )
