"""Cases whose life takes time, as the journal tells them: for tests of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from eventsourcing.domain import AggregateEvent
from hypothesis import strategies as st

from domain.calendar.state import WorkCalendars
from domain.calendar.timetable import AROUND_THE_CLOCK, Limit, LimitUnit, Timetable
from domain.case import decide, register
from domain.case.intake import RegisterCase
from domain.case.ledger.account import Entry, account
from domain.case.ledger.fold import known_at, ledger_of
from domain.case.ledger.interval import Interval
from domain.case.ledger.posts import pieces_of
from domain.case.lifecycle import ACTIVE, LIFECYCLE, Stage
from domain.case.vocabulary import Channel
from domain.command import Arrangements, Command, circumstances
from domain.directory import Directory
from domain.identity import Actor, Authority, Caller
from domain.recorded import RecordedEvent
from domain.refusal import Refusal
from domain.sla_policy.content import ClockRule
from domain.sla_policy.state import SlaPolicy
from domain.vocabulary import ClockKind
from tests.domain.configuring import Configuring, draft_calendar, draft_sla
from tests.domain.histories import EXAMPLES
from tests.domain.people import EVERYBODY_ON_DUTY
from tests.domain.scenario import BEGAN, CASE, NOW, Fact, ask, events_of, pending_events

GOING_ON: Final = ACTIVE | {Stage.CLOSED}
HOUR: Final = timedelta(hours=1)


def at(hours: float) -> datetime:
    """So many hours after the case began."""
    return BEGAN + hours * HOUR


def recorded(
    event: AggregateEvent, position: int, command: str = "any", caller: Caller = EVERYBODY_ON_DUTY
) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=uuid5(CASE, f"{event.originator_id} {event.originator_version}"),
        position=position,
        stream_id=UUID(str(event.originator_id)),
        version=event.originator_version,
        topic=type(event).TOPIC,  # type: ignore[attr-defined]  # events of ours
        occurred_at=event.timestamp,
        recorded_at=event.timestamp,
        actor=Actor(caller.principal, caller.kind, caller.position, caller.unit),
        authority=Authority(command, 1),
        channel=None,
        reason=None,
        command_id=CASE,
        causation_id=None,
        correlation_id=CASE,
    )


def told(*facts: Fact, times: Sequence[float] | None = None) -> list[RecordedEvent]:
    """The facts as recorded events, an hour apart or at these hours after the case began."""
    found = events_of(facts)
    if times is not None:
        found = [
            type(event)(**{**vars(event), "timestamp": at(hour)})
            for event, hour in zip(found, times, strict=True)
        ]
    return [recorded(event, 10 * number) for number, event in enumerate(found, 1)]


def intervals_of(events: Iterable[RecordedEvent]) -> list[Interval]:
    """What is so now."""
    return known_at(ledger_of(events).intervals, None, None)


def in_words(
    events: Iterable[RecordedEvent], time: datetime | None = None
) -> list[tuple[str, str | None, float, float | None]]:
    """(part, unit, begin, end) of each interval that takes time, in hours."""
    found = known_at(ledger_of(events).intervals, None, time)
    return [
        (
            each.holder.part.value,
            each.holder.unit,
            hours(each.begin),
            None if each.end is None else hours(each.end),
        )
        for each in found
        if each.end != each.begin
    ]


def hours(time: datetime) -> float:
    return (time - BEGAN) / HOUR


def entries_of(
    events: Sequence[RecordedEvent],
    until: datetime,
    *,
    calendar: WorkCalendars | None = None,
    directory: Directory | None = None,
    area: str | None = None,
) -> list[Entry]:
    """What the ledger comes to at a time."""
    ledger = ledger_of(events)
    intervals = known_at(ledger.intervals, None, until)
    running = ledger_of(each for each in events if each.occurred_at <= until).situation.resolution
    pieces = pieces_of(intervals, area, directory, until)
    return account(pieces, running, lambda pin: timetable(pin, calendar))


def timetable(pin: str, calendar: WorkCalendars | None) -> Timetable:
    code, _, version = pin.partition("@")
    content = calendar.content(int(version)) if calendar and version else None
    return (content and content.timetable(code)) or AROUND_THE_CLOCK


def rule(kind: ClockKind, amount: int, unit: LimitUnit = LimitUnit.WORKING_MINUTES) -> ClockRule:
    return ClockRule(kind, Limit(amount, unit))


TIGHT: Final = (
    rule(ClockKind.RESOLUTION, 16 * 60),
    rule(ClockKind.DISPATCH, 2 * 60),
    rule(ClockKind.STAGE, 8 * 60),
    rule(ClockKind.APPROVAL, 60),
    rule(ClockKind.VERIFICATION, 3 * 60),
    rule(ClockKind.FEEDBACK, 8 * 60),
)
"""Limits in working time that are easily passed."""


def arranged(*rules: ClockRule) -> Arrangements:
    """An SLA policy of these rules and a calendar, both in force since long ago."""
    policy, calendar = Configuring("SlaPolicy"), Configuring("Calendar")
    for made, draft in ((policy, draft_sla(*rules)), (calendar, draft_calendar())):
        long_ago = BEGAN - timedelta(days=400)
        made.given(draft, at=long_ago)
        made.given(made.command("propose", 1), at=long_ago)
        made.given(made.command("publish", 1), by=PUBLISHER, at=long_ago)
    assert isinstance(policy.kept, SlaPolicy)
    assert isinstance(calendar.kept, WorkCalendars)
    return Arrangements(sla=policy.kept, calendar=calendar.kept, time_zone="Asia/Shanghai")


PUBLISHER: Final = replace(EVERYBODY_ON_DUTY, principal="publisher")
COLLEAGUE: Final = replace(EVERYBODY_ON_DUTY, principal="colleague")
REGISTRATION: Final = ask(
    RegisterCase, case_no="L-1", channel=Channel.HOTLINE, type_code="noise", area="grid-7"
)
ON_ONE: Final = tuple(
    replace(each, occurred_at=None)
    for each in EXAMPLES
    if each.NAME not in {"mergeCase", "splitCase", "linkCases", "unlinkCases", "reverseMerge"}
)


class TimedLife:
    """A case whose commands are given one after the other, some time between them."""

    def __init__(self, arrangements: Arrangements, begins: datetime) -> None:
        self.arrangements = arrangements
        self.now = begins
        self.events: list[RecordedEvent] = []
        by = circumstances(REGISTRATION, EVERYBODY_ON_DUTY, begins, arrangements)
        self.case = register(REGISTRATION, by)
        self._collect(REGISTRATION, EVERYBODY_ON_DUTY)

    def step(self, number: int, pause: timedelta, *, colleague: bool) -> None:
        """One of the examples that the stage allows, after a pause; refused: nothing."""
        self.now += pause
        possible = self.possible()
        onwards = [each for each in possible if LIFECYCLE[each.NAME].targets & GOING_ON]
        around = [each for each in possible if not LIFECYCLE[each.NAME].targets - GOING_ON]
        chosen = (onwards if number % 2 else around) or possible
        command = chosen[number // 2 % len(chosen)]
        try:
            self._carry_out(command, colleague=colleague)
        except Refusal:
            return

    def give(self, name: str, pause: timedelta, *, colleague: bool = False) -> None:
        """The example of that name, after a pause. Raises the refusal."""
        self.now += pause
        self._carry_out(next(each for each in ON_ONE if each.NAME == name), colleague=colleague)

    def possible(self) -> list[Command]:
        """The examples of commands that the stage allows."""
        return [each for each in ON_ONE if self.case.stage in LIFECYCLE[each.NAME].sources]

    def _carry_out(self, command: Command, *, colleague: bool) -> None:
        caller = COLLEAGUE if colleague else EVERYBODY_ON_DUTY
        by = circumstances(command, caller, self.now, self.arrangements)
        decide(self.case, command, by)  # type: ignore[arg-type]  # each is of a case
        self._collect(command, caller)

    def _collect(self, command: Command, caller: Caller) -> None:
        for event in pending_events(self.case):
            self.events.append(recorded(event, len(self.events) + 1, command.NAME, caller))
        self.case.collect_events()


RULES: Final = arranged(*TIGHT)
steps = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from([0, 0.5, 3, 26]), st.booleans()),
    min_size=10,
    max_size=30,
)


def lived(given_steps: list[tuple[int, float, bool]], where: Arrangements) -> TimedLife:
    life = TimedLife(where, NOW)
    for number, pause, colleague in given_steps:
        life.step(number, timedelta(hours=pause), colleague=colleague)
    return life
