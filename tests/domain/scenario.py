"""given(facts).when(command, by=caller).then(facts) or .refused(CODE).

Facts are events without what only their place in the stream says (ids, version, time), so that a
test reads as the sentence it means. A scenario asks for permission first, as the service does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from domain.case import Case, CaseCommand, decide, register
from domain.case.imported import ImportHistory, begin_history, extend_history
from domain.case.intake import RegisterCase
from domain.case.vocabulary import Channel
from domain.command import NOTHING_ARRANGED, Arrangements, Command, circumstances
from domain.identity import Caller
from domain.permissions import permitted
from domain.refusal import Fact as RefusalFact
from domain.refusal import Refusal
from tests.domain.people import EVERYBODY_ON_DUTY, NEIGHBOUR

CASE = UUID("0190a000-0000-7000-8000-000000000001")
OTHER = UUID("0190a000-0000-7000-8000-000000000002")
BEGAN = datetime(2024, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))
NOW = BEGAN + timedelta(days=30)
STEP = timedelta(hours=1)

PLACE = frozenset(field.name for field in fields(AggregateCreated))


@dataclass(frozen=True)
class Fact:
    """What happened: the class of the event and its own fields."""

    event: type[AggregateEvent]
    said: tuple[tuple[str, Any], ...]


def happened(event: type[AggregateEvent], **said: object) -> Fact:
    return Fact(event, tuple(sorted(said.items())))


def fact_of(event: AggregateEvent) -> Fact:
    said = {name: value for name, value in vars(event).items() if name not in PLACE}
    return happened(type(event), **said)


def events_of(facts: Iterable[Fact], case_id: UUID = CASE) -> list[AggregateEvent]:
    """The facts as the stream of one case, an hour apart."""
    events = []
    for version, fact in enumerate(facts, 1):
        place: dict[str, Any] = {
            "originator_id": case_id,
            "originator_version": version,
            "timestamp": BEGAN + (version - 1) * STEP,
        }
        if issubclass(fact.event, AggregateCreated):
            place["originator_topic"] = "case"
        events.append(fact.event(**place, **dict(fact.said)))
    return events


def fold(events: Iterable[AggregateEvent]) -> Case | None:
    case: Case | None = None
    for event in events:
        case = event.mutate(case)
    return case


def pending_events(aggregate: Aggregate) -> list[AggregateEvent]:
    return [event for event in aggregate.pending_events if isinstance(event, AggregateEvent)]


C = TypeVar("C", bound=Command)


def ask(kind: type[C], /, **said: Any) -> C:
    """A command on the case of the scenario, with the rest of what every command carries."""
    if "case_id" in {field.name for field in fields(kind)}:
        said.setdefault("case_id", CASE)
    return kind(command_id=UUID(int=1), **said)


def neighbour_of(case: Case | None) -> Case:
    """OTHER, which a resident next door brought when the case began."""
    command = ask(RegisterCase, case_id=OTHER, case_no="OTHER", channel=Channel.HOTLINE)
    other = register(command, circumstances(command, NEIGHBOUR, BEGAN))
    other.collect_events()
    if case is not None and case.merged_into == OTHER:
        other.absorbed = (case.id,)
    return other


class Scenario:
    """A case with a past, or none yet."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.case = fold(events_of(facts))
        self.others = {OTHER: neighbour_of(self.case)}
        self.arrangements = NOTHING_ARRANGED
        self.now = NOW

    def where(self, arrangements: Arrangements) -> "Scenario":
        """The same, where the jurisdiction has arranged its work so."""
        self.arrangements = arrangements
        return self

    def beside(self, case_id: UUID, *facts: Fact) -> "Scenario":
        """The same, with another case and its past. Without this OTHER is just registered."""
        other = fold(events_of(facts, case_id))
        assert other is not None
        self.others[case_id] = other
        return self

    def at(self, now: datetime) -> "Scenario":
        """The same at another moment than thirty days after the case began."""
        self.now = now
        return self

    def when(self, command: Command, *, by: Caller = EVERYBODY_ON_DUTY) -> "Outcome":
        """What comes of `command`, given at that moment."""
        before = vars(self.case).copy() if self.case else {}
        beside = {case_id: vars(other).copy() for case_id, other in self.others.items()}
        try:
            case = self._carry_out(command, by)
        except Refusal as refusal:
            assert before == (vars(self.case) if self.case else {}), "a refusal changed the case"
            after = {case_id: vars(other) for case_id, other in self.others.items()}
            assert beside == after, "a refusal changed another case"
            return Outcome(self.case, (), refusal)
        return Outcome(case, tuple(pending_events(case)), None, self.others)

    def _carry_out(self, command: Command, by: Caller) -> Case:
        circumstanced = circumstances(command, by, self.now, self.arrangements)
        if self.case is None:
            permitted(by, command.NAME, by.principal)
            if isinstance(command, ImportHistory):
                return begin_history(command, circumstanced)
            assert isinstance(command, RegisterCase), "any other command needs a past"
            return register(command, circumstanced)
        permitted(by, command.NAME, self.case.reporter)
        if isinstance(command, ImportHistory):
            extend_history(self.case, command)
        else:
            assert isinstance(command, CaseCommand)
            decide(self.case, command, circumstanced, self.others)
        return self.case


@dataclass(frozen=True)
class Outcome:
    """What came of a command: events, or a refusal."""

    case: Case | None
    events: tuple[AggregateEvent, ...]
    refusal: Refusal | None
    others: Mapping[UUID, Case] = field(default_factory=dict)

    def and_in(self, case_id: UUID, *facts: Fact) -> Case:
        """Exactly these facts followed in another case."""
        other = self.others[case_id]
        assert tuple(map(fact_of, pending_events(other))) == facts
        return other

    def then(self, *facts: Fact) -> Case:
        """Exactly these facts followed; without any: it was already so."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert self.case is not None
        assert tuple(fact_of(event) for event in self.events) == facts
        return self.case

    def refused(self, code: str, **facts: RefusalFact) -> Refusal:
        """It was refused with `code` and at least these facts, and nothing is pending."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.code == code
        assert {name: self.refusal.facts.get(name) for name in facts} == facts
        assert self.case is None or not self.case.pending_events
        return self.refusal


def given(*facts: Fact) -> Scenario:
    return Scenario(facts)
