"""What a case waits for: people are told just what the case itself knows."""

from collections.abc import Sequence

from domain.case import Case
from domain.case.closing import CaseClosed
from domain.case.lifecycle import ENDS
from domain.case.orders import OrderEnded
from domain.recorded import RecordedEvent
from projections.case_state import CaseState
from projections.supervision import OPEN_STATES
from tests.projections.test_pending_decisions import asked, told, waited_for


def check_regions(case: Case, state: CaseState) -> None:
    """The regions are the same on both sides."""
    assert state.return_state is case.returns.state
    assert state.feedback_state is case.feedback
    assert state.publication_state is case.publication_state
    assert state.hold is case.holding.state
    assert state.supervision is case.supervision
    assert state.details.confidentiality is case.confidentiality
    told = (state.cycle, state.lead_unit, state.officer, state.emergency_until)
    assert told == (case.cycle, case.lead_unit, case.officer, case.emergency_until)


def check_pending(case: Case, state: CaseState) -> None:
    """So is every decision that is awaited."""
    pending = state.details.pending_decisions
    shown, awaited = told(case, pending), asked(case, waited_for(case))
    assert shown == awaited, (case.stage, shown ^ awaited)
    assert len({(each.kind, each.key) for each in pending}) == len(pending)


def check_orders(case: Case, state: CaseState, events: Sequence[RecordedEvent]) -> None:
    """A case does not end over an open order, and is never closed over one."""
    shown_open = [each.number for each in state.details.orders if each.state in OPEN_STATES]
    assert shown_open == [each.number for each in case.orders]
    assert case.stage not in ENDS or not case.orders
    ended = {each.command_id for each in events if isinstance(each.event, OrderEnded)}
    closed = {each.command_id for each in events if isinstance(each.event, CaseClosed)}
    assert not ended & closed
