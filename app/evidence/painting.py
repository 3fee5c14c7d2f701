"""Pictures are painted by turns: painting takes a processor and memory while it lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

PAINTERS: Final = 1
"""Pictures that are painted at once: each may take 300 MB while that lasts."""


class Painting:
    """Whose turn it is. Of each case one picture waits with the others', the rest behind it.

    So whoever asks for a picture again and again keeps nobody waiting but themselves.
    """

    def __init__(self) -> None:
        self._painters = asyncio.Semaphore(PAINTERS)
        self._of_cases: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, case_id: UUID) -> AsyncIterator[None]:
        """Paint a picture of a case within the block."""
        of_case = self._of_cases.get(case_id)
        if of_case is None:
            of_case = self._of_cases[case_id] = asyncio.Lock()
        async with of_case, self._painters:
            yield
