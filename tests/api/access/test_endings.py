"""Handling and ends in a district: who is asked, who answers, and what the reporter sees of it."""

from typing import Any

from tests.api.access.conftest import District

ASKED = """
    coHandling { unit { code } reply due answeredAt }
    informationRequests { number unit { code } state }
    firstContactAt feedback { due visits resolved satisfaction }
    appeals { number against state } voidRequested
    timeline(first: 50) { nodes { type payload } }
"""


async def at_work(district: District, **said: Any) -> str:
    """A case that environment handles; police has nothing to do with it."""
    given = {"typeCode": "lift", "fields": {"floors": 3}, **said}
    case_id = await district.dispatched("environment", **given)
    await district.by("officer").change("signForCase", caseId=case_id)
    return case_id


async def asked(district: District, name: str, case_id: str) -> dict[str, Any]:
    case = await district.by(name).case(case_id, ASKED)
    assert case is not None
    return case


async def code_of(district: District, name: str, command: str, **given: Any) -> str:
    refused = await district.by(name).give(command, **given)
    assert refused["__typename"] != "CaseChanged", refused
    code: str = refused["code"]
    return code


async def test_a_unit_that_is_asked_sees_the_case_and_replies_for_itself(
    district: District,
) -> None:
    case_id = await at_work(district)
    assert await district.by("police-officer").case(case_id) is None
    officer, question = district.by("officer"), "Is the stairwell barred?"
    await officer.change("requestCoHandling", caseId=case_id, unit="police", question=question)
    resolution = {"caseId": case_id, "outcome": "RESOLVED", "measures": "It runs again"}
    assert await code_of(district, "officer", "submitResolution", **resolution) == (
        "CO_REPLIES_AWAITED"
    )
    reply = {"caseId": case_id, "unit": "police", "reply": "Not any more"}
    assert await code_of(district, "officer", "replyCoHandling", **reply) == "REPLIER_NOT_IN_UNIT"
    await district.by("police-officer").change("replyCoHandling", **reply)
    (request,) = (await asked(district, "officer", case_id))["coHandling"]
    assert (request["unit"], request["reply"]) == ({"code": "police"}, "AGREED")
    await officer.change("submitResolution", **resolution)
    own = await asked(district, "resident", case_id)
    assert own["coHandling"] == []
    kinds = {event["type"] for event in own["timeline"]["nodes"]}
    assert kinds.isdisjoint({"case.co_handling_requested", "case.co_handling_replied"})


async def test_a_helping_unit_asks_nobody_else(district: District) -> None:
    case_id = await district.dispatched()
    await district.by("officer").change("signForCase", caseId=case_id)
    for command, given in (
        ("requestCoHandling", {"unit": "centre", "question": "What?"}),
        ("recordFirstContact", {"way": "VISIT", "result": "Nobody there"}),
    ):
        assert (
            await code_of(district, "police-officer", command, caseId=case_id, **given)
            == "NOT_PERMITTED"
        )


async def test_a_reporter_answers_what_they_are_asked_and_sees_no_more(
    district: District,
) -> None:
    case_id = await at_work(district)
    officer, resident = district.by("officer"), district.by("resident")
    await officer.change("recordFirstContact", caseId=case_id, way="TELEPHONE", result="At home")
    await officer.change("requestInformation", caseId=case_id, question="Which floor?")
    await officer.change(
        "requestInformation", caseId=case_id, question="Who serves it?", unit="centre"
    )
    own = await asked(district, "resident", case_id)
    assert [(each["number"], each["unit"]) for each in own["informationRequests"]] == [(1, None)]
    said = {event["type"]: event["payload"] for event in own["timeline"]["nodes"]}
    assert said["case.information_requested"] == {"number": 1, "question": "Which floor?"}
    answer = {"caseId": case_id, "answer": "The third"}
    refused = await code_of(district, "resident", "receiveInformation", number=2, **answer)
    assert refused == "INFORMATION_NOT_AWAITED"
    await resident.change("receiveInformation", number=1, **answer)
    assert (
        await code_of(district, "neighbour", "receiveInformation", number=1, **answer)
        == "NOT_FOUND"
    )
    staff = await asked(district, "officer", case_id)
    assert [each["state"] for each in staff["informationRequests"]] == ["RECEIVED", "AWAITED"]
    assert staff["firstContactAt"] == own["firstContactAt"] is not None


