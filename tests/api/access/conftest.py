"""A small district with somebody in every post, and the API as each of them sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import strawberry

from app.case_actions import ActionsDesk
from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.directory import CurrentDirectory
from app.genesis import ensure_open
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from app.settings import Settings
from domain.access import recognised
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue, PublishCatalogue
from domain.catalogue.content import CaseType, Field, FieldKind, Label
from domain.command import Command
from domain.directory.areas import DefineArea
from domain.directory.people import AppointPerson
from domain.directory.posts import CreatePosition
from domain.directory.units import EstablishUnit
from domain.directory.vocabulary import AreaKind, UnitKind
from domain.identity import ANONYMOUS, ActorKind, Caller, Role
from domain.routing_policy.commands import DraftRouting, ProposeRouting, PublishRouting
from domain.routing_policy.content import RoutingRule
from domain.scope import scope_of
from domain.vocabulary import Urgency
from projections.registry import INLINE_VIEWS
from schema.context import Context
from tests.api.schema.asking import Api, Asker, remembering_schema
from tests.servers import Server

ADMINISTRATORS: Final = tuple(
    Caller(name, ActorKind.PERSON, frozenset({Role.DIRECTORY_ADMIN, Role.CATALOGUE_ADMIN}))
    for name in ("first-administrator", "second-administrator")
)

UNITS: Final = {
    # code: (the unit above it, competences)
    "district": (None, ()),
    "centre": ("district", ("*",)),
    "environment": ("district", ("noise", "lift")),
    "environment-east": ("environment", ("noise",)),
    "police": ("district", ("noise",)),
}
AREAS: Final = {"whole": None, "street-1": "whole", "street-2": "whole", "grid-1": "street-1"}
UNIT_ROLES: Final = {Role.OFFICER, Role.UNIT_LEADER}

POSTS: Final = {
    # person and position: (role, unit, areas). Everybody but the auditor is of street-1.
    **{
        role.lower(): (role, "environment" if role in UNIT_ROLES else "centre", ("street-1",))
        for role in Role
        if role not in {Role.PUBLIC, Role.REPORTER, Role.SERVICE}
    },
    "east-officer": (Role.OFFICER, "environment-east", ()),
    "police-officer": (Role.OFFICER, "police", ()),
    "chief-dispatcher": (Role.DISPATCHER, "centre", ()),
    "chief-registrar": (Role.REGISTRAR, "centre", ()),
}

FLOORS: Final = Field("floors", Label("楼层", "Floors"), FieldKind.INTEGER, minimum=1)
TYPES: Final = (
    CaseType("noise", Label("噪声", "Noise")),
    CaseType("noise.night", Label("夜间噪声", "Noise at night"), "noise", urgency=Urgency.URGENT),
    CaseType("lift", Label("电梯", "Lift"), fields=(FLOORS,)),
    CaseType("tidy", Label("保洁", "Tidiness"), simple=True),
)
RULES: Final = (
    RoutingRule("noise", 10, "environment", ("police",), types=("noise",)),
    RoutingRule("police", 5, "police", words=("fight",)),
)


class District:
    """The API over a district; whoever is named is asked for anew each time."""

    def __init__(self, api: Api, directory: CurrentDirectory, commands: CommandHandler) -> None:
        self.api = api
        self.directory = directory
        self.commands = commands

    def caller(self, name: str | None) -> Caller:
        """Whom a token with this name speaks for now; None: nobody in particular."""
        if name is None:
            return ANONYMOUS
        claimed = Caller(name, ActorKind.PERSON, frozenset(Role))
        return recognised(claimed, self.directory.current(), (), datetime.now(UTC))

    def context(self, name: str | None) -> Context:
        caller = self.caller(name)
        context = replace(self.api.context(caller), scope=scope_of(caller))
        return replace(context, renew=lambda: self.context(name))

    def by(self, name: str | None) -> Asker:
        """The API as somebody sees it now."""
        return Asker(self.api.schema, self.context(name))

    async def order(self, ordered: type[Command], /, *, second: bool = False, **said: Any) -> None:
        """A command of an administrator of the beginning, or of the second of them."""
        await self.commands.execute(ordered(command_id=uuid4(), **said), ADMINISTRATORS[second])

    async def registered(self, by: str = "resident", **said: object) -> str:
        """The id of a new case."""
        given = {"channel": "WEB", "typeCode": "noise", "area": "grid-1", **said}
        changed = await self.by(by).change("registerCase", **given)
        case_id: str = changed["case"]["caseId"]
        return case_id

    async def dispatched(self, unit: str | None = None, **said: Any) -> str:
        case_id = await self.registered(**said)
        await self.by("chief-registrar").change("acceptCase", caseId=case_id)
        given = {} if unit is None else {"leadUnit": unit, "reason": "We know better"}
        await self.by("chief-dispatcher").change("dispatchCase", caseId=case_id, **given)
        return case_id

    async def build(self) -> None:
        began = datetime.now(UTC) - timedelta(days=30)
        for code, above in AREAS.items():
            await self.order(
                DefineArea,
                code=code,
                name_en=code,
                kind=AreaKind.STREET,
                parent=above,
                valid_from=began,
            )
        for code, (parent, competences) in UNITS.items():
            await self.order(
                EstablishUnit,
                code=code,
                name_en=code,
                kind=UnitKind.GOVERNMENT,
                parent=parent,
                competences=competences,
                valid_from=began,
            )
        for name, (role, unit, areas) in POSTS.items():
            await self.order(
                CreatePosition,
                code=name,
                title_en=name,
                unit=unit,
                roles=(role,),
                areas=areas,
                valid_from=began,
            )
            await self.order(AppointPerson, position=name, person=name, valid_from=began)
        await self.order(DraftCatalogue, title="Matters", types=TYPES)
        await self.order(ProposeCatalogue, number=1)
        await self.order(PublishCatalogue, second=True, number=1)
        await self.order(DraftRouting, title="Rules", rules=RULES, fallback_unit="centre")
        await self.order(ProposeRouting, number=1)
        await self.order(PublishRouting, second=True, number=1)


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    return remembering_schema()


@asynccontextmanager
async def standing_district(
    server: Server, schema: strawberry.Schema
) -> AsyncIterator[tuple[District, Database, Journal]]:
    """A district with a database of its own, for tests that read it and do not change it."""
    name = await server.copy()
    database = Database(server.service_dsn(name))
    journal = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    commands, directory = CommandHandler(journal), CurrentDirectory(journal)
    await ensure_open(journal, commands, Settings())
    await directory.start(commands)
    configuration = CurrentConfiguration(journal, directory.current)
    await configuration.start(commands)
    async with database.pool(2) as reads:
        actions = ActionsDesk(journal, configuration.arrangements)
        api = Api(schema, commands, journal, reads, configuration, actions=actions)
        district = District(api, directory, commands)
        await district.build()
        yield district, database, journal
    await configuration.close()
    await directory.close()
    await journal.close()
    await server.drop(name)


@pytest.fixture
async def district(
    schema: strawberry.Schema,
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    directory: CurrentDirectory,
    configuration: CurrentConfiguration,
) -> AsyncIterator[District]:
    async with database.pool(4) as reads:
        actions = ActionsDesk(journal, configuration.arrangements)
        api = Api(schema, commands, journal, reads, configuration, actions=actions)
        district = District(api, directory, commands)
        await district.build()
        yield district
