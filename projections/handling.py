"""What handling, ends and sharing make of the details of a case.

Each effect holds in any order: an event that is backdated may meet a state without what it is
about, and then changes nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec
import msgspec.structs
from eventsourcing.domain import AggregateEvent

from domain.case.appeals import AppealDecided, AppealFiled
from domain.case.cohandling import CoHandlingDeemedAgreed, CoHandlingReplied, CoHandlingRequested
from domain.case.confidentiality import ConfidentialityChanged
from domain.case.contact import FirstContactMade
from domain.case.feedback import FeedbackReceived, FeedbackRequested
from domain.case.information import InformationReceived, InformationRequested
from domain.case.lifecycle import Stage
from domain.case.reopening import CaseReopened
from domain.case.sharing import CaseShared, ShareEnded, ShareExpired, ShareRevoked
from domain.case.vocabulary import CasePart, VoidReason
from domain.case.voiding import VoidRefused, VoidRequested
from domain.vocabulary import Confidentiality
from projections import passage


class CoReply(StrEnum):
    """What became of the request for another unit's part."""

    AWAITED = "AWAITED"
    AGREED = "AGREED"
    OBJECTED = "OBJECTED"
    DEEMED_AGREED = "DEEMED_AGREED"
    CANCELLED = "CANCELLED"


class AnswerState(StrEnum):
    """What became of a question."""

    AWAITED = "AWAITED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


class AppealState(StrEnum):
    """What became of an appeal. SETTLED: the case was reopened before it was decided."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    SETTLED = "SETTLED"


class CoHandling(msgspec.Struct, frozen=True):
    """The newest request for a unit's part. answered_at: also when it was taken for agreed."""

    unit: str
    asked_at: datetime
    due: datetime
    reply: CoReply = CoReply.AWAITED
    answered_at: datetime | None = None


class Information(msgspec.Struct, frozen=True):
    """Something that was asked. unit: of whom; None: of the reporter."""

    number: int
    unit: str | None
    asked_at: datetime
    state: AnswerState = AnswerState.AWAITED
    received_at: datetime | None = None


class Feedback(msgspec.Struct, frozen=True):
    """Of the newest feedback. due: until when it waits. visits: in vain so far."""

    due: datetime | None = None
    visits: int = 0
    resolved: bool | None = None
    satisfaction: int | None = None


class Appeal(msgspec.Struct, frozen=True):
    """An appeal. against: the stage that the decision had led to."""

    number: int
    against: Stage
    filed_at: datetime
    state: AppealState = AppealState.OPEN
    decided_at: datetime | None = None


class SharedWith(msgspec.Struct, frozen=True):
    """A unit that is shown parts of the case until a time."""

    unit: str
    parts: tuple[CasePart, ...]
    since: datetime
    expires: datetime


class Details(passage.Details, frozen=True, omit_defaults=True):
    """The part of the details that is of handling, ends and sharing, beside that of the passage.

    first_contact_at: in this cycle. void_requested: why it should be voided, while nobody has
    decided. shares: those that have not ended.
    """

    co_handling: tuple[CoHandling, ...] = ()
    first_contact_at: datetime | None = None
    information: tuple[Information, ...] = ()
    feedback: Feedback | None = None
    appeals: tuple[Appeal, ...] = ()
    void_requested: VoidReason | None = None
    confidentiality: Confidentiality = Confidentiality.NORMAL
    shares: tuple[SharedWith, ...] = ()


D = TypeVar("D", bound=Details)
DetailEffect = Callable[[Any, Any], Any]
"""(details, event) -> details, of one type."""

replace: Final = msgspec.structs.replace


def _co_requested(details: D, event: CoHandlingRequested) -> D:
    others = tuple(each for each in details.co_handling if each.unit != event.unit)
    asked = CoHandling(event.unit, _utc(event.timestamp), _utc(event.due))
    return replace(details, co_handling=(*others, asked))


def _co_replied(details: D, event: CoHandlingReplied) -> D:
    reply = CoReply.AGREED if event.agrees else CoReply.OBJECTED
    return _co_answered(details, event.unit, reply, event.timestamp)


def _deemed(details: D, event: CoHandlingDeemedAgreed) -> D:
    return _co_answered(details, event.unit, CoReply.DEEMED_AGREED, event.timestamp)


def _co_answered(details: D, unit: str, reply: CoReply, at: datetime) -> D:
    changed = tuple(
        replace(each, reply=reply, answered_at=_utc(at)) if each.unit == unit else each
        for each in details.co_handling
    )
    return replace(details, co_handling=changed)


