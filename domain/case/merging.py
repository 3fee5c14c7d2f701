"""Merging: a case that is the same as another goes on in it, and may come out of it again.

The reporter of the absorbed case keeps it as their own, and is told there whenever the survivor
comes to an end or back from one. A case that absorbed others may be absorbed itself; then those
hear of both.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.case.closing import CaseClosed
from domain.case.lifecycle import ACTIVE, ENDS, Stage
from domain.case.others import Cases, check_was_there, other_case
from domain.case.refusals import SurvivorNotActive
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.timers import Timer, TimerKind
from domain.case.vocabulary import Urgency
from domain.case.windows import days_after, windows_of
from domain.command import Circumstances, Command
from domain.vocabulary import ClockKind


class CaseMergedInto(CaseEvent):
    """The case goes on in another. stage_before: where it comes back to if that was wrong."""

    TOPIC: ClassVar[str] = "case.merged_into"
    STAGE: ClassVar[Stage | None] = Stage.MERGED

    survivor: UUID
    survivor_no: str
    stage_before: Stage

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.merged_into = self.survivor
        case.stage_before_merge = self.stage_before
        case.survivor_stage = None
        case.clocks_at_merge = case.clocks


class CaseAbsorbed(CaseEvent):
    """Another case goes on in this one, with what a clock needs to know of it.

    reporter: who follows this case from now on because the other one was theirs.
    registered_at: when the other one was brought; stage_before: where it stood. resolution_due:
    when it was to be resolved; None: that was not timed.
    """

    TOPIC: ClassVar[str] = "case.absorbed"
    class_version: ClassVar[int] = 2

    other_case: UUID
    case_no: str
    reporter: str | None
    type_code: str | None
    urgency: Urgency
    cycle: int
    stage_before: Stage
    registered_at: datetime
    resolution_due: datetime | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew no clocks."""
        state["resolution_due"] = None

    def apply(self, case: Case) -> None:
        case.absorbed = (*case.absorbed, self.other_case)
        if self.resolution_due is not None:
            # What was over by then was not this case's to keep: it is late from its beginning on.
            due = max(self.resolution_due, case.registered_at)
            case.absorbed_dues = {**case.absorbed_dues, self.other_case: due}


class MergeReversed(CaseEvent):
    """The case was another one after all: it is back at the stage that it had.

    timers: those that the merge stopped and that are wanted again.
    """

    TOPIC: ClassVar[str] = "case.merge_reversed"

    survivor: UUID
    stage: Stage
    timers: tuple[Timer, ...]

    def apply(self, case: Case) -> None:
        case.stage = self.stage
        case.merged_into = None
        case.survivor_stage = None

    def starts(self) -> tuple[Timer, ...]:
        return tuple(self.timers)


class AbsorptionReversed(CaseEvent):
    """A case that went on in this one is on its own again."""

    TOPIC: ClassVar[str] = "case.absorption_reversed"

    other_case: UUID

    def apply(self, case: Case) -> None:
        case.absorbed = tuple(each for each in case.absorbed if each != self.other_case)
        case.absorbed_dues = {
            each: due for each, due in case.absorbed_dues.items() if each != self.other_case
        }


class SurvivorEnded(CaseEvent):
    """The case in which this one goes on came to an end: what its reporter is told."""

    TOPIC: ClassVar[str] = "case.survivor_ended"

    survivor: UUID
    stage: Stage
    public_reason: str | None

    def apply(self, case: Case) -> None:
        if self.survivor == case.merged_into:
            case.survivor_stage = self.stage


class SurvivorResumed(CaseEvent):
    """The case in which this one goes on is worked on again."""

    TOPIC: ClassVar[str] = "case.survivor_resumed"

    survivor: UUID
    stage: Stage

    def apply(self, case: Case) -> None:
        if self.survivor == case.merged_into:
            case.survivor_stage = self.stage


