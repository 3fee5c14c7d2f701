"""A district of any size in minutes: the lives of a small one, over and over, each time another.

`wardbook demo` lets every case live through the domain, which takes about half a millisecond an
event. Here a small district does that once; then its strands (`strands.py`) are copied as often as
it takes, at other times of the same year, and written in the order of their times through the
journal's own way of appending: sealed, hashed, in the tree, with every inline view, in batches of
256 commands, while the next ones are being made. So `wardbook verify` and `wardbook rebuild` find
in the result what they would find had the service recorded it, and a copy that is not over when
the year ends is an open case like any other.

Not copied: evidence, and the inputs of the commands (their hash is of the command id alone).
"""

import asyncio
import gc
import heapq
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from uuid_utils.compat import uuid7

from app.demo.plan import FIRST_CASES_AFTER
from app.journal import Journal
from app.journal.envelope import Append, Appended, NewEvent
from app.journal.mapper import class_version_of, subject_of
from app.journal.persons import PersonKey
from domain.journal import GENESIS_STREAM
from domain.recorded import RecordedEvent
from tests.benchmarks.strands import Act, Copied, Copy, Strand, strands_of

WEEKS: Final = 8
"""How many earlier or later than its strand a copy is, at most."""

MINUTES: Final = 25
"""How much earlier or later in the day, at most."""

AT_ONCE: Final = 256
"""Acts that are made ready together."""

WAITING: Final = 1_024
"""Acts that wait to be recorded, at most: memory stays the same however many there are."""

BREATH: Final = 16
"""Acts after which whoever records gets a turn."""

KEYS_KEPT: Final = 8_192
"""Of persons: more than can be waiting, so that two cases of one person have the same key."""

Ready = tuple[datetime, str, list[Copied]]
"""When it is recorded, who gave the command, and the events that it caused."""

Told = Callable[[int], None]
"""How many more events are recorded."""


class Drawn(NamedTuple):
    """A copy that is yet to be made: what of, how much later, and the seed of the rest."""

    begins: datetime
    number: int
    strand: Strand
    later: timedelta

    def copy(self) -> Copy:
        """The copy itself, which is a hundred times as large."""
        return Copy(self.strand, self.later, Random(self.number))


def drawn_from(
    strands: Sequence[Strand], cases: int, begins: datetime, ends: datetime, seed: int = 1
) -> list[Drawn]:
    """Copies with so many cases in all, in the order in which they begin, within the year."""
    rng, numbers = Random(seed), count()
    first, left, drawn = begins + FIRST_CASES_AFTER, cases, list[Drawn]()
    while left > 0:
        for strand in rng.sample(strands, len(strands)):
            if left <= 0:
                break
            later = _later(rng, strand, first, ends)
            drawn.append(Drawn(strand.begins + later, next(numbers), strand, later))
            left -= len(strand.streams)
    return sorted(drawn)


def _later(rng: Random, strand: Strand, first: datetime, ends: datetime) -> timedelta:
    """Whole weeks and some minutes, so that what is done at the office is done at the office.

    What goes on is never earlier: nobody knows what would have come after it.
    """
    weeks, minutes = (0, 0.0) if strand.goes_on else (-WEEKS, -MINUTES)
    while True:
        later = timedelta(weeks=rng.randint(weeks, WEEKS), minutes=rng.uniform(minutes, MINUTES))
        if first <= strand.begins + later < ends:
            return later


def in_order(drawn: Sequence[Drawn], apart: Sequence[Act], ends: datetime) -> Iterator[Ready]:
    """Everything that happens until the year ends, in the order of its times."""
    return heapq.merge(_of_nobody(apart), _of_cases(drawn, ends), key=lambda ready: ready[0])


def _of_nobody(acts: Sequence[Act]) -> Iterator[Ready]:
    for act in acts:
        events = [_as_it_was(each.recorded) for each in act.events]
        yield act.at, events[0].actor.principal, events


def _as_it_was(of: RecordedEvent) -> Copied:
    return Copied(of.event, of, of.actor, of.command_id, of.correlation_id)


