"""What supervision orders make of a state, in whatever order their events are folded."""

import pytest

from domain.case.intake import CaseWithdrawn
from domain.case.lifecycle import Stage
from domain.case.orders import OrderEnded, OrderReleased
from domain.case.regions import Supervision
from domain.vocabulary import OrderLevel
from projections.case_state import CaseState
from projections.shown import as_own, as_shared
from projections.supervision import Order, OrderState
from tests.projections.orders_said import (
    BLUE,
    DUE,
    INTERVIEWED,
    LATER_DUE,
    ORANGE,
    RED,
    RELEASED,
    REPLIED,
    escalated,
    issued,
)
from tests.projections.recorded import Said, hour
from tests.projections.test_handling import DISPATCHED, after


def shown(state: CaseState) -> list[tuple[int, OrderLevel, OrderState]]:
    return [(each.number, each.level, each.state) for each in state.details.orders]


def test_an_order_is_open_until_it_is_released() -> None:
    state = after(DISPATCHED, issued())
    order = Order(1, BLUE, "environment", hour(2), DUE, clock="RESOLUTION")
    assert state.details.orders == (order,)
    assert state.supervision is Supervision.BLUE
    state = after(DISPATCHED, issued(), REPLIED)
    assert (shown(state), state.supervision) == ([(1, BLUE, OrderState.REPLIED)], Supervision.BLUE)
    state = after(DISPATCHED, issued(), REPLIED, RELEASED)
    assert state.supervision is Supervision.NONE
    (order,) = state.details.orders
    assert (order.state, order.replied_at, order.ended_at) == (
        OrderState.RELEASED,
        hour(3),
        hour(4),
    )


def test_one_that_goes_up_waits_again_for_reply_and_interview() -> None:
    state = after(DISPATCHED, issued(), REPLIED, INTERVIEWED, escalated(1, BLUE, RED))
    (order,) = state.details.orders
    assert (order.level, order.state, order.due) == (RED, OrderState.OPEN, LATER_DUE)
    assert (order.escalated_at, order.replied_at, order.interviewed_at) == (hour(5), None, None)
    assert order.interview
    assert state.supervision is Supervision.RED


def test_the_gravest_that_is_open_counts() -> None:
    state = after(DISPATCHED, issued(), issued(2, ORANGE))
    assert state.supervision is Supervision.ORANGE
    two = (OrderReleased, {"number": 2, "finding": "Measured"})
    assert after(DISPATCHED, issued(), issued(2, ORANGE), two).supervision is Supervision.BLUE


def test_what_ends_with_the_case_is_no_release() -> None:
    ended: Said = (OrderEnded, {"number": 1, "stage": Stage.WITHDRAWN})
    state = after(DISPATCHED, issued(), (CaseWithdrawn, {}), ended)
    assert shown(state) == [(1, BLUE, OrderState.ENDED)]
    assert state.supervision is Supervision.NONE


@pytest.mark.parametrize("said", [REPLIED, INTERVIEWED, RELEASED, escalated(1, BLUE, ORANGE)])
def test_what_is_said_of_an_order_that_is_not_there_yet_changes_nothing(said: Said) -> None:
    assert after(DISPATCHED, said).details.orders == ()


def test_it_is_for_whoever_sees_the_case_from_inside() -> None:
    state = after(DISPATCHED, issued(1, RED))
    for cut in (as_own(state), as_shared(state, {"HANDLING", "TEXT"})):
        assert (cut.supervision, cut.details.orders) == (Supervision.NONE, ())
