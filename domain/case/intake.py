"""Intake: a case is registered, corrected, accepted, rejected or withdrawn."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.answers import checked_answers
from domain.case.guards import check_area, type_rules
from domain.case.lifecycle import Stage
from domain.case.reporters import ReporterDetails, attach, subject_of_reporter
from domain.case.rules import check
from domain.case.state import Case, CaseEvent, CaseOpened
from domain.case.vocabulary import Channel, Detail, Point, Relation, Urgency
from domain.catalogue.content import TypeRules
from domain.catalogue.fields import Answer, validate_fields
from domain.command import Circumstances, Command, check_circumstances
from domain.event import begin_stream, stream_begins_with
from domain.identity import ActorKind
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required


class CaseRegistered(CaseOpened):
    """Somebody brought a request, through any channel, for themselves or for another.

    reporter: the principal who may follow the case as their own; None: nobody signed in.
    catalogue_version: by which the type and the answers to its fields were judged; None: no
        catalogue was in force, and the type is an opaque code.
    """

    TOPIC: ClassVar[str] = "case.registered"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"title", "description", "point", "fields"})
    class_version: ClassVar[int] = 2
    STAGE: ClassVar[Stage | None] = Stage.REGISTERED

    case_no: str
    channel: Channel
    type_code: str | None
    title: str | None
    description: str | None
    area: str | None
    point: Point | None
    urgency: Urgency
    on_behalf: bool
    relation: Relation | None
    reporter: str | None
    catalogue_version: int | None
    fields: dict[str, Answer] | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew no catalogue."""
        state["catalogue_version"] = None
        state["fields"] = None

    def apply(self, case: Case) -> None:
        case.stage = Stage.REGISTERED
        case.case_no = self.case_no
        case.reporter = self.reporter
        case.on_behalf = self.on_behalf
        case.channel = self.channel
        case.type_code = self.type_code
        case.catalogue_version = self.catalogue_version
        case.area = self.area
        case.urgency = self.urgency
        case.title = self.title
        case.description = self.description


class CaseDetailCorrected(CaseEvent):
    """A part of the description was wrong and was put right."""

    TOPIC: ClassVar[str] = "case.detail_corrected"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"old", "new"})

    field: Detail
    old: str | None
    new: str | None

    def apply(self, case: Case) -> None:
        match self.field:
            case Detail.TITLE:
                case.title = self.new
            case Detail.DESCRIPTION:
                case.description = self.new
            case _:
                assert_never(self.field)


class CaseAccepted(CaseEvent):
    """The case is ours to handle; from here on somebody answers for it."""

    TOPIC: ClassVar[str] = "case.accepted"
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED


class CaseRejected(CaseEvent):
    """The case is not ours to handle. A rejection names its legal basis and the remedy."""

    TOPIC: ClassVar[str] = "case.rejected"
    STAGE: ClassVar[Stage | None] = Stage.REJECTED

    legal_basis: str
    remedy: str


class CaseWithdrawn(CaseEvent):
    """The reporter, or somebody on their behalf, took the request back."""

    TOPIC: ClassVar[str] = "case.withdrawn"
    STAGE: ClassVar[Stage | None] = Stage.WITHDRAWN


stream_begins_with(CaseRegistered, Case)


@dataclass(frozen=True, kw_only=True)
class RegisterCase(Command):
    """Register a request. case_id is chosen by the caller of the domain, never by a stranger.

    urgency: None: as the type has it. fields: answers to the questions of the type.
    reporter: who brings it, where that is said. reporter_id: of somebody not known yet, chosen
        by the caller of the domain; it goes with `reporter`.
    """

    NAME: ClassVar[str] = "registerCase"
    CREATES: ClassVar[bool] = True

    case_id: UUID
    case_no: str
    channel: Channel
    type_code: str | None = None
    title: str | None = None
    description: str | None = None
    area: str | None = None
    point: Point | None = None
    urgency: Urgency | None = None
    on_behalf: bool = False
    relation: Relation | None = None
    fields: dict[str, Answer] | None = None
    reporter_id: UUID | None = None
    reporter: ReporterDetails | None = None


