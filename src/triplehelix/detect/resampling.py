"""The step that finds the clusters again and again in resampled activity."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from triplehelix.detect.certainty import RESAMPLED
from triplehelix.detect.found import Stratum, strata_of
from triplehelix.detect.parameters import Parameters
from triplehelix.detect.stability import Certainty, Interval, certainty
from triplehelix.sphere import Whole

_MEASURES = ("weight", "n_organisations", "n_activities", "rank")


def resampled(
    site_weights: pa.Table, detection: pa.Table, site_work: pa.Table, cluster_sites: pa.Table,
    *, parameters: Parameters,
) -> pa.Table:  # fmt: skip
    """Stability and intervals of each cluster, and probabilities of its sites."""
    if not parameters.resamples:
        return RESAMPLED.empty_table()
    members, work = cluster_sites.to_pandas(), site_work.to_pandas()
    rows = [
        row
        for stratum in strata_of(site_weights, detection, parameters)
        for row in _of_stratum(stratum, _here(members, stratum), _here(work, stratum), parameters)
    ]
    return pa.Table.from_pylist(
        sorted(rows, key=lambda row: row["cluster_id"]), schema=RESAMPLED
    )  # fmt: skip


def _here(table: pd.DataFrame, stratum: Stratum) -> pd.DataFrame:
    return table[(table["theme"] == stratum.theme) & (table["period"] == stratum.period)]


def _of_stratum(
    stratum: Stratum, members: pd.DataFrame, pairs: pd.DataFrame, parameters: Parameters
) -> Iterator[dict[str, Any]]:
    if members.empty:
        return
    from triplehelix.detect.stability_runs import work_of

    levels = tuple(sorted(members["level"].unique().tolist()))
    position = pd.Index(stratum.sites["site_id"].to_pandas())
    site = position.get_indexer(members["site_id"])
    labels, clusters = _labels(members, site, levels, len(position))
    organisation, organisations = pd.factorize(
        stratum.sites["organisation_id"].to_pandas(), sort=True
    )
    activity, activities = pd.factorize(pairs["activity_id"], sort=True)
    work = work_of(
        organisation, position.get_indexer(pairs["site_id"]), activity,
        shape=(len(organisations), len(activities)),
        by_activities=parameters.weight == "activities",
    )  # fmt: skip
    found = certainty(
        labels, work,
        lambda drawn: stratum.search.labels(drawn.astype(np.float64), levels),
        organisations=list(organisations), activities=list(activities),
        n_runs=parameters.resamples, seed=parameters.seed,
    )  # fmt: skip
    ids = position.to_numpy()
    for level_labels, names, level in zip(labels, clusters, found, strict=True):
        for label, cluster_id in enumerate(names):
            rows = np.flatnonzero(level_labels == label)
            yield _row(cluster_id, label, level, rows, ids, parameters.resamples)


def _labels(
    members: pd.DataFrame, site: Whole, levels: tuple[int, ...], n_sites: int
) -> tuple[Whole, list[list[str]]]:
    """The label of each site at each level, and the id that each label stands for."""
    labels, clusters = np.full((len(levels), n_sites), -1), []
    for i, level in enumerate(levels):
        here = (members["level"] == level).to_numpy()
        label, names = pd.factorize(members.loc[here, "cluster_id"], sort=True)
        labels[i, site[here]] = label
        clusters.append(list(names))
    return labels, clusters


def _row(
    cluster_id: str, label: int, level: Certainty, rows: Whole, site_ids: Any, n_runs: int
) -> dict[str, Any]:
    return {
        "cluster_id": cluster_id,
        "stability": round(float(level.stability[label]), 9),
        "n_runs": n_runs,
        "intervals": [_interval(name, getattr(level, name), label) for name in _MEASURES],
        "sites": [
            {"site_id": site_ids[row], "probability": _known(level.probability[row])}
            for row in rows
        ],
    }


def _interval(measure: str, interval: Interval, label: int) -> dict[str, Any]:
    value, low, high = (float(each[label]) for each in interval)
    return {"measure": measure, "value": value, "low": low, "high": high}


def _known(probability: float) -> float | None:
    return None if np.isnan(probability) else round(float(probability), 9)
