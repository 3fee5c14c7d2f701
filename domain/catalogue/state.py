"""The catalogue: its events, and which version is in force when."""

from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.catalogue.content import CaseType, CatalogueVersion
from domain.configuration import (
    ConfigurationOf,
    VersionContent,
    VersionDrafted,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRetired,
)
from domain.event import Recorded, stream_begins_with
from domain.versioning import Way

CATALOGUE_STREAM: Final = UUID("00000000-0000-8000-8000-000000000004")


class CaseTypeCatalogue(ConfigurationOf[CatalogueVersion]):
    """All versions of the catalogue of a jurisdiction."""


# Set after the class body, as of Case (domain/case/state.py).
CaseTypeCatalogue.TOPIC = "catalogue"  # type: ignore[attr-defined]


class CatalogueOpened(Recorded, AggregateCreated):
    """The first version of the catalogue is about to be drafted."""

    TOPIC: ClassVar[str] = "catalogue.opened"


class CatalogueDrafted(VersionDrafted):
    """A version of the catalogue was written down, or the first part of a large one."""

    TOPIC: ClassVar[str] = "catalogue.drafted"
    CONTENT: ClassVar[type[VersionContent]] = CatalogueVersion
    ITEMS: ClassVar[str] = "types"
    class_version: ClassVar[int] = 2

    types: tuple[CaseType, ...]

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Types of version 1 set no windows, which a type without them says too."""


class CatalogueDraftExtended(VersionExtended):
    """A further part of a large version, recorded together with the first."""

    TOPIC: ClassVar[str] = "catalogue.draft_extended"
    ITEMS: ClassVar[str] = CatalogueDrafted.ITEMS
    class_version: ClassVar[int] = 2

    types: tuple[CaseType, ...]

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """As of `CatalogueDrafted`."""


class CatalogueProposed(VersionProposed):
    """Somebody answers for a draft of the catalogue and asks for its publication."""

    TOPIC: ClassVar[str] = "catalogue.proposed"


class CataloguePublished(VersionPublished):
    """A second person put a version of the catalogue into force."""

    TOPIC: ClassVar[str] = "catalogue.published"


class CatalogueRetired(VersionRetired):
    """A version of the catalogue is not to be used any more."""

    TOPIC: ClassVar[str] = "catalogue.retired"


stream_begins_with(CatalogueOpened, CaseTypeCatalogue)

CATALOGUE_WAY: Final = Way(
    CATALOGUE_STREAM,
    CaseTypeCatalogue,
    CatalogueOpened,
    CatalogueDrafted,
    CatalogueDraftExtended,
    CatalogueProposed,
    CataloguePublished,
    CatalogueRetired,
)
