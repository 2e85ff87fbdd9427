"""Composing the combined offer of clusters from what was gathered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triplehelix.offer.chain import Work
from triplehelix.offer.conversations import conversations
from triplehelix.offer.covers import Cover, Loss, losses, shares, successive_covers
from triplehelix.offer.facts import Facts
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.holdings import Holdings, Need, holdings
from triplehelix.offer.material import ClusterSeen, Material
from triplehelix.offer.offer import (
    ORDINALS,
    CoverShown,
    Link,
    LossShown,
    Offer,
    ReachShown,
    Scale,
)
from triplehelix.offer.overlaps import pairs
from triplehelix.offer.parts import Part, Parts, asset_shown
from triplehelix.offer.reach import REACH_KM, reached
from triplehelix.offer.ties import ties
from triplehelix.offer.wording import Name, Wording

STRONGEST = 5


def compose(material: Material, words: Wording | None = None) -> Offer:
    """
    Compose the offer.

    The roles of the themes, as far as the audience asks for them, are covered by the smallest set
    of clusters (`covers`); a second and a third set, of the clusters left, follow, so that more
    than the strongest is shown. All further clusters are listed. docs/methods/combined-offer.md
    says it in prose.

    Parameters
    ----------
    material : the rows gathered; the order of none of them matters.
    words : the language; English without.
    """
    return _Composing(material, words or Wording()).offer()


def part_of(material: Material, cluster_id: str, words: Wording | None = None) -> Part | None:
    """
    What one cluster's part in the offer is, whether or not it is in a cover.

    None if it is not among the clusters asked for; a cluster without evidence has an empty part.
    """
    making = _Composing(material, words or Wording())
    cluster = making.seen.get(cluster_id)
    return None if cluster is None else making.parts.part(cluster)


@dataclass(frozen=True, init=False)
class _Composing:
    material: Material
    words: Wording
    facts: Facts
    needs: tuple[Need, ...]
    held: Holdings
    parts: Parts
    seen: dict[str, ClusterSeen]

    def __init__(self, material: Material, words: Wording) -> None:
        facts = Facts(material, words)
        needs = _needs(material)
        roles = {t.theme: [n.role for n in needs if n.theme == t.theme] for t in material.themes}
        seen = {c.cluster_id: c for c in sorted(material.clusters)}
        work = [w for w in material.work if w.cluster_id in seen]
        assets = [a for a in material.assets if a.cluster_id in seen]
        held = holdings(material.chain, roles, work, assets)
        by_cluster: dict[str, list[Work]] = {}
        for one in work:
            if one.theme in roles:
                by_cluster.setdefault(one.cluster_id, []).append(one)
        parts = Parts(
            facts, held, needs, shares(held, needs), _totals(held, needs), by_cluster, words
        )
        made = {"material": material, "words": words, "facts": facts, "needs": needs,
                "held": held, "parts": parts, "seen": seen}  # fmt: skip
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def offer(self) -> Offer:
        material = self.material
        covers = successive_covers(self.held, self.needs, len(ORDINALS))
        chosen = [self.seen[id_] for cover in covers for id_ in cover.clusters]
        told = tuple(self.parts.part(cluster) for cluster in chosen)
        rest = [c for id_, c in self.seen.items() if id_ in self.held and c not in chosen]
        briefs = sorted(
            (self.parts.brief(c) for c in rest),
            key=lambda b: (-(b.strength.value or 0), b.name.text, b.cluster_id),
        )
        audience, partner = material.audience, material.partner
        return Offer(
            material.edition_id, material.edition, material.is_sample,
            tuple(Name(t.label, f"/themes/{t.theme}") for t in material.themes),
            self.words(audience.label), partner.label if partner else "",
            self._countries(), material.query, audience.order,
            tuple(self._link(need) for need in self.needs),
            tuple(self._cover(*one) for one in zip(ORDINALS, covers, strict=False)),
            tuple(self._loss(one) for one in (losses(self.held, covers[0]) if covers else ())),
            told, tuple(briefs), self._without(),
            pairs(self.facts, self.words, self.held, self._labels(), chosen, self._activities()),
            ties(self.facts, self.words), conversations(self.facts, told, self.words),
            tuple(
                asset_shown(self.parts, one, self.seen[one.cluster_id])
                for one in sorted(material.assets, key=lambda a: (a.name, a.asset_id))
                if one.cluster_id in self.seen and self._counts(one.asset_id, one.cluster_id)
            ),
            self._scale(chosen),
        )  # fmt: skip

    def _countries(self) -> tuple[str, ...]:
        """Where the clusters with evidence are, by name."""
        names = self.material.country_names
        codes = {code for id_ in self.held for code in self.seen[id_].countries}
        return tuple(sorted(names.get(code, code) for code in codes))

    def _labels(self) -> dict[Need, str]:
        return {need: self.parts.label(need) for need in self.needs}

    def _counts(self, asset_id: str, cluster_id: str) -> bool:
        return any(asset_id in one.assets for one in self.held.get(cluster_id, {}).values())

    def _activities(self) -> dict[str, set[str]]:
        return {
            id_: {w.activity_id for w in rows if w.part != "funder"}
            for id_, rows in self.parts.by_cluster.items()
        }

    def _link(self, need: Need) -> Link:
        role = self.material.chain.role(need.role)
        label, words, facts = self.parts.label(need), self.words, self.facts
        have = {id_: own[need] for id_, own in self.held.items() if need in own}
        direct = [id_ for id_, one in have.items() if one.grade == "direct"]
        counted = direct or sorted(have)
        state = "untold" if role is None else "covered" if direct else "indirect" if have else "gap"
        ranked = sorted(counted, key=lambda c: (-have[c].pieces, self.seen[c].name, c))
        names = self.facts.clusters
        path = facts.path(of=need.theme, role=need.role)
        return Link(
            need.theme, need.role, label, words(role.definition) if role else "", state,
            tuple(words(rule.says) for rule in role.rules) if role else (),
            facts.tally(
                f"chain/{need.theme}/{need.role}/clusters",
                words("clusters with {role}").format(role=label), len(counted), "clusters", path,
            ),
            facts.activities(
                f"chain/{need.theme}/{need.role}/activities",
                words("activities that show {role}").format(role=label),
                {id_ for c in counted for id_ in have[c].activities}, path,
            ),
            facts.assets(
                f"chain/{need.theme}/{need.role}/assets",
                words("assets that show {role}").format(role=label),
                {id_ for c in counted for id_ in have[c].assets}, path,
            ) if self.material.with_registry else None,
            tuple(names[id_] for id_ in ranked[:STRONGEST]),
        )  # fmt: skip

    def _cover(self, which: str, cover: Cover) -> CoverShown:
        names, words, facts = self.facts.clusters, self.words, self.facts
        proof = words("proven: no smaller set covers as much; every smaller one was ruled out")
        open_ = words("not proven: fewer might do")
        doubt = proof if cover.status == "optimal" else open_
        ordinal = {"first": words("first"), "second": words("second"), "third": words("third")}
        labels = self._labels()
        return CoverShown(
            which, cover.status, tuple(names[id_] for id_ in cover.clusters),
            facts.tally(
                f"cover/{which}/size",
                words("clusters in the {which} set").format(which=ordinal[which]),
                len(cover.clusters), "clusters", facts.path(), doubt,
            ),
            facts.tally(
                f"cover/{which}/bound",
                words("fewest clusters that the {which} set can have").format(which=ordinal[which]),
                cover.bound or 0, "clusters", facts.path(), doubt,
            ),
            tuple(labels[need] for need in cover.gaps),
            tuple(labels[need] for need in cover.indirect),
        )  # fmt: skip

    def _loss(self, loss: Loss) -> LossShown:
        names, labels = self.facts.clusters, self._labels()
        return LossShown(
            names[loss.cluster], tuple(labels[need] for need in loss.roles),
            self.parts.brief(self.seen[loss.cluster]).strength,
            tuple(names[id_] for id_ in loss.instead), tuple(labels[need] for need in loss.gaps),
        )  # fmt: skip

    def _without(self) -> Figure:
        n = sum(id_ not in self.held for id_ in self.seen)
        return self.facts.tally(
            "without", self.words("clusters asked for without evidence of any role"), n,
            "clusters", self.facts.path(),
        )  # fmt: skip

    def _scale(self, chosen: Sequence[ClusterSeen]) -> Scale:
        rows = [w for own in self.parts.by_cluster.values() for w in own if w.part != "funder"]
        ids, facts, words = {w.activity_id for w in rows}, self.facts, self.words
        counted = {a.asset_id for a in self.material.assets if a.cluster_id in self.seen}
        assets = {id_ for id_ in counted if any(
            id_ in one.assets for own in self.held.values() for one in own.values())}  # fmt: skip
        path = facts.path()
        people, reach = self._people(chosen)
        return Scale(
            facts.tally("scale/clusters", words("clusters with evidence of a role"),
                        len(self.held), "clusters", path),
            self.parts.strength_of(
                "scale/together", words("mean share of the evidence that the sets hold"),
                [c.cluster_id for c in chosen], path,
            ),
            facts.organisations("scale/organisations",
                                words("organisations at work in the theme in clusters"),
                                {w.organisation_id for w in rows}, ids, path),
            facts.activities("scale/activities", words("activities of the theme in clusters"),
                             ids, path),
            facts.money("scale/money", words("money that these activities state"), ids, path),
            facts.assets("scale/assets", words("assets that show a role"), assets, path)
            if self.material.with_registry else None,
            people, reach,
        )  # fmt: skip

    def _people(self, chosen: Sequence[ClusterSeen]) -> tuple[Figure, tuple[ReachShown, ...]]:
        near = reached([c.lat for c in chosen], [c.lon for c in chosen], self.material.towns)
        names = self.facts.clusters
        says = self.words("people within {km} km of the middle of {cluster}")
        each = tuple(
            ReachShown(names[c.cluster_id], self._lives(
                f"reach/{c.cluster_id}", says.format(km=f"{REACH_KM:g}", cluster=c.name),
                near.people(at), near.n_towns(at), f"/clusters/{c.cluster_id}",
            ))
            for at, c in enumerate(chosen)
        )  # fmt: skip
        together = self.words("people within {km} km of one or more of these, each counted once")
        everybody = range(len(chosen))
        return self._lives(
            "reach/together", together.format(km=f"{REACH_KM:g}"), near.people(*everybody),
            near.n_towns(*everybody), "/data/places.csv",
        ), each  # fmt: skip

    def _lives(self, key: str, says: str, people: int, towns: int, path: str) -> Figure:
        under = self.words(
            "an undercount: people of towns in the gazetteer alone, parts of larger towns left out"
        )
        return Figure(
            key, says, people if towns else None, "people", ("geonames",),
            self.words("years not given"), Sample(towns, self.words("towns of the gazetteer")),
            Doubt(None, None, under), Evidence(path),
        )  # fmt: skip


def _needs(material: Material) -> tuple[Need, ...]:
    asked = material.audience.roles
    return tuple(
        Need(theme.theme, role)
        for theme in material.themes
        for role in theme.roles
        if (asked is None or role in asked) and (not material.roles or role in material.roles)
    )


def _totals(held: Holdings, needs: Iterable[Need]) -> dict[Need, tuple[int, tuple[str, ...]]]:
    """Of each need how many pieces of evidence all clusters have, and their activities."""
    totals = {}
    for need in needs:
        has = [own[need] for own in held.values() if need in own]
        grade = "direct" if any(one.grade == "direct" for one in has) else "indirect"
        counted = [one for one in has if one.grade == grade]
        ids = {id_ for one in counted for id_ in one.activities}
        totals[need] = (sum(one.pieces for one in counted), tuple(sorted(ids)))
    return totals
