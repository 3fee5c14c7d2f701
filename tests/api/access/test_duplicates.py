"""Candidates for duplicates: found by place, type, time and words; shown with the evidence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.access.conftest import District
from tests.servers import SERVERS

pytestmark = pytest.mark.parametrize("server", SERVERS[:1], indirect=True)

CANDIDATE = """
    case { caseId } score parts { words place type time } distanceMetres daysApart sharedWords
    sameArea
"""
SEARCH = f"""
    query Q($i: DuplicateInput!, $first: Int!) {{
        duplicateCandidates(input: $i, first: $first) {{ {CANDIDATE} }}
    }}
"""
HERE: Any = {"latitude": 30.05, "longitude": 122.61}
NEARBY: Any = {"latitude": 30.0503, "longitude": 122.61}
BAR: dict[str, Any] = {
    "title": "Loud music from the bar at 12 Harbour Road",
    "description": "Every night until two, the windows shake.",
    "point": HERE,
}


async def found(district: District, who: str, first: int = 5, **sought: Any) -> list[Any]:
    given = {"typeCode": "noise", "area": "grid-1", **sought}
    answer = await district.by(who).ask(SEARCH, i=given, first=first)
    candidates: list[Any] = answer["duplicateCandidates"]
    return candidates


def ids(candidates: list[Any]) -> list[str]:
    return [each["case"]["caseId"] for each in candidates]


async def test_at_the_ends_of_the_calendar_nothing_was_brought(district: District) -> None:
    await district.registered(**BAR)
    ahead = "9999-12-31T23:59:59Z"
    assert await found(district, "chief-registrar", **BAR, occurredAt=ahead) == []
    given = {**BAR, "occurredAt": "0001-01-01T00:00:00Z"}
    refused = await district.by("chief-registrar").refused(SEARCH, i=given, first=1)
    assert refused == {"code": "INVALID_INPUT", "path": ["occurredAt"]}


async def test_the_same_in_other_words_is_shown_with_what_speaks_for_it(
    district: District,
) -> None:
    bar = await district.registered(**BAR)
    await district.registered(title="A dog barks", description="In the yard behind the school")
    (candidate,) = await found(
        district,
        "chief-registrar",
        title="Harbour Road 12: the bar plays music all night",
        description="Nobody can sleep",
        point=NEARBY,
        typeCode="noise.night",
    )
    assert candidate["case"]["caseId"] == bar
    assert candidate["distanceMetres"] == 33
    assert {"harbour", "music", "road", "bar", "12"} <= set(candidate["sharedWords"])
    assert candidate["sameArea"]
    assert candidate["daysApart"] < 1
    assert 0 < candidate["parts"]["words"] < 1
    assert candidate["parts"]["place"] > 0.9
    assert candidate["parts"]["type"] < 1
    assert 0 < candidate["score"] < 1


async def test_chinese_words_are_compared_too(district: District) -> None:
    lamp = await district.registered(title="幸福路12号路灯不亮", description="晚上走路看不清")
    await district.registered(title="小区门口有人违停", description="堵住出口")
    (candidate,) = await found(district, "chief-registrar", title="幸福路12号门前的路灯坏了")
    assert candidate["case"]["caseId"] == lamp
    assert candidate["sharedWords"][0] == "幸福路"
    assert candidate["distanceMetres"] is None


async def test_the_likeliest_come_first_and_no_more_than_asked_for(district: District) -> None:
    near = await district.registered(**BAR)
    far = await district.registered(
        title="Loud music from a wedding", point={"latitude": 30.06, "longitude": 122.61}
    )
    assert ids(await found(district, "chief-registrar", **BAR)) == [near, far]
    assert ids(await found(district, "chief-registrar", first=1, **BAR)) == [near]


@pytest.mark.parametrize(
    "elsewhere",
    [{"area": "street-2"}, {"typeCode": "lift", "fields": {"floors": 9}}],
    ids=["in another street", "of another type"],
)
async def test_what_is_far_away_is_no_candidate(
    district: District, elsewhere: dict[str, Any]
) -> None:
    await district.registered(**BAR | elsewhere)
    assert await found(district, "chief-registrar", **BAR) == []


async def test_what_was_long_ago_is_no_candidate(district: District) -> None:
    await district.registered(**BAR)
    # The district has been there for a month only: the request is one of a month from now.
    later = (datetime.now(UTC) + timedelta(days=31)).isoformat()
    assert await found(district, "chief-registrar", **BAR, occurredAt=later) == []


async def test_nobody_is_shown_what_they_may_not_see(district: District) -> None:
    bar = await district.registered(**BAR)
    assert ids(await found(district, "resident", **BAR)) == [bar]
    assert await found(district, "neighbour", **BAR) == []
    assert await found(district, "east-officer", **BAR) == []


async def test_a_confidential_case_is_never_shown(district: District) -> None:
    bar = await district.registered(**BAR)
    await district.by("chief-registrar").change(
        "setConfidentiality", caseId=bar, level="RESTRICTED", reason="A witness"
    )
    assert await found(district, "chief-registrar", **BAR) == []


async def test_a_case_has_candidates_but_is_none_itself(district: District) -> None:
    first = await district.registered(**BAR)
    second = await district.registered(**BAR)
    query = f"duplicateCandidates {{ {CANDIDATE} }}"
    for one, other in ((first, second), (second, first)):
        case = await district.by("chief-registrar").case(one, query)
        assert case is not None
        assert ids(case["duplicateCandidates"]) == [other]


@pytest.mark.parametrize("first", [0, 21])
async def test_how_many_is_bounded(district: District, first: int) -> None:
    refused = await district.by("chief-registrar").refused(SEARCH, i={}, first=first)
    assert refused["code"] == "INVALID_INPUT"
