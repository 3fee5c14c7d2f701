"""People: who holds a position, who acts for them, and who is qualified for what.

A person is a principal. A name for display may stand in an appointment, protected; it is no part
of what decides.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from domain.command import Circumstances, Command
from domain.directory.guards import (
    check_lasting,
    code_of,
    end_of,
    existing,
    in_force,
    new_end,
    time_of,
)
from domain.directory.posts import check_single, roles_in_order
from domain.directory.refusals import (
    AlreadyAppointed,
    AlreadyDelegated,
    AlreadyQualified,
    RolesNotHeld,
)
from domain.directory.state import Directory, Ended, Granted
from domain.directory.timeline import ENDLESS, Timeline
from domain.directory.vocabulary import Appointment, Delegation, Qualification, Thing
from domain.identity import Role
from domain.refusal import InvalidInput, NotFound
from domain.wording import CODE_LIMIT, optional, required

PERSON_LIMIT: Final = 200
"""Characters of a principal: an issuer and a subject may both be in it."""

NAME_LIMIT: Final = CODE_LIMIT
"""Characters of a person's name for display."""


class PersonAppointed(Granted):
    """A person holds a position. code: the position's code, "#" and a number from 1."""

    TOPIC: ClassVar[str] = "directory.person_appointed"
    THING: ClassVar[Thing] = Thing.APPOINTMENT
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"name"})

    position: str
    person: str
    name: str | None

    def content(self) -> Appointment:
        return Appointment(self.position, self.person, self.name)

    def apply(self, directory: Directory) -> None:
        directory.appoint(self.code, Timeline(self.content(), self.valid_from, self.end))


class AppointmentEnded(Ended):
    """A person does not hold the position any more from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.appointment_ended"
    THING: ClassVar[Thing] = Thing.APPOINTMENT


class AuthorityDelegated(Granted):
    """Another person exercises roles of an appointment as well, as long as that lasts.

    code: the appointment's code, "." and a number from 1.
    """

    TOPIC: ClassVar[str] = "directory.authority_delegated"
    THING: ClassVar[Thing] = Thing.DELEGATION

    appointment: str
    position: str
    delegator: str
    delegate: str
    roles: tuple[Role, ...]

    def content(self) -> Delegation:
        return Delegation(
            self.appointment, self.position, self.delegator, self.delegate, self.roles
        )

    def apply(self, directory: Directory) -> None:
        directory.delegate(self.code, Timeline(self.content(), self.valid_from, self.end))


class DelegationRevoked(Ended):
    """A delegation is over from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.delegation_revoked"
    THING: ClassVar[Thing] = Thing.DELEGATION


class QualificationGranted(Granted):
    """A person is qualified. code: the qualification's code, "#" and a number from 1."""

    TOPIC: ClassVar[str] = "directory.qualification_granted"
    THING: ClassVar[Thing] = Thing.QUALIFICATION

    qualification: str
    person: str

    def content(self) -> Qualification:
        return Qualification(self.qualification, self.person)

    def apply(self, directory: Directory) -> None:
        directory.qualify(self.code, Timeline(self.content(), self.valid_from, self.end))


class QualificationWithdrawn(Ended):
    """A person is not qualified any more from `valid_to` on."""

    TOPIC: ClassVar[str] = "directory.qualification_withdrawn"
    THING: ClassVar[Thing] = Thing.QUALIFICATION


@dataclass(frozen=True, kw_only=True)
class AppointPerson(Command):
    """Appoint a person to a position. valid_to: None: until further notice."""

    NAME: ClassVar[str] = "appointPerson"

    position: str
    person: str
    name: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EndAppointment(Command):
    """End an appointment, or correct when it ends. appointment: its code."""

    NAME: ClassVar[str] = "endAppointment"

    appointment: str
    valid_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DelegateAuthority(Command):
    """Let another person exercise roles of an appointment as well, for a time."""

    NAME: ClassVar[str] = "delegateAuthority"

    appointment: str
    delegate: str
    roles: tuple[Role, ...]
    valid_to: datetime
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeDelegation(Command):
    """End a delegation before its time. delegation: its code."""

    NAME: ClassVar[str] = "revokeDelegation"

    delegation: str
    valid_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GrantQualification(Command):
    """Record that a person is qualified. valid_to: None: without end."""

    NAME: ClassVar[str] = "grantQualification"

    person: str
    qualification: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawQualification(Command):
    """Record that a person is not qualified any more."""

    NAME: ClassVar[str] = "withdrawQualification"

    person: str
    qualification: str
    valid_to: datetime | None = None


