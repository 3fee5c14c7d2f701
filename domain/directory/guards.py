"""What every command of the directory checks: codes, times, and what an entry rests on.

One rule carries the rest: whatever an entry refers to lasts as long as the entry does.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from domain.command import EARLIEST
from domain.directory.refusals import (
    BelowItself,
    CodeTaken,
    EndsBeforeBeginning,
    NotInForce,
    StillNeeded,
)
from domain.directory.state import AnyTimeline, Directory
from domain.directory.timeline import ENDLESS, C, Timeline
from domain.directory.vocabulary import Thing
from domain.refusal import InvalidInput, NotFound
from domain.wording import TITLE_LIMIT, optional, stable_code

K = TypeVar("K")

LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Nobody plans that far ahead; a later year is a slip of the pen."""

MOST_CODES: Final = 200
"""Codes in one list: what bounds an entry."""

MOST_NAMED: Final = 10
"""Entries that a refusal names, at most."""


def code_of(path: str, code: str) -> str:
    """A code as it must look."""
    return stable_code([path], code)


def code_or_none(path: str, code: str | None) -> str | None:
    """A code, or none where nothing (or a blank) is said."""
    return None if code is None or not code.strip() else stable_code([path], code)


def codes_of(path: str, codes: Sequence[str], besides: str | None = None) -> tuple[str, ...]:
    """A list of codes, each once. besides: what may stand in place of a code."""
    if len(codes) > MOST_CODES:
        raise InvalidInput([path], f"{path} has {len(codes)} codes, {MOST_CODES} are possible")
    looked_at = (
        code if code == besides else stable_code([path, str(number)], code)
        for number, code in enumerate(codes)
    )
    return tuple(dict.fromkeys(looked_at))


def names_of(what: str, zh: str | None, en: str | None) -> tuple[str | None, str | None]:
    """A name (or title) in Chinese, in English or in both; at least one of them is needed."""
    chinese = optional([f"{what}Zh"], zh, TITLE_LIMIT)
    english = optional([f"{what}En"], en, TITLE_LIMIT)
    if chinese is None and english is None:
        raise InvalidInput([f"{what}Zh"], f"{what}Zh or {what}En is needed")
    return chinese, english


def kept(given: K | None, before: K) -> K:
    """A part of an entry that a change leaves as it was, unless something is said of it."""
    return before if given is None else given


def time_of(path: str, given: datetime | None, otherwise: datetime) -> datetime:
    """A valid time, in UTC; `otherwise` where none is given."""
    time = otherwise if given is None else given
    if time.utcoffset() is None:
        raise InvalidInput([path], f"{path} needs an offset from UTC")
    if not EARLIEST <= time < LATEST:
        raise InvalidInput([path], f"{path} is not within {EARLIEST.year} to {LATEST.year}")
    return time.astimezone(UTC)


def end_of(given: datetime | None, start: datetime) -> datetime:
    """The end of what begins at `start`: after it; without one given, none so far."""
    if given is None:
        return ENDLESS
    end = time_of("validTo", given, given)
    if end <= start:
        raise EndsBeforeBeginning(valid_from=shown(start), valid_to=shown(end))
    return end


def existing(timelines: dict[str, Timeline[C]], thing: Thing, code: str) -> Timeline[C]:
    """The timeline of an entry that must have been recorded."""
    timeline = timelines.get(code)
    if timeline is None:
        raise NotFound(what=thing)
    return timeline


def in_force(
    timelines: dict[str, Timeline[C]], thing: Thing, code: str, at: datetime
) -> tuple[Timeline[C], C]:
    """The timeline of an entry, and what it is at a moment at which it must be there."""
    timeline = existing(timelines, thing, code)
    content = timeline.at(at)
    if content is None:
        raise NotInForce(thing=thing, code=code, valid_from=shown(at), valid_to=shown(at))
    return timeline, content


def check_new(
    timeline: Timeline[C] | None, thing: Thing, code: str, content: C, at: datetime
) -> bool:
    """Whether an entry is new; False where it is already so. Raises CodeTaken."""
    if timeline is None:
        return True
    if timeline.at(at) != content:
        raise CodeTaken(code=code, thing=thing)
    return False


def check_lasting(
    directory: Directory, thing: Thing, codes: Iterable[str], start: datetime, end: datetime
) -> None:
    """Refuse to rest on anything that is not there from `start` to `end`, if that is any time."""
    for code in codes if start < end else ():
        timeline = directory.timeline(thing, code)
        if timeline is None or not timeline.covers(start, end):
            raise NotInForce(thing=thing, code=code, valid_from=shown(start), valid_to=shown(end))


def check_not_below(
    timelines: dict[str, Timeline[C]],
    parent_of: Callable[[C], str | None],
    thing: Thing,
    code: str,
    parent: str,
    *,
    start: datetime,
    end: datetime,
) -> None:
    """Refuse `parent` where at any moment from `start` to `end` it lies below `code` itself."""
    if parent == code:
        raise BelowItself(thing=thing, code=code, at=shown(start))
    for piece in timelines[parent].within(start, end):
        above = parent_of(piece.content)
        if above is not None:
            check_not_below(
                timelines, parent_of, thing, code, above, start=piece.start, end=piece.end
            )


def new_end(timeline: AnyTimeline, given: datetime | None, at: datetime) -> datetime | None:
    """The end given to an entry; None where it ends then already."""
    end = time_of("validTo", given, at)
    if end < timeline.start:
        raise EndsBeforeBeginning(valid_from=shown(timeline.start), valid_to=shown(end))
    return None if end == timeline.end else end


def check_not_needed(
    thing: Thing, code: str, end: datetime, needed_by: Iterable[tuple[str, datetime]]
) -> None:
    """Refuse an end before that of anything that rests on the entry: (code, until when)."""
    names = sorted({name for name, until in needed_by if until > end})
    if names:
        raise StillNeeded(thing=thing, code=code, valid_to=shown(end), needed_by=names[:MOST_NAMED])


def users(
    timelines: dict[str, Timeline[C]], names: Callable[[C], bool]
) -> Iterable[tuple[str, datetime]]:
    """The entries that name something, with the ends of the pieces that do."""
    for code, timeline in timelines.items():
        for piece in timeline.pieces():
            if names(piece.content) and piece.start < piece.end:
                yield code, piece.end


def shown(time: datetime) -> str:
    """A valid time as a fact of a refusal; ".." (ISO 8601-2) where there is no end."""
    return ".." if time == ENDLESS else time.isoformat()
