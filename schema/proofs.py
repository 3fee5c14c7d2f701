"""Proofs of what the journal's tree holds (RFC 6962)."""

import strawberry
from strawberry import field

from domain.merkle import Head
from domain.refusal import InvalidInput
from schema.context import JournalReader
from schema.scalars import Hash, Position


@strawberry.type(description="That an entry is in the journal's tree (RFC 6962 section 2.1.1).")
class InclusionProof:
    """That an entry is in the tree."""

    position: Position = field(description="The entry; its leaf index is one less.")
    leaf_hash: Hash = field(description="SHA-256(0x00 || entry), of the entry's exact bytes.")
    size: Position = field(description="How many entries the tree has.")
    root: Hash = field(description="The root of that tree.")
    path: list[Hash] = field(description="The audit path, from the leaf upwards.")


@strawberry.type(
    description="That a tree continues an earlier one, changing nothing (RFC 6962 section 2.1.2)."
)
class ConsistencyProof:
    """That a tree continues an earlier one."""

    earlier: Position = field(description="How many entries the earlier tree had.")
    size: Position = field(description="How many entries the tree has.")
    root: Hash = field(description="The root of that tree.")
    path: list[Hash] = field(description="The proof, in the order of the RFC.")


async def inclusion_proof(journal: JournalReader, head: Head, position: Position) -> InclusionProof:
    """That the entry at `position` is in the tree at `head`."""
    _check(position, head, "position")
    path = await journal.inclusion(position, head.size)
    return InclusionProof(
        position=position,
        leaf_hash=Hash(await journal.leaf_hash(position)),
        size=Position(head.size),
        root=Hash(head.root),
        path=[Hash(node) for node in path],
    )


async def consistency_proof(
    journal: JournalReader, head: Head, earlier: Position
) -> ConsistencyProof:
    """That the tree at `head` continues the tree of the first `earlier` entries."""
    _check(earlier, head, "earlier")
    path = await journal.consistency(earlier, head.size)
    return ConsistencyProof(
        earlier=earlier,
        size=Position(head.size),
        root=Hash(head.root),
        path=[Hash(node) for node in path],
    )


def _check(position: Position, head: Head, argument: str) -> None:
    if not 0 < position <= head.size:
        raise InvalidInput([argument], f"It must be from 1 to {head.size}, the journal's head.")
