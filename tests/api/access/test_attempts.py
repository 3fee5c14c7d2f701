"""Who is refused for want of a right stands in the journal with it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

import pytest

from app.attempts import AuditedCommands
from app.database import Database
from app.rate_limit import Allowance
from schema import ids
from tests.api.access.conftest import District
from tests.api.schema.asking import Asker

EVENTS: Final = """{
    events(filter: {type: ["attempts.refused"]}, first: 50) {
        totalCount nodes { payload actor { principal } }
    }
}"""
NO_CASE: Final = ids.case_id(UUID(int=7))


@pytest.fixture
async def allowance(database: Database) -> AsyncIterator[Allowance]:
    async with database.counting_pool(1) as counts:
        yield Allowance("attempt", 3, counts, lambda content: sha256(content).digest())


def audited(district: District, name: str | None, allowance: Allowance) -> Asker:
    context = district.context(name)
    commands = context.commands
    if name is not None:
        commands = AuditedCommands(commands, allowance)
    return Asker(district.api.schema, replace(context, commands=commands))


async def recorded(district: District) -> list[tuple[str, str, str, str | None]]:
    found = (await district.by("auditor").ask(EVENTS))["events"]["nodes"]
    return [
        (
            event["actor"]["principal"],
            event["payload"]["permission"],
            event["payload"]["refusal"],
            event["payload"]["caseId"],
        )
        for event in found
    ]


async def test_what_was_refused_is_recorded_with_who_asked(
    district: District, allowance: Allowance
) -> None:
    theirs = await district.dispatched("police", area="street-2")
    officer = audited(district, "officer", allowance)
    key = str(ids.parse_current_case(theirs, "id"))
    for case_id, command, type_name in (
        (theirs, "acceptCase", "NotPermitted"),
        (theirs, "signForCase", "NotFound"),
        (NO_CASE, "signForCase", "NotFound"),
    ):
        refused = await officer.give(command, caseId=case_id)
        assert refused["__typename"] == type_name
    assert await recorded(district) == [
        ("officer", "acceptCase", "NOT_PERMITTED", key),
        ("officer", "signForCase", "NOT_FOUND", key),
        ("officer", "signForCase", "NOT_FOUND", str(UUID(int=7))),
    ]


async def test_a_resident_is_recorded_like_anybody_with_a_name(
    district: District, allowance: Allowance
) -> None:
    theirs = await district.dispatched()
    refused = await audited(district, "neighbour", allowance).give("withdrawCase", caseId=theirs)
    assert refused["__typename"] == "NotFound"
    assert [who for who, *_ in await recorded(district)] == ["neighbour"]


async def test_no_more_than_a_few_of_each_person(district: District, allowance: Allowance) -> None:
    ours = await district.dispatched()
    for name in ("officer", "police-officer"):
        for _ in range(5):
            await audited(district, name, allowance).give("acceptCase", caseId=ours)
    who = [principal for principal, *_ in await recorded(district)]
    assert sorted(who) == ["officer"] * 3 + ["police-officer"] * 3


async def test_other_refusals_are_not_attempts(district: District, allowance: Allowance) -> None:
    ours = await district.dispatched()
    registrar = audited(district, "chief-registrar", allowance)
    assert (await registrar.give("acceptCase", caseId=ours))["code"] == "WRONG_STAGE"
    assert await recorded(district) == []


async def test_strangers_have_no_name_to_be_recorded_under(
    district: District, allowance: Allowance
) -> None:
    ours = await district.dispatched()
    refused = await audited(district, None, allowance).give("acceptCase", caseId=ours)
    assert refused["__typename"] == "NotPermitted"
    assert await recorded(district) == []


async def test_only_auditors_and_supervisors_of_everything_read_them(
    district: District, allowance: Allowance
) -> None:
    ours = await district.dispatched()
    await audited(district, "officer", allowance).give("acceptCase", caseId=ours)
    assert (await district.by("officer").refused(EVENTS))["code"] == "NOT_PERMITTED"
    limited = (await district.by("supervisor").ask(EVENTS))["events"]
    assert limited == {"totalCount": 0, "nodes": []}
