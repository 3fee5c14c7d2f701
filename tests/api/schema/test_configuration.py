"""Catalogue and routing policy over the API: drafted, published by a second person, read, asked."""

from typing import Any

import pytest

from domain.identity import Caller
from tests.api.schema.asking import Api, uuid
from tests.api.schema.conftest import Desk
from tests.api.schema.office import ANN, BO, Office
from tests.domain.people import ANONYMOUS, DISPATCHER, REGISTRAR, REPORTER

RECORD = """
    number state title pack draftedBy draftedAt proposedBy proposedAt publishedBy publishedAt
    validFrom retiredBy retiredAt
"""
TYPE = """
    code catalogueVersion labelZh labelEn parent { code labelEn } path { code } isLeaf
    fields { name labelZh kind required choices { code labelEn } minimum maximum mostCharacters }
    fieldSchema evidence reopeningDays independentCheck publication urgency
"""
PHOTO = ["PHOTO_AFTER"]
TYPES: list[dict[str, Any]] = [
    {
        "code": "urban",
        "labelZh": "城市管理",
        "labelEn": "Urban",
        "evidence": PHOTO,
        "reopeningDays": 7,
    },
    {
        "code": "urban.lamp",
        "labelZh": "路灯",
        "labelEn": "Street lamp",
        "parent": "urban",
        "publication": "PROPOSED",
        "urgency": "URGENT",
        "independentCheck": True,
        "fields": [
            {
                "name": "colour",
                "labelZh": "颜色",
                "labelEn": "Colour",
                "kind": "CHOICE",
                "choices": [{"code": "red", "labelZh": "红", "labelEn": "Red"}],
            },
            {
                "name": "height",
                "labelZh": "高",
                "labelEn": "Height",
                "kind": "NUMBER",
                "minimum": 1.5,
                "required": True,
            },
        ],
    },
    {"code": "urban.noise", "labelZh": "噪音", "labelEn": "Noise", "parent": "urban"},
    {"code": "health", "labelZh": "健康", "labelEn": "Health"},
]
RULES: list[dict[str, Any]] = [
    {"id": "urban", "priority": 1, "leadUnit": "city", "types": ["urban"]},
    {
        "id": "lamps",
        "priority": 1,
        "leadUnit": "lighting",
        "coUnits": ["city"],
        "types": ["urban.lamp"],
        "channels": ["HOTLINE"],
        "urgencies": ["NORMAL"],
        "words": ["dark"],
        "areas": ["east"],
    },
    {"id": "gone", "priority": 9, "leadUnit": "city", "types": ["gone"]},
]


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api, RECORD)


async def test_a_version_goes_from_draft_to_retirement(office: Office) -> None:
    drafted = await office.give("draft", "Catalogue", title="One", types=TYPES, pack="mine@1")
    assert drafted["__typename"] == "CatalogueChanged"
    version = drafted["version"]
    assert (version["number"], version["state"], version["pack"]) == (1, "DRAFT", "mine@1")
    assert (version["draftedBy"], version["proposedBy"]) == ("ann", None)
    proposed = await office.give("propose", "Catalogue", number=1)
    assert (proposed["version"]["state"], proposed["version"]["proposedBy"]) == ("PROPOSED", "ann")
    published = await office.give(
        "publish", "Catalogue", BO, number=1, validFrom="2026-01-01T00:00:00+08:00"
    )
    assert published["version"]["publishedBy"] == "bo"
    assert published["version"]["validFrom"] == "2025-12-31T16:00:00Z"
    retired = await office.give("retire", "Catalogue", number=1)
    assert (retired["version"]["state"], retired["version"]["retiredBy"]) == ("RETIRED", "ann")
    assert int(retired["position"]) > int(published["position"])


@pytest.mark.parametrize(
    ("kind", "content"),
    [("Catalogue", {"types": TYPES}), ("Routing", {"rules": RULES, "fallbackUnit": "duty"})],
)
async def test_whoever_proposed_it_does_not_publish_it(
    office: Office, kind: str, content: dict[str, Any]
) -> None:
    await office.give("draft", kind, title="One", **content)
    early = await office.give("publish", kind, BO, number=1)
    assert (early["code"], early["facts"]["state"]) == ("WRONG_VERSION_STATE", "DRAFT")
    await office.give("propose", kind, number=1)
    refused = await office.give("publish", kind, number=1)
    assert (refused["__typename"], refused["code"]) == ("CommandRefused", "TWO_PERSONS")
    missing = await office.give("retire", kind, number=7)
    assert missing["__typename"] == "NotFound"
    retired = await office.give("retire", kind, number=1)
    assert retired["version"]["state"] == "RETIRED"


