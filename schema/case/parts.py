"""What a case and its events are made of."""

from collections.abc import Sequence

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from domain import identity
from domain.case import vocabulary
from domain.case.actions import Action
from domain.refusal import Refusal
from projections import case_changes
from projections.case_state import CaseState
from schema.directory.types import Area, OrgUnit, area_of, unit_of
from schema.languages import label, message_of
from schema.languages.language import Language


@strawberry.type(description="One field of a case before and after.")
class FieldChange:
    """One field before and after."""

    field: str = strawberry.field(description="The name of the field in the type Case.")
    before: JSON | None = strawberry.field(description="Its value before; null: it had none.")
    after: JSON | None = strawberry.field(description="Its value after; null: it has none.")


@strawberry.type(description="Who did it.")
class Actor:
    """Who did it."""

    principal: str = field(description="Whom the token named.")
    kind: identity.ActorKind = field(description="What sort of actor it is.")
    unit: OrgUnit | None = field(description="The unit they acted for.")
    post: str | None = field(description="The post they held.")


@strawberry.type(description="A point on the map, in degrees of WGS 84.")
class Point:
    """A point."""

    latitude: float = field(description="-90 to 90.")
    longitude: float = field(description="-180 to 180.")
    precision: vocabulary.Precision = field(description="How exactly the point is known.")


@strawberry.type(description="Where a case is.")
class Location:
    """Where a case is."""

    area: Area | None = field(description="The area or grid cell.")
    point: Point | None = field(description="The point, where one is known.")


@strawberry.type(description="Something that stands in the way of an action.")
class Blocker:
    """Something in the way."""

    code: str = field(description="The code the command would be refused with.")
    refusal: strawberry.Private[Refusal]
    language: strawberry.Private[Language]

    @field(description="A sentence for a person.")
    def message(self) -> str:
        return message_of(self.refusal, self.language)


@strawberry.type(description="A command and whether the caller could give it now.")
class AllowedAction:
    """A command and whether it is possible."""

    command: str = field(
        description="The name of the mutation; addEvidence is POST /cases/{caseId}/evidence."
    )
    label: str = field(description="What a person calls it, in the language of the request.")
    enabled: bool = field(description="Whether nothing known now stands in its way.")
    blocked_by: list[Blocker] = field(description="What stands in its way.")


def changes_of(changes: Sequence[case_changes.FieldChange]) -> list[FieldChange]:
    """What changed, field by field."""
    return [
        FieldChange(field=change.field, before=_json(change.before), after=_json(change.after))
        for change in changes
    ]


def actor_of(actor: identity.Actor | None) -> Actor | None:
    """Who did it, where the caller may see it."""
    if actor is None:
        return None
    return Actor(
        principal=actor.principal,
        kind=actor.kind,
        unit=unit_of(actor.unit),
        post=actor.position,
    )


def delegator_of(actor: identity.Actor | None) -> Actor | None:
    """On whose behalf it was done: of whoever holds the very post that it was done from."""
    if actor is None or actor.on_behalf_of is None:
        return None
    return Actor(
        principal=actor.on_behalf_of,
        kind=identity.ActorKind.PERSON,
        unit=unit_of(actor.unit),
        post=actor.position,
    )


def location_of(state: CaseState) -> Location | None:
    """Where a case is, if anything is known about that."""
    if state.area is None and state.point is None:
        return None
    at = state.point
    return Location(
        area=area_of(state.area),
        point=Point(latitude=at.latitude, longitude=at.longitude, precision=at.precision)
        if at
        else None,
    )


def actions_of(found: Sequence[Action], language: Language) -> list[AllowedAction]:
    """Commands on a case, with what stands in the way of each."""
    return [
        AllowedAction(
            command=action.command,
            label=label("Command", action.command, language),
            enabled=not action.blockers,
            blocked_by=[
                Blocker(code=blocker.code, refusal=blocker, language=language)
                for blocker in action.blockers
            ],
        )
        for action in found
    ]


def _json(value: object) -> JSON | None:
    return None if value is None else JSON(value)
