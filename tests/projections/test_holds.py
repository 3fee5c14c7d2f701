"""Whether a case rests, and what became of each wish for time: in the view as it is decided by."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case import Case, suspension
from domain.case.intake import WithdrawCase
from domain.case.outcome import OrderRework, SubmitResolution
from domain.case.regions import Hold
from domain.case.vocabulary import ResolutionOutcome
from domain.command import Command
from domain.identity import Role
from domain.refusal import Refusal
from projections.case_state import CaseState, evolve
from projections.holds import ExtensionState, SuspensionState
from tests.domain.holding import EXAMPLES, SOIL, Handled
from tests.domain.ledgers import recorded
from tests.domain.people import DISPATCHER, EVERYBODY_ON_DUTY, person
from tests.domain.scenario import BEGAN, ask
from tests.domain.test_suspension import OFFICE_HOURS, STAGE_LIMIT

HOUR: Final = timedelta(hours=1)
CHECKER: Final = person("checker", Role.REGISTRAR)
ENDS: Final = ask(WithdrawCase)
AGAIN: Final = ask(OrderRework, demand="Again")
DONE: Final = ask(SubmitResolution, outcome=ResolutionOutcome.RESOLVED, measures="Dug")
ASKED: Final = ask(
    suspension.RequestSuspension,
    suspension_reason=SOIL.code,
    expected_resume=BEGAN + timedelta(days=9),
    ground="Frozen",
)
COMMANDS: Final[tuple[Command, ...]] = (
    *(2 * EXAMPLES[1:]),
    *(4 * (ASKED, ask(suspension.ApproveSuspension))),
    DONE,
    *(3 * (AGAIN,)),
    ENDS,
)
"""What leads away from the work is seldom: there is more to see before."""


def shown(case: Handled, taken: list[tuple[int, float]]) -> tuple[Case, CaseState]:
    """The case after commands so many hours after each other, and what is shown of it."""
    at = BEGAN
    for number, hours in taken:
        at += hours * HOUR
        command = COMMANDS[number % len(COMMANDS)]
        decides = command.NAME.startswith(("approve", "deny"))
        by = DISPATCHER if decides else CHECKER if command is AGAIN else EVERYBODY_ON_DUTY
        with suppress(Refusal):
            case.do(command, at, by)
    state: CaseState | None = None
    for position, event in enumerate(case.events, 1):
        state = evolve(state, recorded(event, position))
    assert state is not None
    return case.case, state


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 6)), min_size=8, max_size=30))
def test_what_is_shown_is_what_is_decided_by(taken: list[tuple[int, float]]) -> None:
    case, state = shown(Handled(OFFICE_HOURS, STAGE_LIMIT, most_suspensions=10), taken)
    holding = case.holding
    suspensions, extensions = state.details.suspensions, state.details.extensions
    assert state.hold is holding.state
    assert [each.number for each in suspensions] == [*range(1, holding.suspensions_asked + 1)]
    assert [each.number for each in extensions] == [*range(1, holding.extensions_asked + 1)]
    lasting = [each for each in suspensions if each.state is SuspensionState.SUSPENDED]
    assert len(lasting) == (state.hold is Hold.SUSPENDED)
    asked = [each for each in suspensions if each.state is SuspensionState.REQUESTED]
    assert len(asked) == (holding.suspension_asked is not None)
    wanted = [each for each in extensions if each.state is ExtensionState.REQUESTED]
    assert len(wanted) == (holding.extension_asked is not None)
    began = [each.began for each in suspensions if each.began]
    assert len(began) == holding.suspensions
    note(f"{len(began)} times, {state.stage}")
    rested = sum(
        (each.ended - each.began for each in suspensions if each.ended and each.began), timedelta()
    )
    assert rested == holding.suspended
