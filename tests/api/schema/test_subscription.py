"""Watching cases: catch-up, then live, resumed by position, access checked for each item."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from projections.as_of import Moment
from schema import ids
from schema.context import AccessEnded
from tests.api.schema.asking import Api, Asker
from tests.api.schema.conftest import Desk
from tests.domain.people import (
    ANONYMOUS,
    AUDITOR,
    DISPATCHER,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
)

PATIENCE = 60.0


async def test_what_was_missed_comes_first_then_what_is_to_come(api: Api, desk: Desk) -> None:
    case_id = await desk.accepted()
    async with asyncio.timeout(PATIENCE), api.by(AUDITOR).watch(after="0") as watched:
        missed = [await watched.next() for _ in range(2)]
        assert [event["type"] for event in missed] == ["case.registered", "case.accepted"]
        await api.by(DISPATCHER).change("dispatchCase", caseId=case_id, leadUnit="lighting")
        assert (await watched.next())["type"] == "case.dispatched"


async def test_resuming_after_the_last_position_misses_and_repeats_nothing(
    api: Api, desk: Desk
) -> None:
    async with asyncio.timeout(PATIENCE):
        await desk.in_progress()
        seen, after = [], "0"
        for _ in range(4):
            async with api.by(AUDITOR).watch(after=after) as watched:
                event = await watched.next()
                seen.append(event["type"])
                after = event["position"]
    assert seen == ["case.registered", "case.accepted", "case.dispatched", "case.signed_for"]


async def test_without_a_position_only_what_is_to_come(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    head = (await api.journal.head()).size
    async with asyncio.timeout(PATIENCE), api.by(AUDITOR).watch() as watched:
        waiting = asyncio.ensure_future(watched.next())
        # Where it begins is settled when it is first asked for an item: until it has one, go on.
        while not waiting.done():
            await api.by(OFFICER).change("addNote", caseId=case_id, text="And another thing")
    event = await waiting
    assert event["type"] == "case.note_added"
    assert int(event["position"]) > head


async def test_one_case_or_those_that_match_before_or_after(api: Api, desk: Desk) -> None:
    first, second = await desk.accepted(title="First"), await desk.accepted(title="Second")
    await api.by(DISPATCHER).change("dispatchCase", caseId=first, leadUnit="lighting")
    async with asyncio.timeout(PATIENCE):
        async with api.by(AUDITOR).watch("type caseId", id=second, after="0") as watched:
            assert [await watched.next() for _ in range(2)] == [
                {"type": "case.registered", "caseId": second},
                {"type": "case.accepted", "caseId": second},
            ]
        accepted = {"stage": ["ACCEPTED"]}
        async with api.by(AUDITOR).watch("type caseId", filter=accepted, after="0") as watched:
            assert [await watched.next() for _ in range(3)] == [
                {"type": "case.accepted", "caseId": first},
                {"type": "case.accepted", "caseId": second},
                {"type": "case.dispatched", "caseId": first},
            ]


async def test_each_item_shows_the_case_as_it_is_then(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    async with (
        asyncio.timeout(PATIENCE),
        api.by(AUDITOR).watch(
            "type case { stage timeline(first: 9) { totalCount } }", after="0"
        ) as watched,
    ):
        assert (await watched.next())["case"]["stage"] == "REGISTERED"
        await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
        assert (await watched.next())["case"] == {
            "stage": "ACCEPTED",
            "timeline": {"totalCount": 2},
        }
        await api.by(DISPATCHER).change("dispatchCase", caseId=case_id, leadUnit="lighting")
        assert (await watched.next())["case"] == {
            "stage": "DISPATCHED",
            "timeline": {"totalCount": 3},
        }


async def test_a_reporter_watches_their_own_cases_without_internal_notes(api: Api) -> None:
    mine = (await api.by(REPORTER).change("registerCase", channel="WEB"))["case"]["caseId"]
    await api.by(NEIGHBOUR).change("registerCase", channel="WEB")
    await api.by(OFFICER).change("addNote", caseId=mine, text="Between us")
    await api.by(OFFICER).change("addNote", caseId=mine, text="For you", audience="REPORTER")
    selection = "type caseId actor { principal } payload"
    async with (
        asyncio.timeout(PATIENCE),
        api.by(REPORTER).watch(selection, after="0") as watched,
    ):
        registered, note = await watched.next(), await watched.next()
    assert (registered["type"], registered["caseId"]) == ("case.registered", mine)
    assert (note["type"], note["payload"]["text"], note["actor"]) == (
        "case.note_added",
        "For you",
        None,
    )


async def test_whoever_sees_nothing_is_told_nothing(api: Api, desk: Desk) -> None:
    case_id = await desk.registered()
    async with asyncio.timeout(PATIENCE), api.by(ANONYMOUS).watch(after="0") as watched:
        waiting = asyncio.ensure_future(watched.next())
        async with api.by(AUDITOR).watch(after="0") as other:
            await other.next()
            await api.by(REGISTRAR).change("acceptCase", caseId=case_id)
            await other.next()
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_access_is_asked_for_again_before_every_item(api: Api, desk: Desk) -> None:
    await desk.accepted()
    left = iter([True, True, False])  # before it is read, and before each item

    def require_access() -> None:
        if not next(left):
            raise AccessEnded

    context = replace(api.context(AUDITOR), require_access=require_access)
    async with asyncio.timeout(PATIENCE), Asker(api.schema, context).watch(after="0") as watched:
        assert (await watched.next())["type"] == "case.registered"
        assert (await watched.refused())["code"] == "EXPIRED_TOKEN"


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"after": "1000000"}, ["after"]),
        ({"id": "42"}, ["id"]),
        ({"id": ids.past_case_id(UUID(int=1), 1, Moment(1, None, 1))}, ["id"]),
        ({"filter": {"text": "\ud800"}}, ["filter", "text"]),
    ],
)
async def test_a_subscription_that_cannot_be(
    api: Api, arguments: dict[str, object], path: list[str]
) -> None:
    async with asyncio.timeout(PATIENCE), api.by(AUDITOR).watch(**arguments) as watched:  # type: ignore[arg-type]
        assert await watched.refused() == {"code": "INVALID_INPUT", "path": path}
