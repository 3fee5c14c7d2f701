"""The journal itself: its head, its proofs, and for auditors its events."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import argument, field

from domain.merkle import Head
from domain.permissions import READ_CASES, READ_JOURNAL, permitted
from domain.wording import CODE_LIMIT, NAME_LIMIT, optional
from projections.events import EventFilter, count_events, list_events
from projections.paging import page_request
from schema import ids
from schema.case.types import CaseEvent, event_of, group_of
from schema.info import Info
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.period import PeriodInput
from schema.proofs import ConsistencyProof, InclusionProof, consistency_proof, inclusion_proof
from schema.scalars import Hash, Position


@strawberry.type(description="The journal: every event of every case, in the order of commits.")
class Journal:
    """The journal at one head."""

    head: strawberry.Private[Head]

    @field(description="The position of its last entry: how many there are.")
    def position(self) -> Position:
        return Position(self.head.size)

    @field(description="The root of the tree over its entries. Note it, to prove later changes.")
    def root(self) -> Hash:
        return Hash(self.head.root)

    @field(description="That an entry is in the tree at this head.")
    async def inclusion(
        self, info: Info, position: Annotated[Position, argument(description="The entry.")]
    ) -> InclusionProof:
        return await inclusion_proof(info.context.journal, self.head, position)

    @field(description="That the tree at this head continues an earlier one.")
    async def consistency(
        self,
        info: Info,
        earlier: Annotated[Position, argument(description="The position of the earlier head.")],
    ) -> ConsistencyProof:
        return await consistency_proof(info.context.journal, self.head, earlier)


@strawberry.input(
    name="EventFilter",
    description="Which events of the journal; every part that is given must hold.",
)
class EventFilterInput:
    """Which events."""

    case_id: strawberry.ID | None = field(default=None, description="Of this case.")
    type: list[str] | None = field(
        default=None, description='Of one of these types, as in "case.dispatched".'
    )
    principal: str | None = field(default=None, description="Done by whom the token named so.")
    command_id: UUID | None = field(default=None, description="Caused by this command.")
    correlation_id: UUID | None = field(default=None, description="Of this undertaking.")
    after_position: Position | None = field(default=None, description="After this position.")
    until_position: Position | None = field(
        default=None, description="Up to and including this position."
    )
    recorded: PeriodInput | None = field(default=None, description="Recorded in this period.")
    occurred: PeriodInput | None = field(default=None, description="Occurred in this period.")

    def value(self) -> EventFilter:
        """The filter of the read function. Raises InvalidInput."""
        recorded, occurred = self.recorded or PeriodInput(), self.occurred or PeriodInput()
        for index, topic in enumerate(self.type or ()):
            optional(["filter", "type", str(index)], topic, CODE_LIMIT)
        return EventFilter(
            stream_id=ids.parse_current_case(self.case_id, "filter", "caseId")
            if self.case_id is not None
            else None,
            topics=self.type,
            principal=optional(["filter", "principal"], self.principal, NAME_LIMIT),
            command_id=self.command_id,
            correlation_id=self.correlation_id,
            after_position=self.after_position,
            until_position=self.until_position,
            recorded_from=recorded.since,
            recorded_to=recorded.until,
            occurred_from=occurred.since,
            occurred_to=occurred.until,
        )


EventFilterArgument = Annotated[
    EventFilterInput | None, argument(name="filter", description="Which events; all by default.")
]


@strawberry.type
class JournalQuery:
    """The queries of the journal."""

    @field(description="The head of the journal, and proofs of what it holds.")
    async def journal(self, info: Info) -> Journal:
        permitted(info.context.caller, READ_CASES, info.context.caller.principal)
        return Journal(head=await info.context.journal.head())

    @field(description="The events of the journal by position, for those who may read all of it.")
    async def events(
        self,
        info: Info,
        *,
        criteria: EventFilterArgument = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CaseEvent]:
        context = info.context
        permitted(context.caller, READ_JOURNAL, None)
        wanted = (criteria or EventFilterInput()).value()
        async with context.reads.acquire() as connection:
            page = await list_events(
                connection, context.scope, wanted, page_request(first, after, last, before)
            )
        group = group_of(page.rows, context, context.scope)

        async def count() -> int:
            async with context.reads.acquire() as connection:
                return await count_events(connection, context.scope, wanted)

        return connection_of(page.map(lambda recorded: event_of(recorded, group)), count)
