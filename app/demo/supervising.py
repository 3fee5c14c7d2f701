"""Supervision orders of the demonstration: answered and released before a case can end.

Which ones there are follows from the limits and the ladder of the pack, and only the service knows.
So everything that they may need is given, and what is not needed is passed over.
"""

from datetime import timedelta
from typing import Final

from app.demo import wording
from app.demo.chronicle import Chronicle
from app.demo.names import COMMAND_CENTRE
from domain.case.ordering import RecordInterview, ReleaseOrder, ReplyToOrder
from domain.case.vocabulary import Urgency

SOONEST: Final = timedelta(hours=36)
"""No limit but that of an emergency is passed by half of it before."""


def answer_orders(case: Chronicle) -> None:
    """Whatever is open is answered by its unit and released by a supervisor."""
    urgent = case.urgency is Urgency.EMERGENCY or case.emergency_until is not None
    if not urgent and case.at - case.brought.at < SOONEST:
        return
    units = list(dict.fromkeys(case.led))
    for number in range(1, 1 + len(units) + case.cycles):
        _answer(case, number, units)


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
