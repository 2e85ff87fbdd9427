"""Capabilities, and the assets that have them."""

from dataclasses import dataclass

from triplehelix.app.registry.asset_rows import AssetRow, Label, asset_rows, label_of
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry import asset_lists
from triplehelix.store.registry.asset_lists import AssetFilter
from triplehelix.store.registry.opening import Registry

ASSETS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """A capability; `n_assets` that the viewer sees name this very one."""

    capability: str
    label: str
    definition: str
    broader: str | None
    n_assets: int


@dataclass(frozen=True, slots=True)
class CapabilityAnswer:
    """A capability, the nearest broader first, its own kinds, and assets of it or of those."""

    capability: str
    label: str
    definition: str
    synonyms: list[str]
    units: list[str]
    codes: list[str]
    broader: list[Label]
    narrower: list[CapabilityRow]
    assets: list[AssetRow]
    n_assets: int


def list_capabilities(
    registry: Registry, viewer: Viewer, capabilities: Capabilities
) -> list[CapabilityRow]:
    """All capabilities: those that are kinds of nothing by label, each with its kinds after it."""
    with registry.look(viewer) as sight:
        counts = asset_lists.count_capabilities(sight)
    ordered = sorted(capabilities, key=lambda one: _way(capabilities, one.capability))
    return [_row(capabilities, one.capability, counts) for one in ordered]


def capability(
    registry: Registry, viewer: Viewer, capabilities: Capabilities, slug: str
) -> CapabilityAnswer:
    """
    One capability.

    Raises
    ------
    UnknownName
        If the list has none of this slug.
    """
    if slug not in capabilities:
        raise nothing_so_named("capability")
    one = capabilities[slug]
    wanted = AssetFilter(capabilities=frozenset(capabilities.narrower(slug)))
    with registry.look(viewer) as sight:
        counts = asset_lists.count_capabilities(sight)
        ids = asset_lists.asset_ids(sight, wanted, 0, ASSETS_SHOWN)
        assets = asset_rows(sight, ids, capabilities)
        total = asset_lists.count_assets(sight, wanted)
    below = [each for each in capabilities if each.broader == slug]
    return CapabilityAnswer(
        one.capability, one.label, one.definition, list(one.synonyms),
        [unit.text for unit in one.units], list(one.codes),
        [label_of(capabilities, above) for above in capabilities.broader(slug)],
        [_row(capabilities, each.capability, counts)
         for each in sorted(below, key=lambda each: each.label.lower())],
        assets, total,
    )  # fmt: skip


def _way(capabilities: Capabilities, slug: str) -> list[str]:
    above = reversed(capabilities.broader(slug))
    return [capabilities[each].label.lower() for each in (*above, slug)]


def _row(capabilities: Capabilities, slug: str, counts: dict[str, int]) -> CapabilityRow:
    one = capabilities[slug]
    return CapabilityRow(slug, one.label, one.definition, one.broader, counts.get(slug, 0))