async def test_the_same_content_again_is_the_same_version(office: Office) -> None:
    first = await office.give("draft", "Catalogue", title="One", types=TYPES, commandId=uuid(1))
    again = await office.give("draft", "Catalogue", title="One", types=TYPES, commandId=uuid(1))
    assert again == first
    other_id = await office.give("draft", "Catalogue", title="One", types=TYPES)
    assert other_id["version"]["number"] == 1
    other = await office.give("draft", "Catalogue", title="Two", types=TYPES)
    assert other["version"]["number"] == 2


@pytest.mark.parametrize("caller", [REGISTRAR, REPORTER, ANONYMOUS])
async def test_only_whoever_keeps_the_catalogue_may_draft(office: Office, caller: Caller) -> None:
    refused = await office.give("draft", "Catalogue", caller, title="One", types=TYPES)
    assert refused["__typename"] == "NotPermitted"


@pytest.mark.parametrize(
    ("types", "path"),
    [
        ([TYPES[1]], ["types", "0", "parent"]),
        ([{**TYPES[0], "labelZh": " "}], ["types", "0", "labelZh"]),
        ([{**TYPES[0], "labelEn": "\ud800"}], ["types", "0", "labelEn"]),
    ],
)
async def test_a_fault_in_a_draft_is_located(
    office: Office, types: list[dict[str, Any]], path: list[str]
) -> None:
    refused = await office.give("draft", "Catalogue", title="One", types=types)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


