"""Whose case it is: returns inside their window, and the arbitration that ends them."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.case import outcome, reopening, returns, routing
from domain.case.lifecycle import Stage
from domain.case.regions import Returns, ReturnState
from domain.case.vocabulary import ResolutionOutcome
from domain.catalogue.content import Window, WindowSetting
from domain.command import Arrangements
from domain.identity import Caller, Role
from tests.domain.configuring import case_type
from tests.domain.histories import (
    IN_PROGRESS,
    accepted,
    dispatched,
    dispatched_to,
    registered,
)
from tests.domain.office import appointed, directory_of, position, unit
from tests.domain.passages import (
    DISPATCHED_AT,
    arbitrated,
    arbitration_requested,
    return_rejected,
    return_requested,
    return_upheld,
)
from tests.domain.people import DISPATCHER, OFFICER, REGISTRAR, UNIT_LEADER, person
from tests.domain.scenario import BEGAN, STEP, Fact, Outcome, ask, given, happened
from tests.domain.test_arrangements import catalogue

DISPATCHED: Final = (registered(), accepted, dispatched)
SOON: Final = DISPATCHED_AT + STEP
BOTH: Final = person("both", Role.OFFICER, Role.DISPATCHER, Role.REGISTRAR)


def request(*past: Fact, by: Caller = OFFICER, **said: Any) -> Outcome:
    command = ask(returns.RequestReturn, **{"ground": "Not our road", "occurred_at": SOON, **said})
    return given(*past).when(command, by=by)


def arbitration(*past: Fact, by: Caller = OFFICER, **said: Any) -> Outcome:
    return given(*past).when(ask(returns.RequestArbitration, ground="It is not", **said), by=by)


def arbitrating(lead: str, *past: Fact, by: Caller = REGISTRAR) -> Outcome:
    command = ask(returns.ArbitrateResponsibility, lead_unit=lead, ground="By the list of duties")
    return given(*past).when(command, by=by)


class TestRequest:
    @pytest.mark.parametrize("by", [OFFICER, UNIT_LEADER])
    def test_says_why_and_whose_it_is_instead(self, by: Caller) -> None:
        case = request(*DISPATCHED, by=by, suggested_unit="roads", basis=" ").then(
            return_requested(by.principal, "roads")
        )
        assert case.stage is Stage.DISPATCHED
        assert case.returns.state is ReturnState.REQUESTED

    def test_needs_a_ground(self) -> None:
        request(*DISPATCHED, ground=" ").refused("INVALID_INPUT", path=["ground"])

    def test_is_for_the_unit_to_make(self) -> None:
        request(*DISPATCHED, by=DISPATCHER).refused("NOT_PERMITTED")

    def test_is_possible_to_the_end_of_the_window(self) -> None:
        last = DISPATCHED_AT + timedelta(minutes=240)
        assert request(*DISPATCHED, occurred_at=last).refusal is None
        request(*DISPATCHED, occurred_at=last + timedelta(microseconds=1)).refused(
            "RETURN_WINDOW_OVER", until=last.isoformat()
        )

    def test_the_window_begins_anew_with_another_dispatch(self) -> None:
        past = (*DISPATCHED, return_requested(), return_upheld(), dispatched_to("roads"))
        assert request(*past, occurred_at=BEGAN + 9 * STEP).refusal is None

    def test_two_are_possible(self) -> None:
        twice = (return_requested(), return_rejected) * 2
        request(*DISPATCHED, *twice[:2]).then(return_requested())
        request(*DISPATCHED, *twice).refused("RETURNS_EXHAUSTED", most=2)

    def test_a_type_may_have_it_otherwise(self) -> None:
        settings = (
            WindowSetting(Window.RETURN_MINUTES, 30),
            WindowSetting(Window.MOST_RETURNS, 1),
        )
        there = Arrangements(catalogue=catalogue(case_type("noise", windows=settings)))
        past = (registered(catalogue_version=1), accepted, dispatched)
        late = ask(returns.RequestReturn, ground="Not our road", occurred_at=SOON)
        given(*past).where(there).when(late, by=OFFICER).refused("RETURN_WINDOW_OVER")
        again = (*past, return_requested(), return_rejected)
        given(*again).where(there).when(late, by=OFFICER).refused("RETURNS_EXHAUSTED", most=1)

    def test_one_at_a_time(self) -> None:
        request(*DISPATCHED, return_requested()).refused("RETURN_PENDING", state="REQUESTED")
        request(*DISPATCHED, arbitration_requested()).refused(
            "RETURN_PENDING", state="IN_ARBITRATION"
        )

    def test_a_unit_that_signed_keeps_it(self) -> None:
        request(*IN_PROGRESS).refused("WRONG_STAGE")

    def test_the_suggested_unit_is_there(self) -> None:
        command = ask(returns.RequestReturn, ground="No", suggested_unit="nobody", occurred_at=SOON)
        there = Arrangements(directory_of(unit("environment")))
        given(*DISPATCHED).where(there).when(command, by=OFFICER).refused(
            "UNIT_NOT_ACTIVE", unit="nobody"
        )

    def test_meanwhile_nobody_signs_or_resolves(self) -> None:
        given(*DISPATCHED, return_requested()).when(ask(routing.SignForCase)).refused(
            "RETURN_PENDING"
        )
        resolving = ask(
            outcome.SubmitResolution, outcome=ResolutionOutcome.EXPLAINED, measures="Told them"
        )
        given(*IN_PROGRESS, arbitration_requested()).when(resolving).refused("RETURN_PENDING")


class TestDecision:
    def test_upheld_the_case_is_nobodys(self) -> None:
        case = (
            given(*DISPATCHED, return_requested())
            .when(ask(returns.UpholdReturn), by=DISPATCHER)
            .then(return_upheld())
        )
        assert (case.stage, case.lead_unit, case.returns) == (
            Stage.ACCEPTED,
            None,
            Returns(requested=1, upheld=1),
        )

    def test_rejected_it_stays(self) -> None:
        case = (
            given(*DISPATCHED, return_requested())
            .when(ask(returns.RejectReturn, ground="It is"), by=DISPATCHER)
            .then(return_rejected)
        )
        assert (case.stage, case.lead_unit) == (Stage.DISPATCHED, "environment")
        assert case.returns == Returns(requested=1, rejected=True)

    @pytest.mark.parametrize(
        "command", [ask(returns.UpholdReturn), ask(returns.RejectReturn, ground="It is")]
    )
    def test_is_of_another_person_than_whoever_asked(self, command: Any) -> None:
        past = given(*DISPATCHED, return_requested(BOTH.principal))
        past.when(command, by=BOTH).refused("REQUESTER_DECIDES")
        past.when(command, by=OFFICER).refused("NOT_PERMITTED")

    @pytest.mark.parametrize("past", [DISPATCHED, (*DISPATCHED, arbitration_requested())])
    def test_needs_a_request(self, past: tuple[Fact, ...]) -> None:
        given(*past).when(ask(returns.UpholdReturn)).refused("NO_RETURN_REQUESTED")

    def test_a_rejection_says_why(self) -> None:
        given(*DISPATCHED, return_requested()).when(ask(returns.RejectReturn, ground="")).refused(
            "INVALID_INPUT", path=["ground"]
        )


class TestArbitration:
    @pytest.mark.parametrize(
        "past",
        [
            DISPATCHED,
            IN_PROGRESS,
            (*DISPATCHED, return_requested(), return_rejected),
            (*DISPATCHED, *(return_requested(), return_upheld(), dispatched) * 2),
            (*DISPATCHED, *(return_requested(), return_upheld(), dispatched) * 2)[:-1],
        ],
    )
    def test_is_asked_for_where_no_return_is_left(self, past: tuple[Fact, ...]) -> None:
        case = arbitration(*past).then(arbitration_requested())
        assert case.returns.state is ReturnState.IN_ARBITRATION

    def test_or_after_a_rejection_at_once(self) -> None:
        past = (*DISPATCHED, return_requested(), return_rejected)
        arbitration(*past, occurred_at=SOON).then(arbitration_requested())

    @pytest.mark.parametrize(
        ("past", "said"),
        [
            (DISPATCHED, {"occurred_at": SOON}),
            ((registered(), accepted), {}),
            ((*DISPATCHED, return_requested(), return_upheld()), {}),
        ],
    )
    def test_comes_after_that(self, past: tuple[Fact, ...], said: dict[str, Any]) -> None:
        arbitration(*past, **said).refused("RETURN_STILL_POSSIBLE")

    def test_needs_a_ground(self) -> None:
        command = ask(returns.RequestArbitration, ground=" ")
        given(*DISPATCHED).when(command).refused("INVALID_INPUT", path=["ground"])

    def test_names_another_lead_which_has_to_sign(self) -> None:
        past = (*IN_PROGRESS, arbitration_requested())
        case = arbitrating("roads", *past).then(
            arbitrated("roads", "environment"), dispatched_to("roads")
        )
        assert (case.stage, case.lead_unit) == (Stage.DISPATCHED, "roads")
        assert case.returns == Returns(arbitrated=True)

    @pytest.mark.parametrize("past", [DISPATCHED, IN_PROGRESS])
    def test_or_the_one_that_leads_already_which_goes_on(self, past: tuple[Fact, ...]) -> None:
        case = arbitrating("environment", *past, arbitration_requested()).then(
            arbitrated("environment", "environment")
        )
        assert case.stage is (Stage.IN_PROGRESS if past == IN_PROGRESS else Stage.DISPATCHED)

    def test_or_any_where_nobody_leads(self) -> None:
        past = (registered(), accepted, arbitration_requested())
        arbitrating("roads", *past).then(arbitrated("roads", None), dispatched_to("roads"))

    def test_those_that_help_go_on_helping(self) -> None:
        past = (registered(), accepted, dispatched_to("environment", "roads", "police"))
        arbitrating("roads", *past, arbitration_requested()).then(
            arbitrated("roads", "environment"), dispatched_to("roads", "police")
        )

    def test_is_told_where_the_unit_is_not_competent(self) -> None:
        there = Arrangements(directory_of(unit("environment"), unit("roads", competences=("x",))))
        command = ask(
            returns.ArbitrateResponsibility, lead_unit="roads", ground="By the list of duties"
        )
        given(*DISPATCHED, arbitration_requested()).where(there).when(command, by=REGISTRAR).then(
            arbitrated("roads", "environment"), dispatched_to("roads", by_override=True)
        )

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"lead_unit": " ", "ground": "So"}, "INVALID_INPUT"),
            ({"lead_unit": "roads", "ground": " "}, "INVALID_INPUT"),
            ({"lead_unit": "roads", "ground": "So"}, "UNIT_NOT_ACTIVE"),
        ],
    )
    def test_names_a_unit_and_says_why(self, said: dict[str, Any], code: str) -> None:
        there = Arrangements(directory_of(unit("environment")))
        past = given(*DISPATCHED, arbitration_requested()).where(there)
        past.when(ask(returns.ArbitrateResponsibility, **said), by=REGISTRAR).refused(code)

    def test_is_of_the_registrar_and_not_of_whoever_asked(self) -> None:
        past = (*DISPATCHED, arbitration_requested(BOTH.principal))
        arbitrating("roads", *past, by=BOTH).refused("REQUESTER_DECIDES")
        arbitrating("roads", *past, by=DISPATCHER).refused("NOT_PERMITTED")

    @pytest.mark.parametrize("past", [DISPATCHED, (*DISPATCHED, return_requested())])
    def test_needs_a_request(self, past: tuple[Fact, ...]) -> None:
        arbitrating("roads", *past).refused("NOT_IN_ARBITRATION")

    def test_is_final_for_the_cycle(self) -> None:
        past = (*DISPATCHED, arbitration_requested(), arbitrated("environment", "environment"))
        request(*past).refused("ALREADY_ARBITRATED")
        arbitration(*past).refused("ALREADY_ARBITRATED")

    def test_meanwhile_it_is_not_dispatched(self) -> None:
        past = (registered(), accepted, arbitration_requested())
        command = ask(routing.DispatchCase, lead_unit="roads")
        given(*past).when(command, by=DISPATCHER).refused("RETURN_PENDING")


def test_a_new_cycle_begins_without_returns() -> None:
    reopened = happened(reopening.CaseReopened, cycle=2, ground="Loud again", by=None)
    past = (*DISPATCHED, return_requested(), return_rejected, reopened)
    case = given(*past).case
    assert case is not None
    assert case.returns == Returns()


def test_returned_twice_then_arbitrated() -> None:
    """Scenario 1 of DOMAIN.md section 10, its routing half: the lead is fixed."""
    there = Arrangements(
        directory_of(
            unit("roads"),
            unit("parks"),
            position("warden", "roads"),
            appointed("warden", OFFICER.principal),
        )
    )
    past = [registered(), accepted]
    for lead in ("roads", "parks"):
        past += [dispatched_to(lead), return_requested(), return_upheld(lead)]
    past.append(dispatched_to("roads"))
    third = BEGAN + len(past) * STEP
    asking = ask(returns.RequestReturn, ground="Not our road", occurred_at=third)
    given(*past).where(there).when(asking, by=OFFICER).refused("RETURNS_EXHAUSTED", most=2)

    past.append(arbitration_requested())
    given(*past).where(there).when(asking, by=OFFICER).refused("RETURN_PENDING")
    case = arbitrating("roads", *past).then(arbitrated("roads", "roads"))
    assert (case.stage, case.lead_unit, case.returns.arbitrated) == (
        Stage.DISPATCHED,
        "roads",
        True,
    )

    past.append(arbitrated("roads", "roads"))
    for command in (asking, ask(returns.RequestArbitration, ground="Again")):
        given(*past).where(there).when(command, by=OFFICER).refused("ALREADY_ARBITRATED")
    signing = given(*past).where(there).when(ask(routing.SignForCase), by=OFFICER)
    assert signing.refusal is None
