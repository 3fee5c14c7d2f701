"""An aggregate in the memory of a process, which another process changes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from app.commands import CommandHandler
from app.configuration import CurrentConfiguration
from app.database import Database
from app.followed import FollowedAggregate, Following
from app.journal import Journal
from app.journal.keys import FileKeyProvider
from domain.catalogue.state import CATALOGUE_STREAM, CaseTypeCatalogue
from domain.routing_policy.state import RoutingPolicy
from projections.registry import INLINE_VIEWS
from tests.db.projections.test_followers import until
from tests.domain.configuring import ANN, draft_catalogue


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[CommandHandler]:
    """Another process on the same journal, which is open already."""
    other = await Journal.open(database, FileKeyProvider("test", b"k" * 32), INLINE_VIEWS)
    yield CommandHandler(other)
    await other.close()


def versions(catalogue: CaseTypeCatalogue | None) -> int:
    return 0 if catalogue is None else len(catalogue.versions)


async def test_what_this_process_records_is_known_at_once(
    commands: CommandHandler, configuration: CurrentConfiguration
) -> None:
    assert configuration.catalogue is None
    await commands.execute(draft_catalogue(), ANN)
    assert versions(configuration.catalogue) == 1


async def test_what_another_process_records_is_known_soon(
    elsewhere: CommandHandler, configuration: CurrentConfiguration
) -> None:
    drafts = [
        replace(draft_catalogue(title=f"Version {number}"), command_id=uuid4())
        for number in range(3)
    ]
    for draft in drafts:
        await elsewhere.execute(draft, ANN)
    await until(lambda: versions(configuration.catalogue) == len(drafts))


async def test_both_at_once_are_taken_in_once(
    commands: CommandHandler, elsewhere: CommandHandler, configuration: CurrentConfiguration
) -> None:
    drafts = [
        replace(draft_catalogue(title=f"Version {number}"), command_id=uuid4())
        for number in range(10)
    ]
    await asyncio.gather(
        *(
            (commands if number % 2 else elsewhere).execute(draft, ANN)
            for number, draft in enumerate(drafts)
        )
    )
    await configuration.catch_up()
    assert versions(configuration.catalogue) == 10


async def test_what_was_there_before_the_start_is_known(
    journal: Journal, commands: CommandHandler
) -> None:
    await commands.execute(draft_catalogue(), ANN)
    followed = FollowedAggregate(journal, CATALOGUE_STREAM, CaseTypeCatalogue)
    following = Following(journal, followed)
    await following.start()
    assert versions(followed.current()) == 1
    await following.close()


async def test_a_stream_of_something_else_is_refused(
    journal: Journal, commands: CommandHandler
) -> None:
    await commands.execute(draft_catalogue(), ANN)
    followed = FollowedAggregate(journal, CATALOGUE_STREAM, RoutingPolicy)
    with pytest.raises(TypeError):
        await followed.catch_up()
