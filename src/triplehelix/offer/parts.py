"""What one cluster brings to an offer: its roles, its share of each, who leads there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from triplehelix.offer.chain import SharedAsset, Work
from triplehelix.offer.facts import Facts, cluster_path, organisation_path
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.holdings import Held, Holdings, Need
from triplehelix.offer.material import ClusterSeen, Material
from triplehelix.offer.wording import Name, Wording

HELICES = ("academia", "industry", "health", "government", "nonprofit", "unknown")
LEADERS = 3


@dataclass(frozen=True, slots=True)
class RolePart:
    """
    A cluster's part in one role: how it is known, and its share of all evidence of the role.

    `share` is None where only indirect evidence is there and other clusters have direct.
    """

    theme: str
    role: str
    label: str
    grade: str
    activities: Figure
    organisations: Figure
    assets: Figure | None
    share: Figure | None


@dataclass(frozen=True, slots=True)
class Leader:
    """An organisation that does much of a cluster's work in the themes asked for."""

    helix: str
    organisation: Name
    activities: Figure


@dataclass(frozen=True, slots=True)
class Brief:
    """A cluster in a list: the roles it has, those of `indirect` by indirect evidence; strength."""

    cluster_id: str
    name: Name
    countries: tuple[str, ...]
    evidence: str
    lat: float | None
    lon: float | None
    roles: tuple[str, ...]
    indirect: tuple[str, ...]
    activities: Figure
    strength: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """
    All that a cluster brings.

    `alone` are labels of roles that no other cluster has direct evidence of; `quotients` say how
    much of each theme it has beside what its size would give it.
    """

    brief: Brief
    roles: tuple[RolePart, ...]
    alone: tuple[str, ...]
    organisations: Figure
    quotients: tuple[Figure, ...]
    leaders: tuple[Leader, ...]


