"""The case and its events, as the caller may see them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import strawberry
from strawberry import argument, field
from strawberry.scalars import JSON

from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState, PublicationState, ReturnState
from domain.case.vocabulary import Channel, Relation, ResolutionOutcome, Urgency
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.case_state import CaseState, is_late
from projections.case_versions import changes_between
from projections.outside import changes_outside
from projections.paging import page_request
from projections.timeline_event import TimelineEvent
from schema import ids
from schema.case.clocks import CaseClocks
from schema.case.duplicates import (
    DuplicateCandidate,
    HowMany,
    candidates_of,
    request_of,
)
from schema.case.evidence import Evidence, shown_evidence
from schema.case.group import CaseGroup
from schema.case.handling import CaseHandling
from schema.case.holding import CaseHolding
from schema.case.parts import (
    Actor,
    AllowedAction,
    FieldChange,
    Location,
    actions_of,
    actor_of,
    changes_of,
    delegator_of,
    location_of,
)
from schema.case.passage import CasePassage
from schema.case.payload import payload_of
from schema.case.responsibility import CaseResponsibility
from schema.case.routing import CaseRouting, routing_of
from schema.case.structure import CaseLink, Survivor
from schema.case.supervision import CaseSupervision
from schema.configuration.case_types import CaseType, type_of
from schema.context import Context
from schema.directory.types import OrgUnit, unit_of
from schema.info import Info
from schema.languages import label
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last, connection_of
from schema.personal_data import Purpose, Reporter, reporter_of
from schema.proofs import InclusionProof, inclusion_proof
from schema.scalars import Position

ON_BEHALF_OF: Final = (
    "Whose authority they used, where it was delegated to them; null otherwise, and where the "
    "caller may not see it."
)


@strawberry.type(description="One event: something that happened to a case. It never changes.")
class CaseEvent(Node):
    """One event."""

    position: Position = field(description="Its place in the journal.")
    version: int = field(description="Its place in the history of the case: 1, 2, 3 ...")
    type: str = field(description='What happened, as in "case.dispatched".')
    case_id: strawberry.ID | None = field(
        description="The caseId of its case; null for events of the journal itself."
    )
    occurred_at: datetime = field(description="When it happened.")
    recorded_at: datetime = field(description="When the journal took it down.")
    authority: str | None = field(
        description="The permission it was done under; null where the caller may not see it."
    )
    policy_version: int | None = field(
        description="The version of the permission table; null where the caller may not see it."
    )
    reason: str | None = field(
        description="Why, in the actor's words; null without one or where it may not be seen."
    )
    command_id: UUID = field(description="The command that caused it.")
    correlation_id: UUID = field(description="What ties it to other events of one undertaking.")
    recorded: strawberry.Private[TimelineEvent]
    group: strawberry.Private[CaseGroup]

    @field(description="Who did it; null where the caller may not see it.")
    def actor(self) -> Actor | None:
        return actor_of(self.recorded.actor)

    @field(description=ON_BEHALF_OF)
    def on_behalf_of(self) -> Actor | None:
        return delegator_of(self.recorded.actor)

    @field(description="What it changed in the case.")
    def changes(self) -> list[FieldChange]:
        return changes_of(self.recorded.changes)

    @field(description="What it says beside the fields here, as far as the caller may see it.")
    def payload(self) -> JSON | None:
        return JSON(payload_of(self.recorded.payload))

    @field(description="What happened, in words, in the language of the request.")
    def label(self, info: Info) -> str:
        return label("Event", self.type, info.context.language)

    @field(description="The case as it is now; null for events of the journal itself.")
    async def case(self) -> "Case | None":
        group, recorded = self.group.now(), self.recorded
        state = await group.case(recorded.stream_id) if recorded.of_case else None
        return None if state is None else case_of(state, group)


@strawberry.type(
    description=(
        "A case 案件: a request, dispute or emergency, now or in a past state. A past state has an "
        "id of its own, a timeline cut at that moment, and no allowed actions."
    )
)
class Case(
    CaseClocks, CasePassage, CaseResponsibility, CaseHandling, CaseHolding, CaseSupervision, Node
):
    """A case, now or in a past state."""

    case_id: strawberry.ID = field(
        description="The same for every state of the case; what commands take."
    )
    is_current: bool = field(
        description="Whether this is the case as it is now: false whenever asOf chose the state."
    )
    case_no: str = field(description="The number that people use.")
    version: int = field(description="How many events its history has in this state.")
    position: Position = field(description="The journal's position of the last of them.")
    updated_at: datetime = field(description="When the last of them was recorded.")
    stage: Stage = field(description="Where the case stands.")
    title: str | None = field(description="The request in one line.")
    description: str | None = field(description="The request in full.")
    type: CaseType | None = field(description="What sort of case it is.")
    channel: Channel = field(description="How it reached the service.")
    location: Location | None = field(description="Where it is.")
    urgency: Urgency | None = field(
        description="How soon it must be met; null for imported histories."
    )
    lead_unit: OrgUnit | None = field(description="The unit that answers for its handling.")
    co_units: list[OrgUnit] = field(description="The units that help.")
    cycle: int = field(description="1, and one more each time it was reopened.")
    outcome: ResolutionOutcome | None = field(
        description="What the lead unit says it reached in this cycle."
    )
    on_behalf: bool = field(description="Whether it was registered on behalf of somebody else.")
    relation: Relation | None = field(
        description="What whoever registered it is to that other person."
    )
    registered_at: datetime = field(
        description="When the request was brought; of a history, its first activity."
    )
    accepted_at: datetime | None = field(description="When it was first accepted.")
    closed_at: datetime | None = field(description="When it was closed; null while it is open.")
    due_at: datetime | None = field(
        description="Of an imported history: by when it had to be closed, where that was said."
    )
    late: bool = field(
        description="Whether it was closed after it was due, or is open and past due (at asOf)."
    )
    return_state: ReturnState = field(
        description="Whether the lead unit has asked to give it back, and who decides."
    )
    feedback_state: FeedbackState = field(
        description="Whether the reporter was asked in this cycle, and what came of it."
    )
    publication_state: PublicationState = field(description="Whether the public may read it.")
    confidential: bool = field(description="Whether fewer people than usual may see it.")
    emergency_until: datetime | None = field(
        description="When the emergency that was declared expires; null without one."
    )
    source: str | None = field(description="The log that an imported history comes from.")
    external_id: str | None = field(description="The name of an imported history in its log.")

    @field(description="What happened to the case, in the order of its versions.")
    async def timeline(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> "Connection[CaseEvent]":
        group, case_id = self.group, self.state.case_id
        page = await group.timeline(case_id, page_request(first, after, last, before))
        events = page.map(lambda recorded: event_of(recorded, group))
        return connection_of(events, lambda: group.timeline_count(case_id))

    @field(description="What differs between two versions of the case.")
    async def changes(
        self,
        info: Info,
        from_version: Annotated[
            int, argument(name="from", description="The earlier version; 0: before it existed.")
        ],
        to_version: Annotated[int, argument(name="to", description="The later version.")],
    ) -> list[FieldChange]:
        if to_version > self.version:
            raise InvalidInput(["to"], f"The case has {self.version} versions in this state.")
        async with info.context.reads.acquire() as connection:
            changes = await changes_between(
                connection, self.group.scope, self.state.case_id, from_version, to_version
            )
        if not await self.group.is_inside(self.state.case_id):
            return changes_of(changes_outside(changes))
        return changes_of(changes)

    @field(
        description=(
            "Each command on the case, whether the caller could give it now, and what stands in "
            "its way. Empty for a past state."
        )
    )
    async def allowed_actions(self) -> list[AllowedAction]:
        if not self.is_current:
            return []
        found = await self.group.actions(self.state.case_id)
        return actions_of(found, self.group.context.language)

    @field(
        description="What was answered to the questions of its type, by the name of each field; "
        "null where there was none."
    )
    async def fields(self) -> JSON | None:
        answers = await self.group.answers(self.state.case_id)
        return None if answers is None else JSON(answers)

    @field(
        description="Why it went where it was last sent; null where no routing policy decided it, "
        "or where the caller does not see the case from inside."
    )
    async def routing(self) -> CaseRouting | None:
        return routing_of(await self.group.routing(self.state.case_id))

    @field(
        description="The pictures and papers that belong to it, in the order in which they were "
        "added, as far as they are for the caller."
    )
    async def evidence(self) -> list[Evidence]:
        return [shown_evidence(each) for each in await self.group.evidence(self.state.case_id)]

    @field(description="Where it goes on, where it was merged into another case; null where not.")
    async def merged_into(self) -> Survivor | None:
        if self.state.merged_into is None:
            return None
        row = await self.group.survivor(self.state.case_id)
        if row is None:
            return None
        seen = await self.group.others([row.case_id])
        case = case_of(*seen[0]) if seen else None
        return Survivor(case_no=row.case_no, stage=row.stage, closed_at=row.closed_at, case=case)

    @field(description="The cases that go on in it, as they are now, as far as they may be seen.")
    async def absorbed(self) -> list["Case"]:
        ids_of = [each.other_case for each in self.state.details.absorbed]
        return [case_of(*seen) for seen in await self.group.others(ids_of)]

    @field(description="The cases that it has to do with, as far as they may be seen.")
    async def links(self) -> list[CaseLink]:
        links = {link.other_case: link for link in self.state.details.links}
        return [
            CaseLink(
                kind=links[state.case_id].kind,
                since=links[state.case_id].since,
                case=case_of(state, group),
            )
            for state, group in await self.group.others(links)
        ]

    @field(
        description="Who brings the case, as known now, for whoever may know; null where nobody "
        "has said. Each reading is recorded with its purpose before it is answered."
    )
    async def reporter(self, purpose: Purpose = None) -> Reporter | None:
        context = self.group.context
        found = await context.personal_data.reporter_of(self.state.case_id, purpose, context.caller)
        return reporter_of(found)

    @field(description="Whether the caller watches the case now (watchCase).")
    async def watched(self) -> bool:
        return await self.group.is_watched(self.state.case_id)

    @field(
        description="Other cases that may be about the same: near in place and time, of a related "
        "type and in similar words. Empty for a past state and for an imported history."
    )
    async def duplicate_candidates(self, first: HowMany = 5) -> list[DuplicateCandidate]:
        context, state = self.group.context, self.state
        if not self.is_current or state.source is not None:
            return []
        make = cases_of(context)
        return await candidates_of(context, request_of(state), first, make, itself=state)

    @field(description="That the last event of this state is in the journal's tree.")
    async def proof(self, info: Info) -> InclusionProof:
        journal = info.context.journal
        return await inclusion_proof(journal, await journal.head(), self.position)


def cases_of(context: Context) -> Callable[[Sequence[CaseState]], list[Case]]:
    """Makes cases, as they are now, of states that were read together."""

    def made(states: Sequence[CaseState]) -> list[Case]:
        group = CaseGroup(context, context.scope, {state.case_id for state in states})
        return [case_of(state, group) for state in states]

    return made


def case_of(state: CaseState, group: CaseGroup) -> Case:
    """One case of a group."""
    case_id = strawberry.ID(ids.case_id(state.case_id))
    moment = group.moment
    return Case(
        id=case_id
        if moment is None
        else strawberry.ID(ids.past_case_id(state.case_id, state.version, moment)),
        case_id=case_id,
        is_current=moment is None,
        case_no=state.case_no,
        version=state.version,
        position=Position(state.position),
        updated_at=state.updated_at,
        stage=state.stage,
        title=state.title,
        description=state.description,
        type=type_of(state.type_code),
        channel=state.channel,
        location=location_of(state),
        urgency=state.urgency,
        lead_unit=unit_of(state.lead_unit),
        co_units=[OrgUnit(code=code) for code in state.co_units],
        cycle=state.cycle,
        outcome=state.outcome,
        on_behalf=state.on_behalf,
        relation=state.relation,
        registered_at=state.registered_at,
        accepted_at=state.accepted_at,
        closed_at=state.closed_at,
        due_at=state.details.due_at,
        late=is_late(state, group.told_at),
        return_state=state.return_state,
        feedback_state=state.feedback_state,
        publication_state=state.publication_state,
        confidential=state.confidential,
        emergency_until=state.emergency_until,
        source=state.source,
        external_id=state.external_id,
        state=state,
        group=group,
    )


def group_of(recorded: Sequence[TimelineEvent], context: Context, scope: Scope) -> CaseGroup:
    """The cases, as they are now, of events that were read together."""
    return CaseGroup(context, scope, {each.stream_id for each in recorded if each.of_case})


def events_of(recorded: Sequence[TimelineEvent], context: Context, scope: Scope) -> list[CaseEvent]:
    """Events that were read together."""
    group = group_of(recorded, context, scope)
    return [event_of(each, group) for each in recorded]


def event_by_itself(recorded: TimelineEvent, context: Context) -> CaseEvent:
    """One event that was not read with others."""
    return event_of(recorded, group_of([recorded], context, context.scope))


def event_of(recorded: TimelineEvent, group: CaseGroup) -> CaseEvent:
    """One event of a group of cases."""
    authority = recorded.authority
    return CaseEvent(
        id=strawberry.ID(ids.event_id(recorded.position)),
        position=Position(recorded.position),
        version=recorded.version,
        type=recorded.topic,
        case_id=strawberry.ID(ids.case_id(recorded.stream_id)) if recorded.of_case else None,
        occurred_at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        authority=authority.permission if authority else None,
        policy_version=authority.policy_version if authority else None,
        reason=recorded.reason,
        command_id=recorded.command_id,
        correlation_id=recorded.correlation_id,
        recorded=recorded,
        group=group,
    )
