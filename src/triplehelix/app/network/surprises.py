"""In words: ties beyond what gravity expects, or short of it; and the group a cluster is of."""

from typing import Any

from triplehelix.app.countries import country_name
from triplehelix.app.network.claims import Claim, claim
from triplehelix.app.network.groups import SURE
from triplehelix.app.network.network import Network
from triplehelix.app.network.reach import activities
from triplehelix.app.network.wording import Bounded, amount, listed
from triplehelix.app.prepared import prepare
from triplehelix.query import Query
from triplehelix.store.edition import Edition

_SAID, _NAMED = 3, 4

_TIES = """
    select case when l."from" = $cluster then l."to" else l."from" end as id, c.name,
           c.cluster_id is null as is_country, l.weight, l.n_activities, l.expected, l.residual,
           l.low, l.high
    from links l
    left join atlas.clusters c
        on c.cluster_id = case when l."from" = $cluster then l."to" else l."from" end
    where (l."from" = $cluster or l."to" = $cluster) and l."from" <> l."to"
      and l.theme = $theme and l.period = 'all' and l.expected is not null
    order by abs(l.residual) desc, id"""


def surprise_claims(
    edition: Edition, cluster_id: str, theme: str, countries: list[str]
) -> tuple[list[Claim], int]:
    """
    Ties whose weight is clear of what is expected, and how many ties were looked at.

    Rule: `expected` lies outside `low` to `high` of the table `links`. Three clusters and three
    countries each way, the largest differences first; each is tested alone.
    """
    rows = prepare(edition).rows(Query("ties", _TIES, {"cluster": cluster_id, "theme": theme}))
    rows = [row for row in rows if row["id"] not in countries]
    found: list[Claim] = []
    for is_country in (False, True):
        for verdict in ("more", "less"):
            clear = [row for row in rows
                     if row["is_country"] == is_country and _verdict(row) == verdict]  # fmt: skip
            found += [_surprise(row, verdict, cluster_id, theme) for row in clear[:_SAID]]
    return found, len(rows)


def group_claim(whole: Network, cluster_id: str) -> Claim | None:
    """The community it is of, if it comes back surely enough to be named."""
    own = next((node for node in whole.nodes if node.id == cluster_id), None)
    if own is None or own.community is None or own.stability is None:
        return None
    group = next(each for each in whole.groups if each.number == own.community)
    names = {node.id: node.name for node in whole.nodes}
    others = [names[one] for one in group.nodes if one != cluster_id]
    some = listed(others[:_NAMED]) + (f" and {len(others) - _NAMED} more"
                                      if len(others) > _NAMED else "")  # fmt: skip
    if own.stability >= SURE:
        words = (
            f"It works most within group {group.letter}, with {some}; the group comes back "
            f"{own.stability:.2f} of 1 when ties are drawn anew"
        )
    else:
        words = (
            f"It belongs to no group surely: most often it is with {some}, but that group comes "
            f"back only {own.stability:.2f} of 1 when ties are drawn anew"
        )
    partners = {
        arc.b if arc.a == cluster_id else arc.a
        for arc in whole.arcs if cluster_id in (arc.a, arc.b)
    }  # fmt: skip
    evidence = [
        activities(f"with {names[one]}", cluster_id, whole.theme, partner=one)
        for one in group.nodes if one in partners
    ][:_NAMED]  # fmt: skip
    return claim("group", words, Bounded(own.stability), evidence, n=len(group.nodes))


def _verdict(row: dict[str, Any]) -> str | None:
    if row["low"] is not None and row["low"] > row["expected"]:
        return "more"
    if row["high"] is not None and row["high"] < row["expected"]:
        return "less"
    return None


def _surprise(row: dict[str, Any], verdict: str, cluster_id: str, theme: str) -> Claim:
    name = country_name(row["id"]) if row["is_country"] else row["name"]
    weight = Bounded(row["weight"], row["low"], row["high"])
    words = (
        f"It works with {name} {verdict} than size, distance, border, languages and themes let "
        f"expect: {amount(weight.value)} activities' worth ({amount(row['low'])}–"
        f"{amount(row['high'])}) against {amount(row['expected'])}"
    )
    evidence = [activities(f"with {name}", cluster_id, theme, partner=row["id"])]
    return claim(
        "beyond" if verdict == "more" else "short", words, weight, evidence,
        expected=Bounded(row["expected"]), verdict=verdict, n=row["n_activities"],
    )  # fmt: skip
