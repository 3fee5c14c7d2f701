"""Cases that hang together, over GraphQL: what is told of another case, and to whom."""

from typing import Any
from uuid import uuid4

from tests.api.access.conftest import District

TOGETHER = """
    stage version
    mergedInto { caseNo stage closedAt case { caseId } }
    absorbed { caseId }
    links { kind case { caseId links { kind } } }
    timeline(first: 50) { totalCount nodes { type payload changes { field after } } }
"""
BETWEEN = "query Q($id: ID!, $to: Int!) { case(id: $id) { changes(from: 0, to: $to) { field } } }"
LIST = "{ cases(first: 20) { nodes { caseId mergedInto { caseNo } links { kind } } } }"


async def told(district: District, name: str, case_id: str) -> dict[str, Any]:
    case = await district.by(name).case(case_id, TOGETHER)
    assert case is not None
    return case


def types(case: dict[str, Any]) -> list[str]:
    return [event["type"] for event in case["timeline"]["nodes"]]


async def merged(district: District, case_id: str, into: str) -> dict[str, Any]:
    return await district.by("chief-dispatcher").change(
        "mergeCase", caseId=case_id, otherCaseId=into, reason="The same lamp"
    )


async def number(district: District, case_id: str) -> str:
    case = await district.by("auditor").case(case_id, "caseNo")
    assert case is not None
    case_no: str = case["caseNo"]
    return case_no


async def closed(district: District, case_id: str, why: str) -> dict[str, Any]:
    await district.by("officer").change("signForCase", caseId=case_id)
    await district.by("officer").change(
        "submitResolution", caseId=case_id, outcome="RESOLVED", measures="Closed at ten"
    )
    return await district.by("chief-registrar").change(
        "verifyResolution", caseId=case_id, askFeedback=False, publicReason=why
    )


async def test_merged_then_the_original_closes_and_the_merge_is_reversed(
    district: District,
) -> None:
    """Scenario 7 of DOMAIN.md section 10."""
    survivor = await district.dispatched("environment", by="resident")
    absorbed = await district.registered(by="neighbour")
    survivor_no = await number(district, survivor)

    changed = await merged(district, absorbed, survivor)
    assert changed["case"]["stage"] == "MERGED"
    assert [(each["type"], each["caseId"]) for each in changed["events"]] == [
        ("case.merged_into", absorbed),
        ("case.absorbed", survivor),
    ]

    mine = await told(district, "neighbour", absorbed)
    assert mine["mergedInto"] == {
        "caseNo": survivor_no,
        "stage": "DISPATCHED",
        "closedAt": None,
        "case": None,
    }
    assert mine["timeline"]["nodes"][-1]["payload"] == {"survivorNo": survivor_no}

    done = await closed(district, survivor, "The workshop closes at ten.")
    assert [(each["type"], each["caseId"]) for each in done["events"]][-1] == (
        "case.survivor_ended",
        absorbed,
    )
    mine = await told(district, "neighbour", absorbed)
    assert mine["mergedInto"]["stage"] == "CLOSED"
    assert mine["mergedInto"]["closedAt"] is not None
    assert mine["timeline"]["nodes"][-1] == {
        "type": "case.survivor_ended",
        "payload": {"stage": "CLOSED", "publicReason": "The workshop closes at ten."},
        "changes": [],
    }

    back = await district.by("chief-dispatcher").change("reverseMerge", caseId=absorbed)
    assert back["case"]["stage"] == "REGISTERED"
    assert [each["type"] for each in back["events"]] == [
        "case.merge_reversed",
        "case.absorption_reversed",
    ]
    mine = await told(district, "neighbour", absorbed)
    assert (mine["stage"], mine["mergedInto"]) == ("REGISTERED", None)
    inside = await told(district, "chief-dispatcher", survivor)
    assert inside["absorbed"] == []
    await district.by("chief-registrar").change("acceptCase", caseId=absorbed)


async def test_where_a_case_goes_on_is_told_over_several_merges(district: District) -> None:
    first, second, third = [await district.registered(by=f"resident-{n}") for n in range(3)]
    await merged(district, first, second)
    await merged(district, second, third)
    assert (await told(district, "resident-0", first))["mergedInto"]["caseNo"] == await number(
        district, third
    )
    refused = await district.by("chief-dispatcher").give("reverseMerge", caseId=first)
    assert refused["code"] == "SURVIVOR_IS_MERGED"
    actions = await district.by("chief-dispatcher").case(
        first, "allowedActions { command enabled blockedBy { code } }"
    )
    assert actions is not None
    offered = {each["command"]: each for each in actions["allowedActions"]}
    assert offered["reverseMerge"]["blockedBy"] == [{"code": "SURVIVOR_IS_MERGED"}]
    await district.by("chief-dispatcher").change("reverseMerge", caseId=second)
    await district.by("chief-dispatcher").change("reverseMerge", caseId=first)


