"""What joins the clusters and a partner country already: activities, organisations, the trend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triplehelix.offer.facts import Facts, cluster_path, organisation_path
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.material import Joint, Material
from triplehelix.offer.wording import Name, Wording

YEARS = 5
MOST_PARTNERS = 12
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class InPeriod:
    """Joint activities that began in some years."""

    period: str
    themed: Figure
    all_themes: Figure


@dataclass(frozen=True, slots=True)
class ClusterTie:
    """A cluster's joint activities with the partner; `expected` is what gravity lets expect."""

    cluster: Name
    themed: Figure
    all_themes: Figure
    weight: Figure | None
    expected: Figure | None


@dataclass(frozen=True, slots=True)
class PartnerTie:
    """An organisation of the partner, and with which of our clusters it works most."""

    organisation: Name
    country: str
    helix: str
    themed: Figure
    all_themes: Figure
    clusters: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class JointActivity:
    """An activity of the theme that both do, with the first of those that take part."""

    activity: Name
    period: str
    ours: tuple[Name, ...]
    theirs: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Ties:
    """
    What joins us and the partner.

    `themed` counts activities of the themes asked for, `all_themes` those of any; `placed` are
    of these with an organisation of ours in a cluster.
    """

    partner: str
    themed: Figure
    all_themes: Figure
    placed: Figure
    organisations: Figure
    trend: tuple[InPeriod, ...]
    clusters: tuple[ClusterTie, ...]
    partners: tuple[PartnerTie, ...]
    activities: tuple[JointActivity, ...]


@dataclass(frozen=True)
class _Telling:
    facts: Facts
    words: Wording
    names: Mapping[str, Name]

    @property
    def material(self) -> Material:
        return self.facts.material

    def pair(self, key: str, of: str, rows: Iterable[Joint], **more: str) -> tuple[Figure, Figure]:
        """Joint activities of the themes, and of all."""
        rows = list(rows)
        whole = {row.activity_id for row in rows}
        themed = self.words("joint activities of the theme, {of}").format(of=of)
        every = self.words("joint activities of any theme, {of}").format(of=of)
        path = self.facts.path(joint="theme", **more)
        return (
            self.facts.activities(
                f"{key}/themed", themed, {r.activity_id for r in rows if r.themed}, path,
            ),
            self.facts.activities(
                f"{key}/all", every, whole, self.facts.path(joint="all", **more)
            ),
        )  # fmt: skip


def ties(facts: Facts, words: Wording) -> Ties | None:
    """Tell what joins us and the partner; None where no partner is asked for."""
    material = facts.material
    if material.partner is None:
        return None
    tell = _Telling(facts, words, facts.clusters)
    label = material.partner.label
    themed, every = tell.pair("ties", label, material.joint)
    placed = [row for row in material.joint if row.cluster_id]
    return Ties(
        label, themed, every,
        facts.activities(
            "ties/placed",
            words("joint activities of any theme with an organisation in a cluster, {of}").format(
                of=label
            ),
            {row.activity_id for row in placed}, facts.path(joint="placed"),
        ),
        facts.organisations(
            "ties/organisations", words("organisations of {of} that take part").format(of=label),
            {row.partner_id for row in material.joint},
            {row.activity_id for row in material.joint}, facts.path(joint="all"),
        ),
        tuple(_trend(tell, label)), tuple(_clusters(tell)), tuple(_partners(tell)),
        tuple(_activities(tell)),
    )  # fmt: skip


def _trend(tell: _Telling, label: str) -> list[InPeriod]:
    """By five years, from the first that has one to the last; years that are not known apart."""
    activities = tell.material.activities
    year = {row.activity_id: activities[row.activity_id].year for row in tell.material.joint}
    known = sorted(y for y in year.values() if y is not None)
    if not known:
        return []
    periods = []
    for first in range(known[0] - known[0] % YEARS, known[-1] + 1, YEARS):
        said = f"{first}/{first + YEARS - 1}"
        rows = [
            row for row in tell.material.joint
            if (y := year[row.activity_id]) is not None and first <= y < first + YEARS
        ]  # fmt: skip
        of = tell.words("{of}, begun {period}").format(of=label, period=tell.words.years(said))
        themed, every = tell.pair(f"ties/{said}", of, rows, period=said)
        few = Doubt(
            None, None, tell.words("counted; a change from one period to the next may be chance")
        )
        periods.append(InPeriod(said, _dated(themed, said, few), _dated(every, said, few)))
    return periods


def _dated(one: Figure, period: str, doubt: Doubt) -> Figure:
    return Figure(
        one.key, one.says, one.value, one.unit, one.source, period, one.sample, doubt, one.evidence
    )