@dataclass(frozen=True)
class Parts:
    """What tells the parts of the clusters of one offer."""

    facts: Facts
    held: Holdings
    needs: tuple[Need, ...]
    share: Mapping[str, Mapping[Need, Fraction]]
    totals: Mapping[Need, tuple[int, tuple[str, ...]]]
    by_cluster: Mapping[str, Sequence[Work]]
    words: Wording

    @property
    def material(self) -> Material:
        """What the offer is made of."""
        return self.facts.material

    def brief(self, cluster: ClusterSeen) -> Brief:
        """The cluster in a list."""
        id_ = cluster.cluster_id
        own = self.held.get(id_, {})
        has = [need for need in self.needs if need in own]
        indirect = tuple(self.label(need) for need in has if own[need].grade == "indirect")
        return Brief(
            id_, Name(cluster.name, cluster_path(id_)), cluster.countries, cluster.evidence,
            cluster.lat, cluster.lon, tuple(map(self.label, has)), indirect,
            self._activities(cluster), self._strength(cluster),
        )  # fmt: skip

    def part(self, cluster: ClusterSeen) -> Part:
        """All that the cluster brings."""
        id_ = cluster.cluster_id
        own = self.held.get(id_, {})
        return Part(
            self.brief(cluster),
            tuple(self._role(cluster, need, own[need]) for need in self.needs if need in own),
            tuple(self.label(n) for n in self.needs if self.share.get(id_, {}).get(n) == 1),
            self._organisations(cluster),
            tuple(self._quotients(cluster)),
            tuple(self._leaders(cluster)),
        )

    def label(self, need: Need) -> str:
        """The role's label; with the theme's where several are asked for."""
        role = self.material.chain.role(need.role)
        said = self.words(role.label if role else need.role)
        if len(self.material.themes) == 1:
            return said
        theme = next(t.label for t in self.material.themes if t.theme == need.theme)
        return self.words("{role} ({theme})").format(role=said, theme=theme)

    def _performed(self, cluster: ClusterSeen) -> list[Work]:
        return [w for w in self.by_cluster.get(cluster.cluster_id, ()) if w.part != "funder"]

    def _activities(self, cluster: ClusterSeen) -> Figure:
        ids = {work.activity_id for work in self._performed(cluster)}
        return self.facts.activities(
            f"{cluster.cluster_id}/activities",
            self.words("activities of the theme in {cluster}").format(cluster=cluster.name),
            ids, self.facts.path(cluster=cluster.cluster_id),
        )  # fmt: skip

    def _organisations(self, cluster: ClusterSeen) -> Figure:
        rows = self._performed(cluster)
        return self.facts.organisations(
            f"{cluster.cluster_id}/organisations",
            self.words("organisations at work in the theme in {cluster}").format(
                cluster=cluster.name
            ),
            {w.organisation_id for w in rows}, {w.activity_id for w in rows},
            self.facts.path(cluster=cluster.cluster_id),
        )  # fmt: skip

    def _strength(self, cluster: ClusterSeen) -> Figure:
        says = self.words("mean share of the evidence of each role that {cluster} holds")
        return self.strength_of(
            f"{cluster.cluster_id}/strength", says.format(cluster=cluster.name),
            [cluster.cluster_id], self.facts.path(cluster=cluster.cluster_id),
        )  # fmt: skip

    def strength_of(self, key: str, says: str, clusters: Sequence[str], path: str) -> Figure:
        """The mean, over the roles, of the share of the evidence that clusters hold together."""
        held = [part for id_ in clusters for part in self.share.get(id_, {}).values()]
        return Figure(
            key, says, float(sum(held, Fraction(0)) / len(self.needs)) if self.needs else None,
            "share", self.material.sources, self.facts.whole_period,
            Sample(len(self.needs), self.words("roles asked for")),
            Doubt(None, None, self.words(
                "worked out of the shares of the roles, whose intervals stand there"
            )),
            Evidence(path),
        )  # fmt: skip

    def _role(self, cluster: ClusterSeen, need: Need, held: Held) -> RolePart:
        at = f"{cluster.cluster_id}/{need.theme}/{need.role}"
        path = self.facts.path(cluster=cluster.cluster_id, of=need.theme, role=need.role)
        named = {"role": self.label(need), "cluster": cluster.name}
        facts, words = self.facts, self.words
        return RolePart(
            need.theme, need.role, self.label(need), held.grade,
            facts.activities(
                f"{at}/activities",
                words("activities that show {role} in {cluster}").format(**named),
                held.activities, path,
            ),
            facts.organisations(
                f"{at}/organisations",
                words("organisations that show {role} in {cluster}").format(**named),
                held.organisations, held.activities, path,
            ),
            facts.assets(
                f"{at}/assets", words("assets that show {role} in {cluster}").format(**named),
                held.assets, path,
            ) if self.material.with_registry else None,
            self._share(cluster, need, held, path),
        )  # fmt: skip

    def _share(self, cluster: ClusterSeen, need: Need, held: Held, path: str) -> Figure | None:
        if need not in self.share.get(cluster.cluster_id, {}):
            return None
        whole, ids = self.totals[need]
        says = self.words("share of the evidence of {role} that {cluster} holds")
        return self.facts.share(
            f"{cluster.cluster_id}/{need.theme}/{need.role}/share",
            says.format(role=self.label(need), cluster=cluster.name), held.pieces, whole, ids, path,
        )  # fmt: skip

    def _quotients(self, cluster: ClusterSeen) -> list[Figure]:
        found = []
        for theme in self.material.themes:
            seen = self.material.quotients.get((cluster.cluster_id, theme.theme))
            if seen is None:
                continue
            says = self.words("location quotient of {theme} in {cluster}; one is as everywhere")
            sure = self.words("95 % interval of the location quotient")
            unsure = self.words("no interval was measured")
            found.append(Figure(
                f"{cluster.cluster_id}/{theme.theme}/quotient",
                says.format(theme=theme.label, cluster=cluster.name), seen.value, "ratio",
                self.material.sources, self.facts.whole_period,
                Sample(seen.n, self.words("activities of the theme in the cluster")),
                Doubt(seen.low, seen.high, unsure if seen.low is None else sure),
                Evidence(f"{cluster_path(cluster.cluster_id)}"),
            ))  # fmt: skip
        return found

    def _leaders(self, cluster: ClusterSeen) -> list[Leader]:
        done: dict[str, set[str]] = {}
        for work in self._performed(cluster):
            done.setdefault(work.organisation_id, set()).add(work.activity_id)
        seen = self.material.organisations
        ranked = sorted(done, key=lambda one: (-len(done[one]), seen[one].name, one))
        return [
            self._leader(cluster, helix, one, done[one])
            for helix in HELICES
            for one in [o for o in ranked if seen[o].helix == helix][:LEADERS]
        ]

    def _leader(self, cluster: ClusterSeen, helix: str, id_: str, ids: set[str]) -> Leader:
        name = self.material.organisations[id_].name
        says = self.words("activities of the theme that {organisation} does in {cluster}")
        return Leader(
            helix, Name(name, organisation_path(id_)),
            self.facts.activities(
                f"{cluster.cluster_id}/leader/{id_}",
                says.format(organisation=name, cluster=cluster.name), ids,
                self.facts.path(cluster=cluster.cluster_id, organisation=id_),
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapacityShown:
    """An amount that an asset's holder or a source states, and what stands of it."""

    what: str
    state: str
    amount: Figure


@dataclass(frozen=True, slots=True)
class AssetShown:
    """An asset of the offer: who holds it, in which cluster, for which roles."""

    asset: Name
    member: str
    cluster: Name
    roles: tuple[str, ...]
    capacities: tuple[CapacityShown, ...]


def asset_shown(parts: Parts, asset: SharedAsset, cluster: ClusterSeen) -> AssetShown:
    """The asset with its capacities as figures."""
    own = parts.held.get(asset.cluster_id, {})
    roles = tuple(
        parts.label(n) for n in parts.needs if n in own and asset.asset_id in own[n].assets
    )
    path = f"/assets/{asset.asset_id}"
    capacities = tuple(
        CapacityShown(parts.words(one.label), one.state, Figure(
            f"asset/{asset.asset_id}/{one.capability}/{at}",
            parts.words("{what} that {asset} states").format(
                what=parts.words(one.label), asset=asset.name
            ),
            one.amount, one.unit, (asset.source,),
            f"{one.year}/{one.year}" if one.year else parts.words("as the registry stands"),
            Sample(1, parts.words("statement of its holder or of a source")),
            Doubt(None, None, parts.words("stated by somebody, not measured")), Evidence(path),
        ))
        for at, one in enumerate(asset.capacities)
    )  # fmt: skip
    return AssetShown(
        Name(asset.name, path), asset.member,
        Name(cluster.name, cluster_path(cluster.cluster_id)), roles, capacities,
    )  # fmt: skip
