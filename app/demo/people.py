"""Persons of the district, one for each role, to look at it as."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.directory import Directory
from domain.identity import Role

RESIDENT: Final = "r-00000"
"""The one who brings more cases than any other (app/demo/course.py)."""

BUSIEST: Final = "urban-management"
"""Whoever looks at the district as a member of a unit sees most in this one."""


@dataclass(frozen=True)
class Someone:
    """A person who has a role now. unit: its code and name; None: a resident."""

    role: Role
    person: str
    unit: str | None = None


def someone(directory: Directory, role: Role, at: datetime) -> Someone | None:
    """Who holds the first post with the role: first those of the busiest unit, then by code."""
    if role is Role.REPORTER:
        return Someone(role, RESIDENT)
    posts = (
        (position.unit != BUSIEST, code, position.unit)
        for code in directory.positions
        if (position := directory.position_at(code, at)) and role in position.roles
    )
    for _, code, unit_code in sorted(posts):
        holder, unit = directory.holder_of(code, at), directory.unit_at(unit_code, at)
        if holder is not None:
            name = "" if unit is None else f" {unit.name_zh} {unit.name_en}"
            return Someone(role, holder, f"{unit_code}{name}")
    return None


def one_of_each_role(directory: Directory, at: datetime) -> list[Someone]:
    """In the order of the roles; nobody for a role that nobody has."""
    found = (someone(directory, role, at) for role in Role)
    return [each for each in found if each is not None]
