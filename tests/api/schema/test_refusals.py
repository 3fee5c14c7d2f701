"""Every refusal that a client can meet, as data with its code, and nothing changed by it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.identity import Caller
from schema import ids
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import (
    AUDITOR,
    DISPATCHER,
    EVALUATOR,
    INTAKE,
    OFFICER,
    REGISTRAR,
    REPORTER,
    person,
)

NOWHERE = ids.case_id(UUID(int=1))


async def refusal(
    api: Api, caller: Caller, command: str, case_id: str | None, **given: Any
) -> dict[str, Any]:
    """The refusal of a command, which must not have changed the case."""
    if case_id is not None:
        given["caseId"] = case_id
    head = await api.journal.head()
    result = await api.by(caller).give(command, **given)
    assert result["__typename"] != "CaseChanged"
    assert await api.journal.head() == head
    return result


async def test_a_command_outside_its_stage(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    result = await refusal(api, DISPATCHER, "dispatchCase", case_id, leadUnit="lighting")
    assert (result["__typename"], result["code"]) == ("CommandRefused", "WRONG_STAGE")
    assert result["facts"] == {
        "command": "dispatchCase",
        "stage": "REGISTERED",
        "allowed": ["ACCEPTED"],
    }


async def test_a_time_in_the_future(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    result = await refusal(api, REGISTRAR, "acceptCase", case_id, occurredAt="2999-01-01T00:00:00Z")
    assert result["code"] == "OCCURRED_IN_FUTURE"


async def test_a_time_before_the_registration(api: Api, desk: Desk) -> None:
    case_id = await desk.registered(occurredAt="2026-03-01T00:00:00Z")
    result = await refusal(api, REGISTRAR, "acceptCase", case_id, occurredAt="2026-02-28T23:59:59Z")
    assert result["code"] == "OCCURRED_BEFORE_REGISTRATION"


async def test_whoever_resolved_does_not_check(api: Api, desk: Desk) -> None:
    case_id = await desk.in_progress()
    both = person("both", *OFFICER.roles, *REGISTRAR.roles)
    await api.by(both).change(
        "submitResolution", caseId=case_id, outcome="RESOLVED", measures="Done"
    )
    for command, given in (("verifyResolution", {}), ("orderRework", {"demand": "More"})):
        result = await refusal(api, both, command, case_id, **given)
        assert result["code"] == "CHECKER_IS_RESOLVER"


async def test_an_answer_of_whoever_was_not_reached(api: Api, desk: Desk) -> None:
    case_id = await desk.awaiting_feedback()
    result = await refusal(
        api, EVALUATOR, "recordFeedback", case_id, contacted=False, satisfaction=3
    )
    assert result["code"] == "FEEDBACK_WITHOUT_CONTACT"
    assert result["facts"] == {"given": ["satisfaction"]}


async def test_a_reporter_writes_no_internal_notes(api: Api) -> None:
    changed = await api.by(REPORTER).change("registerCase", channel="WEB")
    result = await refusal(
        api,
        REPORTER,
        "addNote",
        changed["case"]["caseId"],
        text="For the file",
        audience="INTERNAL",
    )
    assert result["code"] == "AUDIENCE_NOT_OPEN"


async def test_a_case_that_does_not_exist(api: Api) -> None:
    result = await refusal(api, REGISTRAR, "acceptCase", NOWHERE)
    assert (result["__typename"], result["code"]) == ("NotFound", "NOT_FOUND")


async def test_a_case_that_does_not_exist_says_no_more_to_whoever_may_not(api: Api) -> None:
    result = await refusal(api, AUDITOR, "acceptCase", NOWHERE)
    assert result["code"] == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("case_id", "words"),
    [
        ("", "not an id"),
        ("42", "not an id"),
        (str(UUID(int=1)), "not an id"),
        (ids.event_id(1), "CaseEvent"),
    ],
)
async def test_an_id_that_is_none_of_a_case(api: Api, case_id: str, words: str) -> None:
    result = await refusal(api, REGISTRAR, "acceptCase", case_id)
    assert (result["__typename"], result["code"]) == ("InvalidInput", "INVALID_INPUT")
    assert result["path"] == ["caseId"]
    assert words in result["message"]


async def test_the_id_of_a_past_state(api: Api, desk: Desk) -> None:
    case_id = await desk.accepted()
    query = "query Q($id: ID!) { case(id: $id, asOf: {version: 1}) { id } }"
    past = (await api.by(REGISTRAR).ask(query, id=case_id))["case"]["id"]
    result = await refusal(api, REGISTRAR, "rejectCase", past, legalBasis="L", remedy="R")
    assert (result["code"], result["path"]) == ("INVALID_INPUT", ["caseId"])


INVALID = [
    ("title", "t" * 201, ["title"]),
    ("description", "d" * 5_001, ["description"]),
    ("title", "bell \x07", ["title"]),
    ("description", "half of a pair \ud83d", ["description"]),
    ("typeCode", "c" * 101, ["typeCode"]),
    ("area", "a" * 101, ["area"]),
    ("reason", "r" * 5_001, ["reason"]),
    ("reason", "half \udc00", ["reason"]),
    ("point", {"latitude": 90.1, "longitude": 0}, ["point", "latitude"]),
    ("point", {"latitude": 0, "longitude": -180.1}, ["point", "longitude"]),
    ("relation", "FAMILY", ["relation"]),
    ("occurredAt", "1899-12-31T00:00:00Z", ["occurredAt"]),
]


@pytest.mark.parametrize(("name", "value", "path"), INVALID)
async def test_a_registration_beyond_its_limits(
    api: Api, name: str, value: object, path: list[str]
) -> None:
    result = await refusal(api, INTAKE, "registerCase", None, channel="WEB", **{name: value})
    assert (result["__typename"], result["code"]) == ("InvalidInput", "INVALID_INPUT")
    assert result["path"] == path
    assert result["message"]


@pytest.mark.parametrize(
    ("start", "caller", "command", "given", "path"),
    [
        ("registered", REGISTRAR, "rejectCase", {"legalBasis": " ", "remedy": "R"}, ["legalBasis"]),
        ("registered", REGISTRAR, "rejectCase", {"legalBasis": "L", "remedy": ""}, ["remedy"]),
        ("accepted", DISPATCHER, "dispatchCase", {"leadUnit": ""}, ["leadUnit"]),
        (
            "accepted",
            DISPATCHER,
            "dispatchCase",
            {"leadUnit": "u", "coUnits": ["v", "\n"]},
            ["coUnits", "1"],
        ),
        (
            "accepted",
            DISPATCHER,
            "dispatchCase",
            {"leadUnit": "u", "coUnits": ["v", "\ud800"]},
            ["coUnits", "1"],
        ),
        (
            "accepted",
            DISPATCHER,
            "dispatchCase",
            {"leadUnit": "u", "coUnits": [f"v{index}" for index in range(51)]},
            ["coUnits"],
        ),
        ("in_progress", OFFICER, "recordProgress", {"text": ""}, ["text"]),
        ("registered", OFFICER, "addNote", {"text": "x" * 5_001}, ["text"]),
        (
            "in_progress",
            OFFICER,
            "submitResolution",
            {"outcome": "RESOLVED", "measures": ""},
            ["measures"],
        ),
        ("resolved", REGISTRAR, "orderRework", {"demand": ""}, ["demand"]),
        ("resolved", REGISTRAR, "verifyResolution", {"publicReason": "Why"}, ["publicReason"]),
        (
            "awaiting_feedback",
            EVALUATOR,
            "recordFeedback",
            {"contacted": True, "satisfaction": 6},
            ["satisfaction"],
        ),
        (
            "awaiting_feedback",
            EVALUATOR,
            "recordFeedback",
            {"contacted": True, "satisfaction": 0},
            ["satisfaction"],
        ),
        (
            "closed",
            person("s", *REGISTRAR.roles, *AUDITOR.roles),
            "addNote",
            {"text": ""},
            ["text"],
        ),
    ],
)
async def test_a_command_beyond_its_limits(
    api: Api,
    desk: Desk,
    start: str,
    caller: Caller,
    command: str,
    given: dict[str, Any],
    path: list[str],
) -> None:
    case_id = await getattr(desk, start)()
    result = await refusal(api, caller, command, case_id, **given)
    assert (result["__typename"], result["path"]) == ("InvalidInput", path)


async def test_a_refused_command_does_not_use_its_id_up(api: Api, desk: Desk) -> None:
    case_id, command_id = await desk.registered(), str(uuid4())
    given = {"caseId": case_id, "leadUnit": "lighting", "commandId": command_id}
    assert (await api.by(DISPATCHER).give("dispatchCase", **given))["code"] == "WRONG_STAGE"
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
    changed = await api.by(DISPATCHER).change("dispatchCase", **given)
    assert changed["case"]["stage"] == "DISPATCHED"
