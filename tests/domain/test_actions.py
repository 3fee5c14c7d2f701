"""What is offered is what would be accepted: the same guards tell both."""

from collections.abc import Iterator
from copy import copy
from typing import Final
from uuid import UUID

import pytest
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case, CaseCommand, decide
from domain.case.actions import actions
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.rules import GUARDS
from domain.case.splitting import SplitCase
from domain.case.structure import taken_by
from domain.command import NOTHING_ARRANGED, Arrangements, Command, circumstances
from domain.identity import Caller, Role
from domain.permissions import BY_SERVICE, permitted
from domain.refusal import Refusal
from tests.domain.histories import AT_STAGE, EXAMPLES, PREPARED, REGISTRATION, ready_for
from tests.domain.holding import HELD
from tests.domain.inputs import INPUT_DECIDES, inputs
from tests.domain.people import (
    AUDITOR,
    EVERYBODY_ON_DUTY,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
    person,
)
from tests.domain.scenario import NOW, events_of, fold
from tests.domain.strategies import callers
from tests.domain.test_arrangements import catalogue, directory
from tests.domain.test_folding import Life, live, lives

ARRANGED: Final = Arrangements(directory=directory(), catalogue=catalogue(), sla=HELD.sla)
arrangements: Final = st.booleans().map(lambda there: ARRANGED if there else NOTHING_ARRANGED)
OFFERED: Final = [each for each in EXAMPLES if each.NAME not in BY_SERVICE]
askers: Final = callers | st.sampled_from([REPORTER, NEIGHBOUR, OFFICER, EVERYBODY_ON_DUTY])


def accepted(case: Case, command: Command, caller: Caller, arranged: Arrangements) -> bool:
    """Whether a command would be carried out, as the service does it; the case stays as it is."""
    assert isinstance(command, CaseCommand)
    here, place = as_it_is(case), case.place
    try:
        permitted(caller, command.NAME, case.reporter, place)
        by = circumstances(command, caller, NOW, arranged, reporter=case.reporter, place=place)
        decide(here, command, by, neighbours(here, command))
    except Refusal:
        return False
    return True


def as_it_is(case: Case) -> Case:
    """A copy to decide on: events set its attributes anew, and add to its lists."""
    there = copy(case)
    vars(there).update({k: list(v) for k, v in vars(case).items() if isinstance(v, list)})
    return there


def neighbours(case: Case, command: CaseCommand) -> dict[UUID, Case]:
    """The other cases that a command takes part of."""
    others: dict[UUID, Case] = {}
    while missing := taken_by(command, case, others) - others.keys() - {case.id}:
        if isinstance(command, SplitCase):
            break  # the case that it begins
        for case_id in missing:
            other = fold(events_of(AT_STAGE[Stage.REGISTERED], case_id))
            assert other is not None
            others[case_id] = other
    return others


def agrees(case: Case, caller: Caller, arranged: Arrangements) -> Iterator[str]:
    """The commands for which what is offered and what is accepted differ."""
    for offered in actions(case, caller, NOW, arranged):
        given_now = [*inputs(case, offered.command)]
        if not given_now:
            continue  # `test_lifecycle` misses the example
        possible = any(accepted(case, command, caller, arranged) for command in given_now)
        enabled = not offered.blockers
        note(f"{offered.command} {'enabled' if enabled else 'disabled'}")
        if enabled != possible and (possible or offered.command not in INPUT_DECIDES):
            yield offered.command


@settings(max_examples=120)
@given(lives, askers, arrangements)
def test_an_action_is_enabled_exactly_where_the_command_is_accepted(
    then: list[tuple[CaseCommand | int, Caller]], caller: Caller, arranged: Arrangements
) -> None:
    life: Life | None = live(REGISTRATION, then)
    assert life is not None
    assert list(agrees(life.case, caller, arranged)) == []


@settings(max_examples=20)
@given(caller=askers, arranged=arrangements)
@pytest.mark.parametrize("stage", Stage)
def test_at_every_stage_too(stage: Stage, caller: Caller, arranged: Arrangements) -> None:
    case = fold(events_of(AT_STAGE[stage]))
    assert case is not None
    assert list(agrees(case, caller, arranged)) == []


@settings(max_examples=10)
@given(caller=askers, arranged=arrangements, data=st.data())
@pytest.mark.parametrize("name", PREPARED)
def test_and_where_a_command_was_prepared(
    name: str, caller: Caller, arranged: Arrangements, data: st.DataObject
) -> None:
    stage = data.draw(st.sampled_from(sorted(LIFECYCLE[name].sources)))
    case = fold(events_of(ready_for(name, stage)))
    assert case is not None
    assert list(agrees(case, caller, arranged)) == []


@pytest.mark.parametrize("example", OFFERED, ids=lambda command: command.NAME)
def test_everybody_on_duty_is_offered_every_command_somewhere(example: Command) -> None:
    for stage in LIFECYCLE[example.NAME].sources:
        case = fold(events_of(ready_for(example.NAME, stage)))
        assert case is not None
        now = example.occurred_at or NOW
        offered = {each.command: each for each in actions(case, EVERYBODY_ON_DUTY, now, HELD)}
        assert offered[example.NAME].blockers == ()


def test_only_commands_on_a_case_have_guards_and_reasons_why_input_decides() -> None:
    assert GUARDS.keys() | INPUT_DECIDES.keys() <= LIFECYCLE.keys()


def blockers(stage: Stage, caller: Caller) -> dict[str, list[str]]:
    case = fold(events_of(AT_STAGE[stage]))
    assert case is not None
    return {
        action.command: [blocker.code for blocker in action.blockers]
        for action in actions(case, caller, NOW)
    }


def test_each_blocker_says_what_the_command_would_be_refused_with() -> None:
    found = blockers(Stage.CLOSED, AUDITOR)
    assert found["acceptCase"] == ["NOT_PERMITTED", "WRONG_STAGE"]
    assert found["reopenCase"] == ["NOT_PERMITTED"]


def test_the_guards_of_a_command_are_told_to_whoever_may_give_it() -> None:
    both = person(OFFICER.principal, Role.OFFICER, Role.REGISTRAR)
    assert blockers(Stage.RESOLVED, both)["verifyResolution"] == ["CHECKER_IS_RESOLVER"]
    assert blockers(Stage.RESOLVED, OFFICER)["verifyResolution"] == ["NOT_PERMITTED"]
    assert blockers(Stage.IN_PROGRESS, both)["verifyResolution"] == ["WRONG_STAGE"]


def test_a_reporter_may_act_on_their_own_case_alone() -> None:
    assert blockers(Stage.REGISTERED, REPORTER)["withdrawCase"] == []
    assert blockers(Stage.REGISTERED, NEIGHBOUR)["withdrawCase"] == ["NOT_FOUND"]


def test_an_imported_history_takes_no_command() -> None:
    assert all(blockers(Stage.IMPORTED, REGISTRAR).values())
