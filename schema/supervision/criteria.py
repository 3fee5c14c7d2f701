"""Which cases a supervisor asks about: units, areas and types, each with all below it."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import strawberry
from strawberry import field

from domain.case.vocabulary import Channel
from domain.neighbourhood import types_below
from schema.case.criteria import codes
from schema.context import Configuration


@strawberry.input(
    name="SupervisionFilter",
    description="Which cases; every part that is given must hold, and of a list one is enough. A "
    "unit, an area or a type counts with all below it, as they are at the moment asked about.",
)
class SupervisionFilterInput:
    """Which cases."""

    unit: list[str] | None = field(
        default=None,
        description="Of these units: whose clock it is, whose return, whom a fact is about; else "
        "the lead unit.",
    )
    area: list[str] | None = field(default=None, description="In these areas.")
    type: list[str] | None = field(default=None, description="Of these case types.")
    channel: list[Channel] | None = field(
        default=None, description="Brought through one of these channels."
    )

    def units(self, configuration: Configuration, at: datetime) -> Collection[str] | None:
        """The units, with all below them then. Raises InvalidInput."""
        directory = configuration.directory
        return _below(
            codes(self.unit, "unit"),
            lambda code: () if directory is None else directory.subtree(code, at),
        )

    def areas(self, configuration: Configuration, at: datetime) -> Collection[str] | None:
        """The areas, with all in them then. Raises InvalidInput."""
        directory = configuration.directory
        return _below(
            codes(self.area, "area"),
            lambda code: () if directory is None else directory.area_subtree(code, at),
        )

    def types(self, configuration: Configuration, at: datetime) -> Collection[str] | None:
        """The types, with all below them then. Raises InvalidInput."""
        catalogue = configuration.catalogue
        version = None if catalogue is None else catalogue.in_force(at)
        return _below(
            codes(self.type, "type"),
            lambda code: () if version is None else types_below(version, code),
        )


def _below(
    wanted: Collection[str] | None, below: Callable[[str], Iterable[str]]
) -> Collection[str] | None:
    """Each with what is below it; a code that nothing is known of stands for itself."""
    if wanted is None:
        return None
    return sorted({each for code in wanted for each in (code, *below(code))})
