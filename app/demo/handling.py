"""How a case of the demonstration is handled, from the signature to the resolution."""

from datetime import datetime, timedelta
from typing import Final

from app.demo import phrases, wording
from app.demo.chronicle import LATE_HOURS, SHARE, Chronicle
from app.demo.names import UNITS
from app.demo.pace import before_handling, within, work_until
from app.demo.resting import planned
from app.demo.supervising import answer_in_time
from domain.case.cohandling import ReplyCoHandling, RequestCoHandling
from domain.case.confidentiality import SetConfidentiality
from domain.case.contact import RecordFirstContact
from domain.case.emergency import EndEmergency, RegulariseStep
from domain.case.handling import AddNote, RecordProgress
from domain.case.information import ReceiveInformation, RequestInformation
from domain.case.officers import AcceptHandOver, AssignOfficer, DeclineHandOver, OfferHandOver
from domain.case.outcome import FOUNDED, PROVED, SubmitResolution
from domain.case.routing import SignForCase
from domain.case.sharing import RevokeShare, ShareCase
from domain.case.tracking import ReissueTrackingCode
from domain.case.urging import UrgeCase
from domain.case.vocabulary import (
    Audience,
    CasePart,
    ContactWay,
    ResolutionOutcome,
    Step,
)
from domain.case.windows import DEFAULT
from domain.vocabulary import ClockKind, Confidentiality
from domain.watching import UnwatchCase, WatchCase

NOTED: Final = 0.15
PROGRESS_TOLD: Final = 0.45
ON_PAPER: Final = 0.05
BY_GRID_WORKER: Final = 0.4
"""Of what is simple."""

ASSIGNED: Final = 0.3
OFFERED: Final = 0.2
"""Of the cases with an officer, so many are offered to a colleague."""

TAKEN_OVER: Final = 0.7
CONTACTED: Final = 0.97
SIGNED_BY: Final = 0.3
CONTACTED_BY: Final = 0.5
"""Of the time that the lead has."""

NOT_REACHED: Final = 0.12
HELPED: Final = 0.06
HELP_AGREED: Final = 0.8
SILENT: Final = 0.25
ASKED: Final = 0.07
ASKED_OF_A_UNIT: Final = 0.3
SHOWN_BY_REPORTER: Final = 0.5
URGED: Final = 0.06
CODE_LOST: Final = 0.02
WATCHED: Final = 0.03
UNWATCHED: Final = 0.3
HUSHED: Final = 0.02
SECRET: Final = 0.3
SHARED: Final = 0.025
REVOKED: Final = 0.35
ENDED_EARLY: Final = 0.5
OUTCOMES: Final = {
    ResolutionOutcome.RESOLVED: 74,
    ResolutionOutcome.PARTLY: 9,
    ResolutionOutcome.EXPLAINED: 11,
    ResolutionOutcome.NOT_POSSIBLE: 3,
    ResolutionOutcome.NOT_RESPONSIBLE: 3,
}
ON_PAPER_BEFORE: Final = timedelta(hours=LATE_HOURS[1])
"""What there is less time for is not entered from paper."""

SHOWN_BEFORE: Final = timedelta(seconds=40)
"""So long before the resolution evidence is added."""

SHARED_WITH: Final = ("letters-and-visits", "legal-aid", "women-federation", "civil-affairs")
HELPERS: Final = tuple(code for code, *_ in UNITS[3:] if code != "volunteers")


def sign(case: Chronicle) -> str:
    """The post that handles it from now on."""
    if case.emergency_until is not None and case.open_steps and _acts_at_once(case):
        return case.officer()
    _within(case, ClockKind.SIGN_OFF, SIGNED_BY)
    worker = f"grid-worker-{case.community}"
    simple = case.rules.simple and not case.hushed and case.happens(BY_GRID_WORKER)
    officer = worker if simple else case.officer()
    case.do(officer, SignForCase)
    return officer


def _within(case: Chronicle, kind: ClockKind, share: float) -> None:
    """The lead does something, early enough to be done with the whole in time."""
    since, before = case.dispatched_at, before_handling(case, share)
    within(case, kind, case.lead, since=since, before=before)


def _acts_at_once(case: Chronicle) -> bool:
    """The unit goes there before it signs; whether the emergency still holds then."""
    case.wait(1.5)
    if case.emergency_until is None or case.at >= case.emergency_until:
        return False
    case.do(case.officer(), RecordProgress, text=case.one_of(phrases.AT_ONCE))
    case.open_steps += 1
    return True


