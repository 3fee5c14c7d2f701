"""What an SLA policy must look like, and which of its rules is for a case."""

from dataclasses import replace
from typing import Any

import pytest

from domain.calendar.timetable import Limit, LimitUnit
from domain.catalogue.content import Label
from domain.policy_problems import (
    PolicyFlaw,
    PolicyProblem,
    unknown_calendars,
    unknown_types,
)
from domain.refusal import InvalidInput
from domain.sla_policy.checks import MOST_CODES, MOST_DAYS, MOST_REASONS, MOST_RULES, MOST_TIMES
from domain.sla_policy.content import ClockRule, SlaPolicyVersion, SuspensionReason
from domain.sla_policy.state import SlaPolicy
from domain.vocabulary import ClockKind, Urgency
from tests.domain.configuring import Configuring, clock_rule, draft_sla, label

WEATHER = SuspensionReason("weather", label("Weather"))


def path_of_fault(*rules: ClockRule, **said: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        Configuring("SlaPolicy").given(draft_sla(*rules, **said))
    return ".".join(refused.value.path)


def limit(amount: int, unit: LimitUnit = LimitUnit.WORKING_DAYS) -> Limit:
    return Limit(amount, unit)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"limit": limit(0)}, "limit.amount"),
        ({"limit": limit(MOST_DAYS + 1)}, "limit.amount"),
        ({"limit": limit(MOST_DAYS * 1440 + 1, LimitUnit.WALL_MINUTES)}, "limit.amount"),
        ({"types": ("no code",)}, "types.0"),
        ({"types": ("a", "a")}, "types"),
        ({"types": tuple(f"t{number}" for number in range(MOST_CODES + 1))}, "types"),
        ({"urgencies": (Urgency.URGENT, Urgency.URGENT)}, "urgencies"),
        ({"calendar": "no code"}, "calendar"),
    ],
)
def test_a_rule_that_cannot_be_kept_to_is_refused(wrong: dict[str, Any], path: str) -> None:
    assert path_of_fault(replace(clock_rule(), **wrong)) == f"rules.0.{path}"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"suspension_reasons": (replace(WEATHER, code="-"),)}, "suspensionReasons.0.code"),
        ({"suspension_reasons": (replace(WEATHER, label=Label("", "x")),)}, "suspensionReasons.0"),
        ({"suspension_reasons": (WEATHER, WEATHER)}, "suspensionReasons"),
        (
            {
                "suspension_reasons": tuple(
                    replace(WEATHER, code=f"r{number}") for number in range(MOST_REASONS + 1)
                )
            },
            "suspensionReasons",
        ),
        ({"most_suspensions": -1}, "mostSuspensions"),
        ({"most_suspended_days": MOST_DAYS + 1}, "mostSuspendedDays"),
        ({"most_extensions": MOST_TIMES + 1}, "mostExtensions"),
        ({"most_extension_days": -1}, "mostExtensionDays"),
    ],
)
def test_reasons_and_caps_have_bounds(said: dict[str, Any], path: str) -> None:
    assert path_of_fault(**said).removesuffix(".labelZh") == path


def test_too_many_rules_are_refused() -> None:
    rules = [clock_rule(types=(f"t{number}",)) for number in range(MOST_RULES + 1)]
    assert path_of_fault(*rules) == "rules"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"types": ("noise",), "emergency": True}),
        ({"types": ("noise", "water")}, {"types": ("water",)}),
        ({"urgencies": (Urgency.URGENT,)}, {"urgencies": (Urgency.URGENT,), "types": ("noise",)}),
        ({"emergency": True}, {"emergency": True, "calendar": "office"}),
    ],
)
def test_a_rule_that_is_never_reached_is_refused(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert path_of_fault(clock_rule(**first), clock_rule(**second)) == "rules.1"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"clock": ClockKind.STAGE}, {}),
        ({"types": ("noise",)}, {}),
        ({"types": ("noise",)}, {"types": ("noise", "water")}),
        ({"urgencies": (Urgency.URGENT,)}, {"urgencies": (Urgency.NORMAL,)}),
        ({"emergency": True}, {}),
        ({"emergency": True}, {"emergency": False}),
    ],
)
def test_a_rule_for_more_comes_after_one_for_less(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert Configuring("SlaPolicy").given(draft_sla(clock_rule(**first), clock_rule(**second)))


RULES = (
    clock_rule(1, emergency=True),
    clock_rule(2, types=("utilities",), urgencies=(Urgency.URGENT,)),
    clock_rule(3, types=("utilities",)),
    clock_rule(4, ClockKind.STAGE, emergency=False),
    clock_rule(7),
)


@pytest.mark.parametrize(
    ("clock", "types", "urgency", "emergency", "days"),
    [
        (ClockKind.RESOLUTION, ("utilities",), Urgency.URGENT, True, 1),
        (ClockKind.RESOLUTION, ("utilities", "utilities.water"), Urgency.URGENT, False, 2),
        (ClockKind.RESOLUTION, ("utilities", "utilities.water"), Urgency.NORMAL, False, 3),
        (ClockKind.RESOLUTION, ("noise",), Urgency.URGENT, False, 7),
        (ClockKind.RESOLUTION, (), Urgency.NORMAL, False, 7),
        (ClockKind.STAGE, (), Urgency.NORMAL, False, 4),
        (ClockKind.STAGE, (), Urgency.NORMAL, True, None),
        (ClockKind.DISPATCH, ("utilities",), Urgency.URGENT, True, None),
    ],
)
def test_the_first_rule_that_fits_is_the_limit(
    clock: ClockKind, types: tuple[str, ...], urgency: Urgency, *, emergency: bool, days: int | None
) -> None:
    version = SlaPolicyVersion(1, "Limits", None, RULES)
    found = version.rule(clock, types, urgency, emergency=emergency)
    assert (None if found is None else found.limit.amount) == days


def test_a_version_says_what_was_drafted() -> None:
    made = Configuring("SlaPolicy")
    made.given(draft_sla(*RULES, suspension_reasons=(WEATHER,), most_extensions=2, pack="p@1"))
    assert isinstance(made.kept, SlaPolicy)
    assert made.kept.content(1) == SlaPolicyVersion(
        1, "Limits", "p@1", RULES, (WEATHER,), most_extensions=2
    )


def test_a_reason_is_found_by_its_code() -> None:
    version = SlaPolicyVersion(1, "Limits", None, (), (WEATHER,))
    assert version.suspension_reason("weather") == WEATHER
    assert version.suspension_reason("mood") is None


def test_a_large_version_is_recorded_in_parts_and_is_one() -> None:
    rules = tuple(clock_rule(types=(f"t{number}",)) for number in range(MOST_RULES))
    made = Configuring("SlaPolicy")
    events = made.given(draft_sla(*rules))
    assert events.count("SlaPolicyDraftExtended") >= 1
    assert isinstance(made.kept, SlaPolicy)
    assert made.kept.contents[0].rules == rules


def test_what_its_rules_name_and_is_not_there_is_told() -> None:
    rules = (
        clock_rule(types=("noise", "gone"), calendar="office"),
        clock_rule(types=("noise",), calendar="moon"),
        clock_rule(),
    )
    assert [*unknown_types(rules, None)] == []
    assert [*unknown_types(rules, {"noise"})] == [PolicyProblem(0, PolicyFlaw.UNKNOWN_TYPE, "gone")]
    assert [*unknown_calendars(rules, {"office"})] == [
        PolicyProblem(1, PolicyFlaw.UNKNOWN_CALENDAR, "moon")
    ]
