"""Blocking work in a thread, awaited to its end."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


async def to_the_end(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run in a thread; told to stop meanwhile, wait for its end first.

    A thread cannot be stopped, and what it works on must not be closed under it.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
