"""Who is asking."""

import strawberry
from strawberry import field

from domain.identity import ActorKind, Caller, Post, Role
from domain.permissions import PERMISSIONS, authority
from domain.scope import Scope
from schema.directory.types import Area, OrgUnit
from schema.info import Info


@strawberry.type(description="What a position gives the caller, by appointment or delegation.")
class ViewerPost:
    """A post."""

    code: str = field(description="The code of the position.")
    unit: OrgUnit = field(description="The unit it belongs to.")
    roles: list[Role] = field(description="The roles it gives, by name.")
    areas: list[Area] = field(description="The areas it is limited to; none: it is not by area.")
    by_delegation: str | None = field(
        description="Whose authority it is, as tokens name them, where it was delegated."
    )


@strawberry.type(description="Who is asking, and what they may do at this moment.")
class Viewer:
    """Who is asking."""

    principal: str = field(description="Whom the token names.")
    kind: ActorKind = field(description="What sort of actor it is.")
    roles: list[Role] = field(
        description="Their roles, by name: those of their posts; while nobody was appointed to "
        "any post yet, those the token claims."
    )
    posts: list[ViewerPost] = field(description="The posts that roles come from, own ones first.")
    units: list[OrgUnit] = field(description="The units they act for.")
    areas: list[Area] = field(description="The areas their posts are limited to.")
    post: str | None = field(description="The first of the posts.")
    sees_every_case: bool = field(description="Whether no case is beyond their reach.")
    permissions: list[str] = field(
        description="What their roles allow, by name; reach and rules may still narrow it."
    )


@strawberry.type
class ViewerQuery:
    """The query about the caller."""

    @field(description="Who is asking, and what they may do: how the service understands them now.")
    def viewer(self, info: Info) -> Viewer:
        return _viewer(info.context.caller, info.context.scope)


def _viewer(caller: Caller, scope: Scope) -> Viewer:
    posts = caller.posts
    units = dict.fromkeys(post.unit for post in posts)
    if caller.unit is not None:
        units.setdefault(caller.unit)
    areas = sorted(frozenset[str]().union(*(post.areas for post in posts)))
    return Viewer(
        principal=caller.principal,
        kind=caller.kind,
        roles=sorted(caller.roles),
        posts=[_post_of(post) for post in posts],
        units=[OrgUnit(code=code) for code in units],
        areas=[Area(code=code) for code in areas],
        post=caller.position,
        sees_every_case=scope.every_case,
        permissions=[name for name in PERMISSIONS if authority(caller, name)],
    )


def _post_of(post: Post) -> ViewerPost:
    return ViewerPost(
        code=post.position,
        unit=OrgUnit(code=post.unit),
        roles=sorted(post.roles),
        areas=[Area(code=code) for code in sorted(post.areas)],
        by_delegation=post.by_delegation,
    )
