"""Which version is meant, and which of them the caller may see."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from strawberry import argument

from domain.catalogue.content import CatalogueVersion
from domain.configuration import ConfigurationOf, VersionContent
from domain.permissions import READ_CONFIGURATION, authority
from domain.refusal import InvalidInput, NotPermitted
from domain.routing_policy.content import RoutingVersion
from schema.context import Configuration, Context

Content = TypeVar("Content", bound=VersionContent)

VersionArgument = Annotated[
    int | None, argument(name="version", description="The number of a version.")
]
AtArgument = Annotated[
    datetime | None,
    argument(name="at", description="The version in force at this time; now by default."),
]


def require(context: Context, permission: str) -> None:
    """Raises NotPermitted. Nothing here belongs to a case, so whose case it is does not matter."""
    if authority(context.caller, permission) is None:
        raise NotPermitted(permission=permission)


def sees_drafts(context: Context) -> bool:
    """Whether the caller sees versions that were never published, and who did what."""
    return authority(context.caller, READ_CONFIGURATION) is not None


def one_of(version: int | None, at: datetime | None) -> datetime:
    """The moment that is meant, where no version is. Raises InvalidInput where both are given."""
    if version is not None and at is not None:
        raise InvalidInput(["at"], "Give either version or at, not both.")
    return at or datetime.now(UTC)


def catalogue_version(
    context: Context, version: int | None, at: datetime | None
) -> CatalogueVersion | None:
    """What a version of the catalogue says, where the caller may see it."""
    moment, catalogue = one_of(version, at), context.configuration.catalogue
    if catalogue is None:
        return None
    if version is None:
        return catalogue.in_force(moment)
    record = catalogue.record(version)
    if record is None or (record.published is None and not sees_drafts(context)):
        return None
    return catalogue.content(version)


def routing_version(
    context: Context, version: int | None, at: datetime | None
) -> RoutingVersion | None:
    """What a version of the routing policy says; the caller's right was asked before."""
    moment, routing = one_of(version, at), context.configuration.routing
    if routing is None:
        return None
    return routing.in_force(moment) if version is None else routing.content(version)


async def content_of(
    context: Context,
    kept: Callable[[Configuration], ConfigurationOf[Content] | None],
    number: int,
) -> Content | None:
    """What a version says that was found already, also if another process has just drafted it."""
    found = kept(context.configuration)
    if found is None or found.content(number) is None:
        await context.configuration.catch_up()
        found = kept(context.configuration)
    return None if found is None else found.content(number)
