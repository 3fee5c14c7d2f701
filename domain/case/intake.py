"""Intake: a case is registered, corrected, accepted, rejected or withdrawn."""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.answers import check_point, judged
from domain.case.guards import check_area, type_rules
from domain.case.lifecycle import Stage
from domain.case.reporters import ReporterDetails, attach, subject_of_reporter
from domain.case.routing_refusals import NotVerified
from domain.case.rules import check
from domain.case.state import Case, CaseEvent, CaseOpened
from domain.case.vocabulary import Channel, Point, Relation, Urgency
from domain.catalogue.fields import Answer
from domain.command import Circumstances, Command, check_circumstances
from domain.event import begin_stream, stream_begins_with
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required


class CaseRegistered(CaseOpened):
    """Somebody brought a request, through any channel, for themselves or for another.

    reporter: the principal who may follow the case as their own; None: nobody who is
        signed in, or a clerk took it down for somebody.
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
        case.point = self.point
        case.urgency = self.urgency
        case.title = self.title
        case.description = self.description


class CaseAccepted(CaseEvent):
    """The case is ours to handle; from here on somebody answers for it."""

    TOPIC: ClassVar[str] = "case.accepted"
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.accepted_at = self.timestamp


class RejectionProposed(CaseEvent):
    """Somebody thinks that the case is not ours to handle; another person decides."""

    TOPIC: ClassVar[str] = "case.rejection_proposed"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"legal_basis", "remedy"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"legal_basis", "remedy", "proposer"})

    legal_basis: str
    remedy: str
    proposer: str

    def apply(self, case: Case) -> None:
        case.rejection_proposed_by = self.proposer


class CaseRejected(CaseEvent):
    """The case is not ours to handle. A rejection names its legal basis and the remedy.

    decider: who rejected it; None: not recorded.
    """

    TOPIC: ClassVar[str] = "case.rejected"
    INSIDE: ClassVar[frozenset[str]] = frozenset({"decider"})
    STAGE: ClassVar[Stage | None] = Stage.REJECTED
    class_version: ClassVar[int] = 2

    legal_basis: str
    remedy: str
    decider: str | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 did not say who decided."""
        state["decider"] = None

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.decider = self.decider
        case.decided_at = self.timestamp
        case.appealed = False


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
class AcceptCase(Command):
    """Accept the case; before its field verification has said anything, only for a reason."""

    NAME: ClassVar[str] = "acceptCase"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProposeRejection(Command):
    """Propose not to accept the case."""

    NAME: ClassVar[str] = "proposeRejection"

    case_id: UUID
    legal_basis: str
    remedy: str


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
        check_point(command.point)
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
        # Not the account of a clerk who takes down what somebody says: the case would stay theirs
        # to see and to withdraw when it is for few eyes, and after they have left the post.
        reporter=by.actor.principal if by.as_reporter else None,
        catalogue_version=catalogue_version,
        fields=judged(command.fields, rules),
    )
    if command.reporter is not None and command.reporter_id is not None:
        person = subject_of_reporter(command.reporter_id, on_behalf=command.on_behalf, by=by)
        attach(case, command.reporter, person, by)
    return case


def accept(case: Case, command: AcceptCase, by: Circumstances) -> None:
    check(case, command, by)
    waiting = case.stage is Stage.VERIFYING and not case.field_verified
    if waiting and optional(["reason"], command.reason) is None:
        raise NotVerified
    case.trigger_event(CaseAccepted, timestamp=by.at)


def propose_rejection(case: Case, command: ProposeRejection, by: Circumstances) -> None:
    """Whoever proposes it last is the proposer."""
    check(case, command, by)
    case.trigger_event(
        RejectionProposed,
        timestamp=by.at,
        legal_basis=required(["legalBasis"], command.legal_basis),
        remedy=required(["remedy"], command.remedy),
        proposer=by.actor.principal,
    )


def reject(case: Case, command: RejectCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        CaseRejected,
        timestamp=by.at,
        legal_basis=required(["legalBasis"], command.legal_basis),
        remedy=required(["remedy"], command.remedy),
        decider=by.actor.principal,
    )


def withdraw(case: Case, command: WithdrawCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(CaseWithdrawn, timestamp=by.at)


IntakeCommand = AcceptCase | ProposeRejection | RejectCase | WithdrawCase


def decide(case: Case, command: IntakeCommand, by: Circumstances) -> None:
    """Decide a command about whether and as what the case is taken in."""
    match command:
        case AcceptCase():
            accept(case, command, by)
        case RejectCase():
            reject(case, command, by)
        case ProposeRejection():
            propose_rejection(case, command, by)
        case WithdrawCase():
            withdraw(case, command, by)
        case _:
            assert_never(command)
