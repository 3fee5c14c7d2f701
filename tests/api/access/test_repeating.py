"""A command repeated under its id shows its outcome, and no more than its giver may see by now."""

from typing import Any, Final
from uuid import uuid4

from tests.api.access.conftest import District

ANSWER: Final = """mutation M($i: %sInput!) { %s(input: $i) {
    __typename
    ... on CaseChanged { case {
        caseId title stage
        links { case { title } } mergedInto { case { title } } absorbed { title }
    } }
    ... on CommandError { code }
} }"""


async def give(district: District, name: str | None, command: str, **given: object) -> Any:
    query = ANSWER % (command[0].upper() + command[1:], command)
    return (await district.by(name).ask(query, i=given))[command]


async def test_who_may_see_a_case_no_longer_does_not_by_repeating(district: District) -> None:
    case_id = await district.dispatched(title="A lamp")
    note = {"commandId": str(uuid4()), "caseId": case_id, "text": "We come too"}
    helper = "police-officer"  # whose unit helps: not with what is confidential
    assert (await give(district, helper, "addNote", **note))["__typename"] == "CaseChanged"
    said = {"caseId": case_id, "title": "What was said in confidence"}
    await district.by("chief-registrar").change("correctCase", **said)
    await district.by("chief-registrar").change(
        "setConfidentiality", caseId=case_id, level="CONFIDENTIAL"
    )
    assert await give(district, helper, "addNote", **note) == {
        "__typename": "NotFound",
        "code": "NOT_FOUND",
    }


async def test_who_takes_a_case_out_of_their_own_sight_is_told_that_it_is_done(
    district: District,
) -> None:
    case_id = await district.dispatched(title="A lamp")
    given = {"commandId": str(uuid4()), "caseId": case_id, "level": "CONFIDENTIAL"}
    for _ in range(2):
        done = await give(district, "chief-dispatcher", "setConfidentiality", **given)
        assert done["case"]["title"] == "A lamp"
    assert await district.by("chief-dispatcher").case(case_id) is None
    note = {"caseId": case_id, "text": "Among us", "audience": "INTERNAL"}
    await district.by("chief-registrar").change("addNote", **note)
    done = await give(district, "chief-dispatcher", "setConfidentiality", **given)
    assert done["__typename"] == "NotFound"


async def test_a_stranger_who_repeats_learns_of_no_other_case(district: District) -> None:
    other = await district.dispatched(title="A neighbour's secret")
    given = {"commandId": str(uuid4()), "channel": "WEB", "typeCode": "noise", "area": "grid-1"}
    mine = (await give(district, None, "registerCase", **given))["case"]["caseId"]
    dispatcher = district.by("chief-dispatcher")
    await dispatcher.change("linkCases", caseId=mine, otherCaseId=other, kind="RELATED")
    again = (await give(district, None, "registerCase", **given))["case"]
    assert (again["caseId"], again["links"]) == (mine, [])
    await dispatcher.change("mergeCase", caseId=mine, otherCaseId=other)
    again = (await give(district, None, "registerCase", **given))["case"]
    assert (again["stage"], again["mergedInto"]) == ("MERGED", {"case": None})
