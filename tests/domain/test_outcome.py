from typing import Any

import pytest

from domain.case import outcome
from domain.case.lifecycle import Stage
from domain.case.vocabulary import ResolutionOutcome
from domain.identity import Caller, Role
from tests.domain.histories import (
    AWAITING,
    CLOSED,
    IN_PROGRESS,
    RESOLVED,
    asked,
    closed,
    dispatched,
    lapsed,
    resolution,
    reworked,
    signed_for,
    verified,
)
from tests.domain.people import (
    EVALUATOR,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
    SUPERVISOR,
    person,
)
from tests.domain.scenario import ask, given, happened

RESOLVER_ON_DUTY = person(OFFICER.principal, Role.OFFICER, Role.REGISTRAR)


def reopened(cycle: int) -> Any:
    return happened(outcome.CaseReopened, cycle=cycle, ground="As loud as before.")


def answer(**said: Any) -> outcome.RecordFeedback:
    return ask(outcome.RecordFeedback, **said)


class TestSubmitResolution:
    @pytest.mark.parametrize("reached", ResolutionOutcome)
    def test_says_what_was_reached_and_by_whom(self, reached: ResolutionOutcome) -> None:
        command = ask(outcome.SubmitResolution, outcome=reached, measures="Ten.", basis="Law 3")
        case = (
            given(*IN_PROGRESS)
            .when(command, by=OFFICER)
            .then(resolution(outcome=reached, measures="Ten.", basis="Law 3"))
        )
        assert case.resolver == OFFICER.principal

    def test_needs_measures(self) -> None:
        command = ask(
            outcome.SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures=" ", basis=" "
        )
        given(*IN_PROGRESS).when(command).refused("INVALID_INPUT", path=["measures"])


class TestVerify:
    def test_then_the_reporter_is_asked(self) -> None:
        given(*RESOLVED).when(ask(outcome.VerifyResolution), by=REGISTRAR).then(verified, asked)

    def test_or_the_case_closes_at_once(self) -> None:
        command = ask(outcome.VerifyResolution, ask_feedback=False, public_reason="Done.")
        given(*RESOLVED).when(command, by=SUPERVISOR).then(verified, closed("Done."))

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
        given(*past).when(ask(outcome.VerifyResolution), by=RESOLVER_ON_DUTY).then(verified, asked)


class TestRework:
    def test_goes_back_to_the_unit(self) -> None:
        command = ask(outcome.OrderRework, demand="Measure again at night.")
        case = given(*RESOLVED).when(command, by=REGISTRAR).then(reworked)
        assert case.stage is Stage.IN_PROGRESS

    def test_says_what_is_missing(self) -> None:
        given(*RESOLVED).when(ask(outcome.OrderRework, demand="")).refused(
            "INVALID_INPUT", path=["demand"]
        )


class TestFeedback:
    @pytest.mark.parametrize("by", [REPORTER, EVALUATOR])
    @pytest.mark.parametrize(
        "said",
        [
            {"contacted": True, "resolved": True, "satisfaction": 5},
            {"contacted": True, "resolved": False, "satisfaction": 1},
            {"contacted": True, "resolved": None, "satisfaction": None},
            {"contacted": False, "resolved": None, "satisfaction": None},
        ],
    )
    def test_closes_the_case(self, said: dict[str, Any], by: Caller) -> None:
        given(*AWAITING).when(answer(**said), by=by).then(
            happened(outcome.FeedbackReceived, **said), closed()
        )

    @pytest.mark.parametrize(
        ("said", "names"),
        [
            ({"resolved": True}, ["resolved"]),
            ({"resolved": False, "satisfaction": 3}, ["resolved", "satisfaction"]),
            ({"satisfaction": 9}, ["satisfaction"]),
        ],
    )
    def test_whoever_was_not_contacted_did_not_answer(
        self, said: dict[str, Any], names: list[str]
    ) -> None:
        given(*AWAITING).when(answer(contacted=False, **said)).refused(
            "FEEDBACK_WITHOUT_CONTACT", given=names
        )

    @pytest.mark.parametrize("satisfaction", [0, 6, -1, 1_000_000])
    def test_satisfaction_has_five_steps(self, satisfaction: int) -> None:
        given(*AWAITING).when(answer(contacted=True, satisfaction=satisfaction)).refused(
            "INVALID_INPUT", path=["satisfaction"]
        )


class TestClose:
    def test_where_nobody_answers_the_feedback_lapses(self) -> None:
        command = ask(outcome.CloseCase, public_reason="No answer.")
        given(*AWAITING).when(command, by=REGISTRAR).then(lapsed, closed("No answer."))

    def test_a_blank_reason_is_none(self) -> None:
        given(*AWAITING).when(ask(outcome.CloseCase, public_reason=" ")).then(lapsed, closed())


class TestReopen:
    command = ask(outcome.ReopenCase, ground="As loud as before.")

    @pytest.mark.parametrize("by", [REPORTER, SUPERVISOR])
    def test_begins_a_new_cycle(self, by: Caller) -> None:
        case = given(*CLOSED).when(self.command, by=by).then(reopened(2))
        assert (case.stage, case.cycle, case.resolver) == (Stage.ACCEPTED, 2, None)

    def test_and_another(self) -> None:
        again = (dispatched, signed_for, resolution(), verified, closed())
        given(*CLOSED, reopened(2), *again).when(self.command).then(reopened(3))

    def test_says_why(self) -> None:
        given(*CLOSED).when(ask(outcome.ReopenCase, ground=" ")).refused(
            "INVALID_INPUT", path=["ground"]
        )

    def test_somebody_elses_case_does_not_exist(self) -> None:
        given(*CLOSED).when(self.command, by=NEIGHBOUR).refused("NOT_FOUND", what="case")
