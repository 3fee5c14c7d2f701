"""What follows for the clocks of a case from what a command made happen, recorded together with it.

Limits that were passed without anybody noticing before their clocks stopped or moved; what is timed
from now on; and what is due at another time than it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.clocks.amending import amend_after
from domain.case.clocks.changing import amended, awaiting, paused, resumed
from domain.case.clocks.clock import Clock, Clocks, name_of
from domain.case.clocks.deadlines import breach, passed
from domain.case.clocks.notifying import told_of_breach
from domain.case.clocks.pinned import (
    ladder_of,
    policy_in_force,
    rule_for,
    timetable_in_force,
    timetable_of,
)
from domain.case.clocks.starting import STARTS, ClocksStarted, Start, Whose
from domain.case.clocks.unnoticed import Unnoticed, say, unnoticed
from domain.case.cohandling import CoHandlingRequested
from domain.case.feedback import FeedbackRequested
from domain.case.merging import MergeReversed
from domain.case.orders import ReplyDemanded
from domain.case.outcome import ReworkOrdered
from domain.case.regions import ReturnState
from domain.case.state import Case, CaseEvent
from domain.case.timers import TimerKind
from domain.command import Circumstances
from domain.vocabulary import ClockKind

NOT_RESTORED: Final = frozenset({ClockKind.CO_REPLY, ClockKind.FEEDBACK, ClockKind.PUBLICATION})
"""What was asked of others is closed by a merge: its reversal does not ask again, and the reporter
is waited for anew. A publication is decided meanwhile too: a merge stops its clock as little."""


class Before(NamedTuple):
    """What is to be known of a case as it was before a command.

    pending: how many events were. clocks: those that ran. unnoticed: what nobody noticed by then of
    those whose limits are passed, by name: whose time it was, the command may change.
    """

    pending: int
    clocks: Clocks
    unnoticed: Mapping[str, tuple[Unnoticed, ...]]


BEGINNING: Final = Before(0, {}, {})
"""Of a case that the command begins."""


def before(case: Case, by: Circumstances) -> Before:
    """A case before a command."""
    late = {name: clock for name, clock in case.clocks.items() if clock.due < by.at}
    found = {name: tuple(unnoticed(clock, case, by)) for name, clock in late.items()}
    return Before(len(case.pending_events), case.clocks, found)


def follow(case: Case, was: Before, by: Circumstances) -> None:
    """Trigger what follows from the events of a command, which are pending."""
    pending = case.pending_events[was.pending :]
    events = [each for each in pending if isinstance(each, AggregateEvent)]
    if not events:
        return
    _notice(case, was, by)
    anew = set_anew(case, events, was.clocks, by)
    if anew:
        marked = [_passed_already(clock, case, by) for clock in anew]
        case.trigger_event(ClocksStarted, timestamp=by.at, clocks=tuple(marked))
        for clock, now in zip(anew, marked, strict=True):
            if now is not clock:
                breach(case, now, told_of_breach(now, case, by))
    amend_after(case, events, by)


def _passed_already(clock: Clock, case: Case, by: Circumstances) -> Clock:
    """The clock with its limit passed, where it is by now; what comes before that is not said."""
    now = passed(clock, by.at)
    if now is clock:
        return clock
    return awaiting(now, timetable_of(now, by), ladder_of(now, case, by))


def _notice(case: Case, was: Before, by: Circumstances) -> None:
    """A limit that was passed before its clock stopped or moved was passed, noticed or not."""
    for name, found in was.unnoticed.items():
        clock, now = was.clocks[name], case.clocks.get(name)
        if now is clock:
            continue
        runs_on = now if now is not None and now.is_same(clock) else None
        for each in found:
            say(each, runs_on, case, by)


def after(event: CaseEvent, clocks: Clocks) -> Clocks:
    """The running clocks after an event, as it says."""
    return event.clocks_after(clocks)


def set_anew(
    case: Case,
    events: Sequence[AggregateEvent],
    before: Clocks,
    by: Circumstances,
    step: Callable[[CaseEvent, Clocks], Clocks] = after,
) -> list[Clock]:
    """What the events start, as far as nothing in them stops it again.

    case: as it is after them. before: the clocks that ran before. step: what each does to those
    that run.
    """
    running, anew = before, dict[str, Clock]()
    for event in events:
        if isinstance(event, CaseEvent):
            running = step(event, running)
        for clock in (*_going_on(case, event, by), *_started(case, event, running, by)):
            running = {**running, clock.name: clock}
            anew[clock.name] = clock
    return [clock for name, clock in anew.items() if running.get(name) is clock]


def _started(
    case: Case, event: AggregateEvent, running: Clocks, by: Circumstances
) -> Iterator[Clock]:
    policy = policy_in_force(by)
    for start in STARTS.get(type(event), ()):
        unit = _unit(start, case, event)
        key = _asked(event) if start.whose is Whose.ASKED else start.key
        rule = None if policy is None else rule_for(start.kind, case, policy, by)
        if policy is None or rule is None or not _starts(start, key, case, running):
            continue
        table, counts_from = timetable_in_force(rule.calendar, by), _counts_from(event)
        clock = Clock(
            kind=start.kind,
            key=key,
            number=case.counted(name_of(start.kind, key)) + 1,
            unit=unit,
            cycle=case.cycle,
            started_at=event.timestamp,
            limit=rule.limit,
            due=table.due(counts_from or event.timestamp, rule.limit),
            counts_from=counts_from,
            calendar=table.pin,
            policy=policy.number,
            escalation=None if by.escalation is None else by.escalation.number_in_force(by.at),
        )
        bounded = _bounded(clock, case, event, running)
        yield amended(bounded, event.timestamp, table, ladder_of(clock, case, by))


def _starts(start: Start, key: str, case: Case, running: Clocks) -> bool:
    return (
        name_of(start.kind, key) not in running
        and not (start.once and case.contacted)
        and start.at in {None, case.stage}
    )


def _asked(event: AggregateEvent) -> str:
    """What tells a request of a unit from others of its kind."""
    if isinstance(event, ReplyDemanded):
        return str(event.number)
    return event.unit if isinstance(event, CoHandlingRequested) else ""


def _counts_from(event: AggregateEvent) -> datetime | None:
    """Where the limit counts from later than the event: nobody knew of it before."""
    if isinstance(event, ReplyDemanded) and event.reply_from > event.timestamp:
        return event.reply_from
    return None


def _unit(start: Start, case: Case, event: AggregateEvent) -> str | None:
    if isinstance(event, CoHandlingRequested | ReplyDemanded):
        return event.unit
    return case.lead_unit if start.whose is Whose.LEAD else None


def _bounded(clock: Clock, case: Case, event: AggregateEvent, running: Clocks) -> Clock:
    """The clock due no later than it makes sense (DOMAIN.md section 7, rules 5 and 6)."""
    match clock.kind:
        case ClockKind.STAGE:
            whole = running.get(ClockKind.RESOLUTION)
            # Where no time is left at all, the case is late through no fault of this unit.
            bound = None if whole is None or whole.due <= clock.started_at else whole.due
        case ClockKind.RESOLUTION:
            bound = min(case.absorbed_dues.values(), default=None)
        case _:
            bound = _over(event)
    if bound is None or clock.due <= bound:
        return clock
    own_due = clock.due if clock.kind is ClockKind.RESOLUTION else None
    return msgspec.structs.replace(clock, due=bound, own_due=own_due)


def _over(event: AggregateEvent) -> datetime | None:
    """When it is over, whatever the policy says: silence is consent then, or feedback lapses."""
    if isinstance(event, CoHandlingRequested | FeedbackRequested):
        return event.due
    if isinstance(event, MergeReversed):
        lapses = (timer.due for timer in event.timers if timer.kind is TimerKind.FEEDBACK)
        return next(lapses, None)
    return None


def _going_on(case: Case, event: AggregateEvent, by: Circumstances) -> Iterator[Clock]:
    """The clocks that go on with an event, the same as before."""
    if isinstance(event, ReworkOrdered):
        stage = case.clocks_known.get(ClockKind.STAGE)
        if stage is not None and stage.cycle == case.cycle and case.resolved_at is not None:
            # The time of the checker is not the unit's.
            resting = paused(stage, case.resolved_at)
            table, ladder = timetable_of(stage, by), ladder_of(stage, case, by)
            yield resumed(resting, event.timestamp, table, ladder)
    elif isinstance(event, MergeReversed):
        for name in case.clocks_at_merge:
            # As it is known last: what it had to say by then may have been noticed with the merge.
            clock = case.clocks_known[name]
            if _restored(clock, case):
                yield _gone_on(clock, case, event, by)


def _gone_on(clock: Clock, case: Case, event: MergeReversed, by: Circumstances) -> Clock:
    """The clock of before the merge; one that stood still did so until then."""
    if not clock.is_paused:
        # What it had to say until the merge may have been noticed with that, and when it acts next
        # was of no concern any more.
        if clock.next_at is not None:
            return clock
        return awaiting(clock, timetable_of(clock, by), ladder_of(clock, case, by))
    ended = case.holding.ended_at or event.timestamp
    return resumed(clock, ended, timetable_of(clock, by), ladder_of(clock, case, by))


def _restored(clock: Clock, case: Case) -> bool:
    """Whether the case still waits for it. It is due when it was: nobody had it rest."""
    if clock.kind is ClockKind.APPROVAL:
        return clock.key == "RETURN" and case.returns.state is not ReturnState.NONE
    return clock.kind not in NOT_RESTORED
