"""Random commands by random people over several cases, given to two processes and to time."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID, uuid4

from hypothesis import event as note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.case import Case, CaseCommand
from domain.case.intake import RegisterCase
from domain.case.structure import named_by
from domain.command import Command, Executed
from domain.identity import Caller
from domain.refusal import Refusal
from tests.domain.histories import REGISTRATION
from tests.domain.people import NEIGHBOUR, REPORTER
from tests.domain.scenario import BEGAN
from tests.stateful.choosing import (
    Move,
    anything,
    chosen,
    examples,
    fitted,
    in_turn,
    moves,
    numbers,
    possible_at,
    processes,
)
from tests.stateful.people import BRINGING, PEOPLE
from tests.stateful.reached import Reached
from tests.stateful.world import World

MOST_CASES: Final = 6
MOST_ASKED: Final = 6
"""People at whom one looks for somebody who is offered something: asking them all takes long."""
MOST_TRIED: Final = 3
"""Ways in which one says what one wants, where it is refused."""
LATEST: Final = BEGAN + timedelta(days=365)
"""Nobody waits for longer: what is kept for decades would take simulated time into the future."""
BEYOND_INPUT: Final = frozenset({"WRONG_STAGE", "NOT_PERMITTED", "NOT_FOUND"})
"""What no input changes: a command that was offered is not refused so."""


class ManyCases(RuleBasedStateMachine):
    """What `World.check` says holds after every step, and a refusal changes nothing.

    tried: how often each command was, so far. reached: what all examples of a run came to; it
    decides nothing, so that each example is the same when it is tried again.
    """

    begin: ClassVar[Callable[[], AbstractContextManager[World]]]
    reached: ClassVar[Reached]

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.world = self.open.enter_context(type(self).begin())
        self.case_ids: list[UUID] = []
        self.tried: Counter[str] = Counter()
        self.last: tuple[Command, Caller] | None = None
        self.idle = False
        self.turn = 0

    def teardown(self) -> None:
        with self.open:
            self.world.verify()
            self.reached.take_in(self.world.streams(self.case_ids), self.turn)

    @initialize(moves=st.lists(moves, min_size=8, max_size=16))
    def two_cases_are_there_and_got_somewhere(self, moves: list[Move]) -> None:
        """So that no example is empty: hypothesis leaves out some of the rules in most of them."""
        self.bring(REPORTER, 0)
        self.bring(NEIGHBOUR, 1)
        self.do_what_is_offered(moves)

    @precondition(lambda self: len(self.case_ids) < MOST_CASES)
    @rule(caller=st.sampled_from(BRINGING), process=processes)
    def somebody_brings_a_case(self, caller: Caller, process: int) -> None:
        self.bring(caller, process)

    @rule(moves=st.lists(moves, min_size=8, max_size=16))
    def people_do_what_they_are_offered(self, moves: list[Move]) -> None:
        self.do_what_is_offered(moves)

    @rule(which=numbers, moves=st.lists(moves, min_size=8, max_size=16))
    def people_go_on_with_one_case(self, which: int, moves: list[Move]) -> None:
        for move in moves:
            self.do_something_offered(self.case(which), move)

    def do_what_is_offered(self, moves: Sequence[Move]) -> None:
        for move in moves:
            self.do_something_offered(self.case(move.which), move)

    def do_something_offered(self, case: Case, move: Move) -> None:
        first = move.other % len(PEOPLE)
        asked = (*PEOPLE[first:], *PEOPLE[:first])[:MOST_ASKED]
        offers, later = self.offers(case, asked)
        if not (offers or later):
            return
        name = chosen([*offers, *later], move, self.tried)
        self.tried[name] += 1
        if name in later:
            self.let_pass(later[name] - self.world.clock.now())
            return
        caller = offers[name][move.other % len(offers[name])]
        for command in [*in_turn(examples(case, name), move.other)][:MOST_TRIED]:
            if self.give(command, case, move.other, caller, move.process, move.late):
                return

    def offers(
        self, case: Case, asked: Sequence[Caller]
    ) -> tuple[dict[str, list[Caller]], dict[str, datetime]]:
        """Who may do what now; and what else becomes of it if one just waits, and until when."""
        offers: dict[str, list[Caller]] = {}
        later = self.world.timers(case.id)
        for caller in asked:
            for name, action in self.world.offered(case, caller).items():
                if not action.blockers:
                    offers.setdefault(name, []).append(caller)
                elif (until := possible_at(action)) is not None:
                    later[name] = until
        return offers, {
            name: until for name, until in later.items() if name not in offers and until < LATEST
        }

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
    @rule(hours=st.integers(1, 9) | st.integers(1, 9) | st.integers(10, 80))
    def time_passes(self, hours: int) -> None:
        self.let_pass(timedelta(hours=hours))

    def let_pass(self, span: timedelta) -> None:
        """Nobody does anything, so that the service does."""
        given = self.world.pass_time(span)
        self.idle = True
        self.tried.update(given)
        note(f"timers: {min(len(given), 3)}")
        self.world.check(self.case_ids)

    @invariant()
    def somebody_looks_at_their_work(self) -> None:
        self.turn += 1
        self.world.check_lists(PEOPLE[self.turn % len(PEOPLE)])

    def bring(self, caller: Caller, process: int) -> None:
        case_id = uuid4()
        command = replace(REGISTRATION, command_id=uuid4(), case_id=case_id, case_no=case_id.hex)
        assert isinstance(command, RegisterCase)
        self.world.execute(command, caller, process)
        self.case_ids.append(case_id)
        self.world.check([case_id])

    def case(self, which: int) -> Case:
        return self.world.case(self.case_ids[which % len(self.case_ids)])

    def give(
        self,
        example: Command,
        case: Case,
        other: int,
        caller: Caller,
        process: int,
        late: int = 0,
    ) -> bool:
        """One command, and everything that has to follow from it. Whether it was accepted."""
        world, other_id = self.world, self.case_ids[other % len(self.case_ids)]
        command = fitted(example, case, other_id, world.clock.now(), late)
        before, versions = world.size(), world.versions()
        offered = world.offered(case, caller).get(command.NAME)
        enabled = offered is not None and not offered.blockers
        now = command.occurred_at is None
        try:
            executed = world.execute(command, caller, process)
        except Refusal as refused:
            refusal: Refusal = refused
        else:
            self.recorded(command, caller, executed, before, versions)
            assert enabled or not now, f"{command.NAME} was not offered"
            return True
        note(f"{command.NAME} refused: {refusal.code}")
        assert world.size() == before, "a refused command left something behind"
        elsewhere = named_by(command) is not None
        assert not (enabled and now) or elsewhere or refusal.code not in BEYOND_INPUT, refusal
        return False

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
        self.case_ids += self.begun(command)
        after = self.world.versions_now(self.case_ids)
        grown = {each: after[each] - versions.get(each, 0) for each in after}
        assert self.world.size() == before + sum(grown.values()), "events of other cases"
        assert executed.last_version == after[executed.stream_id]
        if any(grown.values()):
            # What was so already uses no command id up: asked again later, it is decided anew.
            self.last = (command, caller)
        self.world.check([each for each, number in grown.items() if number])

    def begun(self, command: Command) -> Sequence[UUID]:
        new_case_id = getattr(command, "new_case_id", None)
        return [] if new_case_id is None else [new_case_id]
