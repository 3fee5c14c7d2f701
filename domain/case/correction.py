"""Correction: what a case was registered with is put right, or it gets another type."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.answers import check_point, judged
from domain.case.clocks.clock import StoppedClock
from domain.case.guards import check_area, is_competent, type_rules
from domain.case.holds import check_not_suspended
from domain.case.lifecycle import Stage
from domain.case.routing_refusals import LeadNotCompetent
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Channel, ClockEffect, Detail, Point, Urgency
from domain.catalogue.fields import Answer
from domain.command import Circumstances, Command
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind
from domain.wording import CODE_LIMIT, TITLE_LIMIT, optional, required

Value = str | Point | None
"""What a detail says; a member of an enumeration is its value."""


class CaseDetailCorrected(CaseEvent):
    """A part of the description was wrong and was put right."""

    TOPIC: ClassVar[str] = "case.detail_corrected"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    class_version: ClassVar[int] = 2

    field: Detail
    old: Value
    new: Value

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew texts only, which are as they were."""

    @property
    def value(self) -> str | Point | Channel | Urgency | None:
        """The new value, as the case has it."""
        match self.field:
            case Detail.URGENCY:
                return Urgency(str(self.new))
            case Detail.CHANNEL:
                return Channel(str(self.new))
            case _:
                return self.new

    def apply(self, case: Case) -> None:
        setattr(case, self.field.value, self.value)


class CaseReclassified(CaseEvent):
    """The case is of another type than it was taken for.

    old, new: codes of types. catalogue_version: by which the new one and the answers to its
    fields were judged; None: no catalogue was in force. clock_effect: what it does to clocks.
    """

    TOPIC: ClassVar[str] = "case.reclassified"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"fields"})

    old: str | None
    new: str
    catalogue_version: int | None
    fields: dict[str, Answer] | None
    clock_effect: ClockEffect

    def apply(self, case: Case) -> None:
        case.type_code = self.new
        case.catalogue_version = self.catalogue_version


class DispatchRecalled(CaseEvent):
    """The lead unit is not competent for the new type; the case is to be dispatched anew."""

    TOPIC: ClassVar[str] = "case.dispatch_recalled"
    STAGE: ClassVar[Stage | None] = Stage.ACCEPTED

    lead_unit: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.release()
        case.returns = case.returns.withdrawn()

    def stops_clocks(self) -> tuple[StoppedClock, ...]:
        return (StoppedClock(ClockKind.APPROVAL, "RETURN"),)


@dataclass(frozen=True, kw_only=True)
class CorrectCase(Command):
    """Put details right; None leaves one as it is, a blank text clears it."""

    NAME: ClassVar[str] = "correctCase"

    case_id: UUID
    title: str | None = None
    description: str | None = None
    area: str | None = None
    point: Point | None = None
    urgency: Urgency | None = None
    channel: Channel | None = None


@dataclass(frozen=True, kw_only=True)
class ReclassifyCase(Command):
    """Give the case another type.

    fields: answers to its questions. redispatch: take the case from a lead unit that is not
        competent for it. recompute_clocks: the clocks that run get the limits of that type.
    """

    NAME: ClassVar[str] = "reclassifyCase"

    case_id: UUID
    type_code: str
    fields: dict[str, Answer] | None = None
    redispatch: bool = False
    recompute_clocks: bool = False


def correct(case: Case, command: CorrectCase, by: Circumstances) -> None:
    """One event for each detail that really changes; what is already so records nothing."""
    check(case, command, by)
    wanted = list(_wanted(command))
    for field, new in wanted:
        if field is Detail.AREA and isinstance(new, str):
            check_area(new, by)
    for field, new in wanted:
        old = getattr(case, field.value)
        if new != old:
            case.trigger_event(CaseDetailCorrected, timestamp=by.at, field=field, old=old, new=new)


def _wanted(command: CorrectCase) -> Iterator[tuple[Detail, Value]]:
    """The details that are said, as they are to be."""
    if command.title is not None:
        yield Detail.TITLE, optional(["title"], command.title, TITLE_LIMIT)
    if command.description is not None:
        yield Detail.DESCRIPTION, optional(["description"], command.description)
    if command.area is not None:
        yield Detail.AREA, optional(["area"], command.area, CODE_LIMIT)
    if command.point is not None:
        check_point(command.point)
        yield Detail.POINT, command.point
    if command.urgency is not None:
        yield Detail.URGENCY, command.urgency
    if command.channel is Channel.IMPORT:
        raise InvalidInput(["channel"], "channel IMPORT is for histories from elsewhere")
    if command.channel is not None:
        yield Detail.CHANNEL, command.channel


def reclassify(case: Case, command: ReclassifyCase, by: Circumstances) -> None:
    """Nothing where it is of that type already, unless answers are given.

    A lead unit that is not competent for the new type loses the case, where that is said; in
    DISPATCHED and IN_PROGRESS alone, since later its work is done, and not after an arbitration.
    """
    check(case, command, by)
    new = required(["typeCode"], command.type_code, CODE_LIMIT)
    rules, catalogue_version = type_rules(new, by)
    fields = judged(command.fields, rules)
    if new == case.type_code and fields is None:
        return
    lead = _losing(case, new, by)
    if lead is not None and not command.redispatch:
        raise LeadNotCompetent(unit=lead, type=new)
    if lead is not None:
        check_not_suspended(case, by)
    case.trigger_event(
        CaseReclassified,
        timestamp=by.at,
        old=case.type_code,
        new=new,
        catalogue_version=catalogue_version,
        fields=fields,
        clock_effect=_effect(case, command),
    )
    if lead is not None:
        case.trigger_event(DispatchRecalled, timestamp=by.at, lead_unit=lead)


def _effect(case: Case, command: ReclassifyCase) -> ClockEffect:
    if command.recompute_clocks and case.clocks:
        return ClockEffect.RECOMPUTED
    return ClockEffect.NONE if case.accepted_at is None else ClockEffect.KEPT


def _losing(case: Case, type_code: str, by: Circumstances) -> str | None:
    """The lead unit, where it has the case and is not competent for that type."""
    if case.stage not in {Stage.DISPATCHED, Stage.IN_PROGRESS} or case.returns.arbitrated:
        return None
    lead = case.lead_unit
    return lead if lead is not None and not is_competent(lead, type_code, case.area, by) else None


CorrectionCommand = CorrectCase | ReclassifyCase


def decide(case: Case, command: CorrectionCommand, by: Circumstances) -> None:
    """Decide a command about what the case says."""
    match command:
        case CorrectCase():
            correct(case, command, by)
        case ReclassifyCase():
            reclassify(case, command, by)
        case _:
            assert_never(command)
