"""How a closed case comes back: at a word of its reporter or a supervisor, or by an appeal."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.case import appeals, reopening
from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState
from domain.case.vocabulary import ReopenedBy
from domain.catalogue.content import Window, WindowSetting
from domain.identity import Caller
from tests.domain.endings import (
    answered,
    appeal_decided,
    appeal_filed,
    asked,
    closed,
    reopened,
    verified,
    where_noise,
)
from tests.domain.histories import (
    AT_STAGE,
    CLOSED,
    RESOLVED,
    accepted,
    dispatched,
    registered,
    rejected,
    resolution,
    signed_for,
)
from tests.domain.people import INTAKE, NEIGHBOUR, REGISTRAR, REPORTER, SUPERVISOR
from tests.domain.scenario import BEGAN, STEP, Fact, ask, given, happened

SOON: Final = BEGAN + timedelta(days=3)
CLOSED_AT: Final = BEGAN + (len(CLOSED) - 1) * STEP


def answered_with(resolved: bool | None) -> tuple[Fact, ...]:
    return (*RESOLVED, verified, asked(), answered(resolved=resolved), closed())


class TestReopen:
    command: Final = ask(reopening.ReopenCase, ground="As loud as before.")

    @pytest.mark.parametrize(
        ("by", "recorded"),
        [(REPORTER, ReopenedBy.REPORTER), (SUPERVISOR, ReopenedBy.SUPERVISOR)],
    )
    def test_begins_a_new_cycle(self, by: Caller, recorded: ReopenedBy) -> None:
        case = given(*CLOSED).at(SOON).when(self.command, by=by).then(reopened(2, recorded))
        assert (case.stage, case.cycle, case.resolver) == (Stage.ACCEPTED, 2, None)
        assert (case.feedback, case.contacted) == (FeedbackState.NONE, False)

    def test_and_another(self) -> None:
        again = (dispatched, signed_for, resolution(), verified, closed())
        given(*CLOSED, reopened(2), *again).when(self.command).then(reopened(3))

    def test_says_why(self) -> None:
        given(*CLOSED).when(ask(reopening.ReopenCase, ground=" ")).refused(
            "INVALID_INPUT", path=["ground"]
        )

    def test_somebody_elses_case_does_not_exist(self) -> None:
        given(*CLOSED).when(self.command, by=NEIGHBOUR).refused("NOT_FOUND", what="case")

    @pytest.mark.parametrize(
        ("said", "days"), [({}, 15), ({"reopening_days": 3}, 3), ({"reopening_days": 40}, 40)]
    )
    def test_a_reporter_has_as_long_as_the_type_gives(
        self, said: dict[str, int], days: int
    ) -> None:
        past = (registered(catalogue_version=1), *CLOSED[1:])
        last = CLOSED_AT + timedelta(days=days)
        there = where_noise(**said)
        assert given(*past).where(there).at(last).when(self.command, by=REPORTER).events
        late = given(*past).where(there).at(last + timedelta(seconds=1))
        late.when(self.command, by=REPORTER).refused("REOPENING_OVER", days=days)

    def test_a_reporter_who_says_that_it_was_earlier_has_no_longer(self) -> None:
        command = ask(reopening.ReopenCase, ground="Loud", occurred_at=CLOSED_AT)
        given(*CLOSED).when(command, by=REPORTER).refused("REOPENING_OVER")

    def test_a_supervisor_is_not_bound_to_that(self) -> None:
        assert given(*CLOSED).when(self.command, by=SUPERVISOR).events

    @pytest.mark.parametrize("resolved", [False, None])
    def test_whoever_did_not_say_that_it_is_resolved_may_have_it_reopened(
        self, resolved: bool | None
    ) -> None:
        past = answered_with(resolved)
        assert given(*past).at(SOON).when(self.command, by=REPORTER).events

    def test_whoever_said_so_brings_another_case(self) -> None:
        past = answered_with(resolved=True)
        given(*past).at(SOON).when(self.command, by=REPORTER).refused("REPORTER_SAID_RESOLVED")
        assert given(*past).when(self.command, by=SUPERVISOR).events

    def test_by_whom_was_not_recorded_before(self) -> None:
        state: dict[str, object] = {"cycle": 2}
        reopening.CaseReopened.upcast_v1_v2(state)
        assert state == {"cycle": 2, "by": None}


class TestFileAppeal:
    command: Final = ask(appeals.FileAppeal, ground="Not measured")

    @pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.CLOSED])
    @pytest.mark.parametrize("by", [REPORTER, INTAKE])
    def test_against_what_was_decided(self, by: Caller, stage: Stage) -> None:
        given(*AT_STAGE[stage]).at(SOON).when(self.command, by=by).then(appeal_filed(1, stage))

    def test_says_why(self) -> None:
        given(*CLOSED).at(SOON).when(ask(appeals.FileAppeal, ground=" ")).refused(
            "INVALID_INPUT", path=["ground"]
        )

    @pytest.mark.parametrize("since", [(), (appeal_decided(),)])
    def test_once_against_each_decision(self, since: tuple[Fact, ...]) -> None:
        given(*CLOSED, appeal_filed(), *since).at(SOON).when(self.command).refused(
            "ALREADY_APPEALED"
        )
        again = (dispatched, signed_for, resolution(), verified, closed())
        past = (*CLOSED, appeal_filed(), *since, reopened(2), *again)
        given(*past).at(SOON).when(self.command).then(appeal_filed(2))

    def test_within_the_time_for_it(self) -> None:
        late = CLOSED_AT + timedelta(days=15, seconds=1)
        given(*CLOSED).at(late).when(self.command, by=REPORTER).refused("APPEAL_OVER", days=15)
        month = where_noise(windows=(WindowSetting(Window.APPEAL_DAYS, 30),))
        past = (registered(catalogue_version=1), *CLOSED[1:])
        assert given(*past).where(month).at(late).when(self.command, by=REPORTER).events

    def test_the_staff_may_record_late_what_came_in_time_but_a_reporter_may_not(self) -> None:
        late = CLOSED_AT + timedelta(days=20)
        command = ask(appeals.FileAppeal, ground="Not measured", occurred_at=CLOSED_AT)
        assert given(*CLOSED).at(late).when(command, by=INTAKE).events
        given(*CLOSED).at(late).when(command, by=REPORTER).refused("APPEAL_OVER")


class TestDecideAppeal:
    @staticmethod
    def decide(*, upheld: bool, finding: str = "Looked at") -> Any:
        return ask(appeals.DecideAppeal, upheld=upheld, finding=finding)

    def test_dismissed_it_stays_as_it_was(self) -> None:
        case = (
            given(*CLOSED, appeal_filed())
            .when(self.decide(upheld=False), by=REGISTRAR)
            .then(appeal_decided(upheld=False))
        )
        assert (case.stage, case.open_appeal) == (Stage.CLOSED, None)

    def test_upheld_a_closed_case_begins_a_new_cycle(self) -> None:
        case = (
            given(*CLOSED, appeal_filed())
            .when(self.decide(upheld=True), by=REGISTRAR)
            .then(
                appeal_decided(upheld=True),
                happened(reopening.CaseReopened, cycle=2, ground="Looked at", by=ReopenedBy.APPEAL),
            )
        )
        assert (case.stage, case.cycle) == (Stage.ACCEPTED, 2)

    def test_upheld_a_rejected_case_is_accepted_after_all(self) -> None:
        past = (*AT_STAGE[Stage.REJECTED], appeal_filed(1, Stage.REJECTED))
        case = (
            given(*past).when(self.decide(upheld=True)).then(appeal_decided(upheld=True), accepted)
        )
        assert (case.stage, case.cycle) == (Stage.ACCEPTED, 1)

    def test_not_by_whoever_rejected_it(self) -> None:
        past = (registered(), rejected, appeal_filed(1, Stage.REJECTED))
        given(*past).when(self.decide(upheld=False), by=REGISTRAR).refused("APPEAL_AGAINST_ONESELF")

    def test_needs_an_appeal(self) -> None:
        given(*CLOSED).when(self.decide(upheld=True)).refused("NO_APPEAL_OPEN")

    def test_needs_a_finding(self) -> None:
        given(*CLOSED, appeal_filed()).when(self.decide(upheld=True, finding="")).refused(
            "INVALID_INPUT", path=["finding"]
        )

    def test_what_was_reopened_since_is_settled(self) -> None:
        again = (dispatched, signed_for, resolution(), verified, closed())
        past = (*CLOSED, appeal_filed(), reopened(2), *again)
        given(*past).when(self.decide(upheld=True)).refused("NO_APPEAL_OPEN")
