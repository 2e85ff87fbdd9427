"""Clusters side by side, from what their profiles measured."""

from collections.abc import Callable, Sequence
from typing import Any

from triplehelix.app.cluster_profile import ClusterProfile, Measure, cluster_profile
from triplehelix.app.compare.comparison import (
    Comparison,
    Panel,
    Shared,
    Side,
    ThemeComparison,
    Value,
    by_year,
    checked,
    told,
)
from triplehelix.app.compare.words import HELICES, LABELS, REACH, SAYS
from triplehelix.errors import InputError
from triplehelix.query import Query
from triplehelix.stats import effective_size, wilson_interval
from triplehelix.store.edition import Edition


def compare(edition: Edition, cluster_ids: Sequence[str]) -> Comparison:
    """
    Clusters side by side, in the order of their names: no measure ranks them.

    Themes come from the one with the largest quotient of any of them on.

    Raises
    ------
    InputError
        If there are not two to ten of them, one is given twice, or they are not of one level,
        theme and period.
    UnknownName
        If the edition has no such cluster.
    """
    profiles = [cluster_profile(edition, one) for one in checked(cluster_ids, "clusters")]
    _of_one_layer(profiles)
    profiles.sort(key=lambda p: (p.cluster.name.casefold(), p.cluster.cluster_id))
    ids = [p.cluster.cluster_id for p in profiles]
    themes = _themes(profiles)
    panels = [
        *_sizes(profiles), *_measured(profiles, "helices", HELICES),
        *_measured(profiles, "reach", REACH), _trend(edition, ids),
        *_shares(edition, ids, themes), *_quotients(themes),
    ]  # fmt: skip
    return Comparison(
        "cluster",
        [Side(p.cluster.cluster_id, p.cluster.name, p.cluster.evidence) for p in profiles],
        told(panels),
        by_year([{y.year: y.n_activities for y in p.years if y.year is not None}
                 for p in profiles]),
        profiles, themes, _shared(edition, profiles),
    )  # fmt: skip


def _of_one_layer(profiles: list[ClusterProfile]) -> None:
    layers = {(p.cluster.level, p.theme, p.period): p.cluster.name for p in profiles}
    if len(layers) > 1:
        said = "; ".join(
            f"{name}: level {level}, theme {theme}, period {period}"
            for (level, theme, period), name in sorted(layers.items())
        )
        raise InputError(f"compare clusters of one level, theme and period, not {said}")


def _sizes(profiles: list[ClusterProfile]) -> list[Panel]:
    def panel(measure: str, of: Callable[[ClusterProfile], Value]) -> Panel:
        return Panel("size", measure, "all", LABELS[measure], "counts", SAYS["drawn"],
                     [of(p) for p in profiles])  # fmt: skip

    return [
        panel("n_organisations", lambda p: Value(
            p.cluster.n_organisations, p.cluster.n_organisations_low,
            p.cluster.n_organisations_high, p.cluster.n_activities)),
        panel("n_activities", lambda p: Value(
            p.cluster.n_activities, p.cluster.n_activities_low, p.cluster.n_activities_high,
            p.cluster.n_activities)),
    ]  # fmt: skip


def _measured(
    profiles: list[ClusterProfile], group: str, measures: Sequence[tuple[str, str, str]]
) -> list[Panel]:
    """Panels of measures of the profiles; `measures` are names, scales and what is said."""
    found = [{m.measure: m for m in p.measures if m.theme == "all"} for p in profiles]
    return [
        Panel(group, measure, "all", LABELS[measure], scale, SAYS[says],
              [_value(each.get(measure)) for each in found])
        for measure, scale, says in measures
    ]  # fmt: skip


def _value(measure: Measure | None) -> Value | None:
    if measure is None:
        return None
    return Value(measure.value, measure.low, measure.high, measure.n)


def _trend(edition: Edition, ids: list[str]) -> Panel:
    rows = {r["cluster_id"]: r for r in edition.rows(Query("trend", _TREND, {"ids": ids}))}
    values = [Value(r["value"], r["low"], r["high"], r["n"]) if (r := rows.get(id_)) else None
              for id_ in ids]  # fmt: skip
    return Panel("trend", "trend", "all", LABELS["trend"], "ratios", SAYS["trend"], values)


