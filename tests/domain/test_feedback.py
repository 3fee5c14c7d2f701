"""How the reporter answers, and what becomes of a case whose reporter does not."""

from typing import Any

import pytest

from domain.case import feedback
from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState
from domain.case.timers import Stopped, Timer, TimerKind
from domain.catalogue.content import Window, WindowSetting
from domain.identity import Caller, Role
from tests.domain.endings import answered, asked, closed, lapsed, not_reached, where_noise
from tests.domain.histories import AWAITING, registered
from tests.domain.people import EVALUATOR, REPORTER, person
from tests.domain.scenario import NOW, ask, events_of, given

SERVICE = person("service", Role.SERVICE)


def answer(**said: Any) -> feedback.RecordFeedback:
    return ask(feedback.RecordFeedback, **said)


class TestAnAnswer:
    @pytest.mark.parametrize("by", [REPORTER, EVALUATOR])
    @pytest.mark.parametrize(
        "said",
        [
            {"resolved": True, "satisfaction": 5},
            {"resolved": False, "satisfaction": 1},
            {"resolved": None, "satisfaction": None},
        ],
    )
    def test_closes_the_case_whatever_it_is(self, said: dict[str, Any], by: Caller) -> None:
        case = (
            given(*AWAITING)
            .when(answer(contacted=True, **said), by=by)
            .then(answered(**said), closed())
        )
        assert case.says_resolved is said["resolved"]
        assert (case.stage, case.feedback) == (Stage.CLOSED, FeedbackState.ANSWERED)

    @pytest.mark.parametrize(
        ("said", "names"),
        [
            ({"resolved": True}, ["resolved"]),
            ({"resolved": False, "satisfaction": 3}, ["resolved", "satisfaction"]),
            ({"satisfaction": 9}, ["satisfaction"]),
        ],
    )
    def test_is_of_somebody_who_was_contacted(self, said: dict[str, Any], names: list[str]) -> None:
        given(*AWAITING).when(answer(contacted=False, **said)).refused(
            "FEEDBACK_WITHOUT_CONTACT", given=names
        )

    @pytest.mark.parametrize("satisfaction", [0, 6, -1, 1_000_000])
    def test_has_five_steps_of_satisfaction(self, satisfaction: int) -> None:
        given(*AWAITING).when(answer(contacted=True, satisfaction=satisfaction)).refused(
            "INVALID_INPUT", path=["satisfaction"]
        )


class TestAVisitInVain:
    def test_leaves_the_reporter_asked(self) -> None:
        case = given(*AWAITING).when(answer(contacted=False), by=EVALUATOR).then(not_reached)
        assert (case.stage, case.feedback) == (Stage.AWAITING_FEEDBACK, FeedbackState.ASKED)

    def test_the_third_one_is_the_last(self) -> None:
        given(*AWAITING, not_reached, not_reached).when(answer(contacted=False)).then(
            not_reached, lapsed, closed()
        )

    def test_or_as_many_as_the_type_says(self) -> None:
        once = where_noise(windows=(WindowSetting(Window.MOST_VISITS, 1),))
        past = (registered(catalogue_version=1), *AWAITING[1:])
        given(*past).where(once).when(answer(contacted=False)).then(not_reached, lapsed, closed())

    def test_is_no_word_of_the_reporter(self) -> None:
        given(*AWAITING).when(answer(contacted=False), by=REPORTER).refused(
            "INVALID_INPUT", path=["contacted"]
        )


class TestLapse:
    def test_closes_the_case(self) -> None:
        given(*AWAITING).when(ask(feedback.LapseFeedback), by=SERVICE).then(lapsed, closed())

    def test_nobody_but_the_service_does_it(self) -> None:
        given(*AWAITING).when(ask(feedback.LapseFeedback), by=EVALUATOR).refused("NOT_PERMITTED")

    @pytest.mark.parametrize("said", [answered(resolved=True), lapsed])
    def test_happens_once_and_never_after_an_answer(self, said: Any) -> None:
        given(*AWAITING, said).when(ask(feedback.LapseFeedback)).refused("FEEDBACK_NOT_AWAITED")


class TestTimers:
    def test_asking_starts_one(self) -> None:
        event = events_of([asked(NOW)])[0]
        assert isinstance(event, feedback.FeedbackRequested)
        assert event.starts() == (Timer(TimerKind.FEEDBACK, "", NOW),)

    def test_what_was_asked_before_there_were_timers_waits_for_ever(self) -> None:
        event = events_of([asked()])[0]
        assert isinstance(event, feedback.FeedbackRequested)
        assert event.starts() == ()
        state: dict[str, object] = {}
        feedback.FeedbackRequested.upcast_v1_v2(state)
        assert state == {"due": None, "calendar": None}

    def test_a_lapse_stops_it(self) -> None:
        event = events_of([lapsed])[0]
        assert isinstance(event, feedback.FeedbackLapsed)
        assert event.stops() == (Stopped(TimerKind.FEEDBACK),)
