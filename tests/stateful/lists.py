"""Worklists, held against what the states of the cases say in plain Python."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from domain.case.decisions import AWAITED_AT, DECIDED_BY, PendingDecision
from domain.case.lifecycle import ACTIVE, LIFECYCLE, Stage
from domain.identity import Caller, Role
from domain.permissions import range_by, ways
from domain.reach import Place
from domain.scope import Scope, scope_of
from projections.case_state import CaseState
from projections.paging import PageRequest
from projections.view import Connection
from projections.worklists import WorklistKind, count_worklist, worklist
from tests.projections.reference import is_inside, sees

LISTS: Final = [kind for kind in WorklistKind if kind is not WorklistKind.WATCHED]
"""Watching is no matter of the case."""


async def check_list(
    connection: Connection, caller: Caller, kind: WorklistKind, states: Sequence[CaseState]
) -> None:
    """A list of somebody's holds the cases that it should, and as many as it says."""
    scope = scope_of(caller)
    page = await worklist(connection, scope, caller, kind, PageRequest(100))
    shown = {state.case_id for state in page.rows}
    assert shown == _listed(caller, scope, kind, states), (caller.principal, kind)
    assert await count_worklist(connection, scope, caller, kind) == len(page.rows)


def _listed(
    caller: Caller, scope: Scope, kind: WorklistKind, states: Sequence[CaseState]
) -> set[UUID]:
    return {
        state.case_id
        for state in states
        if sees(scope, state) and _belongs(caller, scope, kind, state)
    }


def _belongs(caller: Caller, scope: Scope, kind: WorklistKind, state: CaseState) -> bool:
    if kind is WorklistKind.AWAITING_MY_APPROVAL:
        return any(_decides(caller, each, state) for each in _awaited(state))
    if state.stage not in ACTIVE:
        return False
    if kind is WorklistKind.MINE:
        posts = {post.position for post in caller.posts}
        return state.officer == caller.principal or state.officer_position in posts
    if kind is WorklistKind.UNIT:
        units = {caller.unit}.union(*(reach.units for reach in caller.reaches)) - {None}
        return state.lead_unit in units or not units.isdisjoint(state.co_units)
    unassigned = {
        Stage.ACCEPTED: state.lead_unit is None,
        Stage.DISPATCHED: state.officer is None,
    }
    return unassigned.get(state.stage, False) and is_inside(scope, state)


def _awaited(state: CaseState) -> list[PendingDecision]:
    """What the case waits for; some by its stage alone."""
    found = [*state.details.pending_decisions]
    kind = AWAITED_AT.get(state.stage)
    if kind is not None:
        found.append(PendingDecision(kind, state.registered_at))
    return found


def _decides(caller: Caller, decision: PendingDecision, state: CaseState) -> bool:
    """Whether one of the commands that settle it is for them to give, on that case."""
    if decision.requested_by == caller.principal or decision.person not in {None, caller.principal}:
        return False
    place = Place(state.lead_unit, state.co_units, state.area, state.details.confidentiality)
    return any(
        _is_of(decision.unit, caller, role)
        for command in DECIDED_BY[decision.kind]
        if state.stage in LIFECYCLE[command].sources
        for role in ways(caller, command, None, place) - {Role.REPORTER}
    )


def _is_of(unit: str | None, caller: Caller, role: Role) -> bool:
    within = range_by(caller, role)
    return unit is None or within.everywhere or unit in within.units
