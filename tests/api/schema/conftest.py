"""The schema in process, over a real journal and database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import strawberry

from app.case_actions import ActionsDesk
from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.directory import CurrentDirectory
from app.journal import Journal
from app.personal_data import PersonalDataDesk
from tests.api.schema.asking import Api, remembering_schema
from tests.api.schema.limits import another_calendar, limit_time
from tests.domain.people import DISPATCHER, INTAKE, OFFICER, REGISTRAR


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    return remembering_schema()


@pytest.fixture
async def api(
    schema: strawberry.Schema,
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    configuration: CurrentConfiguration,
    directory: CurrentDirectory,
) -> AsyncIterator[Api]:
    async with database.pool(4) as reads:
        desk = PersonalDataDesk(journal, commands)
        actions = ActionsDesk(journal, configuration.arrangements)
        yield Api(schema, commands, journal, reads, configuration, directory, desk, actions)


class Desk:
    """Brings cases to where a test needs them, each step by whoever may take it."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def registered(self, **given: object) -> str:
        """The id of a new case."""
        asked = {"channel": "HOTLINE", "title": "Street light out", **given}
        changed = await self.api.by(INTAKE).change("registerCase", **asked)
        case_id: str = changed["case"]["caseId"]
        return case_id

    async def accepted(self, **given: object) -> str:
        case_id = await self.registered(**given)
        await self.api.by(REGISTRAR).change("acceptCase", caseId=case_id)
        return case_id

    async def dispatched(self, unit: str = "lighting", **given: object) -> str:
        case_id = await self.accepted(**given)
        await self.api.by(DISPATCHER).change("dispatchCase", caseId=case_id, leadUnit=unit)
        return case_id

    async def in_progress(self, **given: Any) -> str:
        case_id = await self.dispatched(**given)
        await self.api.by(OFFICER).change("signForCase", caseId=case_id)
        return case_id

    async def limited(self, **given: Any) -> str:
        """In progress, and its time is limited: once in a test."""
        await limit_time(self.api.commands, datetime.now(UTC) - timedelta(days=1))
        return await self.in_progress(**given)

    async def amendable(self, **given: Any) -> str:
        """The same, and there is another version of the calendars, by which nothing counts yet."""
        case_id = await self.limited(**given)
        await another_calendar(self.api.commands, datetime.now(UTC) + timedelta(days=300))
        return case_id

    async def resolved(self, **given: Any) -> str:
        case_id = await self.in_progress(**given)
        await self.api.by(OFFICER).change(
            "submitResolution", caseId=case_id, outcome="RESOLVED", measures="A new lamp"
        )
        return case_id

    async def awaiting_feedback(self, **given: Any) -> str:
        case_id = await self.resolved(**given)
        await self.api.by(REGISTRAR).change("verifyResolution", caseId=case_id)
        return case_id

    async def closed(self, **given: Any) -> str:
        case_id = await self.resolved(**given)
        await self.api.by(REGISTRAR).change(
            "verifyResolution", caseId=case_id, askFeedback=False, publicReason="Done"
        )
        return case_id

    async def closed_long_ago(self, days: int = 40) -> str:
        """A case of which everything happened that many days ago."""
        then = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        case_id = await self.registered(occurredAt=then)
        for command, by, given in (
            ("acceptCase", REGISTRAR, {}),
            ("dispatchCase", DISPATCHER, {"leadUnit": "lighting"}),
            ("signForCase", OFFICER, {}),
            ("submitResolution", OFFICER, {"outcome": "RESOLVED", "measures": "A new lamp"}),
            ("verifyResolution", REGISTRAR, {"askFeedback": False}),
        ):
            await self.api.by(by).change(command, caseId=case_id, occurredAt=then, **given)
        return case_id


@pytest.fixture
def desk(api: Api) -> Desk:
    return Desk(api)
