"""The steps that turn an edition's own years into the table `forecasts`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from triplehelix.link.learning import Rows, Taught, taught
from triplehelix.link.past import Traits
from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import EDITION

Languages = Mapping[str, tuple[str, ...]]
_LAYER = ["between", "level", "theme", "period"]
_DECIMALS = 9


def forecast_steps(languages: Languages) -> list[Step]:
    """
    Steps to the table `forecasts`: what each layer's earlier years teach, and how it held.

    They read `clusters`, `memberships`, `sites`, `organisations`, `participations`,
    `activities`, `activity_themes` and `successors`.

    Examples
    --------
    >>> [step.makes for step in forecast_steps({})]
    ['forecast_rows', 'forecast_nodes', 'forecasts']
    """
    return [
        _forecast_rows(), _forecast_nodes(),
        Calculation(
            "forecasts", ("forecast_rows", "forecast_nodes", "activity_themes"),
            partial(forecasts, languages=languages),
        ),
    ]  # fmt: skip


def _forecast_rows() -> Query:
    """Who took part in what since when, per layer; funders pay for work and do not do it."""
    return Query(
        "forecast_rows",
        """
        with done as (
            select distinct p.activity_id, p.organisation_id, p.site_id, a.start
            from participations p join activities a using (activity_id)
            where p.role is distinct from 'funder')
        select distinct 'organisation' as "between", 0 as level, 'all' as theme, 'all' as period,
            activity_id, organisation_id as node, start
        from done
        union all
        select distinct 'cluster', c.level, c.theme, c.period, d.activity_id, c.cluster_id, d.start
        from clusters c
        join memberships m using (cluster_id)
        join done d using (site_id)
        where (c.theme = 'all' or d.activity_id in (
                select activity_id from activity_themes t
                where t.theme = c.theme and t.weight > 0))
          and (c.period = 'all' or year(d.start) between split_part(c.period, '/', 1)::integer
                                                    and split_part(c.period, '/', 2)::integer)
        """,
    )


def _forecast_nodes() -> Query:
    """What does not change: place, country, helix, and whether one may be named to others."""
    return Query(
        "forecast_nodes",
        """
        select o.organisation_id as node, s.lat, s.lon, coalesce(o.country, '') as country,
            coalesce(o.helix, 'unknown') as helix,
            coalesce(trim(o.name), '') not in ('', o.organisation_id)
                and o.organisation_id not in (select earlier_id from successors) as eligible
        from organisations o
        left join sites s on s.site_id = o.main_site_id
            and s.precision in ('address', 'postcode', 'district', 'city')
        union all
        select cluster_id, centre_lat, centre_lon,
            case when len(countries) = 1 then countries[1] else '' end, 'unknown', true
        from clusters
        """,
    )


def forecasts(
    rows: pa.Table, nodes: pa.Table, activity_themes: pa.Table, languages: Languages
) -> pa.Table:
    """
    The rows of `forecasts`, of every layer that has activities.

    Parameters
    ----------
    rows : who took part in what since when, per layer.
    nodes : place, country, helix of each node, and whether it is `eligible`.
    activity_themes : the table of an edition.
    languages : the official languages of each country.
    """
    known = nodes.to_pandas().sort_values("node", ignore_index=True)
    traits = Traits(
        known["node"].to_numpy(str), known["lat"].to_numpy(float), known["lon"].to_numpy(float),
        known["country"].to_numpy(str), known["helix"].to_numpy(str), languages,
    )  # fmt: skip
    of = activity_themes.to_pandas()
    of = of[of["weight"] > 0]
    themes = (of["activity_id"].to_numpy(str), of["theme"].to_numpy(str))
    eligible = known["node"][known["eligible"]].to_numpy(str)
    made: list[dict[str, Any]] = []
    for layer, here in rows.to_pandas().groupby(_LAYER, sort=True):
        found = taught(
            Rows(here["activity_id"].to_numpy(str), here["node"].to_numpy(str),
                 pd.to_datetime(here["start"]).to_numpy("datetime64[D]")),
            traits, themes=themes, eligible=eligible, few=layer[0] == "cluster",
        )  # fmt: skip
        made += [dict(zip(_LAYER, layer, strict=True)) | row for row in _rows(found)]
    schema = EDITION["forecasts"].schema
    return pa.Table.from_pylist(made, schema=schema)


def _rows(found: Taught) -> list[dict[str, Any]]:
    at = found.stretches
    span = f"learned on {at.learned_from} to {at.known}, tested from {at.known} on" if at else None
    rows: list[dict[str, Any]] = [
        {"measure": "used", "value": float(found.why_not is None), "note": found.why_not or span}
    ]
    rows += [
        {"measure": f"weight_{name}", "value": round(value, _DECIMALS), "note": span}
        for name, value in found.weights.items()
    ]
    for size, held in found.held.items():
        if not held.n_named:
            continue
        low, high = (round(each, _DECIMALS) for each in held.bounds)
        rows += [
            {"measure": f"precision_{size}", "value": round(held.precision, _DECIMALS),
             "low": low, "high": high, "n": held.n_named, "note": span},
            {"measure": f"chance_{size}", "value": round(held.chance, _DECIMALS),
             "n": held.n_asked, "note": span},
            {"measure": f"precision_equal_{size}", "n": held.n_named, "note": span,
             "value": round(held.n_came_equal / held.n_named, _DECIMALS)},
        ]  # fmt: skip
    return [row for row in rows if np.isfinite(row["value"])]
