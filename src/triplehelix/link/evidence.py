"""What speaks for and against a tie that is not there yet, in figures, pair by pair."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.link.gravity import COLUMNS, Nodes, pair_columns, row_products
from triplehelix.link.past import Past

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

EVIDENCE = (
    *COLUMNS, "unplaced", "partners", "common_partners", "closeness", "related_themes",
    "complementary", "helix_academia", "helix_industry", "helix_bridge",
)  # fmt: skip
# Without it, two with one partner in common and no other would outdo everybody. Chosen of six
# forms on the years before those that the forecast is judged on.
_STEEP = 30.0


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
        In the order of `EVIDENCE`: those of gravity (`pair_columns`), then

        - `unplaced`: 1 if the place of either is unknown;
        - `partners`: log of the product of 1 + partners;
        - `common_partners`: log of 1 + Adamic and Adar's sum over common partners;
        - `closeness`: log of 1 + 30 times that sum over the root of the product of partners;
        - `related_themes`: themes of one that are near to other themes of the other, 0 to 1;
        - `complementary`: how far each does what the other does not, 0 to 1 (Hellinger's
          distance squared of their themes' shares; 0 where either has no theme);
        - `helix_academia`, `helix_industry`: 1 if both are of it;
        - `helix_bridge`: 1 if one is of industry, the other of academia, health or government.

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
        np.log1p(_STEEP * common / np.sqrt(np.maximum(degree[i] * degree[j], 1.0))),
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
    return row_products(sparse.csr_array(tied * worth[None, :]), tied, first, second)


def _themes_apart(within: Reals, near: Reals, i: Wholes, j: Wholes) -> tuple[Reals, Reals]:
    if not within.shape[1]:
        return np.zeros(len(i)), np.zeros(len(i))
    apart = near - np.diag(np.diag(near))
    related = row_products(within @ apart, within, i, j)
    alike = row_products(np.sqrt(within), np.sqrt(within), i, j)
    both = (within.sum(axis=1) > 0).astype(float)
    return related, (1 - alike) * both[i] * both[j]


def _shares(themes: Reals) -> Reals:
    total = themes.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(themes, total, out=np.zeros_like(themes), where=total > 0))


def _helices(helix: NDArray[np.str_], i: Wholes, j: Wholes) -> tuple[Reals, Reals, Reals]:
    academia, industry = helix == "academia", helix == "industry"
    others = academia | (helix == "health") | (helix == "government")
    return (
        (academia[i] & academia[j]).astype(float), (industry[i] & industry[j]).astype(float),
        ((industry[i] & others[j]) | (others[i] & industry[j])).astype(float),
    )  # fmt: skip
