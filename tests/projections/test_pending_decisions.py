"""What a case waits for in the view is what its aggregate waits for."""

from collections.abc import Iterable, Iterator, Sequence

import pytest
from eventsourcing.domain import AggregateEvent
from hypothesis import event as note
from hypothesis import given, settings

from domain.case import Case, CaseCommand
from domain.case.correction import DispatchRecalled
from domain.case.decisions import DecisionKind
from domain.case.lifecycle import ACTIVE, ENDS, LIFECYCLE, Stage
from domain.case.merging import MergeReversed
from domain.case.regions import PublicationState, ReturnState
from domain.command import Command
from domain.identity import Caller
from projections.pending_decisions import AFTER_THE_END, Pending, pending_after
from tests.domain.endings import appeal_filed, co_requested, reopened
from tests.domain.histories import (
    AT_STAGE,
    EXAMPLES,
    PREPARED,
    REGISTRATION,
    dispatched_to,
    ready_for,
)
from tests.domain.holding import HELD
from tests.domain.passages import (
    arbitrated,
    arbitration_requested,
    assigned,
    delivery_failed,
    offered,
    referred,
    return_requested,
    sign_off_skipped,
)
from tests.domain.scenario import OTHER, Fact, events_of, fold, happened
from tests.domain.scenario import given as given_facts
from tests.domain.structures import merged
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


Decision = tuple[DecisionKind, str, str | None]


def asked(case: Case, decisions: Iterable[Decision]) -> set[Decision]:
    """Those that people are asked for: at an end few. The rest may be wanted if it comes back."""
    over = case.stage in ENDS
    return {each for each in decisions if not over or each[0] in AFTER_THE_END}


def told(case: Case, pending: Pending) -> set[Decision]:
    """What the view says of it."""
    return asked(case, ((each.kind, each.key, each.requested_by) for each in pending))


def reversed_to(stage: Stage) -> Fact:
    return happened(MergeReversed, survivor=OTHER, stage=stage, timers=())


def pending_of(events: Iterable[AggregateEvent]) -> Pending:
    pending: Pending = ()
    for event in events:
        pending = pending_after(pending, event)
    return pending


@settings(max_examples=150)
@given(lives)
def test_whatever_happens_the_view_waits_for_the_same(
    then: list[tuple[CaseCommand | int, Caller]],
) -> None:
    life = live(REGISTRATION, then)
    assert life is not None
    pending = pending_of(life.events)
    for decision in pending:
        note(decision.kind)
    assert told(life.case, pending) == asked(life.case, waited_for(life.case))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda command: command.NAME)
def test_what_each_command_asks_for_or_settles(example: Command) -> None:
    for stage in LIFECYCLE[example.NAME].sources:
        facts = ready_for(example.NAME, stage)
        outcome = given_facts(*facts).where(HELD).when(example)
        assert outcome.case is not None
        pending = pending_of([*events_of(facts), *outcome.events])
        assert told(outcome.case, pending) == asked(outcome.case, waited_for(outcome.case))


@pytest.mark.parametrize("name", sorted(PREPARED.keys() - {"regulariseStep"}))
def test_what_was_waited_for_is_so_again_when_a_merge_is_reversed(name: str) -> None:
    for stage in sorted(LIFECYCLE[name].sources & ACTIVE):
        agrees((*ready_for(name, stage), merged(stage), reversed_to(stage)))


@pytest.mark.parametrize(
    "returning",
    [
        (merged(Stage.IN_PROGRESS), reversed_to(Stage.IN_PROGRESS)),
        (referred, delivery_failed),
    ],
    ids=["reversed merge", "referral that came back"],
)
def test_a_step_that_was_passed_over_is_to_be_regularised_whenever_the_case_comes_back(
    returning: tuple[Fact, ...],
) -> None:
    history = (*AT_STAGE[Stage.DISPATCHED], sign_off_skipped(), *returning)
    [waiting] = agrees(history)
    assert (waiting.kind, waiting.requested_by) == (DecisionKind.SKIPPED_STEP, "leader")


def agrees(history: Sequence[Fact]) -> Pending:
    """What the view waits for after a history, as the case itself does."""
    events = events_of(history)
    case, pending = fold(events), pending_of(events)
    assert case is not None
    assert told(case, pending) == asked(case, waited_for(case))
    return pending


def test_a_case_that_is_reopened_over_an_appeal_waits_for_no_decision_on_it() -> None:
    history = (*AT_STAGE[Stage.CLOSED], appeal_filed(), reopened(2))
    assert agrees(history) == ()


def test_who_was_asked_by_a_unit_that_leads_no_longer_is_asked_no_more() -> None:
    asking = (*AT_STAGE[Stage.IN_PROGRESS], assigned(), offered("colleague"), co_requested())
    assert len(agrees(asking)) == 2
    arbitrating = (arbitration_requested(), arbitrated("water", "environment"))
    assert agrees((*asking, *arbitrating, dispatched_to("water"))) == ()


@pytest.mark.parametrize(
    "before",
    [AT_STAGE[Stage.RESOLVED], (*AT_STAGE[Stage.DISPATCHED], return_requested())],
    ids=["resolved", "to be given back"],
)
def test_what_is_to_be_dispatched_anew_waits_for_nothing_of_who_led(
    before: tuple[Fact, ...],
) -> None:
    assert len(agrees(before)) == 1
    assert agrees((*before, happened(DispatchRecalled, lead_unit="environment"))) == ()
