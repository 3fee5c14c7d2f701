"""The timers that run are those that were started and not stopped since."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from domain.case.cohandling import CoHandlingReplied, CoHandlingRequested
from domain.case.feedback import FeedbackLapsed, FeedbackRequested
from domain.case.intake import CaseWithdrawn
from domain.case.sharing import CaseShared, ShareRevoked
from domain.case.timers import Timer, TimerKind
from domain.case.vocabulary import CasePart
from domain.recorded import RecordedEvent
from projections.due_timers import (
    DueTimersView,
    due_timers,
    last_started,
    new_since,
    next_due,
    still_running,
    waiting,
)
from projections.view import Connection
from tests.db.projections.applying import apply, in_database, rolled_back
from tests.projections.recorded import CASE, OTHER, Said, hour, recorded

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
UNITS = ("lamps", "roads")


def feedback(due: float | None) -> Said:
    moment = None if due is None else hour(due)
    return FeedbackRequested, {"due": moment, "calendar": None}


def shared(unit: str, until: float) -> Said:
    said = {"purpose": "Repair", "parts": (CasePart.LOCATION,), "expires": hour(until)}
    return CaseShared, {"unit": unit, **said}


def asked(unit: str, due: float) -> Said:
    return CoHandlingRequested, {
        "unit": unit,
        "question": "?",
        "due": hour(due),
        "calendar": None,
    }


def replied(unit: str) -> Said:
    return CoHandlingReplied, {"unit": unit, "agrees": True, "reply": "!"}


said = st.one_of(
    st.builds(feedback, st.none() | st.integers(1, 99)),
    st.builds(shared, st.sampled_from(UNITS), st.integers(1, 99)),
    st.builds(asked, st.sampled_from(UNITS), st.integers(1, 99)),
    st.builds(replied, st.sampled_from(UNITS)),
    st.sampled_from(UNITS).map(lambda unit: (ShareRevoked, {"unit": unit})),
    st.sampled_from([(FeedbackLapsed, {}), (CaseWithdrawn, {})]),
)
histories = st.lists(st.tuples(st.sampled_from([CASE, OTHER]), said), max_size=25)


def told(history: list[Any]) -> list[RecordedEvent]:
    return [
        recorded(said, version=n, position=n, occurred_at=hour(0), stream_id=stream_id)
        for n, (stream_id, said) in enumerate(history, 1)
    ]


def reference(events: list[RecordedEvent]) -> dict[Any, tuple[datetime, int]]:
    """(case, kind, key) -> due time, and the event that started it: event by event, in words."""
    running: dict[Any, tuple[datetime, int]] = {}
    for each in events:
        event: Any = each.event
        match event:
            case FeedbackRequested() if event.due is not None:
                running[each.stream_id, "FEEDBACK", ""] = (event.due, each.version)
            case CaseShared():
                running[each.stream_id, "SHARE", event.unit] = (event.expires, each.version)
            case CoHandlingRequested():
                running[each.stream_id, "CO_REPLY", event.unit] = (event.due, each.version)
            case CoHandlingReplied():
                running.pop((each.stream_id, "CO_REPLY", event.unit), None)
            case ShareRevoked():
                running.pop((each.stream_id, "SHARE", event.unit), None)
            case FeedbackLapsed():
                running.pop((each.stream_id, "FEEDBACK", ""), None)
            case CaseWithdrawn():
                gone = [k for k in running if k[0] == each.stream_id and k[1] != "SHARE"]
                for place in gone:
                    del running[place]
    return running


async def found(connection: Connection) -> dict[Any, tuple[datetime, int]]:
    running = await due_timers(connection, NEVER, 100)
    return {
        (each.case_id, each.timer.kind.value, each.timer.key): (each.timer.due, each.version)
        for each in running
    }


@in_database
@given(histories, st.sets(st.integers(1, 24)))
async def test_however_a_history_is_cut_the_same_timers_run(
    database: Database, history: list[Any], cuts: set[int]
) -> None:
    events = told(history)
    async with rolled_back(database) as connection:
        await apply(DueTimersView(), connection, events, cuts)
        running = reference(events)
        assert await found(connection) == running
        dues = sorted(due for due, _ in running.values())
        assert (await waiting(connection, NEVER)).timers == len(dues)
        assert (await waiting(connection, NEVER)).oldest == (dues[0] if dues else None)
        for moment in (hour(0), hour(50)):
            later = [due for due in dues if due > moment]
            assert await next_due(connection, moment) == (later[0] if later else None)


@in_database
@given(histories, st.integers(0, 25))
async def test_what_was_started_since_is_told(
    database: Database, history: list[Any], since: int
) -> None:
    events = told(history)
    async with rolled_back(database) as connection:
        await apply(DueTimersView(), connection, events)
        new = [each for each in reference(events).values() if each[1] > since]
        due, position = await new_since(connection, since)
        assert due == min((due for due, _ in new), default=None)
        assert position == max((number for _, number in new), default=since)
        assert await last_started(connection) == max(
            (number for _, number in reference(events).values()), default=0
        )


async def test_what_is_due_comes_the_oldest_first(database: Database) -> None:
    events = told([(CASE, asked(f"unit-{number}", number % 3 + 1)) for number in range(10)])
    async with rolled_back(database) as connection:
        await apply(DueTimersView(), connection, events)
        due = await due_timers(connection, hour(2), 100)
        assert len(due) == 7
        assert [each.timer.due for each in due] == sorted(each.timer.due for each in due)
        assert await due_timers(connection, hour(2), 2) == due[:2]
        assert await still_running(connection, due) == {each.place for each in due}
        assert await still_running(connection, []) == frozenset()


async def test_a_timer_that_was_set_anew_is_another(database: Database) -> None:
    async with rolled_back(database) as connection:
        view = DueTimersView()
        first, second = told([(CASE, asked("lamps", 1)), (CASE, asked("lamps", 2))])
        await apply(view, connection, [first])
        (before,) = await due_timers(connection, NEVER, 9)
        await apply(view, connection, [second])
        (after,) = await due_timers(connection, NEVER, 9)
        assert after.timer == Timer(TimerKind.CO_REPLY, "lamps", hour(2))
        assert await still_running(connection, [before]) == frozenset()
        assert await view.position(connection) == 2
