"""Which events start which clocks, and by which limits: one table, and one event for a command.

Whatever a command made happen, what it starts to time is recorded together in ClocksStarted, with
due times and the versions of policy and calendar that they come from (DOMAIN.md section 7).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from eventsourcing.domain import AggregateEvent

from domain.calendar.timetable import AROUND_THE_CLOCK, Timetable
from domain.case.clocks.changing import awaiting
from domain.case.clocks.clock import Clock, name_of
from domain.case.clocks.pinned import ladder_of, type_path
from domain.case.cohandling import CoHandlingRequested
from domain.case.emergency import AcceptanceSkipped
from domain.case.feedback import FeedbackRequested
from domain.case.intake import CaseAccepted, CaseRegistered
from domain.case.outcome import ResolutionSubmitted
from domain.case.publication import PublicationProposed
from domain.case.reopening import CaseReopened
from domain.case.returns import ArbitrationRequested, ReturnRequested, ReturnUpheld
from domain.case.routing import CaseDispatched
from domain.case.state import Case, CaseEvent
from domain.case.voiding import VoidRequested
from domain.command import Circumstances
from domain.sla_policy.content import ClockRule, SlaPolicyVersion
from domain.vocabulary import ClockKind


class ClocksStarted(CaseEvent):
    """What is timed from now on, with all that was pinned."""

    TOPIC: ClassVar[str] = "case.clocks_started"

    clocks: tuple[Clock, ...]

    def apply(self, case: Case) -> None:
        """Clocks are folded apart (`CaseEvent.mutate`)."""

    def sets_clocks(self) -> tuple[Clock, ...]:
        return self.clocks


class Whose(StrEnum):
    """Whose a clock is."""

    NOBODY = "NOBODY"
    LEAD = "LEAD"
    ASKED = "ASKED"


@dataclass(frozen=True)
class Start:
    """One clock that an event starts. key: tells it from others of its kind.

    whose: ASKED: the unit that the event names, by which several of a kind are told apart too.
    once: not where the reporter was contacted in this cycle already.
    """

    kind: ClockKind
    key: str = ""
    whose: Whose = Whose.NOBODY
    once: bool = False


_RETURN: Final = Start(ClockKind.APPROVAL, "RETURN")
_ACCEPTED: Final = (Start(ClockKind.DISPATCH), Start(ClockKind.RESOLUTION))

STARTS: Final[dict[type[AggregateEvent], tuple[Start, ...]]] = {
    CaseRegistered: (Start(ClockKind.ACCEPTANCE),),
    CaseAccepted: _ACCEPTED,
    AcceptanceSkipped: _ACCEPTED,
    CaseReopened: _ACCEPTED,
    ReturnUpheld: (Start(ClockKind.DISPATCH),),
    CaseDispatched: (
        Start(ClockKind.SIGN_OFF, whose=Whose.LEAD),
        Start(ClockKind.FIRST_CONTACT, whose=Whose.LEAD, once=True),
        Start(ClockKind.STAGE, whose=Whose.LEAD),
    ),
    CoHandlingRequested: (Start(ClockKind.CO_REPLY, whose=Whose.ASKED),),
    ResolutionSubmitted: (Start(ClockKind.VERIFICATION),),
    FeedbackRequested: (Start(ClockKind.FEEDBACK),),
    ReturnRequested: (_RETURN,),
    ArbitrationRequested: (_RETURN,),
    VoidRequested: (Start(ClockKind.APPROVAL, "VOIDING"),),
    PublicationProposed: (Start(ClockKind.PUBLICATION),),
}
"""The column "Starts" of the table in DOMAIN.md section 7."""


def start_clocks(case: Case, since: int, by: Circumstances) -> None:
    """ClocksStarted pending, for what the pending events from number `since` on start.

    Nothing where no SLA policy is in force, or where it has no limit for such a case.
    """
    policy = None if by.sla is None else by.sla.in_force(by.at)
    if policy is None:
        return
    events = [each for each in case.pending_events[since:] if isinstance(each, AggregateEvent)]
    clocks = {clock.name: clock for clock in _started(case, events, policy, by)}
    if clocks:
        case.trigger_event(ClocksStarted, timestamp=by.at, clocks=tuple(clocks.values()))


def _started(
    case: Case, events: Iterable[AggregateEvent], policy: SlaPolicyVersion, by: Circumstances
) -> Iterator[Clock]:
    for event in events:
        for start in STARTS.get(type(event), ()):
            rule = _rule(start, case, policy, by)
            if rule is not None:
                unit = _unit(start, case, event)
                key = (unit or "") if start.whose is Whose.ASKED else start.key
                yield clock_by(rule, case, policy.number, by, key=key, unit=unit)


def _rule(
    start: Start, case: Case, policy: SlaPolicyVersion, by: Circumstances
) -> ClockRule | None:
    if start.once and case.contacted:
        return None
    until = case.emergency_until
    emergency = until is not None and by.at < until
    return policy.rule(start.kind, type_path(case, by), case.urgency, emergency=emergency)


def _unit(start: Start, case: Case, event: AggregateEvent) -> str | None:
    if isinstance(event, CoHandlingRequested):
        return event.unit
    return case.lead_unit if start.whose is Whose.LEAD else None


def clock_by(
    rule: ClockRule,
    case: Case,
    policy: int,
    by: Circumstances,
    *,
    key: str = "",
    unit: str | None = None,
) -> Clock:
    """The clock that starts now under a rule of that version of the policy."""
    table = timetable_in_force(rule.calendar, by)
    clock = Clock(
        kind=rule.clock,
        key=key,
        number=case.clocks_counted.get(name_of(rule.clock, key), 0) + 1,
        unit=unit,
        cycle=case.cycle,
        started_at=by.at,
        limit=rule.limit,
        due=table.due(by.at, rule.limit),
        calendar=table.pin,
        policy=policy,
        escalation=None if by.escalation is None else by.escalation.number_in_force(by.at),
    )
    return awaiting(clock, table, ladder_of(clock, case, by))


def timetable_in_force(code: str | None, by: Circumstances) -> Timetable:
    """The calendar of that code, now; None: the default one. Around the clock without one."""
    version = None if by.calendar is None else by.calendar.in_force(by.at)
    found = None if version is None else version.timetable(code)
    return AROUND_THE_CLOCK if found is None else found
