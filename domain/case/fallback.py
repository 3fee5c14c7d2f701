"""The fall-back owner: who answers for an accepted case that nobody was given for too long."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.case.guards import check_unit
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, optional


class FallbackOwnerAssigned(CaseEvent):
    """Until the case is dispatched this unit answers for it, as its lead; the stage stays."""

    TOPIC: ClassVar[str] = "case.fallback_owner_assigned"

    unit: str

    def apply(self, case: Case) -> None:
        case.lead_unit = self.unit
        case.fallback_unit = self.unit


@dataclass(frozen=True, kw_only=True)
class AssignFallbackOwner(Command):
    """Name the unit that answers meanwhile; None: the fall-back unit of the routing policy."""

    NAME: ClassVar[str] = "assignFallbackOwner"

    case_id: UUID
    unit: str | None = None


def assign_fallback_owner(case: Case, command: AssignFallbackOwner, by: Circumstances) -> None:
    """Nothing where that unit is it already."""
    check(case, command, by)
    unit = optional(["unit"], command.unit, CODE_LIMIT)
    policy = None if by.routing is None else by.routing.in_force(by.at)
    if unit is None and policy is not None:
        unit = policy.fallback_unit
    if unit is None:
        raise InvalidInput(["unit"], "unit is needed while no routing policy is in force")
    check_unit(unit, by)
    if unit != case.fallback_unit:
        case.trigger_event(FallbackOwnerAssigned, timestamp=by.at, unit=unit)
