"""The evidence for each cluster's kinds as rows of `profiles`, and the clusters that get them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from triplehelix.measure.kinds import (
    COLLABORATING,
    DIVERSE,
    LEAST_THEMES,
    SPECIALISED,
    Thresholds,
    is_told,
    surest_theme,
)
from triplehelix.query import Query
from triplehelix.tables import CLUSTER_KINDS, EDITION, TEXT

_MEASURES = {DIVERSE: "kind_diverse", SPECIALISED: "kind_specialised",
             COLLABORATING: "kind_rd_collaborating"}  # fmt: skip
_SCHEMA = EDITION["profiles"].schema.append(pa.field("kind", TEXT))


class Evidence(NamedTuple):
    """What tells a kind of one cluster, or does not: `told` if the kind is the cluster's."""

    kind: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str
    told: bool


def clusters_with_kinds() -> Query:
    """The found clusters, each with its kinds as one text in a fixed order; NULL without any."""
    return Query(
        "clusters",
        """
        with kinds as (
            select cluster_id,
                string_agg(kind, '; ' order by list_position($kinds, kind)) as kind
            from kind_profiles where kind is not null group by cluster_id)
        select c.* replace (k.kind as kind)
        from found_clusters c left join kinds k using (cluster_id)
        order by c.cluster_id
        """,
        {"kinds": list(CLUSTER_KINDS)},
    )


def kind_rows(measured: pa.Table, themes: pa.Table, *, thresholds: Thresholds) -> pa.Table:
    """
    Rows of `profiles` for the three kinds of each profiled cluster, with a column `kind`.

    `kind` is NULL where the cluster is not of it. A cluster without activity has rows that
    say so.
    """
    labels = dict(zip(*(themes[name].to_pylist() for name in ("theme", "label")), strict=True))
    rows = [
        _row(cluster, each)
        for cluster, measures in _by_cluster(measured)
        for each in (
            _diverse(measures, thresholds),
            _specialised(measures, labels, thresholds),
            _collaborating(measures, thresholds),
        )
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _row(cluster: str, evidence: Evidence) -> dict[str, Any]:
    return {
        "cluster_id": cluster, "measure": _MEASURES[evidence.kind], "theme": "all",
        "period": "all", "value": evidence.value, "low": evidence.low, "high": evidence.high,
        "n": evidence.n, "note": evidence.note, "kind": evidence.kind if evidence.told else None,
    }  # fmt: skip


Measures = dict[str, pd.DataFrame]


def _by_cluster(measured: pa.Table) -> Iterator[tuple[str, Measures]]:
    """The measures over all periods of each profiled cluster, sorted by theme."""
    wanted = ["location_quotient", "diversity_themes_q1", "local_share"]
    rows = measured.to_pandas()
    rows = rows[rows["period"] == "all"]
    profiled = rows[(rows["measure"] == "n_activities") & (rows["theme"] == "all")]["cluster_id"]
    rows = rows[rows["measure"].isin(wanted)].sort_values(["cluster_id", "theme"])
    groups = {str(k): g for k, g in rows.groupby("cluster_id")}
    for cluster in sorted(profiled.unique()):
        own = groups.get(str(cluster), rows.iloc[:0])
        yield str(cluster), {name: own[own["measure"] == name] for name in wanted}


def _diverse(measures: Measures, thresholds: Thresholds) -> Evidence:
    number, n_themes = measures["diversity_themes_q1"], len(measures["location_quotient"])
    if number.empty:
        return _untold(DIVERSE, "none of its activities has a theme")
    n, low = int(number["n"].iloc[0]), float(number["low"].iloc[0])
    value, high = float(number["value"].iloc[0]), float(number["high"].iloc[0])
    above, least = thresholds.diverse_above, thresholds.min_activities
    share = [round(each / n_themes, 9) for each in (value, low, high)]
    told = n_themes >= LEAST_THEMES and bool(is_told(share[1], n, above=above, least=least))
    note = (
        f"as many as {value:.1f} equally common themes of {n_themes} ({low:.1f} to {high:.1f}), "
        f"{_activities(n)} with a theme"
    )
    if n_themes < LEAST_THEMES:
        note += f"; the edition has fewer than {LEAST_THEMES} themes"
    elif n < least:
        note += f"; {least} are needed"
    elif not told:
        note += f"; not surely above {above:g} of all themes"
    return Evidence(DIVERSE, share[0], share[1], share[2], n, note, told)


def _specialised(measures: Measures, labels: dict[str, str], thresholds: Thresholds) -> Evidence:
    quotients = measures["location_quotient"]
    if quotients.empty:
        return _untold(SPECIALISED, "none of its activities has a theme")
    above, least = thresholds.specialised_above, thresholds.min_activities
    low, n = quotients["low"].to_numpy(float), quotients["n"].to_numpy(int)
    best = int(surest_theme(low[None], n[None], least=least)[0])
    if best < 0:
        most = int(n.max())
        reason = f"no theme has {least} activities here; the most is {most}"
        if most >= least:
            reason = f"no interval: what has {least} activities here is absent elsewhere"
        return _untold(SPECIALISED, reason, most)
    row = quotients.iloc[best]
    told = is_told(low, n, above=above, least=least)
    note = (
        f"{labels.get(row['theme']) or row['theme']} {row['value']:.1f} times its share everywhere "
        f"({row['low']:.1f} to {row['high']:.1f}), {_activities(n[best])}"
    )
    if not told[best]:
        note += f"; not surely above {above:g}"
    elif told.sum() > 1:
        note += f"; {told.sum() - 1} more so"
    return Evidence(
        SPECIALISED, float(row["value"]), float(row["low"]), float(row["high"]), int(n[best]),
        note, bool(told[best]),
    )  # fmt: skip


def _collaborating(measures: Measures, thresholds: Thresholds) -> Evidence:
    share = measures["local_share"]
    if share.empty:
        return _untold(COLLABORATING, "it has no activities")
    value, low, high = (float(share[name].iloc[0]) for name in ("value", "low", "high"))
    n, above = int(share["n"].iloc[0]), thresholds.collaborating_above
    least = thresholds.min_activities
    told = bool(is_told(low, n, above=above, least=least))
    note = (
        f"{value:.1%} of {_activities(n)} join two or more of its own organisations "
        f"({low:.1%} to {high:.1%})"
    ).replace("%", " %")
    if n < least:
        note += f"; {least} activities are needed"
    elif not told:
        note += f"; not surely above {100 * above:g} %"
    return Evidence(COLLABORATING, value, low, high, n, note, told)


def _untold(kind: str, reason: str, n: int = 0) -> Evidence:
    return Evidence(kind, None, None, None, n, reason, False)


def _activities(n: Any) -> str:
    return "1 activity" if n == 1 else f"{n:,} activities"
