"""The directory of the district: how it is set up, and what changes in it during the year."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.demo.names import (
    COMMUNITIES,
    DISTRICT,
    GOVERNMENT,
    GRIDS_OF_A_COMMUNITY,
    RESIDENTS,
    ROOT,
    SOCIAL,
    STREETS,
    UNITS,
)
from app.demo.staff import Staff
from app.demo.step import Step, drawn_id
from app.packs.reading import Pack
from domain.command import Command
from domain.directory.areas import DefineArea
from domain.directory.people import (
    AppointPerson,
    DelegateAuthority,
    EndAppointment,
    GrantQualification,
)
from domain.directory.posts import CreatePosition
from domain.directory.units import ChangeUnit, DissolveUnit, EstablishUnit
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.identity import Role

BETWEEN_COMMANDS: Final = timedelta(seconds=20)
PLANNED_AHEAD: Final = timedelta(days=5)

QUALIFICATIONS: Final = {
    Role.GRID_WORKER: "first-aid",
    Role.MEDIATOR: "mediation-certificate",
    Role.OFFICER: "enforcement-certificate",
    Role.VOLUNTEER: "first-aid",
}
"""Of those who hold a post with the role."""


def unit_codes() -> list[str]:
    """Every unit that the district begins with."""
    return [code for code, *_ in _units()]


def set_up(
    pack: Pack, staff: Staff, begins: datetime, administrator: str, seed: int
) -> Iterator[Step]:
    """The commands that an administrator of the first entry gives on the first day."""
    rng, at = Random(f"{seed}/directory"), begins
    for command in _first_commands(pack, staff, begins, rng):
        at += BETWEEN_COMMANDS
        yield Step(at, administrator, command)


def changes(staff: Staff, begins: datetime, seed: int) -> Iterator[Step]:
    """What the district's own administrator records during the year."""
    rng = Random(f"{seed}/changes")
    planned = [*_successions(staff, rng), *_delegations(staff, rng), *_reorganised(begins, rng)]
    for at, command in planned:
        rearranges = not isinstance(command, GrantQualification)
        yield Step(at, staff.acting("directory-1", at), command, rearranges)


def _first_commands(pack: Pack, staff: Staff, begins: datetime, rng: Random) -> Iterator[Command]:
    for code, kind, zh, en, parent in _areas():
        yield DefineArea(
            command_id=drawn_id(rng),
            code=code,
            kind=kind,
            name_zh=zh,
            name_en=en,
            parent=parent,
            valid_from=begins,
        )
    for code, sort, zh, en in _units():
        yield EstablishUnit(
            command_id=drawn_id(rng),
            code=code,
            kind=sort,
            name_zh=zh,
            name_en=en,
            parent=None if code == ROOT else _above(code),
            areas=_served(code),
            competences=_competences(code, pack),
            valid_from=begins,
        )
    for code, position in staff.posts.items():
        yield CreatePosition(
            command_id=drawn_id(rng), code=code, **vars(position), valid_from=begins
        )
    for code in staff.posts:
        first = staff.tenures[code][0]
        yield AppointPerson(
            command_id=drawn_id(rng),
            position=code,
            person=first.person,
            name=first.name,
            valid_from=begins,
        )


def _successions(staff: Staff, rng: Random) -> Iterator[tuple[datetime, Command]]:
    """Each succession is known a few days ahead; who is qualified is recorded then as well."""
    for code, tenures in staff.tenures.items():
        for number, after in enumerate(tenures[1:], 1):
            at = after.since - PLANNED_AHEAD
            yield (
                at,
                EndAppointment(
                    command_id=drawn_id(rng),
                    appointment=f"{code}#{number}",
                    valid_to=after.since,
                    reason="调任",
                ),
            )
            yield (
                at + BETWEEN_COMMANDS,
                AppointPerson(
                    command_id=drawn_id(rng),
                    position=code,
                    person=after.person,
                    name=after.name,
                    valid_from=after.since,
                ),
            )
        qualification = next(
            (each for role, each in QUALIFICATIONS.items() if role in staff.posts[code].roles), None
        )
        if qualification is not None and rng.random() < 0.6:
            grant = GrantQualification(
                command_id=drawn_id(rng), person=tenures[-1].person, qualification=qualification
            )
            yield tenures[0].since + timedelta(days=rng.uniform(2, 350)), grant


