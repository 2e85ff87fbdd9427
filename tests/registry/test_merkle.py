"""Merkle trees against the reference tests of Certificate Transparency and the RFC's own words."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.registry.merkle import (
    EMPTY,
    Peaks,
    consistency_proof,
    includes,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_of,
)

# Inputs, roots, paths and proofs as they stand in the reference tests of Certificate Transparency
# (github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc; leaves counted
# from 0 here).
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
PROOFS = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
LARGEST = 64
LEAVES = [leaf_hash(bytes([n])) for n in range(LARGEST)]


def mth(leaves):
    """MTH of section 2.1 as it is written there, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = max(2**i for i in range(10) if 2**i < len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


MTH = [mth(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_the_reference_roots():
    tree, hashes = Peaks(), [leaf_hash(leaf) for leaf in INPUTS]
    assert tree.root.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for n, root in enumerate(ROOTS):
        tree.append(hashes[n])
        assert (tree.size, tree.root.hex()) == (n + 1, root)
        assert root_of(hashes[: n + 1]).hex() == root


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_the_reference_paths(index, size):
    hashes = [leaf_hash(leaf) for leaf in INPUTS[:size]]
    proof = inclusion_proof(hashes, index)
    assert [each.hex() for each in proof] == PATHS[index, size]
    assert includes(bytes.fromhex(ROOTS[size - 1]), size, index, hashes[index], proof)


@pytest.mark.parametrize(("earlier", "size"), PROOFS)
def test_the_reference_proofs(earlier, size):
    proof = consistency_proof([leaf_hash(leaf) for leaf in INPUTS[:size]], earlier)
    assert [each.hex() for each in proof] == PROOFS[earlier, size]
    roots = bytes.fromhex(ROOTS[earlier - 1]), bytes.fromhex(ROOTS[size - 1])
    assert is_consistent(roots[0], earlier, roots[1], size, proof)


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_the_root_is_that_of_the_recursion(size):
    assert root_of(LEAVES[:size]) == MTH[size]


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_leaf_is_proved_and_no_other(size):
    root = MTH[size]
    for index in range(size):
        proof = inclusion_proof(LEAVES[:size], index)
        assert len(proof) <= (size - 1).bit_length()
        assert includes(root, size, index, LEAVES[index], proof)
        for other in {index - 1, index + 1, index ^ 2, size, -1}:
            assert not includes(root, size, other, LEAVES[index], proof)
        assert not includes(root, size, index, LEAVES[index - 1], proof) or size == 1
        assert not includes(EMPTY, size, index, LEAVES[index], proof)


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_every_earlier_tree_is_proved(size):
    for earlier in range(size + 1):
        proof = consistency_proof(LEAVES[:size], earlier)
        assert len(proof) <= max(1, (size - 1).bit_length() + 1)
        assert is_consistent(MTH[earlier], earlier, MTH[size], size, proof)
        if earlier:
            assert not is_consistent(MTH[earlier - 1], earlier, MTH[size], size, proof)
        if 0 < earlier < size:
            assert not is_consistent(MTH[earlier], earlier, MTH[size - 1], size, proof)
            assert not is_consistent(MTH[size], earlier, MTH[earlier], size, proof)
            assert not is_consistent(MTH[earlier], earlier, MTH[size], size, [])


def forgeries(proof):
    """A proof changed in one place, longer or shorter by one."""
    for n in range(len(proof)):
        yield [*proof[:n], EMPTY, *proof[n + 1 :]]
        yield [*proof[:n], *proof[n + 1 :]]
        yield [*proof[:n], proof[n], *proof[n:]]
    yield [*proof, EMPTY]
    yield [EMPTY, *proof]
    yield [*proof, b""]


@given(st.data(), st.integers(1, LARGEST))
def test_forged_proofs_are_refused(drawn, size):
    index = drawn.draw(st.integers(0, size - 1))
    for forged in forgeries(inclusion_proof(LEAVES[:size], index)):
        assert not includes(MTH[size], size, index, LEAVES[index], forged)
    earlier = drawn.draw(st.integers(1, size))
    for forged in forgeries(consistency_proof(LEAVES[:size], earlier)):
        assert not is_consistent(MTH[earlier], earlier, MTH[size], size, forged)


@given(st.lists(st.binary(max_size=4), max_size=40), st.data())
def test_one_other_leaf_makes_another_root(leaves, drawn):
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert root_of(hashes) == mth(hashes)
    if leaves:
        changed = drawn.draw(st.integers(0, len(leaves) - 1))
        hashes[changed] = leaf_hash(leaves[changed] + b"!")
        assert root_of(hashes) != mth([leaf_hash(leaf) for leaf in leaves])


def test_an_inner_node_is_no_leaf():
    """Second preimages: the two leaves of a tree are not the one leaf that they make together."""
    a, b = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(a + b) != node_hash(a, b)
    assert node_hash(a, b) == sha256(b"\x01" + a + b).digest()


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_of_a_leaf_that_is_not_there(index):
    with pytest.raises(ValueError, match=f"no leaf {index} among 3"):
        inclusion_proof(LEAVES[:3], index)
    assert not includes(MTH[3], 3, index, LEAVES[0], [])


def test_no_proof_of_the_future():
    with pytest.raises(ValueError, match="of 3 leaves never had 4"):
        consistency_proof(LEAVES[:3], 4)
    assert not is_consistent(MTH[4], 4, MTH[3], 3, [])
    assert not is_consistent(EMPTY, 0, MTH[3], 3, [EMPTY])
    assert not is_consistent(MTH[2], 0, MTH[3], 3, [])
