"""The view of the configuration says what the aggregates say, also when it is built anew."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.journal import Journal
from domain.calendar.content import Holiday
from domain.catalogue.content import Label
from domain.command import Command
from domain.configuration import Configuration, Stamp
from domain.refusal import Refusal
from projections.configuration import (
    ConfigurationView,
    Kind,
    VersionRow,
    list_versions,
    version_in_force,
)
from projections.paging import page_request
from projections.view import Connection
from tests.db.projections.applying import apply
from tests.db.projections.test_rebuild import rebuilt
from tests.domain.configuring import (
    ANN,
    BO,
    Configuring,
    case_type,
    draft_calendar,
    draft_catalogue,
    draft_routing,
    work_calendar,
)
from tests.domain.test_routing_policy import rule

BEGAN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
KINDS: Final = {kind: Configuring(kind.value.title().replace("_", "")) for kind in Kind}


def hour(number: int) -> datetime:
    return BEGAN + timedelta(hours=number)


steps = st.lists(
    st.tuples(
        st.sampled_from(Kind),
        st.sampled_from(["draft", "draft", "propose", "propose", "publish", "publish", "retire"]),
        st.integers(1, 4),
        st.sampled_from([ANN, BO]),
        st.integers(0, 20),
        st.none() | st.integers(-20, 40).map(hour),
    ),
    min_size=10,
    max_size=40,
)


def command(kind: Kind, verb: str, number: int, valid_from: datetime | None) -> Command:
    made = KINDS[kind]
    if verb == "draft":
        return made.draft(f"Version {number}")
    said = {"valid_from": valid_from} if verb == "publish" else {}
    return made.command(verb, number, **said)


def stamped(stamp: Stamp | None) -> tuple[str | None, datetime | None]:
    return (None, None) if stamp is None else (stamp.by, stamp.at)


def told(configuration: Configuration | None, kind: Kind, titles: list[str]) -> list[VersionRow]:
    """The rows that the records of an aggregate mean."""
    return [
        VersionRow(
            kind,
            record.number,
            record.state,
            title,
            None,
            record.drafted.by,
            record.drafted.at,
            *stamped(record.proposed),
            *stamped(record.published),
            record.valid_from,
            *stamped(record.retired),
        )
        for record, title in zip(
            [] if configuration is None else configuration.versions, titles, strict=True
        )
    ]


async def rows(connection: Connection, kind: Kind) -> list[VersionRow]:
    page = page_request(100, None, None, None)
    return list((await list_versions(connection, kind, page, all_versions=True)).rows)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10
)
@given(steps=steps)
async def test_the_view_says_what_the_aggregates_say(
    database: Database,
    journal: Journal,
    commands: CommandHandler,
    configuration: CurrentConfiguration,
    steps: list[Any],
) -> None:
    """The examples add to one journal."""
    for kind, verb, number, by, when, valid_from in steps:
        asked = command(kind, verb, number, valid_from)
        asked = replace(asked, command_id=uuid4(), occurred_at=hour(when))
        try:
            await commands.execute(asked, by)
        except Refusal:
            continue
    connection = await database.connect()
    for kind, kept in (
        (Kind.CATALOGUE, configuration.catalogue),
        (Kind.ROUTING, configuration.routing),
        (Kind.CALENDAR, configuration.calendar),
        (Kind.SLA_POLICY, configuration.sla),
        (Kind.ESCALATION_POLICY, configuration.escalation),
        (Kind.METRIC_DEFINITIONS, configuration.metrics),
    ):
        contents = [] if kept is None else kept.contents
        found = await rows(connection, kind)
        assert found == told(kept, kind, [content.title for content in contents])
        for number in range(-20, 41, 5):
            row = await version_in_force(connection, kind, hour(number))
            in_force = None if kept is None else kept.number_in_force(hour(number))
            assert (row and row.number) == in_force
    await connection.close()
    assert (await rebuilt(database, journal, ConfigurationView())).same


def as_json(content: object) -> Any:
    return json.loads(msgspec.json.encode(content))


async def test_a_large_version_lies_together_again(
    database: Database, journal: Journal, commands: CommandHandler
) -> None:
    types = tuple(case_type(f"type-{number}") for number in range(1_000))
    rules = tuple(rule(f"r{number}", words=("烟" * 50,)) for number in range(500))
    await commands.execute(draft_catalogue(*types), ANN)
    await commands.execute(replace(draft_routing(*rules), command_id=uuid4()), ANN)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(300)]
    holidays = tuple(Holiday(day, Label("休", "x" * 30)) for day in days)
    calendars = [work_calendar(f"c{number}", holidays=holidays) for number in range(3)]
    drafted = draft_calendar(*calendars, default="c0")
    await commands.execute(replace(drafted, command_id=uuid4()), ANN)
    connection = await database.connect()
    found = await connection.fetch("SELECT kind, content FROM configuration_versions ORDER BY kind")
    contents = {row["kind"]: json.loads(row["content"]) for row in found}
    await connection.close()
    assert contents["CATALOGUE"] == {"types": as_json(types)}
    assert contents["CALENDAR"] == {
        "time_zone": "UTC",
        "default": "c0",
        "calendars": as_json(calendars),
    }
    assert contents["ROUTING"] == {"fallback_unit": "duty", "rules": as_json(rules)}
    assert (await rebuilt(database, journal, ConfigurationView())).same


async def test_what_is_not_of_the_configuration_leaves_no_row(
    database: Database, journal: Journal
) -> None:
    connection = await database.connect()
    genesis = [event async for events in journal.read() for event in events]
    await apply(ConfigurationView(), connection, genesis)
    assert await rows(connection, Kind.CATALOGUE) == []
    assert await ConfigurationView().position(connection) == 0
    await connection.close()
