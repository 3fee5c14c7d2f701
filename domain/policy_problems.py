"""What the rules of a policy name that is not there: told to whoever keeps it, never passed over.

Whether types and calendars exist changes with time, so a draft is not refused for it. A condition
on a type that there is not is never met; a limit by a calendar that there is not counts around the
clock.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.escalation_policy.content import Ladder
from domain.sla_policy.content import ClockRule


class PolicyFlaw(StrEnum):
    """What is wrong with a rule or a ladder."""

    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    UNKNOWN_CALENDAR = "UNKNOWN_CALENDAR"


@dataclass(frozen=True)
class PolicyProblem:
    """index: of the rule or ladder, from 0. code: the type or calendar that is not there."""

    index: int
    flaw: PolicyFlaw
    code: str


def unknown_types(
    rules: Sequence[ClockRule | Ladder], types: Container[str] | None
) -> Iterator[PolicyProblem]:
    """Where a type is named that is none of `types`; None: every code of one is good."""
    for index, rule in enumerate(rules):
        for code in rule.types:
            if types is not None and code not in types:
                yield PolicyProblem(index, PolicyFlaw.UNKNOWN_TYPE, code)


def unknown_calendars(
    rules: Sequence[ClockRule], calendars: Container[str]
) -> Iterator[PolicyProblem]:
    """Where a calendar is named that is none of `calendars`."""
    for index, rule in enumerate(rules):
        if rule.calendar is not None and rule.calendar not in calendars:
            yield PolicyProblem(index, PolicyFlaw.UNKNOWN_CALENDAR, rule.calendar)
