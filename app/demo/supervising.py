"""Supervision orders of the demonstration: answered and released before a case can end.

Which ones there are follows from the limits and the ladder of the pack, and only the service knows.
So everything that they may need is given, and what is not needed is passed over.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.demo import wording
from app.demo.chronicle import Chronicle
from app.demo.names import COMMAND_CENTRE
from domain.calendar.timetable import LimitUnit
from domain.case.clocks.measure import ON_THE_WALL
from domain.case.ordering import (
    EscalateOrder,
    IssueOrder,
    RecordInterview,
    ReleaseOrder,
    ReplyToOrder,
)
from domain.vocabulary import ClockKind, OrderLevel

ISSUED: Final = 0.01
"""Of the cases that are handled; the others follow from the ladder."""

RAISED: Final = 0.3
ANSWERED: Final = 0.85
"""Of the orders of the ladder, within their time."""

ONCE: Final = 100
"""Percent of a limit: below it no ladder of ours orders anything."""

ORDERED_AT: Final = 1.5
"""Times the limit of a case: before that no ladder of ours orders anything."""

ENDS_EARLY: Final = timedelta(hours=7)
"""From when work ends on a day to the end of that day."""

RESOLUTION: Final = ClockKind.RESOLUTION


def supervise(case: Chronicle) -> None:
    """A supervisor looks into a case now and then, late or not."""
    chance = _chance(case)
    if chance < ISSUED:
        said = wording.ORDERS[case.brought.number % len(wording.ORDERS)]
        facts = {"level": OrderLevel.BLUE, "demand": said.demand}
        case.do_if_needed("supervisor-2", IssueOrder, "by hand", **facts)
        case.ordered += 1


def _chance(case: Chronicle) -> float:
    """From 0 to 1, of its own: nothing else in the case depends on it."""
    return Random(f"{case.case_id}/supervised/{case.cycles}").random()


def answer_orders(case: Chronicle) -> None:
    """Whatever is open is answered by its unit and released by a supervisor."""
    if not case.ordered and not may_be_late(case):
        return
    units = list(dict.fromkeys(case.led))
    # In each cycle one for each unit that had it, and one for the centre while nobody had.
    most = (len(units) + 1) * case.cycles + case.ordered
    if case.ordered and _chance(case) < ISSUED * RAISED:
        case.do_if_needed("supervisor-2", EscalateOrder, "once more", number=1)
    for number in range(1, 1 + most):
        _answer(case, number, units)


def answer_in_time(case: Chronicle, until: datetime) -> None:
    """Most orders of the ladder are answered within their time, while the case is worked on.

    until: when that is over. When they are issued is foreseen here, and what was foreseen wrongly
    is passed over; what is still open in the end is answered then.
    """
    known = case.scene.forecast
    ladder = None if known.ladders is None else known.ladders.ladder(RESOLUTION, case.rules.path)
    percent = 0 if ladder is None else ladder.next_percent(ONCE)
    while ladder is not None and percent:
        rung, at = ladder.rung(percent), _reached(case, percent)
        if at >= until:
            return
        if rung is not None and rung.order is not None and case.happens(ANSWERED):
            _answer_soon(case, at, until)
        percent = ladder.next_percent(percent)


def _reached(case: Chronicle, percent: int) -> datetime:
    """When so much of the limit of the case is used."""
    start, due = case.accepted_at, case.due(RESOLUTION, case.accepted_at)
    limit = case.limit(RESOLUTION, start)
    if limit is None or limit.unit in ON_THE_WALL:
        return start + (due - start) * (percent / 100) + case.later
    hours = case.scene.hours
    used = hours.working_time(start, due) * (percent / 100)
    return hours.after_working_time(start, used) + case.later


def _answer_soon(case: Chronicle, issued_at: datetime, until: datetime) -> None:
    """By an officer of the lead, before the day is over that they have for it."""
    now, due = case.at, case.due(ClockKind.SUPERVISION_REPLY, issued_at)
    at = case.opening(issued_at + (due - issued_at) * case.rng.uniform(0.1, 0.8))
    if not issued_at < at < min(due, until):
        return
    case.at = at
    said = wording.ORDERS[case.brought.number % len(wording.ORDERS)]
    number = case.ordered + case.cycles
    facts = {"number": number, "reply": said.reply, "remedial_plan": said.plan}
    case.do_if_needed(case.officer(), ReplyToOrder, f"{number}/{at.isoformat()}", **facts)
    case.at = now


def may_be_late(case: Chronicle) -> bool:
    """Whether its limit may be passed by so much that there are orders: by the least it can be."""
    limits, elapsed = case.scene.forecast.limits, case.at - case.brought.at
    if limits is None or case.brought.is_repeated:
        # What is merged into it may be due much earlier, and then it is.
        return True
    for rules in (case.brought.rules, case.rules):
        rule = limits.rule(RESOLUTION, rules.path, case.urgency)
        if rule is not None and elapsed >= _at_least(rule.limit.unit, rule.limit.amount):
            return True
    return False


def _at_least(unit: LimitUnit, amount: int) -> timedelta:
    """The least that half as much again is of a limit: days may end some hours early."""
    if unit in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}:
        return (timedelta(days=amount) - ENDS_EARLY) * ORDERED_AT
    return timedelta(minutes=amount) * ORDERED_AT


def _answer(case: Chronicle, number: int, units: list[str]) -> None:
    """By whoever the order is addressed to; called in where the supervisor needs that."""
    said = wording.ORDERS[number % len(wording.ORDERS)]
    posts = [(unit, f"{unit}-officer-1", f"{unit}-leader") for unit in units]
    posts.append((COMMAND_CENTRE, "dispatcher-1", "dispatcher-1"))
    for unit, officer, _ in posts:
        case.do_if_needed(
            officer,
            ReplyToOrder,
            f"{number}/{unit}",
            number=number,
            reply=said.reply,
            remedial_plan=said.plan,
        )
    case.do_if_needed(
        "supervisor-1", ReleaseOrder, f"{number}/at once", number=number, finding=said.finding
    )
    for unit, _, head in posts:
        case.do_if_needed(
            "supervisor-1",
            RecordInterview,
            f"{number}/{unit}",
            number=number,
            position=head,
            record=said.interview,
        )
    case.do_if_needed(
        "supervisor-1", ReleaseOrder, f"{number}/then", number=number, finding=said.finding
    )
