"""What stands in the way of amending the clocks of a case by a decision."""

from typing import TYPE_CHECKING

from domain.command import Circumstances
from domain.refusal import Refusal

if TYPE_CHECKING:  # a case holds clocks
    from domain.case.state import Case


class NoClockRuns(Refusal):
    """Nothing of the case is timed at the moment."""

    code = "NO_CLOCK_RUNS"


class AmendmentWithoutReason(Refusal):
    """Due times are amended for a reason, which is recorded."""

    code = "AMENDMENT_WITHOUT_REASON"


def check_clocks_run(case: "Case", by: Circumstances) -> None:  # noqa: ARG001 - a guard
    """Refuse where nothing is timed."""
    if not case.clocks:
        raise NoClockRuns
