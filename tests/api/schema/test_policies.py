"""Policies and metric definitions over the API: drafted, published by a second person, and read."""

from typing import Any, Final

import pytest

from domain.identity import Caller
from tests.api.schema.asking import Api
from tests.api.schema.office import BO, Office
from tests.domain.people import ANONYMOUS, DISPATCHER, REPORTER

LIMIT: dict[str, Any] = {
    "amount": 5,
    "unit": "WORKING_DAYS",
    "begins": "NEXT_DAY",
    "ends": "END_OF_DAY",
}
NOTHING = {**LIMIT, "amount": 0}
RULE: dict[str, Any] = {
    "clock": "RESOLUTION",
    "limit": LIMIT,
    "types": ["urban"],
    "urgencies": ["NORMAL"],
    "emergency": False,
    "calendar": "office",
}
REASON = {"code": "weather", "labelZh": "天气", "labelEn": "Weather", "stopsClock": False}
RUNGS: list[dict[str, Any]] = [
    {
        "percent": 80,
        "notify": ["OFFICER"],
        "order": None,
        "interview": False,
        "repeatEvery": None,
    },
    {"percent": 300, "notify": [], "order": "RED", "interview": True, "repeatEvery": 50},
]
DOWNWARDS = {"rungs": RUNGS[::-1]}
RATE: dict[str, Any] = {
    "code": "closing",
    "labelZh": "按期",
    "labelEn": "Closing",
    "kind": "RATE",
    "counted": "CLOSING_DUE",
    "numerator": "CLOSED_IN_TIME",
    "measure": None,
    "parts": [],
    "bands": [{"code": "good", "labelZh": "好", "labelEn": "Good", "least": 0.9}],
    "direction": "HIGHER",
    "period": "DUE",
    "exclusions": ["SYSTEM_FAULT"],
    "leastToRank": 10,
}
WHOLE: dict[str, Any] = {
    **RATE,
    "code": "whole",
    "kind": "COMPOSITE",
    "counted": None,
    "numerator": None,
    "parts": [{"metric": "closing", "weight": 1.0}],
    "bands": [],
}
CAPS = {
    "mostSuspensions": 2,
    "mostSuspendedDays": 60,
    "mostExtensions": 0,
    "mostExtensionDays": 10,
}
COUNTS = {
    "arbitrationAfterReturns": 3,
    "escalateAfterReworks": 1,
    "escalateAfterReopenings": 4,
    "fallbackPercent": 120,
}
# What is drafted; the names of its types are what is read of them.
CONTENT: Final[dict[str, dict[str, Any]]] = {
    "SlaPolicy": {"rules": [RULE], "suspensionReasons": [REASON], **CAPS},
    "EscalationPolicy": {
        "ladders": [{"clocks": ["RESOLUTION"], "types": ["urban"], "rungs": RUNGS}],
        **COUNTS,
    },
    "MetricDefinitions": {"metrics": [RATE, WHOLE]},
}
SELECTION: Final = {
    "SlaPolicy": f"""
        rules {{
            clock limit {{ amount unit begins ends }} types {{ code }} urgencies emergency calendar
        }}
        suspensionReasons {{ code labelZh labelEn stopsClock }} {" ".join(CAPS)}""",
    "EscalationPolicy": f"""
        ladders {{
            clocks types {{ code }} rungs {{ percent notify order interview repeatEvery }}
        }}
        {" ".join(COUNTS)}""",
    "MetricDefinitions": """
        metrics {
            code labelZh labelEn kind counted numerator measure parts { metric weight }
            bands { code labelZh labelEn least } direction period exclusions leastToRank
        }""",
}
ONE: Final = {
    "SlaPolicy": "slaPolicy",
    "EscalationPolicy": "escalationPolicy",
    "MetricDefinitions": "metricDefinitions",
}
ALL: Final = {
    "SlaPolicy": "slaPolicies",
    "EscalationPolicy": "escalationPolicies",
    "MetricDefinitions": "metricDefinitionsVersions",
}


class Keeping(Office):
    """Whoever keeps one of them."""

    def __init__(self, api: Api, kind: str) -> None:
        super().__init__(api)
        self.kind = kind

    async def draft(self, **said: object) -> dict[str, Any]:
        return await self.give("draft", self.kind, title="One", **{**CONTENT[self.kind], **said})

    async def in_force(self, by: Caller, selection: str = "number") -> dict[str, Any] | None:
        one = ONE[self.kind]
        asked = await self.api.by(by).ask(f"{{ {one} {{ {selection} }} }}")
        found: dict[str, Any] | None = asked[one]
        return found


@pytest.fixture(params=CONTENT)
def office(api: Api, request: pytest.FixtureRequest) -> Keeping:
    return Keeping(api, request.param)


