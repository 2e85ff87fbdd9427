"""Rows of the table `prospects`: what each rule found, or looked for and did not find."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from triplehelix.measure.prospects.carrying import rests_on_one
from triplehelix.measure.prospects.judging import evidence_of, q_within
from triplehelix.measure.prospects.mixing import lacks
from triplehelix.measure.prospects.openings import Openings, Work, openings
from triplehelix.measure.prospects.renewal import renewal
from triplehelix.measure.prospects.trends import trend
from triplehelix.tables import EDITION

_SPEC = EDITION["prospects"]
# Engines must agree on floating point to this many decimals, so no more are kept.
_DECIMALS = 9
_NEAREST = 3


def specialised_rows(profiles: pa.Table, tests: pa.Table, clusters: pa.Table) -> pa.Table:
    """Strengths: themes beyond chance; sure ones have their quotient's bounds above 1."""
    quotients = profiles.to_pandas()
    quotients = quotients[
        (quotients["measure"] == "location_quotient") & (quotients["period"] == "all")
    ][["cluster_id", "theme", "value", "low", "high", "n"]]
    found = tests.to_pandas()[["cluster_id", "theme", "p_value", "q_value"]]
    rows = quotients.merge(found, on=["cluster_id", "theme"])
    rows = rows[(rows["n"] > 0) & rows["cluster_id"].isin(clusters["cluster_id"].to_pylist())]
    evidence = evidence_of(rows["p_value"], rows["q_value"], rows["value"] > 1)
    # Two ways to look at it must agree before it is called sure.
    unsure = ~(rows["low"] > 1) & (evidence != "none")
    return _table(
        rows, kind="specialised", expected=1.0, note=None,
        evidence=np.where(unsure, "weak", evidence),
    )  # fmt: skip


def trend_rows(counts: pa.Table, split: pa.Table) -> pa.Table:
    """Growing, or losing ground: the cluster's part of all work in a theme, then and now."""
    if not len(split) or not len(counts):
        return _SPEC.empty()
    year = split["split"][0].as_py()
    parts = [_trends_of(theme, rows) for theme, rows in counts.to_pandas().groupby("theme")]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["value"].notna()]
    q = q_within(rows["p_value"].to_numpy(), rows["layer"])
    notes = [
        f"in {r.since:,} of {r.all_since:,} since {year}, "
        f"in {r.before:,} of {r.all_before:,} before"
        for r in rows.itertuples()
    ]
    return _table(
        rows, kind=np.where(rows["value"] < 1, "losing", "growing"), expected=1.0, q_value=q,
        evidence=evidence_of(rows["p_value"], q, rows["there"]), note=notes,
    )  # fmt: skip


def _trends_of(theme: str, counts: pd.DataFrame) -> pd.DataFrame:
    whole = counts[counts["cluster_id"].isna()].sort_values("size")
    sizes = whole["size"].to_numpy()
    mine = counts[counts["cluster_id"].notna()].astype({"layer": "int64"})
    tables = {
        name: mine.pivot(index=["layer", "cluster_id"], columns="size", values=name)
        .reindex(columns=sizes).fillna(0).sort_index()
        for name in ("before", "since")
    }  # fmt: skip
    before, since = (tables[name].to_numpy(dtype=float) for name in ("before", "since"))
    found = trend(before, since, whole["before"], whole["since"])
    rows = tables["before"].index.to_frame(index=False)
    return rows.assign(
        theme=theme, value=_finite(found.ratio), low=found.low, high=found.high,
        p_value=found.p_value, there=found.there, n=(before + since).sum(axis=1).astype(int),
        before=before.sum(axis=1).astype(int), since=since.sum(axis=1).astype(int),
        all_before=int(whole["before"].sum()), all_since=int(whole["since"].sum()),
    )  # fmt: skip


