"""The commands on a version that every configuration has, and their rules."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, TypeVar

from domain.command import Circumstances, Command, check_circumstances
from domain.configuration import (
    Configuration,
    VersionProposed,
    VersionPublished,
    VersionRecord,
    VersionRetired,
    VersionState,
)
from domain.refusal import InvalidInput, NotFound, TwoPersons, WrongVersionState

PART_BYTES: Final = 40_000
"""Of the JSON of one part of a content: an entry holds 64 KiB with everything around it."""

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class VersionCommand(Command):
    """A command on one version of a configuration."""

    number: int


@dataclass(frozen=True, kw_only=True)
class PublishVersion(VersionCommand):
    """valid_from: from when on it is in force (timezone-aware); None: from the publication on."""

    valid_from: datetime | None = None


def propose(
    configuration: Configuration,
    event: type[VersionProposed],
    command: VersionCommand,
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
    command: VersionCommand,
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
