"""Rows of `profiles`: values with their bounds, from what the queries summed."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from triplehelix.measure.diversity import hill_number_interval, hill_numbers
from triplehelix.measure.specialisation import location_quotient_interval
from triplehelix.stats import effective_size, wilson_interval
from triplehelix.tables import EDITION

# Engines must agree on floating point to this many decimals, so no more are kept.
_DECIMALS = 9
_ORDERS = (0, 1, 2)
_BALANCED = ("academia", "industry", "health")
_NOTE_ON_QUOTIENTS = (
    "by participations; against all in the edition; 95 % by the log method of Katz on the "
    "effective number of activities (Kish), taken as independent draws"
)
_NOTE_ON_UNBOUNDED = (
    "by participations; against all in the edition; no interval: the theme is absent here "
    "or absent elsewhere"
)
_NOTE_ON_DIVERSITY = (
    "effective number of themes by participations; 95 % by the delta method to the second "
    "order; activities taken as independent draws"
)
_NOTE_ON_RICHNESS = "number of themes present; no interval: themes not seen cannot be counted"


def share_rows(shares: pa.Table) -> pa.Table:
    """Shares with Wilson's interval, from (part, whole, squares)."""
    part, whole, squares = (_reals(shares, name) for name in ("part", "whole", "squares"))
    share, trials = part / whole, effective_size(whole, squares)
    low, high = wilson_interval(share * trials, trials)
    return profile_rows(
        shares["cluster_id"], shares["measure"], "all", share, low, high,
        shares["n"], shares["note"],
    )  # fmt: skip


def quotient_rows(quotients: pa.Table) -> pa.Table:
    """Location quotients with the interval carried over from Katz's."""
    part, whole, squares, part_elsewhere, whole_elsewhere, squares_elsewhere = (
        _reals(quotients, name + place)
        for place in ("", "_elsewhere")
        for name in ("part", "whole", "squares")
    )
    # A cluster that holds the whole edition leaves no activity elsewhere.
    with np.errstate(invalid="ignore"):
        share_elsewhere = np.where(whole_elsewhere > 0, part_elsewhere / whole_elsewhere, 0.0)
        everywhere = whole + whole_elsewhere
        quotient = (part / whole) / ((part + part_elsewhere) / everywhere)
    low, high = location_quotient_interval(
        part / whole,
        share_elsewhere,
        size=whole / everywhere,
        trials=effective_size(whole, squares),
        trials_elsewhere=effective_size(whole_elsewhere, squares_elsewhere),
    )
    notes = np.where(np.isnan(low), _NOTE_ON_UNBOUNDED, _NOTE_ON_QUOTIENTS)
    return profile_rows(
        quotients["cluster_id"], "location_quotient", quotients["theme"], quotient, low, high,
        quotients["n"], notes,
    )  # fmt: skip


def diversity_rows(per_theme: pa.Table, moments: pa.Table) -> pa.Table:
    """Hill numbers of each cluster over the themes it works in."""
    themes = per_theme.to_pandas()
    activity = themes.pivot(index="cluster_id", columns="theme", values="part")
    draws_of = themes.pivot(index="cluster_id", columns="theme", values="n").to_numpy()
    n_labelled = themes.groupby("cluster_id")["n_labelled"].first()
    totals = activity.to_numpy(dtype=float)
    products = _products(moments.to_pandas(), activity.columns)
    numbers = hill_numbers(totals, _ORDERS)
    bounds = np.full((len(activity), len(_ORDERS), 2), np.nan)
    for i, cluster in enumerate(activity.index):
        for j, order in enumerate(_ORDERS[1:], start=1):
            bounds[i, j] = hill_number_interval(
                totals[i], products[cluster], order,
                draws=int(n_labelled.iloc[i]), draws_of=draws_of[i],
            )  # fmt: skip
    return pa.concat_tables(
        profile_rows(
            activity.index, f"diversity_themes_q{order}", "all", numbers[:, j], bounds[:, j, 0],
            bounds[:, j, 1], n_labelled, _NOTE_ON_DIVERSITY if order else _NOTE_ON_RICHNESS,
        )
        for j, order in enumerate(_ORDERS)
    )  # fmt: skip


def _products(moments: pd.DataFrame, themes: pd.Index) -> dict[str, NDArray[np.float64]]:
    """Themes x themes of each cluster, 0 where no activity has both."""
    tables = {}
    for cluster, rows in moments.groupby("cluster_id"):
        table = np.zeros((len(themes), len(themes)))
        one, other = (themes.get_indexer(pd.Index(rows[name])) for name in ("theme", "other"))
        table[one, other] = rows["product"]
        tables[str(cluster)] = table
    return tables


def balance_rows(helices: pa.Table) -> pa.Table:
    """Evenness of each cluster's members over academia, industry and health."""
    names = [f"helix_share_{helix}" for helix in _BALANCED]
    rows = helices.to_pandas()
    rows = rows[rows["measure"].str.startswith("helix_share_")]
    members = rows.groupby("cluster_id")["n"].first()
    table = rows.pivot(index="cluster_id", columns="measure", values="part").reindex(columns=names)
    counts = table.to_numpy(dtype=float)
    n = counts.sum(axis=1).astype(int)
    bounds = np.array([
        hill_number_interval(each, np.diag(each), 1, draws=int(each.sum()), draws_of=each)
        for each in counts
    ]).reshape(-1, 2)  # fmt: skip
    # An effective number from 1 to 3 becomes an evenness from 0 to 1 (Pielou).
    even = np.log(np.column_stack([hill_numbers(counts, 1), bounds])) / np.log(len(_BALANCED))
    notes = [_on_balance(each, int(all_)) for each, all_ in zip(counts, members, strict=True)]
    return profile_rows(
        table.index, "helix_balance", "all", even[:, 0], even[:, 1], even[:, 2], n, notes
    )


def _on_balance(counts: NDArray[np.float64], members: int) -> str:
    said = ", ".join(f"{h} {c:.0f}" for h, c in zip(_BALANCED, counts, strict=True))
    others = members - int(counts.sum())
    return f"evenness of members over {said}" + (f"; left out: {others}" if others else "")


def profile_rows(
    cluster_id: Any, measure: Any, theme: Any, value: Any, low: Any, high: Any, n: Any, note: Any
) -> pa.Table:
    """Rows of `profiles` over all periods; a text stands for a column of it, NaN for NULL."""
    columns = {
        "cluster_id": cluster_id, "measure": measure, "theme": theme, "period": "all",
        "value": _rounded(value), "low": _rounded(low), "high": _rounded(high),
        "n": n, "note": note,
    }  # fmt: skip
    schema = EDITION["profiles"].schema
    return pa.table(
        {
            field.name: pa.repeat(columns[field.name], len(cluster_id))
            if isinstance(columns[field.name], str)
            else _column(columns[field.name], field.type)
            for field in schema
        },
        schema=schema,
    )


def _column(values: Any, type_: pa.DataType) -> pa.Array | pa.ChunkedArray:
    if isinstance(values, pa.ChunkedArray | pa.Array):
        return values.cast(type_)
    return pa.array(values, type=type_, from_pandas=True)


def _reals(table: pa.Table, name: str) -> NDArray[np.float64]:
    return np.asarray(table[name].to_numpy(), dtype=float)


def _rounded(values: ArrayLike) -> NDArray[np.float64]:
    return np.round(np.asarray(values, dtype=float), _DECIMALS)
