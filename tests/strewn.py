"""Places strewn on the sphere, for tests of what finds clusters among them."""

import numpy as np

from triplehelix.sphere import from_plane, lon_difference


def around(lat, lon, spread_km, n, rng):
    """n places strewn about one, with longitudes in -180 to 180: rows of (lat, lon)."""
    east, north = rng.normal(0, spread_km, (2, n))
    lat, lon = from_plane(east, north, centre=(lat, lon))
    return np.c_[lat, lon_difference(lon, 0.0)]


def everywhere(n, rng):
    """n places strewn evenly over the sphere: rows of (lat, lon)."""
    return np.c_[np.degrees(np.arcsin(rng.uniform(-1, 1, n))), rng.uniform(-180, 180, n)]
