"""Supervision orders of the demonstration: answered and released before a case can end.

Which ones there are follows from the limits and the ladder of the pack, and only the service knows.
So everything that they may need is given, and what is not needed is passed over.
"""

from datetime import timedelta
from random import Random
from typing import Final

from app.demo import wording
from app.demo.chronicle import Chronicle
from app.demo.names import COMMAND_CENTRE
from domain.calendar.timetable import LimitUnit
from domain.case.ordering import (
    EscalateOrder,
    IssueOrder,
    RecordInterview,
    ReleaseOrder,
    ReplyToOrder,
)
from domain.case.vocabulary import Urgency
from domain.vocabulary import ClockKind, OrderLevel

ISSUED: Final = 0.01
"""Of the cases that are handled; the others follow from the ladder."""

RAISED: Final = 0.3


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
    urgent = case.urgency is Urgency.EMERGENCY or case.emergency_until is not None
    most = len(units) + case.cycles + case.ordered - (not urgent)
    if case.ordered and _chance(case) < ISSUED * RAISED:
        case.do_if_needed("supervisor-2", EscalateOrder, "once more", number=1)
    for number in range(1, 1 + most):
        _answer(case, number, units)


def may_be_late(case: Chronicle) -> bool:
    """Whether its limit may be passed by so much that there are orders: by the least it can be."""
    limits, elapsed = case.scene.forecast.limits, case.at - case.brought.at
    if case.urgency is Urgency.EMERGENCY or case.emergency_until is not None or limits is None:
        return True
    for rules in (case.brought.rules, case.rules):
        rule = limits.rule(ClockKind.RESOLUTION, rules.path, Urgency.NORMAL)
        if rule is not None and elapsed >= _at_least(rule.limit.unit, rule.limit.amount):
            return True
    return False


def _at_least(unit: LimitUnit, amount: int) -> timedelta:
    """The least that half as much again is of a limit."""
    days = unit in {LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS}
    return timedelta(days=amount) if days else timedelta(minutes=amount * 1.5)


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
