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
    corners, beyond = mesh
    through = _open_sides(corners, beyond, margin_km)
    holes = [
        _hole(corners[group], through[group], margin_km) for group in _surrounded(beyond, through)
    ]
    parts = shapely.get_parts(holes)
    return shapely.union_all(parts[shapely.area(parts) >= np.pi * margin_km**2])


def _mesh(places: Floats) -> tuple[Floats, Whole] | None:
    """The Delaunay triangles; and which lies beyond the side opposite each corner (-1 none)."""
    from scipy.spatial import Delaunay, QhullError

    if len(places) < 4:
        return None
    try:
        mesh = Delaunay(places)
    except QhullError:  # all on one line
        return None
    return places[mesh.simplices], mesh.neighbors


def _open_sides(corners: Floats, beyond: Whole, margin_km: float) -> NDArray[np.bool_]:
    """
    Sides, by the corner opposite, through which empty ground goes on.

    Both triangles beside it are wide: a circle of two margins fits between their corners. And it
    is no step between members: it is too long, or a member stands in the circle it spans.
    """
    sides = np.linalg.norm(np.roll(corners, -1, axis=1) - np.roll(corners, 1, axis=1), axis=2)
    (ax, ay), (bx, by) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    twice_area = np.abs(ax * by - ay * bx)
    wide = sides.prod(axis=1) > 2 * margin_km * 2 * twice_area
    blunt = 2 * sides**2 > (sides**2).sum(axis=1, keepdims=True)
    # The circle a side spans can hold the corner of either triangle.
    here = np.arange(len(corners))[:, None, None]
    shared = beyond[beyond] == here
    spans = blunt | ((beyond >= 0) & (shared & blunt[beyond]).any(axis=2))
    empty = wide[:, None] & np.r_[wide, True][beyond]
    return np.asarray(empty & ((sides > 4 * margin_km) | spans))


def _surrounded(beyond: Whole, through: NDArray[np.bool_]) -> list[Whole]:
    """Groups of triangles joined by open sides, none of them open outwards."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    outside = len(beyond)
    row, side = np.nonzero(through)
    other = np.where(beyond < 0, outside, beyond)[row, side]
    graph = coo_array((np.ones(len(row)), (row, other)), shape=(outside + 1, outside + 1))
    _, group = connected_components(graph, directed=False)
    inner = np.flatnonzero(through.any(axis=1) & (group[:-1] != group[-1]))
    return [inner[group[inner] == each] for each in np.unique(group[inner])]


def _hole(corners: Floats, through: NDArray[np.bool_], margin_km: float) -> Any:
    import shapely

    triangles: Any = shapely.polygons(corners)
    if shapely.area(triangles).sum() < np.pi * margin_km**2:
        return shapely.Polygon()
    ground = shapely.union_all(triangles)
    steps = np.stack([np.roll(corners, -1, axis=1), np.roll(corners, 1, axis=1)], axis=2)
    walls: Any = shapely.multilinestrings(steps[~through])
    places = shapely.multipoints(np.unique(corners.reshape(-1, 2), axis=0))
    near = shapely.union_all([walls, places])
    away = shapely.difference(ground, shapely.buffer(near, 1.5 * margin_km, quad_segs=16))
    return shapely.buffer(away, 0.5 * margin_km, quad_segs=16)