async def test_whoever_may_not_see_the_other_case_does_not_learn_of_it(
    district: District,
) -> None:
    ours = await district.dispatched("environment")
    theirs = await district.dispatched("police", area="street-2", by="neighbour")
    gone = await district.dispatched("police", area="street-2", by="neighbour")
    chief = district.by("chief-dispatcher")
    linked = await chief.change("linkCases", caseId=ours, otherCaseId=theirs, kind="SAME_CAUSE")
    await merged(district, gone, ours)
    assert [each["caseId"] for each in linked["events"]] == [ours, theirs]

    seen = await told(district, "chief-dispatcher", ours)
    assert seen["links"] == [
        {"kind": "SAME_CAUSE", "case": {"caseId": theirs, "links": [{"kind": "SAME_CAUSE"}]}}
    ]
    assert seen["absorbed"] == [{"caseId": gone}]
    assert {"case.linked", "case.absorbed"} <= set(types(seen))

    for name in ("officer", "dispatcher", "resident"):
        hidden = await told(district, name, ours)
        assert (hidden["links"], hidden["absorbed"]) == ([], [])
        assert not {"case.linked", "case.absorbed"} & set(types(hidden))
        assert hidden["timeline"]["totalCount"] == len(hidden["timeline"]["nodes"])
        changes = await district.by(name).ask(BETWEEN, id=ours, to=hidden["version"])
        fields = {each["field"] for each in changes["case"]["changes"]}
        assert not {"links", "absorbed"} & fields
        listed = (await district.by(name).ask(LIST))["cases"]["nodes"]
        assert [each["links"] for each in listed if each["caseId"] == ours] == [[]]
    changes = await chief.ask(BETWEEN, id=ours, to=seen["version"])
    assert {"links", "absorbed"} <= {each["field"] for each in changes["case"]["changes"]}

    # Whoever sees the absorbed case is told where it went, and no more than that.
    theirs_now = await told(district, "police-officer", gone)
    assert theirs_now["mergedInto"]["caseNo"] == await number(district, ours)


async def test_nobody_merges_or_links_what_they_may_not_see(district: District) -> None:
    near = await district.registered()
    far = await district.registered(area="street-2")
    for given in (
        {"caseId": near, "otherCaseId": far},
        {"caseId": far, "otherCaseId": near},
    ):
        for command, more in (("mergeCase", {}), ("linkCases", {"kind": "RELATED"})):
            refused = await district.by("dispatcher").give(command, **given, **more)
            assert refused["code"] == "NOT_FOUND"
    refused = await district.by("chief-registrar").give("mergeCase", caseId=near, otherCaseId=far)
    assert refused["code"] == "NOT_PERMITTED"
    refused = await district.by("auditor").give("splitCase", caseId=near, title="Lamp")
    assert refused["code"] == "NOT_PERMITTED"


async def test_a_part_goes_on_by_itself_with_its_reporter(district: District) -> None:
    whole = await district.dispatched("environment", by="resident")
    command = {"caseId": whole, "title": "The lift as well", "commandId": str(uuid4())}
    changed = await district.by("chief-dispatcher").change("splitCase", **command)
    kinds = [each["type"] for each in changed["events"]]
    assert kinds == ["case.split", "case.registered", "case.split_from", "case.accepted"]
    part = changed["events"][1]["caseId"]
    again = await district.by("chief-dispatcher").change("splitCase", **command)
    assert [each["id"] for each in again["events"]] == [each["id"] for each in changed["events"]]

    mine = await told(district, "resident", part)
    assert mine["stage"] == "ACCEPTED"
    assert mine["links"] == [
        {"kind": "SPLIT_FROM", "case": {"caseId": whole, "links": [{"kind": "SPLIT_INTO"}]}}
    ]
    times = [
        await district.by("resident").case(each, "registeredAt title") for each in (whole, part)
    ]
    assert times[0] is not None
    assert times[1] == {"registeredAt": times[0]["registeredAt"], "title": "The lift as well"}


async def test_links_as_they_were(district: District) -> None:
    one, another = await district.registered(), await district.registered()
    chief = district.by("chief-dispatcher")
    given = {"caseId": one, "otherCaseId": another}
    linked = await chief.change("linkCases", **given, kind="FOLLOW_UP")
    await chief.change("unlinkCases", **given)
    assert (await told(district, "chief-dispatcher", one))["links"] == []
    past = await chief.ask(
        "query Q($id: ID!, $at: Position!) {"
        " case(id: $id, asOf: {position: $at}) { links { kind case { caseId } } } }",
        id=one,
        at=linked["position"],
    )
    assert past["case"]["links"] == [{"kind": "FOLLOW_UP", "case": {"caseId": another}}]
    refused = await chief.give("unlinkCases", **given)
    assert refused["code"] == "NOT_LINKED"
