"""What handling, ends and shares make of a state, in whatever order their events are folded."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain.case.appeals import AppealDecided, AppealFiled
from domain.case.cohandling import (
    CoHandlingDeemedAgreed,
    CoHandlingReplied,
    CoHandlingRequested,
)
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.contact import ContactAttempted, FirstContactMade
from domain.case.feedback import FeedbackLapsed, FeedbackReceived, FeedbackRequested
from domain.case.information import InformationReceived, InformationRequested
from domain.case.intake import CaseWithdrawn
from domain.case.lifecycle import Stage
from domain.case.regions import FeedbackState
from domain.case.reopening import CaseReopened
from domain.case.sharing import ShareExpired, ShareRevoked
from domain.case.vocabulary import CasePart, ContactWay, VoidReason
from domain.case.voiding import CaseVoided, VoidRefused, VoidRequested
from domain.vocabulary import Confidentiality
from projections.case_state import CaseState, evolve
from projections.handling import (
    AnswerState,
    Appeal,
    AppealState,
    CoHandling,
    CoReply,
    Feedback,
    Information,
    SharedWith,
)
from projections.shown import as_own, as_shared
from tests.projections.recorded import LATER, Said, hour, recorded, registered, shared

DISPATCHED = LATER[1]
REOPENED: Said = (CaseReopened, {"cycle": 2, "ground": "Loud again.", "by": None})
VOID_REQUESTED: Said = (
    VoidRequested,
    {"void_reason": VoidReason.TEST, "explanation": None, "requested_by": "ann"},
)


def co_requested(unit: str = "police") -> Said:
    said = {"unit": unit, "question": "What?", "due": hour(50), "calendar": None}
    return CoHandlingRequested, said


def asked(number: int = 1, unit: str | None = None) -> Said:
    return InformationRequested, {"number": number, "unit": unit, "question": "Which door?"}


def answered(**said: Any) -> Said:
    usual = {"contacted": True, "resolved": None, "satisfaction": None}
    return FeedbackReceived, {**usual, **said}


def after(*said: Said) -> CaseState:
    """The state after these, an hour apart, the first of them at one o'clock."""
    state: CaseState | None = None
    for number, each in enumerate((registered(), *said)):
        happened = recorded(each, version=number + 1, position=number + 1, occurred_at=hour(number))
        state = evolve(state, happened)
    assert state is not None
    return state


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ((CoHandlingReplied, {"unit": "police", "agrees": True, "reply": "Yes"}), CoReply.AGREED),
        ((CoHandlingReplied, {"unit": "police", "agrees": False, "reply": "No"}), CoReply.OBJECTED),
        ((CoHandlingDeemedAgreed, {"unit": "police"}), CoReply.DEEMED_AGREED),
        ((CaseWithdrawn, {}), CoReply.CANCELLED),
        (LATER[2], CoReply.CANCELLED),
    ],
)
def test_what_becomes_of_a_request_for_help(answer: Said, reply: CoReply) -> None:
    state = after(DISPATCHED, co_requested(), answer)
    (request,) = state.details.co_handling
    closed = reply is CoReply.CANCELLED
    assert request == CoHandling("police", hour(2), hour(50), reply, None if closed else hour(3))


def test_a_unit_that_is_asked_helps_and_is_asked_again_in_the_same_place() -> None:
    said = (co_requested("fire"), co_requested(), co_requested("fire"))
    state = after(DISPATCHED, *said)
    assert state.co_units == ("police", "fire")
    assert [each.unit for each in state.details.co_handling] == ["police", "fire"]


def test_a_reply_to_what_was_not_asked_yet_changes_nothing() -> None:
    said: Sequence[Said] = (
        (CoHandlingReplied, {"unit": "police", "agrees": True, "reply": "Yes"}),
        (InformationReceived, {"number": 1, "unit": None, "answer": "The green one"}),
        (AppealDecided, {"number": 1, "upheld": True, "finding": "It is"}),
        (ShareRevoked, {"unit": "police"}),
    )
    assert after(*said).details == after().details


def test_the_first_contact_is_of_its_cycle_and_an_attempt_is_none() -> None:
    way = {"way": ContactWay.VISIT, "result": "Nobody there"}
    assert after((ContactAttempted, way)).details.first_contact_at is None
    assert after((FirstContactMade, way)).details.first_contact_at == hour(1)
    assert after((FirstContactMade, way), REOPENED).details.first_contact_at is None


