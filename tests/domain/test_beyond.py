"""What is beyond the usual course: referral, emergency, fall-back owner, urging."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from domain.calendar.state import WorkCalendars
from domain.case import emergency, fallback, handling, outcome, referral, routing, urging
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.regions import OpenStep, ReturnState
from domain.case.shortcuts import SHORTCUTS
from domain.case.timed import timed_command
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import ExternalStatus, ResolutionOutcome, Step
from domain.command import Arrangements, Command
from domain.identity import THE_SERVICE, Caller, Role
from domain.routing_policy.content import RoutingRule
from tests.domain.configuring import Configuring
from tests.domain.histories import (
    AT_STAGE,
    RESOLVED,
    accepted,
    dispatched,
    dispatched_to,
    registered,
    resolution,
)
from tests.domain.office import directory_of, unit
from tests.domain.passages import (
    acceptance_skipped,
    declared,
    delivery_failed,
    referred,
    return_requested,
    sign_off_open,
    sign_off_skipped,
)
from tests.domain.people import (
    DISPATCHER,
    INTAKE,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
    SUPERVISOR,
    UNIT_LEADER,
    person,
)
from tests.domain.scenario import BEGAN, CASE, NOW, STEP, Fact, ask, given, happened
from tests.domain.test_arrangements import policy

TOMORROW: Final = NOW + timedelta(days=1)


class TestReferral:
    def test_ends_the_case_here(self) -> None:
        past = (*AT_STAGE[Stage.DISPATCHED], declared, return_requested())
        command = ask(referral.ReferCaseOut, target="railway", basis="Article 30")
        case = given(*past).when(command, by=REGISTRAR).then(referred)
        assert (case.stage, case.emergency_until) == (Stage.REFERRED, None)
        assert case.returns.state is ReturnState.NONE
        given(*past).when(command, by=DISPATCHER).refused("NOT_PERMITTED")

    @pytest.mark.parametrize("blank", ["target", "basis"])
    def test_says_where_and_by_which_rule(self, blank: str) -> None:
        command = ask(referral.ReferCaseOut, **{"target": "a", "basis": "b", blank: " "})
        given(registered()).when(command).refused("INVALID_INPUT", path=[blank])

    @pytest.mark.parametrize("status", ExternalStatus)
    def test_what_comes_back_is_recorded(self, status: ExternalStatus) -> None:
        command = ask(referral.RecordExternalStatus, status=status, text=" ")
        case = (
            given(registered(), referred)
            .when(command, by=INTAKE)
            .then(happened(referral.ExternalStatusReceived, status=status, text=None))
        )
        assert case.stage is Stage.REFERRED

    def test_what_did_not_arrive_is_ours_again_and_nobody_leads_it(self) -> None:
        command = ask(referral.RecordDeliveryFailure, text="Unknown there")
        past = (*AT_STAGE[Stage.DISPATCHED], referred)
        case = given(*past).when(command, by=REGISTRAR).then(delivery_failed)
        assert (case.stage, case.lead_unit) == (Stage.ACCEPTED, None)

    def test_and_accepted_where_it_never_was(self) -> None:
        command = ask(referral.RecordDeliveryFailure, text="Unknown there")
        case = (
            given(registered(), referred).when(command, by=INTAKE).then(delivery_failed, accepted)
        )
        assert case.stage is Stage.ACCEPTED

    def test_says_what_went_wrong(self) -> None:
        command = ask(referral.RecordDeliveryFailure, text="")
        given(registered(), referred).when(command).refused("INVALID_INPUT", path=["text"])


DISPATCHING: Final = ask(routing.DispatchCase, lead_unit="environment")
PROGRESS: Final = ask(handling.RecordProgress, text="On the spot")
RESOLVING: Final = ask(
    outcome.SubmitResolution, outcome=ResolutionOutcome.EXPLAINED, measures="Out of danger"
)
progress: Final = happened(handling.ProgressRecorded, text="On the spot")


class TestEmergency:
    @pytest.mark.parametrize("by", [REGISTRAR, DISPATCHER])
    def test_is_declared_until_it_expires(self, by: Caller) -> None:
        command = ask(emergency.DeclareEmergency, expires=TOMORROW)
        case = given(registered()).when(command, by=by).then(declared)
        assert case.emergency_until == TOMORROW
        given(registered()).when(command, by=SUPERVISOR).refused("NOT_PERMITTED")

    def test_said_again_it_counts_until_then(self) -> None:
        given(registered(), declared).when(ask(emergency.DeclareEmergency, expires=TOMORROW)).then()
        later = TOMORROW + STEP
        case = (
            given(registered(), declared)
            .when(ask(emergency.DeclareEmergency, expires=later))
            .then(happened(emergency.EmergencyDeclared, expires=later))
        )
        assert case.emergency_until == later

    @pytest.mark.parametrize(
        "expires",
        [
            NOW,
            NOW - STEP,
            NOW + emergency.LONGEST + timedelta(seconds=1),
            datetime(2024, 4, 1),  # noqa: DTZ001 - without an offset
        ],
    )
    def test_ends_within_a_week(self, expires: datetime) -> None:
        command = ask(emergency.DeclareEmergency, expires=expires)
        given(registered()).when(command).refused("INVALID_INPUT", path=["expires"])

    def test_starts_a_timer_and_ends_by_it(self) -> None:
        past = (registered(), declared)
        (event,) = (
            given(registered()).when(ask(emergency.DeclareEmergency, expires=NOW + STEP)).events
        )
        assert isinstance(event, emergency.EmergencyDeclared)
        timer = Timer(TimerKind.EMERGENCY, "", NOW + STEP)
        assert event.starts() == (timer,)
        due = Timer(TimerKind.EMERGENCY, "", NOW)
        command = timed_command(CASE, 2, due)
        assert command.occurred_at == NOW
        case = given(*past).when(command, by=THE_SERVICE).case
        assert case is not None
        assert case.emergency_until is None

    @pytest.mark.parametrize(("after", "expired"), [(timedelta(), False), (STEP, True)])
    def test_says_whether_it_expired_or_was_ended(self, after: timedelta, expired: bool) -> None:
        until = happened(emergency.EmergencyDeclared, expires=NOW + STEP - after)
        ended = happened(emergency.EmergencyEnded, expired=expired)
        command = ask(emergency.EndEmergency)
        given(registered(), until).when(command, by=DISPATCHER).then(ended)
        (event,) = given(registered(), until).when(command).events
        assert isinstance(event, emergency.EmergencyEnded)
        assert event.stops() == (Stopped(TimerKind.EMERGENCY),)

    def test_there_is_one_to_end(self) -> None:
        given(registered()).when(ask(emergency.EndEmergency)).refused("NO_EMERGENCY")


EXAMPLES: Final[dict[str, Command]] = {
    command.NAME: command for command in (DISPATCHING, PROGRESS, RESOLVING)
}


class TestShortcuts:
    @pytest.mark.parametrize(("name", "stage"), SHORTCUTS)
    def test_each_passes_over_its_step_in_an_emergency_only(self, name: str, stage: Stage) -> None:
        command, past = EXAMPLES[name], AT_STAGE[stage]
        assert stage not in LIFECYCLE[name].sources
        given(*past).when(command).refused("WRONG_STAGE")
        case = given(*past, declared).when(command).case
        assert case is not None
        assert [each.step for each in case.open_steps] == [SHORTCUTS[name, stage]]

    def test_an_emergency_that_has_expired_helps_no_more(self) -> None:
        over = happened(emergency.EmergencyDeclared, expires=NOW)
        given(registered(), over).when(DISPATCHING).refused("WRONG_STAGE")

    def test_dispatch_goes_past_the_acceptance(self) -> None:
        case = (
            given(registered(), declared)
            .when(DISPATCHING, by=DISPATCHER)
            .then(acceptance_skipped(DISPATCHER.principal), dispatched)
        )
        assert (case.stage, case.accepted_at) == (Stage.DISPATCHED, NOW)

    def test_a_case_is_accepted_once(self) -> None:
        past = (registered(), accepted, acceptance_skipped())
        case = given(*past).case
        assert case is not None
        assert case.accepted_at == BEGAN + STEP

    @pytest.mark.parametrize(
        ("command", "fact"),
        [
            (PROGRESS, progress),
            (
                RESOLVING,
                resolution(outcome=ResolutionOutcome.EXPLAINED, measures="Out of danger"),
            ),
        ],
    )
    def test_the_unit_acts_before_it_signs(self, command: Command, fact: Fact) -> None:
        past = (registered(), accepted, dispatched, declared)
        given(*past).when(command, by=OFFICER).then(sign_off_skipped(OFFICER.principal), fact)

    def test_a_refusal_leaves_no_step_behind(self) -> None:
        past = given(registered(), accepted, dispatched, declared)
        past.when(ask(handling.RecordProgress, text=" ")).refused("INVALID_INPUT")
        past.when(ask(handling.RecordProgress, text=" ")).refused("INVALID_INPUT")

    def test_nor_does_anybody_act_who_might_not_sign(self) -> None:
        there = Arrangements(directory_of(unit("environment")))
        past = (registered(), accepted, dispatched, declared)
        given(*past).where(there).when(PROGRESS, by=OFFICER).refused("SIGNER_NOT_IN_LEAD_UNIT")
        given(*past, return_requested()).when(PROGRESS, by=OFFICER).refused("RETURN_PENDING")


class TestRegularising:
    command: Final = ask(emergency.RegulariseStep, step=Step.SIGN_OFF, finding="In order")
    regularised: Final = happened(emergency.StepRegularised, step=Step.SIGN_OFF, finding="In order")

    def test_nothing_closes_before(self) -> None:
        verifying = ask(outcome.VerifyResolution)
        given(*RESOLVED, sign_off_open).when(verifying, by=REGISTRAR).refused(
            "STEPS_OPEN", steps=["SIGN_OFF"]
        )
        past = (*RESOLVED, sign_off_open, self.regularised)
        assert given(*past).when(verifying, by=REGISTRAR).refusal is None

    def test_leaves_other_steps_open(self) -> None:
        past = (registered(), acceptance_skipped(), dispatched, sign_off_skipped())
        case = given(*past).when(self.command, by=REGISTRAR).then(self.regularised)
        assert case.open_steps == (OpenStep(Step.ACCEPTANCE, UNIT_LEADER.principal),)

    def test_is_of_another_person_than_whoever_passed_it_over(self) -> None:
        leader = person(UNIT_LEADER.principal, Role.REGISTRAR)
        past = (registered(), accepted, dispatched, sign_off_skipped())
        given(*past).when(self.command, by=leader).refused("SKIPPER_REGULARISES")
        more = (registered(), acceptance_skipped("other"), dispatched, sign_off_skipped())
        given(*more).when(self.command, by=leader).refused("SKIPPER_REGULARISES")
        given(*past).when(self.command, by=DISPATCHER).refused("NOT_PERMITTED")

    def test_there_is_such_a_step(self) -> None:
        given(registered()).when(self.command).refused("NOTHING_TO_REGULARISE")
        past = (registered(), acceptance_skipped())
        given(*past).when(self.command).refused("NOTHING_TO_REGULARISE")

    def test_says_what_was_found(self) -> None:
        past = (registered(), accepted, dispatched, sign_off_skipped())
        command = ask(emergency.RegulariseStep, step=Step.SIGN_OFF, finding=" ")
        given(*past).when(command).refused("INVALID_INPUT", path=["finding"])


def owned(code: str) -> Fact:
    return happened(fallback.FallbackOwnerAssigned, unit=code)


class TestFallbackOwner:
    @pytest.mark.parametrize("by", [DISPATCHER, THE_SERVICE])
    def test_answers_until_the_case_is_dispatched(self, by: Caller) -> None:
        past = (registered(), accepted)
        command = ask(fallback.AssignFallbackOwner, unit="duty")
        case = given(*past).when(command, by=by).then(owned("duty"))
        assert (case.stage, case.lead_unit) == (Stage.ACCEPTED, "duty")
        case = given(*past, owned("duty")).when(DISPATCHING, by=DISPATCHER).then(dispatched)
        assert (case.lead_unit, case.fallback_unit) == ("environment", None)

    def test_is_that_of_the_policy_where_none_is_said(self) -> None:
        there = Arrangements(routing=policy(RoutingRule("noise", 1, "environment")))
        command = ask(fallback.AssignFallbackOwner)
        given(registered(), accepted).where(there).when(command).then(owned("duty"))
        given(registered(), accepted).when(command).refused("INVALID_INPUT", path=["unit"])

    def test_is_there(self) -> None:
        there = Arrangements(directory_of(unit("environment")))
        command = ask(fallback.AssignFallbackOwner, unit="duty")
        given(registered(), accepted).where(there).when(command).refused("UNIT_NOT_ACTIVE")

    def test_the_same_again_is_no_news_and_another_takes_its_place(self) -> None:
        past = given(registered(), accepted, owned("duty"))
        past.when(ask(fallback.AssignFallbackOwner, unit="duty")).then()
        past.when(ask(fallback.AssignFallbackOwner, unit="centre")).then(owned("centre"))


def urged(by: str, text: str | None = None) -> Fact:
    return happened(urging.CaseUrged, text=text, by=by)


class TestUrging:
    @pytest.mark.parametrize(
        ("by", "key"), [(REPORTER, REPORTER.principal), (INTAKE, ""), (REGISTRAR, "")]
    )
    def test_whoever_waits_says_so_or_the_staff_for_them(self, by: Caller, key: str) -> None:
        command = ask(urging.UrgeCase, text="Still loud")
        given(registered()).when(command, by=by).then(urged(key, "Still loud"))

    def test_not_somebody_else(self) -> None:
        given(registered()).when(ask(urging.UrgeCase), by=NEIGHBOUR).refused("NOT_FOUND")

    def test_once_in_a_day_each(self) -> None:
        last = BEGAN + STEP
        past = (registered(), urged(REPORTER.principal))
        soon = ask(urging.UrgeCase, occurred_at=last + timedelta(hours=23))
        later = ask(urging.UrgeCase, occurred_at=last + timedelta(hours=24))
        given(*past).when(soon, by=REPORTER).refused(
            "URGED_TOO_SOON", possible_at=(last + timedelta(days=1)).isoformat()
        )
        given(*past).when(soon, by=INTAKE).then(urged(""))
        given(*past).when(later, by=REPORTER).then(urged(REPORTER.principal))

    def test_a_day_is_one_of_work(self) -> None:
        story = Configuring("Calendar")
        story.publish("Office", BEGAN - timedelta(days=400))
        assert isinstance(story.kept, WorkCalendars)
        there = Arrangements(calendar=story.kept, time_zone="UTC")
        # The case began on a Friday at one o'clock UTC; the office opens at nine.
        past = given(registered(), urged(REPORTER.principal)).where(there)
        monday = datetime(2024, 3, 4, tzinfo=UTC)
        command = ask(urging.UrgeCase, occurred_at=monday)
        past.when(command, by=REPORTER).refused("URGED_TOO_SOON")
        command = ask(urging.UrgeCase, occurred_at=monday + timedelta(hours=9))
        assert past.when(command, by=REPORTER).refusal is None

    def test_never_conflicts(self) -> None:
        assert urging.UrgeCase.COMMUTES
        assert handling.AddNote.COMMUTES
        assert not routing.DispatchCase.COMMUTES


def test_the_unit_that_a_case_goes_to_by_a_shortcut_is_checked_as_ever() -> None:
    there = Arrangements(directory_of(unit("roads")))
    given(registered(), declared).where(there).when(DISPATCHING).refused("UNIT_NOT_ACTIVE")
    assert dispatched == dispatched_to("environment")
