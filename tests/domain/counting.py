"""Told histories, hour by hour, and what is counted of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from eventsourcing.domain import AggregateCreated

from domain.calendar.timetable import Limit, LimitUnit
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import DeadlineBreached, DeadlineWarning
from domain.case.state import CaseEvent, CaseOpened
from domain.catalogue.content import Label
from domain.identity import Actor, ActorKind
from domain.metric_definitions.content import MetricDefinition, MetricKind
from domain.metrics.figures import Countable, Figure, figure, tally
from domain.metrics.history import after, opened
from domain.metrics.rows import History, Row
from domain.metrics.vocabulary import Fact as Counted
from domain.metrics.vocabulary import Population
from domain.vocabulary import ClockKind
from tests.domain.scenario import BEGAN, CASE, Fact, happened
from tests.domain.timing import clock, started

ACTOR: Final = Actor("ann", ActorKind.PERSON, position="duty desk", unit="centre")
LIMIT: Final = Limit(10, LimitUnit.WALL_MINUTES)
ALWAYS: Final = (BEGAN - timedelta(days=999), BEGAN + timedelta(days=999))

Moment = tuple[float, Fact]
"""When it happened, in hours from the beginning, and what."""


def hour(number: float) -> datetime:
    return BEGAN + timedelta(hours=number)


def told(*moments: Moment) -> History:
    """The history that these events come to."""
    history: History | None = None
    for version, (when, fact) in enumerate(moments, 1):
        place: dict[str, Any] = {
            "originator_id": CASE,
            "originator_version": version,
            "timestamp": hour(when),
        }
        if issubclass(fact.event, AggregateCreated):
            place["originator_topic"] = "case"
        event = fact.event(**place, **dict(fact.said))
        if isinstance(event, CaseOpened):
            history = opened(event)
        else:
            assert isinstance(event, CaseEvent)
            assert history is not None
            history = after(history, event, ACTOR)
    assert history is not None
    return history


def due_in(
    kind: ClockKind, begin: float, due: float, unit: str | None = None, **said: Any
) -> Clock:
    """A clock from one hour to another."""
    return clock(kind, started_at=hour(begin), due=hour(due), unit=unit, limit=LIMIT, **said)


def timed(*clocks: Clock) -> Fact:
    return started(*clocks)


def warned(at: Clock, percent: int = 80) -> Fact:
    return happened(DeadlineWarning, percent=percent, clock=at)


def breached(at: Clock) -> Fact:
    return happened(DeadlineBreached, percent=100, clock=at)


def the_row(history: History, population: Population, number: int = 0) -> Row:
    """One of the rows of a population, in the order they came."""
    return history.of(population)[number]


def facts_of(history: History, population: Population) -> list[tuple[Counted, ...]]:
    return [row.facts for row in history.of(population)]


def metric(code: str, kind: MetricKind = MetricKind.RATE, **said: Any) -> MetricDefinition:
    return MetricDefinition(code, Label(zh=code, en=code), kind, **said)


def countable(histories: Iterable[History]) -> list[Countable]:
    return [
        (row, history.area, history.excluded(row))
        for history in histories
        for row in history.rows.values()
    ]


def figure_of(
    definition: MetricDefinition,
    *histories: History,
    within: tuple[datetime, datetime] = ALWAYS,
    at: datetime = ALWAYS[1],
) -> Figure:
    return figure(definition, tally(definition, countable(histories), *within, at))