class TestReading:
    @pytest.fixture(autouse=True)
    async def published(self, office: Office) -> None:
        await office.publish("Catalogue", types=TYPES)
        await office.give("draft", "Catalogue", title="Secret", types=TYPES[:1])

    async def test_anybody_reads_what_is_published(self, api: Api) -> None:
        asked = api.by(ANONYMOUS)
        query = f'{{ caseType(code: "urban.lamp") {{ {TYPE} }} }}'
        found = (await asked.ask(query))["caseType"]
        assert (found["labelZh"], found["labelEn"]) == ("路灯", "Street lamp")
        assert found["parent"] == {"code": "urban", "labelEn": "Urban"}
        assert [each["code"] for each in found["path"]] == ["urban", "urban.lamp"]
        assert (found["evidence"], found["reopeningDays"]) == (PHOTO, 7)
        assert (found["publication"], found["urgency"]) == ("PROPOSED", "URGENT")
        assert (found["isLeaf"], found["independentCheck"]) == (True, True)
        assert found["fields"][0]["choices"] == [{"code": "red", "labelEn": "Red"}]
        assert found["fieldSchema"]["required"] == ["height"]
        assert found["catalogueVersion"] == 1

    async def test_what_is_not_in_the_catalogue_is_null(self, api: Api) -> None:
        assert (await api.by(REPORTER).ask('{ caseType(code: "x") { code } }')) == {
            "caseType": None
        }

    @pytest.mark.parametrize(
        ("arguments", "codes"),
        [
            ("first: 9", ["urban", "health"]),
            ('parent: "urban", first: 9', ["urban.lamp", "urban.noise"]),
            ('parent: "urban", last: 1', ["urban.noise"]),
            ('parent: "nope", first: 9', []),
            ('search: "STREET", first: 9', ["urban.lamp"]),
            ('search: "康", first: 9', ["health"]),
            ('search: "a", parent: "urban", first: 9', ["urban.lamp", "urban.noise"]),
            ('at: "2020-01-01T00:00:00Z", first: 9', []),
        ],
    )
    async def test_types_are_found_level_by_level_or_by_a_text(
        self, api: Api, arguments: str, codes: list[str]
    ) -> None:
        query = f"{{ caseTypes({arguments}) {{ totalCount nodes {{ code }} }} }}"
        found = (await api.by(ANONYMOUS).ask(query))["caseTypes"]
        assert [each["code"] for each in found["nodes"]] == codes
        assert found["totalCount"] >= len(codes)

    async def test_types_are_paged_in_both_directions(self, api: Api) -> None:
        query = """query Q($a: String, $b: String, $f: Int, $l: Int) {
            caseTypes(first: $f, last: $l, after: $a, before: $b) {
                nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            } }"""
        first = (await api.by(REPORTER).ask(query, f=1))["caseTypes"]
        assert [each["code"] for each in first["nodes"]] == ["urban"]
        assert first["pageInfo"]["hasNextPage"]
        end = first["pageInfo"]["endCursor"]
        rest = (await api.by(REPORTER).ask(query, f=5, a=end))["caseTypes"]
        assert [each["code"] for each in rest["nodes"]] == ["health"]
        start = rest["pageInfo"]["startCursor"]
        back = (await api.by(REPORTER).ask(query, l=5, b=start))["caseTypes"]
        assert [each["code"] for each in back["nodes"]] == ["urban"]
        refused = await api.by(REPORTER).refused(query, f=1, a="bm9wZQ")
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["after"])
        deeper = '{ caseTypes(parent: "urban", first: 1) { pageInfo { endCursor } } }'
        other = (await api.by(REPORTER).ask(deeper))["caseTypes"]["pageInfo"]["endCursor"]
        assert (await api.by(REPORTER).refused(query, f=1, a=other))["path"] == ["after"]

    async def test_a_draft_is_only_there_for_those_who_may_see_it(self, api: Api) -> None:
        query = """{
            catalogue(version: 2) { title types(first: 9) { nodes { code } } }
            caseTypes(version: 2, first: 9) { totalCount }
            catalogues(first: 9) { totalCount nodes { title } }
        }"""
        hidden = await api.by(REPORTER).ask(query)
        assert hidden["catalogue"] is None
        assert hidden["caseTypes"]["totalCount"] == 0
        assert hidden["catalogues"] == {"totalCount": 1, "nodes": [{"title": "One"}]}
        seen = await api.by(DISPATCHER).ask(query)
        assert seen["catalogue"]["types"]["nodes"] == [{"code": "urban"}]
        assert seen["caseTypes"]["totalCount"] == 1
        assert [each["title"] for each in seen["catalogues"]["nodes"]] == ["One", "Secret"]

    async def test_who_did_it_is_only_there_for_those_who_may_see_it(self, api: Api) -> None:
        query = f"{{ catalogue {{ {RECORD} }} }}"
        for caller, by in ((ANONYMOUS, None), (DISPATCHER, "bo")):
            found = (await api.by(caller).ask(query))["catalogue"]
            assert (found["number"], found["publishedBy"]) == (1, by)

    async def test_versions_are_paged_backwards_too(self, api: Api) -> None:
        query = "{ catalogues(last: 1) { nodes { number } pageInfo { startCursor } } }"
        found = (await api.by(ANN).ask(query))["catalogues"]
        assert found["nodes"] == [{"number": 2}]
        before = found["pageInfo"]["startCursor"]
        earlier = f'{{ catalogues(last: 5, before: "{before}") {{ nodes {{ number }} }} }}'
        assert (await api.by(ANN).ask(earlier))["catalogues"]["nodes"] == [{"number": 1}]

    async def test_a_version_and_a_time_together_mean_nothing(self, api: Api) -> None:
        moment = '"2026-01-01T00:00:00Z"'
        for asked in ("catalogue(", "caseTypes(first: 1, ", 'caseType(code: "x", '):
            query = f"{{ {asked}version: 1, at: {moment}) {{ __typename }} }}"
            assert (await api.by(ANN).refused(query))["path"] == ["at"]

    async def test_a_case_shows_the_labels_of_its_type(self, desk: Desk, api: Api) -> None:
        known = await desk.registered(typeCode="urban.noise")
        before = "2024-01-01T00:00:00Z"  # when there was no catalogue yet, and any code was good
        opaque = await desk.registered(typeCode="unheard-of", occurredAt=before)
        selection = "type { code labelZh labelEn isLeaf path { code } evidence fieldSchema }"
        assert (await api.by(REGISTRAR).case(known, selection)) == {
            "type": {
                "code": "urban.noise",
                "labelZh": "噪音",
                "labelEn": "Noise",
                "isLeaf": True,
                "path": [{"code": "urban"}, {"code": "urban.noise"}],
                "evidence": PHOTO,
                "fieldSchema": {
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "type": "object",
                    "properties": {},
                    "required": [],
                    "additionalProperties": False,
                },
            }
        }
        shown = await api.by(REGISTRAR).case(opaque, "type { code labelZh path { code } }")
        assert shown == {
            "type": {"code": "unheard-of", "labelZh": None, "path": [{"code": "unheard-of"}]}
        }


