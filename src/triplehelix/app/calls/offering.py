"""What could be offered to a call, or asked for: assets with their capacities, as choices."""

from collections.abc import Sequence
from dataclasses import dataclass

from triplehelix.ally.said import number_said
from triplehelix.app.calls.records import call_answer
from triplehelix.capabilities.listed import Capabilities, Unit
from triplehelix.registry.records import Record
from triplehelix.registry.viewer import Action, Viewer, require
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.sight import Sight

MOST = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """(asset and capacity as the value of a choice, words), by name; how many assets more."""

    choices: list[tuple[str, str]]
    left_out: int


def offers_of(registry: Registry, viewer: Viewer) -> Choices:
    """Assets that are the viewer's to change."""
    with registry.look(viewer) as sight:
        ids = asset_lists.ids_of_kind(sight, "asset", 100_000)
        own = [one for one in sight.records(ids, "asset") if one.editable]
        return _choices(sight, own, len(own))


def askable(
    registry: Registry, viewer: Viewer, call_id: str, capabilities: Capabilities
) -> Choices:
    """
    Assets that have a capability which a need of the call asks for, whosever they are.

    Raises
    ------
    UnknownName, Forbidden
        If the call is not the viewer's to change.
    """
    with registry.look(viewer) as sight:
        call = call_answer(sight, sight.record("call", call_id)).call
        require(viewer, Action.EDIT, sight.holder(call_id))
        asked = {one.capability for one in call.needs} if call else set()
        able = {
            each for slug in asked
            for each in (capabilities.narrower(slug) if slug in capabilities else (slug,))
        }  # fmt: skip
        ids = asset_lists.ids_able(sight, able)
        return _choices(sight, sight.records(ids[:MOST], "asset"), len(ids))


def _choices(sight: Sight, records: Sequence[Record], total: int) -> Choices:
    shown = records[:MOST]
    names = sight.names(one.member_id for one in shown if one.member_id)
    found: list[tuple[str, str]] = []
    for record in shown:
        of = f" ({names[record.member_id]})" if record.member_id in names else ""
        found.append((record.record_id, f"{record.name}{of}: as it is"))
        for one in sight.capacities([record.record_id]):
            unit = Unit(one.fields["unit"], one.fields.get("per")).text
            said = f"{number_said(one.fields['amount'])} {unit}"
            words = f"{record.name}{of}: {one.fields['capability']}, {said}"
            found.append((f"{record.record_id}+{one.capacity_id}", words))
    return Choices(found, total - len(shown))
