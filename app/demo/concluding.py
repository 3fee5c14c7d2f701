"""How a case of the demonstration ends: checked, asked about, closed; and what follows later."""

from datetime import datetime, timedelta
from typing import Final

from app.demo import phrases, wording
from app.demo.chronicle import Chronicle
from app.demo.handling import regularise
from app.demo.pace import PUNCTUAL, punctuality, within
from app.demo.supervising import answer_orders
from domain.case.appeals import DecideAppeal, FileAppeal
from domain.case.closing import ArchiveCase
from domain.case.feedback import RecordFeedback
from domain.case.outcome import CloseCase, OrderRework, VerifyResolution
from domain.case.publication import (
    ApprovePublication,
    ProposePublication,
    RefusePublication,
    WithdrawPublication,
)
from domain.case.reopening import ReopenCase
from domain.case.windows import DEFAULT
from domain.vocabulary import ClockKind

REWORKED: Final = 0.07
CHECKED_BY: Final = 0.25
"""Of the time for a case, where that is over already."""

ASKED_FOR_FEEDBACK: Final = 0.88
CLOSED_UNANSWERED: Final = 0.04
NOBODY_CALLS: Final = 0.05
REACHED: Final = 0.93
"""Of the visits to reporters."""

SATISFIED: Final = 0.9
VEXED: Final = 0.15
"""So much less, where they waited too long."""

ANSWERS_THEMSELVES: Final = 0.5
REOPENED: Final = 0.03
APPEALED: Final = 0.02
APPEAL_UPHELD: Final = 0.35
PUBLISHED: Final = 0.2
RELEASED: Final = 0.85
TAKEN_BACK: Final = 0.06
ARCHIVED: Final = 0.35
ARCHIVED_AFTER_DAYS: Final = (35, 90)


def is_reworked(case: Chronicle) -> bool:
    """Whether the checker sends it back."""
    limit = case.closing_due - case.accepted_at
    before = case.at + limit * CHECKED_BY if case.late else case.closing_due
    within(case, ClockKind.VERIFICATION, before=before)
    if not case.happens(REWORKED):
        return False
    case.do(case.post("registrar", 3), OrderRework, demand=case.one_of(wording.REWORK))
    return True


def check(case: Chronicle, *, ask: bool) -> str:
    """Somebody else finds it good, and it closes in the end; who it was. ask: the reporter."""
    regularise(case)
    case.satisfied = False
    post = case.post("supervisor", 2) if case.happens(0.1) else case.post("registrar", 3)
    answer_orders(case)
    if not ask or not case.happens(ASKED_FOR_FEEDBACK):
        checker = case.do(post, VerifyResolution, ask_feedback=False, public_reason="办理完毕")
    else:
        due = case.days_after(DEFAULT.feedback_days)
        checker = case.do(post, VerifyResolution)
        case.pressing = False
        case.expect(due, "lapseFeedback")
        if not _is_closed_in_time(case, due):
            case.at = due
    case.ends()
    return checker


def _is_closed_in_time(case: Chronicle, due: datetime) -> bool:
    """Whether the reporter answers, or is not reached often enough, before the window is over."""
    if case.happens(NOBODY_CALLS):
        return False
    case.wait(5)
    if case.at < due and case.happens(CLOSED_UNANSWERED):
        reason = case.one_of(wording.CLOSINGS)
        case.do(case.post("registrar", 3), CloseCase, public_reason=reason)
        return True
    for visit in range(DEFAULT.most_visits):
        if visit:
            case.wait(6)
        if case.at >= due:
            return False
        if case.happens(REACHED):
            _answer(case)
            return True
        case.do(case.post("evaluator", 3), RecordFeedback, contacted=False)
    return True


def _answer(case: Chronicle) -> None:
    expected = SATISFIED + punctuality(case.lead) - PUNCTUAL - (VEXED if case.late else 0)
    case.satisfied = case.happens(expected)
    satisfaction = case.rng.choices(
        (1, 2, 3, 4, 5), (2, 2, 6, 32, 58) if case.satisfied else (40, 30, 20, 8, 2)
    )
    themselves = case.reporter is not None and case.happens(ANSWERS_THEMSELVES)
    case.do(
        case.reporter if themselves and case.reporter else case.post("evaluator", 3),
        RecordFeedback,
        contacted=True,
        resolved=case.satisfied,
        satisfaction=satisfaction[0],
    )


def comes_back(case: Chronicle, checker: str) -> bool:
    """Whether a closed case begins anew: had reopened, or on appeal. checker: who decided it."""
    closed_at = case.at
    if case.happens(REOPENED):
        case.wait(90)
        in_time = case.at - closed_at < timedelta(days=case.rules.reopening_days)
        by = case.reporter if in_time and not case.satisfied else None
        ground = case.one_of(wording.GROUNDS)
        case.do(by or case.post("supervisor", 2), ReopenCase, ground=ground)
    elif not _appealed(case, checker):
        return False
    case.goes_on()
    return True


def _appealed(case: Chronicle, checker: str) -> bool:
    """Whether the reporter appeals, and is found to be right."""
    if case.satisfied or not case.happens(APPEALED):
        return False
    latest = case.at + timedelta(days=DEFAULT.appeal_days - 1)
    case.wait(60)
    case.at = min(case.at, latest)
    case.do(case.voice, FileAppeal, ground=case.one_of(phrases.APPEALS))
    case.wait(40)
    upheld = case.happens(APPEAL_UPHELD)
    finding = case.one_of(phrases.UPHELD if upheld else phrases.NOT_UPHELD)
    registrar = case.another("registrar", 3, checker)
    case.do(registrar, DecideAppeal, upheld=upheld, finding=finding)
    return upheld


def publish(case: Chronicle) -> None:
    """Somebody writes what the public may read, and somebody else releases it or does not."""
    if case.hushed or not case.happens(PUBLISHED):
        return
    case.wait(12)
    proposer = case.one_of((case.post("evaluator", 3), f"{case.lead}-leader", case.desk))
    title = phrases.PUBLIC_TITLES[case.rules.code.split(".", 1)[0]]
    summary = case.one_of(phrases.PUBLIC_SUMMARIES)
    case.do(proposer, ProposePublication, title=title, summary=summary)
    within(case, ClockKind.PUBLICATION)
    registrar = case.post("registrar", 3)
    if not case.happens(RELEASED):
        case.do(registrar, RefusePublication, reason=case.one_of(phrases.NOT_PUBLIC))
        return
    case.do(registrar, ApprovePublication)
    if case.happens(TAKEN_BACK):
        case.wait(30)
        reason = case.one_of(phrases.TAKEN_BACK)
        case.do(case.post("supervisor", 2), WithdrawPublication, reason=reason)


def archive(case: Chronicle) -> None:
    """Once nobody can have it opened again."""
    if case.happens(ARCHIVED):
        case.at += timedelta(days=case.rng.uniform(*ARCHIVED_AFTER_DAYS))
        case.do(case.post("registrar", 3), ArchiveCase)