def flat(value: Any) -> Any:
    """Types as they are written down: by their codes."""
    if isinstance(value, dict):
        if set(value) == {"code"}:
            return value["code"]
        return {name: flat(each) for name, each in value.items()}
    return [flat(each) for each in value] if isinstance(value, list) else value


async def test_a_version_goes_its_way_and_says_what_was_drafted(office: Keeping) -> None:
    assert (await office.give("propose", office.kind, number=1))["__typename"] == "NotFound"
    drafted = await office.draft(pack="mine@1")
    assert drafted["version"] == {"number": 1, "state": "DRAFT", "publishedBy": None}
    await office.give("propose", office.kind, number=1)
    assert (await office.give("publish", office.kind, number=1))["code"] == "TWO_PERSONS"
    published = await office.give(
        "publish", office.kind, BO, number=1, validFrom="2026-01-01T00:00:00+08:00"
    )
    assert published["version"] == {"number": 1, "state": "PUBLISHED", "publishedBy": "bo"}
    selection = f"title pack {SELECTION[office.kind]}"
    read = flat(await office.in_force(DISPATCHER, selection))
    assert read == {"title": "One", "pack": "mine@1", **CONTENT[office.kind]}
    assert (await office.draft(pack="mine@1"))["position"] == published["position"]
    retired = await office.give("retire", office.kind, number=1)
    assert retired["version"]["state"] == "RETIRED"
    assert await office.in_force(DISPATCHER) is None


async def test_who_may_and_who_sees(office: Keeping) -> None:
    for caller in (DISPATCHER, REPORTER, ANONYMOUS):
        for verb in ("draft", "propose", "publish", "retire"):
            content = {"title": "One", **CONTENT[office.kind]}
            given = content if verb == "draft" else {"number": 1}
            refused = await office.give(verb, office.kind, caller, **given)
            assert refused["__typename"] == "NotPermitted"
    await office.draft()
    every = f"{{ {ALL[office.kind]}(first: 9) {{ totalCount nodes {{ number draftedBy }} }} }}"
    seen = (await office.api.by(DISPATCHER).ask(every))[ALL[office.kind]]
    assert seen == {"totalCount": 1, "nodes": [{"number": 1, "draftedBy": "ann"}]}
    if office.kind == "EscalationPolicy":
        assert (await office.api.by(REPORTER).refused(every))["code"] == "NOT_PERMITTED"
        return
    if office.kind == "MetricDefinitions":
        whole = '{ metricDefinitions(version: 1) { metric(code: "whole") { kind } } }'
        found = (await office.api.by(DISPATCHER).ask(whole))["metricDefinitions"]
        assert found == {"metric": {"kind": "COMPOSITE"}}
    hidden = (await office.api.by(ANONYMOUS).ask(every))[ALL[office.kind]]
    assert hidden == {"totalCount": 0, "nodes": []}


async def test_a_fault_in_a_draft_is_located(api: Api) -> None:
    for kind, wrong, path in (
        ("SlaPolicy", {"rules": [{**RULE, "limit": NOTHING}]}, "rules.0.limit.amount"),
        ("SlaPolicy", {"rules": [RULE, RULE]}, "rules.1"),
        ("EscalationPolicy", {"ladders": [DOWNWARDS]}, "ladders.0.rungs.0.repeatEvery"),
        ("MetricDefinitions", {"metrics": [WHOLE]}, "metrics.0.parts.0.metric"),
    ):
        refused = await Keeping(api, kind).draft(**wrong)
        assert (refused["__typename"], ".".join(refused["path"])) == ("InvalidInput", path)


async def test_what_a_policy_names_and_is_not_there_is_told(api: Api) -> None:
    for kind in ("SlaPolicy", "EscalationPolicy"):
        await Keeping(api, kind).draft()
    query = """query Q($at: DateTime) {
        slaPolicy(version: 1) { problems(at: $at) { index flaw code } }
        escalationPolicy(version: 1) { problems(at: $at) { index flaw code } }
    }"""
    kept = api.by(DISPATCHER)
    no_calendar = {"index": 0, "flaw": "UNKNOWN_CALENDAR", "code": "office"}
    assert await kept.ask(query) == {
        "slaPolicy": {"problems": [no_calendar]},
        "escalationPolicy": {"problems": []},
    }
    noise = {"code": "noise", "labelZh": "噪音", "labelEn": "Noise"}
    await Office(api).publish("Catalogue", types=[noise])
    no_type = {"index": 0, "flaw": "UNKNOWN_TYPE", "code": "urban"}
    assert await kept.ask(query) == {
        "slaPolicy": {"problems": [no_type, no_calendar]},
        "escalationPolicy": {"problems": [no_type]},
    }
    before = await kept.ask(query, at="2020-01-01T00:00:00Z")
    assert before["escalationPolicy"]["problems"] == []
