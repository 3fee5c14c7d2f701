"""Reads a pack from its folder, and names file, line and cause of whatever is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.packs.calendars import read_calendars
from app.packs.places import place_of
from app.packs.policies import NO_POLICIES, Policies, PolicyFiles
from app.packs.shapes import PackFile, RoutingFile, TypesFile
from app.toml_files import TomlFile, TomlProblem, read_toml
from domain.calendar.content import WorkCalendar
from domain.catalogue.checks import check_types
from domain.catalogue.content import CaseType, CatalogueVersion
from domain.refusal import InvalidInput
from domain.routing_policy.checks import check_rules
from domain.routing_policy.content import RoutingRule, RoutingVersion
from domain.routing_policy.route import problems
from domain.wording import STABLE_CODE, stable_code

SHIPPED: Final = Path(__file__).parent
LANGUAGES: Final = ["zh", "en"]

_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Types do not change with time."""


class PackRefused(Exception):
    """A pack cannot be used as it is."""

    def __init__(self, problems: Sequence[TomlProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Pack:
    """A sound pack. id: name@version, which is kept with what is drafted from it.

    default_calendar: None: the pack says nothing of work calendars.
    policies: their titles are the pack's.
    """

    name: str
    version: str
    title: str
    types: tuple[CaseType, ...]
    rules: tuple[RoutingRule, ...]
    fallback_unit: str
    calendars: tuple[WorkCalendar, ...] = ()
    default_calendar: str | None = None
    policies: Policies = NO_POLICIES

    @property
    def id(self) -> str:
        """Name and version."""
        return f"{self.name}@{self.version}"


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
            [TomlProblem(str(folder), 1, f"there is no pack.toml; packs of ours are {ours}")]
        )
    found: list[TomlProblem] = []
    head = read_toml(folder / "pack.toml", PackFile, found)
    routing = read_toml(folder / "routing.toml", RoutingFile, found)
    default_calendar, calendars = read_calendars(folder, found)
    files = PolicyFiles.read(folder, found)
    kinds = [read_toml(path, TypesFile, found) for path in sorted(folder.glob("types*.toml"))]
    if not kinds:
        found.append(TomlProblem("types.toml", 1, "a pack needs at least one types*.toml"))
    parts = [part for part in kinds if part is not None]
    if found or head is None or routing is None:
        raise PackRefused(sorted(found))
    found += _head_problems(*head)
    types = tuple(table.value() for _, file in parts for table in file.type)
    found += _types_problems(types, parts)
    rules = tuple(table.value() for table in routing[1].rule)
    found += _routing_problems(rules, types, *routing)
    about = head[1]
    pack = Pack(
        name=about.name,
        version=about.version,
        title=about.title,
        types=types,
        rules=rules,
        fallback_unit=routing[1].fallback_unit,
        calendars=calendars,
        default_calendar=default_calendar,
    )
    policies = files.policies(pack.title, pack.id)
    found += files.problems(policies, types, calendars)
    if found:
        raise PackRefused(sorted(found))
    return replace(pack, policies=policies)


def _head_problems(file: TomlFile, head: PackFile) -> list[TomlProblem]:
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
    types: Sequence[CaseType], parts: Sequence[tuple[TomlFile, TypesFile]]
) -> list[TomlProblem]:
    places = [(file, number) for file, content in parts for number in range(len(content.type))]
    try:
        check_types(types)
    except InvalidInput as refused:
        path = list(refused.path)
        if len(path) == 1:
            return [TomlProblem(parts[0][0].name, 1, refused.message)]
        file, number = places[int(path[1])]
        return [file.problem(place_of(["types", str(number), *path[2:]]), refused.message)]
    return []


def _routing_problems(
    rules: Sequence[RoutingRule], types: Sequence[CaseType], file: TomlFile, routing: RoutingFile
) -> list[TomlProblem]:
    try:
        stable_code(["fallbackUnit"], routing.fallback_unit)
        check_rules(rules)
    except InvalidInput as refused:
        return [file.problem(place_of(refused.path), refused.message)]
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
