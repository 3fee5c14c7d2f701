"""Who acts: roles, callers, and the actor and authority that every recorded event carries."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the service (DOMAIN.md section 6)."""

    REPORTER = "REPORTER"
    PUBLIC = "PUBLIC"
    VOLUNTEER = "VOLUNTEER"
    GRID_WORKER = "GRID_WORKER"
    INTAKE = "INTAKE"
    REGISTRAR = "REGISTRAR"
    DISPATCHER = "DISPATCHER"
    OFFICER = "OFFICER"
    UNIT_LEADER = "UNIT_LEADER"
    MEDIATOR = "MEDIATOR"
    SUPERVISOR = "SUPERVISOR"
    EVALUATOR = "EVALUATOR"
    AUDITOR = "AUDITOR"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"
    CATALOGUE_ADMIN = "CATALOGUE_ADMIN"
    DIRECTORY_ADMIN = "DIRECTORY_ADMIN"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    # The service itself, for what happens because time passed; no person and no post has it.
    SERVICE = "SERVICE"


class ActorKind(StrEnum):
    """What sort of actor stands behind an event."""

    PERSON = "PERSON"
    SERVICE = "SERVICE"
    ANONYMOUS = "ANONYMOUS"


@dataclass(frozen=True)
class Post:
    """What a position gives somebody at a moment: by an appointment, or by delegation.

    areas: the areas, each with all below it, that the post is limited to; empty: no limit by
        area. by_delegation: whose authority it is, where it was delegated.
    """

    position: str
    roles: frozenset[Role]
    unit: str
    areas: frozenset[str] = frozenset()
    by_delegation: str | None = None


@dataclass(frozen=True)
class Reach:
    """A post, and how far it reaches at that moment.

    units: its unit and all below it. areas: those it is limited to and all in them; empty: it is
        not limited by area.
    """

    post: Post
    units: frozenset[str]
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Caller:
    """Who is asking: a verified token's principal with their roles, or nobody in particular.

    reaches: the posts that roles come from. A role that comes from none is not narrowed by one:
        REPORTER, that of whoever runs the service, and all while nobody was appointed yet.
    unit, position: of the first of the posts.
    tracks: the one case whose tracking code was shown: its reporter, and of no other case.
    """

    principal: str
    kind: ActorKind
    roles: frozenset[Role]
    unit: str | None = None
    position: str | None = None
    reaches: tuple[Reach, ...] = ()
    tracks: UUID | None = None

    @property
    def posts(self) -> tuple[Post, ...]:
        """What their positions give them."""
        return tuple(reach.post for reach in self.reaches)


ANONYMOUS = Caller("anonymous", ActorKind.ANONYMOUS, frozenset({Role.PUBLIC}))


THE_SERVICE = Caller("wardbook:service", ActorKind.SERVICE, frozenset({Role.SERVICE}))
"""Who acts where time alone passed: no token may name it, and no post gives its role."""

NOBODY_ELSE = frozenset({ANONYMOUS.principal, THE_SERVICE.principal})
"""Principals that nobody else may be called by."""


@dataclass(frozen=True)
class Actor:
    """Who did it, as written into the entry."""

    principal: str
    kind: ActorKind
    position: str | None = None
    unit: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class Authority:
    """Under which permission it was done, and by which version of the permission table."""

    permission: str
    policy_version: int
