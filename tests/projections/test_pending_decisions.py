"""What a case waits for in the view is what its aggregate waits for."""

from collections.abc import Iterator

import pytest
from hypothesis import event as note
from hypothesis import given, settings

from domain.case import Case, CaseCommand
from domain.case.decisions import DecisionKind
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.regions import PublicationState, ReturnState
from domain.command import Command
from domain.identity import Caller
from projections.pending_decisions import Pending, pending_after
from tests.domain.histories import EXAMPLES, REGISTRATION, ready_for
from tests.domain.holding import HELD
from tests.domain.scenario import events_of
from tests.domain.scenario import given as given_facts
from tests.domain.test_folding import live, lives


def waited_for(case: Case) -> Iterator[tuple[DecisionKind, str, str | None]]:
    """Kind, key, and who may not decide."""
    yield from _about_whose_it_is(case)
    for unit in case.co_asked:
        yield DecisionKind.CO_REPLY, unit, None
    for each in case.open_steps:
        yield DecisionKind.SKIPPED_STEP, each.step, each.skipped_by
    if case.stage is Stage.RESOLVED:
        yield DecisionKind.VERIFICATION, "", case.resolver
    if case.open_appeal is not None:
        yield DecisionKind.APPEAL, "", None
    if case.void_request is not None:
        yield DecisionKind.VOIDING, "", case.void_request.requested_by
    holding = case.holding
    if holding.suspension_asked is not None:
        yield DecisionKind.SUSPENSION, "", holding.suspension_asked.requester
    if holding.extension_asked is not None:
        yield DecisionKind.EXTENSION, "", holding.extension_asked.requester
    yield from _about_orders(case)
    if case.publication_state is PublicationState.PROPOSED:
        yield DecisionKind.PUBLICATION, "", case.publication_proposer


def _about_orders(case: Case) -> Iterator[tuple[DecisionKind, str, str | None]]:
    for order in case.orders:
        answered = order.replied_by is not None
        kind = DecisionKind.ORDER_RELEASE if answered else DecisionKind.ORDER_REPLY
        yield kind, str(order.number), order.replied_by


def _about_whose_it_is(case: Case) -> Iterator[tuple[DecisionKind, str, str | None]]:
    if case.rejection_proposed_by is not None and case.stage in {Stage.REGISTERED, Stage.VERIFYING}:
        yield DecisionKind.REJECTION, "", case.rejection_proposed_by
    if case.stage is Stage.VERIFYING:
        kind = DecisionKind.ACCEPTANCE if case.field_verified else DecisionKind.FIELD_VERIFICATION
        yield kind, "", None
    if case.returns.state is ReturnState.REQUESTED:
        yield DecisionKind.RETURN, "", case.returns.requested_by
    if case.returns.state is ReturnState.IN_ARBITRATION:
        yield DecisionKind.ARBITRATION, "", case.returns.requested_by
    if case.hand_over is not None:
        yield DecisionKind.HAND_OVER, "", None


def shown(pending: Pending) -> set[tuple[DecisionKind, str, str | None]]:
    return {(each.kind, each.key, each.requested_by) for each in pending}


@settings(max_examples=150)
@given(lives)
def test_whatever_happens_the_view_waits_for_the_same(
    then: list[tuple[CaseCommand | int, Caller]],
) -> None:
    life = live(REGISTRATION, then)
    assert life is not None
    pending: Pending = ()
    for event in life.events:
        pending = pending_after(pending, event)
    for decision in pending:
        note(decision.kind)
    assert shown(pending) == set(waited_for(life.case))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda command: command.NAME)
def test_what_each_command_asks_for_or_settles(example: Command) -> None:
    for stage in LIFECYCLE[example.NAME].sources:
        facts = ready_for(example.NAME, stage)
        outcome = given_facts(*facts).where(HELD).when(example)
        assert outcome.case is not None
        pending: Pending = ()
        for event in [*events_of(facts), *outcome.events]:
            pending = pending_after(pending, event)
        assert shown(pending) == set(waited_for(outcome.case))
