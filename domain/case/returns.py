"""Returns: the lead unit asks to give a case back; past what is allowed, arbitration decides."""

from dataclasses import dataclass, replace
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.clocks.clock import StoppedClock
from domain.case.guards import check_unit, is_competent
from domain.case.lifecycle import Stage
from domain.case.regions import ReturnState
from domain.case.routing import CaseDispatched
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.vocabulary import ClockKind
from domain.wording import CODE_LIMIT, optional, required


class ReturnRequested(CaseEvent):
    """The lead unit says that the case is not its own. suggested_unit: whose it thinks it is."""

    TOPIC: ClassVar[str] = "case.return_requested"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.SIGN_OFF,)
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground", "basis"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "basis", "requester"})

    ground: str
    basis: str | None
    suggested_unit: str | None
    requester: str

    def apply(self, case: Case) -> None:
        case.returns = replace(
            case.returns,
            state=ReturnState.REQUESTED,
            requested=case.returns.requested + 1,
            requested_by=self.requester,
        )


class ReturnUpheld(CaseEvent):
    """The unit was right: the case is to be dispatched anew."""

    TOPIC: ClassVar[str] = "case.return_upheld"
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED

    lead_unit: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.release()
        case.returns = replace(case.returns.withdrawn(), upheld=case.returns.upheld + 1)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.APPROVAL, "RETURN"),)


class ReturnRejected(CaseEvent):
    """The case stays with the unit."""

    TOPIC: ClassVar[str] = "case.return_rejected"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground"})

    ground: str

    def apply(self, case: Case) -> None:
        case.returns = replace(case.returns.withdrawn(), rejected=True)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.APPROVAL, "RETURN"),)


class ArbitrationRequested(CaseEvent):
    """Whose case it is shall be decided for good; until then nobody has to sign for it."""

    TOPIC: ClassVar[str] = "case.arbitration_requested"
    STOPS_CLOCKS: ClassVar[tuple[ClockKind, ...]] = (ClockKind.SIGN_OFF,)
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground", "requester"})

    ground: str
    requester: str

    def apply(self, case: Case) -> None:
        case.returns = replace(
            case.returns, state=ReturnState.IN_ARBITRATION, requested_by=self.requester
        )


class ResponsibilityArbitrated(CaseEvent):
    """The lead is this unit, and in this cycle no return changes that.

    previous: who led until then; None: nobody. Where that is another unit, CaseDispatched follows.
    """

    TOPIC: ClassVar[str] = "case.responsibility_arbitrated"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    INSIDE: ClassVar[frozenset[str]] = frozenset({"ground"})

    lead_unit: str
    previous: str | None
    ground: str
    final: bool

    def apply(self, case: Case) -> None:
        case.returns = replace(case.returns.withdrawn(), arbitrated=self.final)

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.APPROVAL, "RETURN"),)


@dataclass(frozen=True, kw_only=True)
class RequestReturn(Command):
    """Ask to give the case back: why, by which rule, and to whom it belongs instead."""

    NAME: ClassVar[str] = "requestReturn"

    case_id: UUID
    ground: str
    basis: str | None = None
    suggested_unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class UpholdReturn(Command):
    """Take the case back from the unit."""

    NAME: ClassVar[str] = "upholdReturn"

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class RejectReturn(Command):
    """Leave the case with the unit."""

    NAME: ClassVar[str] = "rejectReturn"

    case_id: UUID
    ground: str


@dataclass(frozen=True, kw_only=True)
class RequestArbitration(Command):
    """Ask to have it decided for good whose case it is."""

    NAME: ClassVar[str] = "requestArbitration"

    case_id: UUID
    ground: str


@dataclass(frozen=True, kw_only=True)
class ArbitrateResponsibility(Command):
    """Name the lead for good."""

    NAME: ClassVar[str] = "arbitrateResponsibility"

    case_id: UUID
    lead_unit: str
    ground: str


def request_return(case: Case, command: RequestReturn, by: Circumstances) -> None:
    check(case, command, by)
    suggested = optional(["suggestedUnit"], command.suggested_unit, CODE_LIMIT)
    if suggested is not None:
        check_unit(suggested, by)
    case.trigger_event(
        ReturnRequested,
        timestamp=by.at,
        ground=required(["ground"], command.ground),
        basis=optional(["basis"], command.basis),
        suggested_unit=suggested,
        requester=by.actor.principal,
    )


def uphold_return(case: Case, command: UpholdReturn, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(ReturnUpheld, timestamp=by.at, lead_unit=case.lead_unit)


def reject_return(case: Case, command: RejectReturn, by: Circumstances) -> None:
    check(case, command, by)
    ground = required(["ground"], command.ground)
    case.trigger_event(ReturnRejected, timestamp=by.at, ground=ground)


def request_arbitration(case: Case, command: RequestArbitration, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(
        ArbitrationRequested,
        timestamp=by.at,
        ground=required(["ground"], command.ground),
        requester=by.actor.principal,
    )


def arbitrate(case: Case, command: ArbitrateResponsibility, by: Circumstances) -> None:
    """Any active unit: that it is competent is what was argued about."""
    check(case, command, by)
    lead, previous = required(["leadUnit"], command.lead_unit, CODE_LIMIT), case.lead_unit
    ground = required(["ground"], command.ground)
    check_unit(lead, by)
    moved = case.stage is Stage.ACCEPTED or lead != previous
    case.trigger_event(
        ResponsibilityArbitrated,
        timestamp=by.at,
        lead_unit=lead,
        previous=previous,
        ground=ground,
        final=True,
    )
    if moved:
        case.trigger_event(
            CaseDispatched,
            timestamp=by.at,
            lead_unit=lead,
            co_units=tuple(unit for unit in case.co_units if unit != lead),
            routing_version=None,
            by_override=not is_competent(lead, case.type_code, case.area, by),
        )


ReturnCommand = (
    RequestReturn | UpholdReturn | RejectReturn | RequestArbitration | ArbitrateResponsibility
)


def decide(case: Case, command: ReturnCommand, by: Circumstances) -> None:
    """Decide a command about whose case it is."""
    match command:
        case RequestReturn():
            request_return(case, command, by)
        case UpholdReturn():
            uphold_return(case, command, by)
        case RejectReturn():
            reject_return(case, command, by)
        case RequestArbitration():
            request_arbitration(case, command, by)
        case ArbitrateResponsibility():
            arbitrate(case, command, by)
        case _:
            assert_never(command)
