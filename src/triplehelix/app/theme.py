"""Which themes there are, and where each is at home."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.landscape import ClusterRow, landscape
from triplehelix.app.names import unknown_theme
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme in a list, with its activities in this edition."""

    theme: str
    label: str
    definition: str | None
    broader: str | None
    n_activities: int
    n_clusters: int


@dataclass(frozen=True, slots=True)
class HowLabelled:
    """Activities of a theme by what made them so: `code`, `keyword` or `given`."""

    how: str
    n_activities: int


@dataclass(frozen=True, slots=True)
class ThemeAnswer:
    """What a theme's page shows."""

    theme: ThemeRow
    scheme: str | None
    version: str | None
    how: list[HowLabelled]
    n_unplaced: int
    clusters: list[ClusterRow]
    total: int


@once_per_edition
def themes(edition: Edition) -> list[ThemeRow]:
    """Every theme of the edition's scheme, those without an activity too, by their labels."""
    return [ThemeRow(**row) for row in prepare(edition).rows(Query("themes", _THEMES))]


def theme(edition: Edition, name: str) -> ThemeAnswer:
    """
    One theme, with the clusters that have activities of it, most first.

    Raises
    ------
    UnknownName
        If the edition's scheme has no such theme; near names are given.
    """
    row = next((t for t in themes(edition) if t.theme == name), None)
    if row is None:
        raise unknown_theme(edition, name)
    at = landscape(edition, theme=name, sort="theme", per_page=1000)
    about = _ask(edition, "select scheme, version from atlas.themes where theme = $theme", name)[0]
    return ThemeAnswer(
        theme=row,
        **about,
        how=[HowLabelled(**h) for h in _ask(edition, _HOW, name)],
        n_unplaced=_ask(edition, _UNPLACED, name)[0]["n"],
        clusters=at.clusters,
        total=at.total,
    )


def _ask(edition: Edition, sql: str, name: str) -> list[dict[str, Any]]:
    return edition.rows(Query("theme", sql, {"theme": name}))


_THEMES = """
    with labelled as (
        select theme, count(*) as n from atlas.activity_themes group by theme),
    placed as (
        select t.theme, count(*) as n
        from atlas.cluster_themes t join atlas.clusters c using (cluster_id)
        where c.main
        group by t.theme)
    select t.theme, coalesce(t.label, t.theme) as label, t.definition, t.broader,
           coalesce(l.n, 0) as n_activities, coalesce(p.n, 0) as n_clusters
    from atlas.themes t left join labelled l using (theme) left join placed p using (theme)
    order by label, t.theme"""

_HOW = """
    select how, count(*) as n_activities from atlas.activity_themes where theme = $theme
    group by how order by how"""

_UNPLACED = """
    select count(*) as n from atlas.activity_themes t
    where theme = $theme and not exists (
        select 1 from atlas.cluster_activities c where c.activity_id = t.activity_id)"""
