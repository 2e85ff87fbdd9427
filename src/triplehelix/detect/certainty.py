"""The steps that say how sure clusters are: what resampling tells, and the word for it."""

import numpy as np
import pyarrow as pa

from triplehelix.detect.significance import evidence
from triplehelix.query import Query
from triplehelix.tables import REAL, TEXT, WHOLE

INTERVAL = pa.struct([("measure", TEXT), ("value", REAL), ("low", REAL), ("high", REAL)])
RESAMPLED = pa.schema([
    ("cluster_id", TEXT), ("stability", REAL), ("n_runs", WHOLE),
    ("intervals", pa.list_(INTERVAL)),
    ("sites", pa.list_(pa.struct([("site_id", TEXT), ("probability", REAL)]))),
])  # fmt: skip
CERTAINTY = pa.schema([
    ("cluster_id", TEXT), ("stability", REAL), ("p_value", REAL), ("q_value", REAL),
    ("evidence", TEXT),
])  # fmt: skip

SITE_PROBABILITIES = Query("site_probabilities", """
    select cluster_id, site.site_id as site_id, site.probability as probability
    from (select cluster_id, unnest(sites) as site from resampled)
    order by cluster_id, site_id""")  # fmt: skip

CLUSTER_INTERVALS = Query("cluster_intervals", """
    select cluster_id, i.measure as measure, i.value as value, i.low as low, i.high as high,
           n_runs as n
    from (select cluster_id, n_runs, unnest(intervals) as i from resampled)
    order by cluster_id, measure""")  # fmt: skip


def cluster_certainty(
    cluster_work: pa.Table, resampled: pa.Table, cluster_tests: pa.Table
) -> pa.Table:
    """Stability, p, q and the word of evidence for every cluster, sorted by its id."""
    clusters = cluster_work.select(["cluster_id"]).to_pandas()
    known = clusters.merge(
        resampled.select(["cluster_id", "stability"]).to_pandas(), "left", "cluster_id"
    ).merge(cluster_tests.to_pandas(), "left", "cluster_id").sort_values("cluster_id")  # fmt: skip
    stability, q_value = (
        known[name].to_numpy(dtype=np.float64) for name in ("stability", "q_value")
    )
    known["evidence"] = evidence(stability, q_value)
    return pa.Table.from_pandas(known, schema=CERTAINTY, preserve_index=False)
