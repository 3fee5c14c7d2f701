"""Personal data, shown for a purpose: the reading is recorded before anybody sees an answer."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from app.aggregates import replay
from app.commands import CommandHandler
from app.journal import Journal
from domain.case import Case
from domain.identity import Caller, Role
from domain.permissions import READ_REPORTER, permitted, ways
from domain.personal_data import (
    Keeping,
    PersonalData,
    ReadReporter,
    checked_purpose,
    person_id,
)
from domain.refusal import NotFound, NotPermitted


@dataclass(frozen=True)
class PersonalDataDesk:
    """Shows who a reporter is (`schema.context.PersonalDataReader`)."""

    journal: Journal
    commands: CommandHandler

    async def reporter_of(
        self, case_id: UUID, purpose: str | None, caller: Caller
    ) -> PersonalData | None:
        """Who brings the case; None where nobody has said. Raises a Refusal.

        Of data that is sealed or erased nothing is shown, so there is nothing to record.
        """
        case = await self._case(case_id, caller)
        checked = checked_purpose(purpose)
        if case.reporter_id is None:
            return None
        found = await self.journal.reporter(case_id, case.reporter_id, await self._origins(case))
        if found.keeping is Keeping.ACTIVE:
            reading = ReadReporter(
                command_id=uuid4(),
                subject=case.reporter_id,
                case_id=case_id,
                categories=tuple(found.values),
                purpose=checked,
                reporter=case.reporter_for(caller),
                place=case.place,
            )
            await self.commands.execute(reading, caller)
        return found

    async def _origins(self, case: Case) -> list[UUID]:
        """The cases that a case was split from, one after another."""
        origins: list[UUID] = []
        origin = case.split_from
        while origin is not None:
            origins.append(origin)
            before = await self._replayed(origin)
            origin = None if before is None else before.split_from
        return origins

    async def _case(self, case_id: UUID, caller: Caller) -> Case:
        """The case as it is now, with the caller's right to know its reporter."""
        case = await self._replayed(case_id)
        if case is None:
            permitted(caller, READ_REPORTER, None)
            raise NotFound(what="case")
        permitted(caller, READ_REPORTER, case.reporter_for(caller), case.place)
        if not _by_post(case, caller) and not _speaks_for(case, caller):
            raise NotPermitted(permission=READ_REPORTER)
        return case

    async def _replayed(self, case_id: UUID) -> Case | None:
        events = await self.journal.events_of_streams([case_id])
        case = replay(events.get(case_id, ()))
        return case if isinstance(case, Case) else None


def _by_post(case: Case, caller: Caller) -> bool:
    return ways(caller, READ_REPORTER, case.reporter_for(caller), case.place) != {Role.REPORTER}


def _speaks_for(case: Case, caller: Caller) -> bool:
    """Whether it is the caller's own data, or that of somebody they brought the case for.

    Staff who once took a request in over the telephone have no other way in than their post.
    """
    return case.on_behalf or case.reporter_id in {None, person_id(caller.principal)}
