"""The commands of the mixed day are all there are, and each is possible where it is given.

Not a benchmark itself: it runs with the other tests, since whoever adds a command finds out here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, build_schema

from app.database import Database
from app.demo.loading import load
from app.journal.keys import FileKeyProvider
from app.runtime import Runtime
from app.settings import Settings
from app.timers import TimerWorker
from app.views.followers import Followers
from projections.registry import FOLLOWING_VIEWS
from schema.build import build_schema as our_schema
from tests.api.transport.conftest import serve
from tests.benchmarks.lives import ADD_EVIDENCE, LIVES, NOT_GIVEN, REGISTER, shares
from tests.benchmarks.mixed_day import Day
from tests.benchmarks.staff import staff_of
from tests.db.test_demonstration import running, seen_again

CASES: Final = 12
SMALL: Final = seen_again(CASES)
SCHEMA: Final = Path(__file__).parents[2] / "schema" / "schema.graphql"


def on_cases() -> set[str]:
    """Every command on a case that a client can give: by GraphQL, or as the bytes of evidence."""
    mutations = build_schema(SCHEMA.read_text(encoding="utf-8")).mutation_type
    assert mutations is not None
    named = {REGISTER, ADD_EVIDENCE}
    for name, field in mutations.fields.items():
        given = field.args["input"].type
        assert isinstance(given, GraphQLNonNull)
        assert isinstance(given.of_type, GraphQLInputObjectType)
        if "caseId" in given.of_type.fields:
            named.add(name)
    return named


def test_the_day_has_every_command_on_a_case() -> None:
    given, wanted = set(shares()), on_cases() - NOT_GIVEN.keys()
    assert not wanted - given, (
        f"the mixed day never gives {sorted(wanted - given)}: add each to a life in "
        "tests/benchmarks/lives.py (its docstring says how), or to NOT_GIVEN with the reason"
    )
    assert not given - wanted, f"no commands on a case: {sorted(given - wanted)}"


def test_the_shares_are_of_all_commands() -> None:
    assert abs(sum(shares().values()) - 1) < 1e-9


@asynccontextmanager
async def district(database: Database) -> AsyncIterator[Runtime]:
    """A process of a small district, without its web layer and its workers."""
    async with running(database, SMALL) as process, database.counting_pool(1) as counts:
        await load(process, await process.district())
        yield Runtime(
            Settings(),
            database,
            FileKeyProvider("test", b"k" * 32),
            process.journal,
            process.commands,
            process.reads,
            counts,
            Followers(database, process.journal, FOLLOWING_VIEWS),
            process.directory,
            process.configuration,
            TimerWorker(database, process.journal, process.commands),
        )


@pytest.mark.parametrize("server", ["embedded"], indirect=True)
async def test_each_life_is_lived_to_its_end(database: Database, tmp_path: Path) -> None:
    async with (
        district(database) as process,
        serve(tmp_path, schema=our_schema(), services=process) as service,
    ):
        issue = partial(service.tokens.issue, lifetime=timedelta(hours=1))
        staff = staff_of(process.directory.current(), issue)
        day = Day(service.client, staff.token, staff.holders)
        await day.find_cases(open_cases=2)
        for life in LIVES:
            living = day.begin(life)
            while living.left:
                await day.go_on(living)
            assert not day.refused, life.name
        assert set(day.given) == set(shares())
