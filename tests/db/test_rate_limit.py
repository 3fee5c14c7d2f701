"""The allowance of strangers, counted in the database: one over all nodes."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from hashlib import sha256

import pytest

from app.database import Database, Pool
from app.rate_limit import SWEEP, Allowance, RateLimited
from projections.view import Connection
from schema.context import Unavailable


def hashed(content: bytes) -> bytes:
    return hmac.digest(b"key", content, sha256)


@pytest.fixture
async def counts(database: Database) -> AsyncIterator[Pool]:
    async with database.counting_pool(2) as pool:
        yield pool


async def pass_time(counts: Pool, seconds: float) -> None:
    """What the table would be like so many seconds later."""
    await counts.execute(
        "UPDATE rate_limits SET full_again = full_again - $1::interval", timedelta(seconds=seconds)
    )


def allowance(counts: Pool, per_minute: int, sort: str = "registration") -> Allowance:
    return Allowance(sort, per_minute, counts, hashed)


async def test_a_minute_s_allowance_may_be_taken_at_once_and_no_more(counts: Pool) -> None:
    three = allowance(counts, 3)
    assert [await three.take("a") for _ in range(3)] == [None] * 3
    wait = await three.take("a")
    assert wait is not None
    assert 10 < wait <= 20


async def test_it_refills_evenly(counts: Pool) -> None:
    two = allowance(counts, 2)
    assert [await two.take("a") for _ in range(2)] == [None] * 2
    await pass_time(counts, 30)
    assert await two.take("a") is None
    assert await two.take("a") is not None
    await pass_time(counts, 3600)
    assert [await two.take("a") for _ in range(2)] == [None] * 2
    assert await two.take("a") is not None


async def test_a_refused_try_takes_nothing(counts: Pool) -> None:
    one = allowance(counts, 1)
    await one.take("a")
    for _ in range(20):
        assert await one.take("a") is not None
    await pass_time(counts, 60)
    assert await one.take("a") is None


async def test_each_key_and_each_sort_has_its_own(counts: Pool) -> None:
    one, other = allowance(counts, 1), allowance(counts, 1, "tracking")
    assert await one.take("a") is None
    assert await one.take("b") is None
    assert await other.take("a") is None
    assert await one.take("a") is not None


async def test_it_is_one_over_all_nodes_also_at_once(database: Database, counts: Pool) -> None:
    async with database.counting_pool(2) as elsewhere:
        nodes = [allowance(pool, 5) for pool in (counts, elsewhere)]
        taken = await asyncio.gather(*(nodes[number % 2].take("a") for number in range(12)))
    assert taken.count(None) == 5


async def test_what_is_refused_says_when_to_come_again(counts: Pool) -> None:
    one = allowance(counts, 1)
    await one.require("a")
    with pytest.raises(RateLimited) as refused:
        await one.require("a")
    assert refused.value.facts["retry_after"] in range(55, 61)


async def test_an_allowance_of_none_lets_nobody_through(counts: Pool) -> None:
    with pytest.raises(RateLimited):
        await allowance(counts, 0).require("a")


async def test_no_address_is_kept_and_old_rows_go(counts: Pool) -> None:
    await allowance(counts, 1).take("192.0.2.7")
    rows = await counts.fetch("SELECT key FROM rate_limits")
    assert [len(row["key"]) for row in rows] == [32]
    await counts.execute(SWEEP)
    assert await counts.fetchval("SELECT count(*) FROM rate_limits") == 1
    await pass_time(counts, 120)
    await counts.execute(SWEEP)
    assert await counts.fetchval("SELECT count(*) FROM rate_limits") == 0


class Away:
    """A database that cannot be reached."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        raise ConnectionRefusedError


async def test_nobody_is_let_through_uncounted() -> None:
    with pytest.raises(Unavailable):
        await Allowance("registration", 5, Away(), hashed).take("a")
