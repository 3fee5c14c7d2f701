"""Where cases go and why, as it is told."""

from tests.api.access.conftest import District

ROUTING = """
    leadUnit { code } coUnits { code } urgency fields
    routing {
        byOverride leftOut
        decision {
            policyVersion catalogueVersion rule isFallback leadUnit { code }
            inputs { typePath { code } areaPath { code } channel words }
            candidates { rule lost }
        }
    }
"""
ACCURACY = "{ firstDispatchAccuracy { dispatched neverRedispatched rate } }"


async def test_the_policy_says_where_a_case_goes_and_why(district: District) -> None:
    case_id = await district.dispatched(typeCode="noise.night", title="A fight")
    case = await district.by("officer").case(case_id, ROUTING)
    assert case is not None
    assert (case["leadUnit"], case["coUnits"]) == ({"code": "environment"}, [{"code": "police"}])
    assert case["urgency"] == "URGENT"
    routing = case["routing"]
    assert (routing["byOverride"], routing["leftOut"]) == (False, 0)
    decision = routing["decision"]
    assert (decision["policyVersion"], decision["catalogueVersion"]) == (1, 1)
    assert (decision["rule"], decision["isFallback"]) == ("noise", False)
    assert decision["inputs"] == {
        "typePath": [{"code": "noise"}, {"code": "noise.night"}],
        "areaPath": [{"code": "whole"}, {"code": "street-1"}, {"code": "grid-1"}],
        "channel": "WEB",
        "words": ["fight"],
    }
    assert decision["candidates"] == [
        {"rule": "noise", "lost": None},
        {"rule": "police", "lost": "LOWER_PRIORITY"},
    ]


async def test_what_no_rule_fits_goes_to_the_fallback_unit_visibly(district: District) -> None:
    case_id = await district.dispatched(typeCode="lift", fields={"floors": 7})
    case = await district.by("auditor").case(case_id, ROUTING)
    assert case is not None
    assert case["leadUnit"] == {"code": "centre"}
    assert case["routing"]["decision"]["isFallback"]
    assert case["fields"] == {"floors": 7}


async def test_a_reporter_is_not_told_why_but_what_they_answered(district: District) -> None:
    case_id = await district.dispatched(typeCode="lift", fields={"floors": 7})
    timeline = "timeline(first: 9) { nodes { type payload reason } }"
    case = await district.by("resident").case(case_id, f"{ROUTING} {timeline}")
    assert case is not None
    assert (case["routing"], case["fields"]) == (None, {"floors": 7})
    decided = [e for e in case["timeline"]["nodes"] if e["type"] == "case.routing_decided"]
    assert [event["payload"] for event in decided] == [{}]


async def test_before_it_is_dispatched_nothing_was_decided(district: District) -> None:
    case_id = await district.registered()
    case = await district.by("auditor").case(case_id, ROUTING)
    assert case is not None
    assert (case["routing"], case["fields"]) == (None, None)


async def test_another_unit_needs_a_reason(district: District) -> None:
    case_id = await district.registered()
    await district.by("chief-registrar").change("acceptCase", caseId=case_id)
    dispatcher = district.by("chief-dispatcher")
    refused = await dispatcher.give("dispatchCase", caseId=case_id, leadUnit="police")
    assert (refused["__typename"], refused["code"]) == (
        "CommandRefused",
        "OVERRIDE_WITHOUT_REASON",
    )
    refused = await dispatcher.give(
        "dispatchCase", caseId=case_id, leadUnit="district", reason="Important"
    )
    assert refused["code"] == "UNIT_NOT_COMPETENT"
    await dispatcher.change(
        "dispatchCase", caseId=case_id, leadUnit="district", reason="Important", override=True
    )
    case = await district.by("auditor").case(case_id, ROUTING)
    assert case is not None
    assert case["routing"]["byOverride"]


async def test_an_answer_that_does_not_fit_is_located(district: District) -> None:
    given = {"channel": "WEB", "typeCode": "lift"}
    for fields, path in (({"floors": 0}, ["fields", "floors"]), ([1], ["fields"])):
        refused = await district.by("intake").give("registerCase", **given, fields=fields)
        assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


async def test_accuracy_counts_cases_that_kept_their_first_lead(district: District) -> None:
    await district.dispatched()
    await district.dispatched("police")
    seen = (await district.by("auditor").ask(ACCURACY))["firstDispatchAccuracy"]
    assert seen == {"dispatched": 2, "neverRedispatched": 2, "rate": 1.0}
    seen = (await district.by("unit_leader").ask(ACCURACY))["firstDispatchAccuracy"]
    assert seen["dispatched"] == 1
    assert (await district.by("officer").refused(ACCURACY))["code"] == "NOT_PERMITTED"


async def test_a_unit_that_there_is_not_gets_nothing(district: District) -> None:
    case_id = await district.registered(title="Old")
    await district.by("chief-registrar").change("acceptCase", caseId=case_id)
    refused = await district.by("chief-dispatcher").give(
        "dispatchCase", caseId=case_id, leadUnit="no-such-unit", reason="Try"
    )
    assert (refused["code"], refused["facts"]["unit"]) == ("UNIT_NOT_ACTIVE", "no-such-unit")


async def test_the_signer_is_of_the_lead_unit(district: District) -> None:
    case_id = await district.dispatched("environment-east")
    refused = await district.by("officer").give("signForCase", caseId=case_id)
    assert refused["code"] == "SIGNER_NOT_IN_LEAD_UNIT"
    await district.by("east-officer").change("signForCase", caseId=case_id)


async def test_types_and_areas_are_those_of_catalogue_and_directory(district: District) -> None:
    reporter = district.by("resident")
    for said, code in (
        ({"typeCode": "graffiti"}, "UNKNOWN_TYPE"),
        ({"area": "mars"}, "UNKNOWN_AREA"),
    ):
        refused = await reporter.give("registerCase", channel="WEB", **said)
        assert refused["code"] == code
