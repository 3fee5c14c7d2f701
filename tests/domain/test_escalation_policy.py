"""What an escalation policy must look like, and what its ladders say."""

from dataclasses import replace
from typing import Any

import pytest

from domain.escalation_policy.checks import (
    MOST_CODES,
    MOST_LADDERS,
    MOST_PERCENT,
    MOST_RUNGS,
    MOST_TIMES,
)
from domain.escalation_policy.content import (
    BREACH,
    NO_LADDER,
    EscalationPolicyVersion,
    Ladder,
    Rung,
)
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import Role
from domain.refusal import InvalidInput
from domain.vocabulary import ClockKind, OrderLevel
from tests.domain.configuring import LADDER, Configuring, draft_escalation

RUNGS = (
    Rung(80, (Role.OFFICER,)),
    Rung(150, order=OrderLevel.BLUE),
    Rung(300, order=OrderLevel.RED, interview=True, repeat_every=50),
)


def path_of_fault(*ladders: Ladder, **said: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        Configuring("EscalationPolicy").given(draft_escalation(*ladders, **said))
    return ".".join(refused.value.path)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"clocks": (ClockKind.STAGE,) * 2}, "clocks"),
        ({"types": ("no code",)}, "types.0"),
        ({"types": tuple(f"t{number}" for number in range(MOST_CODES + 1))}, "types"),
        ({"rungs": tuple(Rung(number + 1) for number in range(MOST_RUNGS + 1))}, "rungs"),
        ({"rungs": (Rung(0),)}, "rungs.0.percent"),
        ({"rungs": (Rung(MOST_PERCENT + 1),)}, "rungs.0.percent"),
        ({"rungs": (Rung(80), Rung(80))}, "rungs.1.percent"),
        ({"rungs": (Rung(80, (Role.OFFICER, Role.OFFICER)),)}, "rungs.0.notify"),
        ({"rungs": (Rung(80, (Role.OFFICER, Role.REPORTER)),)}, "rungs.0.notify.1"),
        ({"rungs": (Rung(300, interview=True),)}, "rungs.0.interview"),
        ({"rungs": (Rung(300, repeat_every=0),)}, "rungs.0.repeatEvery"),
        ({"rungs": (Rung(80, repeat_every=10), Rung(90))}, "rungs.0.repeatEvery"),
        (
            {"rungs": (Rung(1, order=OrderLevel.RED), Rung(2), Rung(3, order=OrderLevel.BLUE))},
            "rungs.2.order",
        ),
    ],
)
def test_a_ladder_that_leads_nowhere_is_refused(wrong: dict[str, Any], path: str) -> None:
    assert path_of_fault(replace(LADDER, **wrong)) == f"ladders.0.{path}"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"arbitration_after_returns": 0}, "arbitrationAfterReturns"),
        ({"escalate_after_reworks": MOST_TIMES + 1}, "escalateAfterReworks"),
        ({"escalate_after_reopenings": 0}, "escalateAfterReopenings"),
        ({"fallback_percent": 0}, "fallbackPercent"),
    ],
)
def test_counts_have_bounds(said: dict[str, Any], path: str) -> None:
    assert path_of_fault(**said) == path


def test_too_many_ladders_are_refused() -> None:
    ladders = (replace(LADDER, types=(f"t{number}",)) for number in range(MOST_LADDERS + 1))
    assert path_of_fault(*ladders) == "ladders"


def test_a_ladder_that_is_never_reached_is_refused() -> None:
    stage = replace(LADDER, clocks=(ClockKind.STAGE,))
    noise = replace(LADDER, types=("noise",))
    assert path_of_fault(LADDER, stage) == "ladders.1"
    assert path_of_fault(stage, replace(stage, types=("noise",))) == "ladders.1"
    assert Configuring("EscalationPolicy").given(draft_escalation(stage, noise, LADDER))


def test_the_first_ladder_that_fits_is_the_clocks_own() -> None:
    stage = Ladder((), (ClockKind.STAGE,))
    noise = Ladder((), types=("noise",))
    version = EscalationPolicyVersion(1, "Ladders", None, (stage, noise))
    assert version.ladder(ClockKind.STAGE, ("noise",)) is stage
    assert version.ladder(ClockKind.RESOLUTION, ("noise", "noise.night")) is noise
    assert version.ladder(ClockKind.RESOLUTION, ("water",)) is NO_LADDER


def test_the_fall_back_owner_answers_at_a_part_of_the_limit_for_dispatching() -> None:
    version = EscalationPolicyVersion(1, "Ladders", None, (Ladder(RUNGS),), fallback_percent=120)
    ladder = version.ladder(ClockKind.DISPATCH, ())
    assert (ladder.rungs, ladder.silent) == (RUNGS, (120,))
    assert percents(ladder, 150) == [80, 100, 120, 150, 300]


def percents(ladder: Ladder, upto: int) -> list[int]:
    found = [ladder.next_percent(0)]
    while 0 < found[-1] <= upto:
        found.append(ladder.next_percent(found[-1]))
    return found


def test_rungs_and_the_breach_come_in_order() -> None:
    assert percents(Ladder(RUNGS), 350) == [80, 100, 150, 300, 350, 400]
    assert percents(Ladder(RUNGS[:2]), 350) == [80, 100, 150, 0]
    assert percents(NO_LADDER, 350) == [BREACH, 0]


def test_a_rung_is_found_by_its_percentage() -> None:
    ladder = Ladder(RUNGS)
    assert [ladder.rung(percent) for percent in (80, 100, 150, 299, 300, 325, 350)] == [
        RUNGS[0],
        None,
        RUNGS[1],
        None,
        RUNGS[2],
        None,
        RUNGS[2],
    ]
    assert Ladder(RUNGS[:2]).rung(200) is None
    assert NO_LADDER.rung(100) is None


def test_a_version_says_what_was_drafted() -> None:
    made = Configuring("EscalationPolicy")
    made.given(draft_escalation(Ladder(RUNGS), fallback_percent=150))
    assert isinstance(made.kept, EscalationPolicy)
    assert made.kept.content(1) == EscalationPolicyVersion(
        1, "Ladders", None, (Ladder(RUNGS),), fallback_percent=150
    )
