"""The commands of the mixed day are all there are, and each is possible where it is given.

Not a benchmark itself: it runs with the other tests, since whoever adds a command finds out here.
"""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from graphql import GraphQLInputObjectType, GraphQLNonNull, build_schema

from app.database.embedded import EmbeddedServer
from app.demo.loading import demonstration, district_of, load
from app.runtime import runtime
from app.settings import Settings
from schema.build import build_schema as our_schema
from tests.api.transport.conftest import serve
from tests.benchmarks.lives import ADD_EVIDENCE, LIVES, NOT_GIVEN, REGISTER, shares
from tests.benchmarks.mixed_day import Day
from tests.benchmarks.staff import staff_of
from tests.servers import remove

CASES: Final = 200
"""So many that some are open at the end of the year."""

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


async def test_each_life_is_lived_to_its_end(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    wanted = demonstration(ZoneInfo(settings.time_zone), 7, CASES)
    try:
        async with runtime(settings, wanted) as running:
            district = await district_of(running.journal)
            assert district is not None
            await load(running, district)
            async with serve(tmp_path, schema=our_schema(), services=running) as service:
                issue = partial(service.tokens.issue, lifetime=timedelta(hours=1))
                staff = staff_of(running.directory.current(), issue)
                day = Day(service.client, staff.token, staff.holders)
                await day.find_cases()
                for life in LIVES:
                    living = day.begin(life)
                    while living.left:
                        await day.go_on(living)
                    assert not day.refused, life.name
                assert set(day.given) == set(shares())
    finally:
        remove(EmbeddedServer(settings.data_dir).look())
