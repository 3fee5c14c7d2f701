from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from domain.case import correction, intake
from domain.case.vocabulary import Channel, Detail, Point, Precision, Relation, Urgency
from domain.wording import CODE_LIMIT, REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from tests.domain.histories import (
    CLOSED,
    IN_PROGRESS,
    REGISTRATION,
    accepted,
    registered,
    rejected,
)
from tests.domain.people import ANONYMOUS, INTAKE, REGISTRAR, REPORTER
from tests.domain.scenario import BEGAN, CASE, NOW, ask, given, happened

DAY = timedelta(days=1)


def registration(**said: Any) -> intake.RegisterCase:
    usual: dict[str, Any] = {"case_no": "20240301-0000001H", "channel": Channel.WEB}
    return ask(intake.RegisterCase, **{**usual, **said})


def corrected(field: Detail, old: str | None, new: str | None) -> Any:
    return happened(correction.CaseDetailCorrected, field=field, old=old, new=new)


class TestRegister:
    def test_records_what_was_said(self) -> None:
        case = given().when(REGISTRATION, by=REPORTER).then(registered())
        assert case.id == CASE
        assert case.version == 1

    def test_records_everything_that_may_be_said(self) -> None:
        point = Point(31.23, 121.47, Precision.STREET)
        command = registration(
            title="Lift",
            point=point,
            urgency=Urgency.EMERGENCY,
            on_behalf=True,
            relation=Relation.NEIGHBOUR,
        )
        given().when(command, by=REPORTER).then(
            registered(
                channel=Channel.WEB,
                type_code=None,
                title="Lift",
                description=None,
                area=None,
                point=point,
                urgency=Urgency.EMERGENCY,
                on_behalf=True,
                relation=Relation.NEIGHBOUR,
            )
        )

    def test_on_behalf_of_somebody_whose_relation_is_not_told(self) -> None:
        outcome = given().when(registration(on_behalf=True))
        assert outcome.refusal is None

    @pytest.mark.parametrize("channel", Channel)
    def test_any_channel(self, channel: Channel) -> None:
        assert given().when(registration(channel=channel)).refusal is None

    def test_happened_now_where_nothing_else_is_said(self) -> None:
        (event,) = given().when(REGISTRATION).events
        assert event.timestamp == NOW

    def test_may_have_happened_earlier(self) -> None:
        (event,) = given().when(registration(occurred_at=NOW - 300 * DAY)).events
        assert event.timestamp == NOW - 300 * DAY

    def test_is_of_nobody_when_nobody_signed_in(self) -> None:
        case = given().when(REGISTRATION, by=ANONYMOUS).then(registered(reporter=None))
        assert case.reporter is None

    def test_is_not_of_whoever_takes_it_down(self) -> None:
        case = given().when(REGISTRATION, by=INTAKE).then(registered(reporter=None))
        assert case.reporter is None

    def test_blank_texts_say_nothing(self) -> None:
        command = registration(title=" ", description="\n", type_code="", area="\t")
        case = given().when(command).case
        assert case is not None
        assert (case.title, case.description) == (None, None)

    def test_may_not_lie_in_the_future(self) -> None:
        tomorrow = NOW + DAY
        given().when(registration(occurred_at=tomorrow)).refused(
            "OCCURRED_IN_FUTURE", occurred_at=tomorrow.isoformat(), now=NOW.isoformat()
        )

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"title": "x" * (TITLE_LIMIT + 1)}, ["title"]),
            ({"description": "x" * (TEXT_LIMIT + 1)}, ["description"]),
            ({"description": "a\x00b"}, ["description"]),
            ({"description": "half \ud83d of a character"}, ["description"]),
            ({"type_code": "x" * (CODE_LIMIT + 1)}, ["typeCode"]),
            ({"area": "grid\x1b7"}, ["area"]),
            ({"reason": "\x07"}, ["reason"]),
            ({"reason": "x" * (REASON_LIMIT + 1)}, ["reason"]),
            ({"point": Point(90.1, 0)}, ["point", "latitude"]),
            ({"point": Point(float("nan"), 0)}, ["point", "latitude"]),
            ({"point": Point(0, -180.1)}, ["point", "longitude"]),
            ({"point": Point(0, float("inf"))}, ["point", "longitude"]),
            ({"relation": Relation.FAMILY}, ["relation"]),
            ({"occurred_at": datetime(2024, 3, 1, 9)}, ["occurredAt"]),  # noqa: DTZ001 - meant
            ({"occurred_at": datetime(1, 1, 1, tzinfo=timezone(8 * DAY / 24))}, ["occurredAt"]),
        ],
    )
    def test_input_that_cannot_be_stored_is_located(
        self, said: dict[str, Any], path: list[str]
    ) -> None:
        refusal = given().when(registration(**said)).refused("INVALID_INPUT", path=path)
        assert path[-1] in refusal.message

    def test_a_text_may_have_lines_and_any_script(self) -> None:
        text = "夜间噪音\n\t😀\r" * 500
        case = given().when(registration(description=text)).case
        assert case is not None
        assert case.description == text


