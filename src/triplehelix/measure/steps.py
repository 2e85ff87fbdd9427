"""The steps that turn clusters and activities into profiles."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from triplehelix.measure.composition import cluster_helices
from triplehelix.measure.counting import (
    cluster_activities,
    cluster_amounts,
    cluster_counts,
    cluster_participations,
    counted_profiles,
    performing_participations,
)
from triplehelix.measure.diversity import hill_numbers
from triplehelix.measure.quotients import cluster_quotients
from triplehelix.measure.reach import cluster_reach
from triplehelix.measure.specialisation import location_quotient_interval
from triplehelix.query import Calculation, Step
from triplehelix.stats import effective_size, wilson_interval
from triplehelix.tables import EDITION

# Engines must agree on floating point to this many decimals, so no more are kept.
_DECIMALS = 9
_ORDERS = (0, 1, 2)
_NOTE_ON_QUOTIENTS = (
    "by participations; against all in the edition; 95 % by the log method of Katz on the "
    "effective number of activities (Kish), taken as independent draws"
)
_NOTE_ON_UNBOUNDED = (
    "by participations; against all in the edition; no interval: the theme is absent here "
    "or absent elsewhere"
)
_NOTE_ON_DIVERSITY = "effective number of themes by participations; no interval yet"


def steps(parameters: Mapping[str, Any] | None = None) -> list[Step]:
    """
    Steps from clusters, memberships and activities to the table `profiles`.

    They read `clusters`, `memberships`, `sites`, `organisations`, `participations`,
    `activities` and `activity_themes`, and leave intermediate tables named after what they
    hold (`performing_participations`, `cluster_participations`, `cluster_activities`,
    `cluster_counts`, ...), which later stages may read by name. Funders never count.

    Parameters
    ----------
    parameters : mapping, optional
        The build's parameters; none changes a measure so far.

    Returns
    -------
    list of steps
        In the order in which they run; the last makes `profiles`.

    Notes
    -----
    The measures, `n` being the number that the value rests on:

    - `n_organisations`, `n_activities`, `activity_share` (fractional, in activities): per
      theme and `all`, per start year (`2014/2014`) and `all`; no row where nothing is.
    - `amount_EUR` and so on per currency: n participations state one. NULL if none does.
    - `location_quotient` per theme: n activities of the theme in the cluster.
    - `diversity_themes_q0`, `_q1`, `_q2`: Hill numbers; n activities with a theme.
    - `helix_share_academia` and so on: by member organisations; n organisations.
    - `helix_activity_share_academia` and so on: by fractional activity; n activities.
    - `local_share`, `national_share`, `international_share`: of the cluster's n activities.

    Values are rounded to 9 decimals. `docs/methods` says what each means.

    Examples
    --------
    >>> [step.makes for step in steps()][-2:]
    ['counted_profiles', 'profiles']
    """
    return [
        performing_participations(),
        cluster_participations(),
        cluster_activities(),
        cluster_counts(),
        cluster_amounts(),
        cluster_quotients(),
        cluster_helices(),
        cluster_reach(),
        counted_profiles(),
        Calculation(
            "profiles",
            ("counted_profiles", "cluster_helices", "cluster_reach", "cluster_quotients"),
            _profiles,
        ),
    ]


def _profiles(
    counted: pa.Table, helices: pa.Table, reach: pa.Table, quotients: pa.Table
) -> pa.Table:
    spec = EDITION["profiles"]
    # Sorted before any arithmetic, so that vectorised exp and log see one order.
    per_theme = quotients.sort_by([("cluster_id", "ascending"), ("theme", "ascending")])
    families = [
        counted.select(spec.schema.names).cast(spec.schema),
        _share_rows(helices),
        _share_rows(reach),
        _quotient_rows(per_theme),
        _diversity_rows(per_theme.to_pandas()),
    ]
    return pa.concat_tables(families).sort_by([(name, "ascending") for name in spec.key])


def _share_rows(shares: pa.Table) -> pa.Table:
    """Shares with Wilson's interval, from (part, whole, squares)."""
    part, whole, squares = (_reals(shares, name) for name in ("part", "whole", "squares"))
    share, trials = part / whole, effective_size(whole, squares)
    low, high = wilson_interval(share * trials, trials)
    return _rows(
        shares["cluster_id"], shares["measure"], "all", share, low, high,
        shares["n"], shares["note"],
    )  # fmt: skip


def _quotient_rows(quotients: pa.Table) -> pa.Table:
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
    return _rows(
        quotients["cluster_id"], "location_quotient", quotients["theme"], quotient, low, high,
        quotients["n"], notes,
    )  # fmt: skip


def _diversity_rows(per_theme: pd.DataFrame) -> pa.Table:
    """Hill numbers of each cluster over the themes it works in."""
    activity = per_theme.pivot(index="cluster_id", columns="theme", values="part")
    n_labelled = per_theme.groupby("cluster_id")["n_labelled"].first()
    numbers = hill_numbers(activity.to_numpy(dtype=float), _ORDERS)
    unknown = np.full(len(activity), np.nan)
    return pa.concat_tables(
        _rows(
            activity.index, f"diversity_themes_q{order}", "all", numbers[:, i], unknown, unknown,
            n_labelled, _NOTE_ON_DIVERSITY,
        )
        for i, order in enumerate(_ORDERS)
    )  # fmt: skip


def _rows(
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
