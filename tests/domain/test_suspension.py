"""How a case rests and goes on, and what that does to its time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as given_random
from hypothesis import settings
from hypothesis import strategies as st

from domain.calendar.timetable import Limit, LimitUnit
from domain.case import correction, returns, suspension
from domain.case.clocks.changing import paused
from domain.case.clocks.deadlines import DeadlineBreached
from domain.case.extension import RequestExtension
from domain.case.intake import WithdrawCase
from domain.case.lifecycle import Stage
from domain.case.merging import ReverseMerge
from domain.case.outcome import OrderRework, SubmitResolution
from domain.case.regions import Hold
from domain.case.suspension import CaseResumed, CaseSuspended, Resumption
from domain.case.timed import started_by, stopped_by, timed_command
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import ResolutionOutcome
from domain.identity import THE_SERVICE, Role
from domain.refusal import Refusal
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from tests.domain import holding
from tests.domain.configuring import work_calendar
from tests.domain.endings import reopened
from tests.domain.histories import CLOSED, IN_PROGRESS
from tests.domain.holding import EXPECTED, HELD, PAPERS, SOIL, Handled
from tests.domain.minute_walk import MINUTE, MinuteWalk
from tests.domain.people import DISPATCHER, EVERYBODY_ON_DUTY, OFFICER, UNIT_LEADER, person
from tests.domain.scenario import BEGAN, CASE, NOW, Fact, ask, events_of, fold, given, happened
from tests.domain.structures import merged
from tests.domain.test_arrangements import directory
from tests.domain.timing import clock, started

HOUR: Final = timedelta(hours=1)
STEP_OF_STARTED: Final = len(IN_PROGRESS)
TIMED: Final = (*IN_PROGRESS, started(clock(), clock(ClockKind.STAGE)))
ASKED: Final = (*TIMED, holding.suspension_requested())
REQUEST: Final = ask(
    suspension.RequestSuspension,
    suspension_reason=SOIL.code,
    expected_resume=EXPECTED,
    ground="The soil is frozen",
)
APPROVE: Final = ask(suspension.ApproveSuspension)
RESUME: Final = ask(suspension.ResumeCase)
SUBMIT: Final = ask(SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures="Closes at ten.")
EARLY: Final = BEGAN + 24 * HOUR
"""Before the clocks of `timing` say anything."""


def test_the_lead_unit_asks_and_somebody_else_lets_it_rest() -> None:
    asked = given(*TIMED).where(HELD).when(REQUEST, by=OFFICER)
    case = asked.then(holding.suspension_requested())
    assert case.holding.state is Hold.NONE
    case = (
        given(*ASKED)
        .where(HELD)
        .at(EARLY)
        .when(APPROVE, by=DISPATCHER)
        .then(holding.suspended(paused(clock(), EARLY), paused(clock(ClockKind.STAGE), EARLY)))
    )
    assert case.holding.state is Hold.SUSPENDED
    assert [each.is_paused for each in case.clocks.values()] == [True, True]
    assert [each.next_at for each in case.clocks.values()] == [None, None]


def test_where_the_reason_stops_no_clock_time_goes_on() -> None:
    asked = holding.suspension_requested(suspension_reason=PAPERS.code, label=PAPERS.label)
    case = given(*TIMED, asked).where(HELD).at(EARLY).when(APPROVE, by=DISPATCHER).case
    assert case is not None
    assert case.holding.state is Hold.SUSPENDED
    assert case.clocks == {"RESOLUTION": clock(), "STAGE": clock(ClockKind.STAGE)}


def test_it_is_denied_with_a_reason() -> None:
    deny = ask(suspension.DenySuspension, ground="Dig")
    case = given(*ASKED).where(HELD).when(deny, by=DISPATCHER).then(holding.suspension_denied())
    assert case.holding.suspension_asked is None
    given(*ASKED).where(HELD).when(ask(suspension.DenySuspension, ground=" ")).refused(
        "INVALID_INPUT", path=["ground"]
    )


def test_it_rests_until_a_time_that_is_said_when_it_is_approved() -> None:
    until = EARLY + HOUR
    command = ask(suspension.ApproveSuspension, expected_resume=until)
    case = given(*ASKED).where(HELD).at(EARLY).when(command, by=DISPATCHER).case
    assert case is not None
    assert case.holding.until == until


@pytest.mark.parametrize(
    ("said", "code", "facts"),
    [
        ({"suspension_reason": "MOON"}, "UNKNOWN_SUSPENSION_REASON", {"known": ["PAPERS", "SOIL"]}),
        ({"expected_resume": NOW}, "INVALID_INPUT", {"path": ["expectedResume"]}),
        (
            {"expected_resume": EXPECTED.replace(tzinfo=None)},
            "INVALID_INPUT",
            {"path": ["expectedResume"]},
        ),
        ({"expected_resume": NOW + timedelta(days=91)}, "SUSPENDED_TOO_LONG", {"most": 90}),
        ({"ground": " "}, "INVALID_INPUT", {"path": ["ground"]}),
    ],
)
def test_what_is_asked_for_keeps_to_the_policy(
    said: dict[str, Any], code: str, facts: dict[str, Any]
) -> None:
    given(*TIMED).where(HELD).when(replace(REQUEST, **said), by=OFFICER).refused(code, **facts)


def test_nobody_decides_for_their_own_unit() -> None:
    both = person(OFFICER.principal, Role.OFFICER, Role.DISPATCHER)
    given(*ASKED).where(HELD).when(APPROVE, by=both).refused("REQUESTER_DECIDES")
    there = replace(DISPATCHER, unit="environment")
    given(*ASKED).where(HELD).when(APPROVE, by=there).refused(
        "DECIDER_OF_ASKING_UNIT", unit="environment"
    )
    asked = (*TIMED, holding.suspension_requested(unit="police"))
    arranged = replace(HELD, directory=directory())
    constable = person("other officer", Role.DISPATCHER)
    given(*asked).where(arranged).when(APPROVE, by=constable).refused("DECIDER_OF_ASKING_UNIT")
    assert given(*ASKED).where(arranged).when(APPROVE, by=constable).refusal is None
    nobody_s = (*TIMED, holding.suspension_requested(unit=None))
    assert given(*nobody_s).where(HELD).when(APPROVE, by=there).refusal is None


def test_whose_unit_asks_is_remembered() -> None:
    of_water = replace(OFFICER, unit="water")
    given(*TIMED).where(HELD).when(REQUEST, by=of_water).then(
        holding.suspension_requested(unit="water")
    )


def test_nobody_asks_or_decides_who_may_not() -> None:
    given(*TIMED).where(HELD).when(REQUEST, by=DISPATCHER).refused("NOT_PERMITTED")
    for command in (APPROVE, ask(suspension.DenySuspension, ground="Dig")):
        given(*ASKED).where(HELD).when(command, by=UNIT_LEADER).refused("NOT_PERMITTED")


def test_without_a_limit_there_is_nothing_to_stop() -> None:
    given(*TIMED).when(REQUEST, by=OFFICER).refused("NO_SLA_POLICY")
    given(*IN_PROGRESS).where(HELD).when(REQUEST, by=OFFICER).refused("NO_SLA_POLICY")
    given(*ASKED).when(APPROVE, by=DISPATCHER).refused("NO_SLA_POLICY")


def test_one_thing_after_the_other() -> None:
    given(*TIMED).where(HELD).when(APPROVE).refused("NO_SUSPENSION_REQUESTED")
    given(*TIMED).where(HELD).when(RESUME).refused("CASE_NOT_SUSPENDED")
    given(*ASKED).where(HELD).when(REQUEST).refused("SUSPENSION_ALREADY_REQUESTED")
    resting = (*ASKED, holding.suspended(holding.standing()))
    given(*resting).where(HELD).when(REQUEST).refused("CASE_IS_SUSPENDED")
    asked_back = (*ASKED, holding.suspended(holding.standing()), holding.resumed(clock()))
    too_early = ask(suspension.ApproveSuspension, occurred_at=BEGAN + 5 * HOUR)
    again = (*asked_back, holding.suspension_requested(2))
    given(*again).where(HELD).when(too_early, by=DISPATCHER).refused(
        "INVALID_INPUT", path=["occurredAt"]
    )
    before_it = ask(suspension.ResumeCase, occurred_at=BEGAN + 5 * HOUR)
    given(*resting).where(HELD).when(before_it).refused("INVALID_INPUT", path=["occurredAt"])


def test_while_it_rests_nothing_is_resolved_or_taken_from_the_unit() -> None:
    resting = (*ASKED, holding.suspended(holding.standing()))
    for command in (SUBMIT, ask(RequestExtension, days=2, ground="More")):
        given(*resting).where(HELD).when(command, by=OFFICER).refused(
            "CASE_IS_SUSPENDED", expected_resume=EXPECTED.isoformat()
        )
    arbitrate = ask(returns.RequestArbitration, ground="Not ours")
    given(*resting).where(HELD).when(arbitrate, by=DISPATCHER).refused("CASE_IS_SUSPENDED")


def test_nor_does_another_type_send_it_elsewhere() -> None:
    case = Handled(ClockRule(ClockKind.RESOLUTION, Limit(20, LimitUnit.CALENDAR_DAYS)))
    case.arranged = replace(case.arranged, directory=directory())
    case.rest(BEGAN + HOUR, BEGAN + 20 * HOUR)
    other = ask(correction.ReclassifyCase, type_code="lift", redispatch=True)
    with pytest.raises(Refusal) as refused:
        case.do(other, BEGAN + 2 * HOUR)
    assert refused.value.code == "CASE_IS_SUSPENDED"


def test_not_while_it_is_argued_about_whose_it_is() -> None:
    argued = (*ASKED, arbitration_requested())
    given(*argued).where(HELD).when(APPROVE, by=DISPATCHER).refused("RETURN_PENDING")


def arbitration_requested() -> Fact:
    return happened(returns.ArbitrationRequested, ground="Not ours", requester=OFFICER.principal)


def test_only_so_often_and_so_long_in_a_cycle() -> None:
    once = (holding.suspended(holding.standing()), holding.resumed(clock()))
    thrice = (*TIMED, *once * 3)
    given(*thrice).where(HELD).when(REQUEST).refused("TOO_MANY_SUSPENSIONS", most=3)
    case = fold(events_of(thrice))
    assert case is not None
    # Each lasted for an hour, as the facts lie an hour apart.
    assert (case.holding.suspensions, case.holding.suspended) == (3, 3 * HOUR)
    most = replace(REQUEST, expected_resume=NOW + timedelta(days=90) - HOUR)
    twice = (*TIMED, *once)
    assert given(*twice).where(HELD).when(most).refusal is None
    longer = replace(most, expected_resume=NOW + timedelta(days=90))
    given(*twice).where(HELD).when(longer).refused("SUSPENDED_TOO_LONG")
    anew = fold(events_of((*CLOSED, reopened(2))))
    assert anew is not None
    assert (anew.holding.suspensions, anew.holding.suspended) == (0, timedelta())


def test_what_was_asked_for_is_for_as_long_as_the_unit_is_at_it() -> None:
    for command, stage in ((SUBMIT, Stage.RESOLVED), (ask(WithdrawCase), Stage.WITHDRAWN)):
        case = given(*ASKED).where(HELD).when(command, by=EVERYBODY_ON_DUTY).case
        assert case is not None
        assert (case.stage, case.holding.suspension_asked) == (stage, None)
    resting = given(*ASKED, holding.suspended(holding.standing())).where(HELD)
    case = resting.when(ask(WithdrawCase)).case
    assert case is not None
    assert (case.holding.state, case.holding.suspended) == (
        Hold.NONE,
        NOW - BEGAN - (len(ASKED)) * HOUR,
    )


def test_the_service_resumes_it_when_that_was_expected() -> None:
    case = Handled(RESOLUTION_WALL)
    began, expected = BEGAN + 10 * HOUR, BEGAN + 30 * HOUR
    case.rest(began, expected)
    rested = next(each for each in case.case.pending_events if isinstance(each, CaseSuspended))
    timer = Timer(TimerKind.SUSPENSION, "", expected)
    assert started_by(rested) == (timer,)
    command = timed_command(CASE, 9, timer)
    assert command == replace(RESUME, command_id=command.command_id, occurred_at=expected)
    (resumed,) = case.do(command, NOW, THE_SERVICE)
    assert isinstance(resumed, CaseResumed)
    assert resumed.timestamp == expected
    assert Stopped(TimerKind.SUSPENSION) in stopped_by(resumed)
    assert resumed.paused == (Resumption("RESOLUTION", 20 * HOUR, resumed.clocks[0].due),)
    assert resumed.due == BEGAN + timedelta(days=2) + 20 * HOUR


def test_whoever_resumes_it_later_than_expected_resumes_it_when_that_was_expected() -> None:
    case = Handled(RESOLUTION_WALL)
    expected = BEGAN + 30 * HOUR
    case.rest(BEGAN + 10 * HOUR, expected)
    (resumed,) = case.do(RESUME, expected + 5 * HOUR, OFFICER)
    assert resumed.timestamp == expected
    assert case.case.holding.suspended == 20 * HOUR


RESOLUTION_WALL: Final = ClockRule(ClockKind.RESOLUTION, Limit(2 * 24 * 60, LimitUnit.WALL_MINUTES))
OFFICE_HOURS: Final = ClockRule(ClockKind.RESOLUTION, Limit(40 * 60, LimitUnit.WORKING_MINUTES))
STAGE_LIMIT: Final = ClockRule(ClockKind.STAGE, Limit(3 * 24 * 60, LimitUnit.WALL_MINUTES))


def test_what_stood_still_is_not_passed_meanwhile() -> None:
    case = Handled(RESOLUTION_WALL)
    due = case.clock().due
    case.rest(due - HOUR, due + 10 * HOUR)
    events = case.do(RESUME, due + 9 * HOUR, OFFICER)
    assert not any(isinstance(event, DeadlineBreached) for event in events)
    assert (case.clock().due, case.clock().first_due) == (due + 10 * HOUR, due)
    assert not case.clock().is_breached


def test_what_was_passed_before_stays_passed() -> None:
    case = Handled(RESOLUTION_WALL)
    due = case.clock().due
    case.rest(due + HOUR, due + 10 * HOUR)
    assert case.clock().breached_at == due


def test_a_request_is_decided_in_time() -> None:
    case = Handled(
        RESOLUTION_WALL, ClockRule(ClockKind.APPROVAL, Limit(60, LimitUnit.WALL_MINUTES))
    )
    case.do(replace(REQUEST, expected_resume=BEGAN + 20 * HOUR), BEGAN + HOUR, OFFICER)
    assert case.case.clocks["APPROVAL/SUSPENSION"].due == BEGAN + 2 * HOUR
    case.do(APPROVE, BEGAN + 1.5 * HOUR, DISPATCHER)
    assert "APPROVAL/SUSPENSION" not in case.case.clocks
    case.do(RESUME, BEGAN + 2 * HOUR, OFFICER)
    case.do(replace(REQUEST, expected_resume=BEGAN + 20 * HOUR), BEGAN + 3 * HOUR, OFFICER)
    assert case.case.clocks["APPROVAL/SUSPENSION"].number == 2
    (resolved, *_) = case.do(SUBMIT, BEGAN + 3.5 * HOUR, OFFICER)
    assert "APPROVAL/SUSPENSION" not in case.case.clocks
    assert Stopped(TimerKind.APPROVAL_CLOCK, "SUSPENSION") in stopped_by(resolved)  # type: ignore[arg-type]
    case.do(ask(OrderRework, demand="Again"), BEGAN + 3.6 * HOUR, person("x", Role.REGISTRAR))
    assert case.case.holding.suspension_asked is None


def test_what_was_merged_while_it_rested_goes_on_when_that_is_reversed() -> None:
    rested_from, merged_at = BEGAN + HOUR, BEGAN + (len(ASKED) + 1) * HOUR
    facts = (*ASKED, holding.suspended(holding.standing(rested_from)), merged(Stage.IN_PROGRESS))
    case = given(*facts).where(HELD).at(EARLY).when(ask(ReverseMerge)).case
    assert case is not None
    clock_now = case.clocks["RESOLUTION"]
    assert (case.stage, case.holding.state) == (Stage.IN_PROGRESS, Hold.NONE)
    assert not clock_now.is_paused
    assert clock_now.due == clock().due + (merged_at - rested_from)


UTC_ZONE: Final = ZoneInfo("UTC")
WALK: Final = MinuteWalk(work_calendar(), UTC_ZONE)
BEGUN: Final = BEGAN.astimezone(UTC)


def walked(pauses: list[tuple[datetime, datetime]], minutes: int) -> datetime:
    """When so many minutes of work were done that lie in none of the pauses."""
    at = BEGUN
    while True:
        rests = any(begin <= at < end for begin, end in pauses)
        minutes -= WALK.works(at) and not rests
        at += MINUTE
        if minutes == 0:
            return at


spans = st.lists(st.tuples(st.integers(1, 1500), st.integers(1, 3000)), min_size=1, max_size=5)
"""Minutes at work, and minutes of rest after them."""


@settings(max_examples=30)
@given_random(spans)
def test_however_often_it_rests_it_is_due_to_the_minute(drawn: list[tuple[int, int]]) -> None:
    case = Handled(OFFICE_HOURS, STAGE_LIMIT, most_suspensions=10)
    at, pauses = BEGUN, list[tuple[datetime, datetime]]()
    for works, rests in drawn:
        begin, end = at + works * MINUTE, at + (works + rests) * MINUTE
        if begin >= min(case.clock().due, case.clock(ClockKind.STAGE).due):
            break
        case.rest(begin, end + HOUR)
        case.do(RESUME, end, OFFICER)
        pauses.append((begin, end))
        at = end
    rested = sum((end - begin for begin, end in pauses), timedelta())
    assert case.clock().due == walked(pauses, 40 * 60)
    assert case.clock(ClockKind.STAGE).due == BEGUN + timedelta(days=3) + rested
    assert len(case.clock().pauses) == len(pauses)
    assert case.case.holding.suspended == rested
