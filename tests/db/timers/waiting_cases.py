"""Cases that wait for the answer of their reporter, until that lapses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.commands import CommandHandler
from app.journal import Journal
from domain.case.intake import AcceptCase, RegisterCase
from domain.case.outcome import SubmitResolution, VerifyResolution
from domain.case.routing import DispatchCase, SignForCase
from domain.case.vocabulary import Channel, ResolutionOutcome
from domain.command import Command
from domain.identity import ActorKind, Caller, Role
from domain.recorded import RecordedEvent

RESOLVER, CHECKER = (
    Caller(name, ActorKind.PERSON, frozenset(Role) - {Role.SERVICE}) for name in ("re", "check")
)
STEP = timedelta(minutes=1)
TO_LAPSE = timedelta(days=1)
"""Without a calendar: from the verification on."""


async def verified(commands: CommandHandler, at: datetime, *, simulated: bool = False) -> UUID:
    """A case whose resolution was verified at that time."""
    case_id = uuid4()
    steps: Sequence[tuple[type[Command], Caller, dict[str, Any]]] = (
        (RegisterCase, RESOLVER, {"case_no": str(case_id), "channel": Channel.HOTLINE}),
        (AcceptCase, RESOLVER, {}),
        (DispatchCase, RESOLVER, {"lead_unit": "lamps"}),
        (SignForCase, RESOLVER, {}),
        (SubmitResolution, RESOLVER, {"outcome": ResolutionOutcome.EXPLAINED, "measures": "Told"}),
        (VerifyResolution, CHECKER, {}),
    )
    for number, (kind, by, more) in enumerate(steps, 1 - len(steps)):
        moment = at + number * STEP
        said = {"command_id": uuid4(), "case_id": case_id, "occurred_at": moment}
        command = kind(**{**said, **more})
        await commands.execute(command, by, simulated_at=moment if simulated else None)
    return case_id


async def lapses(journal: Journal, case_id: UUID) -> list[RecordedEvent]:
    """The events by which the service let the feedback of a case lapse."""
    events = await journal.read_stream(case_id)
    return [event for event in events if event.topic == "case.feedback_lapsed"]
