"""
Distances, areas and places on the Earth.

Degrees outside, radians inside; latitude before longitude; kilometres. Distances are those
of a sphere with the Earth's mean radius (within 0.6 % of the ellipsoid's); areas are those
of the WGS 84 ellipsoid.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.errors import InputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

# Mean radius of the GRS 80 ellipsoid: Moritz (2000), Journal of Geodesy 74, 128-133.
EARTH_RADIUS_KM = 6371.0088
# Surface of the WGS 84 ellipsoid.
_EARTH_KM2 = 510_065_621.724
HALF_CIRCUMFERENCE_KM = float(np.pi * EARTH_RADIUS_KM)


def checked_degrees(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """
    Latitudes and longitudes as arrays, each place written in one way only.

    Parameters
    ----------
    lat, lon : shape (n,)
        Degrees, -90 to 90 and -180 to 180.

    Returns
    -------
    lat, lon : shape (n,)
        Longitude 180 becomes -180, every longitude at a pole becomes 0, and -0.0 becomes
        0.0, so that two rows are at one place exactly when their numbers are equal.

    Raises
    ------
    InputError
        If the two are not 1-D and of one length, or a value is not finite or out of range.

    Examples
    --------
    >>> checked_degrees([52.2, 90, 0], [20, 77, 180])
    (array([52.2, 90. ,  0. ]), array([  20.,    0., -180.]))
    """
    latitude, longitude = _numbers("lat", lat), _numbers("lon", lon)
    if len(latitude) != len(longitude):
        raise InputError(
            f"lat has {len(latitude)} values and lon {len(longitude)}; "
            "give one latitude and one longitude for each place"
        )
    _check_range("lat", latitude, 90.0, "; are latitude and longitude swapped?")
    _check_range("lon", longitude, 180.0, "; subtract 360 from longitudes counted 0 to 360")
    at_pole = np.abs(latitude) == 90.0
    one_way = np.where(at_pole, 0.0, np.where(longitude == 180.0, -180.0, longitude))
    return latitude + 0.0, one_way + 0.0


def _numbers(what: str, values: ArrayLike) -> Floats:
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} must be numbers, in degrees ({error})") from error
    if numbers.ndim != 1:
        raise InputError(
            f"{what} must be a list of degrees (1-D), got shape {numbers.shape}; "
            f"for one place pass [{what}], for a column of a table its values"
        )
    return numbers


def _check_range(what: str, values: Floats, limit: float, hint: str) -> None:
    bad = np.flatnonzero(~(np.abs(values) <= limit))
    if not len(bad):
        return
    value = values[bad[0]]
    remedy = hint if np.isfinite(value) else "; drop the rows without a position"
    raise InputError(
        f"{what}[{bad[0]}] is {value} ({len(bad)} such values); "
        f"degrees must lie in -{limit:g} to {limit:g}{remedy}"
    )


def lon_difference(lon: ArrayLike, other_lon: ArrayLike) -> Floats:
    """
    The shorter way round from `other_lon` to `lon`: degrees in [-180, 180), east positive.

    Examples
    --------
    >>> lon_difference([-179.0, 10.0], [179.0, 350.0])
    array([ 2., 20.])
    """
    difference = np.asarray(lon, dtype=np.float64) - np.asarray(other_lon, dtype=np.float64)
    return np.asarray((difference + 180.0) % 360.0 - 180.0)


def distance_km(lat: ArrayLike, lon: ArrayLike, other_lat: ArrayLike, other_lon: ArrayLike) -> Any:
    """
    Great-circle distance: degrees in, kilometres out, NaN where any of the four is NaN.

    The four arguments broadcast against each other. Accurate from millimetres to antipodes,
    where the haversine formula loses half of its digits.

    References
    ----------
    Vincenty (1975), Survey Review 23(176), 88-93, with equal axes. doi:10.1179/sre.1975.23.176.88

    Examples
    --------
    >>> round(float(distance_km(0, 0, 0, 90)), 3)  # a quarter of the circumference
    10007.557
    """
    phi, other_phi = np.radians(lat), np.radians(other_lat)
    turn = np.radians(np.asarray(other_lon, dtype=np.float64) - np.asarray(lon, dtype=np.float64))
    north = np.cos(phi) * np.sin(other_phi) - np.sin(phi) * np.cos(other_phi) * np.cos(turn)
    east = np.cos(other_phi) * np.sin(turn)
    along = np.sin(phi) * np.sin(other_phi) + np.cos(phi) * np.cos(other_phi) * np.cos(turn)
    return EARTH_RADIUS_KM * np.arctan2(np.hypot(north, east), along)


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """
    Places as points of the unit sphere in space, shape (n, 3).

    x points to (0, 0), y to 90 degrees east, z to the north pole.

    Examples
    --------
    >>> unit_vectors([0, 90], [0, 0]).round(6) + 0.0
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    phi, lam = np.radians(lat), np.radians(lon)
    flat = np.cos(phi)
    return np.stack([flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)], axis=-1)