@dataclass(frozen=True, kw_only=True)
class MergeCase(Command):
    """Let the case go on in another one, the survivor."""

    NAME: ClassVar[str] = "mergeCase"

    case_id: UUID
    other_case: UUID


@dataclass(frozen=True, kw_only=True)
class ReverseMerge(Command):
    """Take a merged case out of its survivor again."""

    NAME: ClassVar[str] = "reverseMerge"

    case_id: UUID


def merge(case: Case, command: MergeCase, by: Circumstances, others: Cases) -> None:
    check(case, command, by)
    survivor = other_case(case, command.other_case, by, others)
    if survivor.stage not in ACTIVE:
        raise SurvivorNotActive(
            stage=survivor.stage.value, allowed=sorted(stage.value for stage in ACTIVE)
        )
    stage_before, resolution = case.stage, case.clocks.get(ClockKind.RESOLUTION)
    case.trigger_event(
        CaseMergedInto,
        timestamp=by.at,
        survivor=survivor.id,
        survivor_no=survivor.case_no,
        stage_before=stage_before,
    )
    survivor.trigger_event(
        CaseAbsorbed,
        timestamp=by.at,
        other_case=case.id,
        case_no=case.case_no,
        reporter=case.reporter,
        type_code=case.type_code,
        urgency=case.urgency,
        cycle=case.cycle,
        stage_before=stage_before,
        registered_at=case.registered_at,
        resolution_due=None if resolution is None else resolution.due,
    )


def reverse(case: Case, command: ReverseMerge, by: Circumstances, others: Cases) -> None:
    """Also after the survivor has come to an end: then it is that end which was wrong for it."""
    check(case, command, by)
    (survivor,) = (each for each in others.values() if each.id == case.merged_into)
    check_was_there(survivor, by)
    case.trigger_event(
        MergeReversed,
        timestamp=by.at,
        survivor=survivor.id,
        stage=case.stage_before_merge,
        timers=tuple(_wanted_again(case, by)),
    )
    survivor.trigger_event(AbsorptionReversed, timestamp=by.at, other_case=case.id)


def _wanted_again(case: Case, by: Circumstances) -> Iterator[Timer]:
    """What was asked of others was closed by the merge; these two go on."""
    if case.stage_before_merge is Stage.AWAITING_FEEDBACK:
        due = days_after(by, by.at, windows_of(case, by).feedback_days)
        yield Timer(TimerKind.FEEDBACK, "", due)
    if case.emergency_until is not None:
        yield Timer(TimerKind.EMERGENCY, "", case.emergency_until)


def tell_absorbed(case: Case, was: Stage, by: Circumstances, others: Cases) -> None:
    """Where the case came to an end or back from one, those that go on in it say so too.

    was: its stage before the command. others: with all that `follow_on` names.
    """
    if (was in ENDS) is (case.stage in ENDS):
        return
    for other_id in follow_on(case, others):
        other = others[other_id]
        # Nothing is told before there was a case to tell it of.
        at = max(by.at, other.registered_at)
        if case.stage in ENDS:
            other.trigger_event(
                SurvivorEnded,
                timestamp=at,
                survivor=case.id,
                stage=case.stage,
                public_reason=_public_reason(case),
            )
        else:
            other.trigger_event(SurvivorResumed, timestamp=at, survivor=case.id, stage=case.stage)


def follow_on(case: Case, others: Mapping[UUID, Case]) -> Collection[UUID]:
    """The cases that go on in this one, also by way of another, as far as those are in `others`.

    Of two cases, one may be known as it was before the other absorbed it: what is decided on that
    is not recorded, but it is decided.
    """
    found: dict[UUID, None] = {}
    waiting = list(case.absorbed)
    while waiting:
        each = waiting.pop()
        if each == case.id or each in found:
            continue
        found[each] = None
        if each in others:
            waiting += others[each].absorbed
    return found


def _public_reason(case: Case) -> str | None:
    return next(
        (each.public_reason for each in case.pending_events if isinstance(each, CaseClosed)), None
    )
