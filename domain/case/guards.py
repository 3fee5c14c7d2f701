"""Guards that ask directory and catalogue, as they were when it happened (`Circumstances.at`).

What is not set up yet is not asked: then codes are opaque.
"""

from datetime import datetime

from domain.case.refusals import (
    CheckerOfResolvingUnit,
    OverrideWithoutReason,
    SignerNotInLeadUnit,
    UnitNotActive,
    UnitNotCompetent,
    UnknownArea,
    UnknownType,
)
from domain.case.state import Case
from domain.catalogue.content import CatalogueVersion, TypeRules
from domain.command import Circumstances, Command
from domain.identity import Role
from domain.refusal import CheckerIsResolver


def type_rules(code: str | None, by: Circumstances) -> tuple[TypeRules | None, int | None]:
    """What holds for cases of a type, and by which version of the catalogue."""
    version = None if by.catalogue is None else by.catalogue.in_force(by.at)
    if code is None or version is None:
        return None, None
    rules = version.rules(code)
    if rules is None:
        raise UnknownType(type=code, at=by.at.isoformat())
    return rules, version.number


def check_area(code: str | None, by: Circumstances) -> None:
    """Refuse an area that is not in the directory, once there are areas."""
    if code is None or by.directory is None or not by.directory.areas:
        return
    if by.directory.area_at(code, by.at) is None:
        raise UnknownArea(area=code, at=by.at.isoformat())


def check_unit(code: str, by: Circumstances) -> None:
    """Refuse a unit that is not in the directory, once there are units."""
    if by.directory is None or not by.directory.has_units():
        return
    if not by.directory.is_active(code, by.at):
        raise UnitNotActive(unit=code, at=by.at.isoformat())


def is_competent(unit: str, type_code: str | None, area: str | None, by: Circumstances) -> bool:
    """Whether a unit is competent for a type there; any is, where nothing says otherwise."""
    if by.directory is None or not by.directory.has_units() or type_code is None:
        return True
    return by.directory.is_competent(unit, type_code, by.at, area)


def overrides_competence(
    case: Case, unit: str, command: Command, by: Circumstances, *, override: bool
) -> bool:
    """Whether the unit is not competent for the case; refused unless that is meant, and why."""
    if is_competent(unit, case.type_code, case.area, by):
        return False
    if not override:
        raise UnitNotCompetent(
            unit=unit, type=case.type_code or "*", area=case.area or "*", at=by.at.isoformat()
        )
    check_reason(unit, command)
    return True


def check_reason(unit: str, command: Command) -> None:
    """Refuse an override without a reason."""
    if command.reason is None or not command.reason.strip():
        raise OverrideWithoutReason(unit=unit)


def check_signer(case: Case, by: Circumstances) -> None:
    """Refuse a signature by somebody without a position in the lead unit.

    A grid worker signs for what lies in their area, as far as it is simple (`check_simple`).
    """
    if by.roles == {Role.GRID_WORKER}:
        return
    directory, unit = by.directory, case.lead_unit
    if directory is None or not directory.has_units() or unit is None:
        return
    if not directory.holds_position_in(by.actor.principal, unit, by.at):
        raise SignerNotInLeadUnit(unit=unit)


def check_checker(case: Case, by: Circumstances) -> None:
    """Refuse whoever submitted the resolution, and where the type asks for it their unit."""
    if by.actor.principal == case.resolver:
        raise CheckerIsResolver
    _check_independent(case, by)


def _check_independent(case: Case, by: Circumstances) -> None:
    """Where the type asks for it, refuse a checker of a unit that the resolver acted for."""
    rules = rules_of(case, by)
    if rules is None or not rules.independent_check or case.resolver is None:
        return
    shared = _resolving_units(case, case.resolver, by) & _units_of(by.actor.principal, by.at, by)
    if shared:
        raise CheckerOfResolvingUnit(type=rules.code, units=sorted(shared))


def _resolving_units(case: Case, resolver: str, by: Circumstances) -> frozenset[str]:
    lead = frozenset({case.lead_unit} if case.lead_unit else ())
    return lead | _units_of(resolver, case.resolved_at or by.at, by)


def _units_of(person: str, at: datetime, by: Circumstances) -> frozenset[str]:
    if by.directory is None:
        return frozenset()
    return frozenset(post.unit for post in by.directory.roles_of(person, at))


def rules_of(case: Case, by: Circumstances) -> TypeRules | None:
    """What holds for a case: by the version of the catalogue it was registered under."""
    version = pinned_catalogue(case, by)
    return None if version is None or case.type_code is None else version.rules(case.type_code)


def pinned_catalogue(case: Case, by: Circumstances) -> CatalogueVersion | None:
    """The version of the catalogue that a case was registered under."""
    if by.catalogue is None or case.catalogue_version is None:
        return None
    return by.catalogue.content(case.catalogue_version)
