"""
Merkle trees of RFC 6962 (section 2.1): roots, and proofs that a leaf is in one or one in another.

Trees are made of leaf *hashes* (`leaf_hash`); indexes count from 0; every hash is 32 bytes. What
checks a proof answers with True or False and never raises: a proof comes from somebody else.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """
    The hash of a leaf: never that of an inner node, for it begins otherwise.

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node above two others."""
    return sha256(b"\x01" + left + right).digest()


class Peaks:
    """
    A tree that grows leaf by leaf and keeps one hash for each 1 of its size in binary.

    Examples
    --------
    >>> tree = Peaks()
    >>> tree.root == EMPTY
    True
    >>> for leaf in (b"", b"\\0"):
    ...     tree.append(leaf_hash(leaf))
    >>> tree.size, tree.root.hex()[:16]
    (2, 'fac54203e7cc696c')
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # of whole trees, the largest first

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf at the end."""
        self._peaks.append(leaf)
        whole = self.size
        while whole & 1:
            right = self._peaks.pop()
            self._peaks[-1] = node_hash(self._peaks[-1], right)
            whole >>= 1
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._peaks:
            return EMPTY
        above = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            above = node_hash(peak, above)
        return above


def root_of(leaves: Iterable[bytes]) -> bytes:
    """
    The root of a tree of these leaf hashes.

    Examples
    --------
    >>> root_of([]) == EMPTY, root_of([leaf_hash(b"")]) == leaf_hash(b"")
    (True, True)
    """
    tree = Peaks()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """
    The hashes that lead from a leaf to the root, the lowest first: PATH of section 2.1.1.

    Parameters
    ----------
    leaves : hashes of all leaves.
    index : of the leaf, 0 <= index < len(leaves).
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_proof(leaves[:k], index), root_of(leaves[k:])]
    return [*inclusion_proof(leaves[k:], index - k), root_of(leaves[:k])]


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """
    Whether a proof shows that the tree of this root and size has this leaf hash at this index.

    Examples
    --------
    >>> a, b, c = (leaf_hash(one) for one in (b"a", b"b", b"c"))
    >>> includes(root_of([a, b, c]), 3, 2, c, [node_hash(a, b)])
    True
    >>> includes(root_of([a, b, c]), 3, 1, c, [node_hash(a, b)])
    False
    """
    if not 0 <= index < size:
        return False
    above, last, left = leaf, size - 1, list(reversed(proof))
    while last:
        # The last node of a level without a neighbour goes up as it is.
        if index & 1 or index < last:
            if not left:
                return False
            beside = left.pop()
            above = node_hash(beside, above) if index & 1 else node_hash(above, beside)
        index, last = index >> 1, last >> 1
    return not left and above == root


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """
    What shows that the tree of the first `earlier` leaves is the beginning of that of all.

    PROOF of section 2.1.2; empty where there is nothing to show (none or all of the leaves).

    Parameters
    ----------
    leaves : hashes of all leaves.
    earlier : size of the earlier tree, 0 <= earlier <= len(leaves).
    """
    if not 0 <= earlier <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves never had {earlier}")
    return _subproof(leaves, earlier, True) if earlier else []


def _subproof(leaves: Sequence[bytes], earlier: int, known: bool) -> list[bytes]:
    """SUBPROOF; `known`: this subtree is the earlier tree itself, whose root the asker has."""
    if earlier == len(leaves):
        return [] if known else [root_of(leaves)]
    k = _split(len(leaves))
    if earlier <= k:
        return [*_subproof(leaves[:k], earlier, known), root_of(leaves[k:])]
    return [*_subproof(leaves[k:], earlier - k, False), root_of(leaves[:k])]


def is_consistent(
    earlier_root: bytes, earlier: int, root: bytes, size: int, proof: Sequence[bytes]
) -> bool:
    """
    Whether a proof shows that the first `earlier` of `size` leaves make the earlier root.

    The empty tree is the beginning of every tree, and a tree is its own: both without a proof.

    Examples
    --------
    >>> leaves = [leaf_hash(one) for one in (b"a", b"b", b"c")]
    >>> is_consistent(root_of(leaves[:2]), 2, root_of(leaves), 3, [leaves[2]])
    True
    """
    if not 0 <= earlier <= size:
        return False
    if earlier in (0, size):
        same = earlier_root == (root if earlier else EMPTY)
        return same and not proof
    left = list(reversed(proof))
    index, last = earlier - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    # Where the earlier tree is one whole tree, its root itself is where both begin.
    if index and not left:
        return False
    old = new = left.pop() if index else earlier_root
    while last:
        if index & 1 or index < last:
            if not left:
                return False
            beside = left.pop()
            if index & 1:
                old, new = node_hash(beside, old), node_hash(beside, new)
            else:
                new = node_hash(new, beside)
        index, last = index >> 1, last >> 1
    return not left and old == earlier_root and new == root


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1
