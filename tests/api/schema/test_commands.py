"""Each command by whoever may give it, and by somebody who may not."""

from typing import Any
from uuid import uuid4

import pytest

from domain.case.lifecycle import LIFECYCLE
from domain.identity import Role
from domain.permissions import BY_SERVICE, PERMISSIONS
from tests.api.schema.asking import Api, Asker
from tests.api.schema.conftest import Desk
from tests.api.schema.ending_steps import ENDINGS
from tests.api.schema.holding_steps import HOLDING
from tests.api.schema.passage_steps import PASSAGE
from tests.api.schema.public_steps import PUBLIC
from tests.api.schema.steps import Step
from tests.api.schema.supervision_steps import SUPERVISION
from tests.api.schema.timing_steps import TIMING
from tests.domain.people import (
    AUDITOR,
    DISPATCHER,
    EVALUATOR,
    INTAKE,
    OFFICER,
    REGISTRAR,
    SUPERVISOR,
    person,
)

STEPS = [
    *PASSAGE,
    *ENDINGS,
    *HOLDING,
    *PUBLIC,
    *SUPERVISION,
    *TIMING,
    Step("acceptCase", "registered", REGISTRAR, "ACCEPTED", ["case.accepted"]),
    Step(
        "rejectCase",
        "registered",
        REGISTRAR,
        "REJECTED",
        ["case.rejected"],
        {"legalBasis": "Regulation 12", "remedy": "Ask the court"},
    ),
    Step(
        "correctCase",
        "registered",
        INTAKE,
        "REGISTERED",
        ["case.detail_corrected", "case.detail_corrected"],
        {"title": "Two street lights out", "description": "Both at the corner"},
    ),
    Step(
        "attachReporter",
        "accepted",
        INTAKE,
        "ACCEPTED",
        ["case.reporter_attached"],
        {"reporter": {"name": "Li Hua", "contact": "555 0199"}},
    ),
    Step(
        "dispatchCase",
        "accepted",
        DISPATCHER,
        "DISPATCHED",
        ["case.dispatched"],
        {"leadUnit": "lighting", "coUnits": ["roads"]},
    ),
    Step("signForCase", "dispatched", OFFICER, "IN_PROGRESS", ["case.signed_for"]),
    Step(
        "recordProgress",
        "in_progress",
        OFFICER,
        "IN_PROGRESS",
        ["case.progress_recorded"],
        {"text": "Ordered a lamp"},
    ),
    Step("addNote", "closed", SUPERVISOR, "CLOSED", ["case.note_added"], {"text": "Seen"}),
    Step(
        "submitResolution",
        "in_progress",
        OFFICER,
        "RESOLVED",
        ["case.resolution_submitted"],
        {"outcome": "PARTLY", "measures": "One of two lamps", "basis": "Plan 2026"},
    ),
    Step(
        "verifyResolution",
        "resolved",
        SUPERVISOR,
        "AWAITING_FEEDBACK",
        ["case.resolution_verified", "case.feedback_requested"],
    ),
    Step(
        "orderRework",
        "resolved",
        REGISTRAR,
        "IN_PROGRESS",
        ["case.rework_ordered"],
        {"demand": "The second lamp too"},
    ),
    Step(
        "recordFeedback",
        "awaiting_feedback",
        EVALUATOR,
        "CLOSED",
        ["case.feedback_received", "case.closed"],
        {"contacted": True, "resolved": True, "satisfaction": 5},
    ),
    Step(
        "closeCase",
        "awaiting_feedback",
        REGISTRAR,
        "CLOSED",
        ["case.feedback_lapsed", "case.closed"],
        {"publicReason": "Nobody answered"},
    ),
    Step(
        "reopenCase", "closed", SUPERVISOR, "ACCEPTED", ["case.reopened"], {"ground": "Dark again"}
    ),
    Step("withdrawCase", "accepted", INTAKE, "WITHDRAWN", ["case.withdrawn"]),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.command)
async def test_a_command_by_whoever_may_give_it(api: Api, desk: Desk, step: Step) -> None:
    case_id = await step.begin(desk)

    changed = await api.by(step.by).change(step.command, caseId=case_id, **step.given)

    assert changed["case"]["stage"] == step.stage
    assert [event["type"] for event in changed["events"]] == step.events
    assert changed["events"][-1]["version"] == changed["case"]["version"]
    assert changed["events"][-1]["position"] == changed["position"]
    assert changed["events"][0]["actor"]["principal"] == step.by.principal
    assert changed["events"][0]["authority"] == step.command
    assert changed["case"] == await api.by(AUDITOR).case(case_id)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.command)
async def test_a_command_by_whoever_may_not(api: Api, desk: Desk, step: Step) -> None:
    case_id = await step.begin(desk)
    others = [role for role in Role if role not in PERMISSIONS[step.command]]
    before = await api.by(AUDITOR).case(case_id)

    for role in others:
        asker = api.by(person("somebody", role))
        result = await asker.give(step.command, caseId=case_id, **step.given)
        assert (result["__typename"], result["code"]) == ("NotPermitted", "NOT_PERMITTED"), role

    assert await api.by(AUDITOR).case(case_id) == before


ELSEWHERE = {
    "addEvidence",  # over HTTP: tests/api/transport/test_evidence_upload.py
    # Of several cases: tests/api/access/test_structure.py
    *("mergeCase", "reverseMerge", "splitCase", "linkCases", "unlinkCases"),
}


def test_every_command_on_a_case_has_a_step_here() -> None:
    assert {step.command for step in STEPS} == set(LIFECYCLE) - BY_SERVICE - ELSEWHERE


