"""Clocks: what starts them, what stops them, and what moves their due times (DOMAIN.md 7)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from domain.calendar.timetable import LimitUnit
from domain.case import (
    cohandling,
    contact,
    correction,
    emergency,
    feedback,
    handling,
    intake,
    outcome,
    publication,
    referral,
    reopening,
    returns,
    routing,
    suspension,
    urging,
)
from domain.case.clocks.amending import AmendmentBasis, ClocksAmended
from domain.case.clocks.deadlines import DeadlineBreached, RaiseDeadline
from domain.case.clocks.starting import ClocksStarted
from domain.case.merging import MergeCase, ReverseMerge
from domain.case.vocabulary import Audience, ClockEffect, ContactWay, ResolutionOutcome
from domain.command import NOTHING_ARRANGED
from domain.sla_policy.content import SuspensionReason
from domain.vocabulary import ClockKind
from tests.domain.configuring import case_type, label
from tests.domain.scenario import OTHER, ask
from tests.domain.time_rules import ALL, Story, arranged, hour, minutes

ACCEPT: Final = ask(intake.AcceptCase)
DISPATCH: Final = ask(routing.DispatchCase, lead_unit="environment")
SIGN: Final = ask(routing.SignForCase)
SUBMIT: Final = ask(
    outcome.SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures="Closes at ten."
)
REWORK: Final = ask(outcome.OrderRework, demand="Measure again.")
VERIFY: Final = ask(outcome.VerifyResolution)
ANSWER: Final = ask(feedback.RecordFeedback, contacted=True, resolved=False)
REOPEN: Final = ask(reopening.ReopenCase, ground="Still noisy.")
RETURN: Final = ask(returns.RequestReturn, ground="Not ours.")
EVERYTHING: Final = arranged()


def friday(hour_of_day: float) -> datetime:
    """Of the day on which the case began, nine to five of which are worked."""
    return datetime(2024, 3, 1, tzinfo=UTC) + timedelta(hours=hour_of_day)


def in_progress(hours: float = 9) -> Story:
    """Registered at one o'clock, signed for at that hour of work; nine is ten o'clock."""
    return Story(EVERYTHING).at(hours, ACCEPT, DISPATCH, SIGN)


def test_without_a_policy_in_force_nothing_is_timed() -> None:
    story = Story(NOTHING_ARRANGED).at(9, ACCEPT, DISPATCH)
    assert story.running == {}
    assert [type(event) for event in story.events] == [
        intake.CaseRegistered,
        intake.CaseAccepted,
        routing.CaseDispatched,
    ]


def test_a_limit_of_a_type_is_that_of_the_types_below_it_too() -> None:
    rules = arranged(
        minutes(ClockKind.ACCEPTANCE, 60, types=("noise",)),
        types=(case_type("noise"), case_type("night", "noise"), case_type("lift")),
    )
    assert Story(rules, type_code="night").running == {"ACCEPTANCE": 1}
    assert Story(rules, type_code="lift").running == {}


def test_a_case_of_no_type_has_the_limits_of_every_type() -> None:
    assert Story(EVERYTHING, type_code=None).running == {"ACCEPTANCE": 1}


def test_a_limit_counts_working_time_from_the_event_and_is_pinned() -> None:
    clock = Story(EVERYTHING)["ACCEPTANCE"]
    assert clock.started_at == hour(0)
    # Ten hours of work: eight on Friday, two on Monday.
    assert clock.due == datetime(2024, 3, 4, 11, tzinfo=UTC)
    assert (clock.policy, clock.calendar, clock.escalation) == (1, "office@1", 1)
    assert (clock.next_percent, clock.next_at) == (80, friday(17))
    assert (clock.cycle, clock.number, clock.limit.unit) == (1, 1, LimitUnit.WORKING_MINUTES)


def test_what_runs_at_each_step_of_a_life() -> None:
    story = Story(EVERYTHING)
    assert story.running == {"ACCEPTANCE": 1}
    assert story.at(9, ACCEPT).running == {"DISPATCH": 1, "RESOLUTION": 1}
    assert story.at(9, DISPATCH).running == {
        "FIRST_CONTACT": 1,
        "RESOLUTION": 1,
        "SIGN_OFF": 1,
        "STAGE": 1,
    }
    assert story["STAGE"].unit == "environment"
    assert story.at(10, SIGN).running == {"FIRST_CONTACT": 1, "RESOLUTION": 1, "STAGE": 1}
    reached = ask(contact.RecordFirstContact, way=ContactWay.VISIT, result="Seen.")
    assert story.at(10, reached).running == {"RESOLUTION": 1, "STAGE": 1}
    assert story.at(11, SUBMIT).running == {"RESOLUTION": 1, "VERIFICATION": 1}
    assert story.at(12, VERIFY).running == {"FEEDBACK": 1}
    assert story.at(13, ANSWER).running == {}
    assert story.at(14, REOPEN).running == {"DISPATCH": 2, "RESOLUTION": 2}
    assert (story["RESOLUTION"].cycle, story["RESOLUTION"].started_at) == (2, hour(14))
    assert story.at(15, DISPATCH).running["FIRST_CONTACT"] == 2


def test_what_is_passed_over_in_an_emergency_starts_no_clock_that_is_stopped_at_once() -> None:
    declared = ask(emergency.DeclareEmergency, expires=hour(30))
    story = Story(EVERYTHING).at(9, declared, DISPATCH)
    assert "DISPATCH" not in story.running
    assert [clock.name for event in story.said(ClocksStarted) for clock in event.clocks] == [
        "RESOLUTION",
        "SIGN_OFF",
        "FIRST_CONTACT",
        "STAGE",
    ]


class TestTheUnit:
    def test_has_no_longer_than_the_case(self) -> None:
        tight = arranged(minutes(ClockKind.RESOLUTION, 240), minutes(ClockKind.STAGE, 480))
        story = Story(tight).at(8, ACCEPT).at(10, DISPATCH)
        assert story["STAGE"].due == story["RESOLUTION"].due == friday(13)
        assert story["STAGE"].own_due is None

    def test_has_its_own_time_where_the_case_is_late_already(self) -> None:
        tight = arranged(minutes(ClockKind.RESOLUTION, 60), minutes(ClockKind.STAGE, 120))
        story = Story(tight).at(8, ACCEPT).at(10, DISPATCH)
        assert story["STAGE"].due == friday(13)
        assert story["RESOLUTION"].due == friday(10)

    def test_does_not_pay_for_the_time_of_the_checker(self) -> None:
        story = in_progress()
        due, first = story["STAGE"].due, story["STAGE"]
        story.at(10, SUBMIT).at(13, REWORK)
        assert story["STAGE"].is_same(first)
        assert story["STAGE"].started_at == first.started_at
        # Three hours of work after Monday at four.
        assert due == datetime(2024, 3, 4, 16, tzinfo=UTC)
        assert story["STAGE"].due == datetime(2024, 3, 5, 11, tzinfo=UTC)
        assert story["STAGE"].first_due == due
        assert story.running == {"FIRST_CONTACT": 1, "RESOLUTION": 1, "STAGE": 1}
        story.at(14, SUBMIT).at(15, REWORK)
        assert story["STAGE"].due == datetime(2024, 3, 5, 12, tzinfo=UTC)

    def test_loses_no_time_by_a_rework_that_was_ordered_before_it_had_resolved_anything(
        self,
    ) -> None:
        story = in_progress()
        before = story["STAGE"]
        story.at(13, SUBMIT).at(10, REWORK)
        assert story["STAGE"].due == before.due
        assert story["STAGE"].next_at == before.next_at

    def test_without_a_limit_of_its_own_has_none_after_a_rework(self) -> None:
        story = Story(arranged(minutes(ClockKind.RESOLUTION, 240)))
        story.at(9, ACCEPT, DISPATCH, SIGN, SUBMIT, REWORK)
        assert story.running == {"RESOLUTION": 1}


class TestReturns:
    def test_the_case_is_due_when_it_was_and_another_unit_has_time_of_its_own(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT, DISPATCH)
        resolution = story["RESOLUTION"]
        assert story.at(10, RETURN).running == {
            "APPROVAL/RETURN": 1,
            "FIRST_CONTACT": 1,
            "RESOLUTION": 1,
            "STAGE": 1,
        }
        story.at(11, ask(returns.UpholdReturn))
        assert story.running == {"DISPATCH": 2, "FIRST_CONTACT": 1, "RESOLUTION": 1}
        story.at(12, ask(routing.DispatchCase, lead_unit="police"))
        # First contact is waited for since the first dispatch of the cycle.
        assert story.running == {"FIRST_CONTACT": 1, "RESOLUTION": 1, "SIGN_OFF": 2, "STAGE": 2}
        assert story["RESOLUTION"] is resolution
        assert story["STAGE"].unit == "police"

    def test_a_unit_that_keeps_the_case_has_to_sign(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT, DISPATCH).at(10, RETURN)
        story.at(12, ask(returns.RejectReturn, ground="Yours."))
        assert story.running["SIGN_OFF"] == 2
        assert story["SIGN_OFF"].started_at == hour(12)

    def test_while_it_is_argued_about_nobody_has_to_sign(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT, DISPATCH)
        story.at(14, ask(returns.RequestArbitration, ground="Not ours.")).at(
            15, ask(returns.ArbitrateResponsibility, lead_unit="environment", ground="Yours.")
        )
        assert story["SIGN_OFF"].started_at == hour(15)
        assert "APPROVAL/RETURN" not in story.running

    def test_arbitration_of_what_is_signed_for_leaves_its_clocks(self) -> None:
        story = in_progress()
        stage = story["STAGE"]
        story.at(14, ask(returns.RequestArbitration, ground="Not ours.")).at(
            15, ask(returns.ArbitrateResponsibility, lead_unit="environment", ground="Yours.")
        )
        assert story["STAGE"] is stage
        assert "SIGN_OFF" not in story.running


def test_what_comes_back_from_elsewhere_is_timed_anew() -> None:
    referred = ask(referral.ReferCaseOut, target="railway", basis="Article 30")
    failed = ask(referral.RecordDeliveryFailure, text="Unknown there")
    story = Story(EVERYTHING).at(9, ACCEPT).at(10, referred)
    assert story.running == {}
    assert story.at(20, failed).running == {"DISPATCH": 2, "RESOLUTION": 2}
    never_accepted = Story(EVERYTHING).at(9, referred, failed)
    assert never_accepted.running == {"DISPATCH": 1, "RESOLUTION": 1}


def test_what_is_asked_is_due_no_later_than_silence_counts() -> None:
    slow = arranged(minutes(ClockKind.CO_REPLY, 6_000), minutes(ClockKind.FEEDBACK, 6_000))
    asked = ask(cohandling.RequestCoHandling, unit="police", question="Seen?")
    story = Story(slow).at(9, ACCEPT, DISPATCH, SIGN).at(10, asked)
    event = story.said(cohandling.CoHandlingRequested)[0]
    assert story["CO_REPLY/police"].unit == "police"
    assert story["CO_REPLY/police"].due == event.due
    replied = ask(cohandling.ReplyCoHandling, unit="police", reply="No.")
    assert "CO_REPLY/police" not in story.at(11, replied).running
    story.at(11, SUBMIT, VERIFY)
    assert story["FEEDBACK"].due == story.said(feedback.FeedbackRequested)[0].due


class TestWhatNobodyNoticed:
    def test_is_recorded_when_the_clock_stops(self) -> None:
        story = Story(EVERYTHING)
        due = story["ACCEPTANCE"].due
        story.at(24 * 5, ACCEPT)
        (breach,) = story.said(DeadlineBreached)
        assert (breach.timestamp, breach.clock.breached_at) == (due, due)
        assert (breach.clock.name, breach.clock.next_at) == ("ACCEPTANCE", None)
        assert "ACCEPTANCE" not in story.running

    def test_is_recorded_once(self) -> None:
        story = Story(EVERYTHING)
        for _ in range(2):
            acts = story["ACCEPTANCE"].next_at
            assert acts is not None
            story.at((acts - hour(0)) / timedelta(hours=1), ask(RaiseDeadline, clock="ACCEPTANCE"))
        assert story["ACCEPTANCE"].is_breached
        assert story.at(24 * 5, ACCEPT).said(DeadlineBreached) == []

    def test_is_recorded_when_the_clock_stands_still(self) -> None:
        soil = SuspensionReason("SOIL", label("soil"))
        story = Story(arranged(minutes(ClockKind.RESOLUTION, 60), reasons=(soil,)))
        story.at(8, ACCEPT, DISPATCH, SIGN)
        due = story["RESOLUTION"].due
        rest = ask(
            suspension.RequestSuspension,
            suspension_reason="SOIL",
            expected_resume=hour(40),
            ground="Frozen",
        )
        story.at(20, rest, ask(suspension.ApproveSuspension))
        assert [each.timestamp for each in story.said(DeadlineBreached)] == [due]
        assert (story["RESOLUTION"].breached_at, story["RESOLUTION"].is_paused) == (due, True)

    def test_is_nothing_where_the_clock_stops_when_it_is_due(self) -> None:
        story = Story(EVERYTHING)
        at = (story["ACCEPTANCE"].due - hour(0)) / timedelta(hours=1)
        assert story.at(at, ACCEPT).said(DeadlineBreached) == []

    def test_waits_for_the_worker_while_the_clock_runs_on(self) -> None:
        story = Story(EVERYTHING)
        note = ask(handling.AddNote, text="Late.", audience=Audience.INTERNAL)
        assert story.at(24 * 5, note).said(DeadlineBreached) == []


class TestMerging:
    def both(self, survivor_accepts: float, **said: Any) -> tuple[Story, Story]:
        """The case, accepted at nine, and the one into which it is merged."""
        case = Story(EVERYTHING).at(8, ACCEPT)
        other = Story(EVERYTHING, case_id=OTHER, **said).at(survivor_accepts, ACCEPT)
        return case, other

    def merge(self, case: Story, other: Story, hours: float = 30) -> None:
        case.at(hours, ask(MergeCase, other_case=OTHER), beside=other)

    def test_the_survivor_keeps_the_earliest_due_and_the_absorbed_clocks_stop(self) -> None:
        case, other = self.both(12)
        due, own = case["RESOLUTION"].due, other["RESOLUTION"].due
        self.merge(case, other)
        assert case.running == {}
        assert (other["RESOLUTION"].due, other["RESOLUTION"].first_due) == (due, own)
        (amended,) = other.said(ClocksAmended)
        assert amended.basis is AmendmentBasis.MERGE
        assert [each.due_before for each in amended.clocks] == [own]

    def test_a_survivor_that_is_due_earlier_stays_so(self) -> None:
        case, other = self.both(8)
        before = other["RESOLUTION"]
        self.merge(case, other)
        assert other["RESOLUTION"] is before
        assert other.said(ClocksAmended) == []

    def test_reversed_both_are_due_as_they_were(self) -> None:
        case, other = self.both(12)
        before, own = case.case.clocks, other["RESOLUTION"].due
        self.merge(case, other)
        case.at(31, ask(ReverseMerge), beside=other)
        assert case.case.clocks == before
        assert other["RESOLUTION"].due == own
        assert other["RESOLUTION"].own_due is None
        (amended,) = other.said(ClocksAmended)
        assert amended.basis is AmendmentBasis.MERGE_REVERSED

    def test_reversed_it_is_late_where_it_became_so_meanwhile(self) -> None:
        case, other = self.both(8)
        due = case["RESOLUTION"].due
        self.merge(case, other)
        case.at(24 * 30, ask(ReverseMerge), beside=other)
        assert case["RESOLUTION"].breached_at == due
        assert due in [each.timestamp for each in case.said(DeadlineBreached)]

    def test_reversed_after_the_survivor_closed_moves_nothing_there(self) -> None:
        case, other = self.both(12)
        self.merge(case, other)
        other.at(31, DISPATCH, SIGN, SUBMIT, VERIFY, beside=case).at(32, ANSWER, beside=case)
        assert (case.running, other.running) == ({}, {})
        case.at(33, ask(ReverseMerge), beside=other)
        assert other.said(ClocksAmended) == []
        assert case.running == {"DISPATCH": 1, "RESOLUTION": 1}

    def test_what_was_late_already_makes_the_survivor_late(self) -> None:
        case, other = self.both(24 * 20)
        due = case["RESOLUTION"].due
        self.merge(case, other, 24 * 20 + 1)
        assert (other["RESOLUTION"].due, other["RESOLUTION"].breached_at) == (due, due)
        assert [each.timestamp for each in other.said(DeadlineBreached)] == [due]

    def test_a_survivor_that_was_brought_after_that_is_late_from_its_beginning_on(self) -> None:
        case = Story(EVERYTHING).at(8, ACCEPT)
        brought = 24 * 20
        other = Story(EVERYTHING, case_id=OTHER, brought=brought).at(brought + 1, ACCEPT)
        self.merge(case, other, brought + 2)
        assert case.case.absorbed_dues == {}
        assert other["RESOLUTION"].breached_at == hour(brought)
        assert [each.timestamp for each in other.said(DeadlineBreached)] == [hour(brought)]

    def test_reversed_a_limit_that_was_noticed_with_the_merge_is_not_passed_again(self) -> None:
        case, other = self.both(12)
        due = case["DISPATCH"].due
        self.merge(case, other, 24 * 20)
        assert due in [each.timestamp for each in case.said(DeadlineBreached)]
        case.at(24 * 20 + 1, ask(ReverseMerge), beside=other)
        assert case["DISPATCH"].breached_at == due
        assert case.said(DeadlineBreached) == []

    def test_reversed_a_publication_that_was_refused_meanwhile_is_not_timed_again(self) -> None:
        case, other = self.both(12)
        case.at(13, ask(publication.ProposePublication, title="A noisy workshop"))
        self.merge(case, other)
        assert case.running == {"PUBLICATION": 1}
        case.at(31, ask(publication.RefusePublication), beside=other)
        case.at(32, ask(ReverseMerge), beside=other)
        assert case.running == {"DISPATCH": 1, "RESOLUTION": 1}

    def test_a_survivor_that_is_accepted_later_is_due_as_early(self) -> None:
        case = Story(EVERYTHING).at(8, ACCEPT)
        other = Story(EVERYTHING, case_id=OTHER)
        due = case["RESOLUTION"].due
        self.merge(case, other, 9)
        other.at(30, ACCEPT, beside=case)
        clock = other["RESOLUTION"]
        assert clock.due == due
        assert clock.own_due is not None
        case.at(31, ask(ReverseMerge), beside=other)
        assert other["RESOLUTION"].due == clock.own_due

    def test_a_survivor_that_is_late_by_then_was_late_when_it_began(self) -> None:
        case = Story(EVERYTHING).at(8, ACCEPT)
        other = Story(EVERYTHING, case_id=OTHER)
        due = case["RESOLUTION"].due
        self.merge(case, other, 9)
        other.at(24 * 30, ACCEPT, beside=case)
        assert other["RESOLUTION"].breached_at == due
        assert due in [each.timestamp for each in other.said(DeadlineBreached)]

    def test_another_cycle_is_due_by_itself(self) -> None:
        case, other = self.both(12)
        self.merge(case, other)
        other.at(31, DISPATCH, SIGN, SUBMIT, VERIFY, beside=case).at(32, ANSWER, beside=case)
        other.at(40, REOPEN, beside=case)
        assert other["RESOLUTION"].own_due is None
        assert other.case.absorbed_dues == {}

    def test_what_was_asked_of_others_is_not_asked_again(self) -> None:
        case = in_progress(8)
        other = Story(EVERYTHING, case_id=OTHER)
        case.at(10, ask(cohandling.RequestCoHandling, unit="police", question="Seen?"))
        self.merge(case, other, 11)
        case.at(12, ask(ReverseMerge), beside=other)
        assert case.running == {"FIRST_CONTACT": 1, "RESOLUTION": 1, "STAGE": 1}

    @pytest.mark.parametrize("asked", [True, False])
    def test_a_return_that_is_still_to_be_decided_is_timed_on(self, asked: bool) -> None:
        case = Story(EVERYTHING).at(8, ACCEPT, DISPATCH)
        other = Story(EVERYTHING, case_id=OTHER)
        if asked:
            case.at(9, RETURN)
        self.merge(case, other, 11)
        case.at(12, ask(ReverseMerge), beside=other)
        assert ("APPROVAL/RETURN" in case.running) is asked

    def test_its_reporter_is_waited_for_anew(self) -> None:
        case = in_progress(8).at(9, SUBMIT, VERIFY)
        other = Story(EVERYTHING, case_id=OTHER)
        self.merge(case, other, 10)
        case.at(30, ask(ReverseMerge), beside=other)
        assert case.running == {"FEEDBACK": 2, "FIRST_CONTACT": 1}
        assert case["FEEDBACK"].started_at == hour(30)


class TestEmergencies:
    DECLARE = ask(emergency.DeclareEmergency, expires=hour(100))

    def test_tighten_what_has_a_limit_for_them(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT)
        due, dispatch = story["RESOLUTION"].due, story["DISPATCH"]
        story.at(20, self.DECLARE)
        clock = story["RESOLUTION"]
        assert (clock.due, clock.first_due) == (hour(22), due)
        assert (clock.counts_from, clock.started_at) == (hour(20), hour(9))
        assert (clock.next_percent, clock.next_at) == (80, hour(20) + timedelta(minutes=96))
        assert story["DISPATCH"] is dispatch
        assert [event.basis for event in story.said(ClocksAmended)] == [AmendmentBasis.EMERGENCY]

    def test_loosen_nothing(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT).at(20, self.DECLARE)
        clock = story["RESOLUTION"]
        story.at(21, ask(emergency.DeclareEmergency, expires=hour(120)))
        assert story["RESOLUTION"] is clock
        story.at(21.5, ask(emergency.EndEmergency))
        assert story["RESOLUTION"] is clock

    def test_do_not_touch_what_is_late(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT)
        for _ in range(2):
            acts = story["RESOLUTION"].next_at
            assert acts is not None
            hours = (acts - hour(0)) / timedelta(hours=1)
            story.at(hours, ask(RaiseDeadline, clock="RESOLUTION"))
        clock = story["RESOLUTION"]
        assert clock.is_breached
        story.at(24 * 30, ask(emergency.DeclareEmergency, expires=hour(24 * 31)))
        assert story["RESOLUTION"] is clock

    def test_without_a_policy_change_no_clock(self) -> None:
        assert Story(NOTHING_ARRANGED).at(9, self.DECLARE).running == {}

    def test_hold_for_what_starts_meanwhile(self) -> None:
        story = Story(EVERYTHING).at(8, self.DECLARE).at(9, ACCEPT)
        assert story["RESOLUTION"].due == hour(11)


class TestAnotherType:
    def test_keeps_the_limits_unless_somebody_wants_otherwise(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT)
        clock = story["RESOLUTION"]
        story.at(10, ask(correction.ReclassifyCase, type_code="lift"))
        assert story["RESOLUTION"] is clock

    def test_gets_those_of_the_type_from_the_start_on_where_that_is_wanted(self) -> None:
        story = Story(EVERYTHING).at(9, ACCEPT)
        story.at(10, ask(correction.ReclassifyCase, type_code="lift", recompute_clocks=True))
        # Sixteen hours of work since ten o'clock on Friday.
        assert story["RESOLUTION"].due == datetime(2024, 3, 5, 10, tzinfo=UTC)
        assert story.said(correction.CaseReclassified)[0].clock_effect is ClockEffect.RECOMPUTED
        (amended,) = story.said(ClocksAmended)
        assert amended.basis is AmendmentBasis.RECLASSIFICATION
        assert [each.clock.kind for each in amended.clocks] == [ClockKind.RESOLUTION]

    def test_has_no_effect_where_nothing_runs(self) -> None:
        story = Story(NOTHING_ARRANGED)
        story.at(10, ask(correction.ReclassifyCase, type_code="lift", recompute_clocks=True))
        assert story.said(correction.CaseReclassified)[0].clock_effect is ClockEffect.NONE


def test_a_storm_of_comments_edits_and_urging_moves_no_due_time() -> None:
    story = in_progress()
    before = story.case.clocks
    for number in range(30):
        story.at(
            10 + number,
            ask(handling.AddNote, text=f"Note {number}", audience=Audience.INTERNAL),
            ask(handling.RecordProgress, text=f"Step {number}"),
            ask(correction.CorrectCase, title=f"Title {number}", description=f"Text {number}"),
        )
        if number == 0:
            story.at(10 + number, ask(urging.UrgeCase, text="Please."))
    assert story.case.clocks is before


def test_each_kind_of_the_policy_has_a_limit_here() -> None:
    assert {rule.clock for rule in ALL} == set(ClockKind)
