"""What is told to have come and gone is what differs between the lists before and after."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import Database
from domain.identity import ActorKind, Caller, Post, Reach, Role
from domain.recorded import RecordedEvent
from domain.scope import Scope
from projections.case_view import CasesView
from projections.paging import PageRequest
from projections.view import Connection, Past
from projections.worklists import (
    Movement,
    WorklistKind,
    count_worklist,
    movements_after,
    worklist,
)
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import journals

POST = Post("inspector", frozenset({Role.OFFICER, Role.REGISTRAR, Role.DISPATCHER}), "environment")
ANN = Caller(
    "officer", ActorKind.PERSON, POST.roles, reaches=(Reach(POST, frozenset({"environment"})),)
)
EVERYTHING = Scope(every_case=True, own=None, internal=True)
OURS = Scope(every_case=False, own=None, internal=True, units=frozenset({"environment"}))
KINDS = [kind for kind in WorklistKind if kind is not WorklistKind.WATCHED]
"""Watching is no matter of the case: see the tests over GraphQL."""


class Listing(CasesView):
    """The view of cases, with the list as it is after each batch."""

    def __init__(self, scope: Scope, kind: WorklistKind) -> None:
        self.scope, self.kind = scope, kind
        self.lists: list[set[UUID]] = [set()]

    async def apply(
        self, connection: Connection, events: Sequence[RecordedEvent], past: Past
    ) -> None:
        await super().apply(connection, events, past)
        self.lists.append(await listed(connection, self.scope, self.kind))


async def listed(connection: Connection, scope: Scope, kind: WorklistKind) -> set[UUID]:
    page = await worklist(connection, scope, ANN, kind, PageRequest(100))
    found = {state.case_id for state in page.rows}
    assert await count_worklist(connection, scope, ANN, kind) == len(found)
    return found


def expected(
    event: RecordedEvent, before: set[UUID], after: set[UUID]
) -> list[tuple[int, UUID, Movement]]:
    was, became = event.stream_id in before, event.stream_id in after
    if not was and not became:
        return []
    movement = Movement.CHANGED if was and became else Movement.LEFT
    movement = movement if was else Movement.ENTERED
    return [(event.position, event.stream_id, movement)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", [EVERYTHING, OURS], ids=["everything", "ours"])
@settings(in_database, max_examples=12)
@given(events=journals(cases=3, most=14), limit=st.integers(1, 4))
async def test_movements_are_the_differences(
    database: Database,
    scope: Scope,
    kind: WorklistKind,
    events: list[RecordedEvent],
    limit: int,
) -> None:
    async with rolled_back(database) as connection:
        view = Listing(scope, kind)
        await apply(view, connection, events, range(len(events)))
        wanted = [
            moved
            for event, (before, after) in zip(events, pairwise(view.lists), strict=True)
            for moved in expected(event, before, after)
        ]
        found = []
        position = 0
        while position < events[-1].position:
            moved, position = await movements_after(
                connection,
                scope,
                ANN,
                kind,
                after_position=position,
                until_position=events[-1].position,
                limit=limit,
            )
            found += [(each.position, each.case_id, each.movement) for each in moved]
        assert found == wanted