def degrees(vectors: ArrayLike) -> tuple[Floats, Floats]:
    """Latitude and longitude, shape (n,), of vectors (n, 3) of any length but zero."""
    x, y, z = np.moveaxis(np.asarray(vectors, dtype=np.float64), -1, 0)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def chord(arc_km: ArrayLike) -> Floats:
    """
    The straight line, in radii, under an arc of 0 km to half of the circumference.

    Two places are within an arc exactly when their unit vectors are within its chord.

    Examples
    --------
    >>> round(float(chord(HALF_CIRCUMFERENCE_KM)), 12)
    2.0
    """
    return np.asarray(2.0 * np.sin(np.asarray(arc_km, dtype=np.float64) / (2.0 * EARTH_RADIUS_KM)))


def arc_km(chord: ArrayLike) -> Floats:
    """The arc, in kilometres, over a straight line of 0 to 2 radii: the inverse of `chord`."""
    # Rounding can lift the chord of antipodes above 2, where arcsin gives NaN.
    half = np.minimum(np.asarray(chord, dtype=np.float64) / 2.0, 1.0)
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(half))


def centroid(
    lat: ArrayLike, lon: ArrayLike, weight: ArrayLike | None = None
) -> tuple[float, float]:
    """
    The weighted middle of places: the direction of their mean vector.

    Parameters
    ----------
    lat, lon : shape (n,), n >= 1
        Degrees.
    weight : shape (n,), optional
        Each >= 0; 1 each when left out or when all are 0.

    Returns
    -------
    lat, lon : degrees
        The same, to the last bit, whatever the order of the rows.

    Raises
    ------
    InputError
        If there is no place, or the places cancel out (such as two antipodes).

    References
    ----------
    Mardia and Jupp (2000), Directional Statistics, section 9.2.1.

    Examples
    --------
    >>> tuple(round(x, 6) for x in centroid([0, 0], [179, -179]))
    (0.0, -180.0)
    """
    latitude, longitude = checked_degrees(lat, lon)
    mass = np.ones(len(latitude)) if weight is None else np.asarray(weight, dtype=np.float64)
    if not len(latitude):
        raise InputError("a centroid needs at least one place; drop the empty group")
    if not mass.any():
        mass = np.ones(len(latitude))
    # Content order, so that rounding does not depend on the order of the rows.
    order = np.lexsort((mass, longitude, latitude))
    vectors = unit_vectors(latitude[order], longitude[order]) * mass[order, None]
    mean = np.cumsum(vectors, axis=0)[-1] / mass[order].cumsum()[-1]
    if np.linalg.norm(mean) < 1e-9:
        raise InputError(
            f"the {len(latitude)} places cancel out around the globe and have no middle; "
            "split them into smaller groups"
        )
    middle_lat, middle_lon = degrees(mean)
    return float(middle_lat), -180.0 if middle_lon == 180.0 else float(middle_lon) + 0.0


