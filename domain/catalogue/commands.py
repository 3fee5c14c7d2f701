"""The commands on the catalogue, and their decisions."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalogue.checks import check_types
from domain.catalogue.content import CaseType, CatalogueVersion
from domain.catalogue.state import CATALOGUE_WAY, CaseTypeCatalogue
from domain.command import Circumstances
from domain.versioning import DraftVersion, ProposeVersion, PublishVersion, RetireVersion, heading


@dataclass(frozen=True, kw_only=True)
class DraftCatalogue(DraftVersion):
    """Write a version of the catalogue down: all its types, each after its parent."""

    NAME: ClassVar[str] = "draftCatalogue"

    types: tuple[CaseType, ...]


@dataclass(frozen=True, kw_only=True)
class ProposeCatalogue(ProposeVersion):
    """Answer for a draft of the catalogue and ask for its publication."""

    NAME: ClassVar[str] = "proposeCatalogue"


@dataclass(frozen=True, kw_only=True)
class PublishCatalogue(PublishVersion):
    """Put into force what somebody else proposed."""

    NAME: ClassVar[str] = "publishCatalogue"


@dataclass(frozen=True, kw_only=True)
class RetireCatalogue(RetireVersion):
    """End a version of the catalogue."""

    NAME: ClassVar[str] = "retireCatalogue"


CatalogueCommand = DraftCatalogue | ProposeCatalogue | PublishCatalogue | RetireCatalogue


def decide(
    catalogue: CaseTypeCatalogue | None, command: CatalogueCommand, by: Circumstances
) -> CaseTypeCatalogue:
    """The catalogue with the events of the command pending. Raises a Refusal."""
    if not isinstance(command, DraftCatalogue):
        return CATALOGUE_WAY.advance(catalogue, command, by)
    wanted = CatalogueVersion(*heading(command, by), command.types)
    check_types(wanted.types)
    return CATALOGUE_WAY.draft(catalogue, wanted, by)
