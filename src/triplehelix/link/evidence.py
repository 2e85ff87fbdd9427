"""What speaks for and against a tie that is not there yet, in figures, pair by pair."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from triplehelix.errors import InputError
from triplehelix.link.gravity import COLUMNS, Nodes, pair_columns
from triplehelix.link.past import Past
from triplehelix.link.paths import row_products, three_steps

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

EVIDENCE = (
    *COLUMNS, "unplaced", "partners", "common_partners", "closeness", "related_themes",
    "complementary", "helix_academia", "helix_industry", "helix_bridge", "helix_affinity", "seats",
    "three_steps",
)  # fmt: skip
# Without it, two with one partner in common and no other would outdo everybody. Chosen of six
# forms on the years before those that the forecast is judged on.
_STEEP = 30.0
# Far below what one way of three ties adds between nodes of hundreds of partners.
_LEAST_WAYS = 1e-4


def evidence(
    so_far: Past, first: ArrayLike, second: ArrayLike, columns: tuple[str, ...] = EVIDENCE
) -> Reals:
    """
    The columns of the forecast for pairs of nodes, from the past alone.

    Parameters
    ----------
    so_far : Past
    first, second : shape (n_pairs,)
        Indices of its nodes.
    columns : of `EVIDENCE`; the others are not computed.

    Returns
    -------
    shape (n_pairs, n_columns)
        In the order of `columns`: those of gravity (`pair_columns`), then

        - `unplaced`: 1 if the place of either is unknown;
        - `partners`: log of the product of 1 + partners;
        - `common_partners`: log of 1 + Adamic and Adar's sum over common partners;
        - `closeness`: log of 1 + 30 times that sum over the root of the product of partners;
        - `related_themes`: themes of one that are near to other themes of the other, 0 to 1;
        - `complementary`: how far each does what the other does not, 0 to 1 (Hellinger's
          distance squared of their themes' shares; 0 where either has no theme);
        - `helix_academia`, `helix_industry`: 1 if both are of it;
        - `helix_bridge`: 1 if one is of industry, the other of academia, health or government;
        - `helix_affinity`: log of how much their helices meet, over chance (`affinity`);
        - `seats`: log of the product of 1 + others beside them, once per activity;
        - `three_steps`: log of 0.0001 + the ways of three ties between them (`three_steps`).

    Raises
    ------
    InputError
        If a column is not one of `EVIDENCE`.

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
    unknown = [name for name in columns if name not in EVIDENCE]
    if unknown:
        raise InputError(f"no column {unknown[0]!r}; the columns are {', '.join(EVIDENCE)}")
    i, j = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    found: dict[str, Reals] = {}
    for names, told in _TELLERS.items():
        if set(names) & set(columns):
            found |= dict(zip(names, told(so_far, i, j), strict=True))
    table = np.empty((len(i), len(columns)), order="F")
    for k, name in enumerate(columns):
        table[:, k] = found[name]
    return table


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


def _gravity(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    nodes = Nodes(
        so_far.size, so_far.lat, so_far.lon, so_far.country, so_far.themes, dict(so_far.languages)
    )
    return tuple(pair_columns(nodes, i, j).T)


def _unplaced(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    placed = np.isfinite(so_far.lat)
    return ((~(placed[i] & placed[j])).astype(float),)


def _partners(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    each = np.log1p(so_far.degree)
    return (each[i] + each[j],)


def _common_partners(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    degree, common = so_far.degree, adamic_adar(so_far, i, j)
    beside = np.sqrt(np.maximum(degree[i] * degree[j], 1.0))
    return np.log1p(common), np.log1p(_STEEP * common / beside)


def _themes(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    within, near = _shares(so_far.themes), so_far.near
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


def _helices(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    helix = so_far.helix
    academia, industry = helix == "academia", helix == "industry"
    others = academia | (helix == "health") | (helix == "government")
    return (
        (academia[i] & academia[j]).astype(float), (industry[i] & industry[j]).astype(float),
        ((industry[i] & others[j]) | (others[i] & industry[j])).astype(float),
    )  # fmt: skip


def _helix_affinity(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    number, table = so_far.helix_ties
    return (table[number[i], number[j]],)


def _seats(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    each = np.log1p(so_far.seats)
    return (each[i] + each[j],)


def _three_steps(so_far: Past, i: Wholes, j: Wholes) -> tuple[Reals, ...]:
    return (np.log(_LEAST_WAYS + three_steps(so_far.tied, i, j)),)


_TELLERS: dict[tuple[str, ...], Callable[[Past, Wholes, Wholes], tuple[Reals, ...]]] = {
    COLUMNS: _gravity,
    ("unplaced",): _unplaced,
    ("partners",): _partners,
    ("common_partners", "closeness"): _common_partners,
    ("related_themes", "complementary"): _themes,
    ("helix_academia", "helix_industry", "helix_bridge"): _helices,
    ("helix_affinity",): _helix_affinity,
    ("seats",): _seats,
    ("three_steps",): _three_steps,
}
