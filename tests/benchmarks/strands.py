"""Lives of cases as they are recorded in a journal, and copies of them in which all else differs.

A strand is a case, or cases that hang together by merging, splitting or linking, with everything
that was ever recorded of them. A copy of it happened at another time, to other people, elsewhere
in the community, in other words: ids, times, case numbers, areas, accounts, titles, descriptions
and reporters are its own. Who of the staff acted, what was decided and how long it took is as in
the strand, so type, lead unit and stage vary as the strands do.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from eventsourcing.domain import Aggregate, AggregateEvent

from app.demo import wording
from app.demo.chronicle import case_id_of
from app.demo.matters import MATTERS, Matter
from app.demo.names import COMMUNITIES, GRIDS_OF_A_COMMUNITY, STREETS
from domain.case import Case
from domain.case.evidence import EvidenceAdded
from domain.case.intake import CaseRegistered
from domain.case.lifecycle import ACTIVE
from domain.case.reporters import ReporterAttached
from domain.case.state import CaseEvent, CaseOpened
from domain.identity import Actor
from domain.personal_data import person_id
from domain.recorded import RecordedEvent
from schema.case.numbers import case_number

ZONE: Final = ZoneInfo("Asia/Shanghai")
"""That of every district: its case numbers tell days in it."""

ACCOUNT: Final = "r-"
"""How accounts of residents begin."""

RESIDENTS: Final = range(100_000, 120_000)
"""Numbers of the accounts of those who bring the copied cases."""

IN_A_GRID: Final = 3
"""Hyphens in the code of a grid: district-street-community-grid."""

_MATTER_OF: Final[Mapping[str, Matter]] = {matter.code: matter for matter in MATTERS}
_COMMUNITY_OF: Final = {
    f"yl-{street}-{place + 1}": (zh, COMMUNITIES[number * 3 + place][0])
    for number, (street, zh, _) in enumerate(STREETS)
    for place in range(3)
}


@dataclass(frozen=True, slots=True)
class Event:
    """One of a strand. differs: the fields that a copy may say otherwise."""

    recorded: RecordedEvent
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What one command recorded."""

    events: tuple[Event, ...]

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        return self.events[0].recorded.recorded_at


@dataclass(frozen=True, slots=True)
class Strand:
    """streams: of its cases, and when each began. registered: what the first one began with.

    goes_on: a case of it has not come to an end.
    """

    acts: tuple[Act, ...]
    streams: Mapping[UUID, datetime]
    registered: CaseRegistered
    goes_on: bool

    @property
    def begins(self) -> datetime:
        """When its first case was registered."""
        return self.acts[0].at


def strands_of(recorded: Sequence[RecordedEvent]) -> tuple[list[Strand], list[Act]]:
    """The strands of a journal's events, and the acts that are about no case, both in order.

    Left out: evidence, whose bytes are kept elsewhere; and what people note of cases for
    themselves, as whom they watch.
    """
    cases = {each.stream_id for each in recorded if isinstance(each.event, CaseOpened | CaseEvent)}
    acts: list[list[RecordedEvent]] = []
    for each in recorded:
        if not acts or acts[-1][0].command_id != each.command_id:
            acts.append([])
        acts[-1].append(each)
    together = _Together()
    apart: list[Act] = []
    of_cases: list[list[RecordedEvent]] = []
    for act in acts:
        streams = [each.stream_id for each in act if each.stream_id in cases]
        if streams:
            together.join(streams)
            of_cases.append(act)
        elif not any(cases.intersection(_ids_in(vars(each.event))) for each in act):
            apart.append(Act(tuple(Event(each, ()) for each in act)))
    gathered: dict[UUID, list[list[RecordedEvent]]] = {}
    for act in of_cases:
        gathered.setdefault(together.root(_case_in(act, cases)), []).append(act)
    strands = []
    for mine in gathered.values():
        first = mine[0][0].event
        if isinstance(first, CaseRegistered):
            strands.append(_strand(first, mine))
        else:
            apart += [Act(tuple(Event(each, ()) for each in act)) for act in mine]
    apart.sort(key=lambda act: act.events[0].recorded.position)
    return strands, apart


