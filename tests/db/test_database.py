"""A fresh database: what its connections see, and what its reading pool refuses."""

import asyncpg
import pytest

from app.database import Database


async def test_a_connection_sees_views_and_journal(database: Database) -> None:
    connection = await database.connect()
    assert await connection.fetchval("SHOW search_path") == "views, journal"
    assert await connection.fetchval("SELECT current_user") == "wardbook_service"
    await connection.close()


async def test_the_reading_pool_plans_for_the_values_given(database: Database) -> None:
    async with database.pool(2) as pool, pool.acquire() as connection:
        assert await connection.fetchval("SHOW plan_cache_mode") == "force_custom_plan"


async def test_the_reading_pool_cannot_write(database: Database) -> None:
    async with database.pool(2) as pool, pool.acquire() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("CREATE TABLE views.x ()")


def test_an_address_is_never_shown() -> None:
    assert "secret" not in repr(Database("postgresql://a:secret@/b"))
