"""Countries side by side, measured as clusters are: a country's organisations as one group."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from triplehelix.app.cluster_profile import Partner
from triplehelix.app.compare.clusters import share_panels
from triplehelix.app.compare.comparison import (
    Comparison,
    Panel,
    Shared,
    Side,
    Value,
    by_year,
    checked,
    told,
)
from triplehelix.app.compare.words import HELICES, LABELS, SAYS
from triplehelix.app.countries import country_name
from triplehelix.app.partners.area import countries_at_work
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.app.prospects import coverage
from triplehelix.errors import UnknownName
from triplehelix.measure.composition import helix_mix
from triplehelix.measure.diversity import hill_number_interval, hill_numbers
from triplehelix.measure.prospects.counting import LEAST_ACTIVITIES, SIZES_TO
from triplehelix.measure.prospects.trends import trend
from triplehelix.measure.specialisation import location_quotient_interval
from triplehelix.query import Query
from triplehelix.stats import effective_size, wilson_interval
from triplehelix.store.edition import Edition

_BALANCED = ("academia", "industry", "health")
_HELIX = "helix_activity_share_"


def compare_countries(edition: Edition, countries: Sequence[str]) -> Comparison:
    """
    Countries side by side, in the order of their names: no measure ranks them.

    A country is what its organisations do, in clusters or not; funders' parts do not count. It
    is measured against all that is performed in the edition.

    Parameters
    ----------
    countries : ISO 3166-1 alpha-2 codes.

    Raises
    ------
    InputError
        If there are not two to ten of them, or one is given twice.
    UnknownName
        If no organisation of the edition at work is in a country.
    """
    asked = checked([one.strip().upper() for one in countries], "countries")
    active = countries_at_work(edition)
    for code in asked:
        if code not in active:
            raise UnknownName(_nobody(code, active))
    ids = sorted(asked, key=lambda code: (country_name(code).casefold(), code))
    totals = {r["id"]: r for r in _rows(edition, "totals", _TOTALS, ids)}
    themes = _themes(edition, ids, totals)
    panels = [
        *_sizes(ids, totals), *_helices(edition, ids), *_reach(ids, totals),
        _trend(edition, ids), *themes,
    ]  # fmt: skip
    years: list[dict[int, int]] = [{} for _ in ids]
    for row in _rows(edition, "years", _YEARS, ids):
        years[ids.index(row["id"])][row["year"]] = row["n"]
    return Comparison(
        "country", [Side(code, country_name(code), None) for code in ids], told(panels),
        by_year(years), [], [], _shared(edition, ids),
    )  # fmt: skip


def _nobody(code: str, active: tuple[str, ...]) -> str:
    instead = {"UK": "GB", "EL": "GR"}.get(code)
    hint = f"; write {instead}" if instead else ""
    return (
        f"no organisation at work in this edition is in {code!r}{hint}; give ISO codes of two "
        f"letters, such as {', '.join(active[:5]) or 'GB'}"
    )


def _rows(edition: Edition, makes: str, sql: str, ids: list[str]) -> list[dict[str, Any]]:
    return edition.rows(Query(makes, _MINE + sql, {"ids": ids}))


def _sizes(ids: list[str], totals: dict[str, Any]) -> list[Panel]:
    return [
        Panel("size", measure, "all", LABELS[measure], "counts", SAYS["counted"],
              [Value(totals[id_][measure], None, None, totals[id_]["n_activities"])
               for id_ in ids])
        for measure in ("n_organisations", "n_activities")
    ]  # fmt: skip


def _helices(edition: Edition, ids: list[str]) -> list[Panel]:
    """Shares of fractional activity; and the evenness of organisations over three helices."""
    rows = {(r["id"], r["helix"]): r for r in _rows(edition, "helices", _HELICES, ids)}
    totals = {r["id"]: r for r in rows.values()}

    def share(id_: str, helix: str) -> Value:
        whole, n = totals[id_]["whole"], totals[id_]["n"]
        trials = float(effective_size(whole, totals[id_]["squares"]))
        part = rows[id_, helix]["part"] if (id_, helix) in rows else 0.0
        low, high = wilson_interval(min(part / whole, 1.0) * trials, trials)
        return Value(part / whole, float(low), float(high), n)

    panels = [
        Panel("helices", measure, "all", LABELS[measure], scale, SAYS[says],
              [share(id_, measure.removeprefix(_HELIX)) for id_ in ids])
        for measure, scale, says in HELICES if measure.startswith(_HELIX)
    ]  # fmt: skip
    counts = [
        [rows[id_, helix]["n_organisations"] if (id_, helix) in rows else 0 for helix in _BALANCED]
        for id_ in ids
    ]
    balance = Panel("helices", "helix_balance", "all", LABELS["helix_balance"], "shares",
                    SAYS["balance"], [_evenness(each) for each in counts])  # fmt: skip
    return [*panels, balance]


def _evenness(counts: list[int]) -> Value | None:
    """Pielou's evenness of one region over the helices, with its bounds."""
    if np.isnan(helix_mix([counts])).any():
        return None
    bounds = hill_number_interval(counts, np.diag(counts), 1, draws=sum(counts), draws_of=counts)
    effective = np.array([float(hill_numbers([counts], (1,))[0, 0]), *bounds], dtype=float)
    value, low, high = (float(v) for v in np.log(effective) / np.log(len(_BALANCED)))
    known = np.isfinite([low, high]).all()
    return Value(value, low if known else None, high if known else None, sum(counts))