class TestCorrect:
    def test_records_old_and_new(self) -> None:
        case = (
            given(registered())
            .when(ask(correction.CorrectCase, title="Noise after ten"), by=INTAKE)
            .then(corrected(Detail.TITLE, "Noise at night", "Noise after ten"))
        )
        assert case.title == "Noise after ten"

    def test_one_event_for_each_part_that_changes(self) -> None:
        command = ask(correction.CorrectCase, title="Noise after ten", description="Until three.")
        case = (
            given(registered())
            .when(command)
            .then(
                corrected(Detail.TITLE, "Noise at night", "Noise after ten"),
                corrected(Detail.DESCRIPTION, "A workshop works until two.", "Until three."),
            )
        )
        assert case.description == "Until three."

    @pytest.mark.parametrize(
        "command",
        [
            ask(correction.CorrectCase),
            ask(correction.CorrectCase, title="Noise at night"),
            ask(correction.CorrectCase, description="A workshop works until two."),
        ],
    )
    def test_what_is_already_so_records_nothing(self, command: correction.CorrectCase) -> None:
        given(registered()).when(command).then()

    def test_a_blank_text_clears(self) -> None:
        given(registered()).when(ask(correction.CorrectCase, title=" ")).then(
            corrected(Detail.TITLE, "Noise at night", None)
        )

    def test_clearing_what_is_empty_records_nothing(self) -> None:
        given(registered(title=None)).when(ask(correction.CorrectCase, title="")).then()

    def test_nothing_is_recorded_where_one_of_two_is_refused(self) -> None:
        command = ask(correction.CorrectCase, title="Good", description="\x00")
        given(registered()).when(command).refused("INVALID_INPUT", path=["description"])


class TestDecideOnARequest:
    def test_accept(self) -> None:
        given(registered()).when(ask(intake.AcceptCase), by=REGISTRAR).then(accepted)

    def test_reject_with_basis_and_remedy(self) -> None:
        command = ask(intake.RejectCase, legal_basis="Article 21", remedy="Review")
        given(registered()).when(command, by=REGISTRAR).then(rejected)

    def test_an_older_rejection_does_not_say_who_decided(self) -> None:
        state: dict[str, object] = {"legal_basis": "Article 21", "remedy": "Review"}
        intake.CaseRejected.upcast_v1_v2(state)
        assert state == {"legal_basis": "Article 21", "remedy": "Review", "decider": None}

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"legal_basis": " ", "remedy": "Review"}, ["legalBasis"]),
            ({"legal_basis": "Article 21", "remedy": ""}, ["remedy"]),
        ],
    )
    def test_a_rejection_needs_both(self, said: dict[str, str], path: list[str]) -> None:
        given(registered()).when(ask(intake.RejectCase, **said)).refused("INVALID_INPUT", path=path)


class TestWithdraw:
    def test_by_the_reporter(self) -> None:
        given(*IN_PROGRESS).when(ask(intake.WithdrawCase), by=REPORTER).then(
            happened(intake.CaseWithdrawn)
        )

    def test_on_their_behalf(self) -> None:
        given(registered()).when(ask(intake.WithdrawCase), by=INTAKE).then(
            happened(intake.CaseWithdrawn)
        )

    def test_not_once_it_is_closed(self) -> None:
        given(*CLOSED).when(ask(intake.WithdrawCase), by=REPORTER).refused("WRONG_STAGE")


class TestBackdating:
    def test_before_earlier_events_is_backdated(self) -> None:
        moment = BEGAN + timedelta(minutes=1)
        outcome = given(*IN_PROGRESS).when(ask(intake.WithdrawCase, occurred_at=moment))
        assert [event.timestamp for event in outcome.events] == [moment]

    def test_at_the_moment_of_registration(self) -> None:
        outcome = given(registered()).when(ask(intake.AcceptCase, occurred_at=BEGAN))
        assert outcome.refusal is None

    def test_not_before_the_case_was_registered(self) -> None:
        moment = BEGAN - timedelta(microseconds=1)
        given(registered()).when(ask(intake.AcceptCase, occurred_at=moment)).refused(
            "OCCURRED_BEFORE_REGISTRATION",
            occurred_at=moment.isoformat(),
            registered_at=BEGAN.isoformat(),
        )

    def test_not_after_now(self) -> None:
        moment = NOW + timedelta(microseconds=1)
        given(registered()).when(ask(intake.AcceptCase, occurred_at=moment)).refused(
            "OCCURRED_IN_FUTURE"
        )