async def test_from_the_answer_to_an_appeal(district: District) -> None:
    case_id = await at_work(district)
    await district.by("officer").change(
        "submitResolution", caseId=case_id, outcome="EXPLAINED", measures="It is old"
    )
    await district.by("chief-registrar").change("verifyResolution", caseId=case_id)
    assert (await asked(district, "resident", case_id))["feedback"]["due"] is not None
    evaluator, resident = district.by("evaluator"), district.by("resident")
    visited = await evaluator.change("recordFeedback", caseId=case_id, contacted=False)
    assert visited["case"]["stage"] == "AWAITING_FEEDBACK"
    closed = await resident.change(
        "recordFeedback", caseId=case_id, contacted=True, resolved=False, satisfaction=1
    )
    assert closed["case"]["stage"] == "CLOSED"
    await resident.change("fileAppeal", caseId=case_id, ground="It still sticks")
    decision = {"caseId": case_id, "upheld": True, "finding": "It does"}
    assert await code_of(district, "chief-registrar", "decideAppeal", **decision) == (
        "APPEAL_AGAINST_ONESELF"
    )
    reopened = await district.by("registrar").change("decideAppeal", **decision)
    assert (reopened["case"]["stage"], reopened["case"]["cycle"]) == ("ACCEPTED", 2)
    own = await asked(district, "resident", case_id)
    assert own["appeals"] == [{"number": 1, "against": "CLOSED", "state": "UPHELD"}]
    assert own["feedback"] is None
    said = {event["type"]: event["payload"] for event in own["timeline"]["nodes"]}
    assert said["case.appeal_decided"] == {"number": 1, "upheld": True, "finding": "It does"}
    assert "checker" not in said["case.resolution_verified"]


async def test_a_reporter_reopens_what_they_did_not_call_resolved(district: District) -> None:
    for resolved, expected in ((False, "CaseChanged"), (True, "REPORTER_SAID_RESOLVED")):
        case_id = await at_work(district)
        await district.by("officer").change(
            "submitResolution", caseId=case_id, outcome="RESOLVED", measures="It runs"
        )
        await district.by("registrar").change("verifyResolution", caseId=case_id)
        resident = district.by("resident")
        await resident.change("recordFeedback", caseId=case_id, contacted=True, resolved=resolved)
        answer = await resident.give("reopenCase", caseId=case_id, ground="It sticks")
        assert answer.get("code", answer["__typename"]) == expected


async def test_two_persons_void_a_case_and_its_reporter_learns_of_the_end(
    district: District,
) -> None:
    case_id = await at_work(district)
    registrar = district.by("registrar")
    await registrar.change("requestVoid", caseId=case_id, voidReason="REGISTERED_TWICE")
    assert (await asked(district, "officer", case_id))["voidRequested"] == "REGISTERED_TWICE"
    assert (await asked(district, "resident", case_id))["voidRequested"] is None
    assert await code_of(district, "registrar", "approveVoid", caseId=case_id) == (
        "VOID_NEEDS_SECOND_PERSON"
    )
    await district.by("chief-registrar").change("approveVoid", caseId=case_id)
    own = await asked(district, "resident", case_id)
    kinds = [event["type"] for event in own["timeline"]["nodes"]]
    assert kinds[-1] == "case.voided"
    assert "case.void_requested" not in kinds


async def test_what_is_open_is_closed_when_the_reporter_withdraws(district: District) -> None:
    case_id = await at_work(district)
    officer = district.by("officer")
    await officer.change("requestCoHandling", caseId=case_id, unit="police", question="What?")
    await officer.change("requestInformation", caseId=case_id, question="Which floor?")
    await district.by("registrar").change("requestVoid", caseId=case_id, voidReason="TEST")
    await district.by("resident").change("withdrawCase", caseId=case_id)
    staff = await asked(district, "officer", case_id)
    assert [each["reply"] for each in staff["coHandling"]] == ["CANCELLED"]
    assert [each["state"] for each in staff["informationRequests"]] == ["CANCELLED"]
    assert staff["voidRequested"] is None