def _case_in(act: Sequence[RecordedEvent], cases: set[UUID]) -> UUID:
    return next(each.stream_id for each in act if each.stream_id in cases)


def _strand(first: CaseRegistered, acts: Sequence[Sequence[RecordedEvent]]) -> Strand:
    streams: dict[UUID, datetime] = {}
    for each in chain.from_iterable(acts):
        streams.setdefault(each.stream_id, each.recorded_at)
    numbers = (case_number(stream, ZONE) for stream in streams)
    said = {*numbers, first.area, first.title, first.description}
    differs = _Differs(frozenset(filter(None, said)), first.title)
    versions: dict[UUID, int] = {}
    kept = []
    for act in acts:
        events = []
        for each in act:
            if isinstance(each.event, EvidenceAdded):
                continue
            versions[each.stream_id] = version = versions.get(each.stream_id, 0) + 1
            events.append(Event(each._replace(version=version), differs.fields(each.event)))
        if events:
            kept.append(Act(tuple(events)))
    return Strand(tuple(kept), streams, first, _goes_on(acts))


def _goes_on(acts: Sequence[Sequence[RecordedEvent]]) -> bool:
    cases: dict[UUID, Aggregate | None] = {}
    for each in chain.from_iterable(acts):
        cases[each.stream_id] = each.event.mutate(cases.get(each.stream_id))
    return any(isinstance(case, Case) and case.stage in ACTIVE for case in cases.values())


class _Together:
    """Which streams hang together: each joins those it shares an act with."""

    def __init__(self) -> None:
        self._above: dict[UUID, UUID] = {}

    def root(self, stream: UUID) -> UUID:
        while (above := self._above.get(stream, stream)) != stream:
            stream = above
        return stream

    def join(self, streams: Sequence[UUID]) -> None:
        first, *others = map(self.root, streams)
        for other in others:
            self._above[self.root(other)] = self.root(first)


def _ids_in(value: object) -> Iterator[UUID]:
    if isinstance(value, UUID):
        yield value
    for each in _parts(value):
        yield from _ids_in(each)


_FIXED: Final = frozenset({"originator_id", "originator_version", "timestamp", "originator_topic"})


@dataclass(frozen=True)
class _Differs:
    """Where a copy may say something else: ids, times, and texts that it has of its own.

    texts: that are others in a copy. title: which others quote.
    """

    texts: frozenset[str]
    title: str | None

    def fields(self, event: AggregateEvent) -> tuple[str, ...]:
        """Those of an event."""
        said = vars(event).items()
        return tuple(name for name, value in said if name not in _FIXED and self._in(value))

    def _in(self, value: object) -> bool:
        if isinstance(value, UUID | datetime):
            return True
        if isinstance(value, str):
            quoted = self.title is not None and self.title in value
            return value in self.texts or value.startswith(ACCOUNT) or quoted
        return any(map(self._in, _parts(value)))


def _parts(value: object) -> Iterable[object]:
    """What it is made of, if it is made of anything."""
    if isinstance(value, tuple | list | frozenset):
        return value
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, msgspec.Struct):
        return [getattr(value, name) for name in value.__struct_fields__]
    if dataclasses.is_dataclass(value):
        return [getattr(value, each.name) for each in dataclasses.fields(value)]
    return ()


@dataclass(slots=True)
class Copied:
    """One event of a copy, ready to be recorded, and the entry that it is a copy of."""

    event: AggregateEvent
    of: RecordedEvent
    actor: Actor
    command_id: UUID
    correlation_id: UUID

    @property
    def stream_id(self) -> UUID:
        """Of the copy."""
        return self.event.originator_id


