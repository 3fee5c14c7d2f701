"""Case.reporter and accessLog: for a purpose, by whoever may, and on record before it is shown."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.personal_data import PersonalDataDesk
from domain.identity import Caller, Post, Reach, Role
from domain.permissions import PERMISSIONS, READ_ACCESS_LOG, READ_REPORTER
from schema import ids
from tests.api.schema.asking import Api
from tests.api.schema.conftest import Desk
from tests.domain.people import (
    AUDITOR,
    DISPATCHER,
    EVALUATOR,
    INTAKE,
    NEIGHBOUR,
    REPORTER,
    SUPERVISOR,
    person,
)
from tests.servers import Server

LI_HUA: Final = {"name": "Li Hua", "contact": "555 0199", "address": "12 Elm Street"}
READ: Final = """
    query ($id: ID!, $purpose: String) {
      case(id: $id) { stage version reporter(purpose: $purpose) { name contact address state } }
    }
"""
LOG: Final = """
    query ($case: ID, $reporter: UUID, $first: Int, $last: Int, $after: String, $before: String) {
      accessLog(
        caseId: $case, reporterId: $reporter, first: $first, last: $last, after: $after,
        before: $before
      ) {
        totalCount
        pageInfo { hasNextPage endCursor startCursor }
        nodes { position at reader { principal post } reporterId caseId categories purpose }
      }
    }
