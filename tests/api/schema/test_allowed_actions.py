"""What is offered for a case, told by the guards of its commands."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from domain.case.actions import Action
from domain.case.lifecycle import LIFECYCLE
from domain.identity import Caller, Role
from domain.permissions import PERMISSIONS
from schema.context import CaseActions
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import OFFICER, REGISTRAR, person

ACTIONS = "allowedActions { command label enabled blockedBy { code message } }"
BOTH = person(OFFICER.principal, Role.OFFICER, Role.REGISTRAR)


async def offered(api: Api, case_id: str, caller: Caller) -> dict[str, list[str]]:
    """Command -> the codes of what stands in its way."""
    case = await api.by(caller).case(case_id, ACTIONS)
    assert case is not None
    for each in case["allowedActions"]:
        assert each["enabled"] is not bool(each["blockedBy"])
        assert each["label"]
    return {
        each["command"]: [blocker["code"] for blocker in each["blockedBy"]]
        for each in case["allowedActions"]
    }


async def test_every_command_is_told_in_the_order_of_the_lifecycle(api: Api, desk: Desk) -> None:
    by_people = [name for name in LIFECYCLE if PERMISSIONS[name] != {Role.SERVICE}]
    assert list(await offered(api, await desk.registered(), REGISTRAR)) == by_people


async def test_a_guard_that_does_not_hold_stands_in_the_way(api: Api, desk: Desk) -> None:
    case_id = await desk.resolved()
    assert (await offered(api, case_id, BOTH))["verifyResolution"] == ["CHECKER_IS_RESOLVER"]
    assert (await offered(api, case_id, REGISTRAR))["verifyResolution"] == []
    refused = await api.by(BOTH).give("verifyResolution", caseId=case_id)
    assert refused["code"] == "CHECKER_IS_RESOLVER"


async def test_what_is_offered_is_carried_out(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    assert (await offered(api, case_id, REGISTRAR))["acceptCase"] == []
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
    assert (await offered(api, case_id, REGISTRAR))["acceptCase"] == ["WRONG_STAGE"]


async def test_a_changed_case_says_at_once_what_is_next(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    query = """
        mutation M($i: AcceptCaseInput!) { acceptCase(input: $i) {
            ... on CaseChanged { case { allowedActions { command enabled } } }
        } }
    """
    answer = await api.by(REGISTRAR).ask(query, i={"caseId": case_id})
    actions = answer["acceptCase"]["case"]["allowedActions"]
    assert {"command": "acceptCase", "enabled": False} in actions


class Counted:
    """Counts how often it is asked."""

    def __init__(self, actions: CaseActions) -> None:
        self.actions = actions
        self.asked: list[int] = []

    async def actions_on(
        self, case_ids: Collection[UUID], caller: Caller
    ) -> Mapping[UUID, Sequence[Action]]:
        self.asked.append(len(case_ids))
        return await self.actions.actions_on(case_ids, caller)


async def test_the_cases_of_a_page_are_read_at_once_and_only_where_asked(
    api: Api, desk: Desk
) -> None:
    for _ in range(3):
        await desk.registered()
    api.actions = counted = Counted(api.actions)
    asked = api.by(REGISTRAR)
    await asked.ask("{ cases(first: 3) { nodes { caseNo } } }")
    assert counted.asked == []
    page = await asked.ask(f"{{ cases(first: 3) {{ nodes {{ {ACTIONS} }} }} }}")
    assert counted.asked == [3]
    assert all(node["allowedActions"] for node in page["cases"]["nodes"])
