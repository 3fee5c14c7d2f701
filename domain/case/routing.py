"""Routing: a case goes to the unit that leads its handling, and the unit signs for it."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, assert_never
from uuid import UUID

from domain.case.emergency import skip_to
from domain.case.guards import (
    check_reason,
    check_unit,
    overrides_competence,
    pinned_catalogue,
)
from domain.case.lifecycle import Stage
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.catalogue.content import CatalogueVersion
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.routing_policy.decision import Candidate, Loss, RoutingDecision
from domain.routing_policy.route import CaseFacts, route
from domain.wording import CODE_LIMIT, required

MOST_CO_UNITS: Final = 50
"""More than any case needs; a bound on what one event may hold."""


MOST_CANDIDATES: Final = 300
"""Of the rules that lost, in one event; all of them can be computed again from the versions."""

MOST_PROBLEMS: Final = 100


class RoutingDecided(CaseEvent):
    """The routing policy said where the case goes, and why.

    left_out: how many rules that lost by their type, area or other conditions are not listed.
    """

    TOPIC: ClassVar[str] = "case.routing_decided"

    decision: RoutingDecision
    left_out: int


class CaseDispatched(CaseEvent):
    """The case was given to a lead unit, with the units that help it: each once, in order.

    routing_version: of the policy whose decision came before it; None: none was in force.
    by_override: it goes elsewhere than the policy or the competences of units say.
    """

    TOPIC: ClassVar[str] = "case.dispatched"
    STAGE: ClassVar[Stage | None] = Stage.DISPATCHED
    class_version: ClassVar[int] = 2

    lead_unit: str
    co_units: tuple[str, ...]
    routing_version: int | None
    by_override: bool

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew no routing policy."""
        state["routing_version"] = None
        state["by_override"] = False

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.release()
        case.lead_unit = self.lead_unit
        case.co_units = self.co_units
        case.dispatched_at = self.timestamp


class CaseSignedFor(CaseEvent):
    """The lead unit took the case over."""

    TOPIC: ClassVar[str] = "case.signed_for"
    STAGE: ClassVar[Stage | None] = Stage.IN_PROGRESS


@dataclass(frozen=True, kw_only=True)
class DispatchCase(Command):
    """Give the case to a lead unit; None: to the one that the routing policy in force says.

    co_units: without a lead unit those of the policy, unless some are given. override: to a unit
        that is not competent, for a reason.
    """

    NAME: ClassVar[str] = "dispatchCase"

    case_id: UUID
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    override: bool = False


@dataclass(frozen=True, kw_only=True)
class SignForCase(Command):
    """Take the case over on behalf of the lead unit."""

    NAME: ClassVar[str] = "signForCase"

    case_id: UUID


def dispatch(case: Case, command: DispatchCase, by: Circumstances) -> None:
    check(case, command, by)
    given, helping = _units(command)
    decision = decide_routing(case, by)
    lead = given or (None if decision is None else decision.lead_unit)
    if lead is None:
        raise InvalidInput(["leadUnit"], "leadUnit is needed while no routing policy is in force")
    if decision is not None and given is None:
        helping = helping or decision.co_units
    helping = tuple(unit for unit in helping if unit != lead)
    by_override = _check_lead(case, command, by, lead, decision)
    for unit in helping:
        check_unit(unit, by)
    skip_to(case, command, by)
    if decision is not None:
        kept, left_out = _bounded(decision)
        case.trigger_event(RoutingDecided, timestamp=by.at, decision=kept, left_out=left_out)
    case.trigger_event(
        CaseDispatched,
        timestamp=by.at,
        lead_unit=lead,
        co_units=helping,
        routing_version=None if decision is None else decision.policy_version,
        by_override=by_override,
    )


def decide_routing(case: Case, by: Circumstances) -> RoutingDecision | None:
    """Where the policy in force sends the case, and why; None: no policy is in force."""
    policy = None if by.routing is None else by.routing.in_force(by.at)
    if policy is None:
        return None
    facts = CaseFacts(
        type_code=case.type_code,
        area=case.area,
        channel=case.channel,
        urgency=case.urgency,
        text="\n".join(text for text in (case.title, case.description) if text),
    )
    directory = by.directory if by.directory is not None and by.directory.has_units() else None
    return route(policy, facts, by.at, directory, _catalogue_for(case, by))


def sign_for(case: Case, command: SignForCase, by: Circumstances) -> None:
    check(case, command, by)
    case.trigger_event(CaseSignedFor, timestamp=by.at)


def _units(command: DispatchCase) -> tuple[str | None, tuple[str, ...]]:
    """The lead unit that is given, and the helping units, each once."""
    if len(command.co_units) > MOST_CO_UNITS:
        raise InvalidInput(["coUnits"], f"coUnits has more than {MOST_CO_UNITS} units")
    lead = command.lead_unit
    given = None if lead is None else required(["leadUnit"], lead, CODE_LIMIT)
    helping = dict.fromkeys(
        required(["coUnits", str(index)], unit, CODE_LIMIT)
        for index, unit in enumerate(command.co_units)
    )
    return given, tuple(helping)


def _check_lead(
    case: Case,
    command: DispatchCase,
    by: Circumstances,
    lead: str,
    decision: RoutingDecision | None,
) -> bool:
    """Whether the case goes elsewhere than the rules say; refused where that has no reason."""
    check_unit(lead, by)
    decided = decision is not None and lead == decision.lead_unit
    if decision is not None and not decided:
        check_reason(lead, command)
    # The fall-back unit takes what nobody is found to be competent for.
    if decided and decision is not None and decision.is_fallback:
        return False
    beyond = overrides_competence(case, lead, command, by, override=command.override)
    return beyond or (decision is not None and not decided)


def _catalogue_for(case: Case, by: Circumstances) -> CatalogueVersion | None:
    """The version in force, which the rules are about; unless it no longer has the case's type."""
    current = None if by.catalogue is None else by.catalogue.in_force(by.at)
    if case.type_code is None or (current is not None and current.rules(case.type_code)):
        return current
    return pinned_catalogue(case, by) or current


def _bounded(decision: RoutingDecision) -> tuple[RoutingDecision, int]:
    """What of a decision fits into an event: the rules that came nearest, in their order."""
    if len(decision.candidates) <= MOST_CANDIDATES:
        kept = decision.candidates
    else:
        nearest = sorted(decision.candidates, key=_distance)[:MOST_CANDIDATES]
        chosen = {candidate.rule for candidate in nearest}
        kept = tuple(each for each in decision.candidates if each.rule in chosen)
    bounded = replace(decision, candidates=kept, problems=decision.problems[:MOST_PROBLEMS])
    return bounded, len(decision.candidates) - len(kept)


_FAR: Final = tuple(Loss)


def _distance(candidate: Candidate) -> int:
    """0: chosen; the rules that matched or could not be evaluated come next."""
    return 0 if candidate.lost is None else len(_FAR) - _FAR.index(candidate.lost)


RoutingCommand = DispatchCase | SignForCase


def decide(case: Case, command: RoutingCommand, by: Circumstances) -> None:
    """Decide a command about who handles the case."""
    match command:
        case DispatchCase():
            dispatch(case, command, by)
        case SignForCase():
            sign_for(case, command, by)
        case _:
            assert_never(command)
