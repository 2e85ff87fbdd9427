"""
Batches of the audit log: trees of one size, whatever number of entries is in them.

A batch is a tree of RFC 6962 with 2^20 leaves. Its entries stand at places drawn from a secret
seed; wherever a part of the tree holds no entry, a hash drawn from the seed stands for that part.
Nobody without the seed tells such a hash from one of entries, so that a proof, always of 20
hashes, tells of its own entry alone. The root of a batch, with a salt that the seed makes, is one
leaf of the public log: the log grows by one leaf per interval and counts nobody's entries.
"""

import hmac
from collections.abc import Mapping, Sequence

from triplehelix.registry.merkle import leaf_hash, node_hash

HEIGHT = 20
PLACES = 1 << HEIGHT
# So that drawing places goes on well: at most two draws for each on average.
MOST_ENTRIES = PLACES // 2
SEED_BYTES = 32


def places(seed: bytes, n_entries: int) -> list[int]:
    """
    Where the entries of a batch stand, in their order: each at another place.

    Examples
    --------
    >>> places(bytes(32), 3) == places(bytes(32), 4)[:3]
    True
    """
    if not 0 <= n_entries <= MOST_ENTRIES:
        raise ValueError(f"a batch holds 0 to {MOST_ENTRIES} entries, not {n_entries}")
    drawn: dict[int, None] = {}
    n = 0
    while len(drawn) < n_entries:
        drawn[int.from_bytes(_drawn(seed, b"place", n)[:8], "big") % PLACES] = None
        n += 1
    return list(drawn)


def salt(seed: bytes) -> bytes:
    """What the root of a batch is mixed with, so that the public leaf can be guessed by nobody."""
    return _drawn(seed, b"salt", 0)


def batch_root(seed: bytes, leaves: Mapping[int, bytes]) -> bytes:
    """
    The root of a batch.

    Parameters
    ----------
    seed : 32 random bytes of the batch's own.
    leaves : leaf hashes of its entries by place.
    """
    return _climb(seed, leaves, 0)[0]


def batch_proof(seed: bytes, leaves: Mapping[int, bytes], place: int) -> list[bytes]:
    """The hashes that lead from the entry at a place to the root of its batch, lowest first."""
    return _climb(seed, leaves, place)[1]


def public_leaf(salt_: bytes, root: bytes) -> bytes:
    """
    The hash of the leaf by which a batch stands in the public log.

    The leaf itself is the batch's salt followed by its root, 64 bytes.
    """
    return leaf_hash(salt_ + root)


def _climb(
    seed: bytes, leaves: Mapping[int, bytes], place: int
) -> tuple[bytes, list[bytes]]:  # fmt: skip
    """The root, and what stands beside the way from a place to it."""
    level: Mapping[int, bytes] = leaves
    beside: list[bytes] = []
    for height in range(HEIGHT):
        beside.append(_at(seed, level, height, place >> height ^ 1))
        level = {
            above: node_hash(
                _at(seed, level, height, 2 * above), _at(seed, level, height, 2 * above + 1)
            )
            for above in dict.fromkeys(each >> 1 for each in level)
        }
    return _at(seed, level, HEIGHT, 0), beside


def _at(seed: bytes, level: Mapping[int, bytes], height: int, place: int) -> bytes:
    return level.get(place) or _drawn(seed, b"height %d" % height, place)


def _drawn(seed: bytes, what: bytes, n: int) -> bytes:
    """32 bytes that the seed alone foretells."""
    return hmac.digest(seed, what + b":" + n.to_bytes(8, "big"), "sha256")


def leaves_at(where: Sequence[int], commitments: Sequence[bytes]) -> dict[int, bytes]:
    """Leaf hashes of entries, given by their commitments, by place."""
    return {
        place: leaf_hash(commitment) for place, commitment in zip(where, commitments, strict=True)
    }