"""
PRIVACY: Final = person("privacy", Role.PRIVACY_OFFICER)


def posted(role: Role, unit: str) -> Caller:
    """Somebody who holds a post of this role in a unit."""
    post = Post(f"{unit}.{role}", frozenset({role}), unit)
    reach = Reach(post, frozenset({unit}))
    return Caller(
        f"{role}-of-{unit}",
        INTAKE.kind,
        frozenset({role, Role.REPORTER}),
        unit,
        post.position,
        (reach,),
    )


async def reporter(
    api: Api, by: Caller, case_id: str, purpose: str | None = "To call back"
) -> dict[str, Any] | None:
    answer = await api.by(by).ask(READ, id=case_id, purpose=purpose)
    shown: dict[str, Any] | None = answer["case"]["reporter"]
    return shown


async def refused(api: Api, by: Caller, case_id: str, purpose: str | None = "Why not") -> str:
    """The code with which the field is refused; the rest of the case is answered."""
    result = await api.by(by).execute(READ, id=case_id, purpose=purpose)
    assert result.data is not None
    assert result.errors is not None
    assert result.data["case"]["reporter"] is None
    assert result.data["case"]["stage"]
    (error,) = result.errors
    assert error.path == ["case", "reporter"]
    code: str = (error.extensions or {})["code"]
    return code


async def access(api: Api, by: Caller = PRIVACY, **given: Any) -> dict[str, Any]:
    if "last" not in given:
        given.setdefault("first", 100)
    log: dict[str, Any] = (await api.by(by).ask(LOG, **given))["accessLog"]
    return log


class TestReading:
    async def test_shows_what_was_said(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        assert await reporter(api, INTAKE, case_id) == LI_HUA | {"state": "ACTIVE"}

    async def test_of_a_part_that_was_split_off_shows_what_was_said_of_the_whole(
        self, api: Api, desk: Desk
    ) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        for part in ("A part", "A part of the part"):
            changed = await api.by(DISPATCHER).change("splitCase", caseId=case_id, title=part)
            case_id = changed["events"][1]["caseId"]
            shown = await reporter(api, INTAKE, case_id)
            assert shown == {**LI_HUA, "state": "ACTIVE"}

    async def test_of_a_case_of_nobody_shows_nothing(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered()
        assert await reporter(api, INTAKE, case_id) is None
        assert (await access(api))["totalCount"] == 0

    @pytest.mark.parametrize("purpose", [None, "", "  "])
    async def test_needs_a_purpose(self, api: Api, desk: Desk, purpose: str | None) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        assert await refused(api, INTAKE, case_id, purpose) == "PURPOSE_NEEDED"
        assert (await access(api))["totalCount"] == 0

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.PUBLIC, Role.REPORTER}))
    async def test_is_for_the_roles_of_the_table(self, api: Api, desk: Desk, role: Role) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        caller = person("somebody", role)
        answer = await api.by(caller).ask(
            "query ($id: ID!) { case(id: $id) { stage } }", id=case_id
        )
        if answer["case"] is None:
            assert role not in PERMISSIONS[READ_REPORTER]
        elif role in PERMISSIONS[READ_REPORTER]:
            assert await reporter(api, caller, case_id)
        else:
            assert await refused(api, caller, case_id) == "NOT_PERMITTED"

    async def test_is_for_the_lead_unit_and_not_for_those_that_help(
        self, api: Api, desk: Desk
    ) -> None:
        case_id = await desk.dispatched("lighting", reporter=LI_HUA)
        await api.by(INTAKE).change("addNote", caseId=case_id, text="for the record")
        assert await reporter(api, posted(Role.OFFICER, "lighting"), case_id)

        other = await desk.accepted(reporter=LI_HUA)
        dispatcher = person("dispatcher", Role.DISPATCHER)
        await api.by(dispatcher).change(
            "dispatchCase", caseId=other, leadUnit="roads", coUnits=["lighting"]
        )
        assert await refused(api, posted(Role.OFFICER, "lighting"), other) == "NOT_PERMITTED"

    async def test_is_for_the_reporter(self, api: Api) -> None:
        mine = await api.by(REPORTER).change("registerCase", channel="WEB", reporter=LI_HUA)
        case_id = mine["case"]["caseId"]
        assert await reporter(api, REPORTER, case_id) == LI_HUA | {"state": "ACTIVE"}

    async def test_whoever_took_it_in_and_has_left_the_post_sees_nothing_of_it(
        self, api: Api, desk: Desk
    ) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        left = api.by(person(INTAKE.principal, Role.REPORTER))
        assert await left.ask(READ, id=case_id, purpose="To call back") == {"case": None}
        taken_back = await left.give("withdrawCase", caseId=case_id, reason="Never mind")
        assert taken_back["__typename"] == "NotFound"

    async def test_does_not_make_a_version_stale(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        asked = await api.by(INTAKE).ask(READ, id=case_id, purpose="To call back")
        again = await api.by(INTAKE).ask(READ, id=case_id, purpose="To call back")
        assert asked["case"]["version"] == again["case"]["version"] == 2

    async def test_is_of_the_reporter_of_today_also_in_a_past_state(
        self, api: Api, desk: Desk
    ) -> None:
        case_id = await desk.registered()
        await api.by(INTAKE).change("attachReporter", caseId=case_id, reporter=LI_HUA)
        answer = await api.by(INTAKE).ask(
            """query ($id: ID!) { case(id: $id, asOf: { version: 1 }) {
                 version reporter(purpose: "To call back") { name } } }""",
            id=case_id,
        )
        assert answer["case"] == {"version": 1, "reporter": {"name": "Li Hua"}}


class TestRecord:
    async def test_says_who_read_what_and_why(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered(reporter={"name": "Li Hua", "contact": "555 0199"})
        await reporter(api, INTAKE, case_id)
        await reporter(api, EVALUATOR, case_id, "Feedback visit")
        log = await access(api, case=case_id)
        assert [
            (each["reader"]["principal"], each["categories"], each["purpose"], each["caseId"])
            for each in log["nodes"]
        ] == [
            (INTAKE.principal, ["NAME", "CONTACT"], "To call back", case_id),
            (EVALUATOR.principal, ["NAME", "CONTACT"], "Feedback visit", case_id),
        ]

    async def test_is_in_the_journal_for_those_who_may_read_it(self, api: Api, desk: Desk) -> None:
        await reporter(api, INTAKE, await desk.registered(reporter=LI_HUA))
        query = """{ events(last: 2) { totalCount nodes { type id } } }"""
        found = (await api.by(AUDITOR).ask(query))["events"]
        assert [event["type"] for event in found["nodes"]] == [
            "access.opened",
            "access.personal_data_read",
        ]
        shown = (await api.by(SUPERVISOR).ask(query))["events"]
        assert shown["totalCount"] == found["totalCount"] - 2
        node = "query ($id: ID!) { node(id: $id) { id } }"
        for event in found["nodes"]:
            assert (await api.by(AUDITOR).ask(node, id=event["id"]))["node"]
            assert (await api.by(SUPERVISOR).ask(node, id=event["id"]))["node"] is None

    async def test_is_found_by_case_and_by_reporter(self, api: Api) -> None:
        asked = [
            await api.by(REPORTER).change("registerCase", channel="WEB", reporter=LI_HUA)
            for _ in range(2)
        ]
        neighbour = await api.by(NEIGHBOUR).change("registerCase", channel="WEB", reporter=LI_HUA)
        first, second, third = (each["case"]["caseId"] for each in (*asked, neighbour))
        for case_id in (first, second, third):
            await reporter(api, INTAKE, case_id)
        (of_first,) = (await access(api, case=first))["nodes"]
        assert of_first["caseId"] == first
        of_person = await access(api, reporter=of_first["reporterId"])
        assert [each["caseId"] for each in of_person["nodes"]] == [first, second]
        assert (await access(api))["totalCount"] == 3
        assert (await access(api, case=first, reporter=str(uuid4())))["nodes"] == []
        nowhere = ids.case_id(UUID(int=7))
        assert (await access(api, case=nowhere))["totalCount"] == 0

    async def test_comes_in_pages_both_ways(self, api: Api, desk: Desk) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        for number in range(3):
            await reporter(api, INTAKE, case_id, f"Call {number}")
        page = await access(api, first=2)
        assert [each["purpose"] for each in page["nodes"]] == ["Call 0", "Call 1"]
        rest = await access(api, first=2, after=page["pageInfo"]["endCursor"])
        assert [each["purpose"] for each in rest["nodes"]] == ["Call 2"]
        back = await access(api, last=2, before=rest["pageInfo"]["startCursor"])
        assert [each["purpose"] for each in back["nodes"]] == ["Call 0", "Call 1"]

    @pytest.mark.parametrize("role", Role)
    async def test_is_for_those_who_answer_for_it(self, api: Api, role: Role) -> None:
        caller = person("somebody", role)
        if role in PERMISSIONS[READ_ACCESS_LOG]:
            assert (await access(api, caller))["totalCount"] == 0
        else:
            extensions = await api.by(caller).refused(LOG, first=1)
            assert extensions["code"] == "NOT_PERMITTED"

    async def test_without_a_record_nothing_is_shown(
        self, api: Api, desk: Desk, journal: Journal, database: Database
    ) -> None:
        case_id = await desk.registered(reporter=LI_HUA)
        closed = await Journal.open(database, FileKeyProvider("test", b"k" * 32))
        await closed.close()
        api.personal_data = PersonalDataDesk(journal, CommandHandler(closed))
        assert await refused(api, INTAKE, case_id) == "INTERNAL_ERROR"
        assert (await access(api))["totalCount"] == 0


@dataclass
class Owner:
    """Whoever owns the journal."""

    dsn: str
    database: str

    async def set_state(self, state: str) -> None:
        """Of the keys of all persons: those that are of no stream."""
        connection = await asyncpg.connect(self.dsn, database=self.database)
        try:
            await connection.execute(
                "UPDATE journal.keys SET state = $1, "
                "wrapped = CASE WHEN $1 = 'destroyed' THEN NULL ELSE wrapped END "
                "WHERE subject NOT IN (SELECT stream_id FROM journal.streams)",
                state,
            )
        finally:
            await connection.close()


@pytest.fixture
def owner(server: Server, database_name: str) -> Owner:
    return Owner(server.admin_dsn, database_name)


@pytest.mark.parametrize(("state", "shown"), [("sealed", "SEALED"), ("destroyed", "ERASED")])
async def test_what_is_closed_is_said_to_be_and_the_case_goes_on(
    api: Api, desk: Desk, owner: Owner, state: str, shown: str
) -> None:
    case_id = await desk.registered(reporter=LI_HUA)
    await owner.set_state(state)
    nothing = dict.fromkeys(LI_HUA)
    assert await reporter(api, INTAKE, case_id) == nothing | {"state": shown}
    assert (await access(api))["totalCount"] == 0
    changed = await api.by(SUPERVISOR).change("addNote", caseId=case_id, text="goes on")
    assert changed["case"]["version"] == 3
    result = await api.by(INTAKE).give("attachReporter", caseId=case_id, reporter=LI_HUA)
    assert (result["__typename"], result["code"]) == ("CommandRefused", "PERSONAL_DATA_CLOSED")
    assert result["facts"] == {"state": shown}


async def test_the_timeline_says_that_a_reporter_is_known_and_not_who(api: Api, desk: Desk) -> None:
    case_id = await desk.registered(reporter=LI_HUA)
    for caller in (INTAKE, AUDITOR):
        case = await api.by(caller).case(
            case_id, "timeline(first: 9) { nodes { type payload changes { field } } }"
        )
        assert case is not None
        attached = case["timeline"]["nodes"][1]
        assert attached["type"] == "case.reporter_attached"
        assert sorted(attached["payload"]) == ["categories", "reporterId"]
        assert attached["payload"]["categories"] == ["NAME", "CONTACT", "ADDRESS"]
        assert attached["changes"] == []