def end_emergency(case: Chronicle) -> None:
    """Somebody ends it, or it expires."""
    until, case.emergency_until = case.emergency_until, None
    if until is None or not case.happens(ENDED_EARLY):
        return
    case.wait(4)
    if case.at < until:
        case.do(case.post("dispatcher", 3), EndEmergency, reason="险情已排除")
        case.call_off("endEmergency")


def regularise(case: Chronicle) -> None:
    """What the emergency left out is looked at afterwards."""
    for step in list(Step)[: case.open_steps]:
        case.moment()
        finding = case.one_of(phrases.REGULARISED)
        case.do(case.post("registrar", 3), RegulariseStep, step=step, finding=finding)
    case.open_steps = 0


def organise(case: Chronicle, officer: str) -> None:
    """Within the unit: whose it is; and what is said about it."""
    leader = f"{case.lead}-leader"
    if officer.startswith(case.lead) and not case.assigned and case.happens(ASSIGNED):
        case.wait(1)
        _assign(case, leader)
    if case.happens(NOTED):
        case.wait(8)
        text, audience = case.one_of(wording.NOTES), case.one_of(list(Audience))
        case.do(case.post("dispatcher", 3), AddNote, text=text, audience=audience)
    if case.happens(URGED):
        case.wait(20)
        text = case.one_of(phrases.URGES[case.told.title.isascii()])
        case.do(case.voice, UrgeCase, text=text)
    if not case.watched and case.happens(WATCHED):
        _watch(case)
    if case.happens(CODE_LOST):
        case.moment()
        case.do(case.desk, ReissueTrackingCode, reason="诉求人遗失查询码")


def _watch(case: Chronicle) -> None:
    """Somebody keeps an eye on it, perhaps not for long."""
    case.watched = True
    case.wait(1)
    by = case.one_of((case.post("supervisor", 2), f"{case.lead}-leader", case.post("registrar", 3)))
    person = case.acting(by)
    case.do(by, WatchCase, principal=person)
    if case.happens(UNWATCHED):
        case.wait(4)
        if case.acting(by) == person:
            case.do(by, UnwatchCase, principal=person)


def _assign(case: Chronicle, leader: str) -> None:
    first, second = case.rng.sample((1, 2), 2)
    officer = case.acting(f"{case.lead}-officer-{first}")
    case.do(leader, AssignOfficer, officer=officer)
    case.assigned = True
    if not case.happens(OFFERED):
        return
    case.moment()
    colleague = f"{case.lead}-officer-{second}"
    to = case.acting(colleague)
    if to == officer:
        return
    case.do(leader, OfferHandOver, to=to, reason="工作调整")
    case.moment()
    if case.acting(colleague) == to:
        case.do(colleague, AcceptHandOver if case.happens(TAKEN_OVER) else DeclineHandOver)


def contact(case: Chronicle, officer: str) -> None:
    """The unit speaks with the reporter for the first time."""
    if not case.happens(CONTACTED):
        return
    by, way = officer if officer.startswith(case.lead) else case.officer(), _way(case)
    if case.happens(NOT_REACHED):
        case.moment()
        result = case.one_of(phrases.NOT_REACHED)
        case.do(by, RecordFirstContact, way=way, result=result, reached=False)
    _within(case, ClockKind.FIRST_CONTACT, CONTACTED_BY)
    case.do(by, RecordFirstContact, way=way, result=case.one_of(phrases.REACHED))


def _way(case: Chronicle) -> ContactWay:
    return case.one_of(list(ContactWay))


def ask_others(case: Chronicle, officer: str) -> None:
    """Other units help, or are shown it; and the reporter or they are asked what they know."""
    if not officer.startswith(case.lead):
        return
    if case.happens(HELPED):
        _ask_for_help(case, officer)
    if case.happens(ASKED):
        _ask_for_information(case, officer)
    if not case.shared and case.happens(SHARED):
        _share(case)


