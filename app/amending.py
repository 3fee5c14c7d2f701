"""Amends the clocks of many cases: each by a command and an event of its own.

A run that was cut off is simply begun again: what counts by the wanted versions already is left as
it is. Within a run the id of a command follows from the case, so that none is carried out twice.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4, uuid5

from app.aggregates import Aggregates
from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Pool
from app.decisions import about, decide
from app.journal import Journal
from domain.case.clocks.deciding import AmendClocks
from domain.command import circumstances
from domain.identity import Caller
from domain.refusal import NotFound, Refusal
from domain.scope import scope_of
from projections.case_clocks import timed_cases

AT_ONCE: Final = 64
"""Cases read together and amended at once."""

Progress = Callable[[int], None]
"""Told how many cases were looked at."""


@dataclass(frozen=True)
class Wanted:
    """By which versions clocks are to count, for which reason, and of which cases.

    areas: codes, each with the areas below it; empty: wherever. run: tells it from other runs.
    """

    reason: str
    calendar_version: int | None = None
    policy_version: int | None = None
    areas: tuple[str, ...] = ()
    run: UUID = field(default_factory=uuid4)

    def command(self, case_id: UUID) -> AmendClocks:
        """The command on one case."""
        return AmendClocks(
            command_id=uuid5(self.run, str(case_id)),
            correlation_id=self.run,
            case_id=case_id,
            reason=self.reason,
            calendar_version=self.calendar_version,
            policy_version=self.policy_version,
        )


@dataclass
class AmendmentReport:
    """What came of it. refused: how many, by the code of the refusal."""

    dry_run: bool
    amended: int = 0
    unchanged: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def cases(self) -> int:
        """How many were looked at."""
        return self.amended + self.unchanged + self.refused.total()


@dataclass(frozen=True)
class Amender:
    """Goes through the cases that somebody may see and that are timed."""

    journal: Journal
    commands: CommandHandler
    configuration: CurrentConfiguration
    reads: Pool
    caller: Caller

    async def run(self, wanted: Wanted, progress: Progress, *, dry_run: bool) -> AmendmentReport:
        """Amend them. Raises NotFound for an area that is not there."""
        report = AmendmentReport(dry_run)
        async for case_ids in self._batches(self._areas(wanted)):
            outcomes = await asyncio.gather(
                *(self._amend(wanted.command(case_id), dry_run=dry_run) for case_id in case_ids)
            )
            for outcome in outcomes:
                if isinstance(outcome, Refusal):
                    report.refused[outcome.code] += 1
                elif outcome:
                    report.amended += 1
                else:
                    report.unchanged += 1
            progress(report.cases)
        return report

    def _areas(self, wanted: Wanted) -> frozenset[str] | None:
        if not wanted.areas:
            return None
        directory, now = self.configuration.directory, datetime.now(UTC)
        if directory is None or not directory.areas:
            return frozenset(wanted.areas)
        for code in wanted.areas:
            if directory.area_at(code, now) is None:
                raise NotFound(what="area")
        return directory.areas_below(wanted.areas, now) | frozenset(wanted.areas)

    async def _batches(self, areas: frozenset[str] | None) -> AsyncIterator[Sequence[UUID]]:
        after: UUID | None = None
        scope = scope_of(self.caller)
        while True:
            async with self.reads.acquire() as connection:
                found = await timed_cases(connection, scope, areas, after, AT_ONCE)
            if not found:
                return
            yield found
            after = found[-1]

    async def _amend(self, command: AmendClocks, *, dry_run: bool) -> Refusal | bool:
        """Whether anything was amended, or would be."""
        try:
            if dry_run:
                return await self._would_amend(command)
            done = await self.commands.execute(command, self.caller)
        except Refusal as refusal:
            return refusal
        return done.last_version >= done.first_version

    async def _would_amend(self, command: AmendClocks) -> bool:
        case = await Aggregates(self.journal).take(command.case_id)
        reporter, place = about(command, self.caller, case)
        by = circumstances(
            replace(command, expected_version=None),
            self.caller,
            datetime.now(UTC),
            self.configuration.arrangements(),
            reporter=reporter,
            place=place,
        )
        changed, _ = decide(case, command, self.caller, by)
        return bool(changed.pending_events)
