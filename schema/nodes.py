"""Finding anything again by its global id."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument, field

from domain.refusal import InvalidInput
from projections.paging import MOST_PER_PAGE
from schema import ids
from schema.case.evidence import shown_evidence
from schema.case.find import case_at, event_of_key
from schema.case.group import CaseGroup
from schema.case.types import Case, case_of
from schema.context import Context
from schema.ids import CaseKey, EventKey, EvidenceKey, Key, OrderKey
from schema.info import Info
from schema.node import Node

NodeId = Annotated[strawberry.ID, argument(name="id", description="A global id.")]
NodeIds = Annotated[
    list[strawberry.ID], argument(name="ids", description="Global ids, at most 100.")
]


@strawberry.type
class NodeQuery:
    """The queries of the Node interface."""

    @field(description="The thing with this id; null where there is none that the caller may see.")
    async def node(self, info: Info, wanted: NodeId) -> Node | None:
        return (await _find(info.context, [ids.parse(wanted, "id")]))[0]

    @field(description="The things with these ids, in their order.")
    async def nodes(self, info: Info, wanted: NodeIds) -> list[Node | None]:
        if len(wanted) > MOST_PER_PAGE:
            raise InvalidInput(["ids"], f"ids has {len(wanted)} ids, {MOST_PER_PAGE} are possible")
        keys = [ids.parse(each, "ids", str(index)) for index, each in enumerate(wanted)]
        return await _find(info.context, keys)


async def _find(context: Context, keys: Sequence[Key]) -> list[Node | None]:
    """One statement for cases as they are now, one for evidence; past states, events one by one."""
    cases = [key.case if isinstance(key, OrderKey) else key for key in keys]
    now = {
        key.case_id
        for key in cases
        if isinstance(key, EvidenceKey) or (isinstance(key, CaseKey) and key.as_of is None)
    }
    group = CaseGroup(context, context.scope, now)
    return [await _one(key, group) for key in keys]


async def _one(key: Key, group: CaseGroup) -> Node | None:
    if isinstance(key, EventKey):
        return await event_of_key(group.context, key)
    if isinstance(key, EvidenceKey):
        evidence = await group.evidence(key.case_id)
        found = (each for each in evidence if each.evidence_id == key.evidence_id)
        return next((shown_evidence(each) for each in found), None)
    if isinstance(key, OrderKey):
        case = await _case(key.case, group)
        orders = [] if case is None else case.orders()
        return next((each for each in orders if each.number == key.number), None)
    return await _case(key, group)


async def _case(key: CaseKey, group: CaseGroup) -> Case | None:
    if key.as_of is not None:
        return await case_at(group.context, key)
    state = await group.case(key.case_id)
    return None if state is None else case_of(state, group)
