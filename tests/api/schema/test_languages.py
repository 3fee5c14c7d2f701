"""Words for people in the language of the request: refusals, blockers, labels."""

from dataclasses import replace
from typing import Any

import pytest

from domain.identity import Caller
from schema.languages import Language
from tests.api.schema.asking import Api, Asker
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, DISPATCHER, REGISTRAR


def chinese(api: Api, caller: Caller) -> Asker:
    asker = api.by(caller)
    return replace(asker, context=replace(asker.context, language=Language.ZH))


async def test_a_refusal_in_chinese(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    given: dict[str, Any] = {"caseId": case_id, "leadUnit": "lighting"}
    english = await api.by(DISPATCHER).give("dispatchCase", **given)
    refused = await chinese(api, DISPATCHER).give("dispatchCase", **given)
    assert refused["message"] == "案件处于“已登记”时不能派单；须处于：已受理。"
    assert "Registered" in english["message"]
    for member in ("__typename", "code", "facts"):
        assert refused[member] == english[member]
    assert refused["facts"]["stage"] == "REGISTERED"


@pytest.mark.parametrize(
    ("caller", "command", "given", "message"),
    [
        (AUDITOR, "acceptCase", {}, "您无权使用“受理案件”。"),
        (REGISTRAR, "rejectCase", {"legalBasis": " ", "remedy": "R"}, "legalBasis 不能为空"),
        (REGISTRAR, "acceptCase", {"expectedVersion": 7}, "案件的版本是 1，而不是 7。"),
    ],
)
async def test_refusals_of_each_type_in_chinese(
    api: Api, desk: Desk, caller: Caller, command: str, given: dict[str, Any], message: str
) -> None:
    case_id = await desk.registered()
    refused = await chinese(api, caller).give(command, caseId=case_id, **given)
    assert refused["message"] == message


async def test_what_does_not_exist_in_chinese(api: Api) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    refused = await chinese(api, REGISTRAR).give("acceptCase", caseId=missing)
    assert refused["code"] in {"NOT_FOUND", "INVALID_INPUT"}
    assert refused["message"] in {"没有这样的案件，或者您无权查看。", "这不是本服务的标识。"}


async def test_a_refused_query_in_chinese(api: Api) -> None:
    result = await chinese(api, AUDITOR).execute("{ cases { totalCount } }")
    assert result.errors is not None
    assert result.errors[0].message == "须填写 first 或 last，取值 1 至 100"


async def test_actions_and_events_have_labels(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    selection = """
        allowedActions { command label blockedBy { message } }
        timeline(first: 1) { nodes { type label } }
    """
    case = await chinese(api, REGISTRAR).case(case_id, selection)
    assert case is not None
    assert case["timeline"]["nodes"] == [{"type": "case.registered", "label": "登记"}]
    actions = {action["command"]: action for action in case["allowedActions"]}
    assert actions["closeCase"]["label"] == "结案"
    assert "“已登记”" in actions["closeCase"]["blockedBy"][0]["message"]


async def test_labels_of_some_kinds(api: Api) -> None:
    query = '{ labels(kinds: ["Urgency", "Urgency"]) { kind value label zh en } }'
    labels = (await chinese(api, AUDITOR).ask(query))["labels"]
    assert [each["value"] for each in labels] == ["NORMAL", "URGENT", "EMERGENCY"]
    assert labels[1] == {
        "kind": "Urgency",
        "value": "URGENT",
        "label": "紧急",
        "zh": "紧急",
        "en": "Urgent",
    }
    english = (await api.by(AUDITOR).ask(query))["labels"]
    assert english[1]["label"] == "Urgent"


async def test_labels_of_every_kind(api: Api) -> None:
    labels = (await api.by(AUDITOR).ask("{ labels { kind value label } }"))["labels"]
    assert {"Command", "Event", "CaseStage", "Role"} <= {each["kind"] for each in labels}


async def test_labels_of_no_kind(api: Api) -> None:
    refused = await api.by(AUDITOR).refused('{ labels(kinds: ["Nothing"]) { label } }')
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["kinds"])
