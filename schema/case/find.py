"""Finding one case, or one event, by what its id says."""

from domain.permissions import READ_JOURNAL, authority
from domain.refusal import InvalidInput
from projections.as_of import AsOf, resolve
from projections.cases import case_by_id
from projections.events import EventFilter, list_events
from projections.paging import PageRequest
from projections.timeline import event_at
from schema.case.group import CaseGroup
from schema.case.types import Case, CaseEvent, case_of, event_by_itself
from schema.context import Context
from schema.ids import CaseKey, EventKey


async def case_at(context: Context, key: CaseKey, as_of: AsOf | None = None) -> Case | None:
    """The case, in the state that its id or `as_of` names; None where there is none to see."""
    if key.as_of is not None and as_of is not None:
        raise InvalidInput(["asOf"], "The id already names a past state.")
    wanted, scope = key.as_of or as_of, context.scope
    async with context.by_key.acquire() as connection:
        moment = await resolve(connection, wanted, key.case_id)
        state = await case_by_id(connection, scope, key.case_id, moment)
    group = CaseGroup(context, scope, [key.case_id], moment)
    return None if state is None else case_of(state, group)


async def event_of_key(context: Context, key: EventKey) -> CaseEvent | None:
    """The event with this id; None where there is none to see.

    Events of no case, as `events` lists them, are found again by whoever may read the journal.
    """
    async with context.reads.acquire() as connection:
        recorded = await event_at(connection, context.scope, key.position)
        if recorded is None and authority(context.caller, READ_JOURNAL):
            here = EventFilter(after_position=key.position - 1, until_position=key.position)
            page = await list_events(connection, context.scope, here, PageRequest(1))
            recorded = page.rows[0] if page.rows else None
    return None if recorded is None else event_by_itself(recorded, context)