def _themes(profiles: list[ClusterProfile]) -> list[ThemeComparison]:
    by_theme = [{m.theme: m for m in p.strengths} for p in profiles]
    labels = {m.theme: m.label for p in profiles for m in p.strengths}

    def largest(theme: str) -> float:
        return max(m.value or 0.0 for each in by_theme if (m := each.get(theme)))

    ordered = sorted(labels, key=lambda t: (-largest(t), t))
    return [ThemeComparison(t, labels[t], [b.get(t) for b in by_theme]) for t in ordered]


def _quotients(themes: list[ThemeComparison]) -> list[Panel]:
    return [
        Panel("specialisation", "location_quotient", t.theme, t.label or t.theme, "ratios",
              SAYS["quotient"], [_value(q) for q in t.quotients])
        for t in themes
    ]  # fmt: skip


def _shares(edition: Edition, ids: list[str], themes: list[ThemeComparison]) -> list[Panel]:
    """Each theme's share of a cluster's participations, as its quotient has it."""
    rows = edition.rows(Query("theme_shares", _SHARES, {"ids": ids}))
    return share_panels(ids, rows, [(t.theme, t.label or t.theme) for t in themes])


def share_panels(
    ids: Sequence[str], rows: Sequence[dict[str, Any]], themes: Sequence[tuple[str, str]]
) -> list[Panel]:
    """
    Shares of themes with Wilson's interval.

    Parameters
    ----------
    rows : (id, theme, part, whole, squares, n); without a row for a theme its part is 0, where
        the id has any row: else it is not known.
    """
    found = {(r["id"], r["theme"]): r for r in rows}
    totals = {r["id"]: r for r in rows}

    def value(id_: str, theme: str) -> Value | None:
        if id_ not in totals:
            return None
        whole, squares = totals[id_]["whole"], totals[id_]["squares"]
        row = found.get((id_, theme))
        trials = float(effective_size(whole, squares))
        share = row["part"] / whole if row else 0.0
        low, high = wilson_interval(share * trials, trials)
        return Value(share, float(low), float(high), int(row["n"]) if row else 0)

    return [
        Panel("share", "theme_share", theme, label, "shares", SAYS["share"],
              [value(id_, theme) for id_ in ids])
        for theme, label in themes
    ]  # fmt: skip


def _shared(edition: Edition, profiles: list[ClusterProfile]) -> list[Shared]:
    ids = [p.cluster.cluster_id for p in profiles]
    counts = {
        (r["a"], r["b"]): r["n"] for r in edition.rows(Query("shared", _SHARED, {"ids": ids}))
    }
    shared = []
    for i, one in enumerate(profiles):
        for b in ids[i + 1 :]:
            tie = next((p for p in one.partners if p.id == b), None)
            pair = min(ids[i], b), max(ids[i], b)
            shared.append(Shared(ids[i], b, counts.get(pair, 0), tie))
    return shared


_SHARED = """
    select a.cluster_id as a, b.cluster_id as b, count(*) as n
    from atlas.cluster_activities a
    join atlas.cluster_activities b
         on b.activity_id = a.activity_id and a.cluster_id < b.cluster_id
    where list_contains($ids, a.cluster_id) and list_contains($ids, b.cluster_id)
    group by all order by a, b"""

# One row of a cluster says whether it grows or loses ground.
_TREND = """
    select cluster_id, value, low, high, n from prospects
    where kind in ('growing', 'losing') and theme = 'all' and list_contains($ids, cluster_id)
    order by cluster_id"""

_SHARES = """
    with mine as (
        select m.cluster_id as id, p.activity_id, count(distinct p.organisation_id) as parts
        from atlas.memberships m
        join atlas.participations p using (site_id)
        join atlas.cluster_activities c on c.cluster_id = m.cluster_id
             and c.activity_id = p.activity_id
        where list_contains($ids, m.cluster_id) group by all),
    totals as (select id, sum(parts)::double as whole, sum(parts * parts)::double as squares
               from mine group by id)
    select id, theme, sum(parts * weight)::double as part, any_value(whole) as whole,
           any_value(squares) as squares, count(*) as n
    from mine join atlas.activity_themes using (activity_id) join totals using (id)
    where weight > 0
    group by id, theme order by id, theme"""
