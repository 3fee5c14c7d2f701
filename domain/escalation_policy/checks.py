"""What an escalation policy must look like, whoever sends it."""

from collections.abc import Sequence
from typing import Final

from domain.bounds import at_most, each_once, stable_codes, takes_in, within
from domain.directory.posts import NOT_BY_POST
from domain.escalation_policy.content import EscalationPolicyVersion, Ladder, Rung
from domain.refusal import InvalidInput
from domain.vocabulary import OrderLevel

MOST_LADDERS: Final = 100
MOST_RUNGS: Final = 50
MOST_CODES: Final = 100
MOST_PERCENT: Final = 10_000
MOST_TIMES: Final = 100

Path = list[str]


def check_escalation(policy: EscalationPolicyVersion) -> None:
    """Refuse a policy that says nothing, or two things. Raises InvalidInput at the first fault."""
    at_most(["ladders"], policy.ladders, MOST_LADDERS)
    for index, ladder in enumerate(policy.ladders):
        path = ["ladders", str(index)]
        _check_ladder(path, ladder)
        _check_reached(path, ladder, policy.ladders[:index])
    within(["arbitrationAfterReturns"], policy.arbitration_after_returns, 1, MOST_TIMES)
    within(["escalateAfterReworks"], policy.escalate_after_reworks, 1, MOST_TIMES)
    within(["escalateAfterReopenings"], policy.escalate_after_reopenings, 1, MOST_TIMES)
    within(["fallbackPercent"], policy.fallback_percent, 1, MOST_PERCENT)


def _check_ladder(path: Path, ladder: Ladder) -> None:
    each_once([*path, "clocks"], ladder.clocks)
    stable_codes([*path, "types"], ladder.types, MOST_CODES)
    at_most([*path, "rungs"], ladder.rungs, MOST_RUNGS)
    for index, rung in enumerate(ladder.rungs):
        here = [*path, "rungs", str(index)]
        _check_rung(here, rung, last=index == len(ladder.rungs) - 1)
        _check_above(here, rung, ladder.rungs[:index])


def _check_rung(path: Path, rung: Rung, *, last: bool) -> None:
    within([*path, "percent"], rung.percent, 1, MOST_PERCENT)
    each_once([*path, "notify"], rung.notify)
    for index, role in enumerate(rung.notify):
        if role in NOT_BY_POST:
            raise InvalidInput(
                [*path, "notify", str(index)], f"{role} is no role that a post gives"
            )
    if rung.interview and rung.order is None:
        raise InvalidInput([*path, "interview"], "an interview is held because of an order")
    if rung.repeat_every is None:
        return
    within([*path, "repeatEvery"], rung.repeat_every, 1, MOST_PERCENT)
    if not last:
        raise InvalidInput([*path, "repeatEvery"], "only the last rung may come again")


def _check_above(path: Path, rung: Rung, below: Sequence[Rung]) -> None:
    if below and rung.percent <= below[-1].percent:
        raise InvalidInput([*path, "percent"], "each rung is above the one before it")
    if rung.order is not None and any(
        _gravity(rung.order) < _gravity(each.order) for each in below
    ):
        raise InvalidInput([*path, "order"], "no order is milder than the one before it")


def _gravity(order: OrderLevel | None) -> int:
    return 0 if order is None else 1 + list(OrderLevel).index(order)


def _check_reached(path: Path, ladder: Ladder, before: Sequence[Ladder]) -> None:
    """The first ladder that fits counts: one behind another that fits as much says nothing."""
    for index, each in enumerate(before):
        if takes_in(each.clocks, ladder.clocks) and takes_in(each.types, ladder.types):
            raise InvalidInput(path, f"ladder {index} fits first wherever ladder {path[-1]} does")
