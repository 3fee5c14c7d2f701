"""Commands: authorise, load, decide, record; the same command id again gets the first outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import random
from typing import Final, cast
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import Aggregate, AggregateEvent
from uuid_utils.compat import uuid7

from app.aggregates import MOST_KEPT, Aggregates
from app.database import UNREACHABLE
from app.decisions import about, decide, stream_of, streams_of
from app.journal import Journal
from app.journal.envelope import Append, Appended, NewEvent
from app.journal.errors import (
    AlreadyAppended,
    EntryTooLarge,
    PersonKeyClosed,
    PersonKeyLost,
    QueueFull,
    SameCommandInFlight,
    StreamConflict,
)
from app.journal.mapper import class_version_of, subject_of
from app.journal.persons import PersonKey
from domain.case.intake import RegisterCase
from domain.command import (
    NOTHING_ARRANGED,
    Arrangements,
    Circumstances,
    Command,
    Executed,
    circumstances,
)
from domain.identity import Authority, Caller
from domain.permissions import authority
from domain.personal_data import PersonalDataClosed
from domain.refusal import CommandIdReused, InvalidInput, NotPermitted, Overloaded, Refusal

ATTEMPTS: Final = 8
"""How often a command without an expected version is decided again before we give up."""
PAUSE_SECONDS: Final = 0.002
"""About how long after a first conflict; doubled with each further one."""

# Chosen by us at each try, so no part of what the caller asked for.
NOT_INPUT: Final = {
    "case_id",
    "case_no",
    "new_case_id",
    "new_case_no",
    "correlation_id",
    "reporter_id",
}
NOT_INPUT_OF_CHANGES: Final = NOT_INPUT - {"case_id"}

Asked = tuple[Command, Caller, datetime]
"""A command, who gives it, and the simulated time at which it is recorded."""


class Spare(tuple[Command, Caller, datetime]):
    """Such a command, given in case there is something to do: where it is refused, there is not."""

    __slots__ = ()


CatchUp = Callable[[], Awaitable[None]]

_canonical = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class _Request:
    command: Command
    caller: Caller
    stream_id: UUID
    input_hash: bytes
    simulated_at: datetime | None


_Held = dict[UUID, Aggregate | None]
"""The aggregates that a command is decided on, by their streams."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """held: the aggregates, of which those that change have events pending."""

    held: _Held
    events: list[AggregateEvent]
    authority: Authority
    by: Circumstances


class _MoreStreams(Exception):
    """The command takes streams that are not held yet; only the first of them could tell."""

    def __init__(self, stream_ids: frozenset[UUID]) -> None:
        self.stream_ids = stream_ids


class CommandHandler:
    """Executes commands against the journal (`schema.context.Commands`)."""

    def __init__(self, journal: Journal, most_kept: int = MOST_KEPT) -> None:
        self._journal = journal
        self._aggregates = Aggregates(journal, most_kept)
        self._catch_up: dict[UUID, CatchUp] = {}
        self._arrangements: Callable[[], Arrangements] = _nothing_arranged

    def decide_under(self, arrangements: Callable[[], Arrangements]) -> None:
        """Decide by the directory, catalogue and routing policy that this gives, from now on."""
        self._arrangements = arrangements

    def when_recorded(self, stream_id: UUID, catch_up: CatchUp) -> None:
        """Await `catch_up` after each command on this stream, before the command returns."""
        self._catch_up[stream_id] = catch_up

    async def execute(
        self, command: Command, caller: Caller, *, simulated_at: datetime | None = None
    ) -> Executed:
        """Authorise, decide and record. Raises a `domain.refusal.Refusal`; then nothing changed.

        simulated_at: the moment that is taken for now, in the journal of a demonstration.
        Raises also `app.journal.errors.OutcomeUnknown` where the database went away: the same
        command id asked again will tell.
        """
        executed = await self._execute(self._request(command, caller, simulated_at))
        await self._tell(executed.stream_id)
        return executed

    async def execute_in_order(self, asked: Sequence[Asked]) -> None:
        """Decide many commands, each on what those before it decided; then record them all.

        For loading, while nobody else changes these streams: so a case goes through several
        commands in one batch. Each command has not been executed before, and has its simulated
        time. Raises as `execute`; what was recorded until then stays.
        """
        await self.load({stream_id for each in asked for stream_id in streams_of(each[0])})
        await self.execute_in_turn(asked, _told_nobody)

    async def execute_in_turn(
        self, asked: Iterable[Asked], decided: Callable[[Sequence[AggregateEvent]], None]
    ) -> None:
        """As `execute_in_order`, where which command is next may follow from the one before it.

        decided: told what each comes to before `asked` is asked for the next. Their streams are
        best loaded ahead (`load`).
        """
        streams: set[UUID] = set()
        try:
            turns = [
                turn
                for each in asked
                if (turn := await self._decide_in_turn(each, streams, decided)) is not None
            ]
            await self._journal.load_keys(streams)
            events = [event for _, each in turns for event in each.events]
            persons = await self._persons_of(events)
            recording = (self._record(*each, persons) for each in turns if each[1].events)
            done = await asyncio.gather(*recording, return_exceptions=True)
        except BaseException:
            self._aggregates.forget(streams)
            raise
        failures = [outcome for outcome in done if isinstance(outcome, BaseException)]
        if failures:
            self._aggregates.forget(streams)
            raise failures[0]
        for stream_id in streams & self._catch_up.keys():
            await self._tell(stream_id)

    async def _decide_in_turn(
        self,
        asked: Asked,
        touched: set[UUID],
        told: Callable[[Sequence[AggregateEvent]], None],
    ) -> tuple[_Request, _Decided] | None:
        """None: there was nothing to do for a spare command."""
        try:
            return await self._decide_ahead(self._request(*asked), touched, told)
        except Refusal:
            if isinstance(asked, Spare):
                return None
            raise

    async def _decide_ahead(
        self,
        request: _Request,
        touched: set[UUID],
        told: Callable[[Sequence[AggregateEvent]], None],
    ) -> tuple[_Request, _Decided]:
        streams = streams_of(request.command)
        while True:
            held = await self._aggregates.take_all(streams)
            try:
                decided = self._decide_or_keep(request, held)
            except _MoreStreams as more:
                streams = more.stream_ids
            else:
                touched |= streams
                self._aggregates.keep_all(decided.held)
                told(decided.events)
                return request, decided

    async def _tell(self, stream_id: UUID) -> None:
        catch_up = self._catch_up.get(stream_id)
        if catch_up is not None:
            # What was recorded stays recorded; whoever follows the stream goes on trying.
            with suppress(*UNREACHABLE):
                await catch_up()

    def _request(self, command: Command, caller: Caller, simulated_at: datetime | None) -> _Request:
        if authority(caller, command.NAME) is None:
            raise NotPermitted(permission=command.NAME)
        fingerprint = self._journal.fingerprint(_input_of(command))
        return _Request(command, caller, stream_of(command), fingerprint, simulated_at)

    async def _execute(self, request: _Request) -> Executed:
        streams = streams_of(request.command)
        while True:
            try:
                async with self._aggregates.lock(streams):
                    return await self._execute_on(request, streams)
            except _MoreStreams as more:
                streams = more.stream_ids

    async def _execute_on(self, request: _Request, streams: frozenset[UUID]) -> Executed:
        for attempt in range(ATTEMPTS):
            try:
                return await self._attempt(request, streams)
            except (StreamConflict, SameCommandInFlight, PersonKeyLost):
                # Somebody else is quicker: step back, a little more each time.
                await asyncio.sleep(PAUSE_SECONDS * 2**attempt * random())  # noqa: S311
            except AlreadyAppended as earlier:
                return _first_outcome(earlier, request)
            except QueueFull:
                break
        raise Overloaded

    async def load(self, stream_ids: Collection[UUID]) -> None:
        """Read many streams at once, ahead of commands on them."""
        await self._aggregates.load(stream_ids)

    async def _attempt(self, request: _Request, streams: frozenset[UUID]) -> Executed:
        try:
            decided = self._decide_or_keep(request, await self._aggregates.take_all(streams))
        except Refusal:
            decided = None
        if decided is None or not decided.events:
            if decided is not None:
                self._aggregates.keep_all(decided.held)
            decided = await self._decide_on_newest(request, streams)
        if not decided.events:
            self._aggregates.keep_all(decided.held)
            stream_id = request.stream_id
            aggregate = decided.held[stream_id]
            version = 0 if aggregate is None else aggregate.version
            return Executed(stream_id, version + 1, version, (await self._journal.head()).size)
        appended = await self._record(request, decided)
        self._aggregates.keep_all(decided.held)
        return _executed(appended)

    async def _decide_on_newest(self, request: _Request, streams: frozenset[UUID]) -> _Decided:
        """What becomes of a command that does nothing on what is in memory.

        Either it was executed before, and that changed the state it now meets; or that state is
        older than what another process recorded; or it is refused, or so already.
        """
        await self._raise_if_recorded(request)
        held = await self._aggregates.take_all(streams)
        return self._decide_or_keep(request, await self._aggregates.refresh_all(held))

    def _decide_or_keep(self, request: _Request, held: _Held) -> _Decided:
        try:
            return self._decide(request, held)
        except (Refusal, _MoreStreams):
            self._aggregates.keep_all(held)
            raise

    def _decide(self, request: _Request, held: _Held) -> _Decided:
        command, caller = request.command, request.caller
        aggregate = held[request.stream_id]
        streams = streams_of(command, held)
        if not streams <= held.keys():
            raise _MoreStreams(streams)
        reporter, place = about(command, caller, aggregate)
        by = circumstances(
            command,
            caller,
            request.simulated_at or datetime.now(UTC),
            self._arrangements(),
            reporter=reporter,
            place=place,
        )
        others = {each: held[each] for each in streams if each != request.stream_id}
        changed, granted = decide(aggregate, command, caller, by, others)
        # The stream the command is addressed to comes first: its versions are the outcome.
        after: _Held = {request.stream_id: changed, **others}
        return _Decided(after, _collect(after), granted, by)

    async def _raise_if_recorded(self, request: _Request) -> None:
        """Raise AlreadyAppended where the command id was recorded before."""
        earlier = await self._journal.outcome(request.caller.principal, request.command.command_id)
        if earlier is not None:
            raise earlier

    async def _record(
        self,
        request: _Request,
        decided: _Decided,
        known: Mapping[UUID, PersonKey] | None = None,
    ) -> Appended:
        """known: keys of persons that are at hand; None: they are looked for."""
        events = decided.events
        if known is None:
            persons = await self._persons(request, events)
        else:
            persons = {subject: known[subject] for subject in _subjects(events)}
        keys = self._journal.keys
        begun = [event.originator_id for event in events if event.originator_version == 1]
        new_keys = tuple(keys.mint(stream_id) for stream_id in begun)
        await self._journal.load_keys({event.originator_id for event in events})
        ciphers = {subject: key.cipher for subject, key in persons.items()}
        new_events = tuple(self._new_event(request, decided, event, ciphers) for event in events)
        append = Append(
            request.caller.principal,
            request.command.command_id,
            request.input_hash,
            new_events,
            new_keys,
            simulated_at=request.simulated_at,
            persons=tuple(key.wrapped for key in persons.values()),
        )
        try:
            return await self._journal.append(append)
        except BaseException as error:
            # Not recorded, as far as we know: the keys of these streams may be another's by now.
            for stream_id in begun:
                keys.forget(stream_id)
            if isinstance(error, EntryTooLarge):
                raise InvalidInput([], str(error)) from None
            raise

    async def _persons(
        self, request: _Request, events: list[AggregateEvent]
    ) -> Mapping[UUID, PersonKey]:
        """The keys of those whom the events name as persons; nearly none does."""
        try:
            return await self._persons_of(events)
        except PersonKeyClosed as closed:
            await self._raise_if_recorded(request)
            raise PersonalDataClosed(state=closed.keeping.value) from None

    async def _persons_of(self, events: list[AggregateEvent]) -> Mapping[UUID, PersonKey]:
        subjects = _subjects(events)
        return await self._journal.keys_of_persons(subjects) if subjects else {}

    def _new_event(
        self,
        request: _Request,
        decided: _Decided,
        event: AggregateEvent,
        persons: Mapping[UUID, AESGCM],
    ) -> NewEvent:
        mapper, command = self._journal.mapper, request.command
        stored = mapper.to_stored_event(event, persons)
        stream_id, version = event.originator_id, event.originator_version
        reason = command.reason if command.reason and command.reason.strip() else None
        return NewEvent(
            event=event,
            event_id=uuid7(),
            stream_id=stream_id,
            version=version,
            topic=stored.topic,
            class_version=class_version_of(type(event)),
            occurred_at=event.timestamp.astimezone(UTC),
            payload=msgspec.Raw(stored.state),
            actor=decided.by.actor,
            authority=decided.authority,
            channel=command.channel.value if isinstance(command, RegisterCase) else None,
            sealed_reason=mapper.seal_reason(stream_id, version, reason),
            reason=reason,
            command_id=command.command_id,
            causation_id=None,
            correlation_id=command.correlation_id or command.command_id,
        )


def _collect(held: _Held) -> list[AggregateEvent]:
    """The new events, those of one stream in their order and next to each other."""
    pending: list[AggregateEvent] = []
    for aggregate in held.values():
        if aggregate is not None:
            pending += cast("list[AggregateEvent]", aggregate.collect_events())
    return pending


def _subjects(events: list[AggregateEvent]) -> set[UUID]:
    """Those whom the events name as persons."""
    return {subject for event in events if (subject := subject_of(event)) is not None}


def _told_nobody(_: Sequence[AggregateEvent]) -> None:
    pass


def _nothing_arranged() -> Arrangements:
    return NOTHING_ARRANGED


def _input_of(command: Command) -> bytes:
    """What the caller asked for, as canonical bytes: the same input, the same bytes."""
    hidden = NOT_INPUT if command.CREATES else NOT_INPUT_OF_CHANGES
    asked = {name: value for name, value in vars(command).items() if name not in hidden}
    asked[""] = command.NAME
    try:
        return _canonical(asked)
    except UnicodeEncodeError:  # JSON can say "\ud83d": half of a character
        raise InvalidInput([], "a text holds half of a character") from None


def _first_outcome(earlier: AlreadyAppended, request: _Request) -> Executed:
    if earlier.input_hash != request.input_hash:
        raise CommandIdReused(command_id=str(request.command.command_id))
    return _executed(earlier.first)


def _executed(appended: Appended) -> Executed:
    return Executed(
        appended.stream_id, appended.first_version, appended.last_version, appended.position
    )
