"""The commands on the catalogue, and their decisions."""

from dataclasses import dataclass, replace
from typing import ClassVar, assert_never

from domain import versioning
from domain.catalogue.checks import check_types
from domain.catalogue.content import CaseType, CatalogueVersion
from domain.catalogue.state import (
    CATALOGUE_STREAM,
    CaseTypeCatalogue,
    CatalogueDrafted,
    CatalogueDraftExtended,
    CatalogueOpened,
    CatalogueProposed,
    CataloguePublished,
    CatalogueRetired,
)
from domain.command import Circumstances, Command, check_circumstances
from domain.event import begin_stream
from domain.refusal import NotFound
from domain.versioning import PublishVersion, VersionCommand
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required


@dataclass(frozen=True, kw_only=True)
class DraftCatalogue(Command):
    """Write a version of the catalogue down: all its types, each after its parent."""

    NAME: ClassVar[str] = "draftCatalogue"

    title: str
    types: tuple[CaseType, ...]
    pack: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProposeCatalogue(VersionCommand):
    """Answer for a draft of the catalogue and ask for its publication."""

    NAME: ClassVar[str] = "proposeCatalogue"


@dataclass(frozen=True, kw_only=True)
class PublishCatalogue(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishCatalogue"


@dataclass(frozen=True, kw_only=True)
class RetireCatalogue(VersionCommand):
    """End a version of the catalogue."""

    NAME: ClassVar[str] = "retireCatalogue"


CatalogueCommand = DraftCatalogue | ProposeCatalogue | PublishCatalogue | RetireCatalogue


def decide(
    catalogue: CaseTypeCatalogue | None, command: CatalogueCommand, by: Circumstances
) -> CaseTypeCatalogue:
    """The catalogue with the events of the command pending. Raises a Refusal."""
    if isinstance(command, DraftCatalogue):
        return _draft(catalogue, command, by)
    if catalogue is None:
        raise NotFound(what="version")
    match command:
        case ProposeCatalogue():
            versioning.propose(catalogue, CatalogueProposed, command, by)
        case PublishCatalogue():
            versioning.publish(catalogue, CataloguePublished, command, by)
        case RetireCatalogue():
            versioning.retire(catalogue, CatalogueRetired, command, by)
        case _:
            assert_never(command)
    return catalogue


def _draft(
    catalogue: CaseTypeCatalogue | None, command: DraftCatalogue, by: Circumstances
) -> CaseTypeCatalogue:
    """A new version; nothing where the newest one that is not retired says the same."""
    check_circumstances(command, by)
    title = required(["title"], command.title, TITLE_LIMIT)
    pack = optional(["pack"], command.pack, CODE_LIMIT)
    check_types(command.types)
    first, *further = versioning.parts("types", command.types)
    if catalogue is None:
        catalogue = begin_stream(
            CaseTypeCatalogue, CatalogueOpened, stream_id=CATALOGUE_STREAM, timestamp=by.at
        )
    number = len(catalogue.versions) + 1
    wanted = CatalogueVersion(number, title, pack, command.types)
    newest = catalogue.newest()
    if newest is not None and replace(newest, number=number) == wanted:
        return catalogue
    place = {"timestamp": by.at, "number": number, "by": by.actor.principal}
    catalogue.trigger_event(CatalogueDrafted, **place, title=title, pack=pack, types=first)
    for types in further:
        catalogue.trigger_event(CatalogueDraftExtended, **place, types=types)
    return catalogue
