"""The people whose commands are given: some by roles alone, some with posts in units and areas."""

from typing import Final

from domain.identity import ActorKind, Caller, Post, Reach, Role
from tests.domain.people import (
    ANONYMOUS,
    AUDITOR,
    DISPATCHER,
    EVALUATOR,
    GRID_WORKER,
    INTAKE,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
    SUPERVISOR,
    UNIT_LEADER,
    person,
)


def holder(name: str, unit: str, *roles: Role, area: str | None = None) -> Caller:
    """Somebody with one post: what they may do ends with their unit, or their area."""
    areas = frozenset() if area is None else frozenset({area})
    post = Post(f"{name} of {unit}", frozenset(roles), unit, areas)
    return Caller(
        name,
        ActorKind.PERSON,
        post.roles,
        unit,
        post.position,
        (Reach(post, frozenset({unit}), areas),),
    )


PEOPLE: Final = (
    REPORTER,
    INTAKE,
    REGISTRAR,
    DISPATCHER,
    OFFICER,
    UNIT_LEADER,
    GRID_WORKER,
    SUPERVISOR,
    EVALUATOR,
    NEIGHBOUR,
    AUDITOR,
    # What takes two persons takes a second one in the same role.
    person("second registrar", Role.REGISTRAR),
    person("second dispatcher", Role.DISPATCHER),
    # To whom a case is offered to be handed over.
    person("colleague", Role.OFFICER, Role.UNIT_LEADER),
    holder("inspector", "environment", Role.OFFICER, Role.UNIT_LEADER),
    holder("constable", "police", Role.OFFICER, Role.UNIT_LEADER),
    holder("clerk", "centre", Role.REGISTRAR, Role.DISPATCHER, Role.SUPERVISOR, area="grid-7"),
)

BRINGING: Final = (REPORTER, NEIGHBOUR, INTAKE, GRID_WORKER, ANONYMOUS)
