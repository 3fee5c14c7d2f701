"""Who is told that a limit draws near or was passed: posts, and who holds them at that time."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import msgspec

from domain.case.clocks.clock import Clock
from domain.case.clocks.pinned import ladder_of
from domain.case.ledger.posts import nearest_post
from domain.case.state import Case
from domain.command import Circumstances
from domain.directory import Directory
from domain.escalation_policy.content import BREACH
from domain.identity import Role
from domain.vocabulary import ClockKind


class Notified(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is told, as a role. holder: who held the post then, by the directory as known.

    None: there was no such unit or post, or nobody held it; that is recorded too.
    delegates: who exercised that role for them then as well.
    """

    role: Role
    unit: str | None = None
    position: str | None = None
    holder: str | None = None
    delegates: tuple[str, ...] = ()


DECIDERS: dict[ClockKind, Role] = {
    ClockKind.ACCEPTANCE: Role.REGISTRAR,
    ClockKind.DISPATCH: Role.DISPATCHER,
    # While nobody leads the case.
    ClockKind.RESOLUTION: Role.DISPATCHER,
    ClockKind.VERIFICATION: Role.REGISTRAR,
    ClockKind.APPROVAL: Role.DISPATCHER,
    ClockKind.FEEDBACK: Role.EVALUATOR,
    ClockKind.PUBLICATION: Role.REGISTRAR,
}
"""Whose step it is where a clock names no unit (DOMAIN.md section 7, the column "Held by")."""


def unit_behind(clock: Clock, case: Case, by: Circumstances) -> str | None:
    """The unit whose time it is: of the clock, else of the lead, else of whoever has the step."""
    if clock.unit is not None:
        return clock.unit
    if clock.kind is ClockKind.RESOLUTION and case.lead_unit is not None:
        return case.lead_unit
    role, directory = DECIDERS.get(clock.kind), by.directory
    if role is not None and directory is not None and directory.has_units():
        unit, _ = nearest_post(directory, role, case.area, by.at)
        if unit is not None:
            return unit
    return case.lead_unit


def told(
    roles: Collection[Role], unit: str | None, case: Case, by: Circumstances
) -> tuple[Notified, ...]:
    """Who is told: of each role the posts of the unit, else of the nearest unit above it.

    Where there is none up there: the post for the smallest area that the case lies in.
    """
    return tuple(each for role in roles for each in _of_role(role, unit, case, by))


def told_of_breach(clock: Clock, case: Case, by: Circumstances) -> tuple[Notified, ...]:
    """Who is told that a limit was passed: whom the service would have told when it was due.

    case: as it was while the clock ran.
    """
    then = replace(by, at=clock.due)
    rung = ladder_of(clock, case, then).rung(BREACH)
    return () if rung is None else told(rung.notify, unit_behind(clock, case, then), case, then)


def _of_role(role: Role, unit: str | None, case: Case, by: Circumstances) -> Iterator[Notified]:
    directory = by.directory
    if role is Role.OFFICER and case.officer is not None and unit == case.lead_unit:
        position = None if directory is None else _post_in(directory, case.officer, unit, by)
        yield _with_delegates(Notified(role, unit, position, case.officer), by)
    elif directory is None or not directory.has_units():
        yield Notified(role, unit)
    else:
        posts = _nearest_above(directory, role, unit, by)
        if not posts:
            posts = [nearest_post(directory, role, case.area, by.at)]
        for of, post in posts:
            holder = None if post is None else directory.holder_of(post, by.at)
            yield _with_delegates(Notified(role, of, post, holder), by)


def _with_delegates(told: Notified, by: Circumstances) -> Notified:
    if by.directory is None or told.position is None or told.holder is None:
        return told
    delegates = by.directory.acting_for(told.holder, told.position, told.role, by.at)
    return msgspec.structs.replace(told, delegates=delegates)


def _post_in(directory: Directory, person: str, unit: str | None, by: Circumstances) -> str | None:
    posts = directory.roles_of(person, by.at)
    return next((post.position for post in posts if post.unit == unit), None)


def _nearest_above(
    directory: Directory, role: Role, unit: str | None, by: Circumstances
) -> list[tuple[str | None, str | None]]:
    """Unit and code of each post with the role, in the nearest unit that has any."""
    if unit is None:
        return []
    found: dict[str, list[tuple[str | None, str | None]]] = {}
    for code, position in directory.posts_with(role, by.at):
        found.setdefault(position.unit, []).append((position.unit, code))
    path = reversed(directory.unit_path(unit, by.at))
    return next((found[each] for each in path if each in found), [])
