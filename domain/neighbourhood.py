"""What is near in the directory and the catalogue: where the same thing may have been entered."""

from datetime import datetime

from domain.catalogue.content import CatalogueVersion
from domain.directory import Directory


def neighbouring_areas(directory: Directory | None, area: str, at: datetime) -> frozenset[str]:
    """An area, the one above it, and all that lie below that; only itself where none is known."""
    if directory is None or directory.area_at(area, at) is None:
        return frozenset({area})
    path = directory.area_path(area, at)
    above = path[-2] if len(path) > 1 else area
    return directory.areas_below([above], at) | {area, above}


def related_types(version: CatalogueVersion | None, code: str) -> frozenset[str]:
    """A type, the one above it, and all below that; of a type at the top, it and what is below."""
    path = () if version is None else version.path(code)
    if version is None or not path:
        return frozenset({code})
    return types_below(version, path[-2] if len(path) > 1 else code) | {code}


def types_below(version: CatalogueVersion, code: str) -> frozenset[str]:
    """A type and all below it."""
    found, waiting = set[str](), [code]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += [child.code for child in version.children(each)]
    return frozenset(found)
