from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.ledger.vectors import vectors
from workflows.ledger.errors import Broken
from workflows.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    proof_bundle,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 300
LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(LARGEST)]
TREE = Tree(LEAVES)
SIZES = st.integers(1, LARGEST)


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition, word for word (RFC 9162, 2.1.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = recursive_root(leaves[:split]), recursive_root(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


def flipped(data: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(data))


def test_reference_tree() -> None:
    reference = vectors("rfc6962-reference-tree.json")
    leaves = [leaf_hash(bytes.fromhex(text)) for text in reference["leaf_inputs_hex"]]
    roots = [root_of(leaves[:size]).hex() for size in range(1, 9)]
    assert roots == reference["roots_size_1_to_8_hex"]
    assert [Tree(leaves).root(size).hex() for size in range(1, 9)] == roots
    constants = reference["constants"]
    assert EMPTY_ROOT.hex() == constants["empty_root"] == root_of([]).hex()
    assert leaf_hash(b"").hex() == constants["leaf_of_empty"]
    assert leaf_hash(b"L123456").hex() == constants["leaf_of_L123456"]
    assert node_hash(b"N123", b"N456").hex() == constants["node_of_N123_N456"]


def test_frontier_has_the_root_of_the_definition_at_every_size() -> None:
    frontier = Frontier()
    for size in range(LARGEST + 1):
        assert frontier.root() == recursive_root(LEAVES[:size]) == TREE.root(size)
        assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier
        if size < LARGEST:
            frontier = frontier.push(LEAVES[size])


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_extending_is_pushing(first: int, second: int) -> None:
    start = Frontier().extend(LEAVES[:first])
    pushed = start
    for leaf in LEAVES[first:second]:
        pushed = pushed.push(leaf)
    assert start.extend(LEAVES[first:second]) == pushed


@pytest.mark.parametrize(
    ("size", "blob"), [(3, b"\0" * 32), (4, b"\0" * 64), (0, b"\0" * 32), (1, b"\0" * 31), (-1, b"")]
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, blob: bytes) -> None:
    with pytest.raises(Broken, match="expected"):
        Frontier.from_bytes(size, blob)


def test_every_proof_of_small_trees_verifies() -> None:
    for size in range(1, 40):
        root = TREE.root(size)
        for old in range(1, size + 1):
            proof = TREE.consistency_proof(old, size)
            assert verify_consistency(old, size, proof, TREE.root(old), root)
            path = TREE.inclusion_proof(old - 1, size)
            assert len(path) <= (size - 1).bit_length()
            assert verify_inclusion(LEAVES[old - 1], old - 1, size, path, root)


@given(SIZES, st.data())
def test_inclusion_proofs_verify(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(LEAVES, index, size)
    assert proof == TREE.inclusion_proof(index, size)
    assert verify_inclusion(LEAVES[index], index, size, proof, TREE.root(size))


@given(SIZES, st.data())
def test_altered_inclusion_proofs_fail(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, root, proof = LEAVES[index], TREE.root(size), list(TREE.inclusion_proof(index, size))
    bit = data.draw(st.integers(0, 255))
    assert not verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    for place in range(len(proof)):
        bent = [*proof[:place], flipped(proof[place], bit), *proof[place + 1 :]]
        assert not verify_inclusion(leaf, index, size, bent, root)
        assert not verify_inclusion(leaf, index, size, [*proof[:place], *proof[place + 1 :]], root)
    for place in range(len(proof) + 1):
        assert not verify_inclusion(leaf, index, size, [*proof[:place], root, *proof[place:]], root)


@given(SIZES, SIZES, st.data())
def test_a_path_proves_nothing_else(size: int, other_size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, other_size - 1))
    proof = TREE.inclusion_proof(index, size)
    proven = verify_inclusion(LEAVES[index], other, other_size, proof, TREE.root(other_size))
    assert proven == (index == other and proof == TREE.inclusion_proof(other, other_size))


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (2**70, 4)])
def test_an_index_outside_the_tree_is_never_proven(index: int, size: int) -> None:
    assert verify_inclusion(LEAVES[0], 0, 4, TREE.inclusion_proof(0, 4), TREE.root(4))
    assert not verify_inclusion(LEAVES[0], index, size, TREE.inclusion_proof(0, 4), TREE.root(4))


@given(SIZES, st.data())
def test_altered_consistency_proofs_fail(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    old_root, new_root, proof = TREE.root(old), TREE.root(new), list(consistency_proof(LEAVES, old, new))
    assert verify_consistency(old, new, proof, old_root, new_root)
    bit = data.draw(st.integers(0, 255))
    assert not verify_consistency(old, new, proof, flipped(old_root, bit), new_root)
    assert not verify_consistency(old, new, proof, old_root, flipped(new_root, bit))
    for place in range(len(proof)):
        bent = [*proof[:place], flipped(proof[place], bit), *proof[place + 1 :]]
        assert not verify_consistency(old, new, bent, old_root, new_root)
        assert not verify_consistency(old, new, [*proof[:place], *proof[place + 1 :]], old_root, new_root)
    for place in range(len(proof) + 1):
        assert not verify_consistency(old, new, [*proof[:place], new_root, *proof[place:]], old_root, new_root)


@given(SIZES, SIZES, SIZES, SIZES)
def test_a_consistency_proof_proves_nothing_else(old: int, new: int, other_old: int, other_new: int) -> None:
    old, new = sorted((old, new))
    proof = TREE.consistency_proof(old, new)
    proven = verify_consistency(other_old, other_new, proof, TREE.root(other_old), TREE.root(other_new))
    assert proven == (other_old <= other_new and proof == TREE.consistency_proof(other_old, other_new))


def test_from_the_empty_tree_nothing_is_proven() -> None:
    assert not verify_consistency(0, 5, [], EMPTY_ROOT, TREE.root(5))
    assert not verify_consistency(0, 5, [TREE.root(5)], EMPTY_ROOT, TREE.root(5))
    assert verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(Broken):
        TREE.consistency_proof(0, 5)


def test_a_bundle_has_the_proofs_of_all_its_leaves() -> None:
    bundle = proof_bundle(LEAVES[:100], [3, 99, 0])
    assert bundle.root == TREE.root(100)
    for index, proof in bundle.proofs.items():
        assert verify_inclusion(LEAVES[index], index, bundle.size, proof, bundle.root)
    with pytest.raises(Broken, match="leaf index: expected 0 to 99, found 100"):
        proof_bundle(LEAVES[:100], [100])
