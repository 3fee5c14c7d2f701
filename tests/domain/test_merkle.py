"""The tree against the definitions of RFC 6962 section 2.1, written out naively."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    Head,
    consistency_path,
    grow,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 130
SIZES = range(MOST + 1)
ENTRIES = [f"entry {index}".encode() for index in SIZES]


def largest_power_of_two_below(width: int) -> int:
    power = 1
    while power * 2 < width:
        power *= 2
    return power


@cache
def mth(begin: int, end: int) -> bytes:
    """MTH(D[begin:end])."""
    if begin == end:
        return sha256(b"").digest()
    if end - begin == 1:
        return sha256(b"\x00" + ENTRIES[begin]).digest()
    middle = begin + largest_power_of_two_below(end - begin)
    return sha256(b"\x01" + mth(begin, middle) + mth(middle, end)).digest()


def path(m: int, begin: int, end: int) -> list[bytes]:
    """PATH(m, D[begin:end])."""
    if end - begin == 1:
        return []
    k = largest_power_of_two_below(end - begin)
    if m < k:
        return [*path(m, begin, begin + k), mth(begin + k, end)]
    return [*path(m - k, begin + k, end), mth(begin, begin + k)]


def subproof(m: int, begin: int, end: int, complete: bool) -> list[bytes]:
    """SUBPROOF(m, D[begin:end], complete)."""
    n = end - begin
    if m == n:
        return [] if complete else [mth(begin, end)]
    k = largest_power_of_two_below(n)
    if m <= k:
        return [*subproof(m, begin, begin + k, complete), mth(begin + k, end)]
    return [*subproof(m - k, begin + k, end, False), mth(begin, begin + k)]


@dataclass(frozen=True)
class Tree:
    """What the journal keeps: leaves and finished nodes, and the frontier at every size."""

    nodes: dict[tuple[int, int], bytes]
    frontiers: list[list[bytes]]

    def node_at(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def head(self, size: int) -> Head:
        return Head(size, root_of(self.frontiers[size]))


@cache
def tree() -> Tree:
    nodes: dict[tuple[int, int], bytes] = {}
    frontiers: list[list[bytes]] = [[]]
    for size in range(MOST):
        leaf = leaf_hash(ENTRIES[size])
        nodes[0, size] = leaf
        frontier, finished = grow(size, frontiers[-1], leaf)
        frontiers.append(frontier)
        nodes.update({(node.level, node.index): node.hash for node in finished})
    return Tree(nodes, frontiers)


def altered(a_hash: bytes, bit: int = 0) -> bytes:
    return (int.from_bytes(a_hash) ^ (1 << bit)).to_bytes(HASH_SIZE)


class TestGrowing:
    @pytest.mark.parametrize("size", SIZES)
    def test_the_root_is_the_tree_hash(self, size: int) -> None:
        assert root_of(tree().frontiers[size]) == mth(0, size)

    @pytest.mark.parametrize("size", SIZES)
    def test_the_frontier_has_one_root_for_each_complete_subtree(self, size: int) -> None:
        begin, expected = 0, []
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                expected.append(mth(begin, begin + (1 << level)))
                begin += 1 << level
        assert tree().frontiers[size] == expected

    def test_every_complete_subtree_is_finished_exactly_once_and_right(self) -> None:
        widths = [1 << level for level in range(MOST.bit_length())]
        complete = {
            (level, index): mth(index * width, (index + 1) * width)
            for level, width in enumerate(widths)
            for index in range(MOST // width)
        }
        assert tree().nodes == complete

    def test_a_node_is_finished_with_its_last_leaf(self) -> None:
        for size in range(MOST):
            _, finished = grow(size, tree().frontiers[size], leaf_hash(ENTRIES[size]))
            for node in finished:
                assert (node.index + 1) << node.level == size + 1

    def test_growing_leaves_the_frontier_it_was_given_alone(self) -> None:
        frontier = tuple(tree().frontiers[7])
        grow(7, frontier, leaf_hash(b""))
        assert frontier == tuple(tree().frontiers[7])


class TestInclusion:
    @pytest.mark.parametrize("size", SIZES[1:])
    def test_the_path_of_each_leaf_is_that_of_the_rfc_and_verifies(self, size: int) -> None:
        head = tree().head(size)
        for index in range(size):
            proof = inclusion_path(index, size, tree().node_at)
            assert proof == path(index, 0, size)
            assert verify_inclusion(leaf_hash(ENTRIES[index]), index, proof, head)

    @pytest.mark.parametrize("size", SIZES[1::9])
    def test_no_other_leaf_index_path_or_head_verifies(self, size: int) -> None:
        head = tree().head(size)
        for index in range(size):
            leaf = leaf_hash(ENTRIES[index])
            proof = inclusion_path(index, size, tree().node_at)
            assert not verify_inclusion(altered(leaf), index, proof, head)
            assert not verify_inclusion(leaf, index, proof, Head(size, altered(head.root)))
            for other in range(-1, size + 2):
                assert verify_inclusion(leaf, other, proof, head) is (other == index)
            for place, sibling in enumerate(proof):
                assert not verify_inclusion(leaf, index, swapped(proof, place, sibling), head)
                assert not verify_inclusion(leaf, index, proof[:place] + proof[place + 1 :], head)
            assert not verify_inclusion(leaf, index, [*proof, leaf], head)

    def test_nothing_is_in_an_empty_tree(self) -> None:
        assert not verify_inclusion(leaf_hash(b""), 0, [], Head(0, EMPTY_ROOT))


def swapped(proof: list[bytes], place: int, sibling: bytes) -> list[bytes]:
    return [*proof[:place], altered(sibling), *proof[place + 1 :]]


class TestConsistency:
    @pytest.mark.parametrize("size", SIZES[1:])
    def test_the_proof_from_each_older_tree_is_that_of_the_rfc_and_verifies(
        self, size: int
    ) -> None:
        for old in range(1, size + 1):
            proof = consistency_path(old, size, tree().node_at)
            assert proof == subproof(old, 0, size, True)
            assert verify_consistency(tree().head(old), tree().head(size), proof)

    @pytest.mark.parametrize("size", SIZES[1::9])
    def test_no_other_tree_or_proof_verifies(self, size: int) -> None:
        new = tree().head(size)
        for old_size in range(1, size):
            old = tree().head(old_size)
            proof = consistency_path(old_size, size, tree().node_at)
            assert not verify_consistency(Head(old_size, altered(old.root)), new, proof)
            assert not verify_consistency(old, Head(size, altered(new.root)), proof)
            assert not verify_consistency(new, old, proof)
            for place, sibling in enumerate(proof):
                assert not verify_consistency(old, new, swapped(proof, place, sibling))
                assert not verify_consistency(old, new, proof[:place] + proof[place + 1 :])
            assert not verify_consistency(old, new, [*proof, new.root])
            assert not verify_consistency(old, new, [])

    @pytest.mark.parametrize("size", SIZES[1::9])
    def test_a_tree_is_consistent_with_itself_alone_at_its_size(self, size: int) -> None:
        head = tree().head(size)
        other = Head(size, altered(head.root))
        assert verify_consistency(head, head, [])
        assert not verify_consistency(head, head, [head.root])
        assert not verify_consistency(other, head, [])

    def test_every_tree_continues_the_empty_one(self) -> None:
        empty, some = Head(0, EMPTY_ROOT), tree().head(5)
        assert verify_consistency(empty, some, [])
        assert verify_consistency(empty, empty, [])
        assert not verify_consistency(empty, some, [some.root])
        assert not verify_consistency(Head(0, some.root), some, [])

    @given(st.integers(1, MOST), st.integers(1, MOST), st.lists(st.binary(max_size=40), max_size=8))
    @settings(max_examples=300)
    def test_an_invented_proof_never_verifies(self, m: int, n: int, proof: list[bytes]) -> None:
        if m != n:
            assert not verify_consistency(tree().head(m), tree().head(n), proof)


class TestKnownVectors:
    """The reference vectors of Certificate Transparency (google/certificate-transparency)."""

    INPUTS = (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
    ROOTS = (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )

    def test_the_empty_tree(self) -> None:
        assert root_of([]).hex() == (
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )

    def test_a_leaf_and_a_node(self) -> None:
        assert leaf_hash(b"L123456").hex() == (
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        )
        assert node_hash(b"N123", b"N456").hex() == (
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
        )

    def test_every_root(self) -> None:
        frontier: list[bytes] = []
        for size, (entry, root) in enumerate(zip(self.INPUTS, self.ROOTS, strict=True)):
            frontier, _ = grow(size, frontier, leaf_hash(bytes.fromhex(entry)))
            assert root_of(frontier).hex() == root
