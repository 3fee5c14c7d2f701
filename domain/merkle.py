"""The Merkle tree of RFC 6962 (section 2.1): hashes, frontier, inclusion and consistency proofs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32

NodeAt = Callable[[int, int], bytes]
"""(level, index) -> hash of that finished node; level 0 are the leaves."""


@dataclass(frozen=True)
class Head:
    """The state of the tree over the first `size` entries. root: 32 bytes."""

    size: int
    root: bytes


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True)
class Node:
    """A finished node: the root of a complete subtree of 2**level leaves."""

    level: int
    index: int
    hash: bytes


def grow(size: int, frontier: Sequence[bytes], leaf: bytes) -> tuple[list[bytes], list[Node]]:
    """The frontier after one more leaf, and the inner nodes that it finished.

    frontier: roots of the complete subtrees of a tree of `size` leaves, largest first; there is
    one for each bit set in `size`.
    """
    grown = [*frontier, leaf]
    finished = []
    level, index = 0, size
    while index & 1:
        right = grown.pop()
        level, index = level + 1, index >> 1
        grown[-1] = node_hash(grown[-1], right)
        finished.append(Node(level, index, grown[-1]))
    return grown, finished


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root hash over a frontier; of an empty tree, SHA-256 of nothing."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def _subtree(begin: int, end: int, node_at: NodeAt) -> bytes:
    """MTH of the leaves [begin, end), from finished nodes; begin is a multiple of its width."""
    width = end - begin
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node_at(level, begin >> level)
    split = _split(width)
    left = _subtree(begin, begin + split, node_at)
    return node_hash(left, _subtree(begin + split, end, node_at))


def _split(width: int) -> int:
    """The largest power of two smaller than width."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_path(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1; 0 <= index < size."""
    return _path(index, 0, size, node_at)


def _path(index: int, begin: int, end: int, node_at: NodeAt) -> list[bytes]:
    if end - begin == 1:
        return []
    split = begin + _split(end - begin)
    if index < split:
        return [*_path(index, begin, split, node_at), _subtree(split, end, node_at)]
    return [*_path(index, split, end, node_at), _subtree(begin, split, node_at)]


def consistency_path(old: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PROOF(old, D[size]) of RFC 6962 2.1.2; 0 < old <= size."""
    return _consistency(old, 0, size, node_at, whole=True)


def _consistency(old: int, begin: int, end: int, node_at: NodeAt, *, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [_subtree(begin, end, node_at)]
    split = begin + _split(end - begin)
    if old <= split:
        rest = _subtree(split, end, node_at)
        return [*_consistency(old, begin, split, node_at, whole=whole), rest]
    left = _subtree(begin, split, node_at)
    return [*_consistency(old, split, end, node_at, whole=False), left]


def verify_inclusion(leaf: bytes, index: int, path: Sequence[bytes], head: Head) -> bool:
    """Whether `leaf` is entry number `index` (from 0) of the tree `head` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < head.size:
        return False
    node, last, computed = index, head.size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == head.root


def verify_consistency(old: Head, new: Head, path: Sequence[bytes]) -> bool:
    """Whether the tree `new` continues the tree `old` (RFC 9162 2.1.4.2)."""
    if old.size == 0:
        return not path and old.root == EMPTY_ROOT
    if old.size >= new.size:
        return not path and old == new
    proof = list(path)
    if old.size & (old.size - 1) == 0:
        proof.insert(0, old.root)
    if not proof:
        return False
    node, last = old.size - 1, new.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    of_old = of_new = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            of_old, of_new = node_hash(sibling, of_old), node_hash(sibling, of_new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            of_new = node_hash(of_new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and of_old == old.root and of_new == new.root
