"""Who somebody is at a moment: the directory says it, not the token."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.directory import Directory, administrator_roles
from domain.identity import ActorKind, Caller, Post, Reach, Role


def recognised(
    claimed: Caller,
    directory: Directory | None,
    administrators: Collection[str],
    at: datetime,
) -> Caller:
    """Whom a token names, with the roles and the reach of the posts they hold at that moment.

    The roles that a token claims count only until somebody is appointed for the first time.
    administrators: of the genesis entry (`domain.directory.administrator_roles`).
    """
    if claimed.kind is ActorKind.ANONYMOUS or claimed.tracks is not None:
        return claimed
    first = administrator_roles(directory, administrators, claimed.principal, at)
    if directory is None or not directory.appointments:
        return replace(claimed, roles=claimed.roles | first)
    posts = directory.roles_of(claimed.principal, at)
    everybody = frozenset({Role.REPORTER} if claimed.kind is ActorKind.PERSON else ())
    return replace(
        claimed,
        roles=everybody.union(first, *(post.roles for post in posts)),
        unit=posts[0].unit if posts else None,
        position=posts[0].position if posts else None,
        reaches=tuple(_reach(directory, post, at) for post in posts),
    )


def _reach(directory: Directory, post: Post, at: datetime) -> Reach:
    # The post's own areas too: one that is no more must not turn into "everywhere".
    areas = directory.areas_below(post.areas, at) | post.areas
    return Reach(post, directory.subtree(post.unit, at), areas)
