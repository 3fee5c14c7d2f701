"""What somebody could do with cases, by the guards that their commands would run."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.aggregates import replay
from app.journal import Journal
from domain.case import Case
from domain.case.actions import Action, actions
from domain.command import Arrangements
from domain.identity import Caller


@dataclass(frozen=True)
class ActionsDesk:
    """Tells what may be done next (`schema.context.CaseActions`).

    The cases are read from the journal: those in memory belong to the commands under way.
    """

    journal: Journal
    arrangements: Callable[[], Arrangements]

    async def actions_on(
        self, case_ids: Collection[UUID], caller: Caller
    ) -> Mapping[UUID, Sequence[Action]]:
        """Every command on each of the cases that there are."""
        streams = await self.journal.events_of_streams(case_ids)
        arrangements, now = self.arrangements(), datetime.now(UTC)
        cases = {case_id: replay(events) for case_id, events in streams.items()}
        return {
            case_id: actions(case, caller, now, arrangements)
            for case_id, case in cases.items()
            if isinstance(case, Case)
        }
