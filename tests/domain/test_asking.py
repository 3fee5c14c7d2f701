"""What is asked of other units and of the reporter, and how it comes in."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.case import cohandling, contact, information
from domain.case.lifecycle import Stage
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience, ContactWay
from domain.command import Arrangements
from domain.identity import Caller, Role
from tests.domain.endings import (
    co_replied,
    co_requested,
    deemed_agreed,
    information_received,
    information_requested,
    reopened,
)
from tests.domain.histories import (
    CLOSED,
    IN_PROGRESS,
    dispatched_to,
    registered,
    withdrawn,
)
from tests.domain.office import appointed, directory_of, position, unit
from tests.domain.people import INTAKE, OFFICER, REPORTER, person
from tests.domain.scenario import NOW, Fact, ask, events_of, given, happened

OFFICE: Final = Arrangements(
    directory=directory_of(
        unit("environment", valid_from=NOW - timedelta(days=99)),
        unit("police", valid_from=NOW - timedelta(days=99)),
        position("desk", "police", valid_from=NOW - timedelta(days=99)),
        appointed("desk", "constable"),
    )
)
CONSTABLE: Final = person("constable", Role.OFFICER)


class TestCoHandling:
    @staticmethod
    def request(unit: str = "police", question: str = "Was there a fight?") -> Any:
        return ask(cohandling.RequestCoHandling, unit=unit, question=question)

    @staticmethod
    def reply(unit: str = "police", **said: Any) -> Any:
        return ask(cohandling.ReplyCoHandling, unit=unit, **{"reply": "No", **said})

    def test_the_unit_that_is_asked_helps_and_has_two_working_days(self) -> None:
        case = (
            given(*IN_PROGRESS)
            .when(self.request(), by=OFFICER)
            .then(co_requested(due=NOW + timedelta(days=2)))
        )
        assert case.co_units == ("police",)
        assert case.place.co_units == ("police",)

    def test_a_unit_that_helps_already_is_asked_like_any_other(self) -> None:
        past = (*IN_PROGRESS[:2], dispatched_to("environment", "police"), IN_PROGRESS[3])
        case = given(*past, co_requested()).case
        assert case is not None
        assert case.co_units == ("police",)

    @pytest.mark.parametrize(
        ("unit", "question", "path"),
        [(" ", "What?", ["unit"]), ("police", " ", ["question"]), ("environment", "?", ["unit"])],
    )
    def test_asks_another_unit_something(self, unit: str, question: str, path: list[str]) -> None:
        given(*IN_PROGRESS).when(self.request(unit, question)).refused("INVALID_INPUT", path=path)

    def test_of_a_case_with_so_many_units_no_other_is_asked(self) -> None:
        units = [f"unit-{number}" for number in range(50)]
        past = (*IN_PROGRESS[:2], dispatched_to("environment", *units), IN_PROGRESS[3])
        given(*past).when(self.request()).refused("INVALID_INPUT", path=["unit"])
        assert given(*past).when(self.request("unit-7")).events

    def test_twice_only_after_a_reply(self) -> None:
        given(*IN_PROGRESS, co_requested()).when(self.request()).refused(
            "CO_REPLY_ALREADY_AWAITED", unit="police"
        )
        assert given(*IN_PROGRESS, co_requested(), co_replied()).when(self.request()).events

    def test_a_unit_that_is_not_there_is_not_asked(self) -> None:
        given(*IN_PROGRESS).where(OFFICE).when(self.request("fire")).refused("UNIT_NOT_ACTIVE")

    @pytest.mark.parametrize("agrees", [True, False])
    def test_the_unit_replies(self, agrees: bool) -> None:
        case = (
            given(*IN_PROGRESS, co_requested("fire"), co_requested())
            .when(self.reply(agrees=agrees), by=CONSTABLE)
            .then(co_replied(agrees=agrees))
        )
        assert case.co_asked == ("fire",)

    def test_by_somebody_who_holds_a_position_in_it(self) -> None:
        past = (*IN_PROGRESS, co_requested())
        given(*past).where(OFFICE).when(self.reply(), by=OFFICER).refused(
            "REPLIER_NOT_IN_UNIT", unit="police"
        )
        assert given(*past).where(OFFICE).when(self.reply(), by=CONSTABLE).events

    def test_of_several_units_that_were_asked_each_for_itself(self) -> None:
        past = (*IN_PROGRESS, co_requested("fire"), co_requested())
        given(*past).where(OFFICE).when(self.reply("fire"), by=CONSTABLE).refused(
            "REPLIER_NOT_IN_UNIT", unit="fire"
        )

    def test_only_whoever_was_asked_replies(self) -> None:
        given(*IN_PROGRESS).when(self.reply()).refused("NO_CO_REPLY_AWAITED")
        given(*IN_PROGRESS, co_requested()).when(self.reply("fire")).refused(
            "CO_REPLY_NOT_AWAITED", unit="fire"
        )
        given(*IN_PROGRESS, co_requested()).when(self.reply(reply=" ")).refused(
            "INVALID_INPUT", path=["reply"]
        )

    def test_silence_is_consent(self) -> None:
        command = ask(cohandling.DeemCoHandlingAgreed, unit="police")
        given(*IN_PROGRESS, co_requested()).when(command).then(deemed_agreed())
        given(*IN_PROGRESS, co_requested("fire")).when(command).refused("CO_REPLY_NOT_AWAITED")
        given(*IN_PROGRESS, co_requested()).when(command, by=OFFICER).refused("NOT_PERMITTED")

    @pytest.mark.parametrize(
        "further", [(withdrawn,), (dispatched_to("fire"),), (*CLOSED[4:], reopened(2))]
    )
    def test_nobody_waits_any_longer_once_the_case_ended_or_is_anothers(
        self, further: tuple[Fact, ...]
    ) -> None:
        case = given(*IN_PROGRESS, co_requested(), *further).case
        assert case is not None
        assert case.co_asked == ()

    def test_the_timer_runs_from_the_request_to_the_reply(self) -> None:
        asked, replied, deemed = events_of([co_requested(), co_replied(), deemed_agreed()])
        assert isinstance(asked, cohandling.CoHandlingRequested)
        assert asked.starts() == (Timer(TimerKind.CO_REPLY, "police", NOW),)
        for event in (replied, deemed):
            assert isinstance(
                event, cohandling.CoHandlingReplied | cohandling.CoHandlingDeemedAgreed
            )
            assert event.stops() == (Stopped(TimerKind.CO_REPLY, "police"),)
            assert event.readers() is Audience.INTERNAL


class TestFirstContact:
    @staticmethod
    def record(*, reached: bool = True, result: str = "Will wait") -> Any:
        return ask(
            contact.RecordFirstContact, way=ContactWay.TELEPHONE, result=result, reached=reached
        )

    made: Final = happened(contact.FirstContactMade, way=ContactWay.TELEPHONE, result="Will wait")

    def test_is_made_once_in_a_cycle(self) -> None:
        given(*IN_PROGRESS).when(self.record(), by=OFFICER).then(self.made)
        given(*IN_PROGRESS, self.made).when(self.record()).refused("FIRST_CONTACT_ALREADY_MADE")
        again = (*CLOSED[4:], reopened(2), dispatched_to("fire"))
        assert given(*IN_PROGRESS, self.made, *again).when(self.record()).events

    def test_an_attempt_is_none(self) -> None:
        attempt = happened(contact.ContactAttempted, way=ContactWay.TELEPHONE, result="Engaged")
        case = (
            given(*IN_PROGRESS, attempt)
            .when(self.record(reached=False, result="Engaged"))
            .then(attempt)
        )
        assert not case.contacted

    def test_says_what_came_of_it(self) -> None:
        given(*IN_PROGRESS).when(self.record(result=" ")).refused("INVALID_INPUT", path=["result"])


class TestInformation:
    @staticmethod
    def request(question: str = "Which door?", unit: str | None = None) -> Any:
        return ask(information.RequestInformation, question=question, unit=unit)

    @staticmethod
    def receive(number: int = 1, answer: str = "The green one") -> Any:
        return ask(information.ReceiveInformation, number=number, answer=answer)

    @pytest.mark.parametrize("by", [INTAKE, OFFICER])
    def test_is_asked_of_the_reporter_or_of_a_unit(self, by: Caller) -> None:
        given(*IN_PROGRESS).when(self.request(), by=by).then(information_requested())
        past = (*IN_PROGRESS, information_requested())
        given(*past).when(self.request(unit="police"), by=by).then(
            information_requested(2, "police")
        )

    def test_numbers_are_not_used_again(self) -> None:
        past = (*IN_PROGRESS, information_requested(), information_received())
        given(*past).when(self.request()).then(information_requested(2))

    def test_of_a_unit_that_is_there(self) -> None:
        given(*IN_PROGRESS).where(OFFICE).when(self.request(unit="fire")).refused("UNIT_NOT_ACTIVE")

    def test_not_too_much_at_once(self) -> None:
        open_ones = [information_requested(number) for number in range(1, 21)]
        given(*IN_PROGRESS, *open_ones).when(self.request()).refused(
            "INVALID_INPUT", path=["question"]
        )

    @pytest.mark.parametrize("by", [REPORTER, OFFICER])
    def test_comes_in(self, by: Caller) -> None:
        past = (*IN_PROGRESS, information_requested(), information_requested(2))
        case = given(*past).when(self.receive(), by=by).then(information_received())
        assert [question.number for question in case.questions] == [2]

    def test_a_reporter_answers_what_they_were_asked(self) -> None:
        past = (*IN_PROGRESS, information_requested(1, "police"))
        given(*past).when(self.receive(), by=REPORTER).refused("NO_INFORMATION_AWAITED")
        given(*past, information_requested(2)).when(self.receive(), by=REPORTER).refused(
            "INFORMATION_NOT_AWAITED", number=1
        )
        given(*past).when(self.receive(), by=OFFICER).then(information_received(1, "police"))

    def test_nothing_comes_in_that_was_not_asked(self) -> None:
        given(registered()).when(self.receive()).refused("NO_INFORMATION_AWAITED")
        past = (registered(), information_requested())
        given(*past).when(self.receive(2)).refused("INFORMATION_NOT_AWAITED", number=2)
        given(*past).when(self.receive(answer=" ")).refused("INVALID_INPUT", path=["answer"])

    def test_what_is_asked_of_a_unit_is_for_the_staff(self) -> None:
        of_reporter = (information_requested(), information_received())
        of_unit = (information_requested(1, "police"), information_received(1, "police"))
        for facts, readers in ((of_reporter, None), (of_unit, Audience.INTERNAL)):
            for event in events_of(facts):
                assert isinstance(
                    event, information.InformationRequested | information.InformationReceived
                )
                assert event.readers() is readers

    def test_a_case_that_ended_waits_for_nothing(self) -> None:
        case = given(registered(), information_requested(), withdrawn).case
        assert case is not None
        assert (case.stage, case.questions) == (Stage.WITHDRAWN, ())
