"""Limits, a ladder and metrics for the world: short ones, so that much falls due in few steps."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from app.commands import CommandHandler
from domain.calendar.commands import ProposeCalendar, PublishCalendar
from domain.calendar.timetable import Limit, LimitUnit
from domain.command import Command
from domain.escalation_policy.commands import ProposeEscalationPolicy, PublishEscalationPolicy
from domain.escalation_policy.content import Ladder, Rung
from domain.identity import Caller, Role
from domain.metric_definitions.commands import ProposeMetricDefinitions, PublishMetricDefinitions
from domain.metrics.vocabulary import ExclusionCause
from domain.sla_policy.commands import ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind, OrderLevel
from tests.domain.configuring import (
    draft_calendar,
    draft_escalation,
    draft_metrics,
    draft_sla,
    rate,
)
from tests.domain.excluding import METRIC
from tests.domain.holding import PAPERS, SOIL
from tests.domain.people import person

_FIRST, _SECOND = (person(name, Role.CATALOGUE_ADMIN) for name in ("ann", "bo"))
_WORKING: Final = frozenset({ClockKind.RESOLUTION, ClockKind.CO_REPLY})
_RULES: Final = tuple(
    ClockRule(
        kind,
        Limit(
            60 * (8 + 4 * number),
            LimitUnit.WORKING_MINUTES if kind in _WORKING else LimitUnit.WALL_MINUTES,
        ),
    )
    for number, kind in enumerate(ClockKind)
)
"""From eight hours to more than two days: some of working time."""

_LADDERS: Final = (
    Ladder((Rung(80, (Role.DISPATCHER,)),), (ClockKind.DISPATCH,)),
    Ladder(
        (
            Rung(80, (Role.OFFICER,)),
            Rung(100, (Role.UNIT_LEADER,), OrderLevel.BLUE),
            Rung(200, (Role.SUPERVISOR,), OrderLevel.ORANGE, interview=True, repeat_every=300),
        ),
        (ClockKind.RESOLUTION, ClockKind.STAGE),
    ),
)


def _drafts() -> Iterator[tuple[Command, Callable[..., Command], Callable[..., Command]]]:
    yield draft_calendar(), ProposeCalendar, PublishCalendar
    limits = draft_sla(*_RULES, suspension_reasons=(SOIL, PAPERS))
    yield limits, ProposeSlaPolicy, PublishSlaPolicy
    ladders = draft_escalation(*_LADDERS, fallback_percent=120)
    yield ladders, ProposeEscalationPolicy, PublishEscalationPolicy
    metrics = draft_metrics(rate(METRIC, exclusions=tuple(ExclusionCause)))
    yield metrics, ProposeMetricDefinitions, PublishMetricDefinitions


async def arrange(commands: CommandHandler, at: datetime) -> None:
    """Publish all of them, by two persons; in force from then on."""

    async def give(command: Command, by: Caller) -> None:
        fresh = replace(command, command_id=uuid4())
        await commands.execute(fresh, by, simulated_at=at)

    for draft, propose, publish in _drafts():
        await give(draft, _FIRST)
        await give(propose(command_id=uuid4(), number=1), _FIRST)
        await give(publish(command_id=uuid4(), number=1), _SECOND)
