"""Commands: authorise, load, decide, record; the same command id again gets the first outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
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
from app.decisions import about, decide, stream_of
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
NOT_INPUT: Final = {"case_id", "case_no", "correlation_id", "reporter_id"}
NOT_INPUT_OF_CHANGES: Final = NOT_INPUT - {"case_id"}

CatchUp = Callable[[], Awaitable[None]]

_canonical = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class _Request:
    command: Command
    caller: Caller
    stream_id: UUID
    input_hash: bytes
    simulated_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Decided:
    aggregate: Aggregate
    authority: Authority
    by: Circumstances


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

    async def execute_in_order(self, asked: Sequence[tuple[Command, Caller, datetime]]) -> None:
        """Decide many commands, each on what those before it decided; then record them all.

        For loading, while nobody else changes these streams: so a case goes through several
        commands in one batch. Each command has not been executed before, and has its simulated
        time. Raises as `execute`; what was recorded until then stays.
        """
        requests = [self._request(*each) for each in asked]
        streams = {request.stream_id for request in requests}
        await self.load(streams)
        await self._journal.load_keys(streams)
        try:
            decided = [await self._decide_ahead(request) for request in requests]
            persons = await self._persons_of([event for each in decided for event in each[2]])
            recording = (self._record(*each, persons) for each in decided if each[2])
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

    async def _decide_ahead(
        self, request: _Request
    ) -> tuple[_Request, _Decided, list[AggregateEvent]]:
        decided = self._decide(request, await self._aggregates.take(request.stream_id))
        self._aggregates.keep(request.stream_id, decided.aggregate)
        return request, decided, cast("list[AggregateEvent]", decided.aggregate.collect_events())

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
        async with self._aggregates.lock(request.stream_id):
            for attempt in range(ATTEMPTS):
                try:
                    return await self._attempt(request)
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

    async def _attempt(self, request: _Request) -> Executed:
        stream_id = request.stream_id
        aggregate = await self._aggregates.take(stream_id)
        try:
            decided = self._decide(request, aggregate)
        except Refusal:
            # Either the command was executed before, and that changed the state it now meets;
            # or the state in memory is older than what another process recorded; or it is refused.
            await self._raise_if_recorded(request)
            decided = await self._decide_on_newest(request, aggregate)
        events = cast("list[AggregateEvent]", decided.aggregate.collect_events())
        if not events:
            await self._raise_if_recorded(request)
            self._aggregates.keep(stream_id, decided.aggregate)
            version = decided.aggregate.version
            return Executed(stream_id, version + 1, version, (await self._journal.head()).size)
        appended = await self._record(request, decided, events)
        self._aggregates.keep(stream_id, decided.aggregate)
        return _executed(appended)

    def _decide(self, request: _Request, aggregate: Aggregate | None) -> _Decided:
        command, caller = request.command, request.caller
        reporter, place = about(command, caller, aggregate)
        by = circumstances(
            command,
            caller,
            request.simulated_at or datetime.now(UTC),
            self._arrangements(),
            reporter=reporter,
            place=place,
        )
        changed, granted = decide(aggregate, command, caller, by)
        return _Decided(changed, granted, by)

    async def _decide_on_newest(self, request: _Request, aggregate: Aggregate | None) -> _Decided:
        aggregate = await self._aggregates.refresh(request.stream_id, aggregate)
        try:
            return self._decide(request, aggregate)
        except Refusal:
            if aggregate is not None and not aggregate.pending_events:
                self._aggregates.keep(request.stream_id, aggregate)
            raise

    async def _raise_if_recorded(self, request: _Request) -> None:
        """Raise AlreadyAppended where the command id was recorded before."""
        earlier = await self._journal.outcome(request.caller.principal, request.command.command_id)
        if earlier is not None:
            raise earlier

    async def _record(
        self,
        request: _Request,
        decided: _Decided,
        events: list[AggregateEvent],
        known: Mapping[UUID, PersonKey] | None = None,
    ) -> Appended:
        """known: keys of persons that are at hand; None: they are looked for."""
        if known is None:
            persons = await self._persons(request, events)
        else:
            persons = {subject: known[subject] for subject in _subjects(events)}
        keys = self._journal.keys
        begins = events[0].originator_version == 1
        new_keys = (keys.mint(request.stream_id),) if begins else ()
        await self._journal.load_keys([request.stream_id])
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
            # Not recorded, as far as we know: the key of this stream may be another's by now.
            if begins:
                keys.forget(request.stream_id)
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


def _subjects(events: list[AggregateEvent]) -> set[UUID]:
    """Those whom the events name as persons."""
    return {subject for event in events if (subject := subject_of(event)) is not None}


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
