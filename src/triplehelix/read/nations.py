"""In which nation of the United Kingdom a place lies, told by the nearest town."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from triplehelix.read.gazetteer import divisions
from triplehelix.sphere import chord, unit_vectors

NATIONS = {"ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"}
# Further than this from any town of the country a place is somewhere else, or at sea.
MOST_KM = 30.0


def nations_of(lat: ArrayLike, lon: ArrayLike) -> list[str | None]:
    """
    The nation of each place; None where no British town is within `MOST_KM`.

    Near a border the nearest town may be on its other side: places are told rightly but for a
    strip of a few kilometres.

    Parameters
    ----------
    lat, lon : shape (n,), degrees, WGS 84; NaN where there is no position, which gives None.

    Examples
    --------
    >>> nations_of([51.48, 55.95, 54.6, 48.86, np.nan], [-3.18, -3.19, -5.93, 2.35, 0.0])
    ['Wales', 'Scotland', 'Northern Ireland', None, None]
    """
    lat, lon = np.asarray(lat, float), np.asarray(lon, float)
    there = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    found: list[str | None] = [None] * len(lat)
    if len(there):
        tree, names = _towns()
        away, nearest = tree.query(unit_vectors(lat[there], lon[there]))
        for place, far, town in zip(there, away, nearest, strict=True):
            found[place] = names[town] if far <= chord(MOST_KM) else None
    return found


@lru_cache(maxsize=1)
def _towns() -> tuple[cKDTree, list[str]]:
    lat, lon, codes = divisions("GB")
    return cKDTree(unit_vectors(lat, lon)), [NATIONS[code] for code in codes]
