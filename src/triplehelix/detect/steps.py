"""The steps that find an edition's clusters: tables in, tables out."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from triplehelix.detect.description import described_clusters
from triplehelix.detect.found import cluster_sites
from triplehelix.detect.membership import nearest_clusters
from triplehelix.detect.parameters import Parameters
from triplehelix.detect.strata import (
    SITE_WORK,
    detection,
    located_sites,
    site_weights,
    strata,
)
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import EDITION


def steps(parameters: Parameters) -> list[Step]:
    """
    The steps that make `found_clusters`, `memberships` and `place_clusters`.

    They read `sites`, `places`, `organisations`, `participations`, `activities`, `themes`
    and `activity_themes`. On the way they leave, among others, `detection` (for each theme
    and period the weight that makes a site core, and all weight) and `cluster_sites`.

    Raises
    ------
    InputError
        By `Parameters`, if one is out of range.
    """
    # Here, because they bring half of science, and most of what imports this never detects.
    from triplehelix.detect.against_chance import (
        ACTIVITY_SIZES,
        MIXED_ACTIVITIES,
        SIZE_COUNTS,
        THEME_COUNTS,
        cluster_tests,
        theme_tests,
    )
    from triplehelix.detect.certainty import (
        CLUSTER_INTERVALS,
        SITE_PROBABILITIES,
        cluster_certainty,
    )
    from triplehelix.detect.resampling import resampled

    detected = partial(cluster_sites, parameters=parameters)
    tested = partial(cluster_tests, parameters=parameters)
    again = partial(resampled, parameters=parameters)
    described = partial(described_clusters, parameters=parameters)
    found = partial(_place_clusters, parameters=parameters)
    return [
        strata(parameters),
        located_sites(parameters),
        SITE_WORK,
        site_weights(parameters.weight),
        detection(parameters.min_weight),
        Calculation("cluster_sites", ("site_weights", "detection"), detected),
        _CLUSTER_WORK,
        ACTIVITY_SIZES,
        MIXED_ACTIVITIES,
        THEME_COUNTS,
        SIZE_COUNTS,
        Calculation("theme_tests", ("theme_counts", "size_counts"), theme_tests),
        Calculation(
            "cluster_tests",
            ("theme_counts", "size_counts", "activity_sizes", *_SITES, "cluster_sites"),
            tested,
        ),
        Calculation("resampled", (*_SITES, "cluster_sites"), again),
        SITE_PROBABILITIES,
        CLUSTER_INTERVALS,
        Calculation(
            "cluster_certainty", ("cluster_work", "resampled", "cluster_tests"), cluster_certainty
        ),
        Calculation(
            "found_clusters",
            ("cluster_sites", "cluster_work", "cluster_certainty", "themes", "reference_land"),
            described,
        ),
        _MEMBERSHIPS,
        Calculation("place_clusters", ("places", "cluster_sites", "found_clusters"), found),
    ]


_SITES = ("site_weights", "detection", "site_work")

_CLUSTER_WORK = Query("cluster_work", """
    select c.cluster_id, count(distinct c.organisation_id)::bigint as n_organisations,
           count(distinct w.activity_id)::bigint as n_activities
    from cluster_sites c left join site_work w using (theme, period, site_id)
    group by c.cluster_id
    order by c.cluster_id""")  # fmt: skip

_MEMBERSHIPS = Query("memberships", """
    select cluster_id, site_id, organisation_id, p.probability, core
    from cluster_sites left join site_probabilities p using (cluster_id, site_id)
    order by cluster_id, site_id""")  # fmt: skip


def _place_clusters(
    places: pa.Table, cluster_sites: pa.Table, clusters: pa.Table, *, parameters: Parameters
) -> pa.Table:
    """For each level of the clusters of all activity, the cluster of each place."""
    schema = EDITION["place_clusters"].schema
    parts = [schema.empty_table()]
    for level in sorted(pc.unique(clusters["level"]).to_pylist()):
        place_id, cluster_id, distance_km = nearest_clusters(
            places, _of_level(cluster_sites, level), _of_level(clusters, level),
            radius_km=parameters.radii.get(level, parameters.radius_km),
        )  # fmt: skip
        columns = [place_id, np.full(len(place_id), level), cluster_id, distance_km]
        arrays = [pa.array(v, t) for v, t in zip(columns, schema.types, strict=True)]
        parts.append(pa.Table.from_arrays(arrays, schema=schema))
    return pa.concat_tables(parts).sort_by([("place_id", "ascending"), ("level", "ascending")])


def _of_level(table: pa.Table, level: int) -> pa.Table:
    """The rows of one level that are about all themes and all years."""
    is_all = pc.and_(pc.equal(table["theme"], "all"), pc.equal(table["period"], "all"))
    return table.filter(pc.and_(is_all, pc.equal(table["level"], level)))
