"""Limits and office hours in force since long ago, for tests in which time counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import uuid4

from domain.calendar.commands import DraftCalendar, ProposeCalendar, PublishCalendar
from domain.calendar.content import Holiday
from domain.calendar.timetable import Limit, LimitUnit
from domain.command import Command
from domain.identity import Role
from domain.sla_policy.commands import DraftSlaPolicy, ProposeSlaPolicy, PublishSlaPolicy
from domain.sla_policy.content import ClockRule
from domain.vocabulary import ClockKind
from schema.context import Commands
from tests.domain.configuring import label, work_calendar
from tests.domain.holding import PAPERS, SOIL
from tests.domain.people import person

RULES: Final = (
    ClockRule(ClockKind.RESOLUTION, Limit(40 * 60, LimitUnit.WORKING_MINUTES)),
    ClockRule(ClockKind.STAGE, Limit(7 * 24 * 60, LimitUnit.WALL_MINUTES)),
)


async def limit_time(
    commands: Commands, since: datetime, rules: Sequence[ClockRule] = RULES
) -> None:
    """Publish these limits, with two reasons to suspend a case, and office hours; once."""
    first, second = (person(name, Role.CATALOGUE_ADMIN) for name in ("ann", "bo"))
    drafts: tuple[Command, ...] = (
        DraftSlaPolicy(
            command_id=uuid4(),
            title="Limits",
            rules=tuple(rules),
            suspension_reasons=(SOIL, PAPERS),
        ),
        DraftCalendar(
            command_id=uuid4(),
            title="Hours",
            default="office",
            calendars=(work_calendar(),),
        ),
        ProposeSlaPolicy(command_id=uuid4(), number=1),
        ProposeCalendar(command_id=uuid4(), number=1),
    )
    for command in drafts:
        await commands.execute(command, first)
    for publish in (PublishSlaPolicy, PublishCalendar):
        await commands.execute(publish(command_id=uuid4(), number=1, valid_from=since), second)


async def another_calendar(commands: Commands, since: datetime, *holidays: date) -> None:
    """Publish a second version of the office hours, with these days off."""
    first, second = (person(name, Role.CATALOGUE_ADMIN) for name in ("ann", "bo"))
    days = tuple(Holiday(each, label("Day off")) for each in holidays)
    draft = DraftCalendar(
        command_id=uuid4(),
        title="Days off",
        default="office",
        calendars=(work_calendar(holidays=days),),
    )
    await commands.execute(draft, first)
    await commands.execute(ProposeCalendar(command_id=uuid4(), number=2), first)
    publish = PublishCalendar(command_id=uuid4(), number=2, valid_from=since)
    await commands.execute(publish, second)
