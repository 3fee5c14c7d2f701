"""Whose picture is painted next."""

import asyncio
from uuid import UUID, uuid4

from app.evidence.painting import Painting


async def test_whoever_asks_again_and_again_keeps_nobody_else_waiting() -> None:
    painting = Painting()
    painted: list[str] = []
    often, once = uuid4(), uuid4()

    async def paint(case_id: UUID, name: str) -> None:
        async with painting.turn(case_id):
            await asyncio.sleep(0)
            painted.append(name)

    asked = [paint(often, f"again {number}") for number in range(4)]
    await asyncio.gather(*asked, paint(once, "once"))
    assert painted == ["again 0", "once", "again 1", "again 2", "again 3"]


async def test_one_picture_is_painted_at_a_time() -> None:
    painting, at_once = Painting(), 0

    async def paint() -> None:
        nonlocal at_once
        async with painting.turn(uuid4()):
            at_once += 1
            assert at_once == 1
            await asyncio.sleep(0)
            at_once -= 1

    await asyncio.gather(*(paint() for _ in range(5)))
