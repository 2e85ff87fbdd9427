"""The clusters of an edition with figures fit to be published: small ones held back."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triplehelix.app.figures import MEASURES, Figures, known_figures
from triplehelix.app.prepared import once_per_edition
from triplehelix.app.wkt import Outline, outline
from triplehelix.errors import InputError
from triplehelix.measure.complementary import Cell, suppressions
from triplehelix.measure.disclosure import Contribution, Rule, rounded, total
from triplehelix.query import Query
from triplehelix.store.edition import Edition

THRESHOLD, P_PERCENT = 5, 10.0
COUNT = "sites"


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A figure as published: a value, or None where unknown or held back.

    `reason` says why it is held back and is never published: that a figure is held back for
    itself would tell that it is small. `n` organisations of `of` stand behind the value.
    """

    value: float | None
    reason: str | None
    n: int
    of: int


@dataclass(frozen=True, slots=True)
class Row:
    """A cluster of one sector, with its figures by measure and its outline."""

    cluster_id: str
    sector_type: str
    sector: str
    name: str
    figures: Mapping[str, Shown]
    outline: Outline


@dataclass(frozen=True, slots=True)
class PublishedMap:
    """The rows in order, what figures were known, and the rules they were shown by."""

    rows: list[Row]
    figures: Figures
    suppress_below: int
    round_to: int


@once_per_edition
def published_map(
    edition: Edition, *, suppress_below: int = THRESHOLD, round_to: int = 1
) -> PublishedMap:
    """
    The clusters of the edition's own level, of all themes and of each, ready to be published.

    Parameters
    ----------
    suppress_below : a figure of fewer organisations is held back, and whatever would tell it;
        0 holds back nothing.
    round_to : figures are rounded to multiples of this; 0 or 1 leaves them.

    Raises
    ------
    InputError
        If either is negative.
    """
    _check(suppress_below, round_to)
    clusters = edition.rows(Query("clusters", _CLUSTERS))
    members = edition.rows(Query("members", _MEMBERS))
    figures = known_figures(edition)
    shown = {
        measure: _shown(clusters, members, figures.of.get(measure), suppress_below, round_to)
        for measure in (COUNT, *MEASURES)
    }
    rows = [
        Row(
            cluster["cluster_id"], cluster["sector_type"], cluster["sector"], cluster["name"],
            {measure: found[cluster["cluster_id"]] for measure, found in shown.items()},
            outline(cluster["footprint"]),
        )
        for cluster in clusters
    ]  # fmt: skip
    return PublishedMap(rows, figures, suppress_below, round_to)


def _check(suppress_below: int, round_to: int) -> None:
    for name, value in (("suppress_below", suppress_below), ("round_to", round_to)):
        if value < 0:
            raise InputError(f"{name} is {value}; give a whole number, or 0 for none")


def _shown(
    clusters: list[dict[str, Any]],
    members: list[dict[str, Any]],
    values: Mapping[str, float] | None,
    suppress_below: int,
    round_to: int,
) -> dict[str, Shown]:
    """One measure of every cluster; without values, the number of its sites."""
    contributions = _contributions(members, values)
    sites: dict[str, list[str]] = {}
    owners: dict[str, set[str]] = {}
    for member in members:
        owners.setdefault(member["cluster_id"], set()).add(member["organisation_id"])
        if member["site_id"] in contributions:
            sites.setdefault(member["cluster_id"], []).append(member["site_id"])
    counting = values is None
    held = _held(clusters, sites, contributions, suppress_below, counting=counting)
    return {
        c["cluster_id"]: _figure(
            sites.get(c["cluster_id"], []), contributions, held.get(_key(c)),
            len(owners.get(c["cluster_id"], ())), round_to,
        )
        for c in clusters
    }  # fmt: skip


def _contributions(
    members: Iterable[dict[str, Any]], values: Mapping[str, float] | None
) -> dict[str, Contribution]:
    """What each site adds: 1 to a count; its organisation's figure if that is its main site."""
    if values is None:
        return {m["site_id"]: Contribution(m["organisation_id"], 1.0) for m in members}
    return {
        m["site_id"]: Contribution(m["organisation_id"], values[m["organisation_id"]])
        for m in members
        if m["main"] and m["organisation_id"] in values
    }


def _held(
    clusters: Iterable[dict[str, Any]],
    sites: Mapping[str, list[str]],
    contributions: Mapping[str, Contribution],
    suppress_below: int,
    *,
    counting: bool,
) -> dict[tuple[str, ...], str]:
    if suppress_below == 0:
        return {}
    cells = [Cell(_key(c), c["theme"], frozenset(sites.get(c["cluster_id"], ()))) for c in clusters]
    return suppressions(cells, contributions, Rule(suppress_below, None if counting else P_PERCENT))


def _key(cluster: Mapping[str, Any]) -> tuple[str, ...]:
    return (cluster["theme"], cluster["name"], cluster["cluster_id"])


def _figure(
    sites: list[str],
    contributions: Mapping[str, Contribution],
    reason: str | None,
    of: int,
    round_to: int,
) -> Shown:
    n = len({contributions[site].owner for site in sites})
    if not sites or reason:
        return Shown(None, reason, n, of)
    value = rounded(total(sites, contributions), round_to)
    if math.isnan(value):
        return Shown(None, "rounds to nothing", n, of)
    return Shown(value, None, n, of)


# Rows of the layout have no level, so they are of the level the edition is about.
_CLUSTERS = """
    select c.cluster_id, coalesce(c.name, c.cluster_id) as name,
           coalesce(c.theme, 'all') as theme, c.footprint,
           case when coalesce(c.theme, 'all') = 'all' then 'All'
                else coalesce(t.label, c.theme) end as sector,
           case when coalesce(c.theme, 'all') = 'all' then 'All'
                else coalesce(b.label, t.broader, t.label, c.theme) end as sector_type
    from clusters c
    left join themes t on t.theme = c.theme
    left join themes b on b.theme = t.broader
    where coalesce(c.level, 0) = 0 and coalesce(c.period, 'all') = 'all'
    order by coalesce(c.theme, 'all') <> 'all', sector_type, sector, c.name, c.cluster_id"""

# A figure is of a whole organisation: it counts where the organisation's main site stands.
_MEMBERS = """
    with main as (
        select organisation_id, coalesce(any_value(o.main_site_id), min(s.site_id)) as site_id
        from organisations o left join sites s using (organisation_id) group by organisation_id)
    select m.cluster_id, m.site_id, m.organisation_id,
           coalesce(main.site_id = m.site_id, false) as main
    from memberships m
    join clusters c using (cluster_id)
    left join main on main.organisation_id = m.organisation_id
    where coalesce(c.level, 0) = 0 and coalesce(c.period, 'all') = 'all'
    order by m.cluster_id, m.site_id"""
