"""The directory over the API: kept by commands, read at any moment, by the staff alone."""

from typing import Any, get_args
from uuid import uuid4

import pytest
from graphql import build_schema

from domain.directory import DirectoryCommand
from domain.identity import ANONYMOUS, Caller, Role
from schema.languages import Language
from schema.print import printed
from tests.api.schema.asking import Answered, Api
from tests.api.schema.conftest import Desk
from tests.domain.people import AUDITOR, OPERATOR, REGISTRAR, REPORTER, person

KEEPER = person("keeper", Role.DIRECTORY_ADMIN)
START = "2024-01-01T00:00:00Z"
MAY = "2024-05-01T00:00:00Z"

UNIT = "code kind name nameZh nameEn validFrom validTo competences areas { code name }"
RESULT = f"""
    __typename
    ... on DirectoryChanged {{
        version position
        entry {{
            __typename
            ... on OrgUnit {{ {UNIT} parent {{ code }} }}
            ... on Area {{ code areaKind: kind name parent {{ code }} }}
            ... on OrgPosition {{ code title roles singleHolder unit {{ code name }} }}
            ... on Appointment {{ code positionCode person name until: validTo }}
            ... on Delegation {{ code delegator delegate roles until: validTo }}
            ... on Qualification {{ code qualification person until: validTo }}
        }}
    }}
    ... on CommandError {{ code message }}
    ... on CommandRefused {{ facts }}
    ... on InvalidInput {{ path }}
    ... on VersionConflict {{ currentVersion }}
"""


class Keeping:
    """Keeps the directory as one caller."""

    def __init__(self, api: Api, caller: Caller = KEEPER) -> None:
        self.asker = api.by(caller)

    async def give(self, command: str, **given: object) -> dict[str, Any]:
        kind = command[0].upper() + command[1:]
        query = f"mutation M($i: {kind}Input!) {{ {command}(input: $i) {{ {RESULT} }} }}"
        answer: dict[str, Any] = (await self.asker.ask(query, i=given))[command]
        return answer

    async def change(self, command: str, **given: object) -> dict[str, Any]:
        """The entry of a command that must be carried out."""
        result = await self.give(command, **given)
        if result["__typename"] != "DirectoryChanged":
            raise Answered(result)
        entry: dict[str, Any] = result["entry"]
        return entry


@pytest.fixture
def keeping(api: Api) -> Keeping:
    return Keeping(api)


@pytest.fixture
async def hall(keeping: Keeping) -> Keeping:
    """A hall with a lighting office in it, and a clerk in the hall: Wang, from May on Li."""
    began = {"validFrom": START}
    await keeping.change("defineArea", code="north", kind="STREET", nameZh="北街", **began)
    await keeping.change(
        "defineArea", code="n-1", kind="GRID", nameEn="First", parent="north", **began
    )
    await keeping.change(
        "establishUnit", code="hall", kind="GOVERNMENT", nameZh="区政府", nameEn="Hall", **began
    )
    await keeping.change(
        "establishUnit",
        code="lighting",
        kind="ENTERPRISE",
        nameEn="Lighting",
        parent="hall",
        areas=["north"],
        competences=["lamp"],
        **began,
    )
    await keeping.change(
        "createPosition", code="clerk", unit="hall", titleZh="值班长", roles=["REGISTRAR"], **began
    )
    await keeping.change(
        "appointPerson", position="clerk", person="wang", name="王芳", validTo=MAY, **began
    )
    await keeping.change("appointPerson", position="clerk", person="li", validFrom=MAY)
    return keeping


HOLDER = 'query Q($a: AsOf) { holderOf(position: "clerk", asOf: $a) { person } }'