def _delegations(staff: Staff, rng: Random) -> Iterator[tuple[datetime, Command]]:
    for code, absences in staff.away.items():
        for away in absences:
            command = DelegateAuthority(
                command_id=drawn_id(rng),
                appointment=f"{code}#{away.tenure}",
                delegate=away.delegate,
                roles=staff.posts[code].roles,
                valid_from=away.since,
                valid_to=away.until,
                reason="休假期间代行职责",
            )
            yield away.since - timedelta(hours=rng.uniform(4, 30)), command


def _reorganised(begins: datetime, rng: Random) -> Iterator[tuple[datetime, Command]]:
    """A new body of volunteers, one that is dissolved, a new name, and a grid that is divided."""
    yield (
        begins + timedelta(days=118.4),
        EstablishUnit(
            command_id=drawn_id(rng),
            code="river-keepers",
            kind=SOCIAL,
            name_zh="云澜护河队",
            name_en="Yunlan River Keepers",
            parent=ROOT,
            competences=("environment.water.river",),
        ),
    )
    yield (
        begins + timedelta(days=203.4),
        ChangeUnit(
            command_id=drawn_id(rng),
            code="urban-management",
            name_zh="区城市管理和综合执法局",
            name_en="Urban Management and Enforcement Bureau",
        ),
    )
    yield (
        begins + timedelta(days=251.5),
        DefineArea(
            command_id=drawn_id(rng),
            code=f"yl-jihu-3-{GRIDS_OF_A_COMMUNITY + 1}",
            kind=AreaKind.GRID,
            name_zh="星河第五网格",
            name_en="Xinghe grid 5",
            parent="yl-jihu-3",
        ),
    )
    yield (
        begins + timedelta(days=300.4),
        DissolveUnit(command_id=drawn_id(rng), code="river-keepers", reason="并入志愿者协会"),
    )


def _areas() -> Iterator[tuple[str, AreaKind, str, str, str | None]]:
    district, *_ = DISTRICT
    yield district, AreaKind.DISTRICT, *DISTRICT[1:], None
    for number, (street, zh, en) in enumerate(STREETS):
        area = f"{district}-{street}"
        yield area, AreaKind.STREET, zh, en, district
        for place, (name, english) in enumerate(COMMUNITIES[number * 3 : number * 3 + 3], 1):
            community = f"{area}-{place}"
            yield community, AreaKind.COMMUNITY, f"{name}社区", f"{english} Community", area
            for grid in range(1, GRIDS_OF_A_COMMUNITY + 1):
                label = f"{name}第{'一二三四五'[grid - 1]}网格"
                yield (
                    f"{community}-{grid}",
                    AreaKind.GRID,
                    label,
                    f"{english} grid {grid}",
                    community,
                )


def _units() -> Iterator[tuple[str, UnitKind, str, str]]:
    yield from UNITS
    for street, zh, en in STREETS:
        yield f"street-{street}", GOVERNMENT, f"{zh}办事处", f"{en} Office"
    for number, (street, *_) in enumerate(STREETS):
        name, english = COMMUNITIES[number * 3]
        zh, en = f"{name}社区居民委员会", f"{english} Residents' Committee"
        yield f"residents-{street}", RESIDENTS, zh, en


def _above(code: str) -> str:
    return code.replace("residents-", "street-") if code.startswith("residents-") else ROOT


def _served(code: str) -> tuple[str, ...]:
    kind, _, street = code.partition("-")
    if kind == "street":
        return (f"{DISTRICT[0]}-{street}",)
    return (f"{DISTRICT[0]}-{street}-1",) if kind == "residents" else ()


def _competences(code: str, pack: Pack) -> tuple[str, ...]:
    """What the routing of the pack sends to the unit; to the unit it falls back to, everything."""
    if code == pack.fallback_unit:
        return ("*",)
    types = (each for rule in pack.rules if rule.lead_unit == code for each in rule.types)
    return tuple(dict.fromkeys(types))
