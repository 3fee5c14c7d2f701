"""Watching: the cases that somebody keeps an eye on, in a stream of each person's own.

It says nothing of a case but its id, and changes none.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, assert_never
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.command import Circumstances, Command, check_circumstances
from domain.event import Recorded, begin_stream, stream_begins_with
from domain.refusal import NotPermitted, Refusal

WATCH_STREAMS: Final = UUID("2c7c3f0e-0d0b-5a3e-9b61-7a1f3f0c52d9")
"""Name space of the streams."""

MOST_WATCHED: Final = 500


class TooManyWatched(Refusal):
    """You watch {most} cases, which is the most; stop watching one of them first."""

    code = "TOO_MANY_WATCHED"


class WatchList(Aggregate):
    """The cases that one person watches."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.cases: frozenset[UUID] = frozenset()


WatchList.TOPIC = "watch_list"  # type: ignore[attr-defined]


class WatchListBegun(Recorded, AggregateCreated):
    """Somebody is about to watch their first case."""

    TOPIC: ClassVar[str] = "watching.begun"


class CaseWatched(Recorded, AggregateEvent):
    """The person watches a case from now on."""

    TOPIC: ClassVar[str] = "watching.case_watched"

    case_id: UUID

    def apply(self, watched: WatchList) -> None:
        """It is one of them."""
        watched.cases |= {self.case_id}


class CaseUnwatched(Recorded, AggregateEvent):
    """The person watches a case no longer."""

    TOPIC: ClassVar[str] = "watching.case_unwatched"

    case_id: UUID

    def apply(self, watched: WatchList) -> None:
        """It is none of them."""
        watched.cases -= {self.case_id}


stream_begins_with(WatchListBegun, WatchList)


@dataclass(frozen=True, kw_only=True)
class WatchCase(Command):
    """Watch a case that the caller sees. principal: the caller, whose list it is.

    reporter: whose request the case is, as for `domain.permissions.permitted`: whoever sees it for
        another reason than being its reporter needs a role that watches.
    """

    NAME: ClassVar[str] = "watchCase"

    case_id: UUID
    principal: str
    reporter: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnwatchCase(Command):
    """Stop watching a case. As for WatchCase."""

    NAME: ClassVar[str] = "unwatchCase"

    case_id: UUID
    principal: str
    reporter: str | None = None


WatchCommand = WatchCase | UnwatchCase


def watch_list_of(principal: str) -> UUID:
    """The stream of a person's watched cases."""
    return uuid5(WATCH_STREAMS, principal)


def decide(watched: WatchList | None, command: WatchCommand, by: Circumstances) -> WatchList:
    """The person's list, begun if need be; nothing is pending where it is so already."""
    check_circumstances(command, by)
    if command.principal != by.actor.principal:
        raise NotPermitted(permission=command.NAME)
    cases = frozenset[UUID]() if watched is None else watched.cases
    match command:
        case WatchCase():
            if command.case_id not in cases and len(cases) >= MOST_WATCHED:
                raise TooManyWatched(most=MOST_WATCHED)
            changes = command.case_id not in cases
            event: type[CaseWatched | CaseUnwatched] = CaseWatched
        case UnwatchCase():
            changes = command.case_id in cases
            event = CaseUnwatched
        case _:
            assert_never(command)
    if watched is None:
        stream_id = watch_list_of(command.principal)
        watched = begin_stream(WatchList, WatchListBegun, stream_id=stream_id, timestamp=by.at)
    if changes:
        watched.trigger_event(event, timestamp=by.at, case_id=command.case_id)
    return watched
