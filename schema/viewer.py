"""Who is asking."""

import strawberry
from strawberry import field

from domain.identity import ActorKind, Role
from domain.permissions import PERMISSIONS, authority
from schema.directory.types import OrgUnit
from schema.info import Info


@strawberry.type(description="Who is asking, and what they may do.")
class Viewer:
    """Who is asking."""

    principal: str = field(description="Whom the token names.")
    kind: ActorKind = field(description="What sort of actor it is.")
    roles: list[Role] = field(description="The roles the token gives, by name.")
    units: list[OrgUnit] = field(description="The units they act for.")
    post: str | None = field(description="The post they hold.")
    permissions: list[str] = field(
        description="What their roles allow, by name; scope and rules may still narrow it."
    )


@strawberry.type
class ViewerQuery:
    """The query about the caller."""

    @field(description="Who is asking: how the service understood the token.")
    def viewer(self, info: Info) -> Viewer:
        caller = info.context.caller
        return Viewer(
            principal=caller.principal,
            kind=caller.kind,
            roles=sorted(caller.roles),
            units=[OrgUnit(code=caller.unit)] if caller.unit else [],
            post=caller.position,
            permissions=[name for name in PERMISSIONS if authority(caller, name)],
        )
