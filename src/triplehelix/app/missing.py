"""Which clusters could work together and do not, or hardly, with the reasons in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.languages import official_languages
from triplehelix.app.layers import layer_of
from triplehelix.app.links import MOST, End
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.errors import InputError
from triplehelix.link import Missing, missing_links, past
from triplehelix.link.missing import REASONS
from triplehelix.link.past import Past, Traits
from triplehelix.query import Query
from triplehelix.store.edition import Edition

# A reason is given where the pair is above this share of all candidates in it.
_WORTH_SAYING = 0.75


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two should meet: what it rests on (`value`), its rank among all pairs, in words."""

    reason: str
    value: float
    rank: float
    words: str


@dataclass(frozen=True, slots=True)
class MissingLink:
    """Two clusters that work together less than expected, and what speaks for it."""

    a: End
    b: End
    score: float
    weight: float
    expected: float
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class MissingLinks:
    """The most promising of `total` pairs; `note` says why there are none, if so."""

    links: list[MissingLink]
    total: int
    country: str | None
    level: int
    note: str | None


_WORK = """
    select distinct p.activity_id as activity, m.cluster_id as node
    from atlas.memberships m
    join atlas.clusters c using (cluster_id)
    join atlas.participations p using (site_id)
    where c.level = $level and c.theme = 'all' and c.period = 'all'
    order by all"""
_CLUSTERS = """
    select c.cluster_id as id, c.name, c.centre_lat as lat, c.centre_lon as lon, c.countries,
        list(o.helix order by o.organisation_id) as helices
    from atlas.clusters c
    left join (select distinct cluster_id, organisation_id from atlas.memberships) m
        using (cluster_id)
    left join atlas.organisations o using (organisation_id)
    where c.level = $level and c.theme = 'all' and c.period = 'all'
    group by all order by id"""
_WEIGHTS = """
    select a, b, weight from atlas.pairs
    where kind = 'cluster' and level = $level and of = 'all' and period = 'all' order by a, b"""
_THEMES = "select activity_id, theme from atlas.activity_themes where weight > 0 order by all"
_HELICES = ("academia", "industry", "health")


def missing(
    edition: Edition, *, level: int = 0, country: str | None = None, limit: int = 40
) -> MissingLinks:
    """
    Pairs of clusters that work together less than expected, the most promising first.

    Parameters
    ----------
    level : between which clusters.
    country : only pairs with a cluster in this country (ISO 3166-1 alpha-2).
    limit : 1 to 1000.

    Raises
    ------
    UnknownName
        If the edition has no clusters of that level.
    InputError
        If the limit is out of range.
    """
    if not 1 <= limit <= MOST:
        raise InputError(f"limit is {limit}; give a number from 1 to {MOST}")
    layer_of(edition, level, "all", "all")
    so_far, found, rows, note = _found(edition, level)
    if found is None:
        return MissingLinks([], 0, country, level, note)
    here = [
        k for k, (i, j) in enumerate(zip(found.first, found.second, strict=True))
        if country is None or country in rows[i]["countries"] + rows[j]["countries"]
    ]  # fmt: skip
    links = [_link(so_far, found, rows, k) for k in here[:limit]]
    return MissingLinks(links, len(here), country, level, None)


@once_per_edition
def _found(
    edition: Edition, level: int
) -> tuple[Past, Missing | None, list[dict[str, Any]], str | None]:
    """All missing links of a level, the clusters they are of, or why none can be told."""
    ask = prepare(edition).rows
    work = ask(Query("work", _WORK, {"level": level}))
    clusters = ask(Query("clusters", _CLUSTERS, {"level": level}))
    themes = ask(Query("themes", _THEMES))
    weights = ask(Query("weights", _WEIGHTS, {"level": level}))
    so_far = past(
        [r["activity"] for r in work], [r["node"] for r in work], _traits(clusters),
        themes=([r["activity_id"] for r in themes], [r["theme"] for r in themes]),
    )  # fmt: skip
    by_id = {r["id"]: r for r in clusters}
    rows = [by_id[str(node)] for node in so_far.node]
    mix = np.array([[r["helices"].count(h) for h in _HELICES] for r in rows], dtype=float)
    try:
        found = missing_links(so_far, _weights(so_far, weights), helix_mix=mix.reshape(-1, 3))
    except InputError as err:
        return so_far, None, rows, f"no expectation can be told: {err}"
    return so_far, found, rows, None


def _traits(clusters: list[dict[str, Any]]) -> Traits:
    return Traits(
        [r["id"] for r in clusters], [r["lat"] for r in clusters], [r["lon"] for r in clusters],
        [r["countries"][0] if len(r["countries"]) == 1 else "" for r in clusters],
        ["unknown"] * len(clusters), official_languages(),
    )  # fmt: skip


def _weights(
    so_far: Past, weights: list[dict[str, Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[float]]:
    at = {str(node): k for k, node in enumerate(so_far.node)}
    known = [r for r in weights if r["a"] in at and r["b"] in at]
    first, second = (np.array([at[r[end]] for r in known], dtype=np.int64) for end in "ab")
    return first, second, [r["weight"] for r in known]


def _link(so_far: Past, found: Missing, rows: list[dict[str, Any]], k: int) -> MissingLink:
    i, j = int(found.first[k]), int(found.second[k])
    reasons = [
        Reason(name, float(found.values[k, r]), float(found.ranks[k, r]),
               _words(name, so_far, found, (rows, k)))
        for r, name in enumerate(REASONS)
        if found.ranks[k, r] > _WORTH_SAYING
    ]  # fmt: skip
    reasons.sort(key=lambda reason: (-reason.rank, reason.reason))
    return MissingLink(
        _end(rows[i]), _end(rows[j]), round(float(found.score[k]), 6), float(found.weight[k]),
        round(float(found.expected[k]), 9), reasons,
    )  # fmt: skip


def _words(name: str, so_far: Past, found: Missing, at: tuple[list[dict[str, Any]], int]) -> str:
    rows, k = at
    i, j = int(found.first[k]), int(found.second[k])
    if name == "shortfall":
        return (
            f"their sizes, distance, border, languages and themes let one expect "
            f"{found.expected[k]:.2g} activities' worth of joint work; there is "
            f"{found.weight[k]:.2g}"
        )
    if name == "common_partners":
        return f"{found.n_common[k]} other clusters work with both"
    if name == "helix_balance":
        return f"one has {_helices(rows[i])}, the other {_helices(rows[j])}"
    mine, yours = _themes_apart(so_far, i, j)
    if name == "related_themes":
        return (
            f"they are at work in themes that others join: {mine or 'none'} and {yours or 'none'}"
        )
    return f"one does more of {mine or 'no theme'}, the other of {yours or 'no theme'}"


def _themes_apart(so_far: Past, i: int, j: int) -> tuple[str, str]:
    """The theme of which either does a larger part than the other does."""
    part = so_far.themes / np.maximum(so_far.themes.sum(axis=1, keepdims=True), 1)
    more = np.round(part[i] - part[j], 12)
    mine, yours = (
        str(so_far.theme[np.argmax(each)]) if (each > 0).any() else "" for each in (more, -more)
    )
    return mine, yours


def _helices(row: dict[str, Any]) -> str:
    counts = [(row["helices"].count(h), h) for h in _HELICES]
    return ", ".join(f"{n} of {h}" for n, h in counts if n) or "none of the three helices"


def _end(row: dict[str, Any]) -> End:
    return End("cluster", row["id"], row["name"], row["lat"], row["lon"])