def _finite(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nothing before is no ratio that a table could hold; NaN, though the test stands."""
    return np.where(np.isinf(ratio), np.nan, ratio)


def carried_rows(counts: pa.Table) -> pa.Table:
    """Risks: one member does alone more than half of a theme's work, or of all."""
    rows = counts.to_pandas()
    found = rests_on_one(rows["n_alone"], rows["n"])
    q = q_within(found.p_value, rows["layer"])
    notes = [
        f"alone in {r.n_alone:,} of {r.n:,}; has part in {r.n_part:,}" for r in rows.itertuples()
    ]
    rows = rows.assign(
        subject=rows["organisation_id"], value=found.share, low=found.low, high=found.high,
        p_value=found.p_value,
    )  # fmt: skip
    return _table(
        rows, kind="carried", expected=found.above, q_value=q, note=notes,
        evidence=evidence_of(found.p_value, q, found.there),
    )  # fmt: skip


def payer_rows(counts: pa.Table) -> pa.Table:
    """Risks: one payer, or one source, stands alone behind more than half of what is known."""
    table = counts.to_pandas()
    rows = table[table["cluster_id"].notna()].reset_index(drop=True)
    whole = table[table["cluster_id"].isna()][["what", "subject", "k", "n"]]
    rows = rows.merge(whole, on=["what", "subject"], suffixes=("", "_all"))
    elsewhere = (rows["k_all"] - rows["k"]) / np.maximum(rows["n_all"] - rows["n"], 1)
    found = rests_on_one(rows["k"], rows["n"], elsewhere)
    q = q_within(found.p_value, rows["what"], rows["layer"])
    notes = [
        f"alone behind {r.k:,} of {r.n:,} here; of {100 * e:.0f} % elsewhere"
        for r, e in zip(rows.itertuples(), elsewhere, strict=True)
    ]
    rows = rows.assign(value=found.share, low=found.low, high=found.high, p_value=found.p_value)
    return _table(
        rows, kind=rows["what"], theme="all", expected=found.above, q_value=q, note=notes,
        evidence=evidence_of(found.p_value, q, found.there),
    )  # fmt: skip


def helix_rows(counts: pa.Table) -> pa.Table:
    """A helix that is missing, or hardly there, among the members."""
    rows = counts.to_pandas()
    whole = rows.groupby(["layer", "helix"])[["k", "n"]].transform("sum")
    found = lacks(rows["k"], rows["n"], whole["k"], whole["n"])
    q = q_within(found.p_value, rows["layer"])
    notes = [f"{r.k} of {r.n} members whose sector is known" for r in rows.itertuples()]
    rows = rows.assign(
        subject=rows["helix"], value=found.share, low=found.low, high=found.high,
        p_value=found.p_value,
    )  # fmt: skip
    return _table(
        rows, kind="missing_helix", theme="all", expected=found.elsewhere, q_value=q, note=notes,
        evidence=evidence_of(found.p_value, q, found.there),
    )  # fmt: skip


def renewal_rows(counts: pa.Table) -> pa.Table:
    """Ageing partners: more of them than elsewhere are those the cluster always had."""
    partners = counts.to_pandas()
    parts = []
    for layer, rows in partners.groupby("layer"):
        found = renewal(rows)
        told = np.isfinite(found.expected) & (found.n > 0)
        evidence = evidence_of(found.p_value, q_within(found.p_value, [layer] * len(told)),
                               found.there)  # fmt: skip
        notes = [f"{met:,} of {n:,} partners" for met, n in zip(found.n_met, found.n, strict=True)]
        table = pd.DataFrame({
            "cluster_id": found.cluster, "value": found.share, "low": found.low,
            "high": found.high, "expected": found.expected, "n": found.n,
            "p_value": found.p_value, "evidence": evidence, "note": notes,
            "q_value": q_within(found.p_value, [layer] * len(told)),
        })  # fmt: skip
        parts.append(_table(table[told], kind="ageing_partners", theme="all"))
    return pa.concat_tables([_SPEC.empty(), *parts])


def opening_rows(
    work: pa.Table, labels: pa.Table, activities: pa.Table, clusters: pa.Table
) -> pa.Table:
    """Openings: themes near to those in which the cluster is at home, and not yet there."""
    cluster, activity, theme, given = work_of(work, labels, activities)
    if not len(cluster) or not len(theme):
        return _SPEC.empty()
    found = openings(given, list(activity))
    rows = pd.DataFrame(_opening_records(found, list(cluster), list(theme), given))
    if rows.empty:
        return _SPEC.empty()
    rows = rows.merge(clusters.to_pandas()[["cluster_id", "layer"]], on="cluster_id")
    q = q_within(rows["p_value"].to_numpy(), rows["layer"])
    evidence = evidence_of(rows["p_value"], q, rows["there"])
    return _table(rows, kind="opening", q_value=q, evidence=evidence)


def work_of(
    work: pa.Table, labels: pa.Table, activities: pa.Table
) -> tuple[pd.Index, pd.Index, pd.Index, Work]:
    """Ids of clusters, activities and themes in their order, and the work as matrices."""
    parts, given, all_ = work.to_pandas(), labels.to_pandas(), activities.to_pandas()
    all_ = all_.sort_values("activity_id")
    activity = pd.Index(all_["activity_id"])
    given = given[given["activity_id"].isin(activity)]
    cluster, theme = (pd.Index(sorted(each.unique())) for each in
                      (parts["cluster_id"], given["theme"]))  # fmt: skip
    return cluster, activity, theme, Work(
        _matrix(parts["n"], cluster.get_indexer(parts["cluster_id"]),
                activity.get_indexer(parts["activity_id"]), (len(cluster), len(activity))),
        _matrix(given["weight"], activity.get_indexer(given["activity_id"]),
                theme.get_indexer(given["theme"]), (len(activity), len(theme))),
        all_["n_all"].to_numpy(dtype=float),
    )  # fmt: skip


def _matrix(values: Any, row: Any, column: Any, shape: tuple[int, int]) -> sparse.csr_array:
    # Put together from coordinates, rows and columns come out sorted, whatever the order given.
    made = sparse.coo_array((np.asarray(values, dtype=float), (row, column)), shape=shape).tocsr()
    made.sort_indices()
    return made


def _opening_records(
    found: Openings, clusters: list[str], themes: list[str], work: Work
) -> Iterator[dict[str, Any]]:
    """Each theme a cluster is not at home in, as far as something can be said of it."""
    n = np.asarray(((work.parts > 0).astype(float) @ (work.labels > 0).astype(float)).todense())
    for i, j in np.argwhere(np.isfinite(found.p_value) & ~found.home):
        homes = [theme for theme, at_home in zip(themes, found.home[i], strict=True) if at_home]
        yield {
            "cluster_id": clusters[i], "theme": themes[j], "value": found.density[i, j],
            "low": found.low[i, j], "high": found.high[i, j], "expected": found.expected[i, j],
            "p_value": found.p_value[i, j], "there": found.there[i, j], "n": int(n[i, j]),
            "note": f"at home in {len(homes)} themes",
        }  # fmt: skip


def _table(rows: pd.DataFrame, **more: Any) -> pa.Table:
    """Rows of `prospects`; `subject` is `all` where the finding is of no one in particular."""
    columns = {"subject": "all", "theme": "all"} | {str(c): rows[c] for c in rows} | more
    arrays = []
    for name, type_ in _SPEC.columns:
        given = columns[name]
        values: Any = [given] * len(rows) if isinstance(given, str | float | None) else list(given)
        if pa.types.is_floating(type_):
            values = np.round(np.asarray(values, dtype=float), _DECIMALS)
        arrays.append(pa.array(values, type_, from_pandas=True))
    return pa.table(arrays, schema=_SPEC.schema)
