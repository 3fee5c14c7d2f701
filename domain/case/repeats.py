"""What goes up the ladder because it happened again: returns, reworks, reopenings (DOMAIN.md 7).

It is recorded together with what happened once more, as of the escalation policy in force. A case
that units gave back too often is arbitrated: the service asks for that, in place of another unit
that would give it back too.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import ClassVar, Final, assert_never

from eventsourcing.domain import AggregateEvent

from domain.case.clocks.notifying import Notified, told
from domain.case.outcome import ReworkOrdered
from domain.case.regions import ReturnState
from domain.case.reopening import CaseReopened
from domain.case.returns import ArbitrationRequested, ReturnUpheld
from domain.case.state import Case, CaseEvent
from domain.case.vocabulary import Audience
from domain.command import Circumstances
from domain.escalation_policy.content import EscalationPolicyVersion
from domain.identity import THE_SERVICE, Role


class Repeated(StrEnum):
    """What happened again."""

    RETURNS = "RETURNS"
    REWORKS = "REWORKS"
    REOPENINGS = "REOPENINGS"


class RepetitionEscalated(CaseEvent):
    """Something happened too often. times: by now; policy: the version of the escalation policy.

    most: from how many times on it goes up; each further time it does so again.
    """

    TOPIC: ClassVar[str] = "case.repetition_escalated"
    AUDIENCE: ClassVar[Audience | None] = Audience.INTERNAL
    class_version: ClassVar[int] = 2

    repeated: Repeated
    times: int
    most: int
    policy: int
    unit: str | None
    notified: tuple[Notified, ...]

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        """Version 1 knew no delegates of whoever is told."""

    def apply(self, case: Case) -> None:
        """What goes up is known from what happened."""


TOLD: Final[dict[Repeated, tuple[Role, ...]]] = {
    # Who decides whose it is.
    Repeated.RETURNS: (Role.REGISTRAR, Role.SUPERVISOR),
    Repeated.REWORKS: (Role.UNIT_LEADER, Role.SUPERVISOR),
    # Nobody leads the case any more: who sends it somewhere again.
    Repeated.REOPENINGS: (Role.DISPATCHER, Role.SUPERVISOR),
}


def escalate_repeats(case: Case, since: int, by: Circumstances) -> None:
    """Trigger what follows from the pending events from number `since` on."""
    policy = None if by.escalation is None else by.escalation.in_force(by.at)
    if policy is None:
        return
    happened = [each for each in case.pending_events[since:] if isinstance(each, AggregateEvent)]
    for repeated, unit in _repeated(happened, case):
        times, most = _counted(repeated, case, policy)
        if times < most:
            continue
        case.trigger_event(
            RepetitionEscalated,
            timestamp=by.at,
            repeated=repeated,
            times=times,
            most=most,
            policy=policy.number,
            unit=unit,
            notified=told(TOLD[repeated], unit, case, by),
        )
        if repeated is Repeated.RETURNS and case.returns.state is ReturnState.NONE:
            case.trigger_event(
                ArbitrationRequested,
                timestamp=by.at,
                ground=f"{times} x RETURN_UPHELD",
                requester=THE_SERVICE.principal,
            )


def _repeated(
    events: Iterable[AggregateEvent], case: Case
) -> Iterator[tuple[Repeated, str | None]]:
    """What happened, and the unit that it is about."""
    for event in events:
        match event:
            case ReturnUpheld():
                yield Repeated.RETURNS, event.lead_unit
            case ReworkOrdered():
                yield Repeated.REWORKS, case.lead_unit
            case CaseReopened():
                yield Repeated.REOPENINGS, None
            case _:
                pass


def _counted(repeated: Repeated, case: Case, policy: EscalationPolicyVersion) -> tuple[int, int]:
    """How often, and from how many times on it goes up.

    Returns and reworks are those of this cycle, reopenings those of the life of the case.
    """
    match repeated:
        case Repeated.RETURNS:
            return case.returns.upheld, policy.arbitration_after_returns
        case Repeated.REWORKS:
            return case.reworks, policy.escalate_after_reworks
        case Repeated.REOPENINGS:
            return case.cycle - 1, policy.escalate_after_reopenings
        case _:
            assert_never(repeated)
