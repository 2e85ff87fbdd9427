"""The steps that hold clusters against random labelling: what they count, and the p-values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from triplehelix.detect.found import Stratum, strata_of
from triplehelix.detect.labelling import labelling_test
from triplehelix.detect.parameters import LEAST_MIN_WEIGHT, ONE_IN, Parameters
from triplehelix.detect.search import Search
from triplehelix.detect.significance import q_over_themes, theme_concentration
from triplehelix.query import Query
from triplehelix.sphere import Floats, Whole
from triplehelix.tables import REAL, TEXT, WHOLE

THEME_TESTS = pa.schema([
    ("cluster_id", TEXT), ("theme", TEXT), ("p_value", REAL), ("q_value", REAL), ("n", WHOLE),
])  # fmt: skip
CLUSTER_TESTS = pa.schema([("cluster_id", TEXT), ("p_value", REAL), ("q_value", REAL)])

# An activity that is at many sites is in many clusters. Themes are dealt out among those that
# are at as many sites: each number to 10 apart, then coarser.
SIZES_TO = (*range(1, 11), 15, 20, 30)
N_SIZES = len(SIZES_TO) + 1
ACTIVITY_SIZES = Query("activity_sizes", """
    with sizes as (
        select activity_id, count(distinct site_id) as n from site_work
        where theme = 'all' and period = 'all' group by activity_id)
    select activity_id,
           len(list_filter($sizes_to::bigint[], lambda bound: bound < n))::bigint as size
    from sizes order by activity_id""", {"sizes_to": list(SIZES_TO)})  # fmt: skip

# The activities of each cluster of all themes.
MIXED_ACTIVITIES = Query("mixed_activities", """
    select distinct c.period, c.level, c.cluster_id, w.activity_id
    from cluster_sites c join site_work w using (theme, period, site_id)
    where c.theme = 'all'""")  # fmt: skip

THEME_COUNTS = Query("theme_counts", """
    select period, level, cluster_id, theme, count(*) as n
    from mixed_activities join activity_themes using (activity_id)
    group by all order by all""")  # fmt: skip

# How many activities of each size: of each cluster, of each theme, and of all.
SIZE_COUNTS = Query("size_counts", """
    with everywhere as (select distinct period, activity_id from site_work where theme = 'all')
    select 'cluster' as what, period, level, cluster_id as of, size, count(*) as n
    from mixed_activities join activity_sizes using (activity_id) group by all
    union all
    select 'theme', period, null, theme, size, count(*)
    from everywhere join activity_sizes using (activity_id)
    join activity_themes using (activity_id) group by all
    union all
    select 'all', period, null, null, size, count(*)
    from everywhere join activity_sizes using (activity_id) group by all""")  # fmt: skip


def theme_tests(theme_counts: pa.Table, size_counts: pa.Table) -> pa.Table:
    """p and q of each theme in each cluster of all themes; n is the activities in both."""
    tests = [_tested(counts)[0] for counts in _groups(theme_counts, size_counts)]
    return pa.concat_tables([THEME_TESTS.empty_table(), *tests]).sort_by(
        [("cluster_id", "ascending"), ("theme", "ascending")]
    )


def cluster_tests(
    theme_counts: pa.Table,
    size_counts: pa.Table,
    activity_sizes: pa.Table,
    site_weights: pa.Table,
    detection: pa.Table,
    site_work: pa.Table,
    cluster_sites: pa.Table,
    *,
    parameters: Parameters,
) -> pa.Table:
    """
    p and q of each cluster that could be tested.

    For a cluster of all themes: whether any theme concentrates there. For one of a single
    theme, at level 0: whether chance would have made so dense a one anywhere.
    """
    tests = [_tested(counts)[1] for counts in _groups(theme_counts, size_counts)]
    size = dict(zip(*(activity_sizes[c].to_pylist() for c in ("activity_id", "size")), strict=True))
    sought = _sought_by_theme(
        site_weights, detection, site_work, cluster_sites, size, parameters
    )  # fmt: skip
    return pa.concat_tables([CLUSTER_TESTS.empty_table(), *tests, sought]).sort_by("cluster_id")


class _Counts(NamedTuple):
    """Of the clusters of one period and level, which are tested together, as for the test."""

    clusters: list[str]
    themes: list[str]
    n_both: Whole
    n_cluster: Whole
    n_theme: Whole
    n_all: Whole


def _groups(theme_counts: pa.Table, size_counts: pa.Table) -> Iterator[_Counts]:
    """The counts of one period and level at a time."""
    both, sizes = theme_counts.to_pandas(), size_counts.to_pandas()
    themed = sizes[sizes["what"] == "theme"]
    everything = sizes[sizes["what"] == "all"]
    if themed.empty:
        return
    for (period, level), here in sizes[sizes["what"] == "cluster"].groupby(["period", "level"]):
        pairs = both[(both["period"] == period) & (both["level"] == level)]
        themes, n_theme = _by_size(themed[themed["period"] == period])
        clusters, n_cluster = _by_size(here)
        n_both = np.zeros((len(clusters), len(themes)), dtype=np.int64)
        row, column = (
            pd.Index(names).get_indexer(pairs[name])
            for names, name in ((clusters, "cluster_id"), (themes, "theme"))
        )
        n_both[row, column] = pairs["n"]
        _, n_all = _by_size(everything[everything["period"] == period].fillna({"of": "all"}))
        yield _Counts(clusters, themes, n_both, n_cluster, n_theme, n_all[0])


def _by_size(counts: pd.DataFrame) -> tuple[list[str], Whole]:
    """The names, sorted, and how many activities of each size each has."""
    row, names = pd.factorize(counts["of"], sort=True)
    table = np.zeros((len(names), N_SIZES), dtype=np.int64)
    table[row, counts["size"]] = counts["n"]
    return list(names), table


def _tested(counts: _Counts) -> tuple[pa.Table, pa.Table]:
    found = theme_concentration(counts.n_both, counts.n_cluster, counts.n_theme, counts.n_all)
    n_clusters, n_themes = counts.n_both.shape
    per_theme = [
        np.repeat(np.array(counts.clusters, dtype=object), n_themes), counts.themes * n_clusters,
        found.p_value.ravel(), found.q_value.ravel(), counts.n_both.ravel(),
    ]  # fmt: skip
    per_cluster = [counts.clusters, found.cluster_p_value, found.cluster_q_value]
    return _table(per_theme, THEME_TESTS), _table(per_cluster, CLUSTER_TESTS)


def _sought_by_theme(
    site_weights: pa.Table, detection: pa.Table, site_work: pa.Table,
    cluster_sites: pa.Table, size: Mapping[str, int], parameters: Parameters,
) -> pa.Table:  # fmt: skip
    """The clusters that were sought among one theme's activities alone, at level 0."""
    strata = {s.theme: s for s in strata_of(site_weights, detection, parameters)
              if s.period == "all"}  # fmt: skip
    whole = strata.pop("all")
    if not strata or not parameters.relabellings:
        return CLUSTER_TESTS.empty_table()
    work = _WholeWork(whole, site_work, size)
    clusters = cluster_sites.to_pandas()
    clusters = clusters[clusters["core"] & (clusters["level"] == 0)].drop_duplicates("cluster_id")
    rows = [
        (row.cluster_id, work.theme_p_values(theme, parameters), row.site_id, theme)
        for theme in sorted(strata)
        for row in clusters[clusters["theme"] == theme].itertuples()
    ]
    p_value = np.array([p[work.position[site]] for _, p, site, _ in rows], dtype=np.float64)
    themes = [theme for *_, theme in rows]
    q_value = q_over_themes(p_value, themes, n_themes=len(strata))
    return _table([[row[0] for row in rows], p_value, q_value], CLUSTER_TESTS)


