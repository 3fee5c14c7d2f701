"""Whose a case is, in a district with somebody in every post: scenario 1, reach, what is shown."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.api.access.conftest import District

PASSAGE: Final = """
    stage leadUnit { code } returnState returns arbitrated fallbackUnit { code }
    officer { principal post } handOverTo rejectionProposed verificationArea { code }
    fieldVerified openSteps referral { target status } emergencyUntil fields type { code }
    location { area { code } point { latitude longitude precision } } urgency channel
"""


async def seen(district: District, case_id: str, by: str = "auditor") -> dict[str, Any]:
    case = await district.by(by).case(case_id, PASSAGE)
    assert case is not None
    return case


async def types_of(district: District, case_id: str) -> list[str]:
    selection = "timeline(first: 50) { nodes { type } }"
    case = await district.by("auditor").case(case_id, selection)
    assert case is not None
    return [event["type"].removeprefix("case.") for event in case["timeline"]["nodes"]]


async def test_returned_twice_then_arbitrated(district: District) -> None:
    """Scenario 1 of DOMAIN.md section 10, its routing half."""
    ours = await district.dispatched("environment")
    for unit, name in (("environment", "officer"), ("police", "police-officer")):
        given = {"caseId": ours, "ground": "Not ours", "suggestedUnit": "police"}
        await district.by(name).change("requestReturn", **given)
        assert (await seen(district, ours))["returnState"] == "REQUESTED"
        await district.by("chief-dispatcher").change("upholdReturn", caseId=ours)
        after = await seen(district, ours)
        assert (after["stage"], after["leadUnit"]) == ("ACCEPTED", None)
        to = {"leadUnit": "police" if unit == "environment" else "environment", "reason": "Theirs"}
        await district.by("chief-dispatcher").change("dispatchCase", caseId=ours, **to)

    officer = district.by("officer")
    refused = await officer.give("requestReturn", caseId=ours, ground="Still not ours")
    assert (refused["code"], refused["facts"]) == ("RETURNS_EXHAUSTED", {"most": 2})
    await officer.change("requestArbitration", caseId=ours, ground="Neither is")
    assert (await seen(district, ours))["returnState"] == "IN_ARBITRATION"
    await district.by("chief-registrar").change(
        "arbitrateResponsibility", caseId=ours, leadUnit="environment", ground="By the list"
    )

    after = await seen(district, ours)
    assert (after["stage"], after["leadUnit"]["code"]) == ("DISPATCHED", "environment")
    assert (after["returns"], after["arbitrated"], after["returnState"]) == (2, True, "NONE")
    for command in ("requestReturn", "requestArbitration"):
        refused = await officer.give(command, caseId=ours, ground="Once more")
        assert refused["code"] == "ALREADY_ARBITRATED"
    await officer.change("signForCase", caseId=ours)
    assert [each for each in await types_of(district, ours) if "return" in each] == [
        "return_requested",
        "return_upheld",
    ] * 2


async def test_a_proposed_rejection_waits_for_another_person(district: District) -> None:
    ours = await district.registered()
    given = {"caseId": ours, "legalBasis": "Regulation 12", "remedy": "Ask the court"}
    await district.by("intake").change("proposeRejection", **given)
    assert (await seen(district, ours))["rejectionProposed"] is True
    assert (await district.by("intake").give("rejectCase", **given))["code"] == "NOT_PERMITTED"
    await district.by("chief-registrar").change("acceptCase", caseId=ours)
    assert (await seen(district, ours))["rejectionProposed"] is False


async def test_a_unit_that_only_helps_does_not_give_it_back(district: District) -> None:
    ours = await district.dispatched()
    helping = district.by("police-officer")
    refused = await helping.give("requestReturn", caseId=ours, ground="Not ours")
    assert refused["code"] == "NOT_PERMITTED"


async def test_the_place_is_looked_at_by_the_grid_worker_of_its_area(district: District) -> None:
    ours = await district.registered(area="whole")
    grid_worker = district.by("grid_worker")
    finding = {"caseId": ours, "findings": "Loud", "confirmed": True}
    assert (await grid_worker.give("recordFieldVerification", **finding))["code"] == "NOT_FOUND"
    await district.by("chief-registrar").change(
        "requestFieldVerification", caseId=ours, area="grid-1"
    )
    waiting = await district.by("chief-registrar").give("acceptCase", caseId=ours)
    assert waiting["code"] == "NOT_VERIFIED"
    await grid_worker.change("recordFieldVerification", **finding)
    after = await seen(district, ours)
    assert (after["stage"], after["fieldVerified"]) == ("VERIFYING", True)
    assert after["verificationArea"] == after["location"]["area"] == {"code": "grid-1"}
    await district.by("chief-registrar").change("acceptCase", caseId=ours)


async def test_who_handles_it_is_shown_inside_only(district: District) -> None:
    ours = await district.dispatched()
    leader, officer = district.by("unit_leader"), district.by("officer")
    elsewhere = await leader.give("assignOfficer", caseId=ours, officer="police-officer")
    assert elsewhere["code"] == "OFFICER_NOT_IN_LEAD_UNIT"
    await leader.change("assignOfficer", caseId=ours, officer="officer")
    await officer.change("offerHandOver", caseId=ours, to="unit_leader")

    inside = await seen(district, ours)
    assert inside["officer"] == {"principal": "officer", "post": "officer"}
    assert inside["handOverTo"] == "unit_leader"
    outside = await seen(district, ours, by="resident")
    assert (outside["officer"], outside["handOverTo"]) == (None, None)

    assert (await officer.give("acceptHandOver", caseId=ours))["code"] == "NOT_THE_RECEIVER"
    await leader.change("acceptHandOver", caseId=ours)
    after = await seen(district, ours)
    assert after["officer"] == {"principal": "unit_leader", "post": "unit_leader"}
    assert after["handOverTo"] is None


async def test_nothing_of_the_staff_is_in_the_timeline_of_a_resident(district: District) -> None:
    ours = await district.dispatched()
    await district.by("unit_leader").change("assignOfficer", caseId=ours, officer="officer")
    await district.by("officer").change("offerHandOver", caseId=ours, to="unit_leader")
    await district.by("officer").change("requestReturn", caseId=ours, ground="Zanzibar")
    selection = "timeline(first: 50) { nodes { type payload changes { field before after } } }"
    case = await district.by("resident").case(ours, selection)
    shown = str(case)
    assert all(name not in shown for name in ("'officer'", "unit_leader", "Zanzibar"))


async def test_an_emergency_lets_steps_wait_and_nothing_closes_before(district: District) -> None:
    ours = await district.registered()
    dispatcher, officer = district.by("chief-dispatcher"), district.by("officer")
    assert (await dispatcher.give("dispatchCase", caseId=ours))["code"] == "WRONG_STAGE"
    expires = datetime.now(UTC) + timedelta(hours=2)
    await dispatcher.change("declareEmergency", caseId=ours, expires=expires.isoformat())
    changed = await dispatcher.change("dispatchCase", caseId=ours)
    assert [event["type"] for event in changed["events"]] == [
        "case.acceptance_skipped",
        "case.routing_decided",
        "case.dispatched",
    ]
    assert changed["case"]["acceptedAt"] == changed["events"][0]["occurredAt"]
    await officer.change("recordProgress", caseId=ours, text="On the spot")
    await officer.change("submitResolution", caseId=ours, outcome="EXPLAINED", measures="Done")
    assert (await seen(district, ours))["openSteps"] == ["ACCEPTANCE", "SIGN_OFF"]

    registrar = district.by("chief-registrar")
    blocked = await registrar.give("verifyResolution", caseId=ours)
    assert (blocked["code"], blocked["facts"]) == (
        "STEPS_OPEN",
        {"steps": ["ACCEPTANCE", "SIGN_OFF"]},
    )
    for step in ("ACCEPTANCE", "SIGN_OFF"):
        given = {"caseId": ours, "step": step, "finding": "In order"}
        await registrar.change("regulariseStep", **given)
    assert (await seen(district, ours))["openSteps"] == []
    await registrar.change("verifyResolution", caseId=ours)


async def test_another_type_asks_other_questions_and_takes_the_case_from_a_wrong_lead(
    district: District,
) -> None:
    ours = await district.dispatched("police")
    registrar = district.by("chief-registrar")
    lift = {"caseId": ours, "typeCode": "lift", "fields": {"floors": 3}}
    refused = await registrar.give("reclassifyCase", **lift)
    assert (refused["code"], refused["facts"]) == (
        "LEAD_NOT_COMPETENT",
        {"unit": "police", "type": "lift"},
    )
    before = (await district.by("auditor").ask("{ journal { position } }"))["journal"]["position"]
    changed = await registrar.change("reclassifyCase", **lift, redispatch=True)
    assert [event["type"] for event in changed["events"]] == [
        "case.reclassified",
        "case.dispatch_recalled",
    ]
    after = await seen(district, ours)
    assert (after["stage"], after["leadUnit"], after["type"]) == (
        "ACCEPTED",
        None,
        {"code": "lift"},
    )
    assert after["fields"] == {"floors": 3}
    past = "query Q($id: ID!, $at: Position!) { case(id: $id, asOf: {position: $at}) { fields } }"
    assert (await district.by("auditor").ask(past, id=ours, at=before))["case"]["fields"] is None


async def test_every_detail_is_corrected_and_the_state_follows(district: District) -> None:
    ours = await district.registered()
    right = {
        "area": "street-1",
        "point": {"latitude": 30.25, "longitude": 120.5, "precision": "STREET"},
        "urgency": "EMERGENCY",
        "channel": "WALK_IN",
    }
    changed = await district.by("chief-registrar").change("correctCase", caseId=ours, **right)
    fields = [change["field"] for event in changed["events"] for change in event["changes"]]
    assert fields == ["area", "point", "urgency", "channel"]
    after = await seen(district, ours)
    assert after["location"] == {"area": {"code": "street-1"}, "point": right["point"]}
    assert (after["urgency"], after["channel"]) == ("EMERGENCY", "WALK_IN")


async def test_the_fall_back_unit_answers_and_sees_the_case(district: District) -> None:
    ours = await district.registered(typeCode="lift", area="street-2")
    await district.by("chief-registrar").change("acceptCase", caseId=ours)
    assert await district.by("police-officer").case(ours) is None
    await district.by("chief-dispatcher").change("assignFallbackOwner", caseId=ours, unit="police")
    after = await seen(district, ours, by="police-officer")
    assert (after["leadUnit"], after["fallbackUnit"]) == ({"code": "police"}, {"code": "police"})


async def test_a_case_goes_out_and_comes_back(district: District) -> None:
    ours = await district.dispatched()
    registrar = district.by("chief-registrar")
    await registrar.change("referCaseOut", caseId=ours, target="railway", basis="Article 30")
    given = {"caseId": ours, "status": "DECLINED", "text": "Not on our land"}
    await registrar.change("recordExternalStatus", **given)
    after = await seen(district, ours)
    assert after["referral"] == {"target": "railway", "status": "DECLINED"}
    await registrar.change("recordDeliveryFailure", caseId=ours, text="Sent back")
    after = await seen(district, ours)
    assert (after["stage"], after["referral"], after["leadUnit"]) == ("ACCEPTED", None, None)


async def test_urging_moves_nothing_conflicts_with_nothing_and_is_rare(
    district: District,
) -> None:
    ours = await district.dispatched()
    before = await seen(district, ours)
    resident = district.by("resident")
    changed = await resident.change("urgeCase", caseId=ours, expectedVersion=1)
    assert changed["events"][0]["type"] == "case.urged"
    refused = await resident.give("urgeCase", caseId=ours)
    assert refused["code"] == "URGED_TOO_SOON"
    assert datetime.fromisoformat(refused["facts"]["possible_at"]) > datetime.now(UTC)
    await district.by("intake").change("urgeCase", caseId=ours, text="Called again")
    assert (await district.by("neighbour").give("urgeCase", caseId=ours))["code"] == "NOT_FOUND"
    assert await seen(district, ours) == before


@pytest.mark.parametrize(("type_code", "code"), [("noise", "SIMPLE_CASES_ONLY"), ("tidy", None)])
async def test_a_grid_worker_handles_simple_cases_of_their_area(
    district: District, type_code: str, code: str | None
) -> None:
    ours = await district.dispatched("centre", typeCode=type_code)
    signed = await district.by("grid_worker").give("signForCase", caseId=ours)
    assert signed.get("code") == code
