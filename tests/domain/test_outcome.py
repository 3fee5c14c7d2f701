"""How a resolution is submitted and checked, and how a case closes and is put away."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.case import closing, outcome
from domain.case.lifecycle import Stage
from domain.case.vocabulary import ResolutionOutcome
from domain.catalogue.content import EvidenceKind, Window, WindowSetting
from domain.identity import Role
from tests.domain.endings import (
    appeal_filed,
    archived,
    asked,
    closed,
    co_replied,
    co_requested,
    deemed_agreed,
    lapsed,
    reopened,
    verified,
    where_noise,
)
from tests.domain.histories import (
    AWAITING,
    CLOSED,
    IN_PROGRESS,
    RESOLVED,
    registered,
    resolution,
    reworked,
)
from tests.domain.people import OFFICER, REGISTRAR, SUPERVISOR, person
from tests.domain.scenario import BEGAN, NOW, STEP, ask, given, happened
from tests.domain.test_evidence import added

RESOLVER_ON_DUTY: Final = person(OFFICER.principal, Role.OFFICER, Role.REGISTRAR)
PROVED: Final = where_noise(evidence=(EvidenceKind.PHOTO_AFTER,))
AT_WORK: Final = (registered(catalogue_version=1), *IN_PROGRESS[1:])
CLOSED_AT: Final = BEGAN + (len(CLOSED) - 1) * STEP


def submit(reached: ResolutionOutcome = ResolutionOutcome.RESOLVED, **said: Any) -> Any:
    usual = {"measures": "The workshop closes at ten.", "basis": "Law 3"}
    return ask(outcome.SubmitResolution, outcome=reached, **{**usual, **said})


class TestSubmitResolution:
    @pytest.mark.parametrize("reached", ResolutionOutcome)
    def test_says_what_was_reached_and_by_whom(self, reached: ResolutionOutcome) -> None:
        case = (
            given(*IN_PROGRESS)
            .when(submit(reached), by=OFFICER)
            .then(resolution(outcome=reached, basis="Law 3"))
        )
        assert case.resolver == OFFICER.principal

    def test_needs_measures(self) -> None:
        given(*IN_PROGRESS).when(submit(measures=" ")).refused("INVALID_INPUT", path=["measures"])

    @pytest.mark.parametrize("reached", ResolutionOutcome)
    def test_that_nothing_is_done_rests_on_a_rule(self, reached: ResolutionOutcome) -> None:
        came_of_it = given(*IN_PROGRESS).when(submit(reached, basis=" "))
        if reached in {ResolutionOutcome.NOT_POSSIBLE, ResolutionOutcome.NOT_RESPONSIBLE}:
            came_of_it.refused("BASIS_NEEDED", outcome=reached.value)
        else:
            assert came_of_it.refusal is None

    @pytest.mark.parametrize("reached", ResolutionOutcome)
    def test_what_was_done_is_shown_where_the_type_wants_to_see_it(
        self, reached: ResolutionOutcome
    ) -> None:
        came_of_it = given(*AT_WORK).where(PROVED).when(submit(reached))
        if reached in {ResolutionOutcome.RESOLVED, ResolutionOutcome.PARTLY}:
            came_of_it.refused("EVIDENCE_NEEDED", kinds=["PHOTO_AFTER"])
        else:
            assert came_of_it.refusal is None

    def test_and_then_it_is_enough(self) -> None:
        assert given(*AT_WORK, added()).where(PROVED).when(submit()).refusal is None

    def test_another_type_wants_to_see_nothing(self) -> None:
        assert given(*AT_WORK).where(where_noise()).when(submit()).refusal is None

    def test_the_replies_of_other_units_are_waited_for(self) -> None:
        asked_two = (*IN_PROGRESS, co_requested("police"), co_requested("fire"))
        given(*asked_two).when(submit()).refused("CO_REPLIES_AWAITED", units=["fire", "police"])
        given(*asked_two, co_replied("police")).when(submit()).refused(
            "CO_REPLIES_AWAITED", units=["fire"]
        )
        done = (*asked_two, co_replied("police", agrees=False), deemed_agreed("fire"))
        assert given(*done).when(submit()).refusal is None


class TestVerify:
    def test_then_the_reporter_is_asked_within_a_working_day(self) -> None:
        given(*RESOLVED).when(ask(outcome.VerifyResolution), by=SUPERVISOR).then(
            verified, asked(NOW + timedelta(days=1))
        )

    def test_or_as_the_type_says(self) -> None:
        three_days = where_noise(windows=(WindowSetting(Window.FEEDBACK_DAYS, 3),))
        past = (registered(catalogue_version=1), *RESOLVED[1:])
        given(*past).where(three_days).when(ask(outcome.VerifyResolution), by=SUPERVISOR).then(
            verified, asked(NOW + timedelta(days=3))
        )

    def test_or_the_case_closes_at_once(self) -> None:
        command = ask(outcome.VerifyResolution, ask_feedback=False, public_reason="Done.")
        case = given(*RESOLVED).when(command, by=SUPERVISOR).then(verified, closed("Done."))
        assert (case.decider, case.decided_at) == (SUPERVISOR.principal, NOW)

    def test_a_public_reason_needs_a_case_that_closes(self) -> None:
        command = ask(outcome.VerifyResolution, public_reason="Done.")
        given(*RESOLVED).when(command).refused("INVALID_INPUT", path=["publicReason"])

    @pytest.mark.parametrize(
        "command",
        [ask(outcome.VerifyResolution), ask(outcome.OrderRework, demand="Again.")],
    )
    def test_whoever_resolved_does_not_check(
        self, command: outcome.VerifyResolution | outcome.OrderRework
    ) -> None:
        given(*RESOLVED).when(command, by=RESOLVER_ON_DUTY).refused("CHECKER_IS_RESOLVER")

    def test_the_last_resolver_counts(self) -> None:
        past = (*RESOLVED, reworked, resolution(resolver="colleague"))
        assert given(*past).when(ask(outcome.VerifyResolution), by=RESOLVER_ON_DUTY).events


class TestRework:
    def test_goes_back_to_the_unit(self) -> None:
        command = ask(outcome.OrderRework, demand="Measure again at night.")
        case = given(*RESOLVED).when(command, by=REGISTRAR).then(reworked)
        assert case.stage is Stage.IN_PROGRESS

    def test_says_what_is_missing(self) -> None:
        given(*RESOLVED).when(ask(outcome.OrderRework, demand="")).refused(
            "INVALID_INPUT", path=["demand"]
        )


class TestClose:
    def test_where_nobody_answers_the_feedback_lapses(self) -> None:
        command = ask(outcome.CloseCase, public_reason="No answer.")
        given(*AWAITING).when(command, by=REGISTRAR).then(lapsed, closed("No answer."))

    def test_a_blank_reason_is_none(self) -> None:
        given(*AWAITING).when(ask(outcome.CloseCase, public_reason=" ")).then(lapsed, closed())


class TestArchive:
    command: Final = ask(closing.ArchiveCase)

    def test_once_it_is_no_longer_kept_at_hand(self) -> None:
        until = CLOSED_AT + timedelta(days=15)
        given(*CLOSED).at(until).when(self.command, by=REGISTRAR).then(archived)
        given(*CLOSED).at(until - timedelta(seconds=1)).when(self.command).refused(
            "RETENTION_NOT_OVER", until=until.isoformat()
        )

    @pytest.mark.parametrize(
        "said",
        [
            {"windows": (WindowSetting(Window.RETENTION_DAYS, 40),)},
            {"windows": (WindowSetting(Window.APPEAL_DAYS, 40),)},
            {"reopening_days": 40},
        ],
    )
    def test_a_type_may_keep_it_for_longer_and_no_reporters_time_is_cut_short(
        self, said: dict[str, Any]
    ) -> None:
        past = (registered(catalogue_version=1), *CLOSED[1:])
        until = CLOSED_AT + timedelta(days=40)
        given(*past).where(where_noise(**said)).when(self.command).refused(
            "RETENTION_NOT_OVER", until=until.isoformat()
        )
        given(*past).where(where_noise(**said)).at(until).when(self.command).then(archived)

    def test_not_while_an_appeal_waits(self) -> None:
        given(*CLOSED, appeal_filed()).when(self.command).refused("APPEAL_OPEN", appeal=1)


class TestOlderShapes:
    """Entries of before it was recorded who checked are read as if nobody knew."""

    def test_a_verification(self) -> None:
        state: dict[str, object] = {}
        outcome.ResolutionVerified.upcast_v1_v2(state)
        assert state == {"checker": None}
        somebody = happened(outcome.ResolutionVerified, checker=None)
        case = given(*RESOLVED, somebody, asked(), lapsed, closed(), reopened(2, None)).case
        assert case is not None
        assert case.decider is None