def _contacted(details: D, event: FirstContactMade) -> D:
    return replace(details, first_contact_at=_utc(event.timestamp))


def _asked(details: D, event: InformationRequested) -> D:
    asked = Information(event.number, event.unit, _utc(event.timestamp))
    return replace(details, information=(*details.information, asked))


def _received(details: D, event: InformationReceived) -> D:
    received = {"state": AnswerState.RECEIVED, "received_at": _utc(event.timestamp)}
    changed = tuple(
        replace(each, **received) if each.number == event.number else each
        for each in details.information
    )
    return replace(details, information=changed)


def _feedback_asked(details: D, event: FeedbackRequested) -> D:
    due = None if event.due is None else _utc(event.due)
    return replace(details, feedback=Feedback(due))


def _feedback_received(details: D, event: FeedbackReceived) -> D:
    feedback = details.feedback or Feedback()
    if event.contacted:
        answer = replace(feedback, resolved=event.resolved, satisfaction=event.satisfaction)
    else:
        answer = replace(feedback, visits=feedback.visits + 1)
    return replace(details, feedback=answer)


def _filed(details: D, event: AppealFiled) -> D:
    filed = Appeal(event.number, event.against, _utc(event.timestamp))
    return replace(details, appeals=(*details.appeals, filed))


def _appeal_decided(details: D, event: AppealDecided) -> D:
    state = AppealState.UPHELD if event.upheld else AppealState.DISMISSED
    decided = {"state": state, "decided_at": _utc(event.timestamp)}
    changed = tuple(
        replace(each, **decided) if each.number == event.number else each
        for each in details.appeals
    )
    return replace(details, appeals=changed)


def _reopened(details: D, _: CaseReopened) -> D:
    settled = tuple(
        replace(each, state=AppealState.SETTLED) if each.state is AppealState.OPEN else each
        for each in details.appeals
    )
    return replace(details, first_contact_at=None, feedback=None, appeals=settled)


def _void_requested(details: D, event: VoidRequested) -> D:
    return replace(details, void_requested=event.void_reason)


def _void_refused(details: D, _: VoidRefused) -> D:
    return replace(details, void_requested=None)


def _confidential(details: D, event: ConfidentialityChanged) -> D:
    return replace(details, confidentiality=event.level)


def _shared(details: D, event: CaseShared) -> D:
    parts = tuple(event.parts)
    share = SharedWith(event.unit, parts, _utc(event.timestamp), _utc(event.expires))
    return replace(details, shares=(*_other_shares(details, event.unit), share))


def _share_ended(details: D, event: ShareEnded) -> D:
    return replace(details, shares=_other_shares(details, event.unit))


def _other_shares(details: Details, unit: str) -> tuple[SharedWith, ...]:
    return tuple(each for each in details.shares if each.unit != unit)


DETAIL_EFFECTS: Final[dict[type[AggregateEvent], DetailEffect]] = {
    CoHandlingRequested: _co_requested,
    CoHandlingReplied: _co_replied,
    CoHandlingDeemedAgreed: _deemed,
    FirstContactMade: _contacted,
    InformationRequested: _asked,
    InformationReceived: _received,
    FeedbackRequested: _feedback_asked,
    FeedbackReceived: _feedback_received,
    AppealFiled: _filed,
    AppealDecided: _appeal_decided,
    CaseReopened: _reopened,
    VoidRequested: _void_requested,
    VoidRefused: _void_refused,
    ConfidentialityChanged: _confidential,
    CaseShared: _shared,
    ShareRevoked: _share_ended,
    ShareExpired: _share_ended,
}
"""What an event makes of the details."""


def without_co_requests(details: D) -> D:
    """What is awaited from other units is no longer wanted: another unit leads, or none."""
    if all(each.reply is not CoReply.AWAITED for each in details.co_handling):
        return details
    cancelled = tuple(
        replace(each, reply=CoReply.CANCELLED) if each.reply is CoReply.AWAITED else each
        for each in details.co_handling
    )
    return replace(details, co_handling=cancelled)


def ended(details: D) -> D:
    """What is awaited or requested is no longer wanted (`domain.case.state.Case`)."""
    details = without_co_requests(details)
    if details.void_requested is not None:
        details = replace(details, void_requested=None)
    if all(each.state is not AnswerState.AWAITED for each in details.information):
        return details
    cancelled = tuple(
        replace(each, state=AnswerState.CANCELLED) if each.state is AnswerState.AWAITED else each
        for each in details.information
    )
    return replace(details, information=cancelled)


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)
