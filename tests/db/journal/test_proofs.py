"""Every committed entry is in the tree, and every tree continues those before it."""

from uuid import uuid4

import pytest

from app.journal import Journal
from app.journal.reader import PositionBeyondHead
from domain.merkle import Head, verify_consistency, verify_inclusion
from tests.db.journal.making import append_of, new_event


async def test_heads_and_proofs_hold_at_every_size(bare_journal: Journal) -> None:
    heads: list[Head] = []
    for _ in range(40):
        await bare_journal.append(append_of(new_event(uuid4(), 1)))
        heads.append(await bare_journal.head())
    leaves = [e.leaf_hash async for batch in bare_journal.read_entries() for e in batch]
    for size in (1, 2, 16, 17, 33, 40):
        head = heads[size - 1]
        for position in range(1, size + 1):
            path = await bare_journal.inclusion(position, size)
            assert verify_inclusion(leaves[position - 1], position - 1, path, head)
            assert await bare_journal.leaf_hash(position) == leaves[position - 1]
        for old in range(1, size + 1):
            path = await bare_journal.consistency(old, size)
            assert verify_consistency(heads[old - 1], head, path)


@pytest.mark.parametrize(("position", "size"), [(0, 1), (2, 1), (1, 2), (-1, 1)])
async def test_a_proof_beyond_the_head_is_refused(
    bare_journal: Journal, position: int, size: int
) -> None:
    await bare_journal.append(append_of(new_event(uuid4(), 1)))
    with pytest.raises(PositionBeyondHead):
        await bare_journal.inclusion(position, size)
    with pytest.raises(PositionBeyondHead):
        await bare_journal.consistency(position, size)
