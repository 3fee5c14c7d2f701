"""The commands on a version that every configuration has, and the way that all of them go."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Final, Generic, TypeVar, assert_never
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from domain.command import Circumstances, Command, check_circumstances
from domain.configuration import (
    Configuration,
    ConfigurationOf,
    VersionContent,
    VersionDrafted,
    VersionExtended,
    VersionProposed,
    VersionPublished,
    VersionRecord,
    VersionRetired,
    VersionState,
)
from domain.event import begin_stream
from domain.refusal import InvalidInput, NotFound, TwoPersons, WrongVersionState
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required

PART_BYTES: Final = 40_000
"""Of the JSON of one part of a content: an entry holds 64 KiB with everything around it."""

NOT_YET_NUMBERED: Final = 0
"""The number of a content that nobody has drafted so far."""

Item = TypeVar("Item")
Kept = TypeVar("Kept", bound=ConfigurationOf[VersionContent])


@dataclass(frozen=True, kw_only=True)
class DraftVersion(Command):
    """Write a version down. pack: where its content comes from (name@version)."""

    title: str
    pack: str | None = None


@dataclass(frozen=True, kw_only=True)
class VersionCommand(Command):
    """A command on one version of a configuration."""

    number: int


@dataclass(frozen=True, kw_only=True)
class ProposeVersion(VersionCommand):
    """Answer for a draft and ask for its publication."""


@dataclass(frozen=True, kw_only=True)
class PublishVersion(VersionCommand):
    """Put into force what somebody else proposed.

    valid_from: from when on (timezone-aware); None: from the publication on.
    """

    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RetireVersion(VersionCommand):
    """End a version."""


AdvanceVersion = ProposeVersion | PublishVersion | RetireVersion


@dataclass(frozen=True)
class Way(Generic[Kept]):
    """The way of the versions of one configuration: its stream, and the event of each step."""

    stream_id: UUID
    configuration: type[Kept]
    opened: type[AggregateCreated]
    drafted: type[VersionDrafted]
    extended: type[VersionExtended]
    proposed: type[VersionProposed]
    published: type[VersionPublished]
    retired: type[VersionRetired]

    def draft(self, kept: Kept | None, wanted: VersionContent, by: Circumstances) -> Kept:
        """A new version; nothing where the newest one that is not retired says the same.

        wanted: NOT_YET_NUMBERED. Raises InvalidInput where a part of it is too large.
        """
        items = self.drafted.ITEMS
        first, *further = parts(items, getattr(wanted, items))
        if kept is None:
            kept = begin_stream(
                self.configuration, self.opened, stream_id=self.stream_id, timestamp=by.at
            )
        newest = kept.newest()
        if newest is not None and replace(newest, number=wanted.number) == wanted:
            return kept
        said = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
        place = {
            "timestamp": by.at,
            "number": len(kept.versions) + 1,
            "by": by.actor.principal,
        }
        kept.trigger_event(self.drafted, **{**said, **place, items: first})
        for part in further:
            kept.trigger_event(self.extended, **place, **{items: part})
        return kept

    def advance(self, kept: Kept | None, command: AdvanceVersion, by: Circumstances) -> Kept:
        """One step further; nothing where it was taken already. Raises a Refusal."""
        if kept is None:
            raise NotFound(what="version")
        match command:
            case ProposeVersion():
                propose(kept, self.proposed, command, by)
            case PublishVersion():
                publish(kept, self.published, command, by)
            case RetireVersion():
                retire(kept, self.retired, command, by)
            case _:
                assert_never(command)
        return kept


def heading(command: DraftVersion, by: Circumstances) -> tuple[int, str, str | None]:
    """What every content begins with: number, title, pack. Raises a Refusal."""
    check_circumstances(command, by)
    title = required(["title"], command.title, TITLE_LIMIT)
    return NOT_YET_NUMBERED, title, optional(["pack"], command.pack, CODE_LIMIT)


def propose(
    configuration: Configuration,
    event: type[VersionProposed],
    command: ProposeVersion,
    by: Circumstances,
) -> None:
    """Propose a draft; what is proposed already stays so."""
    record = _record(configuration, command, by)
    if record.state is VersionState.PROPOSED:
        return
    _require(record, command, VersionState.DRAFT)
    configuration.trigger_event(event, timestamp=by.at, number=record.number, by=by.actor.principal)


def publish(
    configuration: Configuration,
    event: type[VersionPublished],
    command: PublishVersion,
    by: Circumstances,
) -> None:
    """Publish what somebody else proposed; what is published already stays so."""
    record = _record(configuration, command, by)
    valid_from = command.valid_from or by.at
    if valid_from.utcoffset() is None:
        raise InvalidInput(["validFrom"], "validFrom needs an offset from UTC")
    if record.state is VersionState.PUBLISHED:
        return
    _require(record, command, VersionState.PROPOSED)
    if record.proposed is not None and record.proposed.by == by.actor.principal:
        raise TwoPersons(number=record.number)
    configuration.trigger_event(
        event,
        timestamp=by.at,
        number=record.number,
        by=by.actor.principal,
        valid_from=valid_from,
    )


def retire(
    configuration: Configuration,
    event: type[VersionRetired],
    command: RetireVersion,
    by: Circumstances,
) -> None:
    """Retire a version; what is retired already stays so."""
    record = _record(configuration, command, by)
    if record.state is VersionState.RETIRED:
        return
    configuration.trigger_event(event, timestamp=by.at, number=record.number, by=by.actor.principal)


def parts(path: str, items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The items cut into parts, in order, each small enough for an entry; at least one part.

    Raises InvalidInput where one item alone is larger than that.
    """
    part: list[Item] = []
    size = 0
    for index, item in enumerate(items):
        bytes_of_item = len(json.dumps(asdict(item), ensure_ascii=False, default=str).encode())  # type: ignore[call-overload]  # items are dataclasses
        if bytes_of_item > PART_BYTES:
            raise InvalidInput(
                [path, str(index)], f"{path} {index} has more than {PART_BYTES} bytes"
            )
        if size + bytes_of_item > PART_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += bytes_of_item
    yield tuple(part)


def _record(
    configuration: Configuration, command: VersionCommand, by: Circumstances
) -> VersionRecord:
    check_circumstances(command, by)
    record = configuration.record(command.number)
    if record is None:
        raise NotFound(what="version")
    return record


def _require(record: VersionRecord, command: VersionCommand, state: VersionState) -> None:
    if record.state is not state:
        raise WrongVersionState(
            command=command.NAME,
            number=record.number,
            state=record.state.value,
            allowed=[state.value],
        )
