"""Which places of the gazetteer lie near given points."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088


def nearest(
    lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    For each point, the nearest of some others, on the great circle.

    Parameters
    ----------
    lat, lon : shape (n,), degrees. The points asked about.
    to_lat, to_lon : shape (m,), degrees, m >= 1. Of equally near ones either may be given.

    Returns
    -------
    index : shape (n,), into the others.
    distance_km : shape (n,).

    Examples
    --------
    >>> index, km = nearest([51.5], [-0.1], [52.2, 51.75], [0.12, -1.26])
    >>> index.tolist(), km.round().tolist()
    ([0], [79.0])
    """
    from scipy.spatial import cKDTree

    # Each point once: a tree cannot part a town's thousand organisations, and would go through
    # all of them for every question.
    others, first = np.unique(_unit_vectors(to_lat, to_lon), axis=0, return_index=True)
    chord, index = cKDTree(others).query(_unit_vectors(lat, lon), workers=-1)
    arc = 2 * np.arcsin(np.clip(chord / 2, 0, 1))
    return first[index].astype(np.int64), arc * EARTH_RADIUS_KM


def _unit_vectors(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    phi, lam = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
