"""After an outage the same is said, whoever comes first: somebody, or the service."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import pytest

from domain.case import extension
from domain.case.clocks.deadlines import CaseEscalated, DeadlineBreached
from domain.case.clocks.notifying import Notified
from domain.case.merging import MergeCase, ReverseMerge
from domain.command import Command
from domain.vocabulary import ClockKind
from tests.domain.scenario import ask
from tests.domain.test_ladder import (
    ACCEPT,
    DISPATCH,
    PLAIN,
    REWORK,
    SIGN,
    SUBMIT,
    notice,
)
from tests.domain.time_rules import Story, arranged, hour, wall

OTHER: Final = UUID(int=77)
EXTEND: Final = (
    ask(extension.RequestExtension, days=5, ground="The machine is late"),
    ask(extension.ApproveExtension),
)
TIMED: Final = replace(
    PLAIN, sla=arranged(wall(ClockKind.RESOLUTION, 600), wall(ClockKind.STAGE, 600)).sla
)
Steps = tuple[tuple[float, tuple[Command, ...]], ...]
Said = tuple[str, int, str, datetime, tuple[Notified, ...]]


def said(steps: Steps, until: float, served: float) -> list[Said]:
    """What the clocks say from their limits on. served: until when the service was there."""
    story = Story(TIMED).at(0, ACCEPT, DISPATCH, SIGN)
    other = Story(PLAIN, OTHER).at(0, ACCEPT, DISPATCH, SIGN)
    for hours, commands in steps:
        notice(story, min(hours, served))
        # What it demanded is answered and released: an order is not what is compared.
        story.case.orders = ()
        story.at(hours, *commands, beside=other)
    notice(story, until)
    return sorted(
        (type(each).__name__, each.percent, each.clock.name, each.timestamp, each.notified)
        for each in story.events
        if isinstance(each, DeadlineBreached | CaseEscalated)
        and each.clock.kind in {ClockKind.STAGE, ClockKind.RESOLUTION}
    )


@pytest.mark.parametrize("served", [0, 9, 12])
@pytest.mark.parametrize(
    ("steps", "until"),
    [
        (((12, (SUBMIT,)),), 12),
        (((35, (SUBMIT,)),), 35),
        (((35, (SUBMIT,)), (36, (REWORK,))), 60),
        (((18, EXTEND),), 24 * 40),
        (((21, (ask(MergeCase, other_case=OTHER),)), (22, (ask(ReverseMerge),))), 45),
    ],
)
def test_from_the_limit_on_it_is_said_once_and_with_its_time(
    steps: Steps, until: float, served: float
) -> None:
    found = said(steps, until, served)
    assert found == said(steps, until, until)
    assert ("DeadlineBreached", 100, hour(10)) in {
        (event, percent, at) for event, percent, _, at, _ in found
    }
