"""The guards of the commands, as data: what must hold whatever the command says itself.

One list for both: a command is refused by the first of its guards that does not hold
(`check`), and what a caller may do next is told by all of them (`domain.case.actions`).
What depends on the command's own input is checked where the command is decided.
"""

from collections.abc import Callable
from typing import Final

from domain.case.exhibits import check_room
from domain.case.guards import check_checker, check_signer
from domain.case.lifecycle import LIFECYCLE
from domain.case.publishing import (
    check_proposed,
    check_publishable,
    check_published,
    check_releaser,
)
from domain.case.state import Case
from domain.command import Circumstances, Command, check_circumstances
from domain.refusal import OccurredBeforeRegistration, WrongStage

Guard = Callable[[Case, Circumstances], None]
"""Raises a Refusal where it does not hold."""

GUARDS: Final[dict[str, tuple[Guard, ...]]] = {
    "addEvidence": (check_room,),
    "signForCase": (check_signer,),
    "verifyResolution": (check_checker,),
    "orderRework": (check_checker,),
    "proposePublication": (check_publishable,),
    "approvePublication": (check_proposed, check_publishable, check_releaser),
    "refusePublication": (check_proposed, check_releaser),
    "withdrawPublication": (check_published,),
}
"""By command; one that is not here is bound by its stage alone."""


def check(case: Case, command: Command, by: Circumstances) -> None:
    """Refuse a command outside the stages its row in the lifecycle table names, or by a guard.

    An earlier event of the case does not bound `by.at`: what is recorded late is backdated.
    """
    check_circumstances(command, by)
    if by.at < case.registered_at:
        raise OccurredBeforeRegistration(
            occurred_at=by.at.isoformat(), registered_at=case.registered_at.isoformat()
        )
    check_stage(case, command.NAME)
    for guard in GUARDS.get(command.NAME, ()):
        guard(case, by)


def check_stage(case: Case, command: str) -> None:
    """Refuse a command outside the stages of its row in the lifecycle table."""
    sources = LIFECYCLE[command].sources
    if case.stage not in sources:
        raise WrongStage(
            command=command, stage=case.stage.value, allowed=sorted(s.value for s in sources)
        )
