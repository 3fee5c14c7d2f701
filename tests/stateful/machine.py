"""Random commands by random people over several cases, given to two processes and to time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from hypothesis import event as note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain.case import Case, CaseCommand
from domain.case.intake import RegisterCase
from domain.case.lifecycle import LIFECYCLE, Stage
from domain.case.structure import named_by
from domain.command import Command, Executed
from domain.identity import Caller, Role
from domain.refusal import Refusal
from tests.domain.histories import REGISTRATION
from tests.domain.inputs import inputs
from tests.domain.people import (
    ANONYMOUS,
    AUDITOR,
    DISPATCHER,
    EVALUATOR,
    GRID_WORKER,
    INTAKE,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    REPORTER,
    SUPERVISOR,
    UNIT_LEADER,
    person,
)
from tests.domain.scenario import NOW
from tests.domain.strategies import on_a_case
from tests.stateful.world import World

PEOPLE: Final = (
    REPORTER,
    NEIGHBOUR,
    INTAKE,
    REGISTRAR,
    DISPATCHER,
    OFFICER,
    UNIT_LEADER,
    GRID_WORKER,
    SUPERVISOR,
    EVALUATOR,
    AUDITOR,
    # What takes two persons takes a second one in the same role.
    person("second registrar", Role.REGISTRAR),
    person("second dispatcher", Role.DISPATCHER),
    person("second officer", Role.OFFICER, Role.UNIT_LEADER),
)
BRINGING: Final = (REPORTER, NEIGHBOUR, INTAKE, GRID_WORKER, ANONYMOUS)
MOST_CASES: Final = 6
MOST_ASKED: Final = 5
"""People at whom one looks for somebody who is offered something: asking them all takes long."""
GOING_ON: Final = frozenset(Stage) - {Stage.REJECTED, Stage.WITHDRAWN, Stage.VOIDED}
BEYOND_INPUT: Final = frozenset({"WRONG_STAGE", "NOT_PERMITTED", "NOT_FOUND"})
"""What no input changes: a command that was offered is not refused so."""

numbers: Final = st.integers(0, 999)
processes: Final = st.integers(0, 1)


@dataclass(frozen=True)
class Move:
    """One step in numbers: which case, with which other, which of what is offered to whom."""

    which: int
    other: int
    chosen: int
    onwards: bool
    process: int


moves: Final = st.builds(Move, numbers, numbers, numbers, st.booleans(), processes)


@st.composite
def anything(draw: st.DrawFn) -> CaseCommand:
    """`on_a_case`, under a name that is short where hypothesis tells of it."""
    command: CaseCommand = draw(on_a_case)
    return command


def fitted(command: Command, case_id: UUID, other_id: UUID, since: timedelta) -> Command:
    """An example as it would be given now, on these cases.

    since: how much later it is than when the examples are told.
    """
    fresh: dict[str, Any] = {
        "command_id": uuid4(),
        "case_id": case_id,
        "other_case": other_id,
        "new_case_id": uuid4(),
        "new_case_no": uuid4().hex,
        "reporter_id": uuid4(),
    }
    names = [each.name for each in fields(command)]
    said = {name: fresh[name] for name in names if name in fresh}
    for name in names:
        value = getattr(command, name)
        if isinstance(value, datetime):
            said[name] = value + since
    return replace(command, **said)


class ManyCases(RuleBasedStateMachine):
    """What `World.check` says holds after every step, and a refusal changes nothing."""

    begin: ClassVar[Callable[[], World]]

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).begin()
        self.case_ids: list[UUID] = []
        self.last: tuple[Command, Caller] | None = None
        self.idle = False

    def teardown(self) -> None:
        try:
            self.world.verify()
        finally:
            self.world.close()

    @initialize()
    def two_cases_are_there(self) -> None:
        self.bring(REPORTER, 0)
        self.bring(NEIGHBOUR, 1)

    @precondition(lambda self: len(self.case_ids) < MOST_CASES)
    @rule(caller=st.sampled_from(BRINGING), process=processes)
    def somebody_brings_a_case(self, caller: Caller, process: int) -> None:
        self.bring(caller, process)

    @rule(moves=st.lists(moves, min_size=5, max_size=15))
    def people_do_what_they_are_offered(self, moves: list[Move]) -> None:
        for move in moves:
            self.do_something_offered(move)

    def do_something_offered(self, move: Move) -> None:
        case = self.case(move.which)
        offers: dict[str, list[Caller]] = {}
        first = move.other % len(PEOPLE)
        for caller in (*PEOPLE[first:], *PEOPLE[:first])[:MOST_ASKED]:
            for name, action in self.world.offered(case, caller).items():
                if not action.blockers:
                    offers.setdefault(name, []).append(caller)
        moving = [name for name in offers if LIFECYCLE[name].targets & GOING_ON]
        choice = moving if move.onwards and moving else [*offers]
        if not choice:
            return
        name = choice[move.chosen % len(choice)]
        caller = offers[name][move.other % len(offers[name])]
        given = list(inputs(case, name))
        if given:
            command = given[move.chosen % len(given)]
            self.give(command, case, move.other, caller, move.process)

    @rule(
        which=numbers,
        other=numbers,
        command=anything(),
        caller=st.sampled_from(PEOPLE),
        process=processes,
    )
    def somebody_tries_anything(
        self, which: int, other: int, command: CaseCommand, caller: Caller, process: int
    ) -> None:
        self.give(command, self.case(which), other, caller, process)

    @precondition(lambda self: self.last is not None)
    @rule(process=processes)
    def a_client_asks_again(self, process: int) -> None:
        assert self.last is not None
        before = self.world.size()
        self.world.execute(*self.last, process)
        assert self.world.size() == before, "the same command was recorded twice"

    @precondition(lambda self: not self.idle)
    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.idle = True
        acted = self.world.pass_time(timedelta(hours=hours))
        note(f"timers: {min(acted, 3)}")
        self.world.check(self.case_ids)

    def bring(self, caller: Caller, process: int) -> None:
        case_id = uuid4()
        command = replace(REGISTRATION, command_id=uuid4(), case_id=case_id, case_no=case_id.hex)
        assert isinstance(command, RegisterCase)
        self.world.execute(command, caller, process)
        self.case_ids.append(case_id)
        self.world.check([case_id])

    def case(self, which: int) -> Case:
        case_id = self.case_ids[which % len(self.case_ids)]
        return self.world.cases([case_id])[case_id]

    def give(self, example: Command, case: Case, other: int, caller: Caller, process: int) -> None:
        """One command, and everything that has to follow from it."""
        world, other_id = self.world, self.case_ids[other % len(self.case_ids)]
        command = fitted(example, case.id, other_id, world.clock.now() - NOW)
        before, versions = world.size(), self.versions()
        offered = world.offered(case, caller).get(command.NAME)
        enabled = offered is not None and not offered.blockers
        try:
            executed = world.execute(command, caller, process)
        except Refusal as refused:
            refusal: Refusal = refused
        else:
            self.recorded(command, caller, executed, before, versions)
            assert enabled or command.occurred_at is not None, f"{command.NAME} was not offered"
            return
        note(f"{command.NAME} refused: {refusal.code}")
        assert world.size() == before, "a refused command left something behind"
        elsewhere = named_by(command) is not None
        assert not enabled or elsewhere or refusal.code not in BEYOND_INPUT, refusal

    def recorded(
        self,
        command: Command,
        caller: Caller,
        executed: Executed,
        before: int,
        versions: dict[UUID, int],
    ) -> None:
        """The journal grew by the events of these cases and no others, and their views with it."""
        note(command.NAME)
        self.idle = False
        self.last = (command, caller)
        self.case_ids += self.begun(command)
        after = self.versions()
        grown = {each: after[each] - versions.get(each, 0) for each in after}
        assert self.world.size() == before + sum(grown.values()), "events of other cases"
        assert executed.last_version == after[executed.stream_id]
        self.world.check([each for each, number in grown.items() if number])

    def versions(self) -> dict[UUID, int]:
        return {each: case.version for each, case in self.world.cases(self.case_ids).items()}

    def begun(self, command: Command) -> Sequence[UUID]:
        new_case_id = getattr(command, "new_case_id", None)
        return [] if new_case_id is None else [new_case_id]
