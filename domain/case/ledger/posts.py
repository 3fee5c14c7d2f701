"""Who held the post at each instant, by the directory as it is known to be.

Where the case names no unit, the post is that of the role in whose reach the case lies: of whoever
took the step in the end; while nobody did, the post for the smallest area that the case lies in.
Of several such posts in one unit it is the unit's, of several units nobody's in particular.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.case.ledger.account import Delegate, Piece
from domain.case.ledger.interval import Interval
from domain.directory import Directory
from domain.identity import Role


class Named(NamedTuple):
    """Who answers: a unit, a post, and the person in it; None: not one in particular."""

    unit: str | None
    post: str | None
    person: str | None


def pieces_of(
    intervals: Iterable[Interval], area: str | None, directory: Directory | None, until: datetime
) -> list[Piece]:
    """The intervals, each cut where another person or post answers.

    Those that took no time are left out, unless they go on. area: where the case lies. until: the
    end of what goes on.
    """
    return [
        Piece(interval, begin, end, *named, _delegates(interval, begin, end, named, directory))
        for interval in intervals
        for begin, end, named in _named(interval, area, directory, until)
    ]


def _delegates(
    interval: Interval, begin: datetime, end: datetime, named: Named, directory: Directory | None
) -> tuple[Delegate, ...]:
    """Who acted for whoever is named, in a role that may take the step that is waited for.

    Who answers is still the holder: what they delegate, they exercise as well.
    """
    if directory is None or named.post is None or named.person is None:
        return ()
    found = directory.delegates_of(named.post, named.person, begin, end)
    delegates = (
        Delegate(piece.content.delegate, piece.start, piece.end, piece.content.roles, code)
        for code, piece in found
        if not interval.holder.roles.isdisjoint(piece.content.roles)
    )
    return tuple(sorted(delegates, key=lambda each: (each.begin, each.delegation)))


def _named(
    interval: Interval, area: str | None, directory: Directory | None, until: datetime
) -> Iterator[tuple[datetime, datetime, Named]]:
    if interval.end == interval.begin:
        return
    end = interval.end or max(interval.begin, until)
    known = None if directory is None or not directory.has_units() else directory
    begin, named = interval.begin, _named_at(interval, area, known, interval.begin)
    for moment in _moments(interval, known, end):
        then = _named_at(interval, area, known, moment)
        if then != named:
            yield begin, moment, named
            begin, named = moment, then
    yield begin, end, named


def _named_at(
    interval: Interval, area: str | None, directory: Directory | None, at: datetime
) -> Named:
    holder = interval.holder
    if directory is None:
        return Named(
            holder.unit or interval.taken_unit,
            holder.post or interval.taken_post,
            holder.person,
        )
    if holder.role is None:
        return Named(holder.unit, holder.post, _person(directory, holder.post, holder.person, at))
    unit, post = interval.taken_unit, interval.taken_post
    if unit is None:
        unit, post = nearest_post(directory, holder.role, area, at)
    return Named(unit, post, _person(directory, post, None, at))


def _person(directory: Directory, post: str | None, named: str | None, at: datetime) -> str | None:
    """Whoever is named, as long as they hold the post; else the longest-serving holder of it."""
    if post is None or post not in directory.positions:
        return named
    holders = directory.holders_of(post, at)
    return named if named in holders else next(iter(holders), None)


def nearest_post(
    directory: Directory, role: Role, area: str | None, at: datetime
) -> tuple[str | None, str | None]:
    """Unit and post of the role, for the smallest area that an area lies in."""
    path = () if area is None else directory.area_path(area, at)
    found: dict[int, list[tuple[str, str]]] = {}
    for code, position in directory.posts_with(role, at):
        # A unit lasts as long as its posts do.
        depth = _depth(position.areas or directory.units[position.unit].that(at).areas, path)
        if depth is not None:
            found.setdefault(depth, []).append((position.unit, code))
    nearest = found[max(found)] if found else []
    units = {unit for unit, _ in nearest}
    if len(units) != 1:
        return None, None
    return nearest[0][0], nearest[0][1] if len(nearest) == 1 else None


def _depth(areas: Sequence[str], path: Sequence[str]) -> int | None:
    """How far down the path the areas of a post reach; 0: it has none; None: they do not."""
    if not areas:
        return 0
    return max((place for place, code in enumerate(path, 1) if code in areas), default=None)


def _moments(interval: Interval, directory: Directory | None, end: datetime) -> list[datetime]:
    """When somebody else may answer, within an interval: its posts or their holders change."""
    if directory is None:
        return []
    posts = _posts(interval, directory)
    timelines = [directory.positions[code] for code in posts]
    changes = {
        time
        for timeline in timelines
        for piece in timeline.pieces()
        for time in (piece.start, piece.end)
    }
    for post in posts:
        for code in directory.appointments_to.get(post, ()):
            appointment = directory.appointments[code]
            changes |= {appointment.start, appointment.end}
    return sorted(change for change in changes if interval.begin < change < end)


def _posts(interval: Interval, directory: Directory) -> Iterable[str]:
    """The posts that may have to do with it."""
    post = interval.taken_post or interval.holder.post
    if post is not None:
        return (post,) if post in directory.positions else ()
    role = interval.holder.role
    return () if role is None else directory.posts_ever_with(role)
