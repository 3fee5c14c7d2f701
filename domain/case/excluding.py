"""Exclusion: somebody who is not appraised by it leaves a case out of a metric, or takes it back.

It is a decision about a figure and changes nothing in how the case is handled: rows that are left
out are counted apart, with who approved it.
"""

from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from domain.case.exclusions import (
    AlreadyExcluded,
    LeftOut,
    NotExcluded,
    check_cause,
    check_not_appraised,
)
from domain.case.guards import check_unit
from domain.case.rules import check
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances, Command
from domain.metrics.vocabulary import ExclusionCause
from domain.refusal import InvalidInput
from domain.wording import CODE_LIMIT, optional, required


class MetricExclusionApproved(CaseEvent):
    """The case is left out of a metric of one unit. metric: its code."""

    TOPIC: ClassVar[str] = "case.metric_exclusion_approved"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    metric: str
    unit: str
    cause: ExclusionCause
    ground: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        case.left_out = (*case.left_out, LeftOut(self.metric, self.unit))


class MetricExclusionRevoked(CaseEvent):
    """The case counts again."""

    TOPIC: ClassVar[str] = "case.metric_exclusion_revoked"
    PROTECTED: ClassVar[frozenset[str]] = frozenset({"ground"})
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL

    metric: str
    unit: str
    ground: str

    def apply(self, case: Case) -> None:
        super().apply(case)
        over = LeftOut(self.metric, self.unit)
        case.left_out = tuple(each for each in case.left_out if each != over)


@dataclass(frozen=True, kw_only=True)
class ApproveMetricExclusion(Command):
    """Leave the case out of a metric of a unit; None: of the one that leads the case."""

    NAME: ClassVar[str] = "approveMetricExclusion"

    case_id: UUID
    metric: str
    cause: ExclusionCause
    ground: str
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeMetricExclusion(Command):
    """Let the case count again. unit: as in ApproveMetricExclusion."""

    NAME: ClassVar[str] = "revokeMetricExclusion"

    case_id: UUID
    metric: str
    ground: str
    unit: str | None = None


def approve_exclusion(case: Case, command: ApproveMetricExclusion, by: Circumstances) -> None:
    check(case, command, by)
    ground = required(["ground"], command.ground)
    left_out = _about(case, command)
    check_unit(left_out.unit, by)
    check_not_appraised(left_out.unit, by)
    check_cause(left_out.metric, command.cause, by)
    if left_out in case.left_out:
        raise AlreadyExcluded(metric=left_out.metric, unit=left_out.unit)
    case.trigger_event(
        MetricExclusionApproved,
        timestamp=by.at,
        metric=left_out.metric,
        unit=left_out.unit,
        cause=command.cause,
        ground=ground,
    )


def revoke_exclusion(case: Case, command: RevokeMetricExclusion, by: Circumstances) -> None:
    check(case, command, by)
    ground = required(["ground"], command.ground)
    left_out = _about(case, command)
    check_not_appraised(left_out.unit, by)
    if left_out not in case.left_out:
        raise NotExcluded
    case.trigger_event(
        MetricExclusionRevoked,
        timestamp=by.at,
        metric=left_out.metric,
        unit=left_out.unit,
        ground=ground,
    )


def _about(case: Case, command: ApproveMetricExclusion | RevokeMetricExclusion) -> LeftOut:
    unit = optional(["unit"], command.unit, CODE_LIMIT) or case.lead_unit
    if unit is None:
        raise InvalidInput(["unit"], "unit is needed while nobody leads the case")
    return LeftOut(required(["metric"], command.metric, CODE_LIMIT), unit)


ExclusionCommand = ApproveMetricExclusion | RevokeMetricExclusion


def decide(case: Case, command: ExclusionCommand, by: Circumstances) -> None:
    """Decide a command about what the case is left out of."""
    match command:
        case ApproveMetricExclusion():
            approve_exclusion(case, command, by)
        case RevokeMetricExclusion():
            revoke_exclusion(case, command, by)
        case _:
            assert_never(command)