class TestCommands:
    async def test_each_returns_its_entry(self, hall: Keeping) -> None:
        assert await hall.change("changeUnit", code="hall", nameEn="City Hall", validFrom=MAY) == {
            "__typename": "OrgUnit",
            "code": "hall",
            "kind": "GOVERNMENT",
            "name": "City Hall",
            "nameZh": "区政府",
            "nameEn": "City Hall",
            "validFrom": MAY,
            "validTo": None,
            "competences": [],
            "areas": [],
            "parent": None,
        }
        moved = await hall.change("changeArea", code="n-1", parent="", nameEn="Second")
        assert moved == {
            "__typename": "Area",
            "code": "n-1",
            "areaKind": "GRID",
            "name": "Second",
            "parent": None,
        }
        desk = await hall.change("createPosition", code="desk", unit="lighting", titleEn="Desk")
        assert desk["unit"] == {"code": "lighting", "name": "Lighting"}
        desk = await hall.change("changePosition", code="desk", singleHolder=False)
        assert (desk["title"], desk["singleHolder"], desk["roles"]) == ("Desk", False, [])

    async def test_people_come_and_go(self, hall: Keeping) -> None:
        given = {"appointment": "clerk#2", "delegate": "deputy", "roles": ["REGISTRAR"]}
        delegation = await hall.change(
            "delegateAuthority", **given, validFrom=MAY, validTo="2024-06-01T00:00:00Z"
        )
        assert (delegation["code"], delegation["delegator"]) == ("clerk#2.1", "li")
        revoked = await hall.change(
            "revokeDelegation", delegation="clerk#2.1", validTo="2024-05-09T00:00:00Z"
        )
        assert revoked["until"] == "2024-05-09T00:00:00Z"
        ended = await hall.change(
            "endAppointment", appointment="clerk#2", validTo="2024-07-01T00:00:00Z"
        )
        assert (ended["code"], ended["until"]) == ("clerk#2", "2024-07-01T00:00:00Z")
        granted = {"person": "li", "qualification": "mediation"}
        assert (await hall.change("grantQualification", **granted, validFrom=START))["code"] == (
            "mediation#1"
        )
        withdrawn = await hall.change("withdrawQualification", **granted, validTo=MAY)
        assert withdrawn["until"] == MAY

    async def test_all_of_it_ends(self, hall: Keeping) -> None:
        end = {"validTo": "2024-07-01T00:00:00Z"}
        await hall.change("endAppointment", appointment="clerk#2", **end)
        await hall.change("abolishPosition", code="clerk", **end)
        await hall.change("dissolveUnit", code="lighting", **end)
        unit = await hall.change("dissolveUnit", code="hall", **end)
        assert (unit["code"], unit["validTo"]) == ("hall", end["validTo"])
        await hall.change("retireArea", code="n-1", **end)
        assert (await hall.change("retireArea", code="north", **end))["code"] == "north"

    async def test_what_is_so_already_is_answered_as_it_is(self, hall: Keeping) -> None:
        again = await hall.give("changeUnit", code="hall", nameEn="Hall")
        assert (again["entry"]["nameEn"], again["version"]) == ("Hall", 8)

    async def test_the_same_command_again_does_what_it_did(self, keeping: Keeping) -> None:
        given = {"commandId": str(uuid4()), "code": "hall", "kind": "GOVERNMENT", "nameEn": "Hall"}
        first = await keeping.give("establishUnit", **given)
        await keeping.change("changeUnit", code="hall", nameEn="Other")
        assert await keeping.give("establishUnit", **given) == first

    @pytest.mark.parametrize(
        ("command", "given", "kind", "code"),
        [
            (
                "establishUnit",
                {"code": "hall", "kind": "ENTERPRISE", "nameEn": "X"},
                "",
                "CODE_TAKEN",
            ),
            ("dissolveUnit", {"code": "hall"}, "", "STILL_NEEDED"),
            ("dissolveUnit", {"code": "no"}, "NotFound", "NOT_FOUND"),
            ("appointPerson", {"position": "clerk", "person": "zhao"}, "", "POSITION_HELD"),
            ("createPosition", {"code": "p", "unit": "no", "titleEn": "P"}, "", "NOT_IN_FORCE"),
            ("establishUnit", {"code": "?", "kind": "ENTERPRISE"}, "InvalidInput", "INVALID_INPUT"),
            ("dissolveUnit", {"code": "hall", "expectedVersion": 1}, "VersionConflict", ""),
        ],
    )
    async def test_refusals_are_data(
        self, hall: Keeping, command: str, given: dict[str, Any], kind: str, code: str
    ) -> None:
        result = await hall.give(command, **given)
        assert result["__typename"] == (kind or "CommandRefused")
        assert result["code"] == (code or "VERSION_CONFLICT")

    async def test_only_by_whoever_keeps_the_directory(self, api: Api) -> None:
        for caller in (ANONYMOUS, REPORTER, REGISTRAR, AUDITOR, OPERATOR):
            result = await Keeping(api, caller).give("dissolveUnit", code="hall")
            assert result["__typename"] == "NotPermitted"

    def test_each_command_is_a_mutation(self) -> None:
        mutation = build_schema(printed()).mutation_type
        assert mutation is not None
        assert {kind.NAME for kind in get_args(DirectoryCommand)} <= set(mutation.fields)


