"""Whom a cluster, an organisation or a country should seek, and does not work with, or hardly."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.layers import Layer
from triplehelix.app.names import unknown_theme
from triplehelix.app.partners.area import Area, area_named
from triplehelix.app.partners.basis import Basis, basis, weights
from triplehelix.app.partners.ground import (
    Clusters,
    Ground,
    Organisations,
    clusters,
    organisations,
)
from triplehelix.app.partners.parties import (
    Party,
    Seeker,
    about_area,
    about_cluster,
    about_organisation,
    as_cluster,
    as_country,
    as_country_among,
    as_members,
    as_organisation,
    layer_of_cluster,
    organisation_id,
)
from triplehelix.app.partners.reasons import Reason, Telling
from triplehelix.app.prepared import prepare
from triplehelix.app.theme import themes
from triplehelix.errors import InputError
from triplehelix.link.mixing import gain
from triplehelix.link.partners import BETWEEN_CLUSTERS, BETWEEN_ORGANISATIONS, Ranked, ranked
from triplehelix.link.shortfall import HARDLY, Short, short_of
from triplehelix.query import Query
from triplehelix.store.edition import Edition

Wholes = NDArray[np.int64]
MOST = 100
_MAIN = Layer(0, "all", "all")
_MIX = ("academia", "industry", "health")
# Shown, though what they carry is in the others already: how large one is decides little alone.
_LEARNED_TOO = ("size",)

_TELLS_NOTHING = "so nothing tells whom it should seek"
_IDLE = f"no organisation of it has taken part in anything, {_TELLS_NOTHING}"
_PAYS = f"it has taken part in nothing, or as a funder alone, {_TELLS_NOTHING}"
_ABSENT = f"no organisation there has taken part in anything, {_TELLS_NOTHING}"


@dataclass(frozen=True, slots=True)
class Partner:
    """
    Somebody to seek, and why.

    `n_shared` counts the activities shared so far, `expected` those to be expected by gravity
    (None where that cannot be told). `score` orders one list and means nothing beyond it.
    """

    party: Party
    score: float
    n_shared: int
    expected: float | None
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class PartnerList:
    """
    The first of `n_candidates`, the most promising first.

    `scope` is `clusters`; or of organisations `cluster` (the seeker's own), `country` (its
    own, beyond the cluster), `abroad`, `area` (in what was asked for) or `elsewhere`. `note`
    says what to mind of whom it names.
    """

    scope: str
    partners: list[Partner]
    n_candidates: int
    basis: Basis
    note: str | None


@dataclass(frozen=True, slots=True)
class Partners:
    """
    Whom one should seek; `area` and `theme` say what was asked for.

    `note` says why there are no lists, if so.
    """

    of: Party
    area: Area | None
    theme: str | None
    lists: list[PartnerList]
    note: str | None


class Wish(NamedTuple):
    """What partners are to be like: where they are, what they work in, how many of them."""

    area: Area | None
    theme: str | None
    n: int


def partners_of(
    edition: Edition,
    *,
    cluster: str | None = None,
    organisation: str | None = None,
    country: str | None = None,
    with_country: str | None = None,
    theme: str | None = None,
    n: int = 5,
) -> Partners:
    """
    Whom one should seek and does not work with (clusters: or hardly), with the reasons.

    Parameters
    ----------
    cluster, organisation, country : the one that asks, exactly one of them: an id, or a
        country's code, a group (`eu27`, `commonwealth`) or a nation of the United Kingdom.
    with_country : only partners there. For a cluster, its organisations are named too.
    theme : only partners at work in it; that of the cluster, if it was found for one.
    n : how many to name per list, 1 to 100.

    Raises
    ------
    UnknownName
        If the edition has no such cluster, organisation or theme, or there is no such country.
    InputError
        If not exactly one asks, or n is out of range.
    """
    each = {"cluster": cluster, "organisation": organisation, "country": country}
    asked = [(kind, id_) for kind, id_ in each.items() if id_]
    if len(asked) != 1:
        raise InputError(
            f"{len(asked)} of cluster, organisation and country are given; give exactly one"
        )
    if not 1 <= n <= MOST:
        raise InputError(f"n is {n}; give a number from 1 to {MOST}")
    [(kind, id_)] = asked
    area = area_named(with_country) if with_country else None
    if theme is not None and theme not in _labels(prepare(edition)):
        raise unknown_theme(edition, theme)
    ask = {"cluster": _of_cluster, "organisation": _of_organisation, "country": _of_country}[kind]
    return ask(edition, str(id_), Wish(area, theme, n))


def clusters_to_seek(edition: Edition, cluster_id: str, *, n: int = 5) -> Partners:
    """
    The clusters alone that `partners_of` names to a cluster.

    Raises
    ------
    UnknownName
        If the edition has no such cluster.
    """
    ground = clusters(prepare(edition), layer_of_cluster(edition, cluster_id))
    seeker, wish = as_cluster(ground, cluster_id), _wish_of(ground.layer, Wish(None, None, n))
    if seeker is None:
        return _nothing(_cluster_party(edition, cluster_id), wish, _IDLE)
    lists = [_clusters_for(edition, ground, seeker, wish)]
    return Partners(seeker.party, None, wish.theme, lists, None)


def _wish_of(layer: Layer, wish: Wish) -> Wish:
    """Clusters that were found for a theme ask for partners in it, unless they say otherwise."""
    return wish._replace(theme=layer.of) if wish.theme is None and layer.of != "all" else wish


def _of_cluster(edition: Edition, id_: str, wish: Wish) -> Partners:
    layer = layer_of_cluster(edition, id_)
    ground, people = clusters(edition, layer), organisations(edition)
    wish = _wish_of(layer, wish)
    seeker, whole = as_cluster(ground, id_), as_members(edition, people, id_)
    if seeker is None or whole is None:
        return _nothing(_cluster_party(edition, id_), wish, _IDLE)
    lists = [_clusters_for(edition, ground, seeker, wish)]
    lists += [
        _organisations_for(edition, people, whole, scope, wish)
        for scope in _beyond(people, ground.rows[seeker.node]["countries"], wish.area)
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _of_organisation(edition: Edition, id_: str, wish: Wish) -> Partners:
    people = organisations(edition)
    seeker = as_organisation(edition, people, id_)
    if seeker is None:
        return _nothing(_organisation_party(edition, id_), wish, _PAYS)
    lists = [
        _organisations_for(edition, people, seeker, scope, wish)
        for scope in _scopes(people, seeker, wish.area)
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _of_country(edition: Edition, id_: str, wish: Wish) -> Partners:
    own = area_named(id_)
    people, ground = organisations(edition), clusters(edition, _MAIN)
    seeker, among = as_country(people, own), as_country_among(ground, people, own)
    if seeker is None or among is None:
        return _nothing(about_area(own), wish, _ABSENT)
    scope = ("area", people.within(wish.area)) if wish.area else ("elsewhere", ~people.within(own))
    lists = [
        _clusters_for(edition, ground, among, wish),
        _organisations_for(edition, people, seeker, scope, wish),
    ]
    return Partners(seeker.party, wish.area, wish.theme, lists, None)


def _nothing(party: Party, wish: Wish, why: str) -> Partners:
    return Partners(party, wish.area, wish.theme, [], why)


def _scopes(
    people: Organisations, seeker: Seeker, area: Area | None
) -> list[tuple[str, NDArray[np.bool_]]]:
    if area is not None:
        return [("area", people.within(area))]
    row = people.rows[seeker.node]
    near = people.where("cluster_id") == row["cluster_id"] if row["cluster_id"] else None
    here = people.so_far.country == row["country"]
    found = [] if near is None else [("cluster", np.asarray(near, dtype=bool))]
    if row["country"]:
        beyond = here if near is None else here & ~np.asarray(near, dtype=bool)
        found.append(("country", beyond))
        found.append(("abroad", ~here & (people.so_far.country != "")))
    return found


def _beyond(
    people: Organisations, countries: list[str], area: Area | None
) -> list[tuple[str, NDArray[np.bool_]]]:
    if area is not None:
        return [("area", people.within(area))]
    here = np.isin(people.so_far.country, countries)
    return [("country", here), ("abroad", ~here & (people.so_far.country != ""))]


def _clusters_for(edition: Edition, ground: Clusters, seeker: Seeker, wish: Wish) -> PartnerList:
    # A part of the world is a node of this ground only where it was joined to it.
    shared = np.zeros(len(seeker.so_far.node))
    shared[: len(ground.rows)] = np.asarray(ground.done.part @ seeker.theirs).ravel()
    may = _at_work(ground, wish.theme)
    if wish.area is not None:
        may &= ground.within(wish.area)
    may[seeker.members] = False
    short, note = _short(ground, seeker, np.flatnonzero(may), (shared, wish.n))
    node, n_shared, expected = short
    reasons = BETWEEN_CLUSTERS if seeker.party.kind == "cluster" else BETWEEN_CLUSTERS[:-1]
    learned = weights(edition, "cluster", ground.layer)
    given = {"shortfall": expected - n_shared, "helix_balance": _balance(ground, seeker, node)}
    found = ranked(seeker.so_far, seeker.node, node, reasons=reasons, weights=learned, given=given)
    at = {int(each): k for k, each in enumerate(node)}
    telling = Telling(ground, seeker, _labels(edition))
    partners = []
    for k, each in enumerate(found.node[: wish.n]):
        seen, hoped = float(n_shared[at[int(each)]]), float(expected[at[int(each)]])
        partners.append(Partner(
            about_cluster(ground.rows[int(each)]), float(found.score[k]), int(seen),
            round(hoped, 6) if np.isfinite(hoped) else None,
            telling.reasons(found, k, (seen, hoped)),
        ))  # fmt: skip
    by = basis(edition, "cluster", ground.layer, n_reasons=len(reasons))
    return PartnerList("clusters", partners, len(node), by, note)


def _short(
    ground: Clusters, seeker: Seeker, may: Wholes, asked: tuple[NDArray[np.float64], int]
) -> tuple[Short, str | None]:
    """Those it hardly works with; where they are too few, all it works with less than expected."""
    shared, n = asked
    hardly, less = (
        short_of(seeker.so_far, shared, seeker.node, ground.expected_by, hardly=part).among(may)
        for part in (HARDLY, 1.0)
    )
    if len(hardly.node) >= n or len(less.node) == len(hardly.node):
        return hardly, None
    return less, (
        f"It works more than hardly with all but {len(hardly.node)} of them, so those are named "
        "with which it shares less than could be expected."
    )


def _organisations_for(
    edition: Edition, people: Organisations, seeker: Seeker,
    scope: tuple[str, NDArray[np.bool_]], wish: Wish,
) -> PartnerList:  # fmt: skip
    name, there = scope
    shared = np.asarray(people.done.part @ seeker.known).ravel()
    may = there & people.eligible & (shared == 0) & _at_work(people, wish.theme)
    may[seeker.members] = False
    may[people.family([people.rows[m]["id"] for m in seeker.members])] = False
    candidates = np.flatnonzero(may)
    learned = weights(edition, "organisation", _MAIN)
    reasons = BETWEEN_ORGANISATIONS + (_LEARNED_TOO if learned else ())
    found = ranked(seeker.so_far, seeker.node, candidates, reasons=reasons, weights=learned)
    telling = Telling(people, seeker, _labels(edition))
    best = found.first(wish.n)
    partners = [_organisation_partner(people, telling, best, k) for k in range(len(best.node))]
    single = seeker.party.kind == "organisation"
    n_shared = int(seeker.so_far.size[seeker.node]) - 1 if single else None
    by = basis(
        edition, "organisation", _MAIN, n_reasons=len(BETWEEN_ORGANISATIONS), n_shared=n_shared
    )
    return PartnerList(name, partners, len(candidates), by, None)


def _organisation_partner(
    people: Organisations, telling: Telling, found: Ranked, k: int
) -> Partner:
    row = people.rows[int(found.node[k])]
    return Partner(
        about_organisation(row), float(found.score[k]), 0, None, telling.reasons(found, k)
    )


def _at_work(ground: Ground, theme: str | None) -> NDArray[np.bool_]:
    if theme is None:
        return np.ones(len(ground.rows), dtype=bool)
    column = np.flatnonzero(ground.so_far.theme == theme)
    return np.asarray(ground.so_far.themes[:, column].sum(axis=1) > 0)


def _balance(ground: Clusters, seeker: Seeker, node: Wholes) -> NDArray[np.float64]:
    if seeker.party.kind != "cluster":
        return np.full(len(node), np.nan)
    mix = np.array([[row["helices"].count(h) for h in _MIX] for row in ground.rows], dtype=float)
    return gain(mix, np.full(len(node), seeker.node), node)


def _labels(edition: Edition) -> dict[str, str]:
    return {row.theme: row.label for row in themes(edition)}


def _cluster_party(edition: Edition, id_: str) -> Party:
    row = prepare(edition).rows(Query("cluster", """
        select cluster_id as id, name, centre_lat as lat, centre_lon as lon,
            case when len(countries) = 1 then countries[1] end as country
        from atlas.clusters where cluster_id = $id""", {"id": id_}))[0]  # fmt: skip
    return about_cluster(row)


def _organisation_party(edition: Edition, id_: str) -> Party:
    found = organisation_id(edition, id_)
    row = prepare(edition).rows(Query("organisation", """
        select o.organisation_id as id, o.name, coalesce(o.country, '') as country, o.helix,
            t.place, t.cluster_id, t.cluster, t.lat, t.lon
        from atlas.organisations o left join atlas.stands t on t.site_id = o.main_site_id
        where o.organisation_id = $id""", {"id": found}))[0]  # fmt: skip
    return about_organisation(row)