def _clusters(tell: _Telling) -> list[ClusterTie]:
    by_cluster: dict[str, list[Joint]] = {}
    for row in tell.material.joint:
        if row.cluster_id:
            by_cluster.setdefault(row.cluster_id, []).append(row)
    found = []
    for id_, rows in sorted(by_cluster.items()):
        name = tell.names[id_]
        themed, every = tell.pair(f"ties/{id_}", name.text, rows, cluster=id_)
        weight, expected = _expected(tell, id_, name.text)
        found.append((id_, ClusterTie(name, themed, every, weight, expected)))
    found.sort(
        key=lambda one: (-_n(one[1].themed), -_n(one[1].all_themes), one[1].cluster.text, one[0])
    )
    return [tie for _, tie in found]


def _expected(tell: _Telling, id_: str, name: str) -> tuple[Figure | None, Figure | None]:
    """Of one country: a group's sum would need the joint uncertainty, which nothing gives."""
    partner, material = tell.material.partner, tell.material
    if partner is None or len(partner.countries) != 1:
        return None, None
    seen = material.expected.get((id_, partner.countries[0]))
    if seen is None:
        return None, None
    about = {"cluster": name, "partner": partner.label}
    sample = Sample(seen.n, tell.words("joint activities"))

    def figure(key: str, says: str, value: float, doubt: Doubt) -> Figure:
        return Figure(
            f"ties/{id_}/{key}", says.format(**about), value, "activities",
            material.sources, tell.facts.whole_period, sample, doubt,
            Evidence(cluster_path(id_)),
        )  # fmt: skip

    weight = figure(
        "weight", tell.words("joint work of {cluster} with {partner}, fractional"), seen.weight,
        Doubt(seen.low, seen.high, tell.words("95 % interval of the tie")),
    )  # fmt: skip
    expected = figure(
        "expected",
        tell.words("joint work of {cluster} with {partner} that size and distance let one expect"),
        seen.expected,
        Doubt(None, None, tell.words("what is unsure of it widens the interval of the tie")),
    )  # fmt: skip
    return weight, expected


def _partners(tell: _Telling) -> list[PartnerTie]:
    by_partner: dict[str, list[Joint]] = {}
    for row in tell.material.joint:
        by_partner.setdefault(row.partner_id, []).append(row)
    found = []
    for id_, rows in sorted(by_partner.items()):
        if not tell.material.organisations[id_].named:
            continue
        seen = tell.material.organisations[id_]
        themed, every = tell.pair(f"ties/with/{id_}", seen.name, rows, organisation=id_)
        ours = _most(rows, tell.names)
        found.append((id_, PartnerTie(
            Name(seen.name, organisation_path(id_)), seen.country or "", seen.helix, themed, every,
            tuple(tell.names[c] for c in ours),
        )))  # fmt: skip
    found.sort(key=lambda p: (-_n(p[1].themed), -_n(p[1].all_themes), p[1].organisation.text, p[0]))
    return [tie for _, tie in found[:MOST_PARTNERS]]


def _most(rows: list[Joint], names: Mapping[str, Name]) -> list[str]:
    """The clusters with the most joint activities."""
    done: dict[str, set[str]] = {}
    for row in rows:
        if row.cluster_id:
            done.setdefault(row.cluster_id, set()).add(row.activity_id)
    return sorted(done, key=lambda c: (-len(done[c]), names[c].text, c))[:MOST_NAMES]


def _activities(tell: _Telling) -> list[JointActivity]:
    rows: dict[str, list[Joint]] = {}
    for row in tell.material.joint:
        if row.themed:
            rows.setdefault(row.activity_id, []).append(row)
    seen = tell.material.activities
    latest = sorted(rows, key=lambda one: (-(seen[one].year or 0), seen[one].title, one))
    return [
        JointActivity(
            Name(seen[one].title, f"/activities/{one}"),
            tell.facts.period([one]),
            _names(tell, {row.organisation_id for row in rows[one]}),
            _names(tell, {row.partner_id for row in rows[one]}),
        )
        for one in latest[:MOST_PARTNERS]
    ]


def _names(tell: _Telling, ids: set[str]) -> tuple[Name, ...]:
    seen = tell.material.organisations
    named = [one for one in ids if seen[one].named]
    ordered = sorted(named, key=lambda one: (seen[one].name, one))[:MOST_NAMES]
    return tuple(Name(seen[one].name, organisation_path(one)) for one in ordered)


def _n(figure: Figure) -> float:
    return figure.value or 0
