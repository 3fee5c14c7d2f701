"""A pack is loaded into a running system: by two, once, and a later version over an earlier one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.journal import Journal
from app.packs.loading import Loaded, LoadReport, Persons, load_pack
from app.packs.reading import Pack, folder_of, read_pack
from domain.catalogue.commands import DraftCatalogue, ProposeCatalogue
from domain.catalogue.state import CATALOGUE_STREAM, CaseTypeCatalogue
from domain.configuration import VersionState
from domain.refusal import TwoPersons
from domain.routing_policy.state import ROUTING_STREAM
from tests.domain.configuring import COMMAND_ID, case_type

TWO = Persons("first", "second")


@pytest.fixture(scope="module", params=["cn-12345", "generic-311"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return read_pack(folder_of(request.param))


@pytest.fixture
def small() -> Pack:
    types = (case_type("a"), case_type("a.b", "a"))
    return Pack("small", "1", "Small", types, (), "duty")


async def test_a_pack_is_in_force_once_it_is_loaded(
    pack: Pack, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    report = await load_pack(pack, commands, configuration, TWO)
    assert report == LoadReport(pack.id, *[Loaded(1, changed=True)] * 6)
    assert configuration.catalogue is not None
    assert configuration.routing is not None
    now = datetime.now(UTC)
    catalogue, routing = configuration.catalogue.in_force(now), configuration.routing.in_force(now)
    assert catalogue is not None
    assert routing is not None
    assert (catalogue.types, catalogue.pack) == (pack.types, pack.id)
    assert (routing.rules, routing.fallback_unit) == (pack.rules, pack.fallback_unit)
    assert configuration.calendar is not None
    calendars = configuration.calendar.in_force(now)
    assert calendars is not None
    assert (calendars.calendars, calendars.default) == (pack.calendars, pack.default_calendar)
    assert calendars.time_zone == configuration.time_zone
    there = configuration.arrangements()
    kept = (there.sla, there.escalation, configuration.metrics)
    found = [each and replace(each.contents[0], number=0) for each in kept]
    said = pack.policies
    assert found == [said.sla, said.escalation, said.metrics]
    assert all(each and each.number_in_force(now) == 1 for each in kept)


async def test_what_a_pack_does_not_speak_of_stays_as_it_is(
    small: Pack, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    report = await load_pack(small, commands, configuration, TWO)
    assert {report.calendar, report.sla, report.escalation, report.metrics} == {None}
    assert configuration.calendar is None
    assert configuration.sla is None


async def test_two_principals_are_recorded(
    small: Pack, journal: Journal, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    await load_pack(small, commands, configuration, TWO)
    for stream in (CATALOGUE_STREAM, ROUTING_STREAM):
        who = [(event.topic, event.actor.principal) for event in await journal.read_stream(stream)]
        kind = who[0][0].split(".")[0]
        assert who == [
            (f"{kind}.opened", "first"),
            (f"{kind}.drafted", "first"),
            (f"{kind}.proposed", "first"),
            (f"{kind}.published", "second"),
        ]


async def test_one_principal_is_not_two(
    small: Pack, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    with pytest.raises(TwoPersons):
        await load_pack(small, commands, configuration, Persons("one", "one"))


async def test_the_same_pack_again_changes_nothing(
    small: Pack, journal: Journal, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    await load_pack(small, commands, configuration, TWO)
    head = await journal.head()
    again = await load_pack(small, commands, configuration, Persons("third", "fourth"))
    assert again == LoadReport("small@1", Loaded(1, changed=False), Loaded(1, changed=False))
    assert await journal.head() == head


async def test_a_later_version_goes_over_the_earlier_one_which_stays_readable(
    small: Pack, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    await load_pack(small, commands, configuration, TWO)
    later = replace(small, version="2", types=(case_type("a"),))
    report = await load_pack(later, commands, configuration, TWO)
    assert (report.catalogue.number, report.routing.number) == (2, 2)
    catalogue = configuration.catalogue
    assert catalogue is not None
    in_force = catalogue.in_force(datetime.now(UTC))
    assert in_force is not None
    assert in_force.rules("a.b") is None
    earlier = catalogue.content(1)
    assert earlier is not None
    assert earlier.rules("a.b") is not None
    assert [record.state for record in catalogue.versions] == [VersionState.PUBLISHED] * 2


async def drafted(small: Pack, commands: CommandHandler) -> None:
    first, _ = TWO.callers()
    draft = DraftCatalogue(
        command_id=COMMAND_ID, title=small.title, types=small.types, pack=small.id
    )
    await commands.execute(draft, first)


@pytest.mark.parametrize("by", [0, 1])
async def test_a_load_that_was_cut_off_goes_on(
    small: Pack, commands: CommandHandler, configuration: CurrentConfiguration, by: int
) -> None:
    await drafted(small, commands)
    await commands.execute(ProposeCatalogue(command_id=uuid4(), number=1), TWO.callers()[by])
    report = await load_pack(small, commands, configuration, TWO)
    assert report.catalogue == Loaded(1, changed=True)
    catalogue = configuration.catalogue
    assert isinstance(catalogue, CaseTypeCatalogue)
    (record,) = catalogue.versions
    assert record.published is not None
    assert record.published.by == (TWO.second, TWO.first)[by]


async def test_a_pack_may_be_in_force_from_another_time_on(
    small: Pack, commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    since = datetime.now(UTC) - timedelta(days=30)
    at = since + timedelta(days=1)
    await load_pack(small, commands, configuration, TWO, valid_from=since, occurred_at=at)
    assert configuration.catalogue is not None
    (record,) = configuration.catalogue.versions
    assert (record.valid_from, record.drafted.at) == (since, at)
    assert configuration.catalogue.in_force(since) is not None
