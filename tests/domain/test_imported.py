"""Histories from elsewhere: the same again gives nothing, grown is appended, else refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.imported import (
    NO_POLICY,
    Activity,
    ActivityRecorded,
    HistoryClosed,
    HistoryEnded,
    HistoryImported,
    ImportHistory,
    RecordImported,
    imported_stream,
)
from domain.case.lifecycle import Stage
from domain.case.regions import PublicationState
from domain.case.vocabulary import Attribute, Channel, Point, Record
from domain.wording import NAME_LIMIT
from tests.domain.histories import history
from tests.domain.people import OPERATOR, REGISTRAR
from tests.domain.scenario import (
    BEGAN,
    NOW,
    Fact,
    Outcome,
    ask,
    events_of,
    fold,
    given,
    happened,
)

BEGAN_THEN = BEGAN - timedelta(days=3650)
ATTRIBUTES = (Attribute("concept:name", "string", "case-1"),)
NO_FACTS = {"occurred_at", "closes"}


def activity(name: str, hours: int = 0, **said: Any) -> Activity:
    return Activity(name, BEGAN_THEN + timedelta(hours=hours), **said)


def trace(*activities: Activity, attributes: tuple[Attribute, ...] = ATTRIBUTES) -> ImportHistory:
    return ask(
        ImportHistory,
        source="log",
        external_id="case-1",
        attributes=attributes,
        activities=activities,
    )


def recorded(*activities: Activity) -> tuple[Fact, ...]:
    beginning = happened(HistoryImported, source="log", external_id="case-1", attributes=ATTRIBUTES)
    return (beginning, *(facts_of(activity) for activity in activities))


def facts_of(activity: Activity) -> Fact:
    said = {name: value for name, value in vars(activity).items() if name not in NO_FACTS}
    return happened(HistoryClosed if activity.closes else ActivityRecorded, **said)


def imported_before(*activities: Activity) -> "Imported":
    return Imported(activities)


class Imported:
    """A trace that was imported before, with the times of its own log."""

    def __init__(self, activities: tuple[Activity, ...]) -> None:
        outcome = given().when(trace(*activities), by=OPERATOR)
        assert outcome.case is not None
        outcome.case.collect_events()
        self.scenario = given()
        self.scenario.case = outcome.case

    def when(self, command: ImportHistory) -> Outcome:
        return self.scenario.when(command, by=OPERATOR)


attributes: st.SearchStrategy[Attribute] = st.deferred(
    lambda: st.builds(
        Attribute,
        key=st.text(max_size=4),
        type=st.sampled_from(["string", "date", "int", "list"]),
        value=st.none() | st.text(max_size=4),
        children=st.lists(attributes, max_size=1).map(tuple),
    )
)
activities = st.builds(
    Activity,
    activity=st.text(max_size=4),
    occurred_at=st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    resource=st.none() | st.text(max_size=4),
    unit=st.none() | st.text(max_size=4),
    transition=st.none() | st.sampled_from(["start", "complete"]),
    attributes=st.lists(attributes, max_size=2).map(tuple),
    closes=st.booleans(),
)
traces = st.lists(activities, max_size=6).map(tuple)


class TestBegin:
    def test_every_activity_follows_the_beginning(self) -> None:
        first, second = activity("Register"), activity("Decide", 2, resource="Ann", unit="3")
        case = given().when(trace(first, second), by=OPERATOR).then(*recorded(first, second))
        assert case.stage is Stage.IMPORTED
        assert case.case_no == "log/case-1"
        assert case.reporter is None

    def test_each_keeps_its_own_time_even_in_disorder(self) -> None:
        later, earlier = activity("Later", 5), activity("Earlier", 1)
        events = given().when(trace(later, earlier), by=OPERATOR).events
        assert [event.timestamp for event in events] == [
            later.occurred_at,
            later.occurred_at,
            earlier.occurred_at,
        ]

    def test_an_empty_trace_begins_at_its_import(self) -> None:
        (event,) = given().when(trace(), by=OPERATOR).events
        assert event.timestamp == NOW

    def test_only_whoever_runs_the_service_brings_logs_in(self) -> None:
        given().when(trace(), by=REGISTRAR).refused("NOT_PERMITTED", permission="importHistory")

    @pytest.mark.parametrize(
        ("source", "external_id", "path"),
        [
            (" ", "case-1", ["source"]),
            ("x" * (NAME_LIMIT + 1), "case-1", ["source"]),
            ("log", "", ["externalId"]),
            ("log", "x" * (NAME_LIMIT + 1), ["externalId"]),
        ],
    )
    def test_a_name_that_cannot_be_indexed_is_located(
        self, source: str, external_id: str, path: list[str]
    ) -> None:
        command = replace(trace(), source=source, external_id=external_id)
        given().when(command, by=OPERATOR).refused("INVALID_INPUT", path=path)


class TestAgain:
    def test_the_same_trace_gives_nothing(self) -> None:
        imported_before(activity("Register")).when(trace(activity("Register"))).then()

    def test_what_it_grew_by_is_appended(self) -> None:
        first, second = activity("Register"), activity("Decide", 2)
        case = imported_before(first).when(trace(first, second)).then(facts_of(second))
        assert case.version == 3

    def test_a_shorter_one_is_refused(self) -> None:
        first, second = activity("Register"), activity("Decide", 2)
        imported_before(first, second).when(trace(first)).refused(
            "HISTORY_SHORTER", external_id="case-1", incoming=1, recorded=2
        )

    @pytest.mark.parametrize(
        "changed",
        [
            activity("Enrol"),
            activity("Register", 1),
            activity("Register", resource="Ann"),
            activity("Register", unit="3"),
            activity("Register", transition="complete"),
            activity("Register", attributes=ATTRIBUTES),
        ],
    )
    def test_one_whose_beginning_changed_is_refused(self, changed: Activity) -> None:
        imported_before(activity("Register")).when(trace(changed, activity("Decide"))).refused(
            "BEGINNING_CHANGED", external_id="case-1", index=1
        )

    def test_one_whose_own_attributes_changed_is_refused(self) -> None:
        imported_before().when(trace(attributes=())).refused(
            "ATTRIBUTES_CHANGED", external_id="case-1"
        )


RECORD = Record(
    channel=Channel.APP,
    type_code="noise",
    area="grid-7",
    title="Noise at night",
    point=Point(42.35, -71.06),
    due_at=BEGAN_THEN + timedelta(days=2),
    public=True,
)
OPENED = activity("opened")
CLOSED = activity("closed", 5, closes=True)


class TestRecord:
    """A place that says more of a case than what was done in it."""

    def test_what_is_said_of_the_case_stands_in_its_beginning(self) -> None:
        command = replace(trace(OPENED, CLOSED), record=RECORD)
        case = (
            given()
            .when(command, by=OPERATOR)
            .then(
                happened(
                    RecordImported,
                    source="log",
                    external_id="case-1",
                    attributes=ATTRIBUTES,
                    **{name: said for name, said in vars(RECORD).items() if name != "ended_at"},
                ),
                facts_of(OPENED),
                facts_of(CLOSED),
            )
        )
        assert case.stage is Stage.IMPORTED
        assert (case.channel, case.type_code, case.area) == (Channel.APP, "noise", "grid-7")
        assert case.record == RECORD
        assert case.publication_state is PublicationState.PUBLIC

    def test_what_was_not_public_there_is_not_here(self) -> None:
        command = replace(trace(OPENED), record=replace(RECORD, public=False))
        outcome = given().when(command, by=OPERATOR)
        assert outcome.case is not None
        assert outcome.case.publication_state is PublicationState.PRIVATE

    def test_the_same_again_gives_nothing(self) -> None:
        command = replace(trace(OPENED), record=RECORD)
        before(command).when(command).then()

    def test_what_was_closed_since_is_appended(self) -> None:
        before(replace(trace(OPENED), record=RECORD)).when(
            replace(trace(OPENED, CLOSED), record=RECORD)
        ).then(facts_of(CLOSED))

    @pytest.mark.parametrize("closed", [activity("closed", 5), activity("closed", 6, closes=True)])
    def test_another_end_is_refused(self, closed: Activity) -> None:
        before(replace(trace(OPENED, CLOSED), record=RECORD)).when(
            replace(trace(OPENED, closed), record=RECORD)
        ).refused("BEGINNING_CHANGED", index=2)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            (replace(RECORD, channel=Channel.WEB), "channel"),
            (replace(RECORD, type_code=None), "type_code"),
            (replace(RECORD, area="grid-8"), "area"),
            (replace(RECORD, title="Noise"), "title"),
            (replace(RECORD, point=None), "point"),
            (replace(RECORD, due_at=None), "due_at"),
            (replace(RECORD, public=False), "public"),
            (None, ""),
        ],
    )
    def test_what_is_said_otherwise_is_refused_by_name(
        self, changed: Record | None, field: str
    ) -> None:
        before(replace(trace(OPENED), record=RECORD)).when(
            replace(trace(OPENED, CLOSED), record=changed)
        ).refused("RECORD_CHANGED", external_id="case-1", field=field)


def before(command: ImportHistory) -> Imported:
    imported = Imported(())
    outcome = given().when(command, by=OPERATOR)
    assert outcome.case is not None
    outcome.case.collect_events()
    imported.scenario.case = outcome.case
    return imported


QUEUE = Attribute("queue", "string", "A")
MOVED = Attribute("queue", "string", "B")


class TestTargets:
    """What had to be done elsewhere by a time is timed here, and late from that time on."""

    DUE = BEGAN_THEN + timedelta(hours=5)

    def begun(self, *activities: Activity, **said: Any) -> Outcome:
        record = Record(**{"due_at": self.DUE, **said})
        command = replace(trace(*(activities or (activity("opened"),))), record=record)
        return given().when(command, by=OPERATOR)

    def breaches(self, outcome: Outcome) -> list[datetime]:
        return [each.timestamp for each in outcome.events if isinstance(each, DeadlineBreached)]

    def test_are_timed_from_the_beginning_on(self) -> None:
        outcome = self.begun()
        assert outcome.case is not None
        clock = outcome.case.clocks["RESOLUTION"]
        assert (clock.started_at, clock.due, clock.policy) == (BEGAN_THEN, self.DUE, NO_POLICY)
        assert (clock.next_percent, clock.next_at) == (100, self.DUE)
        assert self.breaches(outcome) == []

    def test_are_kept_where_it_was_closed_in_time(self) -> None:
        outcome = self.begun(activity("opened"), activity("closed", 5, closes=True))
        assert outcome.case is not None
        assert outcome.case.clocks == {}
        assert self.breaches(outcome) == []

    def test_are_missed_where_it_was_closed_later(self) -> None:
        outcome = self.begun(activity("opened"), activity("closed", 6, closes=True))
        assert self.breaches(outcome) == [self.DUE]

    def test_that_lie_before_the_beginning_are_missed_from_there_on(self) -> None:
        early = BEGAN_THEN - timedelta(hours=1)
        still_open = self.begun(due_at=early).case
        assert still_open is not None
        assert still_open.clocks["RESOLUTION"].next_at == BEGAN_THEN
        closed = self.begun(activity("opened"), activity("x", 6, closes=True), due_at=early)
        assert self.breaches(closed) == [BEGAN_THEN]

    @pytest.mark.parametrize(("hours", "late"), [(5, False), (6, True)])
    def test_of_a_case_that_ended_without_an_activity(self, hours: int, late: bool) -> None:
        ended = BEGAN_THEN + timedelta(hours=hours)
        outcome = self.begun(ended_at=ended)
        assert [each.timestamp for each in outcome.events if isinstance(each, HistoryEnded)] == [
            ended
        ]
        assert self.breaches(outcome) == ([self.DUE] if late else [])
        assert outcome.case is not None
        assert outcome.case.record is not None
        assert (outcome.case.record.ended_at, outcome.case.clocks) == (ended, {})

    def test_of_one_that_ended_since_or_ended_otherwise(self) -> None:
        ended = BEGAN_THEN + timedelta(hours=9)
        opened = replace(trace(activity("opened")), record=Record(due_at=self.DUE))
        since = replace(opened, record=Record(due_at=self.DUE, ended_at=ended))
        outcome = before(opened).when(since)
        assert [type(each) for each in outcome.events] == [HistoryEnded, DeadlineBreached]
        assert before(since).when(since).events == ()
        otherwise = replace(opened, record=Record(due_at=self.DUE, ended_at=self.DUE))
        before(since).when(otherwise).refused("RECORD_CHANGED", field="ended_at")
        before(since).when(opened).refused("RECORD_CHANGED", field="ended_at")

    def test_of_one_that_only_ended(self) -> None:
        outcome = self.begun(due_at=None, ended_at=BEGAN_THEN)
        assert self.breaches(outcome) == []


def test_a_trace_of_which_nothing_more_is_said_ends_too() -> None:
    ended = happened(HistoryEnded)
    case = fold(events_of((history(), ended)))
    assert case is not None
    assert case.record is None
    assert case.version == 2


class TestWhatMayChange:
    """Attributes of which only the first value counts."""

    def test_is_kept_as_it_was_first_met(self) -> None:
        first = trace(activity("opened", attributes=(QUEUE,)), attributes=(*ATTRIBUTES, QUEUE))
        again = trace(activity("opened", attributes=(MOVED,)), attributes=(*ATTRIBUTES, MOVED))
        before(first).when(replace(again, may_change=("queue",))).then()

    def test_excuses_nothing_else(self) -> None:
        first = trace(activity("opened", attributes=(QUEUE,)), attributes=(*ATTRIBUTES, QUEUE))
        other = trace(activity("Opened", attributes=(MOVED,)), attributes=(*ATTRIBUTES, QUEUE))
        before(first).when(replace(other, may_change=("queue",))).refused("BEGINNING_CHANGED")
        bare = trace(activity("opened", attributes=(QUEUE,)), attributes=(QUEUE,))
        before(first).when(replace(bare, may_change=("queue",))).refused("ATTRIBUTES_CHANGED")

    def test_so_is_a_title_and_nothing_else_of_the_record(self) -> None:
        ended = BEGAN_THEN + timedelta(hours=9)
        first = replace(trace(activity("opened")), record=Record(title="Lamp"))
        newer = replace(first, record=Record(title="PRINTED: Lamp"), title_may_change=True)
        case = before(first).when(newer).then()
        assert case.title == "Lamp"
        before(newer).when(replace(newer, record=Record(title=None))).then()
        since = replace(newer, record=Record(title="Done", ended_at=ended))
        assert [type(each) for each in before(first).when(since).events] == [HistoryEnded]
        moved = replace(newer, record=Record(title="Done", area="grid-8"))
        before(first).when(moved).refused("RECORD_CHANGED", field="area")
        bare = replace(newer, record=None)
        before(first).when(bare).refused("RECORD_CHANGED", field="")


class TestAnyTrace:
    @for_all(traces)
    def test_again_gives_nothing(self, whole: tuple[Activity, ...]) -> None:
        imported_before(*whole).when(trace(*whole)).then()

    @for_all(traces, traces)
    def test_in_two_parts_it_becomes_the_same(
        self, first: tuple[Activity, ...], rest: tuple[Activity, ...]
    ) -> None:
        whole = first + rest
        grown = imported_before(*first).when(trace(*whole)).then(*map(facts_of, rest))
        at_once = given().when(trace(*whole), by=OPERATOR).then(*recorded(*whole))
        assert grown.activities[len(first) :] == at_once.activities[len(first) :]
        assert grown.version == at_once.version

    @for_all(traces, traces)
    def test_a_proper_beginning_is_refused(
        self, first: tuple[Activity, ...], rest: tuple[Activity, ...]
    ) -> None:
        assume(rest)
        imported_before(*first, *rest).when(trace(*first)).refused("HISTORY_SHORTER")

    @for_all(traces, activities, activities, traces)
    def test_the_first_difference_is_named(
        self,
        same: tuple[Activity, ...],
        was: Activity,
        now: Activity,
        rest: tuple[Activity, ...],
    ) -> None:
        assume(was != now)
        imported_before(*same, was).when(trace(*same, now, *rest)).refused(
            "BEGINNING_CHANGED", index=len(same) + 1
        )


class TestStreamId:
    def test_is_of_source_and_trace(self) -> None:
        assert trace().case_id == imported_stream("log", "case-1")
        assert trace().case_id.version == 5

    @for_all(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
    def test_differs_where_either_differs(
        self, one: tuple[str, str], other: tuple[str, str]
    ) -> None:
        assert (imported_stream(*one) == imported_stream(*other)) is (one == other)

    def test_does_not_confuse_where_one_ends(self) -> None:
        assert imported_stream("ab", "c") != imported_stream("a", "bc")
