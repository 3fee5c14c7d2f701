"""Routing: a case goes to the unit that leads its handling, and the unit signs for it."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from domain.case.lifecycle import Stage
from domain.case.state import Case, CaseEvent, check_stage
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, required

MOST_CO_UNITS: Final = 50
"""More than any case needs; a bound on what one event may hold."""


class CaseDispatched(CaseEvent):
    """The case was given to a lead unit, with the units that help it: each once, in order."""

    TOPIC: ClassVar[str] = "case.dispatched"
    STAGE: ClassVar[Stage | None] = Stage.DISPATCHED

    lead_unit: str
    co_units: tuple[str, ...]


class CaseSignedFor(CaseEvent):
    """The lead unit took the case over."""

    TOPIC: ClassVar[str] = "case.signed_for"
    STAGE: ClassVar[Stage | None] = Stage.IN_PROGRESS


@dataclass(frozen=True, kw_only=True)
class DispatchCase(Command):
    """Give the case to a lead unit."""

    NAME: ClassVar[str] = "dispatchCase"

    case_id: UUID
    lead_unit: str
    co_units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignForCase(Command):
    """Take the case over on behalf of the lead unit."""

    NAME: ClassVar[str] = "signForCase"

    case_id: UUID


def dispatch(case: Case, command: DispatchCase, by: Circumstances) -> None:
    check_stage(case, command, by)
    if len(command.co_units) > MOST_CO_UNITS:
        raise InvalidInput(["coUnits"], f"coUnits has more than {MOST_CO_UNITS} units")
    lead = required(["leadUnit"], command.lead_unit, CODE_LIMIT)
    helping = dict.fromkeys(
        required(["coUnits", str(index)], unit, CODE_LIMIT)
        for index, unit in enumerate(command.co_units)
    )
    helping.pop(lead, None)
    case.trigger_event(CaseDispatched, timestamp=by.at, lead_unit=lead, co_units=tuple(helping))


def sign_for(case: Case, command: SignForCase, by: Circumstances) -> None:
    check_stage(case, command, by)
    case.trigger_event(CaseSignedFor, timestamp=by.at)
