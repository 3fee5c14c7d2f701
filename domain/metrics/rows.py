"""What one case contributes to the figures: its rows, and what they are told apart by."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.state import CaseEvent
from domain.metrics.vocabulary import FACTS, ExclusionCause, Fact, Population
from domain.vocabulary import Channel

Key = str
"""Which row of a case it is: its population and the number of its clock, cycle, order and so on."""


def key_of(population: Population, instance: str) -> Key:
    """The key of a row, as in "CYCLE/2"."""
    return f"{population.value}/{instance}"


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to count. unit: who is appraised by it; None: nobody had the case.

    facts: in the order of the vocabulary; the first of the population is among them.
    due: of its clock; a row without one counts by the time at which it began.
    by: who decided, of a SUSPENSION or an EXTENSION: a position, or a person without one.
    """

    population: Population
    instance: str
    began: datetime
    facts: tuple[Fact, ...]
    unit: str | None = None
    due: datetime | None = None
    ended: datetime | None = None
    by: str | None = None

    @property
    def key(self) -> Key:
        """Which row of the case it is."""
        return key_of(self.population, self.instance)

    def marked(self, *facts: Fact) -> "Row":
        """The row with these facts too."""
        return self._of({*self.facts, *facts})

    def unmarked(self, *facts: Fact) -> "Row":
        """The row without these facts."""
        return self._of(set(self.facts).difference(facts))

    def _of(self, facts: set[Fact]) -> "Row":
        ordered = tuple(fact for fact in FACTS[self.population] if fact in facts)
        return msgspec.structs.replace(self, facts=ordered)


class Exclusion(msgspec.Struct, frozen=True):
    """A case is left out of a metric, of one unit. by: as in Row; at: when that was approved."""

    metric: str
    unit: str
    cause: ExclusionCause
    by: str
    at: datetime


class History(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a case so far, as far as figures want to know; a fold of its events.

    source: of an imported history. lead: who has the case. cycle: 0 before it was taken on.
    claimed: the unit said that it was resolved. merged, repeats: the case goes on in another, and
    the cases that it is linked with as the same demand. voided: it should never have been a case:
    it has no rows, whatever becomes of it. clocks: those that run. rows: by their keys.
    """

    channel: Channel
    type_code: str | None = None
    area: str | None = None
    source: str | None = None
    confidential: bool = False
    lead: str | None = None
    cycle: int = 0
    claimed: bool = False
    merged: bool = False
    repeats: tuple[UUID, ...] = ()
    voided: bool = False
    exclusions: tuple[Exclusion, ...] = ()
    clocks: Mapping[str, Clock] = {}
    rows: Mapping[Key, Row] = {}

    def excluded(self, row: Row) -> tuple[str, ...]:
        """The metrics that a row is left out of, in order."""
        metrics = {each.metric for each in self.exclusions if each.unit == row.unit}
        return tuple(sorted(metrics))

    def row(self, population: Population, instance: str) -> Row | None:
        """One of its rows."""
        return self.rows.get(key_of(population, instance))

    def of(self, population: Population, prefix: str = "") -> list[Row]:
        """Its rows of a population whose instances begin like that, by their numbers."""
        found = [
            row
            for row in self.rows.values()
            if row.population is population and row.instance.startswith(prefix)
        ]
        return sorted(found, key=_numbers)

    def with_row(self, row: Row) -> "History":
        """The history with a row, in the place of the one with its key."""
        return msgspec.structs.replace(self, rows={**self.rows, row.key: row})

    def without_row(self, key: Key) -> "History":
        """The history without that row."""
        left = {each: row for each, row in self.rows.items() if each != key}
        return msgspec.structs.replace(self, rows=left)


def _numbers(row: Row) -> list[tuple[int, str]]:
    """The parts of an instance, so that 2 comes before 10."""
    return [(len(part), part) for part in row.instance.split("/")]


Event = TypeVar("Event", bound=CaseEvent)

Taken = Callable[[History, CaseEvent, str], History]
"""What an event does to a history; with who did it, as in Row."""


def on(
    kind: type[Event], take: Callable[[History, Event, str], History]
) -> tuple[type[AggregateEvent], Taken]:
    """A line of a table by events: it is only ever called with such a one."""
    return kind, cast("Taken", take)
