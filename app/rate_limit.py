"""The rate at which strangers may ask: allowances that all nodes share.

The algorithm is GCRA, the generic cell rate algorithm: a bucket of tokens that refills evenly,
kept as one time per key, at which its bucket is full again. One statement takes a token; rows
whose bucket is full say nothing and are swept.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import random
from typing import ClassVar, Final, Protocol
from uuid import UUID

from app.availability import losses_named
from domain.case.intake import RegisterCase
from domain.command import Command, Executed
from domain.identity import ActorKind, Caller
from domain.refusal import NotPermitted, Refusal
from schema.context import Commands, Reads, Tracking, TrackingAccess

SECONDS_PER_MINUTE: Final = 60.0

TAKE: Final = """
INSERT INTO rate_limits AS l (key, full_again) VALUES ($1, clock_timestamp() + $2::interval)
ON CONFLICT (key) DO UPDATE
SET full_again = greatest(l.full_again, clock_timestamp()) + $2::interval
WHERE greatest(l.full_again, clock_timestamp()) + $2::interval <= clock_timestamp() + $3::interval
RETURNING true
"""

WAIT: Final = """
SELECT extract(epoch FROM full_again + $2::interval - $3::interval - clock_timestamp())::float8
FROM rate_limits WHERE key = $1
"""

SWEEP: Final = """
DELETE FROM rate_limits WHERE key IN (
    SELECT key FROM rate_limits WHERE full_again < clock_timestamp() LIMIT 1000
    FOR UPDATE SKIP LOCKED
)
"""

SWEEPS_PER_TAKE: Final = 0.005
"""Each take adds one row at most, and each sweep removes up to a thousand."""


class RateLimited(Refusal):
    """Too much was asked from here; try again in {retry_after} seconds."""

    code: ClassVar[str] = "RATE_LIMITED"


@dataclass(frozen=True)
class Allowance:
    """So many acts per minute and key, all of a minute's at once if there were none before.

    sort: what sort of act it is; each has an allowance of its own. per_minute: 0: none at all.
    counts: connections
    that may write. hashed: a keyed hash, so that the table keeps no address.
    """

    sort: str
    per_minute: int
    counts: Reads
    hashed: Callable[[bytes], bytes]

    async def take(self, key: str) -> float | None:
        """Take one. None: it was there; else the seconds until there is one.

        Raises `schema.context.Unavailable` where the database cannot be asked: nobody is let
        through uncounted.
        """
        if not self.per_minute:
            return math.inf
        row = self.hashed(f"rate limit\0{self.sort}\0{key}".encode())
        interval = timedelta(seconds=SECONDS_PER_MINUTE / self.per_minute)
        minute = timedelta(seconds=SECONDS_PER_MINUTE)
        with losses_named():
            async with self.counts.acquire() as connection:
                if random() < SWEEPS_PER_TAKE:  # noqa: S311
                    await connection.execute(SWEEP)
                if await connection.fetchval(TAKE, row, interval, minute):
                    return None
                wait: float | None = await connection.fetchval(WAIT, row, interval, minute)
        return max(wait or 0.0, 0.0)

    async def require(self, key: str) -> None:
        """Take one. Raises RateLimited."""
        wait = await self.take(key)
        if wait is not None:
            raise RateLimited(retry_after=math.ceil(min(wait, SECONDS_PER_MINUTE)) or 1)


ATTEMPTS_PER_MINUTE: Final = 10
"""Refused attempts of one person that are recorded: enough to see what they are about, too little
to fill a journal with."""


class PerMinute(Protocol):
    """The settings that say how much may be asked for."""

    @property
    def anonymous_registrations_per_minute(self) -> int: ...
    @property
    def tracking_attempts_per_minute(self) -> int: ...
    @property
    def public_reads_per_minute(self) -> int: ...
    @property
    def resident_commands_per_minute(self) -> int: ...


@dataclass(frozen=True)
class Allowances:
    """How much of each sort may be asked for: per address, but for those that name somebody.

    registrations: cases without a token. tracking: tries to open a case by its code. public: reads
    of what is public. residents: commands of whoever tracks a case, per case. attempts: refused
    attempts that are recorded, per person.
    """

    registrations: Allowance
    tracking: Allowance
    public: Allowance
    residents: Allowance
    attempts: Allowance

    @classmethod
    def of(
        cls, settings: PerMinute, counts: Reads, hashed: Callable[[bytes], bytes]
    ) -> "Allowances":
        """As the settings say it, per minute."""

        def allowance(sort: str, per_minute: int) -> Allowance:
            return Allowance(sort, per_minute, counts, hashed)

        return cls(
            registrations=allowance("registration", settings.anonymous_registrations_per_minute),
            tracking=allowance("tracking", settings.tracking_attempts_per_minute),
            public=allowance("public", settings.public_reads_per_minute),
            residents=allowance("resident", settings.resident_commands_per_minute),
            attempts=allowance("attempt", ATTEMPTS_PER_MINUTE),
        )


@dataclass(frozen=True)
class LimitedCommands:
    """Commands of strangers: a registration without a token takes from its address's allowance.

    Wrapped around the commands themselves, so that every way in counts alike: ten aliases of
    one request, ten requests, ten messages over one WebSocket, on one node or on three.
    """

    commands: Commands
    registrations: Allowance
    key: str

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`. Raises RateLimited."""
        if isinstance(command, RegisterCase) and caller.kind is ActorKind.ANONYMOUS:
            if not self.registrations.per_minute:
                raise NotPermitted(permission=RegisterCase.NAME)
            await self.registrations.require(self.key)
        return await self.commands.execute(command, caller)


@dataclass(frozen=True)
class LimitedResident:
    """Commands of whoever tracks a case: each takes from the allowance of that case."""

    commands: Commands
    residents: Allowance

    async def execute(self, command: Command, caller: Caller) -> Executed:
        """As `Commands.execute`. Raises RateLimited."""
        await self.residents.require(caller.principal)
        return await self.commands.execute(command, caller)


@dataclass(frozen=True)
class LimitedTracking:
    """Tries to open a case by its tracking code, each counted before it is looked at."""

    tracking: Tracking
    tries: Allowance
    key: str

    async def code_of(self, case_id: UUID, position: int) -> str | None:
        """As `Tracking.code_of`: only shown to whoever was given it."""
        return await self.tracking.code_of(case_id, position)

    async def open(self, case_no: str, code: str) -> TrackingAccess:
        """As `Tracking.open`. Raises RateLimited."""
        await self.tries.require(self.key)
        return await self.tracking.open(case_no, code)
