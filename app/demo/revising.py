"""In summer the district gives complex matters more time, and open cases are put under it by hand.

A version that is published moves no clock that runs: somebody amends the clocks of a case, and says
why. So both happen here: most cases end by the version under which they began.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.demo.staff import Staff
from app.demo.step import Step, drawn_id
from app.packs.reading import Pack
from domain.calendar.timetable import LimitUnit
from domain.command import Command
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule, SlaPolicyVersion
from domain.vocabulary import ClockKind

AFTER: Final = timedelta(days=170, hours=11)
"""From the beginning of the year until it is published."""

BETWEEN: Final = timedelta(hours=1)
COMPLEX_FROM: Final = 12
"""Calendar days of a limit from which a matter is complex; they become a third more."""

TITLE: Final = "复杂事项办理时限调整"
SECOND: Final = 2
"""The number of the revised version; the first is that of the pack."""


def revised(policy: SlaPolicyVersion | None) -> SlaPolicyVersion | None:
    """The policy as it is from then on."""
    if policy is None:
        return None
    return replace(policy, title=TITLE, rules=tuple(map(_revised, policy.rules)))


def _revised(rule: ClockRule) -> ClockRule:
    if not is_complex(rule):
        return rule
    return replace(rule, limit=replace(rule.limit, amount=rule.limit.amount * 4 // 3))


def is_complex(rule: ClockRule) -> bool:
    """Whether the revision gives it more time."""
    limit, kinds = rule.limit, {ClockKind.STAGE, ClockKind.RESOLUTION}
    days = limit.unit is LimitUnit.CALENDAR_DAYS
    return rule.clock in kinds and days and limit.amount >= COMPLEX_FROM


def revision(pack: Pack, staff: Staff, begins: datetime, seed: int) -> Iterator[Step]:
    """Drafted and proposed by one person, published by another."""
    policy = revised(pack.policies.sla)
    if policy is None:
        return
    rng, at = Random(f"{seed}/revision"), begins + AFTER
    said = {each.name: getattr(policy, each.name) for each in fields(policy)}
    del said["number"]
    commands: tuple[tuple[str, Command], ...] = (
        ("catalogue-1", DraftSlaPolicy(command_id=drawn_id(rng), **(said | {"pack": None}))),
        ("catalogue-1", ProposeSlaPolicy(command_id=drawn_id(rng), number=SECOND)),
        ("catalogue-2", PublishSlaPolicy(command_id=drawn_id(rng), number=SECOND)),
    )
    for place, (post, command) in enumerate(commands):
        then = at - BETWEEN * (len(commands) - 1 - place)
        yield Step(then, staff.acting(post, then), command, rearranges=True)
