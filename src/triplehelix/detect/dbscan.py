"""Density-based clusters of weighted places on the sphere: exact, and the same in any order."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError
from triplehelix.sphere import HALF_CIRCUMFERENCE_KM, Floats, checked_degrees, chord

# The least distance that coordinates in degrees can tell apart in double precision, and then some.
LEAST_RADIUS_KM = 1e-6


# Heavier rows would overflow sums; see `kernels.add_up_in_any_order`.
_MOST_WEIGHT = 1e200


class Clustering(NamedTuple):
    """A label for each row (-1 is noise), and whether it is core; by radius, if several."""

    labels: NDArray[np.int64]
    core: NDArray[np.bool_]


class Find(Protocol):
    """Finds the clusters of rows it knows, by what they weigh; a least weight may be given."""

    def __call__(
        self, weight: ArrayLike | None = None, min_weight: float | None = None, /
    ) -> Clustering:
        """Labels, and which rows are core."""
        ...


def dbscan(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    radius_km: float | Sequence[float],
    min_weight: float,
    weight: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """
    Clusters of places that are dense on the sphere (DBSCAN with weights).

    A row is core when the weight within `radius_km` of it, its own included, is at least
    `min_weight`. Core rows within `radius_km` of each other share a cluster. Any other row
    goes with the nearest core row within `radius_km`, and is noise without one.

    Rows at one place are merged first, so a weight of 3 is the same as three rows, and rows
    in any order get the same labels. A place of no weight is never core and joins no others;
    it can still go with a core row near it. Longitudes 180 and -180 are one, and so are all
    longitudes at a pole. Distances are great-circle, and a pair counts as within the radius
    up to 13 nanometres beyond it, so that rounding does not decide.

    Parameters
    ----------
    lat, lon : shape (n,)
        Degrees, -90 to 90 and -180 to 180.
    radius_km : kilometres, or several such numbers
        From 0.000001 to half of the Earth's circumference, 20,015.1. For several, rows are
        merged once: quicker than one call for each.
    min_weight : greater than 0
        In the unit of `weight`.
    weight : shape (n,), optional
        Each from 0 to 1e200; 1 each when left out.

    Returns
    -------
    labels : integers of shape (n,), or (n_radii, n) for several radii
        -1 is noise. Cluster 0 is the heaviest; of equals, the one whose southernmost
        (then westernmost) member lies further south (then west) comes first. No rows, no
        labels.

    Raises
    ------
    InputError
        If arrays differ in length or are not 1-D, a coordinate is out of range, a weight is
        negative, any value is not finite, or there is no radius.

    References
    ----------
    Ester, Kriegel, Sander and Xu (1996), KDD-96, 226-231. Border places are left to chance
    there (section 4.1); here the nearest core place decides, and of two as near the one with
    the lesser (lat, lon).

    Examples
    --------
    >>> dbscan([51.5, 51.52, 52.2, 0], [-0.1, -0.12, 0.1, 0], radius_km=15, min_weight=2)
    array([ 0,  0, -1, -1])
    >>> dbscan([51.5, 52.2], [-0.1, 0.1], radius_km=15, min_weight=2, weight=[2, 5])
    array([1, 0])

    Apart at 15 km, together at 100 km:

    >>> dbscan([51.5, 52.2], [-0.1, 0.1], radius_km=[15, 100], min_weight=2, weight=[2, 5])
    array([[1, 0],
           [0, 0]])
    """
    return clustering(lat, lon, radius_km=radius_km, min_weight=min_weight, weight=weight).labels


def clustering(
    lat: ArrayLike,
    lon: ArrayLike,
    *,
    radius_km: float | Sequence[float],
    min_weight: float,
    weight: ArrayLike | None = None,
) -> Clustering:
    """The labels of `dbscan`, and which rows are core; arguments and errors are the same."""
    return finder(lat, lon, radius_km=radius_km, min_weight=min_weight)(weight)


def finder(
    lat: ArrayLike, lon: ArrayLike, *, radius_km: float | Sequence[float], min_weight: float
) -> Find:
    """
    The function from weights to clusters of these rows: `finder(...)(weight)` is `clustering`.

    What does not depend on the weights is done once, for whoever weighs the same rows many
    times. The function may be called from several threads, and with another least weight.
    """
    latitude, longitude = checked_degrees(lat, lon)
    radii = _checked_radii(radius_km)
    _check_min_weight(min_weight)
    n, shape = len(latitude), (*np.shape(radius_km), len(latitude))
    if not n:
        return lambda weight=None, least=None, /: _of_no_rows(weight, shape)
    # Here, because importing Numba takes a second and most of what imports this never detects.
    from triplehelix.detect.density import dense_components, grid_of
    from triplehelix.detect.places import merged, numbered, weight_of_places

    places = merged(latitude, longitude, None)
    del latitude, longitude
    grids = [grid_of(places, float(chord(radius))) for radius in radii]

    def find(weight: ArrayLike | None = None, least: float | None = None, /) -> Clustering:
        enough = float(min_weight if least is None else least)
        mass = checked_weight(weight, n)
        weighed = places._replace(weight=weight_of_places(places.of_row, mass, len(places.lat)))
        found = Clustering(np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.bool_))
        for i, grid in enumerate(grids):
            component, core = dense_components(grid, weighed.weight, enough)
            found.labels.reshape(-1, n)[i] = numbered(component, weighed)[places.of_row]
            found.core.reshape(-1, n)[i] = core[places.of_row]
        return found

    return find


def _of_no_rows(weight: ArrayLike | None, shape: tuple[int, ...]) -> Clustering:
    checked_weight(weight, 0)
    return Clustering(np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.bool_))


def checked_weight(weight: ArrayLike | None, n: int) -> Floats | None:
    """The weights of n rows as an array, or None for 1 each."""
    if weight is None:
        return None
    try:
        mass = np.asarray(weight, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"weight must be numbers ({error}); leave it out for 1 each") from error
    if mass.shape != (n,):
        raise InputError(
            f"weight has shape {mass.shape}, but there are {n} places; "
            "give one weight for each place, or leave it out for 1 each"
        )
    bad = np.flatnonzero(~((mass >= 0) & (mass <= _MOST_WEIGHT)))
    if len(bad):
        raise InputError(
            f"weight[{bad[0]}] is {mass[bad[0]]} ({len(bad)} such values); weights must be "
            f"finite, from 0 to {_MOST_WEIGHT:g}: use 0 for a row that does not count, or drop it"
        )
    return mass


def _checked_radii(radius_km: float | Sequence[float]) -> Floats:
    try:
        radii = np.asarray(radius_km, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"radius_km is {radius_km!r}; give kilometres as a number") from error
    if radii.ndim > 1 or not radii.size:
        raise InputError(f"radius_km is {radius_km}; give one radius, or a list of them")
    bad = ~((radii >= LEAST_RADIUS_KM) & (radii <= HALF_CIRCUMFERENCE_KM))
    if bad.any():
        raise InputError(
            f"radius_km is {radius_km}; give kilometres, from {LEAST_RADIUS_KM:f} (a millimetre) "
            f"to {HALF_CIRCUMFERENCE_KM:.1f} (half of the Earth's circumference)"
        )
    return radii.ravel()


def _check_min_weight(min_weight: float) -> None:
    if not 0 < min_weight < np.inf:
        raise InputError(
            f"min_weight is {min_weight}; give a finite number greater than 0: "
            "the weight that makes a place dense, such as 5 organisations"
        )
