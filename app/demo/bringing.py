"""How a case of the demonstration begins: brought, looked into, taken in or not."""

from typing import Final

from app.demo import phrases, wording
from app.demo.chronicle import Chronicle
from app.demo.matters import MATTERS
from app.demo.pace import within
from app.demo.step import drawn_id
from domain.case.appeals import DecideAppeal, FileAppeal
from domain.case.correction import CorrectCase, ReclassifyCase
from domain.case.intake import (
    AcceptCase,
    ProposeRejection,
    RegisterCase,
    RejectCase,
    WithdrawCase,
)
from domain.case.reporters import AttachReporter
from domain.case.verification import RecordFieldVerification, RequestFieldVerification
from domain.case.vocabulary import Channel, Relation, Urgency, VoidReason
from domain.case.voiding import ApproveVoid, RefuseVoid, RequestVoid
from domain.vocabulary import ClockKind
from schema.case.numbers import case_number

REJECTED: Final = 0.035
PROPOSED: Final = 0.6
REJECTION_APPEALED: Final = 0.3
REJECTION_REVERSED: Final = 0.4
WITHDRAWN: Final = 0.025
VOID_REQUESTED: Final = 0.015
VOIDED: Final = 0.6
CORRECTED: Final = 0.03
RECLASSIFIED: Final = 0.03
LATER_NAMED: Final = 0.04
LOOKED_INTO: Final = 0.085
NOT_WAITED_FOR: Final = 0.08
CONFIRMED: Final = 0.9
PHOTOGRAPHED: Final = 0.6
ON_PAPER: Final = 0.25
"""Of what grid workers and people at the counter write down."""

CHANNELS: Final = {
    Channel.HOTLINE: 55,
    Channel.APP: 17,
    Channel.WEB: 9,
    Channel.WALK_IN: 8,
    Channel.EMAIL: 3,
    Channel.TRANSFERRED: 6,
    Channel.MEDIA: 2,
}
PATROLLED: Final = ("urban.", "safety.fire", "safety.disaster", "transport.road")
ON_PATROL: Final = 0.35
"""Of what can be seen in the street or on the stairs."""

OWN: Final = frozenset({Channel.APP, Channel.WEB})
"""Through these people bring their requests themselves."""

NAMELESS: Final = frozenset({Channel.GRID_PATROL, Channel.MEDIA, Channel.TRANSFERRED})
"""Through these nobody says who they are."""

NAMED: Final = 0.8


def draw_channel(case: Chronicle) -> None:
    """How it is brought."""
    if case.brought.matter.code.startswith(PATROLLED) and case.happens(ON_PATROL):
        case.channel = Channel.GRID_PATROL
    else:
        case.channel = case.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]


def register(case: Chronicle) -> None:
    """Somebody brings it."""
    rng, told = case.rng, case.told
    on_behalf = case.channel not in OWN and case.happens(0.08)
    day = case.at.astimezone(case.scene.zone).date()
    named = case.channel not in NAMELESS and case.happens(NAMED)
    case.do(
        _registrar_of(case),
        RegisterCase,
        backdated=case.channel in {Channel.WALK_IN, Channel.GRID_PATROL}
        and case.urgency is Urgency.NORMAL
        and case.happens(ON_PAPER)
        and case.at < case.scene.paper_until,
        case_no=case_number(case.case_id, case.scene.zone),
        channel=case.channel,
        type_code=case.brought.matter.code,
        title=told.title,
        description=told.description,
        area=told.area,
        point=told.point,
        on_behalf=on_behalf,
        relation=rng.choice(list(Relation)) if on_behalf else None,
        fields=wording.answers(rng, case.rules.fields, told.place, day),
        reporter_id=drawn_id(rng) if named else None,
        reporter=wording.reporter(rng, told.place) if named else None,
    )
    case.foresee()


def complete(case: Chronicle) -> None:
    """What turns out to be wrong or missing in it is set right."""
    if case.happens(CORRECTED):
        case.wait(0.2)
        title = f"{case.told.title}（已核实地点）"
        case.do(case.desk, CorrectCase, title=title, reason="核实地点")
    if case.happens(LATER_NAMED) and case.channel not in NAMELESS:
        case.wait(0.3)
        details = wording.reporter(case.rng, case.told.place)
        case.do(case.desk, AttachReporter, reporter_id=drawn_id(case.rng), details=details)
    if case.happens(RECLASSIFIED):
        case.wait(0.3)
        _reclassify(case)


