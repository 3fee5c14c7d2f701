"""Control: what time that passes, and those who supervise, do to a case."""

from domain.case import excluding, extension, ordering, suspension
from domain.case.clocks.deadlines import RaiseDeadline
from domain.case.clocks.deciding import AmendClocks, amend_clocks
from domain.case.clocks.ladder import raise_deadline
from domain.case.excluding import ExclusionCommand
from domain.case.extension import ExtensionCommand
from domain.case.ordering import OrderCommand
from domain.case.state import Case
from domain.case.suspension import SuspensionCommand
from domain.command import Circumstances

ControlCommand = (
    RaiseDeadline
    | AmendClocks
    | SuspensionCommand
    | ExtensionCommand
    | OrderCommand
    | ExclusionCommand
)


def decide(case: Case, command: ControlCommand, by: Circumstances) -> None:
    """Let the concern of the command decide it."""
    if isinstance(command, RaiseDeadline):
        raise_deadline(case, command, by)
    elif isinstance(command, AmendClocks):
        amend_clocks(case, command, by)
    elif isinstance(command, SuspensionCommand):
        suspension.decide(case, command, by)
    elif isinstance(command, ExtensionCommand):
        extension.decide(case, command, by)
    elif isinstance(command, ExclusionCommand):
        excluding.decide(case, command, by)
    else:
        ordering.decide(case, command, by)
