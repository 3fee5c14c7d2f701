"""Whatever is asked of a case in whatever order, it answers by its rules."""

from copy import deepcopy
from dataclasses import dataclass, field

from eventsourcing.domain import AggregateEvent
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case, CaseCommand, decide, register
from domain.case.intake import RegisterCase
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.reopening import CaseReopened
from domain.case.shortcuts import SHORTCUTS
from domain.case.state import CaseEvent, CaseOpened
from domain.command import circumstances
from domain.identity import Caller
from domain.permissions import permitted
from domain.refusal import Refusal
from tests.domain.histories import EXAMPLES, REGISTRATION
from tests.domain.people import EVERYBODY_ON_DUTY, person
from tests.domain.scenario import NOW, fold, pending_events
from tests.domain.strategies import callers, on_a_case, registrations

COLLEAGUE = person("colleague", *EVERYBODY_ON_DUTY.roles)

# A number stands for one of the examples that the stage allows: chance alone seldom gets far.
lucky = st.tuples(st.integers(0, 99), st.sampled_from([EVERYBODY_ON_DUTY, COLLEAGUE]))
wild = st.tuples(on_a_case, callers)
GOING_ON = frozenset(Stage) - {Stage.REJECTED, Stage.WITHDRAWN}
Step = tuple[CaseCommand | int, Caller]
lives = st.lists(lucky | lucky | lucky | wild, min_size=15, max_size=40)


@dataclass
class Life:
    """A case and everything that was recorded about it."""

    case: Case
    events: list[AggregateEvent] = field(default_factory=list)

    def step(self, wanted: CaseCommand | int, caller: Caller) -> None:
        command = self.possible(wanted) if isinstance(wanted, int) else wanted
        stage, before = self.case.stage, deepcopy(vars(self.case))
        try:
            permitted(caller, command.NAME, self.case.reporter)
            decide(self.case, command, circumstances(command, caller, NOW))
        except Refusal as refusal:
            note(refusal.code)
            assert vars(self.case) == before
        else:
            note(command.NAME)
            skips = (command.NAME, stage) in SHORTCUTS
            assert stage in LIFECYCLE[command.NAME].sources or skips
            assert self.case.stage in (LIFECYCLE[command.NAME].targets or {stage})
        self.collect()

    def possible(self, number: int) -> CaseCommand:
        possible = [e for e in EXAMPLES if self.case.stage in LIFECYCLE[e.NAME].sources]
        onwards = [e for e in possible if LIFECYCLE[e.NAME].targets & GOING_ON]
        choice = onwards if onwards and number % 4 else possible
        chosen = choice[number % len(choice)]
        assert isinstance(chosen, CaseCommand)
        return chosen

    def collect(self) -> None:
        self.events += pending_events(self.case)
        self.case.collect_events()


def live(first: RegisterCase, then: list[Step]) -> Life | None:
    try:
        case = register(first, circumstances(first, EVERYBODY_ON_DUTY, NOW))
    except Refusal as refusal:
        note(refusal.code)
        return None
    life = Life(case)
    life.collect()
    for wanted, caller in then:
        life.step(wanted, caller)
    return life


@settings(max_examples=150)
@given(st.just(REGISTRATION) | registrations, lives)
def test_any_sequence_of_commands_is_answered_by_the_rules(
    first: RegisterCase, then: list[Step]
) -> None:
    life = live(first, then)
    if life is None:
        return
    case, events = life.case, life.events
    assert case.version == len(events)
    assert [event.originator_version for event in events] == list(range(1, len(events) + 1))
    stages = [e.STAGE for e in events if isinstance(e, CaseEvent | CaseOpened) and e.STAGE]
    assert case.stage is stages[-1]
    cycles = [event.cycle for event in events if isinstance(event, CaseReopened)]
    assert cycles == list(range(2, len(cycles) + 2))
    assert case.cycle == len(cycles) + 1
    assert all(case.registered_at <= event.timestamp <= NOW for event in events)


@settings(max_examples=50)
@given(st.just(REGISTRATION), lives)
def test_replaying_what_was_recorded_gives_the_same_case(
    first: RegisterCase, then: list[Step]
) -> None:
    life = live(first, then)
    assert life is not None
    assert fold(life.events) == life.case
    assert fold(life.events) == fold(life.events)
