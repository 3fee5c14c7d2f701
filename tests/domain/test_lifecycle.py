"""The lifecycle table, walked completely: every stage x every command."""

from typing import get_args

import pytest

from domain.case import CaseCommand
from domain.case.lifecycle import ACTIVE, LIFECYCLE, Stage
from domain.command import Command
from tests.domain.histories import AT_STAGE, COMING_BACK, EXAMPLES, ready_for
from tests.domain.holding import HELD
from tests.domain.scenario import events_of, fold, given

BEGINNINGS = {Stage.REGISTERED, Stage.IMPORTED}


@pytest.mark.parametrize("stage", Stage)
def test_there_is_a_history_that_leads_to_every_stage(stage: Stage) -> None:
    case = fold(events_of(AT_STAGE[stage]))
    assert case is not None
    assert case.stage is stage


def test_every_command_on_a_case_has_a_row_and_an_example() -> None:
    commands = {kind.NAME for kind in get_args(CaseCommand)}
    assert commands == set(LIFECYCLE) == {command.NAME for command in EXAMPLES}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: command.NAME)
def test_a_command_is_possible_exactly_where_its_row_says(stage: Stage, command: Command) -> None:
    rule = LIFECYCLE[command.NAME]
    possible = stage in rule.sources
    past = ready_for(command.NAME, stage) if possible else AT_STAGE[stage]
    outcome = given(*past).where(HELD).when(command)
    if possible:
        assert outcome.refusal is None
        assert outcome.events
        assert outcome.case is not None
        assert outcome.case.stage in (rule.targets or {stage})
    else:
        outcome.refused(
            "WRONG_STAGE",
            command=command.NAME,
            stage=stage.value,
            allowed=sorted(source.value for source in rule.sources),
        )


@pytest.mark.parametrize("name", LIFECYCLE)
def test_a_row_has_no_target_that_its_command_never_reaches(name: str) -> None:
    rule = LIFECYCLE[name]
    reached = set()
    for command in (example for example in EXAMPLES if name == example.NAME):
        for stage in rule.sources:
            for past in (ready_for(name, stage), *COMING_BACK.get(stage, ())):
                case = given(*past).where(HELD).when(command).case
                assert case is not None
                reached.add(case.stage)
    assert reached == (rule.targets or rule.sources)


def test_every_stage_but_the_first_is_reachable_over_the_table() -> None:
    reachable = set(BEGINNINGS)
    while True:
        further = {
            target
            for rule in LIFECYCLE.values()
            if rule.sources & reachable
            for target in rule.targets
        }
        if further <= reachable:
            break
        reachable |= further
    assert reachable == set(Stage)


def test_an_imported_history_is_outside_the_lifecycle() -> None:
    within = {name for name, rule in LIFECYCLE.items() if Stage.IMPORTED in rule.sources}
    assert within == {"raiseDeadline"}, "what was set there as a target is noticed here"
    assert all(Stage.IMPORTED not in rule.targets for rule in LIFECYCLE.values())


def test_only_a_closed_case_comes_back_from_an_end() -> None:
    ends = frozenset(Stage) - ACTIVE - {Stage.IMPORTED}
    leaving = {
        (name, stage)
        for name, rule in LIFECYCLE.items()
        if rule.targets
        for stage in rule.sources & ends
    }
    assert leaving == {
        ("reopenCase", Stage.CLOSED),
        ("decideAppeal", Stage.CLOSED),
        ("decideAppeal", Stage.REJECTED),
        ("archiveCase", Stage.CLOSED),
        ("recordDeliveryFailure", Stage.REFERRED),
        ("reverseMerge", Stage.MERGED),
    }