def _reach(ids: list[str], totals: dict[str, Any]) -> list[Panel]:
    panels = []
    for scope in ("national", "international"):
        values = []
        for id_ in ids:
            n, part = totals[id_]["n_activities"], totals[id_][f"n_{scope}"]
            low, high = wilson_interval(part, n)
            values.append(Value(part / n, float(low), float(high), n))
        label = LABELS[f"{scope}_share"]
        panels.append(Panel("reach", f"{scope}_share", "all", label, "shares", SAYS["reach"],
                            list(values)))  # fmt: skip
    return panels


def _trend(edition: Edition, ids: list[str]) -> Panel:
    """The change of each country's part of all activities, over sizes of consortia."""
    cover = coverage(edition)
    values: list[Value | None] = [None] * len(ids)
    panel = Panel("trend", "trend", "all", LABELS["trend"], "ratios", SAYS["trend"], values)
    if cover is None:
        return panel
    asked = {"ids": ids, "split": cover.split, "sizes_to": list(SIZES_TO)}
    table = {(r["id"], r["size"]): (r["before"], r["since"])
             for r in edition.rows(Query("trend", _MINE + _TREND, asked))}  # fmt: skip
    sizes = sorted({size for _, size in table})
    counts = np.array([[table.get((id_, s), (0, 0)) for s in sizes] for id_ in [None, *ids]], float)
    found = trend(counts[1:, :, 0], counts[1:, :, 1], counts[0, :, 0], counts[0, :, 1])
    n = counts[1:].sum(axis=(1, 2)).astype(int)
    for at in range(len(ids)):
        value, low, high = (float(column[at]) for column in found[:3])
        if n[at] >= LEAST_ACTIVITIES and np.isfinite(value):
            known = np.isfinite([low, high]).all()
            values[at] = Value(value, low if known else None, high if known else None, int(n[at]))
    return panel


def _themes(edition: Edition, ids: list[str], totals: dict[str, Any]) -> list[Panel]:
    """Shares and quotients of themes, from the largest quotient of any of them on."""
    rows = [
        {**r, "whole": totals[r["id"]]["whole"], "squares": totals[r["id"]]["squares"]}
        for r in _rows(edition, "themes", _THEMES, ids)
    ]
    everywhere = _everywhere(edition)
    found = {(r["id"], r["theme"]): r for r in rows}
    labelled = {r["id"] for r in rows}
    panels = [
        Panel("specialisation", "location_quotient", theme, one["label"], "ratios",
              SAYS["quotient"],
              [_quotient(found.get((id_, theme)), totals[id_], one) if id_ in labelled else None
               for id_ in ids])
        for theme, one in everywhere.items()
    ]  # fmt: skip
    panels.sort(key=lambda p: (-max((v.value or 0.0 for v in p.values if v), default=0), p.theme))
    return [*share_panels(ids, rows, [(p.theme, p.label) for p in panels]), *panels]


def _quotient(
    row: dict[str, Any] | None, mine: dict[str, Any], everywhere: dict[str, Any]
) -> Value:
    part = row["part"] if row else 0.0
    whole, all_ = mine["whole"], everywhere["whole"]
    quotient = (part / whole) / (everywhere["part"] / all_)
    rest = all_ - whole
    low, high = location_quotient_interval(
        part / whole, (everywhere["part"] - part) / rest if rest > 0 else 0.0, size=whole / all_,
        trials=effective_size(whole, mine["squares"]),
        trials_elsewhere=effective_size(rest, everywhere["squares"] + mine["change_elsewhere"]),
    )  # fmt: skip
    known = np.isfinite([low, high]).all()
    return Value(quotient, float(low) if known else None, float(high) if known else None,
                 row["n"] if row else 0)  # fmt: skip


@once_per_edition
def _everywhere(edition: Edition) -> dict[str, dict[str, Any]]:
    """Of each theme with activity: its label, its part of all participations, and all of them."""
    return {row["theme"]: row for row in prepare(edition).rows(Query("everywhere", _EVERYWHERE))}