def _ask_for_help(case: Chronicle, officer: str) -> None:
    case.wait(5)
    unit = case.one_of([each for each in HELPERS if each != case.lead])
    due = case.days_after(DEFAULT.co_reply_days)
    case.do(officer, RequestCoHandling, unit=unit, question=case.one_of(phrases.HELP))
    case.helping = (*case.helping, unit)
    case.expect(due, "deemCoHandlingAgreed")
    if case.tempo < 1 or not case.happens(SILENT):
        case.wait(8)
        if case.at < due:
            agrees = case.happens(HELP_AGREED)
            reply = case.one_of(phrases.AGREED if agrees else phrases.NOT_AGREED)
            replier = case.post(f"{unit}-officer", 2)
            case.do(replier, ReplyCoHandling, unit=unit, reply=reply, agrees=agrees)
            case.call_off("deemCoHandlingAgreed")
            return
    case.at = max(case.at, due + timedelta(minutes=20))


def _ask_for_information(case: Chronicle, officer: str) -> None:
    case.wait(4)
    case.questions += 1
    if case.happens(ASKED_OF_A_UNIT):
        unit = case.one_of([each for each in HELPERS if each != case.lead])
        question, answer = case.one_of(phrases.UNIT_ASKED)
        case.do(officer, RequestInformation, question=question, unit=unit)
        case.wait(12)
        case.do(case.desk, ReceiveInformation, number=case.questions, answer=answer)
        return
    question, answer = case.one_of(phrases.REPORTER_ASKED[case.told.title.isascii()])
    case.do(officer, RequestInformation, question=question)
    case.wait(12)
    by = case.voice
    if case.happens(SHOWN_BY_REPORTER):
        case.show(by, "诉求人照片", pictured=True)
        case.moment()
    case.do(by, ReceiveInformation, number=case.questions, answer=answer)


def _share(case: Chronicle) -> None:
    case.wait(3)
    case.shared = True
    with_lead = {case.lead, *case.helping}
    unit = case.one_of([each for each in SHARED_WITH if each not in with_lead])
    expires = case.at + timedelta(days=case.rng.randint(5, 30))
    parts = tuple(case.rng.sample(list(CasePart), 2))
    purpose = case.one_of(phrases.PURPOSES)
    by = case.post("dispatcher", 3) if case.happens(0.6) else f"{case.lead}-leader"
    case.do(by, ShareCase, unit=unit, purpose=purpose, parts=parts, expires=expires)
    case.expect(expires, SHARE)
    if case.happens(REVOKED):
        case.wait(6)
        if case.at < expires:
            case.do(case.post("registrar", 3), RevokeShare, unit=unit, reason="不再需要")
            case.call_off(SHARE)


def hush(case: Chronicle, officer: str) -> bool:
    """Now and then fewer people are to see it; whether so few that nobody visits the reporter."""
    if case.hushed or not officer.startswith(case.lead) or not case.happens(HUSHED):
        return False
    case.wait(1)
    secret = case.happens(SECRET)
    level = Confidentiality.CONFIDENTIAL if secret else Confidentiality.RESTRICTED
    case.do(case.post("registrar", 3), SetConfidentiality, level=level, reason="涉及个人隐私")
    case.hushed = True
    return secret


def resolve(case: Chronicle, officer: str) -> None:
    """It is worked on, and whoever did says what came of it."""
    handled = planned(case)
    case.late = case.late or handled.late
    answer_in_time(case, handled.at)
    if case.happens(PROGRESS_TOLD):
        _tell_progress(case, officer, handled.at)
    work_until(case, handled)
    outcome = case.rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    if outcome in PROVED and case.rules.evidence:
        pictured = any(kind.value.startswith("PHOTO") for kind in case.rules.evidence)
        case.show(officer, "办理记录", pictured=pictured and case.happens(PICTURED))
        case.at += SHOWN_BEFORE
    basis = case.one_of(wording.BASES) if outcome in FOUNDED else None
    measures = case.one_of(wording.MEASURES[outcome])
    case.do(officer, SubmitResolution, outcome=outcome, measures=measures, basis=basis)


def _tell_progress(case: Chronicle, officer: str, until: datetime) -> None:
    """While they are at it, perhaps on paper first."""
    then = case.opening(case.at + (until - case.at) * 0.4)
    if then >= until:
        return
    case.at = then
    text = case.one_of(wording.PROGRESS)
    backdated = until - then > ON_PAPER_BEFORE and case.happens(ON_PAPER)
    case.do(officer, RecordProgress, backdated=backdated, text=text)


PICTURED: Final = 0.5
"""Of the evidence that is to be a photograph; the rest are pages with one."""