@dataclass
class Copy:
    """One more life like that of a strand. later: than it; may be negative."""

    strand: Strand
    later: timedelta
    rng: Random
    _ids: dict[UUID, UUID] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _title: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        """Choose what it has of its own."""
        for stream, began in self.strand.streams.items():
            self._ids[stream] = copied = case_id_of(began + self.later, self.rng)
            self._words[case_number(stream, ZONE)] = case_number(copied, ZONE)
        registered = self.strand.registered
        if registered.reporter is not None:
            account = self._text(registered.reporter)
            self._ids[person_id(registered.reporter)] = person_id(account)
        area = registered.area or ""
        in_a_grid = area.count("-") == IN_A_GRID
        community = area.rpartition("-")[0] if in_a_grid else area
        self._place = wording.place_of(
            self.rng, *_COMMUNITY_OF.get(community, (STREETS[0][1], COMMUNITIES[0][0]))
        )
        if in_a_grid and registered.point is None:
            grid = self.rng.randrange(GRIDS_OF_A_COMMUNITY) + 1
            self._words[area] = f"{community}-{grid}"
        matter = _MATTER_OF.get(registered.type_code or "")
        title, description = registered.title, registered.description
        if matter is not None and title and description and not title.isascii():
            said = wording.title_and_description(self.rng, matter, self._place)
            self._title = title, said[0]
            self._words |= {title: said[0], description: said[1]}

    @property
    def acts(self) -> Sequence[Act]:
        """Those of the strand."""
        return self.strand.acts

    def at(self, act: int) -> datetime:
        """When that act of the copy is recorded."""
        return self.strand.acts[act].at + self.later

    def act(self, number: int) -> list[Copied]:
        """The events of that act as they are in the copy."""
        events = self.strand.acts[number].events
        command_id = self._new_id()
        if events[0].recorded.correlation_id == events[0].recorded.command_id:
            correlation_id = command_id
        else:
            correlation_id = self._id(events[0].recorded.correlation_id)
        return [
            Copied(
                self._event(each),
                each.recorded,
                self._actor(each.recorded.actor),
                command_id,
                correlation_id,
            )
            for each in events
        ]

    def _event(self, event: Event) -> AggregateEvent:
        of = event.recorded
        said = dict(vars(of.event))
        for name in event.differs:
            said[name] = self._value(said[name])
        said["originator_id"] = self._id(of.stream_id)
        said["originator_version"] = of.version
        said["timestamp"] = of.occurred_at + self.later
        if isinstance(of.event, ReporterAttached):
            self._name_reporter(said)
        copied: AggregateEvent = object.__new__(type(of.event))
        vars(copied).update(said)
        return copied

    def _name_reporter(self, said: dict[str, Any]) -> None:
        """Somebody else, of whom the same is known."""
        details = wording.reporter(self.rng, self._place)
        given = vars(details) | {"address": self._place["estate"]}
        known = {category.value.lower() for category in said["categories"]}
        said |= {name: given[name] if name in known else None for name in given}

    def _actor(self, actor: Actor) -> Actor:
        if not actor.principal.startswith(ACCOUNT):
            return actor
        return dataclasses.replace(actor, principal=self._text(actor.principal))

    def _value(self, value: Any) -> Any:
        """The same, with what the copy has of its own."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, datetime):
            return value + self.later
        if isinstance(value, UUID):
            return self._id(value)
        return self._whole(value)

    def _whole(self, value: Any) -> Any:
        """Of what is made of parts, each part."""
        if isinstance(value, tuple | list | frozenset):
            return type(value)(map(self._value, value))
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        if isinstance(value, msgspec.Struct):
            changes = self._changes(value, value.__struct_fields__)
            return msgspec.structs.replace(value, **changes) if changes else value
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changes = self._changes(value, value.__dataclass_fields__)
            return dataclasses.replace(value, **changes) if changes else value
        return value

    def _changes(self, value: object, names: Iterable[str]) -> dict[str, Any]:
        said = {name: getattr(value, name) for name in names}
        told = {name: self._value(each) for name, each in said.items()}
        return {name: each for name, each in told.items() if each is not said[name]}

    def _id(self, value: UUID) -> UUID:
        if value not in self._ids:
            self._ids[value] = self._new_id()
        return self._ids[value]

    def _new_id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def _text(self, text: str) -> str:
        known = self._words.get(text)
        if known is not None:
            return known
        if text.startswith(ACCOUNT) and text[len(ACCOUNT) :].isdecimal():
            self._words[text] = account = f"{ACCOUNT}{self.rng.choice(RESIDENTS)}"
            return account
        if self._title is not None and self._title[0] in text:
            return text.replace(*self._title)
        return text