def _shared(edition: Edition, ids: list[str]) -> list[Shared]:
    counts = {(r["a"], r["b"]): r["n"] for r in _rows(edition, "shared", _SHARED, ids)}
    ties = {(r["a"], r["b"]): r for r in edition.rows(Query("ties", _TIES, {"ids": ids}))}
    shared = []
    for i, a in enumerate(ids):
        for b in ids[i + 1 :]:
            pair = min(a, b), max(a, b)
            tie = _tie(b, ties[pair]) if pair in ties else None
            shared.append(Shared(a, b, counts.get(pair, 0), tie))
    return shared


def _tie(code: str, row: dict[str, Any]) -> Partner:
    return Partner(
        "country", code, country_name(code), row["weight"], row["n_activities"], row["expected"],
        row["low"], row["high"],
    )  # fmt: skip


# Who works on what, of the countries asked for; `mine` has a row for each activity.
_MINE = """
    with present as (
        select distinct activity_id, organisation_id, country from atlas.participations),
    mine as (
        select country as id, activity_id, count(*) as parts
        from present where list_contains($ids, country) group by all),
    sizes as (
        select activity_id, count(*) as n_all, count(country) as n_known from present
        where activity_id in (select activity_id from mine) group by activity_id)
"""
_TOTALS = """
    , organisations as (
        select country as id, count(distinct organisation_id) as n from present
        where list_contains($ids, country) group by country)
    select m.id, any_value(o.n) as n_organisations, count(*) as n_activities,
           sum(parts)::double as whole, sum(parts * parts)::double as squares,
           sum((n_all - parts) * (n_all - parts) - n_all * n_all)::double as change_elsewhere,
           count(*) filter (parts > 1) as n_national,
           count(*) filter (n_known > parts) as n_international
    from mine m join sizes using (activity_id) join organisations o using (id)
    group by m.id order by m.id"""
_HELICES = """
    , shares as (
        select o.country as id, coalesce(o.helix, 'unknown') as helix, p.activity_id,
               p.organisation_id, p.share
        from atlas.parts p join atlas.organisations o using (organisation_id)
        where p.role is distinct from 'funder' and list_contains($ids, o.country)),
    per_activity as (
        select id, activity_id, sum(share::decimal(18, 9)) as share from shares group by all),
    totals as (
        select id, sum(share)::double as whole, sum(share * share)::double as squares,
               count(*) as n
        from per_activity group by id)
    select id, helix, sum(share::decimal(18, 9))::double as part, any_value(whole) as whole,
           any_value(squares) as squares, any_value(n) as n,
           count(distinct organisation_id) as n_organisations
    from shares join totals using (id) where whole > 0
    group by id, helix order by id, helix"""
_THEMES = """
    select id, theme, sum(parts * weight)::double as part, count(*) as n
    from mine join atlas.activity_themes using (activity_id) where weight > 0
    group by id, theme order by id, theme"""
_YEARS = """
    select id, year, count(*) as n from mine join atlas.activities using (activity_id)
    where year is not null group by all order by id, year"""
_SHARED = """
    select a.id as a, b.id as b, count(*) as n from mine a
    join mine b on b.activity_id = a.activity_id and a.id < b.id
    group by all order by a, b"""
_TREND = """
    , dated as (
        select activity_id, count(*) as n_all, any_value(year) >= $split as late
        from present join atlas.activities using (activity_id)
        where year is not null group by activity_id),
    sized as (
        select activity_id, late,
               len(list_filter($sizes_to::bigint[], lambda bound: bound < n_all)) as size
        from dated)
    select m.id, size, count(*) filter (not late) as before, count(*) filter (late) as since
    from mine m join sized using (activity_id) group by all
    union all
    select null, size, count(*) filter (not late), count(*) filter (late)
    from sized group by size
    order by all"""
_EVERYWHERE = """
    with performed as (
        select activity_id, count(distinct organisation_id) as parts
        from atlas.participations group by activity_id),
    totals as (
        select sum(parts)::double as whole, sum(parts * parts)::double as squares from performed),
    parts as (
        select theme, sum(parts * weight)::double as part
        from performed join atlas.activity_themes using (activity_id)
        where weight > 0 group by theme)
    select theme, coalesce(label, theme) as label, part, whole, squares
    from parts cross join totals left join atlas.themes using (theme)
    where part > 0 order by theme"""
_TIES = """
    select least(a, b) as a, greatest(a, b) as b, weight, n_activities, expected, low, high
    from atlas.arcs
    where kind = 'country' and theme = 'all' and period = 'all'
      and list_contains($ids, a) and list_contains($ids, b)
    order by a, b"""
