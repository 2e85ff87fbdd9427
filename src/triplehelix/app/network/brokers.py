"""In words: where a cluster stands between others, and whom it joins."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from triplehelix.app.countries import country_name
from triplehelix.app.network.claims import Claim, Evidence, claim
from triplehelix.app.network.network import Network
from triplehelix.app.network.reach import activities, bounded
from triplehelix.app.network.wording import Bounded, listed, percent, with_bounds
from triplehelix.app.prepared import prepare
from triplehelix.link import gateways
from triplehelix.query import Query
from triplehelix.stats import wilson_interval
from triplehelix.store.edition import Edition

Measures = Mapping[str, Mapping[str, Any]]
# Two partners hardly meet otherwise if what they share without the cluster is at most this part
# of what either shares with it; each shares three activities with it at least.
HARDLY, LEAST = 0.1, 3
_LOOKED_AT, _SAID = 25, 3

_JOINED = """
    with work as (
        select distinct c.cluster_id, c.activity_id from atlas.cluster_activities c
        where list_contains($clusters, c.cluster_id)
          and ($theme = 'all' or c.activity_id in (
              select activity_id from atlas.activity_themes where theme = $theme))),
    own as (select activity_id from work where cluster_id = $cluster)
    select x.cluster_id as a, y.cluster_id as b, count(*) as n_both,
           count(*) filter (x.activity_id in (select activity_id from own)) as n_with
    from work x join work y on y.activity_id = x.activity_id and x.cluster_id < y.cluster_id
    where x.cluster_id <> $cluster and y.cluster_id <> $cluster
    group by all order by a, b"""


def betweenness_claim(measures: Measures, whole: Network, cluster_id: str) -> Claim | None:
    """Its share of the shortest ways, its rank, and whether that is above the average."""
    found = bounded(measures, "betweenness")
    others = [node.betweenness for node in whole.nodes if node.betweenness is not None]
    if not found or found.low is None or found.high is None or not others:
        return None
    mean = float(np.mean(sorted(others)))
    rank = 1 + sum(each > found.value for each in others)
    verdict = "more" if found.low > mean else "less" if found.high < mean else "as"
    place = {"more": "stands between others more than clusters do on average",
             "less": "seldom stands between others",
             "as": "stands between others about as clusters do on average"}[verdict]  # fmt: skip
    words = (
        f"It {place}: of the shortest ways between other clusters {with_bounds(found)} lead "
        f"through it, place {rank} of {len(others)}; the average is {percent(mean)}"
    )
    return claim("betweenness", words, found, [_network(whole, cluster_id)],
                 expected=Bounded(mean), verdict=verdict, n=len(others))  # fmt: skip


def constraint_claim(measures: Measures, whole: Network, cluster_id: str) -> Claim | None:
    """How free it is in its choice of partners: one over Burt's constraint."""
    found = bounded(measures, "constraint")
    if not found or not found.value or not found.low or not found.high:
        return None
    free = Bounded(1 / found.value, 1 / found.high, 1 / found.low)
    n = measures["constraint"]["n"]
    words = (
        f"Its {n} partner clusters leave it as free as {free.value:.1f} "
        f"({free.low:.1f}–{free.high:.1f}) equal partners would that do not know each other "
        f"(Burt's constraint {found.value:.2f})"
    )
    return claim("constraint", words, found, [_network(whole, cluster_id)], n=n)


def bridging_claim(measures: Measures, whole: Network, cluster_id: str) -> Claim | None:
    """How many of its pairs of main partners are of two countries and not tied themselves."""
    found, row = bounded(measures, "bridging_countries"), measures.get("bridging_countries")
    if not found or not row or row["n"] < 3:
        return None
    words = (
        f"Of the pairs of its {row['n']} main partners, {with_bounds(found)} are clusters of two "
        "countries without a main tie of their own"
    )
    return claim("bridging", words, found, [_network(whole, cluster_id)], n=row["n"])


