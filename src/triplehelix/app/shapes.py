"""The footprints of a layer's clusters, with no more corners than a map needs."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from triplehelix.app.layers import LayerSize, layers
from triplehelix.app.prepared import once_per_edition
from triplehelix.detect.footprint_scale import at_scale
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.sphere import EARTH_RADIUS_KM
from triplehelix.store.edition import Edition

# Of the radius within which sites are near each other; and where the method has no radius.
_PART_OF_RADIUS, _WITHOUT_RADIUS_KM = 20, 0.5
_KM_PER_DEGREE = float(np.pi * EARTH_RADIUS_KM / 180)


@once_per_edition
def layer_shapes(edition: Edition, level: int, of: str, period: str) -> dict[str, Any]:
    """
    Footprints of one layer as GeoJSON geometries (longitude, latitude), by cluster.

    Simplified to a twentieth of the radius at which the level was found; a cluster without a
    footprint is left out. The whole footprints are on the clusters' own pages.
    """
    rows = edition.rows(Query("shapes", _SHAPES, {"level": level, "of": of, "period": period}))
    found = shapely.from_wkb([bytes(row["footprint"]) for row in rows])
    simple = _simple(list(found), _tolerance_km(layers(edition), level))
    rounded = shapely.set_precision(np.array(simple, dtype=object), 1e-4)
    drawn = {row["cluster_id"]: shape for row, shape in zip(rows, rounded, strict=True)}
    return {one: json.loads(shapely.to_geojson(s)) for one, s in drawn.items() if not s.is_empty}


def _simple(footprints: Sequence[BaseGeometry], tolerance_km: float) -> list[BaseGeometry]:
    """Together, so that neighbours stay neighbours; one by one where an edition's overlap."""
    try:
        return at_scale(footprints, tolerance_km=tolerance_km)
    except InputError:
        degrees = tolerance_km / _KM_PER_DEGREE
        return list(shapely.simplify(np.array(footprints, dtype=object), degrees))


def _tolerance_km(known: Sequence[LayerSize], level: int) -> float:
    radius = next((each.radius_km for each in known if each.level == level), None)
    return radius / _PART_OF_RADIUS if radius else _WITHOUT_RADIUS_KM


_SHAPES = """
    select cluster_id, footprint from clusters
    where level = $level and theme = $of and period = $period and footprint is not null
    order by cluster_id"""
