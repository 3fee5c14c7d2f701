"""Who is shown a case beside those within whose reach it is, and who no longer is."""

from datetime import datetime
from typing import Any, Final

import pytest

from domain.case import confidentiality, sharing
from domain.case.timers import Stopped, Timer, TimerKind
from domain.case.vocabulary import Audience, CasePart
from domain.command import Arrangements
from domain.vocabulary import Confidentiality
from tests.domain.endings import EXPIRES, confidential, shared_with
from tests.domain.histories import CLOSED, IN_PROGRESS, dispatched_to
from tests.domain.office import directory_of, unit
from tests.domain.people import DISPATCHER, OFFICER, REGISTRAR
from tests.domain.scenario import NOW, Fact, ask, events_of, given, happened

revoked: Final = happened(sharing.ShareRevoked, unit="police")
expired: Final = happened(sharing.ShareExpired, unit="police")


def share(**said: Any) -> sharing.ShareCase:
    usual = {"unit": "police", "purpose": "To look for it", "parts": (), "expires": EXPIRES}
    return ask(sharing.ShareCase, **{**usual, **said})


class TestShare:
    def test_names_the_parts_each_once_and_in_order(self) -> None:
        parts = (CasePart.TIMELINE, CasePart.TEXT, CasePart.TEXT)
        case = (
            given(*IN_PROGRESS)
            .when(share(parts=parts), by=DISPATCHER)
            .then(shared_with("police", CasePart.TEXT, CasePart.TIMELINE))
        )
        assert case.place.shared_with == ("police",)

    def test_is_possible_for_as_long_as_the_case_is_kept(self) -> None:
        assert given(*CLOSED).when(share()).events

    def test_a_later_one_with_the_same_unit_takes_its_place(self) -> None:
        case = given(*IN_PROGRESS, shared_with("fire"), shared_with()).when(share()).case
        assert case is not None
        assert [each.unit for each in case.shares] == ["fire", "police"]

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"unit": " "}, ["unit"]),
            ({"purpose": " "}, ["purpose"]),
            ({"expires": datetime(2030, 1, 1)}, ["expires"]),  # noqa: DTZ001 - on purpose
        ],
    )
    def test_says_with_whom_and_what_for_and_how_long(
        self, said: dict[str, Any], path: list[str]
    ) -> None:
        given(*IN_PROGRESS).when(share(**said)).refused("INVALID_INPUT", path=path)

    def test_ends_later_than_it_begins(self) -> None:
        given(*IN_PROGRESS).when(share(expires=NOW)).refused("SHARE_EXPIRES_TOO_SOON")

    @pytest.mark.parametrize("unit", ["environment", "police"])
    def test_whoever_handles_it_sees_it_anyway(self, unit: str) -> None:
        past = (*IN_PROGRESS[:2], dispatched_to("environment", "police"))
        given(*past).when(share(unit=unit)).refused("SHARE_NEEDLESS", unit=unit)

    def test_with_a_unit_that_is_there(self) -> None:
        there = Arrangements(directory=directory_of(unit("environment")))
        given(*IN_PROGRESS).where(there).when(share()).refused("UNIT_NOT_ACTIVE")

    def test_not_by_whoever_handles_it(self) -> None:
        given(*IN_PROGRESS).when(share(), by=OFFICER).refused("NOT_PERMITTED")


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (ask(sharing.RevokeShare, unit="police"), revoked),
        (ask(sharing.ExpireShare, unit="police"), expired),
    ],
)
class TestEnd:
    def test_the_unit_is_shown_it_no_longer(self, command: Any, fact: Fact) -> None:
        case = given(*IN_PROGRESS, shared_with("fire"), shared_with()).when(command).then(fact)
        assert case.place.shared_with == ("fire",)

    def test_of_what_is_shared(self, command: Any, fact: Fact) -> None:
        given(*IN_PROGRESS).when(command).refused("NOTHING_SHARED")
        given(*IN_PROGRESS, shared_with(), fact, shared_with("fire")).when(command).refused(
            "NOT_SHARED", unit="police"
        )

    def test_stops_the_timer_that_sharing_started(self, command: Any, fact: Fact) -> None:
        del command
        begun, ended = events_of([shared_with(), fact])
        assert isinstance(begun, sharing.CaseShared)
        assert isinstance(ended, sharing.ShareEnded)
        assert begun.starts() == (Timer(TimerKind.SHARE, "police", EXPIRES),)
        assert ended.stops() == (Stopped(TimerKind.SHARE, "police"),)
        assert begun.readers() is ended.readers() is Audience.INTERNAL


class TestConfidentiality:
    @staticmethod
    def put(level: Confidentiality) -> Any:
        return ask(confidentiality.SetConfidentiality, level=level)

    @pytest.mark.parametrize("level", sorted(set(Confidentiality) - {Confidentiality.NORMAL}))
    def test_fewer_see_it(self, level: Confidentiality) -> None:
        case = given(*CLOSED).when(self.put(level), by=REGISTRAR).then(confidential(level))
        assert case.confidential
        assert case.place.confidentiality is level

    def test_and_all_again(self) -> None:
        normal = confidential(Confidentiality.NORMAL)
        case = given(*CLOSED, confidential()).when(self.put(Confidentiality.NORMAL)).then(normal)
        assert not case.confidential

    @pytest.mark.parametrize("level", Confidentiality)
    def test_what_is_so_already_is_not_recorded_again(self, level: Confidentiality) -> None:
        given(*CLOSED, confidential(level)).when(self.put(level)).then()

    def test_it_is_closed_to_whoever_only_handles_it(self) -> None:
        given(*CLOSED).when(self.put(Confidentiality.RESTRICTED), by=OFFICER).refused(
            "NOT_PERMITTED"
        )
