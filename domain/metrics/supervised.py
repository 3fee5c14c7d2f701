"""The rows of supervision orders, and of decisions about time; what a case is left out of."""

from collections.abc import Callable
from typing import Final

import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.excluding import MetricExclusionApproved, MetricExclusionRevoked
from domain.case.extension import ExtensionApproved, ExtensionDenied
from domain.case.orders import (
    OrderEnded,
    OrderEscalated,
    OrderEvent,
    OrderIssued,
    OrderReleased,
    OrderReplied,
)
from domain.case.suspension import CaseSuspended, SuspensionDenied
from domain.metrics.rows import Exclusion, History, Row, Taken, on
from domain.metrics.vocabulary import FACTS, Fact, Population

Decision = ExtensionApproved | ExtensionDenied | CaseSuspended | SuspensionDenied

replace: Final = msgspec.structs.replace


def _issued(history: History, event: OrderIssued, _: str) -> History:
    row = Row(
        Population.ORDER,
        str(event.number),
        began=event.timestamp,
        facts=(Fact.ORDER_ISSUED,),
        unit=event.unit,
        due=event.due,
    )
    return history.with_row(row)


def _replied(history: History, event: OrderReplied, _: str) -> History:
    """In time: by the due time of the newest demand, unless one before it was missed."""

    def replied(row: Row) -> Row:
        in_time = row.due is not None and event.timestamp <= row.due
        row = row.marked(Fact.ORDER_ANSWERED)
        return row.marked(Fact.ORDER_ANSWERED_IN_TIME) if in_time else row

    return _changed(history, event, replied)


def _escalated(history: History, event: OrderEscalated, _: str) -> History:
    """What was answered was not enough: another answer is due.

    Where the last one was not there by its due time, that stands: an order that goes up for want of
    an answer is not answered in time by the answer to what it was raised to.
    """

    def escalated(row: Row) -> Row:
        answered = Fact.ORDER_ANSWERED_IN_TIME in row.facts
        missed = not answered and row.due is not None and event.timestamp >= row.due
        row = row.unmarked(Fact.ORDER_ANSWERED, Fact.ORDER_ANSWERED_IN_TIME)
        return row if missed else replace(row, due=event.due)

    return _changed(history, event, escalated)


def _released(history: History, event: OrderReleased, _: str) -> History:
    def released(row: Row) -> Row:
        return replace(row, ended=event.timestamp).marked(Fact.ORDER_RELEASED)

    return _changed(history, event, released)


def _ended(history: History, event: OrderEnded, _: str) -> History:
    """The case ended over it, and nobody released it. It was issued all the same."""
    return _changed(history, event, lambda row: replace(row, ended=event.timestamp))


def _changed(history: History, event: OrderEvent, change: Callable[[Row], Row]) -> History:
    row = history.row(Population.ORDER, str(event.number))
    return history if row is None else history.with_row(change(row))


def _decided(population: Population, *facts: Fact) -> Callable[[History, Decision, str], History]:
    """A request of the unit that has the case was decided."""

    def decided(history: History, event: Decision, by: str) -> History:
        row = Row(
            population,
            str(event.number),
            began=event.timestamp,
            facts=facts,
            unit=history.lead,
            by=by,
        )
        return history.with_row(row)

    return decided


def _excluded(history: History, event: MetricExclusionApproved, by: str) -> History:
    exclusion = Exclusion(event.metric, event.unit, event.cause, by, event.timestamp)
    return replace(history, exclusions=(*_others(history, event), exclusion))


def _counts_again(history: History, event: MetricExclusionRevoked, _: str) -> History:
    return replace(history, exclusions=_others(history, event))


def _others(
    history: History, event: MetricExclusionApproved | MetricExclusionRevoked
) -> tuple[Exclusion, ...]:
    """What it is left out of beside that."""
    about = event.metric, event.unit
    return tuple(each for each in history.exclusions if (each.metric, each.unit) != about)


TAKEN_IN: Final[tuple[tuple[type[AggregateEvent], Taken], ...]] = (
    on(OrderIssued, _issued),
    on(OrderReplied, _replied),
    on(OrderEscalated, _escalated),
    on(OrderReleased, _released),
    on(OrderEnded, _ended),
    on(MetricExclusionApproved, _excluded),
    on(MetricExclusionRevoked, _counts_again),
    on(CaseSuspended, _decided(Population.SUSPENSION, *FACTS[Population.SUSPENSION])),
    on(SuspensionDenied, _decided(Population.SUSPENSION, Fact.SUSPENSION_DECIDED)),
    on(ExtensionApproved, _decided(Population.EXTENSION, *FACTS[Population.EXTENSION])),
    on(ExtensionDenied, _decided(Population.EXTENSION, Fact.EXTENSION_DECIDED)),
)
"""Lines of the table in `domain.metrics.history`."""
