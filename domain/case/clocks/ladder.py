"""The ladder 督办: what happens when a clock comes to a share of its limit (DOMAIN.md section 7).

Each percentage once for each clock, in ascending order, with the time at which it was reached: the
clock itself says which comes next, and when. So an outage leaves nothing out and doubles nothing.

- Somebody is told, at every rung; beyond the limit the case is escalated.
- Where the rung has an order, it is issued to the unit whose time it is. If that unit has an open
  one about that lateness already, that one goes up instead: it has one order to answer, a graver
  one each time. RED repeats, and demands another reply and another interview each time.
- A reply to an order that is late raises that order itself; there are no orders about orders.
- A case that waits for its reporter has no orders (`domain.case.lifecycle`), but is escalated.
- A case that nobody was given falls to the fall-back owner.
"""

from dataclasses import dataclass
from typing import Final

from domain.case.clocks.changing import raised
from domain.case.clocks.clock import Clock
from domain.case.clocks.deadlines import (
    CaseEscalated,
    DeadlineBreached,
    DeadlineReached,
    DeadlineWarning,
    RaiseDeadline,
)
from domain.case.clocks.notifying import told, unit_behind
from domain.case.clocks.pinned import ladder_of, timetable_of
from domain.case.fallback import FallbackOwnerAssigned
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.order_book import GRAVITY, OpenOrder
from domain.case.orders import escalate, issue, level_above
from domain.case.refusals import ClockNotDue
from domain.case.regions import ReturnState
from domain.case.rules import check
from domain.case.state import Case
from domain.command import Circumstances
from domain.escalation_policy.content import BREACH, Rung
from domain.vocabulary import ClockKind, OrderLevel

SUPERVISED_AT: Final = LIFECYCLE["issueOrder"].sources


@dataclass(frozen=True)
class _Reached:
    """A share of a limit. clock: as it runs on. unit: whose time it is, as far as known."""

    clock: Clock
    rung: Rung
    unit: str | None


def raise_deadline(case: Case, command: RaiseDeadline, by: Circumstances) -> None:
    check(case, command, by)
    clock = case.clocks.get(command.clock)
    if clock is None or clock.next_at is None or clock.next_percent is None:
        raise ClockNotDue(clock=command.clock)
    if by.at < clock.next_at:
        raise ClockNotDue(clock=command.clock)
    percent, ladder = clock.next_percent, ladder_of(clock, case, by)
    after = raised(clock, percent, by.at, timetable_of(clock, by), ladder)
    rung = ladder.rung(percent) or Rung(percent)
    reached = _Reached(after, rung, unit_behind(clock, case, by))
    _say(_said(percent), reached, percent, case, by)
    if _falls_back(reached, percent, case, by):
        if percent == BREACH:
            _say(CaseEscalated, reached, percent, case, by)
        _fall_back(case, by)
    if rung.order is not None and case.stage in SUPERVISED_AT:
        _demand(reached, rung.order, percent, case, by)


def _said(percent: int) -> type[DeadlineReached]:
    if percent < BREACH:
        return DeadlineWarning
    return DeadlineBreached if percent == BREACH else CaseEscalated


def _say(
    event: type[DeadlineReached], reached: _Reached, percent: int, case: Case, by: Circumstances
) -> None:
    case.trigger_event(
        event,
        timestamp=by.at,
        percent=percent,
        clock=reached.clock,
        notified=told(reached.rung.notify, reached.unit, case, by),
        level=reached.rung.order,
    )


def _falls_back(reached: _Reached, percent: int, case: Case, by: Circumstances) -> bool:
    """Whether nobody was given the case for too long, and nobody decides whose it is."""
    clock = reached.clock
    if clock.kind is not ClockKind.DISPATCH or clock.escalation is None or by.escalation is None:
        return False
    policy = by.escalation.content(clock.escalation)
    return (
        policy is not None
        and percent >= policy.fallback_percent
        and case.stage is Stage.ACCEPTED
        and case.lead_unit is None
        and case.returns.state is ReturnState.NONE
    )


def _fall_back(case: Case, by: Circumstances) -> None:
    """The fall-back unit of the routing policy answers, where there is one then."""
    routing = None if by.routing is None else by.routing.in_force(by.at)
    if routing is not None and _is_active(routing.fallback_unit, by):
        case.trigger_event(FallbackOwnerAssigned, timestamp=by.at, unit=routing.fallback_unit)


def _is_active(unit: str, by: Circumstances) -> bool:
    directory = by.directory
    return directory is None or not directory.has_units() or directory.is_active(unit, by.at)


def _demand(
    reached: _Reached, level: OrderLevel, percent: int, case: Case, by: Circumstances
) -> None:
    """Issue the order of a rung, or raise the one that is open."""
    clock, interview = reached.clock, reached.rung.interview
    order = _about(reached, case)
    if order is not None:
        if clock.kind is ClockKind.SUPERVISION_REPLY:
            level = level_above(order.level)
        if GRAVITY[level] >= GRAVITY[order.level]:
            escalate(case, order, by, level=level, interview=interview, percent=percent)
    elif reached.unit is not None:
        issue(
            case,
            by,
            level=level,
            unit=reached.unit,
            interview=interview,
            clock=clock.name,
            percent=percent,
        )


def _about(reached: _Reached, case: Case) -> OpenOrder | None:
    """The open order of that unit about that lateness; of a reply, the order that it is to."""
    clock = reached.clock
    for order in case.orders:
        of_reply = clock.kind is ClockKind.SUPERVISION_REPLY and str(order.number) == clock.key
        if of_reply or (order.clock == clock.name and order.unit == reached.unit):
            return order
    return None