def gateway_claim(whole: Network, cluster_id: str) -> Claim | None:
    """Through the partners of which countries it reaches those two steps away."""
    main = [arc for arc in whole.arcs if arc.backbone]
    if not any(cluster_id in (arc.a, arc.b) for arc in main):
        return None
    home = {node.id: node.countries[0] if len(node.countries) == 1 else "" for node in whole.nodes}
    found = gateways(cluster_id, [arc.a for arc in main], [arc.b for arc in main], home)
    doors = [
        (str(code), float(share))
        for code, share in zip(found.country, found.share, strict=True) if code and share > 0
    ]  # fmt: skip
    if not found.n_reached or all(code in home.get(cluster_id, "") for code, _ in doors):
        return None
    through = listed([f"{country_name(code)} ({percent(share)})" for code, share in doors[:_SAID]])
    words = (
        f"By its main ties it reaches {found.n_reached} more "
        f"{'cluster' if found.n_reached == 1 else 'clusters'} at one remove, through partners in "
        f"{through}"
    )
    return claim("gateways", words, None, [_network(whole, cluster_id)], n=found.n_reached)


def joins_claims(edition: Edition, whole: Network, cluster_id: str) -> list[Claim]:
    """
    Pairs of its partners that hardly meet otherwise, the strongest first.

    Rule: each shares three activities or more with it; what the two share without it is at most
    a tenth of what either shares with it. In the order of the weaker of the two ties.
    """
    own = [arc for arc in whole.arcs
           if cluster_id in (arc.a, arc.b) and arc.n_activities >= LEAST]  # fmt: skip
    ties = {arc.b if arc.a == cluster_id else arc.a: arc for arc in own[:_LOOKED_AT]}
    if len(ties) < 2:
        return []
    rows = prepare(edition).rows(Query("joined", _JOINED, {
        "clusters": [cluster_id, *sorted(ties)], "cluster": cluster_id, "theme": whole.theme,
    }))  # fmt: skip
    met = {(row["a"], row["b"]): (row["n_both"], row["n_with"]) for row in rows}
    names = {node.id: node.name for node in whole.nodes}
    found = [
        (a, b, *met.get((a, b), (0, 0)))
        for a in sorted(ties) for b in sorted(ties) if a < b
    ]  # fmt: skip
    joined = [
        (a, b, both, beside)
        for a, b, both, beside in found
        if both - beside <= HARDLY * min(ties[a].n_activities, ties[b].n_activities)
    ]
    joined.sort(key=lambda row: (-min(ties[row[0]].weight, ties[row[1]].weight), row[0], row[1]))
    return [
        _joins(whole, cluster_id, names, (ties[a].n_activities, ties[b].n_activities), (a, b, *n))
        for a, b, *n in joined[:_SAID]
    ]


def _joins(
    whole: Network,
    cluster_id: str,
    names: Mapping[str, str],
    shared: tuple[int, int],
    row: tuple[Any, ...],
) -> Claim:
    a, b, both, beside = row
    meet = _meeting(both, beside)
    words = (
        f"It joins {names[a]} and {names[b]}, which hardly meet otherwise: it shares {shared[0]} "
        f"with the one and {shared[1]} with the other, and they {meet}"
    )
    evidence = [
        activities(f"with {names[a]}", cluster_id, whole.theme, partner=a),
        activities(f"with {names[b]}", cluster_id, whole.theme, partner=b),
        *([activities(f"{names[a]} with {names[b]}", a, whole.theme, partner=b)] if both else []),
    ]
    low, high = (float(bound) for bound in wilson_interval(beside, both))
    found = Bounded(beside / both, low, high) if both else None
    return claim("joins", words, found, evidence, n=both)


def _meeting(both: int, beside: int) -> str:
    if not both:
        return "share nothing themselves"
    with_it = "all" if beside == both else str(beside) if beside else "none"
    return f"share {both} themselves, {with_it} of them with it"


def _network(whole: Network, cluster_id: str) -> Evidence:
    asked = {name: value for name, value, usual in (
        ("theme", whole.theme, "all"), ("level", whole.level, 0)) if value != usual}  # fmt: skip
    return Evidence("the network", "network", cluster_id, asked)
