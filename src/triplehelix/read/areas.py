"""
Official areas from any file of polygons: GeoJSON, GeoPackage, Shapefile, KML, FlatGeobuf, GML.

GDAL reads them, by way of pyogrio, which geopandas brings along. Only files on disk are opened.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from triplehelix.errors import InputError
from triplehelix.read.area_shapes import REMEDY, apart, has_polygon, in_degrees, mended
from triplehelix.read.files import members
from triplehelix.read.published import ENDINGS, as_areas, published_clusters
from triplehelix.tables import REFERENCE

SCHEMA = REFERENCE["reference_areas"].schema

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".kml", ".fgb", ".gml", ".topojson")
# Codes and names as statistical offices call them: ITL321CD and ITL321NM, NUTS_ID and NAME_LATN.
_CODE = re.compile(r"^([A-Z]+\d*)_?(?:CD|CODE)$", re.I)
_IDS = ("area_id", "id", "code", "nuts_id", "gss_code", "geo_code", "lau_id", "geoid", "ons_code")
_NAMES = ("area_name", "name", "name_latn", "nuts_name", "label", "title", "name_en", "lau_name")
_TOLD = 5


class Areas(NamedTuple):
    """A table of `reference_areas`, in order of its key, and what was mended or left out."""

    table: pa.Table
    warnings: list[str]


class _Layer(NamedTuple):
    columns: pa.Table
    shapes: NDArray[Any]
    crs: str | None


def read_areas(
    path: Path,
    *,
    scheme: str | None = None,
    id_column: str | None = None,
    name_column: str | None = None,
) -> Areas:
    """
    Read the areas of a file.

    Parameters
    ----------
    path : a file of polygons, or a zip with one in it (such as a zipped Shapefile)
        In any coordinate reference system that the file states. Or a published map of
        clusters in the layout that `read.published` reads: then its clusters are the areas.
    scheme : what the areas are called together
        None: what the id's column says (`ITL321CD` gives `ITL321`), else the file's name.
    id_column, name_column : the columns of the areas' ids and names
        None: the first of `...CD`, `area_id`, `id`, `code`, ... whose values tell the rows
        apart; and its `...NM`, else `area_name`, `name`, ..., else the id itself. Rows of one
        id are one area.

    Returns
    -------
    Areas
        Polygons in OGC:CRS84, valid, within -180 to 180. The warnings name the areas whose
        shape was invalid and was mended, and the rows without a polygon or an id.

    Raises
    ------
    InputError
        If the file is missing, empty or no file of polygons, states no coordinate reference
        system or a false one, or has no such column.
    """
    if path.suffix.lower() in ENDINGS and path.is_file():
        return _published(path, scheme)
    layer, warnings = _opened(path)
    ids = _id_column(layer.columns, id_column, path)
    names = _name_column(layer.columns, name_column, ids, path)
    area_id, area_name = _texts(layer.columns[ids]), _texts(layer.columns[names])
    kept = np.array([each is not None for each in area_id]) & has_polygon(layer.shapes)
    if not kept.all():
        lost = [area_id[k] or f"row {k + 1}" for k in np.flatnonzero(~kept)]
        warnings.append(f"{path.name}: left out, with no polygon or no {ids}: {_some(lost)}")
    if not kept.any():
        raise InputError(f"{path} has no polygons with an id ({ids}); {REMEDY}")
    shapes = in_degrees(layer.shapes[kept], layer.crs, path)
    rows = [(str(area_id[k]), area_name[k] or str(area_id[k])) for k in np.flatnonzero(kept)]
    merged, said = _merged(rows, shapes, path)
    return Areas(_table(scheme or _scheme_of(ids, path), merged), warnings + said)


def _published(path: Path, scheme: str | None) -> Areas:
    """The clusters of a published map; they may overlap, those of several sectors do."""
    found = published_clusters(path)
    rows = [
        {"area_scheme": scheme or area.area_scheme, "area_id": area.area_id,
         "area_name": area.area_name, "geometry": shapely.to_wkb(area.geometry)}
        for area in as_areas(found.clusters)
    ]  # fmt: skip
    if not rows:
        raise InputError(f"{path} has no clusters with an outline; {REMEDY}")
    lost = [f"{path.name}: row {each.row} left out: {each.reason}" for each in found.rejected]
    blank = sum(each.geometry is None for each in found.clusters)
    if blank:
        lost.append(f"{path.name}: left out {blank} clusters without an outline")
    return Areas(pa.Table.from_pylist(rows, schema=SCHEMA), lost)


def _merged(
    rows: list[tuple[str, str]], shapes: NDArray[Any], path: Path
) -> tuple[dict[tuple[str, str], Any], list[str]]:
    """One valid shape for each area, by id; and what was done to them."""
    shapes, invalid = mended(shapes, [f"{each} ({name})" for each, name in rows])
    name_of = dict(sorted(rows, reverse=True))
    parts: dict[str, list[Any]] = {each: [] for each in sorted(name_of)}
    for (each, _), shape in zip(rows, shapes, strict=True):
        parts[each].append(shape)
    joined = [p[0] if len(p) == 1 else shapely.union_all(p) for p in parts.values()]
    whole, slivers, nested = apart(np.array(joined, dtype=object), list(parts))
    said = [
        f"{path.name}: {what}: {_some(pairs)}"
        for what, pairs in (
            ("invalid shapes mended", invalid),
            ("neighbours overlap a little, the ground stays with the first of", slivers),
            ("areas overlap, so that shares can add up to more than 1", nested),
        )
        if pairs
    ]
    return {(e, name_of[e]): shape for e, shape in zip(parts, whole, strict=True)}, said


def _table(scheme: str, areas: dict[tuple[str, str], Any]) -> pa.Table:
    rows = [
        {"area_scheme": scheme, "area_id": area_id, "area_name": name, "geometry": shape.wkb}
        for (area_id, name), shape in areas.items()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


def _opened(path: Path) -> tuple[_Layer, list[str]]:
    """The layer of polygons in a file; the warning names others that are not read."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    _check_file(path)
    name = _gdal_name(path)
    try:
        layers = [str(layer) for layer, kind in pyogrio.list_layers(name) if _may_hold(kind)]
        if not layers:
            raise InputError(f"{path} has no polygons; {REMEDY}")
        meta, table = pyogrio.read_arrow(name, layer=layers[0])
    except (DataSourceError, DataLayerError, UnicodeDecodeError, RuntimeError) as err:
        said = " ".join(str(err).split())[:200]
        raise InputError(f"{path} cannot be read as polygons ({said}); {REMEDY}") from err
    others = [f"{path.name}: read layer {layers[0]}, not {_some(layers[1:])}"] if layers[1:] else []
    return _layer(meta, table, path), others