@pytest.mark.usefixtures("hall")
class TestReading:
    @pytest.mark.parametrize(
        ("as_of", "holder"),
        [
            (None, "li"),
            ({"occurredAt": "2024-04-30T00:00:00Z"}, "wang"),
            ({"occurredAt": MAY}, "li"),
            ({"occurredAt": MAY, "position": "7"}, None),
            ({"occurredAt": "2024-04-30T00:00:00Z", "position": "8"}, "wang"),
            ({"recordedAt": MAY}, None),
        ],
    )
    async def test_who_held_the_post_then_as_known_now_or_then(
        self, api: Api, as_of: dict[str, str] | None, holder: str | None
    ) -> None:
        found = (await api.by(AUDITOR).ask(HOLDER, a=as_of))["holderOf"]
        assert (found["person"] if found else None) == holder

    async def test_a_unit_with_what_hangs_on_it(self, api: Api) -> None:
        query = """{
            orgUnit(code: "hall") {
                code parent { code } children { code kind parent { code } areas { code kind } }
                positions { code title areas { code } holders { code person name
                    position { code } delegations { code } } }
            }
        }"""
        assert (await api.by(AUDITOR).ask(query))["orgUnit"] == {
            "code": "hall",
            "parent": None,
            "children": [
                {
                    "code": "lighting",
                    "kind": "ENTERPRISE",
                    "parent": {"code": "hall"},
                    "areas": [{"code": "north", "kind": "STREET"}],
                }
            ],
            "positions": [
                {
                    "code": "clerk",
                    "title": "值班长",
                    "areas": [],
                    "holders": [
                        {
                            "code": "clerk#2",
                            "person": "li",
                            "name": None,
                            "position": {"code": "clerk"},
                            "delegations": [],
                        }
                    ],
                }
            ],
        }

    async def test_lists(self, api: Api) -> None:
        query = """{
            orgUnits(first: 1) { nodes { code } totalCount pageInfo { hasNextPage } }
            below: orgUnits(parent: "hall", first: 9) { nodes { code } }
            firms: orgUnits(kinds: [ENTERPRISE], last: 9) { nodes { code } }
            areas(kinds: [GRID], first: 9) { nodes { code parent { code } children { code } } }
            area(code: "north") { name children { code } }
            positions(unit: "hall", role: REGISTRAR, first: 9) { nodes { code } totalCount }
            position(code: "clerk") { code }
            appointments(position: "clerk", everyTime: true, first: 9) { nodes { code name } }
            hers: appointments(person: "wang", first: 9) { nodes { code } totalCount }
            delegations(first: 9) { totalCount }
            qualifications(first: 9) { nodes { code } }
        }"""
        assert await api.by(AUDITOR).ask(query) == {
            "orgUnits": {
                "nodes": [{"code": "hall"}],
                "totalCount": 2,
                "pageInfo": {"hasNextPage": True},
            },
            "below": {"nodes": [{"code": "lighting"}]},
            "firms": {"nodes": [{"code": "lighting"}]},
            "areas": {"nodes": [{"code": "n-1", "parent": {"code": "north"}, "children": []}]},
            "area": {"name": "北街", "children": [{"code": "n-1"}]},
            "positions": {"nodes": [{"code": "clerk"}], "totalCount": 1},
            "position": {"code": "clerk"},
            "appointments": {
                "nodes": [{"code": "clerk#1", "name": "王芳"}, {"code": "clerk#2", "name": None}]
            },
            "hers": {"nodes": [], "totalCount": 0},
            "delegations": {"totalCount": 0},
            "qualifications": {"nodes": []},
        }

    async def test_names_of_persons_are_for_whoever_reads_cases(self, api: Api) -> None:
        query = '{ appointments(person: "wang", everyTime: true, first: 9) { nodes { name } } }'
        for caller, name in (
            (AUDITOR, "王芳"),
            (REGISTRAR, "王芳"),
            (KEEPER, None),
            (OPERATOR, None),
        ):
            found = (await api.by(caller).ask(query))["appointments"]["nodes"]
            assert found == [{"name": name}]

    @pytest.mark.parametrize("caller", [ANONYMOUS, REPORTER])
    async def test_strangers_see_nothing_of_it(self, api: Api, caller: Caller) -> None:
        query = """{
            orgUnit(code: "hall") { code } area(code: "north") { code }
            position(code: "clerk") { code }
            orgUnits(first: 9) { totalCount nodes { code } } holderOf(position: "clerk") { person }
            appointments(everyTime: true, first: 9) { totalCount nodes { code } }
        }"""
        nothing = {"totalCount": 0, "nodes": []}
        assert await api.by(caller).ask(query) == {
            "orgUnit": None,
            "area": None,
            "position": None,
            "orgUnits": nothing,
            "holderOf": None,
            "appointments": nothing,
        }

    @pytest.mark.parametrize(
        ("query", "path"),
        [
            ("{ orgUnits { totalCount } }", ["first"]),
            ('{ orgUnits(first: 9, after: "x") { totalCount } }', ["after"]),
            ('{ orgUnit(code: "a", asOf: {version: 1}) { code } }', ["asOf", "version"]),
            ('{ orgUnit(code: "\\u0000") { code } }', ["code"]),
            ('{ orgUnits(first: 9, parent: "\\u0000") { totalCount } }', ["parent"]),
        ],
    )
    async def test_what_cannot_be_asked_is_located(
        self, api: Api, query: str, path: list[str]
    ) -> None:
        refused = await api.by(AUDITOR).refused(query)
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", path)