def is_void(case: Chronicle) -> bool:
    """Whether two persons find that it should never have been a case."""
    if not case.happens(VOID_REQUESTED):
        return False
    case.wait(1)
    reason = case.one_of(list(VoidReason))
    requester = case.do(
        case.post("registrar", 3),
        RequestVoid,
        void_reason=reason,
        explanation=phrases.VOIDING[reason],
    )
    case.wait(3)
    second = case.another("registrar", 3, requester)
    if not case.happens(VOIDED):
        case.do(second, RefuseVoid, explanation=case.one_of(phrases.NOT_VOID))
        return False
    case.do(second, ApproveVoid)
    case.ends()
    return True


def is_taken_in(case: Chronicle) -> bool:
    """Whether it is accepted, at once or on appeal."""
    within(case, ClockKind.ACCEPTANCE, since=case.brought.at)
    waits_for, confirmed = None, True
    if case.urgency is Urgency.NORMAL and case.happens(LOOKED_INTO):
        case.do(case.desk, RequestFieldVerification)
        if case.happens(NOT_WAITED_FOR):
            waits_for = "现场情况紧急，先行受理"
        else:
            confirmed = _looked_into(case)
        case.wait(0.6)
    if not confirmed or case.happens(REJECTED):
        return _rejected(case)
    case.do(case.post("registrar", 3), AcceptCase, reason=waits_for)
    case.accepted_at = case.at
    return True


def withdrawn(case: Chronicle) -> bool:
    """Whether the reporter does not want it any longer."""
    if not case.happens(WITHDRAWN):
        return False
    case.wait(6)
    case.do(case.reporter or case.desk, WithdrawCase, reason=case.one_of(wording.WITHDRAWALS))
    case.ends()
    return True


def _looked_into(case: Chronicle) -> bool:
    """Whether the grid worker finds it as it was said."""
    worker = f"grid-worker-{case.community}"
    case.wait(3)
    if case.happens(PHOTOGRAPHED):
        case.show(worker, "现场照片", pictured=True)
        case.moment()
    confirmed = case.happens(CONFIRMED)
    findings = phrases.FOUND if confirmed else phrases.NOT_FOUND
    case.do(worker, RecordFieldVerification, findings=case.one_of(findings), confirmed=confirmed)
    return confirmed


def _rejected(case: Chronicle) -> bool:
    """It is not ours; whether an appeal makes it ours after all."""
    basis, remedy = case.one_of(wording.REJECTIONS)
    if case.happens(PROPOSED):
        case.do(case.desk, ProposeRejection, legal_basis=basis, remedy=remedy)
        case.wait(1)
    decider = case.do(case.post("registrar", 3), RejectCase, legal_basis=basis, remedy=remedy)
    case.ends()
    if not case.happens(REJECTION_APPEALED):
        return False
    case.wait(20)
    case.do(case.voice, FileAppeal, ground=case.one_of(phrases.APPEALS))
    case.wait(20)
    upheld = case.happens(REJECTION_REVERSED)
    finding = case.one_of(phrases.UPHELD if upheld else phrases.NOT_UPHELD)
    registrar = case.another("registrar", 3, decider)
    case.do(registrar, DecideAppeal, upheld=upheld, finding=finding)
    if upheld:
        case.goes_on()
    return upheld


def _reclassify(case: Chronicle) -> None:
    """It is of another type, of those that people bring up at such places."""
    where = case.brought.matter.where
    matter = case.one_of([each for each in MATTERS if each.where == where])
    rules = case.scene.forecast.catalogue.rules(matter.code)
    if rules is None or rules.code == case.rules.code:
        return
    day = case.at.astimezone(case.scene.zone).date()
    fields = wording.answers(case.rng, rules.fields, case.told.place, day)
    case.do(case.desk, ReclassifyCase, type_code=rules.code, fields=fields, reason="归类有误")
    case.rules = rules
    case.foresee()


def _registrar_of(case: Chronicle) -> str:
    if case.channel is Channel.GRID_PATROL:
        return f"grid-worker-{case.community}"
    if case.channel not in OWN:
        return case.post("intake", 6)
    # A few bring much, most of them little.
    case.reporter = f"r-{int(case.scene.residents * case.rng.random() ** 1.5):05}"
    return case.reporter
