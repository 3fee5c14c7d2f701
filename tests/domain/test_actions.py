import pytest

from domain.case.actions import actions
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.identity import Role
from domain.permissions import PERMISSIONS
from tests.domain.people import AUDITOR, NEIGHBOUR, REGISTRAR, REPORTER, person


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("stage", Stage)
def test_an_action_is_open_where_lifecycle_and_permission_meet(stage: Stage, role: Role) -> None:
    caller = person("somebody", role)
    offered = {action.command: not action.blockers for action in actions(stage, "somebody", caller)}
    assert offered == {
        command: stage in rule.sources and role in PERMISSIONS[command]
        for command, rule in LIFECYCLE.items()
    }


def test_each_blocker_says_what_the_command_would_be_refused_with() -> None:
    blockers = {
        action.command: [blocker.code for blocker in action.blockers]
        for action in actions(Stage.CLOSED, None, AUDITOR)
    }
    assert blockers["acceptCase"] == ["NOT_PERMITTED", "WRONG_STAGE"]
    assert blockers["reopenCase"] == ["NOT_PERMITTED"]


def test_a_reporter_may_act_on_their_own_case_alone() -> None:
    mine = {each.command: each.blockers for each in actions(Stage.REGISTERED, "resident", REPORTER)}
    theirs = {each.command: each.blockers for each in actions(Stage.REGISTERED, "other", NEIGHBOUR)}
    assert mine["withdrawCase"] == ()
    assert [blocker.code for blocker in theirs["withdrawCase"]] == ["NOT_FOUND"]


def test_an_imported_history_takes_no_command() -> None:
    assert all(action.blockers for action in actions(Stage.IMPORTED, None, REGISTRAR))