class _WholeWork:
    """All work at all sites, and the test of a theme's clusters against it."""

    def __init__(self, whole: Stratum, site_work: pa.Table, size: Mapping[str, int]) -> None:
        work = site_work.to_pandas()
        everywhere = work[(work["theme"] == "all") & (work["period"] == "all")]
        self.search = whole.search
        self.position = {site: i for i, site in enumerate(whole.sites["site_id"].to_pylist())}
        self.site = everywhere["site_id"].map(self.position).to_numpy(dtype=np.int64)
        self.activity, ids = pd.factorize(everywhere["activity_id"], sort=True)
        self.activity_ids: list[str] = list(ids)
        self.size = np.array([size[each] for each in self.activity_ids], dtype=np.int64)
        themed = work[(work["theme"] != "all")]
        self.themes = themed.groupby("theme")["activity_id"].agg(set).to_dict()
        self._kept: dict[str, Floats] = {}

    def theme_p_values(self, theme: str, parameters: Parameters) -> Floats:
        """For each site the p-value of the theme's cluster there; NaN outside them."""
        if theme not in self._kept:
            found = labelling_test(
                self.site, self.activity,
                activity_id=self.activity_ids,
                has_theme=np.isin(self.activity_ids, sorted(self.themes[theme])),
                n_sites=len(self.position),
                find=_Finder(self.search, parameters),
                stratum=self.size,
                n_runs=parameters.relabellings, seed=parameters.seed,
            )  # fmt: skip
            known = np.append(found.p_value, np.nan)
            self._kept[theme] = known[found.labels]
        return self._kept[theme]


class _Finder:
    """
    Finds the clusters of level 0 as they were found, by the numbers of activities at sites.

    Sites that weigh nothing are labelled where they lie within a cluster, but make none.
    """

    def __init__(self, search: Search, parameters: Parameters) -> None:
        self.search, self.parameters = search, parameters

    def __call__(self, n_activities: Floats) -> Whole:
        alone = self.parameters.weight == "organisations"
        weight = (n_activities > 0).astype(np.float64) if alone else n_activities
        given = self.parameters.min_weight
        rule = max(LEAST_MIN_WEIGHT, float(weight.sum()) / ONE_IN)
        return self.search.main_labels(weight, rule if given is None else given)


def _table(columns: Sequence[Any], schema: pa.Schema) -> pa.Table:
    arrays = [
        pa.array(values, field.type, from_pandas=True)
        for values, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
