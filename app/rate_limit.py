"""The rate at which strangers may register cases: an allowance per address.

The algorithm is GCRA, the generic cell rate algorithm: a bucket of tokens that refills evenly,
kept as one number per address, the time at which its bucket is full again.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from domain.case.intake import RegisterCase
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller
from domain.refusal import NotPermitted, Refusal
from schema.context import Commands

SECONDS_PER_MINUTE: Final = 60.0
ROUNDING: Final = 1e-6


class RateLimited(Refusal):
    """Too many cases were registered from here; try again in {retry_after} seconds."""

    code: ClassVar[str] = "RATE_LIMITED"


class Allowance:
    """So many acts per minute and key, all of a minute's at once if there were none before.

    per_minute: at least 1. most_keys: how many are remembered; the one that took longest ago is
    forgotten first.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        most_keys: int = 100_000,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._most_keys = most_keys
        self._full_again: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float | None:
        """Take one. None: it was there; else the seconds until there is one."""
        now = self._clock()
        interval = SECONDS_PER_MINUTE / self._per_minute
        full_again = max(self._full_again.get(key, now), now) + interval
        wait = full_again - now - SECONDS_PER_MINUTE
        if wait > ROUNDING:
            return wait
        self._full_again[key] = full_again
        self._full_again.move_to_end(key)
        if len(self._full_again) > self._most_keys:
            self._full_again.popitem(last=False)
        return None


@dataclass(frozen=True)
class LimitedCommands:
    """Commands from one address: a registration without a token takes from its allowance.

    Wrapped around the commands themselves, so that every way in counts alike: ten aliases of
    one request, ten requests, ten messages over one WebSocket. registrations None: nobody may
    register without a token.
    """

    commands: Commands
    registrations: Allowance | None
    key: str

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`. Raises RateLimited."""
        if isinstance(command, RegisterCase) and caller.kind is ActorKind.ANONYMOUS:
            self._take()
        return await self.commands.execute(command, caller)

    def _take(self) -> None:
        if self.registrations is None:
            raise NotPermitted(permission=RegisterCase.NAME)
        wait = self.registrations.take(self.key)
        if wait is not None:
            raise RateLimited(retry_after=math.ceil(wait))
