"""What speaks for and against a tie that is not there yet, in figures, pair by pair."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.link.gravity import COLUMNS, Nodes, pair_columns
from triplehelix.link.past import Past

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

EVIDENCE = (
    *COLUMNS, "unplaced", "partners", "common_partners", "closeness", "related_themes",
    "complementary", "helix_academia", "helix_industry", "helix_bridge",
)  # fmt: skip
# How many rows of the matrix of common partners are held at once.
_ROWS = 256


def evidence(so_far: Past, first: ArrayLike, second: ArrayLike) -> Reals:
    """
    The columns of the forecast for pairs of nodes, from the past alone.

    Parameters
    ----------
    so_far : Past
    first, second : shape (n_pairs,)
        Indices of its nodes.

    Returns
    -------
    shape (n_pairs, 15)
        In the order of `EVIDENCE`: those of gravity (`pair_columns`), then 1 if a place is
        unknown; log of the product of 1 + partners; log of 1 + Adamic and Adar's sum over
        common partners; that sum over the root of the product of partners; the themes of one
        that are near to the themes of the other, beyond the shared ones (0 to 1); how far
        each does what the other does not (1 - the overlap of their themes' shares, 0 where
        either has none); 1 if both are of academia; of industry; of academia or government
        or health on one side and industry on the other.

    References
    ----------
    Adamic and Adar (2003), Social Networks 25(3), 211-230. doi:10.1016/S0378-8733(03)00009-1
    Liben-Nowell and Kleinberg (2007), JASIST 58(7), 1019-1031: forecasts of ties from the
    network so far. doi:10.1002/asi.20591

    Examples
    --------
    >>> from triplehelix.link.past import Traits, past
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> so_far = past(["p", "p", "q", "q"], ["a", "b", "b", "c"], traits)
    >>> row = dict(zip(EVIDENCE, evidence(so_far, [0], [2])[0].round(2).tolist()))
    >>> row["common_partners"]  # log(1 + 1 / log 2)
    0.89
    """
    i, j = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    nodes = Nodes(
        so_far.size, so_far.lat, so_far.lon, so_far.country, so_far.themes, dict(so_far.languages)
    )
    placed = np.isfinite(so_far.lat)
    degree = so_far.degree
    common = adamic_adar(so_far, i, j)
    within = _shares(so_far.themes)
    return np.column_stack([
        pair_columns(nodes, i, j),
        ~(placed[i] & placed[j]),
        np.log1p(degree[i]) + np.log1p(degree[j]),
        np.log1p(common),
        common / np.sqrt(np.maximum(degree[i] * degree[j], 1.0)),
        *_themes_apart(within, so_far.near, i, j),
        *_helices(so_far.helix, i, j),
    ]).astype(float)  # fmt: skip


def adamic_adar(so_far: Past, first: Wholes, second: Wholes) -> Reals:
    """
    The sum over common partners of 1 / log of how many partners each of these has.

    Examples
    --------
    >>> from triplehelix.link.past import Traits, past
    >>> traits = Traits(list("abc"), [0.0] * 3, [0.0] * 3, ["GB"] * 3, ["academia"] * 3)
    >>> so_far = past(["p", "p", "q", "q"], ["a", "b", "b", "c"], traits)
    >>> adamic_adar(so_far, np.array([0]), np.array([2])).round(4).tolist()  # 1 / log 2
    [1.4427]
    """
    # A partner of two has two partners at least, so the logarithm is above 0 where it counts.
    worth = 1 / np.log(np.maximum(so_far.degree, 2.0))
    return _common(so_far.tied, worth, first, second)


def common_partners(so_far: Past, first: Wholes, second: Wholes) -> Reals:
    """How many partners both nodes of each pair have."""
    return _common(so_far.tied, np.ones(so_far.tied.shape[0]), first, second)


def _common(tied: sparse.csr_array, worth: Reals, first: Wholes, second: Wholes) -> Reals:
    """Sum of the worth of the nodes tied to both; of rows of the square a portion at a time."""
    weighted = sparse.csr_array(tied * worth[None, :])
    order = np.argsort(first, kind="stable")
    sorted_first, found = first[order], np.zeros(len(first))
    rows = np.unique(sorted_first)
    for start in range(0, len(rows), _ROWS):
        part = rows[start : start + _ROWS]
        low, high = np.searchsorted(sorted_first, [part[0], part[-1] + 1])
        at = order[low:high]
        square = (weighted[part] @ tied).toarray()
        found[at] = square[np.searchsorted(part, first[at]), second[at]]
    return found


def _themes_apart(
    within: Reals, near: Reals, i: Wholes, j: Wholes
) -> tuple[Reals, Reals]:
    if not within.shape[1]:
        return np.zeros(len(i)), np.zeros(len(i))
    apart = near - np.diag(np.diag(near))
    related = np.einsum("ij,ij->i", (within @ apart)[i], within[j])
    overlap = np.minimum(within[i], within[j]).sum(axis=1)
    both = (within.sum(axis=1) > 0).astype(float)
    return related, (1 - overlap) * both[i] * both[j]


def _shares(themes: Reals) -> Reals:
    total = themes.sum(axis=1, keepdims=True)
    return np.divide(themes, total, out=np.zeros_like(themes), where=total > 0)


def _helices(helix: NDArray[np.str_], i: Wholes, j: Wholes) -> tuple[Reals, Reals, Reals]:
    academia, industry = helix == "academia", helix == "industry"
    others = academia | (helix == "health") | (helix == "government")
    return (
        (academia[i] & academia[j]).astype(float), (industry[i] & industry[j]).astype(float),
        ((industry[i] & others[j]) | (others[i] & industry[j])).astype(float),
    )  # fmt: skip
