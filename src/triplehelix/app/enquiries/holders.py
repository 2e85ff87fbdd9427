"""What networks say of themselves that the rule of enquiries asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from triplehelix.app.registry.population import ties_seen
from triplehelix.store.registry import asset_lists, in_networks
from triplehelix.store.registry.asset_lists import AssetFilter
from triplehelix.store.registry.sight import Sight

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Holding:
    """A network: its area, themes, the clusters it speaks for, itself with its parts."""

    network_id: str
    area: str | None
    themes: frozenset[str]
    clusters: frozenset[str]
    scope: frozenset[str]


def holdings(sight: Sight) -> list[Holding]:
    """Every network that is seen, by name."""
    ties = ties_seen(sight)
    return [
        Holding(
            one.record_id, one.fields.get("area"), frozenset(one.fields.get("themes", ())),
            frozenset(_cluster(each) for each in one.fields.get("clusters", ())),
            frozenset(ties.scope(one.record_id)),
        )
        for one in sight.records(in_networks.networks_seen(sight))
    ]  # fmt: skip


def networks_able(sight: Sight, known: list[Holding], capabilities: frozenset[str]) -> set[str]:
    """Of these networks, those that look after an asset that can do it, or have a member's."""
    ids = asset_lists.asset_ids(sight, AssetFilter(capabilities=capabilities), 0, _ALL)
    holders = [(one.member_id, one.network_id) for one in sight.records(ids, "asset")]
    members = {member for member, _ in holders if member}
    there = {network for _, network in holders if network}
    there |= {tie.network_id for tie in in_networks.ties(sight)
              if tie.state == "member" and tie.member_id in members}  # fmt: skip
    return {one.network_id for one in known if one.scope & there}


def _cluster(said: Mapping[str, str]) -> str:
    return said["cluster_id"]
