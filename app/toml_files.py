"""TOML files that people write for us: read in a shape; faults told with file, line and cause."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from app.packs.lines import Lines, Place

MOST_BYTES: Final = 4_000_000

Shape = TypeVar("Shape", bound=msgspec.Struct)

_TOML_PLACE: Final = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")
_SHAPE_PLACE: Final = re.compile(r"^(.*) - at `\$(.*)`$")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN: Final = re.compile(r"unknown field `(.*)`")


@dataclass(frozen=True, order=True)
class TomlProblem:
    """One thing that is wrong. line: 1 where it is about the file as a whole."""

    file: str
    line: int
    cause: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.cause}"


@dataclass(frozen=True)
class TomlFile:
    """A file that was read, to say where in it something is wrong."""

    name: str
    lines: Lines

    def problem(self, place: Place, cause: str) -> TomlProblem:
        """A problem at the line of a place, or of the nearest thing around it."""
        return TomlProblem(self.name, self.lines.of(place), cause)


def read_toml(
    path: Path, shape: type[Shape], found: list[TomlProblem]
) -> tuple[TomlFile, Shape] | None:
    """One file in its shape; what is wrong with it goes to `found`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            found.append(TomlProblem(path.name, 1, f"is larger than {MOST_BYTES} bytes"))
            return None
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        found.append(TomlProblem(path.name, 1, (error.strerror or "cannot be read").lower()))
        return None
    except UnicodeDecodeError:
        found.append(TomlProblem(path.name, 1, "is not UTF-8"))
        return None
    file = TomlFile(path.name, Lines(text))
    try:
        return file, msgspec.convert(tomllib.loads(text), shape)
    except tomllib.TOMLDecodeError as error:
        found.append(_toml_problem(file, text, str(error)))
    except msgspec.ValidationError as error:
        found.append(_shape_problem(file, str(error)))
    return None


def _toml_problem(file: TomlFile, text: str, message: str) -> TomlProblem:
    place = _TOML_PLACE.search(message)
    line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
    return TomlProblem(file.name, line, _TOML_PLACE.sub("", message))


def _shape_problem(file: TomlFile, message: str) -> TomlProblem:
    found = _SHAPE_PLACE.match(message)
    cause, steps = (found[1], found[2]) if found else (message, "")
    place: Place = tuple(name or int(number or 0) for name, number in _STEP.findall(steps))
    if unknown := _UNKNOWN.search(cause):
        place = (*place, unknown[1])
    return file.problem(place, cause)
