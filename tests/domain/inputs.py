"""Inputs that a command on a case may be given, for whoever asks whether any is accepted."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from domain.case import Case
from domain.case.cohandling import ReplyCoHandling
from domain.case.emergency import RegulariseStep
from domain.case.excluding import RevokeMetricExclusion
from domain.case.information import ReceiveInformation
from domain.case.linking import UnlinkCases
from domain.case.ordering import EscalateOrder, RecordInterview, ReleaseOrder, ReplyToOrder
from domain.case.returns import RequestReturn
from domain.case.sharing import RevokeShare
from domain.command import Command
from tests.domain.histories import EXAMPLES
from tests.domain.scenario import ask

INPUT_DECIDES: Final[dict[str, str]] = {
    "dispatchCase": "which unit is competent depends on the unit that is named",
    "requestCoHandling": "the unit that is named must be another one than those that lead and help",
    "shareCase": "with which unit, and until when from now on",
    "approveMetricExclusion": "of which metric and unit, and whether that unit may say so",
    "offerHandOver": "somebody else must hold a position in the lead unit",
    "reclassifyCase": "the type that is named must be another one of the catalogue",
}
"""Commands that no example may fit although they are possible, and why: only somebody who knows
more of the world than the case says finds an input that is accepted."""


def _replies(case: Case) -> Iterable[Command]:
    return (ask(ReplyCoHandling, unit=unit, reply="We agree.") for unit in case.co_asked)


def _revocations(case: Case) -> Iterable[Command]:
    return (ask(RevokeShare, unit=share.unit) for share in case.shares)


def _answers(case: Case) -> Iterable[Command]:
    numbers = [question.number for question in case.questions]
    return (ask(ReceiveInformation, number=number, answer="It is.") for number in numbers)


def _steps(case: Case) -> Iterable[Command]:
    return (ask(RegulariseStep, step=each.step, finding="It was.") for each in case.open_steps)


def _replies_to_orders(case: Case) -> Iterable[Command]:
    for order in case.orders:
        yield ask(ReplyToOrder, number=order.number, reply="On Friday", remedial_plan="With more")


def _escalations(case: Case) -> Iterable[Command]:
    return (ask(EscalateOrder, number=order.number) for order in case.orders)


def _interviews(case: Case) -> Iterable[Command]:
    for order in case.orders:
        for position in ("inspector", "constable", "clerk"):
            yield ask(RecordInterview, number=order.number, position=position, record="He came")


def _releases(case: Case) -> Iterable[Command]:
    return (ask(ReleaseOrder, number=order.number, finding="It is") for order in case.orders)


def _links(case: Case) -> Iterable[Command]:
    return (ask(UnlinkCases, other_case=other) for other in case.links)


def _returns(_: Case) -> Iterable[Command]:
    """Whose it is instead, nobody has to say."""
    yield ask(RequestReturn, ground="Not ours")


def _exclusions(case: Case) -> Iterable[Command]:
    for each in case.left_out:
        yield ask(RevokeMetricExclusion, metric=each.metric, unit=each.unit, ground="It had ended")


FITTING: Final[dict[str, Callable[[Case], Iterable[Command]]]] = {
    "replyCoHandling": _replies,
    "requestReturn": _returns,
    "receiveInformation": _answers,
    "regulariseStep": _steps,
    "revokeShare": _revocations,
    "unlinkCases": _links,
    "revokeMetricExclusion": _exclusions,
    "replyToOrder": _replies_to_orders,
    "escalateOrder": _escalations,
    "recordInterview": _interviews,
    "releaseOrder": _releases,
}
"""Inputs that follow from the case, as which of its requests is decided."""


def _fitting(case: Case, command: str) -> Iterable[Command]:
    made = FITTING.get(command)
    return () if made is None else made(case)


def inputs(case: Case, command: str) -> Iterable[Command]:
    """Examples of a command that happens now, and those that fit the case."""
    examples = (example for example in EXAMPLES if command == example.NAME)
    for given in (*examples, *_fitting(case, command)):
        yield replace(given, occurred_at=None)
        yield replace(given, occurred_at=None, reason="There is one.")
