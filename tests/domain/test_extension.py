"""How a unit gets more time, and that a limit that was passed stays passed."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.calendar.timetable import Limit, LimitEnds, LimitUnit
from domain.case import extension
from domain.case.extension import ExtensionApproved, ExtensionRequested
from domain.case.intake import WithdrawCase
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import Role
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from tests.domain import holding
from tests.domain.configuring import Configuring, draft_escalation
from tests.domain.endings import reopened
from tests.domain.histories import CLOSED, IN_PROGRESS
from tests.domain.holding import HELD, Handled
from tests.domain.people import DISPATCHER, OFFICER, UNIT_LEADER, person
from tests.domain.scenario import BEGAN, ask, events_of, fold, given
from tests.domain.test_suspension import HOUR, SUBMIT, TIMED
from tests.domain.timing import clock, started

DAY: Final = timedelta(days=1)
REQUEST: Final = ask(extension.RequestExtension, days=5, ground="The machine is late")
APPROVE: Final = ask(extension.ApproveExtension)
DENY: Final = ask(extension.DenyExtension, ground="Hire one")
ASKED: Final = (*TIMED, holding.extension_requested())
EARLY: Final = BEGAN + DAY
WALL: Final = ClockRule(ClockKind.RESOLUTION, Limit(4 * 24 * 60, LimitUnit.WALL_MINUTES))
OFFICE: Final = ClockRule(
    ClockKind.STAGE, Limit(2, LimitUnit.WORKING_DAYS, ends=LimitEnds.END_OF_DAY)
)


def approved(case: Handled, days: int, asked_at: timedelta, at: timedelta) -> ExtensionApproved:
    """What comes of a request so long after the case began."""
    case.do(replace(REQUEST, days=days), BEGAN + asked_at, OFFICER)
    found = case.do(APPROVE, BEGAN + at, DISPATCHER)
    return next(each for each in found if isinstance(each, ExtensionApproved))


def test_the_lead_unit_asks_in_time_and_is_given_more() -> None:
    given(*TIMED).where(HELD).at(EARLY).when(REQUEST, by=OFFICER).then(
        holding.extension_requested(late=False)
    )
    case = Handled(WALL, OFFICE)
    due, of_unit = case.clock().due, case.clock(ClockKind.STAGE).due
    event = approved(case, 5, HOUR, 2 * HOUR)
    assert (event.days, event.late, event.due) == (5, False, due + 5 * DAY)
    assert (case.clock().due, case.clock().first_due) == (due + 5 * DAY, due)
    # From Monday evening to Saturday, which moves to the Monday after it.
    assert case.clock(ClockKind.STAGE).due == of_unit + 7 * DAY
    assert [each.extensions for each in case.case.clocks.values()] == [1, 1]
    assert case.case.holding.extension_asked is None


def test_it_says_so_again_when_the_new_due_time_draws_near() -> None:
    said = clock(raised=80, next_percent=100, next_at=BEGAN + 7 * DAY, escalation=1)
    facts = (*IN_PROGRESS, started(said), holding.extension_requested())
    arranged = replace(HELD, escalation=warning_at_80())
    outcome = given(*facts).where(arranged).at(BEGAN + 6 * DAY).when(APPROVE, by=DISPATCHER)
    assert outcome.case is not None
    extended = outcome.case.clocks["RESOLUTION"]
    assert (extended.due, extended.next_percent) == (BEGAN + 12 * DAY, 80)
    assert extended.next_at == BEGAN + 12 * DAY * 0.8


def warning_at_80() -> EscalationPolicy:
    made = Configuring("EscalationPolicy")
    made.given(draft_escalation())
    assert isinstance(made.kept, EscalationPolicy)
    return made.kept


def test_what_is_asked_for_too_late_is_recorded_as_late_and_undoes_nothing() -> None:
    case = Handled(WALL)
    due = case.clock().due
    requested, *_ = case.do(REQUEST, due + HOUR, OFFICER)
    assert isinstance(requested, ExtensionRequested)
    assert requested.late
    found = case.do(APPROVE, due + 2 * HOUR, DISPATCHER)
    assert isinstance(found[0], ExtensionApproved)
    assert found[0].late
    assert case.clock().due == due + 5 * DAY
    assert (case.clock().breached_at, case.clock().raised) == (due, 100)


def test_at_the_due_time_it_is_too_late() -> None:
    case = Handled(WALL)
    requested, *_ = case.do(REQUEST, case.clock().due, OFFICER)
    assert isinstance(requested, ExtensionRequested)
    assert requested.late


def test_a_limit_that_is_passed_while_it_is_decided_is_passed() -> None:
    case = Handled(WALL)
    due = case.clock().due
    event = approved(case, 5, 4 * DAY - HOUR, 4 * DAY + HOUR)
    assert not event.late
    assert (case.clock().due, case.clock().breached_at) == (due + 5 * DAY, due)


def test_fewer_days_than_were_asked_for_may_be_given() -> None:
    fewer = ask(extension.ApproveExtension, days=2)
    case = given(*ASKED).where(HELD).when(fewer, by=DISPATCHER).case
    assert case is not None
    assert case.clocks["RESOLUTION"].due == BEGAN + 9 * DAY
    for days in (0, 6):
        command = ask(extension.ApproveExtension, days=days)
        given(*ASKED).where(HELD).when(command, by=DISPATCHER).refused(
            "INVALID_INPUT", path=["days"]
        )


def test_it_is_denied_with_a_reason() -> None:
    case = given(*ASKED).where(HELD).when(DENY, by=DISPATCHER).then(holding.extension_denied())
    assert case.holding.extension_asked is None
    given(*ASKED).where(HELD).when(replace(DENY, ground=" ")).refused(
        "INVALID_INPUT", path=["ground"]
    )


def test_it_keeps_to_the_policy() -> None:
    asks = given(*TIMED).where(HELD)
    asks.when(replace(REQUEST, days=31)).refused("EXTENSION_TOO_LONG", most=30)
    asks.when(replace(REQUEST, days=0)).refused("INVALID_INPUT", path=["days"])
    asks.when(replace(REQUEST, ground=" ")).refused("INVALID_INPUT", path=["ground"])
    once = (*ASKED, holding.extension_approved())
    given(*once).where(HELD).when(REQUEST).refused("TOO_MANY_EXTENSIONS", most=1)
    given(*IN_PROGRESS).where(HELD).when(REQUEST).refused("NO_SLA_POLICY")
    given(*TIMED).when(REQUEST).refused("NO_SLA_POLICY")
    anew = fold(events_of((*CLOSED, holding.extension_approved(), reopened(2))))
    assert anew is not None
    assert anew.holding.extensions == 0


def test_one_thing_after_the_other() -> None:
    given(*TIMED).where(HELD).when(APPROVE).refused("NO_EXTENSION_REQUESTED")
    given(*TIMED).where(HELD).when(DENY).refused("NO_EXTENSION_REQUESTED")
    given(*ASKED).where(HELD).when(REQUEST).refused("EXTENSION_ALREADY_REQUESTED")


def test_nobody_decides_for_their_own_unit_or_without_the_right() -> None:
    both = person(OFFICER.principal, Role.OFFICER, Role.DISPATCHER)
    given(*ASKED).where(HELD).when(APPROVE, by=both).refused("REQUESTER_DECIDES")
    there = replace(DISPATCHER, unit="environment")
    given(*ASKED).where(HELD).when(DENY, by=there).refused("DECIDER_OF_ASKING_UNIT")
    given(*ASKED).where(HELD).when(APPROVE, by=UNIT_LEADER).refused("NOT_PERMITTED")
    given(*TIMED).where(HELD).when(REQUEST, by=DISPATCHER).refused("NOT_PERMITTED")


def test_what_was_asked_for_is_for_as_long_as_the_unit_is_at_it() -> None:
    for command in (SUBMIT, ask(WithdrawCase)):
        case = given(*ASKED).where(HELD).when(command).case
        assert case is not None
        assert case.holding.extension_asked is None


def test_what_rests_is_given_more_time_as_well() -> None:
    resting = (*ASKED, holding.suspended(holding.standing(BEGAN + HOUR)))
    case = given(*resting).where(HELD).when(APPROVE, by=DISPATCHER).case
    assert case is not None
    clock = case.clocks["RESOLUTION"]
    assert (clock.is_paused, clock.next_at, clock.due) == (True, None, BEGAN + 12 * DAY)


def test_a_request_is_decided_in_time() -> None:
    case = Handled(WALL, ClockRule(ClockKind.APPROVAL, Limit(60, LimitUnit.WALL_MINUTES)))
    case.do(REQUEST, BEGAN + HOUR, OFFICER)
    assert case.case.clocks["APPROVAL/EXTENSION"].due == BEGAN + 2 * HOUR
    case.do(DENY, BEGAN + 1.5 * HOUR, DISPATCHER)
    assert "APPROVAL/EXTENSION" not in case.case.clocks
