"""Who answers for a case: the guards that ask what became of that so far."""

from domain.case.guards import check_signer, rules_of
from domain.case.lifecycle import Stage
from domain.case.regions import ReturnState
from domain.case.routing_refusals import (
    AlreadyArbitrated,
    NoHandOverOffered,
    NoOfficer,
    NoReturnRequested,
    NotInArbitration,
    NotTheOfficer,
    NotTheReceiver,
    OfficerAssigned,
    OfficerNotInLeadUnit,
    OfficerNotQualified,
    ProposerRejects,
    RequesterDecides,
    ReturnPending,
    ReturnsExhausted,
    ReturnStillPossible,
    ReturnWindowOver,
    SimpleCasesOnly,
)
from domain.case.state import Case
from domain.case.windows import minutes_after, windows_of
from domain.command import Circumstances
from domain.identity import Role
from domain.refusal import Refusal


def check_not_proposer(case: Case, by: Circumstances) -> None:
    """Refuse that whoever proposed the rejection decides it."""
    if case.rejection_proposed_by == by.actor.principal:
        raise ProposerRejects


def check_simple(case: Case, by: Circumstances) -> None:
    """Refuse a case that is not simple to whoever is only a grid worker there."""
    if by.roles != {Role.GRID_WORKER}:
        return
    rules = rules_of(case, by)
    if rules is None or not rules.simple:
        raise SimpleCasesOnly(type=case.type_code or "*")


def check_sign_off(case: Case, by: Circumstances) -> None:
    """Where an emergency lets the signature be passed over: refuse whoever might not sign."""
    if case.stage is Stage.DISPATCHED:
        check_nothing_pending(case, by)
        check_simple(case, by)
        check_signer(case, by)


def check_nothing_pending(case: Case, by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse while somebody decides whose case it is."""
    if case.returns.state is not ReturnState.NONE:
        raise ReturnPending(state=case.returns.state)


def check_not_arbitrated(case: Case, by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse after an arbitration, which is final."""
    if case.returns.arbitrated:
        raise AlreadyArbitrated


def check_return_requested(case: Case, by: Circumstances) -> None:
    """Refuse where no return is to be decided, or by whoever asked for it."""
    if case.returns.state is not ReturnState.REQUESTED:
        raise NoReturnRequested
    _check_not_requester(case, by)


def check_in_arbitration(case: Case, by: Circumstances) -> None:
    """Refuse where no arbitration was asked for, or by whoever asked for it."""
    if case.returns.state is not ReturnState.IN_ARBITRATION:
        raise NotInArbitration
    _check_not_requester(case, by)


def _check_not_requester(case: Case, by: Circumstances) -> None:
    if case.returns.requested_by == by.actor.principal:
        raise RequesterDecides


def check_unassigned(case: Case, by: Circumstances) -> None:
    """Refuse to replace an officer, unless they no longer hold a position in the lead unit."""
    if case.officer is not None and _is_in_lead_unit(case, case.officer, by):
        raise OfficerAssigned


def _is_in_lead_unit(case: Case, person: str, by: Circumstances) -> bool:
    """Whether somebody holds a position there; anybody may, where nothing says otherwise."""
    directory, unit = by.directory, case.lead_unit
    if directory is None or not directory.has_units() or unit is None:
        return True
    return directory.holds_position_in(person, unit, by.at)


def check_hands_over(case: Case, by: Circumstances) -> None:
    """Refuse to whoever is neither the officer of the case nor a leader of the lead unit."""
    if case.officer is None:
        raise NoOfficer
    if by.actor.principal != case.officer and Role.UNIT_LEADER not in by.roles:
        raise NotTheOfficer


def check_suited(case: Case, by: Circumstances) -> None:
    """Refuse a receiver who by now holds no position there, or lacks a qualification."""
    if case.hand_over is not None:
        position_for(case, case.hand_over.to, case.hand_over.position, by)


def position_for(case: Case, person: str, wanted: str | None, by: Circumstances) -> str | None:
    """The position of the lead unit in which somebody handles the case; refused without one.

    wanted: that one; None: the first that they hold there, or none where no unit is known.
    """
    directory, unit = by.directory, case.lead_unit
    if directory is None or not directory.has_units() or unit is None:
        return wanted
    held = [post.position for post in directory.roles_of(person, by.at) if post.unit == unit]
    if not held or (wanted is not None and wanted not in held):
        raise OfficerNotInLeadUnit(unit=unit)
    rules = rules_of(case, by)
    needed = () if rules is None else rules.qualifications
    missing = set(needed) - directory.qualifications_of(person, by.at)
    if missing:
        raise OfficerNotQualified(type=case.type_code or "*", missing=sorted(missing))
    return wanted or held[0]


def check_receiver(case: Case, by: Circumstances) -> None:
    """Refuse to whoever was not asked to take the case over."""
    if case.hand_over is None:
        raise NoHandOverOffered
    if case.hand_over.to != by.actor.principal:
        raise NotTheReceiver


def check_returnable(case: Case, by: Circumstances) -> None:
    """Refuse past the window after dispatch, or past the most requests in a cycle."""
    windows = windows_of(case, by)
    if case.returns.requested >= windows.most_returns:
        raise ReturnsExhausted(most=windows.most_returns)
    if case.dispatched_at is not None:
        until = minutes_after(by, case.dispatched_at, windows.return_minutes)
        if by.at > until:
            raise ReturnWindowOver(until=until.isoformat())


def check_arbitrable(case: Case, by: Circumstances) -> None:
    """Refuse while the lead unit can still ask to give the case back, and was not refused yet."""
    if case.returns.rejected:
        return
    try:
        check_returnable(case, by)
    except Refusal:
        return
    raise ReturnStillPossible
