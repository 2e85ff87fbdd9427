"""What somebody could offer to a call: assets that are theirs to change, with their capacities."""

from triplehelix.capabilities.listed import Unit
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.opening import Registry

MOST = 300


def offers_of(registry: Registry, viewer: Viewer) -> list[tuple[str, str]]:
    """(asset and capacity as the value of a choice, words), by name."""
    with registry.look(viewer) as sight:
        ids = asset_lists.ids_of_kind(sight, "asset", 100_000)
        own = [one for one in sight.records(ids, "asset") if one.editable][:MOST]
        found = []
        for record in own:
            found.append((record.record_id, f"{record.name}: as it is"))
            for one in sight.capacities([record.record_id]):
                unit = Unit(one.fields["unit"], one.fields.get("per")).text
                said = (
                    f"{record.name}: {one.fields['capability']}, {one.fields['amount']:,g} {unit}"
                )
                found.append((f"{record.record_id}+{one.capacity_id}", said))
    return found
