"""Random histories of the directory against a slow reference that keeps every day by itself.

The reference carries a command out first and then looks whether each day still makes sense: so it
knows nothing of the guards, and each command must be refused exactly where it finds nonsense.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.command import circumstances
from domain.directory import Directory, DirectoryCommand, decide
from domain.directory.areas import ChangeArea, DefineArea, RetireArea
from domain.directory.people import AppointPerson, EndAppointment
from domain.directory.posts import AbolishPosition, ChangePosition, CreatePosition
from domain.directory.timeline import ENDLESS
from domain.directory.units import ChangeUnit, DissolveUnit, EstablishUnit
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.refusal import Refusal
from tests.domain.office import ADMINISTRATOR, NOW, day
from tests.domain.scenario import ask

DAYS: Final = 7
"""The last one stands for all that follow."""

Facts = dict[str, Any]


class Nonsense(Exception):
    """A command that the directory must refuse."""


@dataclass
class Days:
    """What one entry is on each day; None: it is not there."""

    facts: list[Facts | None] = field(default_factory=lambda: [None] * DAYS)
    changes: set[int] = field(default_factory=set)
    last: Facts = field(default_factory=dict)
    end: int = DAYS
    start: int = 0

    def begin(self, facts: Facts, start: int, end: int = DAYS) -> None:
        self.start, self.end, self.last = start, end, facts
        self.changes.add(start)
        for number in range(start, end):
            self.facts[number] = facts

    def change(self, facts: Facts, start: int) -> None:
        until = min([self.end, *(each for each in self.changes if each > start)])
        self.changes.add(start)
        for number in range(start, until):
            self.facts[number] = facts

    def finish(self, end: int) -> None:
        if end < self.start:
            raise Nonsense
        if self.start < self.end:
            self.last = self.facts[max(min(end, self.end) - 1, self.start)] or self.last
        for number in range(self.end, end):
            self.facts[number] = self.last
        for number in range(end, DAYS):
            self.facts[number] = None
        self.changes = {each for each in self.changes if each < end} or {self.start}
        self.end = end


@dataclass
class Reference:
    units: dict[str, Days] = field(default_factory=dict)
    areas: dict[str, Days] = field(default_factory=dict)
    positions: dict[str, Days] = field(default_factory=dict)
    appointments: dict[str, Days] = field(default_factory=dict)

    def check(self) -> None:
        """Every day by itself: what is named is there, nothing is below itself, one holder."""
        for number in range(DAYS):
            for code, facts in self.on(self.units, number):
                self.need(self.units, facts["parent"], number)
                self.need(self.areas, facts["area"], number)
                self.climb(self.units, code, number)
            for code, facts in self.on(self.areas, number):
                self.need(self.areas, facts["parent"], number)
                self.climb(self.areas, code, number)
            for code, facts in self.on(self.positions, number):
                self.need(self.units, facts["unit"], number)
                if facts["single"] and len(self.holders(code, number)) > 1:
                    raise Nonsense
            for _, facts in self.on(self.appointments, number):
                self.need(self.positions, facts["position"], number)

    def on(self, entries: dict[str, Days], number: int) -> Iterator[tuple[str, Facts]]:
        for code, days in entries.items():
            facts = days.facts[number]
            if facts is not None:
                yield code, facts

    def need(self, entries: dict[str, Days], code: str | None, number: int) -> None:
        if code and (code not in entries or entries[code].facts[number] is None):
            raise Nonsense

    def climb(self, entries: dict[str, Days], code: str, number: int) -> list[str]:
        path = [code]
        while True:
            facts = entries[path[-1]].facts[number]
            assert facts is not None
            if not facts["parent"]:
                return path[::-1]
            if facts["parent"] in path:
                raise Nonsense
            self.need(entries, facts["parent"], number)
            path.append(facts["parent"])

    def holders(self, position: str, number: int) -> list[str]:
        held = self.on(self.appointments, number)
        return [facts["person"] for _, facts in held if facts["position"] == position]


codes: Final = st.sampled_from(["a", "b", "c"])
parents: Final = st.sampled_from(["", "a", "b", "c"])
days: Final = st.integers(0, DAYS - 1)
ends: Final = st.integers(0, DAYS)
people: Final = st.sampled_from(["wang", "li"])

Step = tuple[str, str, Facts, int]
"""What is done to which entry, saying what, on which day."""

unit_facts: Final = st.fixed_dictionaries({"parent": parents, "area": parents})
area_facts: Final = st.fixed_dictionaries({"parent": parents})
post_facts: Final = st.fixed_dictionaries({"unit": codes, "single": st.booleans()})
holding: Final = st.fixed_dictionaries(
    {"position": codes, "person": people, "to": ends | st.just(DAYS)}
)
nothing: Final = st.just(Facts())


def step(name: str, code: st.SearchStrategy[str], facts: Any) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(name), code, facts, days)


appointment_codes: Final = st.sampled_from([f"{code}#{n}" for code in "abc" for n in (1, 2)])
beginnings: Final = [
    step("establish", codes, unit_facts),
    step("define", codes, area_facts),
    step("create", codes, post_facts),
    step("appoint", st.just(""), holding),
]
steps: Final = st.one_of(
    *beginnings,
    step("change unit", codes, unit_facts),
    step("change area", codes, area_facts),
    step("change position", codes, post_facts),
    step("dissolve", codes, nothing),
    step("retire", codes, nothing),
    step("abolish", codes, nothing),
    step("end", appointment_codes, nothing),
    # Once more: they need many others before them.
    step("change unit", codes, unit_facts),
    step("appoint", st.just(""), holding),
    step("change position", codes, post_facts),
)
settled: Final[list[Step]] = [
    *(("establish", code, {"parent": "", "area": ""}, 0) for code in "abc"),
    *(("define", code, {"parent": ""}, 0) for code in "abc"),
    *(("create", code, {"unit": code, "single": False}, 0) for code in "abc"),
]
openings: Final = st.just(settled) | st.lists(st.one_of(*beginnings[:3]), min_size=4, max_size=9)
histories: Final = st.tuples(openings, st.lists(steps, min_size=8, max_size=30)).map(
    lambda both: list(chain(*both))
)


def valid(number: int) -> datetime | None:
    return day(number)


def command_of(taken: Step) -> DirectoryCommand:
    name, code, facts, number = taken
    start, end = {"valid_from": valid(number)}, {"valid_to": valid(number)}
    unit = {"parent": facts.get("parent"), "areas": tuple(filter(None, [facts.get("area")]))}
    post = {"unit": facts.get("unit"), "single_holder": facts.get("single")}
    made: dict[str, Callable[[], DirectoryCommand]] = {
        "establish": lambda: ask(
            EstablishUnit, code=code, kind=UnitKind.GOVERNMENT, name_en="U", **unit, **start
        ),
        "change unit": lambda: ask(ChangeUnit, code=code, **unit, **start),
        "dissolve": lambda: ask(DissolveUnit, code=code, **end),
        "define": lambda: ask(
            DefineArea, code=code, kind=AreaKind.GRID, name_en="A", parent=facts["parent"], **start
        ),
        "change area": lambda: ask(ChangeArea, code=code, parent=facts["parent"], **start),
        "retire": lambda: ask(RetireArea, code=code, **end),
        "create": lambda: ask(CreatePosition, code=code, title_en="P", **post, **start),
        "change position": lambda: ask(ChangePosition, code=code, **post, **start),
        "abolish": lambda: ask(AbolishPosition, code=code, **end),
        "appoint": lambda: ask(
            AppointPerson,
            position=facts["position"],
            person=facts["person"],
            valid_to=None if facts["to"] == DAYS else valid(facts["to"]),
            **start,
        ),
        "end": lambda: ask(EndAppointment, appointment=code, **end),
    }
    return made[name]()


def carried_out(before: Reference, taken: Step) -> Reference:
    """The reference after a step. Raises Nonsense."""
    after = deepcopy(before)
    name, code, facts, number = taken
    kinds = {
        "establish": after.units,
        "change unit": after.units,
        "dissolve": after.units,
        "define": after.areas,
        "change area": after.areas,
        "retire": after.areas,
        "create": after.positions,
        "change position": after.positions,
        "abolish": after.positions,
        "end": after.appointments,
    }
    if name == "appoint":
        appoint(after, facts, number)
    elif name in {"establish", "define", "create"}:
        known = kinds[name].setdefault(code, Days())
        if not known.changes:
            known.begin(facts, number)
        elif known.facts[number] != facts:
            raise Nonsense
    elif code not in kinds[name]:
        raise Nonsense
    elif name.startswith("change"):
        if kinds[name][code].facts[number] is None:
            raise Nonsense
        if kinds[name][code].facts[number] != facts:
            kinds[name][code].change(facts, number)
    else:
        kinds[name][code].finish(number)
    after.check()
    return after


def appoint(after: Reference, facts: Facts, start: int) -> None:
    position, end = facts["position"], facts["to"]
    if position not in after.positions or end <= start:
        raise Nonsense
    earlier = [code for code in after.appointments if code.startswith(f"{position}#")]
    for code in earlier:
        known = after.appointments[code]
        if known.last["person"] == facts["person"] and max(known.start, start) < min(
            known.end, end
        ):
            if known.start <= start and known.end == end:
                return
            raise Nonsense
    held = Days()
    held.begin({"position": position, "person": facts["person"]}, start, end)
    after.appointments[f"{position}#{len(earlier) + 1}"] = held


def tell(
    directory: Directory | None, taken: Step, made_by: Callable[[Directory], None] | None = None
) -> Directory | None:
    """The directory after a step; `made_by` sees it with its events pending."""
    command = command_of(taken)
    directory = decide(directory, command, circumstances(command, ADMINISTRATOR, NOW))
    if made_by is not None:
        made_by(directory)
    directory.collect_events()
    return directory


def compare(directory: Directory, reference: Reference) -> None:
    for number in range(DAYS):
        at = day(number)
        for code in "abc":
            here = [facts for each, facts in reference.on(reference.units, number) if each == code]
            assert directory.is_active(code, at) is bool(here)
            assert directory.area_path(code, at) == path(reference, reference.areas, code, number)
            assert directory.unit_path(code, at) == path(reference, reference.units, code, number)
            assert directory.subtree(code, at) == {
                each
                for each, _ in reference.on(reference.units, number)
                if code in path(reference, reference.units, each, number)
            }
            assert sorted(directory.holders_of(code, at)) == sorted(reference.holders(code, number))
        for who in ("wang", "li"):
            assert sorted((post.position, post.unit) for post in directory.roles_of(who, at)) == (
                sorted(
                    (facts["position"], unit_of(reference, facts["position"], number))
                    for _, facts in reference.on(reference.appointments, number)
                    if facts["person"] == who
                )
            )


def path(reference: Reference, entries: dict[str, Days], code: str, number: int) -> tuple[str, ...]:
    here = dict(reference.on(entries, number))
    return tuple(reference.climb(entries, code, number)) if code in here else ()


def unit_of(reference: Reference, position: str, number: int) -> str:
    facts = reference.positions[position].facts[number]
    assert facts is not None
    unit: str = facts["unit"]
    return unit


@given(history=histories)
@settings(max_examples=300)
def test_a_command_is_refused_exactly_where_a_day_would_make_no_sense(history: list[Step]) -> None:
    directory, reference = None, Reference()
    for taken in history:
        try:
            reference, expected = carried_out(reference, taken), True
        except Nonsense:
            expected = False
        try:
            directory, happened = tell(directory, taken), True
        except Refusal:
            happened = False
        assert happened is expected, taken
    if directory is not None:
        compare(directory, reference)


@given(history=histories)
@settings(max_examples=100)
def test_what_was_carried_out_once_is_so_already(history: list[Step]) -> None:
    directory: Directory | None = None
    for taken in history:
        try:
            directory = tell(directory, taken)
        except Refusal:
            continue
        assert directory is not None
        version = directory.version
        assert tell(directory, taken) is directory
        assert directory.version == version


def test_the_last_day_of_the_reference_stands_for_ever() -> None:
    assert day(DAYS) < ENDLESS