async def test_a_registration_says_all_that_was_given(api: Api) -> None:
    changed = await api.by(INTAKE).change(
        "registerCase",
        channel="WALK_IN",
        typeCode="lighting.street",
        title="路灯不亮",
        description="三号楼前的路灯坏了",
        area="grid-7",
        point={"latitude": 39.9, "longitude": 116.4, "precision": "STREET"},
        urgency="URGENT",
        onBehalf=True,
        relation="NEIGHBOUR",
        occurredAt="2026-03-01T08:30:00+08:00",
        reason="By telephone",
    )

    case = changed["case"]
    assert case["stage"] == "REGISTERED"
    assert case["type"] == {"code": "lighting.street"}
    assert case["title"] == "路灯不亮"
    assert case["location"] == {
        "area": {"code": "grid-7"},
        "point": {"latitude": 39.9, "longitude": 116.4, "precision": "STREET"},
    }
    assert (case["urgency"], case["onBehalf"], case["relation"]) == ("URGENT", True, "NEIGHBOUR")
    assert case["registeredAt"] == "2026-03-01T00:30:00Z"
    assert case["version"] == case["cycle"] == 1
    assert case["id"] == case["caseId"]
    [event] = changed["events"]
    assert (event["type"], event["reason"]) == ("case.registered", "By telephone")


@pytest.mark.parametrize(
    "roles", [{Role.SUPERVISOR}, {Role.AUDITOR}, {Role.SYSTEM_ADMIN}, {Role.VOLUNTEER}]
)
async def test_not_everybody_with_a_token_registers(api: Api, roles: set[Role]) -> None:
    result = await api.by(person("somebody", *roles)).give("registerCase", channel="WEB")
    assert result["code"] == "NOT_PERMITTED"


async def test_the_same_command_again_returns_the_first_outcome(api: Api, desk: Desk) -> None:
    case_id, command_id = await desk.registered(), str(uuid4())
    first = await api.by(REGISTRAR).change("acceptCase", caseId=case_id, commandId=command_id)
    await api.by(DISPATCHER).change("dispatchCase", caseId=case_id, leadUnit="lighting")

    again = await api.by(REGISTRAR).change("acceptCase", caseId=case_id, commandId=command_id)

    assert again["events"] == first["events"]
    assert again["position"] == first["position"]
    assert again["case"]["stage"] == "DISPATCHED", "the case is the current one"


async def test_the_same_registration_again_makes_no_second_case(api: Api) -> None:
    given = {"channel": "WEB", "title": "Noise", "commandId": str(uuid4())}
    first = await api.by(INTAKE).change("registerCase", **given)
    again = await api.by(INTAKE).change("registerCase", **given)
    assert again == first


async def test_without_a_command_id_the_same_again_is_another_command(api: Api) -> None:
    given = {"channel": "WEB", "title": "Noise", "commandId": None}
    first = await api.by(INTAKE).change("registerCase", **given)
    again = await api.by(INTAKE).change("registerCase", **given)
    assert again["case"]["caseId"] != first["case"]["caseId"]


async def test_the_same_command_id_with_another_input_is_refused(api: Api, desk: Desk) -> None:
    case_id, command_id = await desk.registered(), str(uuid4())
    await api.by(REGISTRAR).change("acceptCase", caseId=case_id, commandId=command_id)
    for given in ({"reason": "Other"}, {"caseId": await desk.registered()}):
        result = await api.by(REGISTRAR).give(
            "acceptCase", **{"caseId": case_id, "commandId": command_id, **given}
        )
        assert result["code"] == "COMMAND_ID_REUSED"
        assert result["facts"] == {"command_id": command_id}


async def test_what_is_so_already_changes_nothing(api: Api, desk: Desk) -> None:
    case_id = await desk.registered(title="Noise")
    changed = await api.by(INTAKE).change("correctCase", caseId=case_id, title="Noise")
    assert changed["events"] == []
    assert changed["case"]["version"] == 1


async def test_a_command_on_a_version_that_is_over_gets_what_it_missed(
    api: Api, desk: Desk
) -> None:
    case_id = await desk.in_progress()
    version = (await _case(api.by(OFFICER), case_id))["version"]
    await api.by(OFFICER).change("recordProgress", caseId=case_id, text="First")
    await api.by(OFFICER).change("addNote", caseId=case_id, text="Second")

    result = await api.by(OFFICER).give(
        "submitResolution",
        caseId=case_id,
        expectedVersion=version,
        outcome="RESOLVED",
        measures="Done",
    )

    assert (result["__typename"], result["code"]) == ("VersionConflict", "VERSION_CONFLICT")
    assert result["currentVersion"] == version + 2
    assert [event["type"] for event in result["missed"]] == [
        "case.progress_recorded",
        "case.note_added",
    ]
    assert (await _case(api.by(OFFICER), case_id))["stage"] == "IN_PROGRESS"


async def test_a_version_of_the_future_is_a_conflict_that_missed_nothing(
    api: Api, desk: Desk
) -> None:
    case_id = await desk.registered()
    for version in (9, 2**31 - 1, -(2**31)):
        given = {"caseId": case_id, "expectedVersion": version}
        result = await api.by(REGISTRAR).give("acceptCase", **given)
        assert (result["code"], result["currentVersion"]) == ("VERSION_CONFLICT", 1)
        assert (result["missed"] == []) is (version > 0)


async def _case(asker: Asker, case_id: str) -> dict[str, Any]:
    case = await asker.case(case_id)
    assert case is not None
    return case
