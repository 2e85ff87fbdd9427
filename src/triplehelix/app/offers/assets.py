"""Assets that everybody may see, each in the cluster where it stands."""

from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from triplehelix.ally.assets import Asset
from triplehelix.ally.assets import Capacity as Amount
from triplehelix.app.calls.acquaintance import clusters_of
from triplehelix.app.calls.landscape import landscape_for
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.app.registry.search import shipped_capabilities
from triplehelix.capabilities.listed import Capabilities
from triplehelix.offer.chain import Capacity, SharedAsset
from triplehelix.query import Query
from triplehelix.registry.viewer import VISITOR
from triplehelix.sphere import chord, unit_vectors
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

# So near to a site of a cluster an asset stands in the cluster.
NEAR_KM = 3.0
# What is over or closed is none to offer.
_GONE = ("closed", "past")


def public_assets(
    registry: Registry, edition: Edition, capabilities: Capabilities | None = None
) -> tuple[SharedAsset, ...]:
    """
    The assets that a visitor sees, in clusters; closed ones, and those in none, are left out.

    An asset stands in the cluster of the site nearest to it, if that is within 3 km; one without
    a position in the cluster of its holder.
    """
    listed = capabilities or shipped_capabilities()
    seen = landscape_for(registry, VISITOR)
    holders = {one.member: one for one in seen.members}
    organisations = [m.organisation_id for m in seen.members if m.organisation_id]
    at_home = clusters_of(edition, sorted(organisations))
    there = _nearest(edition, [(one.lat, one.lon) for one in seen.assets])
    found = []
    for asset, near in zip(seen.assets, there, strict=True):
        holder = holders[asset.member]
        home = at_home.get(holder.organisation_id or "")
        cluster = near if asset.lat is not None else home
        if cluster is not None and asset.status not in _GONE:
            found.append(_shared(asset, holder.name, cluster, listed))
    return tuple(found)


def _shared(asset: Asset, holder: str, cluster: str, listed: Capabilities) -> SharedAsset:
    return SharedAsset(
        asset.asset, asset.name, cluster, holder,
        frozenset(slug for one in asset.capabilities for slug in _with_broader(listed, one)),
        tuple(_capacity(one, listed) for one in asset.capacities if one.state not in _GONE),
        _told_by(asset.source),
    )  # fmt: skip


def _told_by(address: str | None) -> str:
    """The host of the page that tells of an asset; the asset's own page has the whole address."""
    return (urlsplit(address).hostname if address else None) or "registry"


def _capacity(amount: Amount, listed: Capabilities) -> Capacity:
    slug = amount.capability
    label = listed[slug].label if slug in listed else slug
    unit = f"{amount.unit}/{amount.per}" if amount.per else amount.unit
    return Capacity(slug, label, amount.amount, unit, amount.state, amount.year)


def _with_broader(listed: Capabilities, slug: str) -> tuple[str, ...]:
    return (slug, *listed.broader(slug)) if slug in listed else (slug,)


def _nearest(
    edition: Edition, positions: list[tuple[float | None, float | None]]
) -> list[str | None]:
    vectors, clusters = _sites(edition)
    found: list[str | None] = [None] * len(positions)
    placed = [n for n, (lat, lon) in enumerate(positions) if lat is not None and lon is not None]
    if not len(clusters) or not placed:
        return found
    points = unit_vectors([positions[n][0] for n in placed], [positions[n][1] for n in placed])  # type: ignore[arg-type]
    squared = ((points[:, None, :] - vectors[None, :, :]) ** 2).sum(axis=2)
    for row, n in enumerate(placed):
        # Sites stand by cluster: of equally near ones the smaller id is taken.
        best = int(np.argmin(squared[row]))
        if squared[row, best] <= float(chord(NEAR_KM)) ** 2:
            found[n] = clusters[best]
    return found


@once_per_edition
def _sites(edition: Edition) -> tuple[NDArray[np.float64], list[str]]:
    """Where sites of clusters stand, and in which; one of each place and cluster, by cluster."""
    rows = prepare(edition).rows(Query("sites", _SITES))
    lat, lon = [r["lat"] for r in rows], [r["lon"] for r in rows]
    return unit_vectors(lat, lon), [r["cluster_id"] for r in rows]


_SITES = """
    select distinct m.cluster_id, s.lat, s.lon
    from atlas.memberships m
    join atlas.clusters c on c.cluster_id = m.cluster_id and c.main
    join atlas.sites s using (site_id)
    where s.lat is not null and s.lon is not null
    order by m.cluster_id, s.lat, s.lon"""