def _layer(meta: dict[str, Any], table: pa.Table, path: Path) -> _Layer:
    column = meta["geometry_name"] or "wkb_geometry"
    if not len(table) or column not in table.column_names:
        raise InputError(f"{path} holds no areas (0 rows); {REMEDY}")
    shapes = shapely.from_wkb(np.array(table[column].to_pylist(), dtype=object))
    return _Layer(table.drop_columns([column]), np.asarray(shapely.force_2d(shapes)), meta["crs"])


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path} is not a file; check the path")
    if not path.stat().st_size:
        raise InputError(f"{path} is empty (0 bytes); {REMEDY}")
    if path.suffix.lower() not in (*SUFFIXES, ".zip"):
        raise InputError(
            f"{path} is not a file of polygons by its name; known are {', '.join(SUFFIXES)} and "
            f".zip; {REMEDY}"
        )


def _gdal_name(path: Path) -> str:
    if path.suffix.lower() != ".zip":
        return str(path.absolute())
    inside = [m for m in members(path) if m.name.lower().endswith(SUFFIXES) and len(m.inner) == 1]
    if len(inside) != 1:
        found = _some([m.label for m in inside]) or "none"
        raise InputError(
            f"{path} should hold one file of polygons, it holds {found}; unpack it and give the "
            "file that is meant"
        )
    return f"/vsizip/{path.absolute()}/{inside[0].inner[0]}"


def _may_hold(kind: str | None) -> bool:
    """Whether a layer of this kind of geometry can have polygons; `Unknown` can have any."""
    return kind is not None and any(w in kind for w in ("Polygon", "Unknown", "Collection", "Surf"))


def _id_column(columns: pa.Table, asked: str | None, path: Path) -> str:
    if asked is not None:
        return _known(columns, asked, "id", path)
    codes = [name for name in columns.column_names if _CODE.match(name)]
    lower = {name.lower(): name for name in reversed(columns.column_names)}
    for name in (*codes, *(lower[each] for each in _IDS if each in lower)):
        values = _texts(columns[name])
        if None not in values and len(set(values)) == len(values):
            return str(name)
    raise InputError(
        f"{path} has no column that tells its {len(columns):,} areas apart and is named as ids "
        f"are; its columns are {_some(columns.column_names) or 'none'}: name one with --id-column"
    )


def _name_column(columns: pa.Table, asked: str | None, ids: str, path: Path) -> str:
    if asked is not None:
        return _known(columns, asked, "name", path)
    lower = {name.lower(): name for name in reversed(columns.column_names)}
    code = _CODE.match(ids)
    stem = code.group(1).lower() if code else ""
    wanted = (f"{stem}nm", f"{stem}_nm", f"{stem}name", f"{stem}_name", *_NAMES)
    return str(next((lower[each] for each in wanted if each in lower), ids))


def _known(columns: pa.Table, asked: str, what: str, path: Path) -> str:
    if asked not in columns.column_names:
        raise InputError(
            f"{path} has no column {asked!r}; give --{what}-column one of "
            f"{', '.join(columns.column_names) or 'none: it has no columns'}"
        )
    return asked


def _scheme_of(ids: str, path: Path) -> str:
    code = _CODE.match(ids)
    return code.group(1) if code else path.name.split(".")[0]


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return text or None
