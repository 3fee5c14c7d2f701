"""Who may take the decisions that cases wait for."""

import pytest

from domain.case.decisions import AWAITED_AT, DECIDED_BY, DecisionKind, ways_to_decide
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.identity import ActorKind, Caller, Post, Reach, Role
from domain.permissions import PERMISSIONS
from domain.reach import EVERYWHERE, Range
from tests.domain.people import DISPATCHER, REGISTRAR, REPORTER


@pytest.mark.parametrize("kind", DecisionKind)
def test_every_decision_is_taken_by_commands_that_there_are(kind: DecisionKind) -> None:
    assert DECIDED_BY[kind]
    for command in DECIDED_BY[kind]:
        assert command in LIFECYCLE
        assert PERMISSIONS[command]


def test_what_waits_at_a_stage_can_be_decided_there() -> None:
    for stage, kind in AWAITED_AT.items():
        assert any(stage in LIFECYCLE[command].sources for command in DECIDED_BY[kind])


def test_a_right_is_a_way_to_decide() -> None:
    kinds = {way.kind for way in ways_to_decide(REGISTRAR)}
    assert {DecisionKind.ACCEPTANCE, DecisionKind.VERIFICATION} <= kinds
    assert DecisionKind.RETURN not in kinds
    assert DecisionKind.RETURN in {way.kind for way in ways_to_decide(DISPATCHER)}


def test_whoever_has_only_their_own_cases_decides_nothing() -> None:
    assert ways_to_decide(REPORTER) == []


def test_a_way_reaches_as_far_as_the_post_that_gives_the_role() -> None:
    post = Post("leader", frozenset({Role.REGISTRAR}), "centre", frozenset({"street-1"}))
    reach = Reach(post, frozenset({"centre"}), frozenset({"street-1", "grid-1"}))
    caller = Caller("ann", ActorKind.PERSON, frozenset({Role.REGISTRAR}), reaches=(reach,))
    (way,) = {way for way in ways_to_decide(caller) if way.kind is DecisionKind.ACCEPTANCE}
    assert way.within == Range(units=reach.units, areas=reach.areas)
    assert way.stages >= {Stage.REGISTERED}
    assert {way.within for way in ways_to_decide(REGISTRAR)} == {EVERYWHERE}