class TestRouting:
    explain = """query Q($input: ExplainRoutingInput!) { explainRouting(input: $input) {
        policyVersion catalogueVersion rule isFallback leadUnit { code } coUnits { code }
        inputs { typePath { code labelEn } areaPath { code } channel urgency words }
        candidates { rule lost } problems { rule flaw code }
    } }"""

    @pytest.fixture(autouse=True)
    async def published(self, office: Office) -> None:
        await office.publish("Catalogue", types=TYPES)
        await office.publish("Routing", rules=RULES, fallbackUnit="duty")

    async def asked(self, api: Api, **case: object) -> dict[str, Any]:
        given = {"channel": "HOTLINE", **case}
        answer = await api.by(DISPATCHER).ask(self.explain, input=given)
        found: dict[str, Any] = answer["explainRouting"]
        return found

    async def test_where_a_case_would_go_is_explained(self, api: Api) -> None:
        head = (await api.journal.head()).size
        found = await self.asked(api, typeCode="urban.lamp", area="east", text="All is DARK")
        assert (found["rule"], found["leadUnit"]["code"]) == ("lamps", "lighting")
        assert found["coUnits"] == [{"code": "city"}]
        assert found["candidates"] == [
            {"rule": "gone", "lost": "CANNOT_BE_EVALUATED"},
            {"rule": "lamps", "lost": None},
            {"rule": "urban", "lost": "LESS_SPECIFIC"},
        ]
        assert found["problems"] == [{"rule": "gone", "flaw": "UNKNOWN_TYPE", "code": "gone"}]
        assert found["inputs"]["words"] == ["dark"]
        assert found["inputs"]["typePath"][1] == {"code": "urban.lamp", "labelEn": "Street lamp"}
        assert (found["policyVersion"], found["catalogueVersion"]) == (1, 1)
        assert (await api.journal.head()).size == head, "a question was recorded"

    async def test_what_no_rule_fits_goes_to_the_fallback_unit_visibly(self, api: Api) -> None:
        found = await self.asked(api, typeCode="health")
        assert (found["rule"], found["isFallback"]) == (None, True)
        assert found["leadUnit"] == {"code": "duty"}

    @pytest.mark.parametrize("when", [{"version": 9}, {"at": "2020-01-01T00:00:00Z"}])
    async def test_without_a_policy_there_is_no_answer(
        self, api: Api, when: dict[str, Any]
    ) -> None:
        answer = await api.by(DISPATCHER).ask(
            self.explain, input={"channel": "WEB", "typeCode": "health", **when}
        )
        assert answer == {"explainRouting": None}

    async def test_another_version_is_a_what_if(self, api: Api, office: Office) -> None:
        await office.give("draft", "Routing", title="Two", rules=[], fallbackUnit="other")
        found = await self.asked(api, typeCode="urban.lamp", version=2)
        assert (found["policyVersion"], found["leadUnit"]["code"]) == (2, "other")

    async def test_rules_that_cannot_be_evaluated_are_shown(self, api: Api) -> None:
        query = """{ routingPolicy {
            number fallbackUnit { code } problems { rule flaw code }
            rules(first: 2) { totalCount nodes { id priority types { code labelEn }
                areas { code } channels urgencies words coUnits { code } leadUnit { code } } }
        } }"""
        found = (await api.by(ANN).ask(query))["routingPolicy"]
        assert found["problems"] == [{"rule": "gone", "flaw": "UNKNOWN_TYPE", "code": "gone"}]
        assert found["fallbackUnit"] == {"code": "duty"}
        assert found["rules"]["totalCount"] == 3
        assert [each["id"] for each in found["rules"]["nodes"]] == ["gone", "lamps"]
        assert found["rules"]["nodes"][1]["types"] == [
            {"code": "urban.lamp", "labelEn": "Street lamp"}
        ]

    async def test_versions_of_the_policy_are_listed(self, api: Api) -> None:
        query = "{ routingPolicies(first: 5) { totalCount nodes { number state } } }"
        assert (await api.by(ANN).ask(query))["routingPolicies"] == {
            "totalCount": 1,
            "nodes": [{"number": 1, "state": "PUBLISHED"}],
        }

    @pytest.mark.parametrize(
        "query",
        [
            "{ routingPolicy { number } }",
            "{ routingPolicies(first: 1) { totalCount } }",
            "{ explainRouting(input: { channel: WEB }) { rule } }",
        ],
    )
    async def test_a_reporter_does_not_read_the_policy(self, api: Api, query: str) -> None:
        assert (await api.by(REPORTER).refused(query))["code"] == "NOT_PERMITTED"


async def test_before_anything_is_configured_there_is_nothing(api: Api) -> None:
    query = """{
        catalogue { number } caseType(code: "x") { code } routingPolicy { number }
        caseTypes(first: 5) { totalCount } explainRouting(input: { channel: WEB }) { rule }
        catalogues(first: 5) { totalCount }
    }"""
    assert await api.by(ANN).ask(query) == {
        "catalogue": None,
        "caseType": None,
        "routingPolicy": None,
        "caseTypes": {"totalCount": 0},
        "explainRouting": None,
        "catalogues": {"totalCount": 0},
    }
