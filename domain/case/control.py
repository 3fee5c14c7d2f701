"""Control: what time that passes, and those who supervise, do to a case."""

from domain.case import orders
from domain.case.clocks.deadlines import RaiseDeadline, raise_deadline
from domain.case.orders import OrderCommand
from domain.case.state import Case
from domain.command import Circumstances

ControlCommand = RaiseDeadline | OrderCommand


def decide(case: Case, command: ControlCommand, by: Circumstances) -> None:
    """Let the concern of the command decide it."""
    if isinstance(command, RaiseDeadline):
        raise_deadline(case, command, by)
    else:
        orders.decide(case, command, by)
