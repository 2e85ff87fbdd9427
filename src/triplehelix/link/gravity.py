"""What two groups' sizes, distance, border, language and themes let one expect of their ties."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.link.paths import row_products
from triplehelix.link.ppml import ppml
from triplehelix.sphere import distance_km

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

COLUMNS = ("constant", "size", "distance", "same_country", "same_language", "shared_themes")
# Places in one town are not 0 km apart; below this, distance says nothing.
NEAREST_KM = 10.0
_Z = 1.959963984540054


class Nodes(NamedTuple):
    """
    The groups between which ties are looked at, one entry each.

    size : fractional activity, > 0.
    lat, lon : degrees; NaN where the place is unknown.
    country : ISO 3166-1 alpha-2; empty where unknown.
    themes : shape (n, n_themes), activity per theme, >= 0.
    languages : the official languages of each country, by its code.
    """

    size: ArrayLike
    lat: ArrayLike
    lon: ArrayLike
    country: ArrayLike
    themes: ArrayLike
    languages: dict[str, tuple[str, ...]] = {}


class Gravity(NamedTuple):
    """
    The fitted model: per column its coefficient and error; per pair what is to be expected.

    `expected` is in the unit of the weights and `low`, `high` its 95 % interval; the residual
    is weight - expected, with bounds `residual_low`, `residual_high`. `covariance` is that of
    the coefficients.
    """

    columns: tuple[str, ...]
    coefficients: Reals
    errors: Reals
    expected: Reals
    low: Reals
    high: Reals
    residual: Reals
    residual_low: Reals
    residual_high: Reals
    covariance: Reals


def pair_columns(nodes: Nodes, first: ArrayLike, second: ArrayLike) -> Reals:
    """
    The columns of the model for pairs of nodes.

    Parameters
    ----------
    nodes : Nodes
    first, second : shape (n_pairs,)
        Indices of the nodes.

    Returns
    -------
    shape (n_pairs, 6)
        In the order of `COLUMNS`: 1; log of the product of sizes; log of km, at least 10
        (the mean over the pairs with a place where one is unknown); 1 if both are known to be
        of one country; 1 if their countries share an official language; cosine of their
        themes (0 where one has none).

    Raises
    ------
    InputError
        If a size is not above 0 and finite, or the columns of nodes differ in length.

    Examples
    --------
    >>> two = Nodes([2, 3], [53.8, 51.5], [-1.55, -0.12], ["GB", "GB"], [[1, 0], [1, 1]],
    ...             {"GB": ("en",)})
    >>> pair_columns(two, [0], [1]).round(2).tolist()
    [[1.0, 1.79, 5.61, 1.0, 1.0, 0.71]]
    """
    size, lat, lon, country, themes = _checked(nodes)
    i, j = np.asarray(first, dtype=int), np.asarray(second, dtype=int)
    km = _log_km(lat, lon, i, j)
    known = np.isfinite(km)
    km = np.where(known, km, km[known].mean() if known.any() else 0.0)
    codes, number = np.unique(country, return_inverse=True)
    here, there = number[i], number[j]
    unit = _unit(themes)
    return np.column_stack([
        np.ones(len(i)), np.log(size)[i] + np.log(size)[j], km,
        (here == there) & (codes != "")[here],
        _shared_language(nodes.languages, codes)[here, there],
        row_products(unit, unit, i, j),
    ]).astype(float)  # fmt: skip


def gravity(
    weight: ArrayLike,
    columns: ArrayLike,
    *,
    ends: tuple[ArrayLike, ArrayLike],
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    told: ArrayLike | None = None,
    names: tuple[str, ...] = COLUMNS,
) -> Gravity:
    """
    Gravity model of collaboration, and by how much each pair goes beyond it.

    Parameters
    ----------
    weight : shape (n_pairs,)
        Fractional collaboration, >= 0. Give every pair, 0 for those that do not work
        together: leaving them out overstates what is to be expected.
    columns : shape (n_pairs, k)
        From `pair_columns`, or your own.
    ends : the two nodes of each pair.
    bounds : low and high of each weight that is told of (from `ties`), optional; by default
        the weights are taken as exact.
    told : indices of the pairs to tell of, optional; by default all.
    names : of the columns.

    Returns
    -------
    Gravity
        Arrays per pair told of, in the order given. Bounds of a residual join those of the
        weight and of the expectation in quadrature (MOVER).

    Raises
    ------
    InputError
        As `ppml`, and if weight lies outside its bounds.

    References
    ----------
    Scherngell and Barber (2009), Papers in Regional Science 88(3), 531-546: gravity models of
    collaboration in the EU's framework programmes. doi:10.1111/j.1435-5957.2008.00215.x
    Zou and Donner (2008), Statistics in Medicine 27(10), 1693-1702: the bounds of a difference.
    doi:10.1002/sim.3095

    Examples
    --------
    Ties that fall as one over the distance are as expected:

    >>> km = np.array([10.0, 20, 40, 80])
    >>> found = gravity(100 / km, np.column_stack([np.ones(4), np.log(km)]),
    ...                 ends=([0, 0, 1, 2], [1, 2, 3, 3]), names=("constant", "distance"))
    >>> found.coefficients.round(3).tolist(), found.expected.round(3).tolist()
    ([4.605, -1.0], [10.0, 5.0, 2.5, 1.25])
    """
    fit = ppml(weight, columns, ends=ends)
    x, w = np.asarray(columns, dtype=float), np.asarray(weight, dtype=float)
    if told is not None:
        x, w = x[np.asarray(told)], w[np.asarray(told)]
    log_mean, error = fit.log_expected(x), fit.log_error(x)
    expected, low, high = (np.exp(log_mean + z * error) for z in (0.0, -_Z, _Z))
    below, above = _checked_bounds(w, bounds)
    residual = w - expected
    return Gravity(
        tuple(names), fit.coefficients, np.sqrt(np.maximum(np.diag(fit.covariance), 0.0)),
        expected, low, high, residual, residual - np.hypot(w - below, high - expected),
        residual + np.hypot(above - w, expected - low), fit.covariance,
    )  # fmt: skip


def _shared_language(languages: dict[str, tuple[str, ...]], codes: NDArray[np.str_]) -> Reals:
    """Countries x countries: 1 where they share a language."""
    spoken = [set(languages.get(str(code), ())) for code in codes]
    return np.array([[float(bool(a & b)) for b in spoken] for a in spoken])


def _log_km(lat: Reals, lon: Reals, i: Wholes, j: Wholes) -> Reals:
    log_km = np.full(len(i), np.nan)
    placed = np.isfinite(lat) & np.isfinite(lon)
    both = np.flatnonzero(placed[i] & placed[j])
    i, j = i[both], j[both]
    log_km[both] = np.log(np.maximum(distance_km(lat[i], lon[i], lat[j], lon[j]), NEAREST_KM))
    return log_km


def _unit(themes: Reals) -> Reals:
    length = np.sqrt((themes**2).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(themes, length, out=np.zeros_like(themes), where=length > 0))


def _checked(nodes: Nodes) -> tuple[Reals, Reals, Reals, NDArray[np.str_], Reals]:
    size, lat, lon = (np.asarray(v, dtype=float) for v in (nodes.size, nodes.lat, nodes.lon))
    country, themes = np.asarray(nodes.country, dtype=str), np.asarray(nodes.themes, dtype=float)
    if themes.ndim != 2 or len({len(v) for v in (size, lat, lon, country, themes)}) > 1:
        raise InputError(
            f"nodes have {len(size)} sizes, {len(lat)} lat, {len(lon)} lon, {len(country)} "
            f"countries and themes of shape {themes.shape}; give one row each per node"
        )
    bad = np.flatnonzero(~(np.isfinite(size) & (size > 0)))
    if len(bad):
        raise InputError(
            f"size[{bad[0]}] is {size[bad[0]]} ({len(bad)} such); leave out nodes without activity"
        )
    return size, lat, lon, country, themes


def _checked_bounds(
    weight: Reals, bounds: tuple[ArrayLike, ArrayLike] | None
) -> tuple[Reals, Reals]:
    if bounds is None:
        return weight, weight
    low, high = (np.asarray(each, dtype=float) for each in bounds)
    bad = np.flatnonzero(~((low <= weight) & (weight <= high)))
    if len(bad):
        k = bad[0]
        raise InputError(
            f"weight[{k}] is {weight[k]}, outside its bounds {low[k]} to {high[k]} ({len(bad)} "
            "such); give the bounds of these very weights"
        )
    return low, high
