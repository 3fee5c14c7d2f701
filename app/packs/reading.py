"""Reads a pack from its folder, and names file, line and cause of whatever is wrong with it."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from app.packs.lines import Lines, Place
from app.packs.shapes import PackFile, RoutingFile, TypesFile
from domain.catalogue.checks import check_types
from domain.catalogue.content import CaseType, CatalogueVersion
from domain.refusal import InvalidInput
from domain.routing_policy.checks import check_rules
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.route import problems
from domain.wording import STABLE_CODE, stable_code

SHIPPED: Final = Path(__file__).parent
LANGUAGES: Final = ["zh", "en"]
MOST_BYTES: Final = 4_000_000

_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Types do not change with time."""

Shape = TypeVar("Shape", bound=msgspec.Struct)

_TOML_PLACE: Final = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")
_SHAPE_PLACE: Final = re.compile(r"^(.*) - at `\$(.*)`$")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN: Final = re.compile(r"unknown field `(.*)`")

# Names of the domain's paths -> names of tables and keys in the files.
_TOP_TABLES: Final = {"types": "type", "rules": "rule"}
_TABLES: Final = {"fields": "field", "choices": "choice", "labelZh": "zh", "labelEn": "en"}


@dataclass(frozen=True, order=True)
class PackProblem:
    """One thing that is wrong. line: 1 where it is about the file as a whole."""

    file: str
    line: int
    cause: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.cause}"


class PackRefused(Exception):
    """A pack cannot be used as it is."""

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Pack:
    """A sound pack. id: name@version, which is kept with what is drafted from it."""

    name: str
    version: str
    title: str
    types: tuple[CaseType, ...]
    rules: tuple[RoutingRule, ...]
    fallback_unit: str

    @property
    def id(self) -> str:
        """Name and version."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class _File:
    name: str
    lines: Lines

    def problem(self, place: Place, cause: str) -> PackProblem:
        return PackProblem(self.name, self.lines.of(place), cause)


def shipped() -> list[str]:
    """The names of the packs that ship with us."""
    return sorted(found.parent.name for found in SHIPPED.glob("*/pack.toml"))


def folder_of(name: str) -> Path:
    """The folder that is meant: one of ours by name, else a path."""
    return SHIPPED / name if name in shipped() else Path(name)


def read_pack(folder: Path) -> Pack:
    """The pack in a folder. Raises PackRefused with everything that was found."""
    if not (folder / "pack.toml").is_file():
        ours = ", ".join(shipped())
        raise PackRefused(
            [PackProblem(str(folder), 1, f"there is no pack.toml; packs of ours are {ours}")]
        )
    found: list[PackProblem] = []
    head = _read(folder / "pack.toml", PackFile, found)
    routing = _read(folder / "routing.toml", RoutingFile, found)
    kinds = [_read(path, TypesFile, found) for path in sorted(folder.glob("types*.toml"))]
    if not kinds:
        found.append(PackProblem("types.toml", 1, "a pack needs at least one types*.toml"))
    parts = [part for part in kinds if part is not None]
    if found or head is None or routing is None:
        raise PackRefused(sorted(found))
    found += _head_problems(*head)
    types = tuple(table.value() for _, file in parts for table in file.type)
    found += _types_problems(types, parts)
    rules = tuple(table.value() for table in routing[1].rule)
    found += _routing_problems(rules, types, *routing)
    if found:
        raise PackRefused(sorted(found))
    about = head[1]
    fallback = routing[1].fallback_unit
    return Pack(about.name, about.version, about.title, types, rules, fallback)


def _read(path: Path, shape: type[Shape], found: list[PackProblem]) -> tuple[_File, Shape] | None:
    """One file in its shape; what is wrong with it goes to `found`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            found.append(PackProblem(path.name, 1, f"is larger than {MOST_BYTES} bytes"))
            return None
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        found.append(PackProblem(path.name, 1, (error.strerror or "cannot be read").lower()))
        return None
    except UnicodeDecodeError:
        found.append(PackProblem(path.name, 1, "is not UTF-8"))
        return None
    file = _File(path.name, Lines(text))
    try:
        return file, msgspec.convert(tomllib.loads(text), shape)
    except tomllib.TOMLDecodeError as error:
        found.append(_toml_problem(file, text, str(error)))
    except msgspec.ValidationError as error:
        found.append(_shape_problem(file, str(error)))
    return None


def _toml_problem(file: _File, text: str, message: str) -> PackProblem:
    place = _TOML_PLACE.search(message)
    line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
    return PackProblem(file.name, line, _TOML_PLACE.sub("", message))


def _shape_problem(file: _File, message: str) -> PackProblem:
    found = _SHAPE_PLACE.match(message)
    cause, steps = (found[1], found[2]) if found else (message, "")
    place: Place = tuple(name or int(number or 0) for name, number in _STEP.findall(steps))
    if unknown := _UNKNOWN.search(cause):
        place = (*place, unknown[1])
    return file.problem(place, cause)


def _head_problems(file: _File, head: PackFile) -> list[PackProblem]:
    found = [
        file.problem((key,), f"{key} is no code: letters, digits and . _ / - are possible")
        for key, value in (("name", head.name), ("version", head.version))
        if not STABLE_CODE.fullmatch(value)
    ]
    if head.languages != LANGUAGES:
        found.append(file.problem(("languages",), f"languages must be {LANGUAGES}"))
    if not head.title.strip():
        found.append(file.problem(("title",), "title must not be blank"))
    return found


def _types_problems(
    types: Sequence[CaseType], parts: Sequence[tuple[_File, TypesFile]]
) -> list[PackProblem]:
    places = [(file, number) for file, content in parts for number in range(len(content.type))]
    try:
        check_types(types)
    except InvalidInput as refused:
        path = list(refused.path)
        if len(path) == 1:
            return [PackProblem(parts[0][0].name, 1, refused.message)]
        file, number = places[int(path[1])]
        return [file.problem(_place(["types", str(number), *path[2:]]), refused.message)]
    return []


def _routing_problems(
    rules: Sequence[RoutingRule], types: Sequence[CaseType], file: _File, routing: RoutingFile
) -> list[PackProblem]:
    try:
        stable_code(["fallbackUnit"], routing.fallback_unit)
        check_rules(rules)
    except InvalidInput as refused:
        return [file.problem(_place(refused.path), refused.message)]
    catalogue = CatalogueVersion(1, "", None, tuple(types))
    policy = RoutingVersion(1, "", None, routing.fallback_unit, tuple(rules))
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    try:
        # Units and areas are the directory's: nothing is known about them here.
        flaws = list(problems(policy, _NO_TIME, None, catalogue))
    except KeyError:  # a taxonomy that hangs together badly, which was said already
        return []
    return [
        file.problem(
            ("rule", numbers[flaw.rule or ""], "types"),
            f"rule {flaw.rule} names the type {flaw.code}, which is not in the pack",
        )
        for flaw in flaws
    ]


def _place(path: Sequence[str]) -> Place:
    """The place in a file that a path of the domain means."""
    top, *below = path
    steps = (int(step) if step.isdigit() else _TABLES.get(step) or _snake(step) for step in below)
    return (_TOP_TABLES.get(top) or _snake(top), *steps)


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()
