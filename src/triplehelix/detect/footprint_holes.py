"""Empty ground that the members of a cluster surround."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.sphere import Floats, Whole

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def empty_ground(x_km: Floats, y_km: Floats, margin_km: float) -> "BaseGeometry":
    """
    The holes of an outline: ground inside a ring of members that a margin does not reach.

    Ground counts as empty where a circle of twice the margin has no member in it, and as
    surrounded where steps between members of at most four margins lead all round it. A hole
    stands a margin away from the members and those steps, its corners are rounded as the
    outline's, and it is no smaller than a disc of one margin.

    Parameters
    ----------
    x_km, y_km : shape (n,)
        Distinct places on a flat map, in an order that their content decides.
    margin_km : kilometres, greater than 0

    Returns
    -------
    Polygon, MultiPolygon, or an empty one without holes

    References
    ----------
    Edelsbrunner, Kirkpatrick and Seidel (1983), IEEE Transactions on Information Theory 29(4),
    551-559 (triangles whose circle is too wide are not part of a shape).
    doi:10.1109/TIT.1983.1056714

    Examples
    --------
    >>> angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    >>> hole = empty_ground(20 * np.cos(angle), 20 * np.sin(angle), 2.0)
    >>> round((hole.area / np.pi) ** 0.5)  # its radius: 20 km less the margin
    18
    """
    import shapely

    none: BaseGeometry = shapely.Polygon()
    mesh = _mesh(np.c_[x_km, y_km])
    if mesh is None:
        return none
    places, triangles, neighbours = mesh
    sides, wide = _measured(places[triangles], margin_km)
    holes = [
        _hole(places[triangles[members]], sides[members], margin_km)
        for members in _surrounded(neighbours, sides, wide, margin_km)
    ]
    parts = shapely.get_parts(holes)
    return shapely.union_all(parts[shapely.area(parts) >= np.pi * margin_km**2])


def _mesh(places: Floats) -> tuple[Floats, Whole, Whole] | None:
    """The Delaunay triangles, and beyond which side lies which other (-1 none)."""
    from scipy.spatial import Delaunay, QhullError

    if len(places) < 4:
        return None
    try:
        mesh = Delaunay(places)
    except QhullError:  # all on one line
        return None
    return places, mesh.simplices, mesh.neighbors


def _measured(corners: Floats, margin_km: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Length of the side opposite each corner; whether the circle around all is too wide."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=1) - np.roll(corners, 1, axis=1), axis=2)
    (ax, ay), (bx, by) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    twice_area = np.abs(ax * by - ay * bx)
    return sides, sides.prod(axis=1) > 2 * margin_km * 2 * twice_area


def _surrounded(
    neighbours: Whole, sides: Floats, wide: NDArray[np.bool_], margin_km: float
) -> list[Whole]:
    """Groups of wide triangles joined by sides too long to step, none of them open outwards."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    outside = len(wide)
    row, side = np.nonzero((sides > 4 * margin_km) & wide[:, None])
    beyond = np.where(neighbours < 0, outside, neighbours)[row, side]
    joined = np.r_[wide, True][beyond]
    pairs = row[joined], beyond[joined]
    graph = coo_array((np.ones(len(pairs[0])), pairs), shape=(outside + 1, outside + 1))
    _, group = connected_components(graph, directed=False)
    inner = np.flatnonzero(wide & (group[:-1] != group[-1]))
    found = np.unique(group[inner])
    return [inner[group[inner] == each] for each in found]


def _hole(corners: Floats, sides: Floats, margin_km: float) -> Any:
    import shapely

    ground = shapely.union_all(shapely.polygons(corners))
    steps = np.stack([np.roll(corners, -1, axis=1), np.roll(corners, 1, axis=1)], axis=2)
    walls: Any = shapely.multilinestrings(steps[sides <= 4 * margin_km])
    places = shapely.multipoints(np.unique(corners.reshape(-1, 2), axis=0))
    near = shapely.union_all([walls, places])
    away = shapely.difference(ground, shapely.buffer(near, 1.5 * margin_km, quad_segs=16))
    return shapely.buffer(away, 0.5 * margin_km, quad_segs=16)
