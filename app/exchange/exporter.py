"""Takes cases or entries out of the journal, and records that it does.

What is written out is the journal as it was when the export began. It is kept aside until it is
complete and recorded; only then does it appear under its name.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from app.exchange import csv_writer, jsonl_writer
from app.exchange.as_xes import event_attributes, trace_attributes
from app.exchange.draft import Draft
from app.exchange.selection import SelectedCases, Selection
from app.exchange.xes_writer import XesWriter
from app.journal import Journal
from app.journal.envelope import StoredEntry, decode_entry
from domain.case.imported import ActivityRecorded, HistoryImported
from domain.identity import Caller
from domain.journal import RecordExport
from domain.merkle import Head
from domain.permissions import EXPORT_JOURNAL, permitted
from domain.recorded import RecordedEvent
from domain.scope import scope_of
from projections.case_state import CaseState
from schema.context import Commands, Reads

OUR_LOG: Final = "Wardbook"
BATCH_ENTRIES: Final = 500

Progress = Callable[[int, int], None]
"""Told how many cases (or positions) are done, and of how many."""


class Format(StrEnum):
    """What an export is written as."""

    XES = "xes"
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True)
class ExportReport:
    """What was written out. through, root: the journal it was taken from; root is hex."""

    format: Format
    cases: int
    events: int
    through: int
    root: str


@dataclass(frozen=True)
class Sources:
    """What an export reads from, and records itself with."""

    journal: Journal
    reads: Reads
    commands: Commands


@dataclass(frozen=True)
class ExportRequest:
    """What to write out, as what, and where it goes."""

    kind: Format
    selection: Selection
    draft: Draft


@dataclass(frozen=True)
class _History:
    """A case and those of its events that are taken, in version order.

    opening: its first event, taken or not. name: its concept:name in this export.
    """

    case: CaseState
    name: str
    opening: RecordedEvent
    events: Sequence[RecordedEvent]


async def export(
    sources: Sources, request: ExportRequest, caller: Caller, progress: Progress
) -> ExportReport:
    """Write what is selected, record the export, publish the draft.

    Raises NotPermitted, NotFound (a case that is not there) or OutputUnusable; then nothing
    appears, and nothing was recorded unless publishing itself failed.
    """
    permitted(caller, EXPORT_JOURNAL, None)
    head = await sources.journal.head()
    selected = SelectedCases(sources.reads, scope_of(caller), request.selection, head.size)
    run = _Export(sources.journal, request, selected, head, progress)
    match request.kind:
        case Format.XES:
            await run.xes()
        case Format.CSV:
            await run.csv()
        case Format.JSONL:
            await run.jsonl()
    command = RecordExport(
        command_id=uuid4(),
        format=request.kind.value,
        filters=request.selection.filters,
        through=head.size,
        events=run.events,
    )
    await sources.commands.execute(command, caller)
    request.draft.publish()
    return ExportReport(request.kind, run.cases, run.events, head.size, head.root.hex())


class _Export:
    """One export on its way."""

    def __init__(
        self,
        journal: Journal,
        request: ExportRequest,
        selected: SelectedCases,
        head: Head,
        progress: Progress,
    ) -> None:
        self.cases = 0
        self.events = 0
        self._journal = journal
        self._selection = request.selection
        self._draft = request.draft
        self._selected = selected
        self._head = head
        self._progress = progress

    async def xes(self) -> None:
        """A log with a trace for each case."""
        writer = XesWriter()
        self._draft.write(writer.begin(self._selection.source or OUR_LOG))
        async for history in self._histories():
            attributes = trace_attributes(history.name, history.case.case_no, history.opening)
            events = [event_attributes(recorded) for recorded in history.events]
            self._draft.write(writer.trace(attributes, events))
        self._draft.write(writer.end())

    async def csv(self) -> None:
        """A row for each event."""
        self._draft.write(csv_writer.header())
        async for history in self._histories():
            self._draft.write(csv_writer.rows(history.name, history.case.case_no, history.events))

    async def jsonl(self) -> None:
        """A line for each entry."""
        selection = self._selection
        streams = await self._streams() if selection.names_cases else None
        self._draft.write(jsonl_writer.head_line(self._head, selection.filters))
        size = self._head.size
        async for entries in self._journal.read_entries(until=size, batch=BATCH_ENTRIES):
            for entry in entries:
                if self._takes(entry, streams):
                    proof = await self._proof(entry.position)
                    self._draft.write(jsonl_writer.entry_line(entry, proof))
                    self.events += 1
            self._progress(entries[-1].position, size)

    def _takes(self, stored: StoredEntry, streams: Collection[UUID] | None) -> bool:
        if streams is not None and stored.stream_id not in streams:
            return False
        selection = self._selection
        return not selection.bounds_time or selection.keeps(decode_entry(stored.entry).occurred_at)

    async def _proof(self, position: int) -> list[bytes] | None:
        if not self._selection.filters:
            return None
        return await self._journal.inclusion(position, self._head.size)

    async def _streams(self) -> Collection[UUID]:
        streams = set[UUID]()
        async for page in self._selected.pages():
            streams.update(case.case_id for case in page)
        self.cases = len(streams)
        return streams

    async def _histories(self) -> AsyncIterator[_History]:
        total, done = await self._selected.count(), 0
        async for page in self._selected.pages():
            streams = await self._journal.read_streams([case.case_id for case in page])
            for case in page:
                history = self._history(case, streams[case.case_id])
                if history is not None:
                    self.cases += 1
                    self.events += len(history.events)
                    yield history
            done += len(page)
            self._progress(done, total)

    def _history(self, case: CaseState, recorded: Sequence[RecordedEvent]) -> _History | None:
        opening = recorded[0]
        imported = isinstance(opening.event, HistoryImported)
        events = [
            event
            for event in recorded
            if event.position <= self._head.size
            and self._selection.keeps(event.occurred_at)
            # An imported history is in a log what it was there: the beginning is the trace itself,
            # and what was found out about it here is no activity of it.
            and (not imported or isinstance(event.event, ActivityRecorded))
        ]
        selection = self._selection
        if not events and selection.bounds_time:
            return None
        by_its_own_name = selection.source is not None and case.external_id is not None
        name = case.external_id if by_its_own_name and case.external_id else case.case_no
        return _History(case, name, opening, events)
