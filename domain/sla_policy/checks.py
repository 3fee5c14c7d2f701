"""What an SLA policy must look like, whoever sends it."""

from collections.abc import Sequence
from typing import Final

from domain.bounds import at_most, each_once, stable_codes, takes_in, within
from domain.calendar.timetable import LimitUnit
from domain.catalogue.checks import check_label
from domain.refusal import InvalidInput
from domain.sla_policy.content import ClockRule, SlaPolicyVersion, SuspensionReason
from domain.wording import stable_code

MOST_RULES: Final = 1_000
MOST_REASONS: Final = 20
"""They stand in one entry with the first rules."""

MOST_CODES: Final = 100
"""Of one condition of one rule."""

MOST_DAYS: Final = 3_660
MOST_TIMES: Final = 100

_MOST_MINUTES: Final = MOST_DAYS * 24 * 60
_MOST_OF: Final = {
    LimitUnit.WALL_MINUTES: _MOST_MINUTES,
    LimitUnit.WORKING_MINUTES: _MOST_MINUTES,
    LimitUnit.WORKING_DAYS: MOST_DAYS,
    LimitUnit.CALENDAR_DAYS: MOST_DAYS,
}

Path = list[str]


def check_sla(policy: SlaPolicyVersion) -> None:
    """Refuse a policy that cannot be kept to. Raises InvalidInput at the first fault.

    Whether its types and calendars exist changes with time: that is asked when a clock starts.
    """
    _check_rules(policy.rules)
    _check_reasons(policy.suspension_reasons)
    within(["mostSuspensions"], policy.most_suspensions, 0, MOST_TIMES)
    within(["mostSuspendedDays"], policy.most_suspended_days, 0, MOST_DAYS)
    within(["mostExtensions"], policy.most_extensions, 0, MOST_TIMES)
    within(["mostExtensionDays"], policy.most_extension_days, 0, MOST_DAYS)


def _check_rules(rules: Sequence[ClockRule]) -> None:
    at_most(["rules"], rules, MOST_RULES)
    for index, rule in enumerate(rules):
        path = ["rules", str(index)]
        within([*path, "limit", "amount"], rule.limit.amount, 1, _MOST_OF[rule.limit.unit])
        stable_codes([*path, "types"], rule.types, MOST_CODES)
        each_once([*path, "urgencies"], rule.urgencies)
        if rule.calendar is not None:
            stable_code([*path, "calendar"], rule.calendar)
        _check_reached(path, rule, rules[:index])


def _check_reached(path: Path, rule: ClockRule, before: Sequence[ClockRule]) -> None:
    """The first rule that fits counts: one behind another that fits as much says nothing."""
    for index, each in enumerate(before):
        if _covers(each, rule):
            raise InvalidInput(path, f"rule {index} fits first wherever rule {path[-1]} does")


def _covers(first: ClockRule, second: ClockRule) -> bool:
    return (
        first.clock is second.clock
        and takes_in(first.types, second.types)
        and takes_in(first.urgencies, second.urgencies)
        and first.emergency in {None, second.emergency}
    )


def _check_reasons(reasons: Sequence[SuspensionReason]) -> None:
    at_most(["suspensionReasons"], reasons, MOST_REASONS)
    for index, each in enumerate(reasons):
        path = ["suspensionReasons", str(index)]
        stable_code([*path, "code"], each.code)
        check_label(path, each.label)
    each_once(["suspensionReasons"], [each.code for each in reasons])
