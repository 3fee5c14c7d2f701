"""The parts of a case's state that are lists: codes, ids and times, never what people wrote.

They lie in one column beside the others, so that they are right as of any moment as those are.
A part that is empty takes no room there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.clock import Clock
from domain.case.decisions import PendingDecision
from domain.case.lifecycle import Stage
from domain.case.linking import CasesLinked, CasesUnlinked
from domain.case.merging import AbsorptionReversed, CaseAbsorbed
from domain.case.splitting import CaseSplit, CaseSplitFrom
from domain.case.state import CaseEvent
from domain.case.tracking import TrackingCodeReissued
from projections import handling, holds, passage, structure, supervision


class Details(handling.Details, frozen=True, omit_defaults=True):
    """Each part has its GraphQL name in camelCase, and is compared by itself in a diff.

    due_at: of an imported history: by when it had to be closed where it comes from.
    tracking_number: how many tracking codes it has had.
    links, absorbed: the cases that it has to do with, and those that go on in it.
    pending_decisions: what it waits for (`projections.pending_decisions`).
    clocks: those that run, by their names. orders: all supervision orders there were.
    suspensions, extensions: all that were asked for.
    """

    due_at: datetime | None = None
    tracking_number: int = 1
    links: tuple[structure.Link, ...] = ()
    absorbed: tuple[structure.Absorbed, ...] = ()
    pending_decisions: tuple[PendingDecision, ...] = ()
    clocks: tuple[Clock, ...] = ()
    orders: supervision.Orders = ()
    suspensions: holds.Suspensions = ()
    extensions: holds.Extensions = ()


NONE: Final = Details()
"""Of a case to which nothing of the kind has happened."""


def _reissued(details: Details, event: TrackingCodeReissued) -> Details:
    return msgspec.structs.replace(details, tracking_number=event.number)


def _links(
    changed: Callable[[tuple[structure.Link, ...], Any], tuple[structure.Link, ...]],
) -> Callable[[Details, AggregateEvent], Details]:
    return lambda details, event: msgspec.structs.replace(
        details, links=changed(details.links, event)
    )


def _absorbed(details: Details, event: CaseAbsorbed | AbsorptionReversed) -> Details:
    absorbed = structure.absorbed(details.absorbed, event)
    return msgspec.structs.replace(details, absorbed=absorbed)


def _orders(
    changed: Callable[[supervision.Orders, Any], supervision.Orders],
) -> Callable[[Details, AggregateEvent], Details]:
    return lambda details, event: msgspec.structs.replace(
        details, orders=changed(details.orders, event)
    )


def _suspensions(
    changed: Callable[[holds.Suspensions, Any], holds.Suspensions],
) -> Callable[[Details, AggregateEvent], Details]:
    return lambda details, event: msgspec.structs.replace(
        details, suspensions=changed(details.suspensions, event)
    )


def _extensions(
    changed: Callable[[holds.Extensions, Any], holds.Extensions],
) -> Callable[[Details, AggregateEvent], Details]:
    return lambda details, event: msgspec.structs.replace(
        details, extensions=changed(details.extensions, event)
    )


DetailEffects = Mapping[type[AggregateEvent], Callable[[Details, Any], Details]]

_HERE: Final[DetailEffects] = {
    TrackingCodeReissued: _reissued,
    CasesLinked: _links(structure.linked),
    CasesUnlinked: _links(structure.unlinked),
    CaseSplit: _links(structure.split),
    CaseSplitFrom: _links(structure.split),
    CaseAbsorbed: _absorbed,
    AbsorptionReversed: _absorbed,
    **{event: _orders(effect) for event, effect in supervision.ORDER_EFFECTS.items()},
    **{event: _suspensions(effect) for event, effect in holds.SUSPENSION_EFFECTS.items()},
    **{event: _extensions(effect) for event, effect in holds.EXTENSION_EFFECTS.items()},
}


def _one_after_another(*tables: DetailEffects) -> DetailEffects:
    """One table of several; where more of them have an event, each does its part."""
    together: dict[type[AggregateEvent], Callable[[Details, Any], Details]] = {}
    for table in tables:
        for kind, effect in table.items():
            first = together.get(kind)
            together[kind] = effect if first is None else _both(first, effect)
    return together


def _both(
    first: Callable[[Details, Any], Details], then: Callable[[Details, Any], Details]
) -> Callable[[Details, Any], Details]:
    return lambda details, event: then(first(details, event), event)


DETAIL_EFFECTS: Final = _one_after_another(passage.DETAIL_EFFECTS, handling.DETAIL_EFFECTS, _HERE)
"""What an event makes of the details; those of an event that is not here stay."""


def at_stage(details: Details, stage: Stage, at: datetime) -> Details:
    """The details after the case came to a stage: what its lead asked for may be over."""
    if not details.suspensions and not details.extensions:
        return details
    suspensions = holds.suspensions_at(details.suspensions, stage, at)
    extensions = holds.extensions_at(details.extensions, stage)
    if suspensions is details.suspensions and extensions is details.extensions:
        return details
    return msgspec.structs.replace(details, suspensions=suspensions, extensions=extensions)


def timed(details: Details, event: CaseEvent) -> Details:
    """The details with the clocks that run after an event."""
    if not details.clocks and not event.sets_clocks():
        return details
    clocks = {clock.name: clock for clock in details.clocks}
    after = event.clocks_after(clocks)
    if after is clocks:
        return details
    running = tuple(after[name] for name in sorted(after))
    return msgspec.structs.replace(details, clocks=running)


_decode: Final = msgspec.json.Decoder(Details).decode


def details_of(text: str) -> Details:
    """The details in a column."""
    return NONE if text == "{}" else _decode(text)
