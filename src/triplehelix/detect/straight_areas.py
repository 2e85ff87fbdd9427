"""Areas of polygons whose edges are straight in longitude and latitude."""

from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.sphere import Floats

# WGS 84: NGA.STND.0036, 3.4.1 and 3.4.2.
_A_KM, _FLATTENING = 6378.137, 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)
_B2 = _A_KM**2 * (1 - _E2)
_ODD = np.arange(1, 17, 2)


def _harmonics() -> Floats:
    """
    Factors f with: area from the equator to latitude t, per radian, = sum f_k sin((2k + 1) t).

    The integral of B2 cos(t) / (1 - E2 sin(t)^2)^2 as a series in powers of sin(t), each
    power written in sines of multiples. What is left out is below 1e-17 of the first.
    """
    factors = np.zeros(len(_ODD))
    for j in range(len(_ODD)):
        power = _B2 * (j + 1) * _E2**j / (2 * j + 1)
        for k in range(j + 1):
            factors[k] += power * (-1) ** k * comb(2 * j + 1, j - k) / 4**j
    return factors


_FACTORS = _harmonics()


def straight_area_km2(geometries: ArrayLike) -> Floats:
    """
    Areas on the WGS 84 ellipsoid; an edge is the straight line between two (lon, lat).

    This is what GeoJSON says a polygon is, and what cutting polygons in degrees keeps: parts
    add up to the whole, exactly but for rounding. (`sphere.area_km2` takes an edge for the
    shortest way between its ends, so a cut through a long edge changes it.)

    Parameters
    ----------
    geometries : shape (n,) of polygons or multipolygons
        In degrees, within one turn of longitude; an empty one has area 0.

    Returns
    -------
    shape (n,), km2

    References
    ----------
    Butler et al. (2016), RFC 7946, 3.1.1 (edges). Snyder (1987), Map Projections: a working
    manual, USGS Professional Paper 1395, eq. 3-12 (the area below a latitude), here as a series,
    because the mean of a sine over an edge has a closed form.

    Examples
    --------
    >>> import shapely
    >>> whole, west = shapely.box(0, 0, 2, 60), shapely.box(0, 0, 1, 60)
    >>> areas = straight_area_km2([whole, west])
    >>> bool(areas[0] == 2 * areas[1])
    True
    >>> round(float(straight_area_km2([shapely.box(-180, -90, 180, 90)])[0]), 3)  # all of it
    510065621.724
    """
    import shapely

    shapes = np.asarray(geometries, dtype=object)
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, of_part[1:] != of_part[:-1]][: len(rings)]
    areas = np.where(first, 1.0, -1.0) * np.abs(_ring_areas(rings))
    return np.bincount(of_shape[of_part], areas, minlength=len(shapes)).astype(np.float64)


def _ring_areas(rings: Any) -> Floats:
    import shapely

    xy, ring = shapely.get_coordinates(rings, return_index=True)
    n_rings = len(rings)
    if not n_rings:
        return np.zeros(0)
    edge = ring[1:] == ring[:-1]
    lon, lat = np.radians(xy).T
    turn = np.diff(lon)
    half, middle = np.diff(lat) / 2, (lat[1:] + lat[:-1]) / 2
    # The mean of sin(m t) over an edge is that at its middle, times sin(m h) / (m h).
    below = np.sinc(half[:, None] * _ODD / np.pi) * np.sin(middle[:, None] * _ODD) @ _FACTORS
    areas = np.bincount(ring[1:][edge], (turn * below)[edge], minlength=n_rings)
    return areas.astype(np.float64)
