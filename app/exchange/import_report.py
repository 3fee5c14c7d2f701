"""What an import took, what was there already, and what it refused."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain.case.imported import ImportHistory
from domain.refusal import Refusal

MOST_LISTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class RefusedTrace:
    """A trace, or row, that was left out.

    line: where in the file the reason stands, from 1. column: in which, by its name in the header
    of a table; empty: in no one column, or it is no table.
    """

    line: int
    column: str
    code: str
    message: str


def refused_trace(line: int, column: str, refusal: Refusal) -> RefusedTrace:
    """A trace or row that was left out for what stands in this place."""
    place = f"Line {line}, column {column}: " if column else f"Line {line}: "
    message = refusal.message
    located = message if message.startswith(f"Line {line}") else place + message
    return RefusedTrace(line, column, refusal.code, located)


def _end_of(trace: ImportHistory) -> datetime | None:
    """When the case ended there, as it is said of it or by the activity that closed it."""
    said = None if trace.record is None else trace.record.ended_at
    return said or next((each.occurred_at for each in trace.activities if each.closes), None)


@dataclass(slots=True)
class ImportReport:
    """The outcome of one import.

    Of a table each row is a trace.

    taken: traces that became cases; extended: cases that grew; present: traces that were there
    already; refused: all that were left out, of which `refusals` lists the first 10,000.
    events: read from the traces that were not refused; recorded: written to the journal.
    due: traces not refused that say by when their case had to be closed; ended: that say when it
    was; late: when it was due already.
    """

    source: str
    dry_run: bool
    taken: int = 0
    extended: int = 0
    present: int = 0
    refused: int = 0
    events: int = 0
    recorded: int = 0
    due: int = 0
    ended: int = 0
    late: int = 0
    refusals: list[RefusedTrace] = field(default_factory=list)

    @property
    def traces(self) -> int:
        """All that were read."""
        return self.taken + self.extended + self.present + self.refused

    def accept(self, trace: ImportHistory, first_version: int, last_version: int) -> None:
        """Count a trace that added these versions to its stream."""
        self.events += len(trace.activities)
        self._time(trace)
        added = last_version - first_version + 1
        self.recorded += added
        if added == 0:
            self.present += 1
        elif first_version == 1:
            self.taken += 1
        else:
            self.extended += 1

    def _time(self, trace: ImportHistory) -> None:
        due = None if trace.record is None else trace.record.due_at
        ended = _end_of(trace)
        self.due += due is not None
        self.ended += ended is not None
        self.late += due is not None and ended is not None and ended > due

    def refuse(self, refused: RefusedTrace) -> None:
        """Count a trace or row that was left out."""
        self.refused += 1
        if len(self.refusals) < MOST_LISTED:
            self.refusals.append(refused)