def test_what_was_asked_comes_in_or_is_no_longer_wanted() -> None:
    received: Said = (InformationReceived, {"number": 1, "unit": None, "answer": "The green one"})
    state = after(asked(), asked(2, "police"), received, (CaseWithdrawn, {}))
    assert state.details.information == (
        Information(1, None, hour(1), AnswerState.RECEIVED, hour(3)),
        Information(2, "police", hour(2), AnswerState.CANCELLED),
    )
    assert [each.number for each in as_own(state).details.information] == [1]


def test_feedback_waits_until_somebody_was_reached() -> None:
    requested: Said = (FeedbackRequested, {"due": hour(24), "calendar": None})
    vain = answered(contacted=False)
    state = after(requested, vain)
    assert state.details.feedback == Feedback(hour(24), visits=1)
    assert state.feedback_state is FeedbackState.ASKED
    state = after(requested, vain, answered(resolved=True, satisfaction=5))
    assert state.details.feedback == Feedback(hour(24), 1, resolved=True, satisfaction=5)
    assert state.feedback_state is FeedbackState.ANSWERED
    assert after(requested, (FeedbackLapsed, {})).feedback_state is FeedbackState.LAPSED
    assert after(requested, vain, REOPENED).details.feedback is None
    assert after(answered(resolved=False)).details.feedback == Feedback(resolved=False)


@pytest.mark.parametrize(
    ("said", "expected", "decided_at"),
    [
        ((AppealDecided, {"number": 1, "upheld": True, "finding": "x"}), AppealState.UPHELD, 2),
        ((AppealDecided, {"number": 1, "upheld": False, "finding": "x"}), AppealState.DISMISSED, 2),
        (REOPENED, AppealState.SETTLED, None),
    ],
)
def test_what_becomes_of_an_appeal(
    said: Said, expected: AppealState, decided_at: int | None
) -> None:
    filed: Said = (AppealFiled, {"number": 1, "against": Stage.CLOSED, "ground": "Loud"})
    at = None if decided_at is None else hour(decided_at)
    assert after(filed, said).details.appeals == (Appeal(1, Stage.CLOSED, hour(1), expected, at),)


@pytest.mark.parametrize(
    "said",
    [
        (VoidRefused, {"explanation": "It is one"}),
        (CaseVoided, {"void_reason": VoidReason.TEST}),
        (CaseWithdrawn, {}),
    ],
)
def test_a_request_to_void_is_open_until_it_is_decided(said: Said) -> None:
    assert after(VOID_REQUESTED).details.void_requested is VoidReason.TEST
    assert after(VOID_REQUESTED, said).details.void_requested is None


def test_shares_are_those_that_have_not_ended() -> None:
    state = after(shared("police"), shared("gas", CasePart.TEXT), shared("police", CasePart.TEXT))
    assert state.shared_with == ("gas", "police")
    assert state.details.shares == (
        SharedWith("gas", (CasePart.TEXT,), hour(2), hour(99)),
        SharedWith("police", (CasePart.TEXT,), hour(3), hour(99)),
    )
    for ended in (ShareRevoked, ShareExpired):
        assert after(shared("police"), (ended, {"unit": "police"})).shared_with == ()


def test_what_is_none_of_the_reporters_business_is_not_in_their_state() -> None:
    confidential: Said = (ConfidentialityChanged, {"level": Confidentiality.CONFIDENTIAL})
    state = after(DISPATCHED, co_requested(), shared("gas"), VOID_REQUESTED, confidential)
    assert state.confidential
    own = as_own(state)
    assert (own.confidential, own.shared_with, own.title) == (False, (), state.title)
    assert own.details == after().details


def test_what_is_shared_is_cut_to_its_parts_and_keeps_its_place() -> None:
    state = after(DISPATCHED, shared("gas", CasePart.TEXT))
    cut = as_shared(state, {"TEXT"})
    assert (cut.title, cut.description) == (state.title, state.description)
    assert (cut.lead_unit, cut.area, cut.point, cut.reporter) == (None, None, None, None)
    assert (cut.version, cut.position, cut.stage) == (state.version, state.position, state.stage)
    assert cut.updated_at - state.updated_at == timedelta()