def to_plane(
    lat: ArrayLike, lon: ArrayLike, *, centre: tuple[float, float]
) -> tuple[Floats, Floats]:
    """
    A flat map around a place: true distance and direction from `centre` (lat, lon).

    Returns
    -------
    x, y : km east and north of the centre

    References
    ----------
    Snyder (1987), Map Projections: a working manual, USGS Professional Paper 1395,
    pp. 191-202 (azimuthal equidistant, sphere).
    """
    phi, phi_0 = np.radians(lat), np.radians(centre[0])
    turn = np.radians(np.asarray(lon, dtype=np.float64) - centre[1])
    east = np.cos(phi) * np.sin(turn)
    north = np.cos(phi_0) * np.sin(phi) - np.sin(phi_0) * np.cos(phi) * np.cos(turn)
    along = np.sin(phi_0) * np.sin(phi) + np.cos(phi_0) * np.cos(phi) * np.cos(turn)
    across = np.hypot(east, north)
    angle = np.arctan2(across, along)
    scale = EARTH_RADIUS_KM * np.divide(angle, across, where=across > 0, out=np.ones_like(across))
    return scale * east, scale * north


def from_plane(
    x_km: ArrayLike, y_km: ArrayLike, *, centre: tuple[float, float]
) -> tuple[Floats, Floats]:
    """
    Latitude and longitude of points of the flat map around `centre`: undoes `to_plane`.

    Longitude lies within 180 degrees of the centre's, so it may pass 180 or -180.
    """
    x, y = np.asarray(x_km, dtype=np.float64), np.asarray(y_km, dtype=np.float64)
    phi_0, rho = np.radians(centre[0]), np.hypot(x, y)
    angle = rho / EARTH_RADIUS_KM
    per_km = np.divide(
        np.sin(angle), rho, where=rho > 0, out=np.full_like(rho, 1 / EARTH_RADIUS_KM)
    )
    up = np.cos(angle) * np.sin(phi_0) + y * per_km * np.cos(phi_0)
    out = np.cos(angle) * np.cos(phi_0) - y * per_km * np.sin(phi_0)
    east = x * per_km
    lat = np.degrees(np.arctan2(up, np.hypot(out, east)))
    return lat, centre[1] + np.degrees(np.arctan2(east, out))


def area_km2(geometry: "BaseGeometry") -> float:
    """
    Area of a polygon or multipolygon given in (lon, lat) degrees, on the WGS 84 ellipsoid.

    Edges are geodesics. An empty geometry has area 0.

    References
    ----------
    Karney (2013), Journal of Geodesy 87, 43-55. doi:10.1007/s00190-012-0578-z

    Examples
    --------
    >>> import shapely
    >>> round(area_km2(shapely.box(0, 0, 1, 1)))  # one degree square at the equator
    12309
    """
    from shapely import get_parts

    return sum((_polygon_km2(part) for part in get_parts(geometry) if part.area > 0), 0.0)


def _polygon_km2(polygon: Any) -> float:
    holes = (_ring_km2(ring) for ring in polygon.interiors)
    return _ring_km2(polygon.exterior) - sum(holes, 0.0)


def _ring_km2(ring: Any) -> float:
    from pyproj import Geod

    lon, lat = np.asarray(ring.coords if ring.is_ccw else ring.coords[::-1]).T
    square_m, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    # What is larger than a hemisphere comes back less the whole Earth: a flat map that keeps
    # areas (longitude by the sine of latitude) tells, roughly, which it was.
    height = np.sin(np.radians(lat))
    rough = np.radians(np.diff(lon)) @ (height[1:] + height[:-1]) / -2.0 * EARTH_RADIUS_KM**2
    missing = round((rough - square_m / 1e6) / _EARTH_KM2)
    return float(square_m / 1e6 + missing * _EARTH_KM2)
