"""What an import took, what was there already, and what it refused."""

from dataclasses import dataclass, field
from typing import Final

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


@dataclass(slots=True)
class ImportReport:
    """The outcome of one import.

    Of a table each row is a trace.

    taken: traces that became cases; extended: cases that grew; present: traces that were there
    already; refused: all that were left out, of which `refusals` lists the first 10,000.
    events: read from the traces that were not refused; recorded: written to the journal.
    """

    source: str
    dry_run: bool
    taken: int = 0
    extended: int = 0
    present: int = 0
    refused: int = 0
    events: int = 0
    recorded: int = 0
    refusals: list[RefusedTrace] = field(default_factory=list)

    @property
    def traces(self) -> int:
        """All that were read."""
        return self.taken + self.extended + self.present + self.refused

    def accept(self, events: int, first_version: int, last_version: int) -> None:
        """Count a trace of so many events that added these versions to its stream."""
        self.events += events
        added = last_version - first_version + 1
        self.recorded += added
        if added == 0:
            self.present += 1
        elif first_version == 1:
            self.taken += 1
        else:
            self.extended += 1

    def refuse(self, refused: RefusedTrace) -> None:
        """Count a trace or row that was left out."""
        self.refused += 1
        if len(self.refusals) < MOST_LISTED:
            self.refusals.append(refused)