@dataclass(frozen=True, kw_only=True)
class CorrectCase(Command):
    """Put title or description right; None leaves one as it is, a blank text clears it."""

    NAME: ClassVar[str] = "correctCase"

    case_id: UUID
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptCase(Command):
    """Accept the case."""

    NAME: ClassVar[str] = "acceptCase"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class RejectCase(Command):
    """Do not accept the case."""

    NAME: ClassVar[str] = "rejectCase"

    case_id: UUID
    legal_basis: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class WithdrawCase(Command):
    """Take the request back."""

    NAME: ClassVar[str] = "withdrawCase"

    case_id: UUID


def register(command: RegisterCase, by: Circumstances) -> Case:
    """A new case, with CaseRegistered pending, and ReporterAttached where the reporter is said."""
    check_circumstances(command, by)
    if command.point is not None:
        _check_point(command.point)
    if command.relation is not None and not command.on_behalf:
        raise InvalidInput(["relation"], "relation needs a person on whose behalf it is")
    type_code = optional(["typeCode"], command.type_code, CODE_LIMIT)
    area = optional(["area"], command.area, CODE_LIMIT)
    rules, catalogue_version = type_rules(type_code, by)
    check_area(area, by)
    case = begin_stream(
        Case,
        CaseRegistered,
        stream_id=command.case_id,
        timestamp=by.at,
        case_no=command.case_no,
        channel=command.channel,
        type_code=type_code,
        title=optional(["title"], command.title, TITLE_LIMIT),
        description=optional(["description"], command.description),
        area=area,
        point=command.point,
        urgency=command.urgency or (Urgency.NORMAL if rules is None else rules.urgency),
        on_behalf=command.on_behalf,
        relation=command.relation,
        reporter=None if by.actor.kind is ActorKind.ANONYMOUS else by.actor.principal,
        catalogue_version=catalogue_version,
        fields=_judged(command, rules),
    )
    if command.reporter is not None and command.reporter_id is not None:
        person = subject_of_reporter(command.reporter_id, on_behalf=command.on_behalf, by=by)
        attach(case, command.reporter, person, by)
    return case


def correct(case: Case, command: CorrectCase, by: Circumstances) -> None:
    """One event for each field that really changes; what is already so records nothing."""
    check(case, command, by)
    title = optional(["title"], command.title, TITLE_LIMIT)
    description = optional(["description"], command.description)
    for field, old, wanted, new in (
        (Detail.TITLE, case.title, command.title, title),
        (Detail.DESCRIPTION, case.description, command.description, description),
    ):
        if wanted is not None and new != old:
            case.trigger_event(CaseDetailCorrected, timestamp=by.at, field=field, old=old, new=new)


def accept(case: Case, command: AcceptCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(CaseAccepted, timestamp=by.at)


def reject(case: Case, command: RejectCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        CaseRejected,
        timestamp=by.at,
        legal_basis=required(["legalBasis"], command.legal_basis),
        remedy=required(["remedy"], command.remedy),
    )


def withdraw(case: Case, command: WithdrawCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(CaseWithdrawn, timestamp=by.at)


def _judged(command: RegisterCase, rules: TypeRules | None) -> dict[str, Answer] | None:
    """The answers, found good by the fields of the type."""
    answers = checked_answers(command.fields)
    if rules is not None:
        validate_fields(rules.fields, answers or {})
    elif answers is not None:
        raise InvalidInput(["fields"], "fields need a typeCode, and a catalogue in force")
    return answers


def _check_point(point: Point) -> None:
    # The comparisons are written so that a NaN fails them.
    if not -90 <= point.latitude <= 90:  # noqa: PLR2004 - the poles
        raise InvalidInput(["point", "latitude"], "latitude is not within -90..90")
    if not -180 <= point.longitude <= 180:  # noqa: PLR2004 - the date line
        raise InvalidInput(["point", "longitude"], "longitude is not within -180..180")


IntakeCommand = AcceptCase | RejectCase | CorrectCase | WithdrawCase


def decide(case: Case, command: IntakeCommand, by: Circumstances) -> None:
    """Decide a command about whether and as what the case is taken in."""
    match command:
        case AcceptCase():
            accept(case, command, by)
        case RejectCase():
            reject(case, command, by)
        case CorrectCase():
            correct(case, command, by)
        case WithdrawCase():
            withdraw(case, command, by)
        case _:
            assert_never(command)
