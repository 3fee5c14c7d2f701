"""What a process said it would do and what it was promised, and the journal held against that."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from app.commands import CommandHandler
from app.database import Database
from app.journal import Journal
from app.journal.envelope import decode_entry
from app.journal.reader import Reader
from app.journal.verify import verify
from domain.case import correction, handling, intake, linking, outcome, routing
from domain.command import Command, Executed
from domain.identity import Caller
from domain.journal import GENESIS_STREAM
from domain.merkle import leaf_hash, node_hash

COMMANDS: Final = {
    kind.NAME: kind
    for kind in (
        intake.RegisterCase,
        correction.CorrectCase,
        intake.AcceptCase,
        routing.DispatchCase,
        routing.SignForCase,
        handling.RecordProgress,
        handling.AddNote,
        linking.LinkCases,
        outcome.SubmitResolution,
    )
}


class Tried(msgspec.Struct, tag=True, frozen=True):
    """About to be asked for, for the first time."""

    name: str
    command: dict[str, object]
    caller: Caller

    @property
    def key(self) -> tuple[str, str]:
        return self.caller.principal, str(self.command["command_id"])

    def rebuilt(self) -> Command:
        return msgspec.convert(self.command, COMMANDS[self.name])


class Acknowledged(msgspec.Struct, tag=True, frozen=True):
    """Promised."""

    principal: str
    command_id: str
    executed: Executed


class Unsure(msgspec.Struct, tag=True, frozen=True):
    """The database went away in between; the same process will ask again."""

    principal: str
    command_id: str
    error: str


Line = Tried | Acknowledged | Unsure

encode_line = msgspec.json.Encoder().encode
decode_line = msgspec.json.Decoder(Line).decode


VIEWS_BEHIND = """
SELECT s.stream_id, s.version, c.version
FROM journal.streams AS s LEFT JOIN views.case_newest AS c ON c.case_id = s.stream_id
WHERE s.stream_id <> $1 AND s.version IS DISTINCT FROM c.version
"""


@dataclass
class Ledger:
    """Everything that processes reported, over all of their lives."""

    tried: dict[tuple[str, str], Tried] = field(default_factory=dict)
    acknowledged: dict[tuple[str, str], Executed] = field(default_factory=dict)
    unsure: Counter[str] = field(default_factory=Counter)

    def note(self, line: Line) -> None:
        match line:
            case Tried():
                self.tried[line.key] = line
            case Acknowledged():
                self.acknowledged[line.principal, line.command_id] = line.executed
            case Unsure():
                self.unsure[line.error] += 1

    @property
    def open(self) -> list[Tried]:
        """Asked for, and never answered."""
        return [self.tried[key] for key in self.tried.keys() - self.acknowledged.keys()]

    async def settle(self, journal: Journal) -> int:
        """Ask for everything unanswered again, by its id. How much of it had been recorded."""
        handler = CommandHandler(journal)
        before = (await journal.head()).size
        recorded = 0
        for tried in self.open:
            executed = await handler.execute(tried.rebuilt(), tried.caller)
            self.acknowledged[tried.key] = executed
            recorded += executed.position <= before
        return recorded


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, level by level from the left."""
    level = leaves
    while len(level) > 1:
        pairs = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


async def check(ledger: Ledger, journal: Journal, database: Database) -> int:
    """Nothing acknowledged is lost or doubled, no hole, and the tree is that of the entries.

    Everything must be settled before. Returns how many entries there are.
    """
    positions: list[int] = []
    leaves: list[bytes] = []
    versions: dict[tuple[str, str], list[tuple[UUID, int, int]]] = {}
    async for batch in journal.read_entries():
        for stored in batch:
            entry = decode_entry(stored.entry)
            positions.append(stored.position)
            leaves.append(leaf_hash(stored.entry))
            key = (entry.actor.principal, str(entry.command_id))
            place = (entry.stream_id, entry.version, stored.position)
            versions.setdefault(key, []).append(place)
    assert positions == list(range(1, len(positions) + 1)), "a hole, or a position twice"
    for key, executed in ledger.acknowledged.items():
        places = versions.get(key, [])
        tried = ledger.tried.get(key)
        if tried is not None and tried.name == linking.LinkCases.NAME:
            # Its second stream has the second half, or the first would not be there either.
            *places, second = places
            assert second[0] != executed.stream_id, f"{key}: {second}"
            assert second[2] == executed.position
            places = [(*place[:2], second[2]) for place in places]
        first, last = executed.first_version, executed.last_version
        assert [(place[0], place[1]) for place in places] == [
            (executed.stream_id, version) for version in range(first, last + 1)
        ], f"{key}: promised versions {first}..{last}, found {places}"
        assert places[-1][2] == executed.position
    strange = versions.keys() - ledger.acknowledged.keys()
    assert len(strange) <= 1, "only the genesis entry is not in the ledger"
    head = await journal.head()
    assert (head.size, head.root) == (len(leaves), naive_root(leaves))
    await _intact(journal, database)
    return len(positions)


async def _intact(journal: Journal, database: Database) -> None:
    connection = await database.connect()
    try:
        verification = await verify(Reader(journal.keys), connection)
        assert verification.findings == []
        rows = await connection.fetch(VIEWS_BEHIND, GENESIS_STREAM)
        assert rows == [], "a view is not at the version of its stream"
    finally:
        await connection.close()
