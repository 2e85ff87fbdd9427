"""What stands behind a figure of an offer: the activities, organisations and assets it counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.offers.offering import material_for
from triplehelix.app.offers.question import OfferQuestion
from triplehelix.errors import InputError
from triplehelix.offer.facts import organisation_path
from triplehelix.offer.holdings import holdings
from triplehelix.offer.material import Joint, Material
from triplehelix.offer.wording import Name
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

JOINT = ("theme", "placed", "all")
MOST = 1000


@dataclass(frozen=True, slots=True)
class Narrowed:
    """
    Which figure it is about; empty texts narrow nothing.

    `cluster` and `partner_cluster` are ids, of clusters that both must take part; `of` is a
    theme and `role` a role of it; `organisation` an id. `joint` asks for activities with the
    partner: of the `theme`, those `placed` in a cluster of ours, or `all`. `period` is a pair of
    years, `2015/2019`.
    """

    cluster: str = ""
    partner_cluster: str = ""
    of: str = ""
    role: str = ""
    organisation: str = ""
    joint: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceActivity:
    """An activity that is counted; `begun` is its year, or empty."""

    activity_id: str
    title: str
    begun: str
    source: str


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """
    What is counted: at most 1,000 of each.

    `cluster` is the cluster's name where one is asked for.
    """

    narrowed: Narrowed
    cluster: str
    activities: list[EvidenceActivity]
    organisations: list[Name]
    assets: list[Name]


def evidence(
    edition: Edition, question: OfferQuestion, narrowed: Narrowed, *,
    registry: Registry | None = None,
) -> EvidenceList:  # fmt: skip
    """
    What stands behind a figure.

    Raises
    ------
    UnknownName
        As `offering.offer`, or if the edition has no such cluster.
    InputError
        If `joint` or the period is none.
    """
    _check(narrowed)
    material = material_for(edition, question, registry=registry)
    cluster = cluster_row(edition, narrowed.cluster)["name"] if narrowed.cluster else ""
    assets: set[str] = set()
    if narrowed.joint:
        activities, organisations = _jointly(material, narrowed)
    elif narrowed.role:
        activities, organisations, assets = _of_role(material, narrowed)
    else:
        activities, organisations = _at_work(material, narrowed)
    return EvidenceList(
        narrowed, cluster, _told(material, activities), _named(material, organisations),
        [Name(one.name, f"/assets/{one.asset_id}")
         for one in sorted(material.assets, key=lambda a: (a.name, a.asset_id))
         if one.asset_id in assets][:MOST],
    )  # fmt: skip


def _check(narrowed: Narrowed) -> None:
    if narrowed.joint and narrowed.joint not in JOINT:
        raise InputError(f"joint is {narrowed.joint!r}; give one of {', '.join(JOINT)}")
    years = narrowed.period.split("/")
    if narrowed.period and not (len(years) == 2 and all(y.isdigit() for y in years)):
        raise InputError(f"period is {narrowed.period!r}; give two years, as in 2015/2019")


def _jointly(material: Material, narrowed: Narrowed) -> tuple[set[str], set[str]]:
    rows = [row for row in material.joint if _fits(material, row, narrowed)]
    return {row.activity_id for row in rows}, {row.partner_id for row in rows}


def _fits(material: Material, row: Joint, narrowed: Narrowed) -> bool:
    year = material.activities[row.activity_id].year
    first, _, last = narrowed.period.partition("/")
    return (
        (narrowed.joint != "theme" or row.themed)
        and (narrowed.joint != "placed" or row.cluster_id is not None)
        and (not narrowed.cluster or row.cluster_id == narrowed.cluster)
        and (not narrowed.organisation or row.partner_id == narrowed.organisation)
        and (not narrowed.period or (year is not None and int(first) <= year <= int(last)))
    )


def _of_role(material: Material, narrowed: Narrowed) -> tuple[set[str], set[str], set[str]]:
    roles = {theme.theme: theme.roles for theme in material.themes}
    ours = {cluster.cluster_id for cluster in material.clusters}
    held = holdings(material.chain, roles, material.work, material.assets)
    found = [
        one for cluster, own in held.items() for need, one in own.items()
        if cluster in ours and (not narrowed.cluster or cluster == narrowed.cluster)
        and need.role == narrowed.role and (not narrowed.of or need.theme == narrowed.of)
    ]  # fmt: skip
    if not narrowed.cluster and any(one.grade == "direct" for one in found):
        found = [one for one in found if one.grade == "direct"]
    return (
        {id_ for one in found for id_ in one.activities},
        {id_ for one in found for id_ in one.organisations},
        {id_ for one in found for id_ in one.assets},
    )


def _at_work(material: Material, narrowed: Narrowed) -> tuple[set[str], set[str]]:
    rows = [
        row for row in material.work
        if row.part != "funder" and (not narrowed.of or row.theme == narrowed.of)
    ]  # fmt: skip
    chosen = [
        row for row in rows
        if (not narrowed.cluster or row.cluster_id == narrowed.cluster)
        and (not narrowed.organisation or row.organisation_id == narrowed.organisation)
    ]  # fmt: skip
    if narrowed.partner_cluster:
        theirs = {r.activity_id for r in rows if r.cluster_id == narrowed.partner_cluster}
        chosen = [row for row in chosen if row.activity_id in theirs]
    return {row.activity_id for row in chosen}, {row.organisation_id for row in chosen}


def _told(material: Material, ids: Iterable[str]) -> list[EvidenceActivity]:
    seen = material.activities
    ordered = sorted(ids, key=lambda one: (-(seen[one].year or 0), seen[one].title, one))[:MOST]
    return [
        EvidenceActivity(one, seen[one].title, str(seen[one].year or ""), seen[one].source)
        for one in ordered
    ]


def _named(material: Material, ids: Iterable[str]) -> list[Name]:
    seen = material.organisations
    ordered = sorted(ids, key=lambda one: (seen[one].name, one))[:MOST]
    return [Name(seen[one].name, organisation_path(one)) for one in ordered]


def evidence_rows(found: EvidenceList) -> Iterator[list[str]]:
    """All of it as rows: kind, id or path, name, year, source."""
    for activity in found.activities:
        yield ["activity", activity.activity_id, activity.title, activity.begun, activity.source]
    for organisation in found.organisations:
        yield ["organisation", organisation.path, organisation.text, "", ""]
    for asset in found.assets:
        yield ["asset", asset.path, asset.text, "", "registry"]
