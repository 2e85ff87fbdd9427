"""The outlines of clusters on the map."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from triplehelix.detect.footprint_borders import settled
from triplehelix.detect.footprint_coast import Land
from triplehelix.detect.footprint_globe import on_the_globe
from triplehelix.detect.footprint_holes import empty_ground
from triplehelix.errors import InputError
from triplehelix.sphere import Floats, Whole, centroid, checked_degrees, to_plane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# How far the outline follows bays between members: 0 every one, 1 none (the convex hull).
_HOLLOWNESS = 0.3
# A straight line of the flat map is bent in degrees; at this length by some 10 m.
_STRAIGHT_KM = 20.0


def footprint(lat: ArrayLike, lon: ArrayLike, *, margin_km: float) -> "BaseGeometry":
    """
    The outline around the members of a cluster, `margin_km` beyond the outermost ones.

    A concave hull of the members on a flat map around their middle, widened by the margin,
    its inner corners rounded. Empty ground that members surround is a hole if a circle of two
    margins without a member fits into it. Members at one place give a disc. It is drawn for
    people: membership, not the outline, says who belongs to a cluster.

    Parameters
    ----------
    lat, lon : shape (n,), n >= 1
        Degrees.
    margin_km : kilometres
        From 0.01 to 1,000.

    Returns
    -------
    Polygon, or MultiPolygon where the 180th meridian cuts it
        OGC:CRS84 (x is longitude, y latitude) in degrees with 5 decimals, valid, the same for
        any order of the rows.

    Raises
    ------
    InputError
        If there is no member, a coordinate or the margin is out of range, or the members
        cancel out around the globe (see `sphere.centroid`).

    References
    ----------
    Duckham, Kulik, Worboys and Galton (2008), Pattern Recognition 41(10), 3224-3236 (concave
    hull by removing long edges of a triangulation). doi:10.1016/j.patcog.2008.03.023
    Edelsbrunner, Kirkpatrick and Seidel (1983), IEEE Transactions on Information Theory 29(4),
    551-559 (holes). doi:10.1109/TIT.1983.1056714
    Butler et al. (2016), RFC 7946, 3.1.9 (cutting at the 180th meridian).

    Examples
    --------
    >>> disc = footprint([52.2], [0.1], margin_km=5)
    >>> disc.geom_type, [round(x, 2) for x in disc.bounds]
    ('Polygon', [0.03, 52.16, 0.17, 52.24])
    """
    latitude, longitude = checked_degrees(lat, lon)
    _check_margin(margin_km)
    if not len(latitude):
        raise InputError("a footprint needs at least one member; drop the empty cluster")
    return _around(np.unique(np.c_[latitude, longitude], axis=0), margin_km)


def footprints(
    lat: ArrayLike,
    lon: ArrayLike,
    label: ArrayLike,
    *,
    margin_km: float,
    land: Sequence["BaseGeometry"] | None = None,
) -> "list[BaseGeometry]":
    """
    The outlines of all clusters of one level, on land and without overlap.

    Each is the `footprint` of its cluster, without the water of its margin and without what
    other clusters have a nearer member to.

    Parameters
    ----------
    lat, lon : shape (n,)
        Degrees.
    label : shape (n,)
        The cluster of each member, 0 to k - 1, none of them without a member; -1 for none.
    margin_km : kilometres
        From 0.01 to 1,000.
    land : polygons in degrees that do not overlap, OGC:CRS84
        What they do not cover is water. A member in the water keeps a disc of 1 km, or of the
        margin if that is less. None: nothing is clipped.

    Returns
    -------
    k of Polygon or MultiPolygon, in order of label
        As those of `footprint`: degrees with 5 decimals, valid, none empty, the same for any
        order of the rows. The area that two of them share is 0, and neighbours have the same
        corners along their border. Every member is in its own, unless a member of another
        cluster stands within 3 m.

    Raises
    ------
    InputError
        As for `footprint`; or if the labels are not 0 to k - 1, or one place is in two clusters.

    References
    ----------
    As for `footprint`, and Okabe, Boots, Sugihara and Chiu (2000), Spatial Tessellations,
    section 2.1 (the ground nearest to each of several places). doi:10.1002/9780470317013

    Examples
    --------
    >>> west, east = footprints([52.2, 52.2], [0.1, 0.15], [0, 1], margin_km=5)
    >>> west.intersection(east).area, west.bounds[2] == east.bounds[0] == 0.125
    (0.0, True)
    """
    latitude, longitude = checked_degrees(lat, lon)
    _check_margin(margin_km)
    places = _places(latitude, longitude, label)
    outlines = [_around(each, margin_km) for each in places]
    if land is not None:
        ground = Land(land)
        outlines = [
            ground.under(outline, each, margin_km)
            for outline, each in zip(outlines, places, strict=True)
        ]
    return settled(outlines, places)


def _check_margin(margin_km: float) -> None:
    if not 0.01 <= margin_km <= 1000:
        raise InputError(f"margin_km is {margin_km}; give kilometres, from 0.01 to 1000")


def _places(latitude: Floats, longitude: Floats, label: ArrayLike) -> list[Floats]:
    """The distinct places of each cluster, in order of latitude and longitude."""
    labels = _labels(label, len(latitude))
    rows = np.unique(np.c_[labels, latitude, longitude][labels >= 0], axis=0)
    _, first, times = np.unique(rows[:, 1:], axis=0, return_index=True, return_counts=True)
    if (times > 1).any():
        _, lat, lon = rows[first[times > 1][0]]
        raise InputError(
            f"the place {lat:g}, {lon:g} (lat, lon) is in {times.max()} clusters "
            f"({(times > 1).sum()} such places); give each place to one cluster"
        )
    n_clusters = int(rows[-1, 0]) + 1 if len(rows) else 0
    ends = np.searchsorted(rows[:, 0], np.arange(1, n_clusters))
    return [each[:, 1:] for each in np.split(rows, ends)] if len(rows) else []


def _labels(label: ArrayLike, n: int) -> Whole:
    labels: Any = np.asarray(label)
    if labels.shape != (n,) or (n and labels.dtype.kind not in "iu"):
        raise InputError(
            f"label must be {n} whole numbers, one for each member, got {labels.dtype} of shape "
            f"{labels.shape}"
        )
    present = np.unique(labels[labels >= 0])
    missing = np.setdiff1d(np.arange(len(present)), present)
    if len(missing):
        raise InputError(
            f"no member has the label {missing[0]} although some have {present[-1]}; number the "
            "clusters 0, 1, 2, ... without a gap"
        )
    return np.asarray(labels, dtype=np.int64)


def _around(places: Floats, margin_km: float) -> "BaseGeometry":
    centre = centroid(places[:, 0], places[:, 1])
    outline = _outline(*to_plane(places[:, 0], places[:, 1], centre=centre), margin_km)
    return on_the_globe(outline, centre)


def _outline(x_km: Floats, y_km: Floats, margin_km: float) -> "BaseGeometry":
    import shapely

    hull = shapely.concave_hull(shapely.multipoints(np.c_[x_km, y_km]), ratio=_HOLLOWNESS)
    # Half a margin further and back again rounds the inner corners.
    wide = shapely.buffer(hull, 1.5 * margin_km, quad_segs=16)
    smooth = shapely.buffer(wide, -0.5 * margin_km, quad_segs=16)
    solid = shapely.difference(smooth, empty_ground(x_km, y_km, margin_km))
    return shapely.segmentize(shapely.simplify(solid, margin_km / 200), _STRAIGHT_KM)
