"""One event of the audit trail as a reader may see it: its columns, who may read it, what is shown.

Who does not see a case from inside (`scope.internal`, and within reach) gets no internal notes, not
what a checker demands of a unit nor how it was routed, and of every event neither who acted, under
which authority, nor for which reason.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from domain.case.vocabulary import Audience
from domain.identity import Actor, ActorKind, Authority
from domain.personal_data import AccessLogOpened, PersonalDataRead
from domain.refusal import InvalidInput
from domain.scope import Scope
from projections.as_of import Moment
from projections.case_changes import FieldChange
from projections.outside import changes_outside, payload_outside
from projections.paging import read_cursor
from projections.shown import changes_as_shared
from projections.sight import OWN, inside, scope_values, seen, shares_timeline, shown_as
from projections.structure import OF_TWO


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One recorded event, as the caller may see it.

    stream_id: the case, unless `of_case` is false. topic: the type of event ("case.dispatched").
    actor, authority, reason: None where the caller may not see them.
    changes: before -> after of the case in version order. payload: JSON text, camelCase keys.
    """

    event_id: UUID
    position: int
    stream_id: UUID
    of_case: bool
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor | None
    authority: Authority | None
    channel: str | None
    reason: str | None
    command_id: UUID
    causation_id: UUID | None
    correlation_id: UUID
    audience: Audience | None
    payload: str
    changes: tuple[FieldChange, ...]


FROM_INSIDE: Final = f"""(:internal AND (:every_case OR EXISTS (
        SELECT FROM cases c WHERE c.case_id = e.stream_id AND {inside("c")}
    )))"""
"""Whether the caller sees the case of the event from inside, not as their own only."""

SHOWN_EVENT: Final = f"""
    e.event_id, e.position, e.stream_id, e.of_case, e.version, e.topic, e.occurred_at,
    e.recorded_at, e.principal, e.actor_kind, e.actor_position, e.actor_unit, e.on_behalf_of,
    e.permission, e.policy_version, e.channel, e.reason, e.command_id, e.causation_id,
    e.correlation_id, e.audience, e.changes,
    e.payload, {shown_as("e.stream_id")} AS shown_as
"""

_OF_ACCESS: Final = f"'{{{AccessLogOpened.TOPIC},{PersonalDataRead.TOPIC}}}'"

# Whoever may not see the other case does not learn of it here either. Who read personal data is for
# those who answer for that, whoever else reads the journal.
VISIBLE: Final = f"""(
    (:every_case OR (e.of_case AND EXISTS (
        SELECT FROM cases c WHERE c.case_id = e.stream_id
            AND ({seen("c")} OR {shares_timeline("c")})
    )))
    AND (:access_log OR e.of_case OR e.topic <> ALL({_OF_ACCESS}))
    AND (e.audience IS DISTINCT FROM 'INTERNAL' OR {FROM_INSIDE})
    AND (:every_case OR e.topic <> ALL('{{{",".join(OF_TWO)}}}') OR EXISTS (
        SELECT FROM cases o
        WHERE o.case_id = (e.payload ->> 'otherCase')::uuid AND {seen("o")}
    ))
)"""  # noqa: S608 - constants

CURSOR: Final = "event"


def event_values(scope: Scope, moment: Moment | None = None) -> dict[str, Any]:
    """The parameters of VISIBLE and SHOWN_EVENT, and of the moment as of which is asked."""
    return {
        **scope_values(scope),
        "position": moment.position if moment else None,
        "time": moment.occurred_at if moment else None,
    }


def place_of(cursor: str | None, argument: str, last: int) -> int | None:
    """The version or position that a cursor names, 0 to `last`."""
    if cursor is None:
        return None
    place = int(read_cursor(CURSOR, cursor, argument, [int])[0])
    if not 0 <= place <= last:
        raise InvalidInput([argument], "not a cursor of this list in this order")
    return place


def event_of(row: asyncpg.Record) -> TimelineEvent:
    """An event from its columns, SHOWN_EVENT, cut to what the caller may see."""
    shown_as = row["shown_as"]
    internal = shown_as is None
    payload, changes = _shown(row, shown_as)
    return TimelineEvent(
        event_id=row["event_id"],
        position=row["position"],
        stream_id=row["stream_id"],
        of_case=row["of_case"],
        version=row["version"],
        topic=row["topic"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=actor_of(row) if internal else None,
        authority=Authority(row["permission"], row["policy_version"]) if internal else None,
        channel=row["channel"],
        reason=row["reason"] if internal else None,
        command_id=row["command_id"],
        causation_id=row["causation_id"],
        correlation_id=row["correlation_id"],
        audience=Audience(row["audience"]) if row["audience"] else None,
        payload=payload,
        changes=changes,
    )


def _shown(
    row: asyncpg.Record, shown_as: Collection[str] | None
) -> tuple[str, tuple[FieldChange, ...]]:
    """Payload and changes of an event, as the caller is shown its case (`projections.shown`)."""
    payload, changes = row["payload"], _changes(row["changes"])
    if shown_as is None:
        return payload, changes
    if OWN in shown_as:
        return payload_outside(row["topic"], payload), changes_outside(changes)
    # What was said in an event is in no part: a unit learns that it happened, and when.
    return "{}", changes_as_shared(changes, shown_as)


def actor_of(row: asyncpg.Record) -> Actor:
    """Who acted, from the columns of the trail that say so."""
    return Actor(
        principal=row["principal"],
        kind=ActorKind(row["actor_kind"]),
        position=row["actor_position"],
        unit=row["actor_unit"],
        on_behalf_of=row["on_behalf_of"],
    )


_changes = msgspec.json.Decoder(tuple[FieldChange, ...]).decode
