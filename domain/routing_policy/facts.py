"""What routing asks about units, areas and types, and who answers while there is no directory."""

from datetime import datetime
from typing import Protocol


class DirectoryFacts(Protocol):
    """What the directory says about a time."""

    def is_active(self, code: str, at: datetime) -> bool:
        """Whether there is such a unit and it is active then."""
        ...

    def area_path(self, code: str, at: datetime) -> tuple[str, ...]:
        """The codes from the topmost area down to this one; none where there is no such area."""
        ...


class TypeFacts(Protocol):
    """What a version of the catalogue says."""

    @property
    def number(self) -> int:
        """The number of the version."""
        ...

    def path(self, code: str) -> tuple[str, ...]:
        """The codes from the root down to this type; none where there is no such type."""
        ...


def active(directory: DirectoryFacts | None, code: str, at: datetime) -> bool:
    """Whether a unit may be given work; without a directory every code is a unit."""
    return directory is None or directory.is_active(code, at)


def path_of_area(directory: DirectoryFacts | None, code: str, at: datetime) -> tuple[str, ...]:
    """From the topmost area down to this one; without a directory an area has none above it."""
    return (code,) if directory is None else directory.area_path(code, at)


def path_of_type(catalogue: TypeFacts | None, code: str) -> tuple[str, ...]:
    """From the root down to this type; without a catalogue a type has none above it."""
    return (code,) if catalogue is None else catalogue.path(code)
