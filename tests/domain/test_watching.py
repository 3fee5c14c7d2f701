from uuid import UUID

import pytest

from domain.command import circumstances
from domain.identity import Caller
from domain.refusal import NotPermitted
from domain.watching import (
    MOST_WATCHED,
    CaseUnwatched,
    CaseWatched,
    TooManyWatched,
    UnwatchCase,
    WatchCase,
    WatchCommand,
    WatchList,
    WatchListBegun,
    decide,
    watch_list_of,
)
from tests.domain.people import OFFICER, REPORTER
from tests.domain.scenario import CASE, NOW, fact_of, happened, pending_events

COMMAND = UUID(int=1)


def watch(case_id: UUID = CASE, who: Caller = OFFICER) -> WatchCase:
    return WatchCase(command_id=COMMAND, case_id=case_id, principal=who.principal)


def unwatch(case_id: UUID = CASE) -> UnwatchCase:
    return UnwatchCase(command_id=COMMAND, case_id=case_id, principal=OFFICER.principal)


def after(*commands: WatchCommand) -> WatchList | None:
    watched: WatchList | None = None
    for command in commands:
        watched = decide(watched, command, circumstances(command, OFFICER, NOW))
    return watched


def test_a_list_is_a_stream_of_each_person_and_begins_with_the_first_case() -> None:
    watched = after(watch())
    assert watched is not None
    assert watched.id == watch_list_of("officer") != watch_list_of("resident")
    facts = [fact_of(event) for event in pending_events(watched)]
    assert facts == [happened(WatchListBegun), happened(CaseWatched, case_id=CASE)]


def test_what_is_so_already_is_not_recorded_again() -> None:
    watched = after(watch(), watch(), unwatch(), unwatch())
    assert watched is not None
    assert [type(event) for event in pending_events(watched)] == [
        WatchListBegun,
        CaseWatched,
        CaseUnwatched,
    ]
    assert watched.cases == frozenset()


def test_nobody_watches_for_somebody_else() -> None:
    command = watch(who=REPORTER)
    with pytest.raises(NotPermitted):
        decide(None, command, circumstances(command, OFFICER, NOW))


def test_a_list_has_an_end() -> None:
    full = after(*(watch(UUID(int=number)) for number in range(MOST_WATCHED)))
    command = watch()
    with pytest.raises(TooManyWatched) as refused:
        decide(full, command, circumstances(command, OFFICER, NOW))
    assert refused.value.facts == {"most": MOST_WATCHED}
    again = watch(UUID(int=0))
    assert decide(full, again, circumstances(again, OFFICER, NOW)) is full
