"""Logs on their way into a journal and out of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import strawberry

from app.aggregates import Aggregates
from app.commands import CommandHandler
from app.database import Database
from app.exchange.csv_import import CsvRequest, import_csv
from app.exchange.csv_shapes import Mapping
from app.exchange.draft import Draft
from app.exchange.exporter import ExportReport, ExportRequest, Format, Sources, export
from app.exchange.import_report import ImportReport
from app.exchange.importer import Rehearsal, import_xes
from app.exchange.reading import ImportRequest
from app.exchange.selection import Selection
from app.journal import Journal
from domain.identity import Caller
from schema.build import build_schema
from tests.api.schema.asking import Api
from tests.db.exchange.processes import Wardbook
from tests.domain.people import AUDITOR, OPERATOR
from tests.servers import Server


def silent(*_: int) -> None:
    """Nobody watches."""


@dataclass
class Desk:
    """Where logs come in and go out."""

    api: Api
    journal: Journal
    commands: CommandHandler
    folder: Path

    async def bring_in(
        self, log: Path | str, *, by: Caller = OPERATOR, dry_run: bool = False, **how: Any
    ) -> ImportReport:
        """Import a file, or a text that becomes one."""
        if isinstance(log, str):
            path = self.folder / "log.xes"
            path.write_text(log, encoding="utf-8")
            log = path
        request = ImportRequest(log, dry_run=dry_run, **how)
        executor = Rehearsal(Aggregates(self.journal)) if dry_run else self.commands
        return await import_xes(request, executor, by, silent)

    async def bring_in_table(
        self, table: Path | str | bytes, mapping: Mapping, *, dry_run: bool = False, **how: Any
    ) -> ImportReport:
        """Import a CSV file, or a text that becomes one."""
        request = CsvRequest(self._table(table), mapping, dry_run=dry_run, **how)
        executor = Rehearsal(Aggregates(self.journal)) if dry_run else self.commands
        return await import_csv(request, executor, OPERATOR, silent)

    def _table(self, table: Path | str | bytes) -> Path:
        if isinstance(table, Path):
            return table
        path = self.folder / "table.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        return path

    async def take_out(
        self, kind: Format, out: Path, *, by: Caller = AUDITOR, **selected: Any
    ) -> ExportReport:
        """Export to a file."""
        sources = Sources(self.journal, self.api.reads, self.commands)
        with Draft(out) as draft:
            request = ExportRequest(kind, Selection(**selected), draft)
            return await export(sources, request, by, silent)

    async def size(self) -> int:
        """How many entries the journal has."""
        return (await self.journal.head()).size

    async def facts(self, source: str, as_of: str | None = None) -> dict[str, Any]:
        """`logFacts` as GraphQL gives it."""
        answer = await self.api.by(AUDITOR).ask(
            """
            query ($source: String!, $asOf: AsOf) {
              logFacts(source: $source, asOf: $asOf) {
                cases events activities resources variants throughputMedian throughputMean
              }
            }
            """,
            source=source,
            asOf=None if as_of is None else {"occurredAt": as_of},
        )
        facts: dict[str, Any] = answer["logFacts"]
        return facts


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    return build_schema()


@pytest.fixture
async def desk(
    schema: strawberry.Schema,
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    tmp_path: Path,
) -> AsyncIterator[Desk]:
    async with database.pool(4) as reads:
        api = Api(schema, commands, journal, reads)
        yield Desk(api, journal, commands, tmp_path)


@pytest.fixture
def wardbook(server: Server, database_name: str, tmp_path: Path) -> Wardbook:
    return Wardbook(Database(server.service_dsn(database_name)), tmp_path)
