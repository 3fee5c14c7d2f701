"""A jurisdiction that times everything, for tests of clocks: its policy, ladder and calendars."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from eventsourcing.domain import AggregateEvent

from domain.calendar.content import Holiday
from domain.calendar.state import WorkCalendars
from domain.calendar.timetable import Limit, LimitUnit
from domain.case import decide, register
from domain.case.clocks.clock import Clock
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.catalogue.content import CaseType
from domain.command import Arrangements, Circumstances, Command, circumstances
from domain.escalation_policy.content import Ladder, Rung
from domain.escalation_policy.state import EscalationPolicy
from domain.identity import Role
from domain.sla_policy.content import ClockRule, SuspensionReason
from domain.sla_policy.state import SlaPolicy
from domain.vocabulary import ClockKind
from tests.domain.configuring import (
    BO,
    Configuring,
    draft_calendar,
    draft_catalogue,
    draft_escalation,
    draft_sla,
    label,
    work_calendar,
)
from tests.domain.people import EVERYBODY_ON_DUTY
from tests.domain.scenario import BEGAN, CASE, ask, pending_events

E = TypeVar("E", bound=AggregateEvent)

LONG_AGO: Final = BEGAN - timedelta(days=400)


def minutes(clock: ClockKind, amount: int, **said: Any) -> ClockRule:
    """So many working minutes."""
    return ClockRule(clock, Limit(amount, LimitUnit.WORKING_MINUTES), **said)


def wall(clock: ClockKind, amount: int, **said: Any) -> ClockRule:
    """So many minutes of the wall."""
    return ClockRule(clock, Limit(amount, LimitUnit.WALL_MINUTES), **said)


ALL: Final = (
    wall(ClockKind.RESOLUTION, 120, emergency=True),
    minutes(ClockKind.RESOLUTION, 16 * 60, types=("lift",)),
    *(minutes(kind, 60 * hours) for hours, kind in enumerate(ClockKind, 10)),
)
"""Each kind has another limit, from 10 hours of work on, eight of which are a day."""

LADDER: Final = Ladder(
    (Rung(80, (Role.OFFICER,)), Rung(100, (Role.UNIT_LEADER,)), Rung(150, repeat_every=50))
)


def holiday(day: int) -> Holiday:
    """A weekday of March 2024 on which nobody works."""
    return Holiday(date(2024, 3, day), label())


def arranged(
    *rules: ClockRule,
    later: Sequence[ClockRule] = (),
    holidays: Sequence[Holiday] | None = None,
    reasons: tuple[SuspensionReason, ...] = (),
    types: Sequence[CaseType] = (),
) -> Arrangements:
    """The rules (ALL without any), a ladder, and a calendar of weekdays from nine to five.

    later: the rules of a second version. holidays: of a second version of the calendar. Both are
    in force from the day after the case began. types: of a catalogue; none without any.
    """
    first = draft_sla(*(rules or ALL), suspension_reasons=reasons)
    policy = _published("SlaPolicy", first, *_also(draft_sla, later))
    ladder = _published("EscalationPolicy", draft_escalation(LADDER))
    more = [] if holidays is None else [work_calendar(holidays=tuple(holidays))]
    calendar = _published("Calendar", draft_calendar(), *_also(draft_calendar, more))
    assert isinstance(policy, SlaPolicy)
    assert isinstance(ladder, EscalationPolicy)
    assert isinstance(calendar, WorkCalendars)
    catalogue = _published("Catalogue", draft_catalogue(*types)) if types else None
    return Arrangements(
        sla=policy,
        escalation=ladder,
        calendar=calendar,
        catalogue=catalogue,
        time_zone="Asia/Shanghai",
    )


def _also(draft: Callable[..., Any], content: Sequence[Any]) -> list[Any]:
    return [draft(*content, title="Another")] if content else []


def _published(name: str, *drafts: Any) -> Any:
    kept = Configuring(name)
    for number, draft in enumerate(drafts, 1):
        at = LONG_AGO if number == 1 else BEGAN + timedelta(days=1)
        kept.given(draft, at=at)
        kept.given(kept.command("propose", number), at=at)
        kept.given(kept.command("publish", number), by=BO, at=at)
    return kept.kept


class Story:
    """A case whose commands are given at times of their own, in hours since it began."""

    def __init__(
        self, arrangements: Arrangements, case_id: UUID = CASE, brought: float = 0, **said: Any
    ) -> None:
        self.arrangements = arrangements
        usual = {"case_no": "1", "channel": Channel.HOTLINE, "type_code": "noise", "area": "grid-7"}
        command = ask(RegisterCase, case_id=case_id, **{**usual, **said})
        self.case = register(command, self._by(command, brought))
        self.events: list[AggregateEvent] = []
        self.told: list[list[AggregateEvent]] = []
        self.news = self._collect()

    def at(self, hours: float, *commands: Command, beside: "Story | None" = None) -> "Story":
        """The commands given so late, one after the other. Raises the refusal."""
        others = {} if beside is None else {beside.case.id: beside.case}
        for command in commands:
            addressed = replace(command, case_id=self.case.id)  # type: ignore[call-arg]
            decide(self.case, addressed, self._by(addressed, hours), others)  # type: ignore[arg-type]
            self.news = self._collect()
            if beside is not None:
                beside.news = beside._collect()
        return self

    def __getitem__(self, name: str) -> Clock:
        """The clock of that name, which runs."""
        return self.case.clocks[name]

    @property
    def running(self) -> dict[str, int]:
        """The numbers of the clocks that run, by name."""
        return {name: clock.number for name, clock in sorted(self.case.clocks.items())}

    def said(self, kind: type[E]) -> list[E]:
        """The events of a kind that the last command led to."""
        return [event for event in self.news if isinstance(event, kind)]

    def _by(self, command: Command, hours: float) -> Circumstances:
        at = BEGAN + timedelta(hours=hours)
        made = circumstances(command, EVERYBODY_ON_DUTY, at, self.arrangements)
        return replace(made, actor=replace(made.actor, principal=f"for {command.NAME}"))

    def _collect(self) -> list[AggregateEvent]:
        news = pending_events(self.case)
        self.case.collect_events()
        self.events += news
        if news:
            self.told.append(news)
        return news


def hour(number: float) -> datetime:
    return BEGAN + timedelta(hours=number)