class TestCases:
    @pytest.mark.usefixtures("hall")
    async def test_a_case_names_its_unit_and_area(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered(area="n-1")
        query = """query Q($id: ID!) { case(id: $id) {
            location { area { code kind name validFrom parent { code } } }
        } }"""
        for caller in (REGISTRAR, AUDITOR):
            found = await api.by(caller).ask(query, id=case_id)
            assert found["case"]["location"]["area"] == {
                "code": "n-1",
                "kind": "GRID",
                "name": "First",
                "validFrom": START,
                "parent": {"code": "north"},
            }

    async def test_a_code_that_nobody_knows_stays_a_code(self, api: Api, desk: Desk) -> None:
        case_id = await desk.dispatched("lighting", area="grid-7")
        query = """query Q($id: ID!) { case(id: $id) {
            leadUnit { code kind name nameZh nameEn validFrom validTo competences areas { code }
                parent { code } children { code } positions { code } }
            location { area { code kind parent { code } children { code } } }
        } }"""
        case = (await api.by(AUDITOR).ask(query, id=case_id))["case"]
        assert {name for name, value in case["leadUnit"].items() if value} == {"code"}
        assert {name for name, value in case["location"]["area"].items() if value} == {"code"}


@pytest.mark.usefixtures("hall")
async def test_names_are_in_the_language_of_the_request(api: Api) -> None:
    asker = api.by(AUDITOR)
    query = '{ orgUnit(code: "hall") { name } area(code: "n-1") { name } }'
    assert await asker.ask(query) == {"orgUnit": {"name": "Hall"}, "area": {"name": "First"}}
    object.__setattr__(asker.context, "language", Language.ZH)
    assert await asker.ask(query) == {"orgUnit": {"name": "区政府"}, "area": {"name": "First"}}