def _of_cases(drawn: Sequence[Drawn], ends: datetime) -> Iterator[Ready]:
    coming = deque(drawn)
    under_way: list[tuple[datetime, int, int, Copy]] = []
    while coming or under_way:
        if coming and (not under_way or coming[0].begins <= under_way[0][0]):
            begun = coming.popleft()
            heapq.heappush(under_way, (begun.begins, begun.number, 0, begun.copy()))
        at, number, act, copy = heapq.heappop(under_way)
        events = copy.act(act)
        yield at, events[0].actor.principal, events
        if act + 1 < len(copy.acts) and copy.at(act + 1) <= ends:
            heapq.heappush(under_way, (copy.at(act + 1), number, act + 1, copy))


class Recording:
    """Writes what is ready into an empty journal that is that of a demonstration."""

    def __init__(self, journal: Journal, told: Told) -> None:
        self._journal = journal
        self._told = told
        self._waiting: deque[asyncio.Task[Appended]] = deque()
        self._persons: OrderedDict[UUID, PersonKey] = OrderedDict()

    async def run(self, ready: Iterator[Ready]) -> None:
        """To its end. Raises what `app.journal.errors` names."""
        while acts := list(islice(ready, AT_ONCE)):
            await self._find_keys([each for _, _, copied in acts for each in copied])
            for number, act in enumerate(acts):
                self._waiting.append(asyncio.create_task(self._journal.append(self._append(act))))
                if number % BREATH == 0:
                    await asyncio.sleep(0)
            while len(self._waiting) > WAITING:
                await self._waiting.popleft()
            self._told(sum(len(copied) for _, _, copied in acts))
        await asyncio.gather(*self._waiting)

    async def _find_keys(self, copied: Sequence[Copied]) -> None:
        """Have the keys at hand of the streams that go on, and of the persons who are named."""
        begun = {each.stream_id for each in copied if each.of.version == 1}
        await self._journal.load_keys({each.stream_id for each in copied} - begun)
        subjects = {subject for each in copied if (subject := subject_of(each.event)) is not None}
        known = subjects & self._persons.keys()
        for subject in known:
            self._persons.move_to_end(subject)  # or it would go to make room for the others
        if len(known) < len(subjects):
            self._persons |= await self._journal.keys_of_persons(subjects - known)
        while len(self._persons) > KEYS_KEPT:
            self._persons.popitem(last=False)

    def _append(self, ready: Ready) -> Append:
        at, principal, copied = ready
        begun = [each.stream_id for each in copied if each.of.version == 1]
        new_keys = tuple(self._journal.keys.mint(stream_id) for stream_id in begun)
        subjects = {subject for each in copied if (subject := subject_of(each.event)) is not None}
        persons = {subject: self._persons[subject] for subject in subjects}
        ciphers = {subject: key.cipher for subject, key in persons.items()}
        return Append(
            principal,
            copied[0].command_id,
            self._journal.fingerprint(copied[0].command_id.bytes),
            tuple(self._new_event(each, ciphers) for each in copied),
            new_keys,
            simulated_at=at,
            persons=tuple(key.wrapped for key in persons.values()),
        )

    def _new_event(self, copied: Copied, persons: Mapping[UUID, AESGCM]) -> NewEvent:
        event, of, mapper = copied.event, copied.of, self._journal.mapper
        stored = mapper.to_stored_event(event, persons)
        stream_id, version = copied.stream_id, of.version
        return NewEvent(
            event=event,
            event_id=uuid7(),
            stream_id=stream_id,
            version=version,
            topic=of.topic,
            class_version=class_version_of(type(event)),
            occurred_at=event.timestamp.astimezone(UTC),
            payload=msgspec.Raw(stored.state),
            actor=copied.actor,
            authority=of.authority,
            channel=of.channel,
            sealed_reason=mapper.seal_reason(stream_id, version, of.reason),
            reason=of.reason,
            command_id=copied.command_id,
            causation_id=of.causation_id,
            correlation_id=copied.correlation_id,
        )


async def multiply(
    source: Journal, until: int, into: Journal, cases: int, ends: datetime, told: Told
) -> None:
    """Fill an empty journal with so many cases like those of another, up to its position `until`.

    Both have their genesis entry, of the same demonstration. ends: the end of its year.
    """
    recorded = [each async for batch in source.read(1, until) for each in batch]
    strands, apart = strands_of(recorded)
    begins = (await into.read_stream(GENESIS_STREAM))[0].recorded_at
    drawn = drawn_from(strands, cases, begins, ends)
    # What is copied stays, and need not be looked through at each collection.
    gc.collect()
    gc.freeze()
    try:
        await Recording(into, told).run(in_order(drawn, apart, ends))
    finally:
        gc.unfreeze()