def appoint_person(directory: Directory, command: AppointPerson, by: Circumstances) -> None:
    position = code_of("position", command.position)
    person = required(["person"], command.person, PERSON_LIMIT)
    name = optional(["name"], command.name, NAME_LIMIT)
    start = time_of("validFrom", command.valid_from, by.at)
    end = end_of(command.valid_to, start)
    existing(directory.positions, Thing.POSITION, position)
    earlier = directory.appointments_to.get(position, [])
    for code in earlier:
        held = directory.appointments[code]
        if held.first.person == person and held.overlaps(start, end):
            if held.covers(start, end) and held.end == end:
                return
            raise AlreadyAppointed(appointment=code)
    check_lasting(directory, Thing.POSITION, (position,), start, end)
    check_single(directory, position, start, end)
    directory.trigger_event(
        PersonAppointed,
        timestamp=by.at,
        code=f"{position}#{len(earlier) + 1}",
        valid_from=start,
        valid_to=None if end == ENDLESS else end,
        position=position,
        person=person,
        name=name,
    )


def end_appointment(directory: Directory, command: EndAppointment, by: Circumstances) -> None:
    code = command.appointment
    timeline = existing(directory.appointments, Thing.APPOINTMENT, code)
    end = new_end(timeline, command.valid_to, by.at)
    if end is None:
        return
    position = timeline.first.position
    check_lasting(directory, Thing.POSITION, (position,), timeline.end, end)
    check_single(directory, position, timeline.end, end)
    directory.trigger_event(AppointmentEnded, timestamp=by.at, code=code, valid_to=end)


def delegate_authority(directory: Directory, command: DelegateAuthority, by: Circumstances) -> None:
    start = time_of("validFrom", command.valid_from, by.at)
    end = end_of(command.valid_to, start)
    delegate = required(["delegate"], command.delegate, PERSON_LIMIT)
    roles = roles_in_order("roles", command.roles)
    if not roles:
        raise InvalidInput(["roles"], "at least one role is needed")
    appointment = in_force(directory.appointments, Thing.APPOINTMENT, command.appointment, start)[1]
    if delegate == appointment.person:
        raise InvalidInput(["delegate"], "nobody delegates to themselves")
    delegation = Delegation(
        command.appointment, appointment.position, appointment.person, delegate, roles
    )
    if _is_delegated(directory, delegation, start, end):
        return
    _check_delegable(directory, delegation, start, end)
    number = len(directory.delegations_of.get(command.appointment, ())) + 1
    directory.trigger_event(
        AuthorityDelegated,
        timestamp=by.at,
        code=f"{command.appointment}.{number}",
        valid_from=start,
        valid_to=end,
        **vars(delegation),
    )


def revoke_delegation(directory: Directory, command: RevokeDelegation, by: Circumstances) -> None:
    code = command.delegation
    timeline = existing(directory.delegations, Thing.DELEGATION, code)
    end = new_end(timeline, command.valid_to, by.at)
    if end is not None and end < timeline.end:
        directory.trigger_event(DelegationRevoked, timestamp=by.at, code=code, valid_to=end)


def grant_qualification(
    directory: Directory, command: GrantQualification, by: Circumstances
) -> None:
    qualification = code_of("qualification", command.qualification)
    person = required(["person"], command.person, PERSON_LIMIT)
    start = time_of("validFrom", command.valid_from, by.at)
    end = end_of(command.valid_to, start)
    for code in directory.grants(person, qualification):
        granted = directory.qualifications[code]
        if granted.overlaps(start, end):
            if granted.covers(start, end) and granted.end == end:
                return
            raise AlreadyQualified(grant=code)
    number = len(directory.grants_of.get(qualification, ())) + 1
    directory.trigger_event(
        QualificationGranted,
        timestamp=by.at,
        code=f"{qualification}#{number}",
        valid_from=start,
        valid_to=None if end == ENDLESS else end,
        qualification=qualification,
        person=person,
    )


def withdraw_qualification(
    directory: Directory, command: WithdrawQualification, by: Circumstances
) -> None:
    """The grant of that time ends; one that ended before has nothing to withdraw any more."""
    grants = directory.grants(command.person, command.qualification)
    if not grants:
        raise NotFound(what=Thing.QUALIFICATION)
    end = time_of("validTo", command.valid_to, by.at)
    for code in grants:
        if directory.qualifications[code].at(end) is not None:
            directory.trigger_event(
                QualificationWithdrawn, timestamp=by.at, code=code, valid_to=end
            )


def _is_delegated(
    directory: Directory, delegation: Delegation, start: datetime, end: datetime
) -> bool:
    """Whether it is so already. Raises AlreadyDelegated where something else is."""
    for code in directory.delegations_of.get(delegation.appointment, ()):
        known = directory.delegations[code]
        if known.first.delegate == delegation.delegate and known.overlaps(start, end):
            if known.first == delegation and known.covers(start, end):
                return True
            raise AlreadyDelegated(delegation=code)
    return False


def _check_delegable(
    directory: Directory, delegation: Delegation, start: datetime, end: datetime
) -> None:
    """Only what the delegator has throughout that time can be delegated."""
    check_lasting(directory, Thing.APPOINTMENT, (delegation.appointment,), start, end)
    for piece in directory.positions[delegation.position].within(start, end):
        missing = [role.value for role in delegation.roles if role not in piece.content.roles]
        if missing:
            raise RolesNotHeld(position=delegation.position, roles=missing)
