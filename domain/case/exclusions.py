"""Cases that are left out of a metric, and the guards that look at it (DOMAIN.md section 8)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.command import Circumstances
from domain.metrics.vocabulary import ExclusionCause
from domain.refusal import InvalidInput, Refusal

if TYPE_CHECKING:  # a case holds what it is left out of
    from domain.case.state import Case


@dataclass(frozen=True)
class LeftOut:
    """The case is left out of a metric of one unit. metric: its code."""

    metric: str
    unit: str


class AppraisedExcludes(Refusal):
    """Whoever belongs to the unit {unit} does not decide what it is appraised by."""

    code = "APPRAISED_EXCLUDES"


class AlreadyExcluded(Refusal):
    """The case is left out of the metric {metric} of the unit {unit} already."""

    code = "ALREADY_EXCLUDED"


class NotExcluded(Refusal):
    """The case is not left out of such a metric."""

    code = "NOT_EXCLUDED"


class CauseNotAllowed(Refusal):
    """The metric {metric} leaves cases out for these causes only: {allowed}."""

    code = "CAUSE_NOT_ALLOWED"


def check_left_out(case: "Case", by: Circumstances) -> None:
    """Refuse where the case is left out of nothing that the actor may decide."""
    if not case.left_out:
        raise NotExcluded
    if all(_is_appraised(each.unit, by) for each in case.left_out):
        raise AppraisedExcludes(unit=case.left_out[0].unit)


def check_not_appraised(unit: str, by: Circumstances) -> None:
    """Refuse whoever holds a position in the appraised unit, or in one below it."""
    if _is_appraised(unit, by):
        raise AppraisedExcludes(unit=unit)


def _is_appraised(unit: str, by: Circumstances) -> bool:
    directory = by.directory
    own = {by.actor.unit}
    within = frozenset({unit})
    if directory is not None:
        own.update(post.unit for post in directory.roles_of(by.actor.principal, by.at))
        within |= directory.subtree(unit, by.at)
    return not within.isdisjoint(own)


def check_cause(metric: str, cause: ExclusionCause, by: Circumstances) -> None:
    """Refuse a metric that is not defined, and a cause that its definition does not name.

    While no definitions are in force, any code is one.
    """
    version = None if by.metrics is None else by.metrics.in_force(by.at)
    if version is None:
        return
    definition = version.metric(metric)
    if definition is None:
        raise InvalidInput(["metric"], "metric is not defined")
    if cause not in definition.exclusions:
        raise CauseNotAllowed(metric=metric, allowed=[each.value for each in definition.exclusions])
