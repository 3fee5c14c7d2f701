"""How a case is taken out by two persons."""

from typing import Final

from domain.case import voiding
from domain.case.lifecycle import Stage
from domain.case.vocabulary import VoidReason
from domain.identity import Role
from tests.domain.endings import void_requested, voided
from tests.domain.histories import IN_PROGRESS, registered, withdrawn
from tests.domain.people import DISPATCHER, REGISTRAR, person
from tests.domain.scenario import ask, given, happened

SECOND: Final = person("second registrar", Role.REGISTRAR)
REQUEST: Final = ask(voiding.RequestVoid, void_reason=VoidReason.TEST)
APPROVE: Final = ask(voiding.ApproveVoid)


def test_one_requests_it_and_another_approves() -> None:
    given(*IN_PROGRESS).when(REQUEST, by=REGISTRAR).then(void_requested())
    case = given(*IN_PROGRESS, void_requested()).when(APPROVE, by=SECOND).then(voided)
    assert (case.stage, case.void_request) == (Stage.VOIDED, None)


def test_not_the_same_person() -> None:
    given(registered(), void_requested()).when(APPROVE, by=REGISTRAR).refused(
        "VOID_NEEDS_SECOND_PERSON"
    )


def test_not_without_a_request_and_not_twice() -> None:
    given(registered()).when(APPROVE, by=SECOND).refused("NO_VOID_REQUESTED")
    given(registered(), void_requested()).when(REQUEST, by=SECOND).refused("VOID_ALREADY_REQUESTED")


def test_nobody_but_a_registrar() -> None:
    given(registered()).when(REQUEST, by=DISPATCHER).refused("NOT_PERMITTED")


def test_refused_the_case_goes_on() -> None:
    refuse = ask(voiding.RefuseVoid, explanation="It is one")
    refused = happened(voiding.VoidRefused, explanation="It is one")
    for by in (SECOND, REGISTRAR):
        case = given(*IN_PROGRESS, void_requested()).when(refuse, by=by).then(refused)
        assert (case.stage, case.void_request) == (Stage.IN_PROGRESS, None)
    given(registered()).when(refuse).refused("NO_VOID_REQUESTED")
    given(registered(), void_requested()).when(ask(voiding.RefuseVoid, explanation=" ")).refused(
        "INVALID_INPUT", path=["explanation"]
    )


def test_a_case_that_ended_otherwise_is_not_voided_any_more() -> None:
    case = given(registered(), void_requested(), withdrawn).case
    assert case is not None
    assert case.void_request is None
