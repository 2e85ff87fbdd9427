"""Batches are whole trees of RFC 6962, and a proof from one tells of its own entry alone."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.registry import batches
from triplehelix.registry.batches import (
    HEIGHT,
    MOST_ENTRIES,
    PLACES,
    batch_proof,
    batch_root,
    leaves_at,
    places,
    public_leaf,
)
from triplehelix.registry.merkle import includes, inclusion_proof, leaf_hash, root_of

SEED = bytes(range(32))
COMMITMENTS = [sha256(bytes([n])).digest() for n in range(12)]


def a_batch(seed, n):
    where = places(seed, n)
    return where, leaves_at(where, COMMITMENTS[:n])


@given(st.binary(min_size=32, max_size=32), st.integers(0, len(COMMITMENTS)))
@settings(max_examples=30)
def test_every_entry_is_proved_as_the_rfc_says(seed, n):
    where, leaves = a_batch(seed, n)
    assert len(set(where)) == n
    assert all(0 <= place < PLACES for place in where)
    root = batch_root(seed, leaves)
    for place, commitment in zip(where, COMMITMENTS, strict=False):
        proof = batch_proof(seed, leaves, place)
        assert len(proof) == HEIGHT
        assert includes(root, PLACES, place, leaf_hash(commitment), proof)
        assert not includes(root, PLACES, place ^ 1, leaf_hash(commitment), proof)


def test_a_small_batch_is_the_tree_of_all_its_leaves(monkeypatch):
    """With 2^3 places all filled, nothing is drawn, and the plain tree is the oracle."""
    monkeypatch.setattr(batches, "HEIGHT", 3)
    hashes = [leaf_hash(one) for one in COMMITMENTS[:8]]
    leaves = dict(enumerate(hashes))
    assert batch_root(SEED, leaves) == root_of(hashes)
    for place in range(8):
        assert batch_proof(SEED, leaves, place) == inclusion_proof(hashes, place)


def test_what_is_drawn_stands_for_whole_parts_of_the_tree(monkeypatch):
    """One entry at place 2 of 8: beside it three hashes that only the seed tells, worked by hand."""
    monkeypatch.setattr(batches, "HEIGHT", 3)
    a, b, c = (batches._drawn(SEED, b"height %d" % height, place)
               for height, place in ((0, 3), (1, 0), (2, 1)))  # fmt: skip
    leaf = leaf_hash(COMMITMENTS[0])
    assert batch_proof(SEED, {2: leaf}, 2) == [a, b, c]
    node = sha256(b"\x01" + leaf + a).digest()
    node = sha256(b"\x01" + b + node).digest()
    assert batch_root(SEED, {2: leaf}) == sha256(b"\x01" + node + c).digest()


def test_order_and_content_make_the_root():
    where = places(SEED, 2)
    one = batch_root(SEED, leaves_at(where, COMMITMENTS[:2]))
    assert one != batch_root(SEED, leaves_at(where, COMMITMENTS[1::-1]))
    assert one != batch_root(SEED, leaves_at(where[:1], COMMITMENTS[:1]))
    assert one != batch_root(SEED[::-1], leaves_at(where, COMMITMENTS[:2]))


def test_an_empty_batch_is_drawn():
    assert len({batch_root(bytes([n]) * 32, {}) for n in range(9)}) == 9


def test_a_batch_is_not_overfilled():
    with pytest.raises(ValueError, match="holds 0 to 524288 entries"):
        places(SEED, MOST_ENTRIES + 1)


def test_the_public_leaf():
    assert public_leaf(b"s" * 32, b"r" * 32) == sha256(b"\0" + b"s" * 32 + b"r" * 32).digest()
