"""The fold of a case's events into the intervals of its ledger, in the order of occurrence."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
import msgspec.structs

from domain.case.decisions import DECIDED_BY, DecisionKind
from domain.case.ledger.interval import Budget, Holder, Interval, Part
from domain.case.ledger.situation import Situation, concerns, holder_of, situation_after
from domain.case.lifecycle import Stage
from domain.case.merging import MergeReversed
from domain.case.returns import ReturnUpheld
from domain.case.state import CaseEvent
from domain.recorded import RecordedEvent

TAKEN_BY: Final[dict[Part, tuple[str, ...]]] = {
    Part.DISPATCHER: ("dispatchCase", "assignFallbackOwner"),
    Part.CHECKER: DECIDED_BY[DecisionKind.VERIFICATION],
    Part.EVALUATOR: ("recordFeedback",),
}
"""The commands by which each part does what it was to do."""

replace: Final = msgspec.structs.replace


class Ledger(msgspec.Struct, frozen=True):
    """How a case stands, and its intervals in the order in which they began.

    Those that became somebody else's afterwards stay among them, and tell until when they were not.
    """

    situation: Situation = Situation()
    intervals: tuple[Interval, ...] = ()


def ledger_of(events: Iterable[RecordedEvent]) -> Ledger:
    """The ledger of a case with these events, given in any order."""
    ledger = Ledger()
    for recorded in sorted(events, key=lambda each: (each.occurred_at, each.version)):
        if concerns(recorded.event):
            ledger = advance(ledger, recorded)
    return ledger


def advance(ledger: Ledger, recorded: RecordedEvent) -> Ledger:
    """The ledger after one more event that concerns it, and occurred no earlier than the others."""
    event = recorded.event
    assert isinstance(event, CaseEvent), "it concerns the ledger"  # noqa: S101
    before = ledger.situation
    after = situation_after(before, event)
    holder, intervals = holder_of(after), list(ledger.intervals)
    going_on = next((each for each in intervals if each.is_open), None)
    # What was used of the clock of the case ends where that stops, whoever goes on.
    stopped = before.resolution is not None and after.resolution is None
    if going_on is not None and (going_on.holder != holder or stopped):
        intervals[intervals.index(going_on)] = _ended(going_on, before, recorded)
        going_on = None
    if isinstance(event, ReturnUpheld):
        intervals = list(_given_back(intervals, event.lead_unit, recorded))
    if isinstance(event, MergeReversed) and before.stage is Stage.MERGED and holder is not None:
        intervals += _merged_wrongly(intervals, recorded)
    if holder is not None and going_on is None:
        intervals.append(_begun(holder, after, recorded))
    return Ledger(after, tuple(_allowed(each, after, recorded) for each in intervals))


def _begun(holder: Holder, situation: Situation, recorded: RecordedEvent) -> Interval:
    at = recorded.occurred_at.astimezone(UTC)
    return Interval(
        cycle=situation.cycle,
        holder=holder,
        begin=at,
        version=recorded.version,
        position=recorded.position,
        since=at,
        since_version=recorded.version,
        since_position=recorded.position,
    )


def _ended(interval: Interval, before: Situation, recorded: RecordedEvent) -> Interval:
    taken = recorded.authority.permission in _taken_by(interval.holder)
    return replace(
        interval,
        end=recorded.occurred_at.astimezone(UTC),
        end_version=recorded.version,
        end_position=recorded.position,
        taken_unit=recorded.actor.unit if taken else None,
        taken_post=recorded.actor.position if taken else None,
        clock=before.resolution,
    )


def _taken_by(holder: Holder) -> tuple[str, ...]:
    if holder.decision is not None:
        return DECIDED_BY[holder.decision]
    return TAKEN_BY.get(holder.part, ())


def _given_back(
    intervals: list[Interval], unit: str, recorded: RecordedEvent
) -> Iterator[Interval]:
    """A return was upheld: the time of the unit since it was dispatched is the dispatcher's.

    All of it, also what lies before a return that had been rejected: the case was never theirs.
    """
    at = recorded.occurred_at.astimezone(UTC)
    returned = {each.key for each in _since_dispatch(intervals, unit)}
    for interval in intervals:
        if interval.key not in returned:
            yield interval
            continue
        yield replace(
            interval,
            until=at,
            until_version=recorded.version,
            until_position=recorded.position,
        )
        dispatched = _dispatched_before(intervals, interval)
        yield replace(
            interval,
            holder=Holder(Part.DISPATCHER),
            since=at,
            since_version=recorded.version,
            since_position=recorded.position,
            taken_unit=None if dispatched is None else dispatched.taken_unit,
            taken_post=None if dispatched is None else dispatched.taken_post,
            budget=_left_over(dispatched, recorded.position),
        )


def _merged_wrongly(intervals: list[Interval], recorded: RecordedEvent) -> Iterator[Interval]:
    """A merge was reversed: the case had been ours all the time, and its clock had run.

    Until then nobody answered for it; from then on it is the time of the dispatcher, who merged it.
    """
    at = recorded.occurred_at.astimezone(UTC)
    for before in [each for each in intervals if each.until is None][-1:]:
        yield replace(
            before,
            holder=Holder(Part.DISPATCHER),
            begin=before.end,
            version=before.end_version,
            position=before.end_position,
            since=at,
            since_version=recorded.version,
            since_position=recorded.position,
            end=at,
            end_version=recorded.version,
            end_position=recorded.position,
            taken_unit=None,
            taken_post=None,
            budget=None,
        )


def _since_dispatch(intervals: list[Interval], unit: str) -> Iterator[Interval]:
    """The intervals in which a unit led, back to the last that somebody else led or nobody did."""
    for interval in reversed(intervals):
        holder = interval.holder
        if interval.until is not None or interval.is_afterwards or holder.part is Part.DECIDER:
            continue
        if holder.part is not Part.LEAD or holder.unit != unit:
            return
        yield interval


def _dispatched_before(intervals: list[Interval], given: Interval) -> Interval | None:
    """The interval of the dispatcher that the wrong dispatch ended."""
    before = (each for each in reversed(intervals) if each.version < given.version)
    found = next(
        (each for each in before if each.holder.part is Part.DISPATCHER and not each.is_afterwards),
        None,
    )
    return found if found is not None and found.cycle == given.cycle else None


def _left_over(dispatched: Interval | None, position: int) -> Budget | None:
    """What the dispatcher had for that dispatch."""
    if dispatched is None or dispatched.budget is None:
        return None
    return replace(dispatched.budget, position=position)


def _allowed(interval: Interval, situation: Situation, recorded: RecordedEvent) -> Interval:
    """The interval with the limit of its clock, once that runs."""
    if interval.budget is not None or not interval.is_open:
        return interval
    clock = situation.clock(interval.holder.clock)
    if clock is None:
        return interval
    begin, due = (time.astimezone(UTC) for time in (clock.started_at, clock.first_due or clock.due))
    budget = Budget(clock.name, clock.number, begin, due, recorded.position)
    return replace(interval, budget=budget)


def known_at(
    intervals: Iterable[Interval], position: int | None, time: datetime | None
) -> list[Interval]:
    """The intervals as they were known at a position, and stood at a time; None: now.

    They partition the time from the acceptance on: what was somebody else's then is left out.
    """

    def is_so(event_position: int | None, occurred: datetime | None) -> bool:
        known = event_position is not None and (position is None or event_position <= position)
        return known and (time is None or occurred is None or occurred <= time)

    return [
        _as_it_stood(each, is_so)
        for each in intervals
        if is_so(each.since_position, each.since) and not is_so(each.until_position, each.until)
    ]


def _as_it_stood(
    interval: Interval, is_so: Callable[[int | None, datetime | None], bool]
) -> Interval:
    """Without what was not so yet."""
    stood = replace(interval, until=None, until_version=None, until_position=None)
    if not is_so(stood.end_position, stood.end):
        stood = replace(
            stood,
            end=None,
            end_version=None,
            end_position=None,
            taken_unit=None,
            taken_post=None,
            clock=None,
        )
    if stood.budget is not None and not is_so(stood.budget.position, stood.budget.begin):
        stood = replace(stood, budget=None)
    return stood
