"""What a need in somebody's own words leads to: assets that could meet it, here and elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from triplehelix.ally.needs_in_text import SuggestedNeed
from triplehelix.app.calls.needs import needs_of_text
from triplehelix.app.front.places import NamedPlace
from triplehelix.app.registry.asset_list import WITHIN_KM, AssetQuestion, list_assets
from triplehelix.app.registry.asset_rows import AssetRow
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.sphere import distance_km
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

MOST_NEEDS, MOST_ASSETS, MOST_LOOKED_AT = 5, 5, 100


@dataclass(frozen=True, slots=True)
class NeedFound:
    """
    A need that words seem to tell of, by the words in `because`.

    Of the registry, as the viewer sees it: `n_able` assets that can do it, `n_near` of them within
    50 km of the place that was named (None: none was), `n_enough` with so much of it left and
    confirmed on the day, wherever (None: no amount was told); `assets` are the first, the nearest
    to the place first. All of it None and empty without a registry.
    """

    capability: str
    label: str
    amount: float | None
    unit: str | None
    by: date | None
    until: date | None
    because: list[str]
    n_able: int | None = None
    n_near: int | None = None
    n_enough: int | None = None
    assets: tuple[AssetRow, ...] = ()


def needs_in_words(
    text: str, today: date, capabilities: Capabilities | None = None
) -> list[NeedFound]:
    """Needs that a text seems to tell of, in the order in which it does; the first five."""
    return [_need(one) for one in needs_of_text(text, today, capabilities)[:MOST_NEEDS]]


def needs_met(
    registry: Registry, viewer: Viewer, edition: Edition, needs: Sequence[NeedFound],
    place: NamedPlace | None, capabilities: Capabilities,
) -> list[NeedFound]:  # fmt: skip
    """Needs with the assets of a registry, as a viewer sees it, that could meet them."""
    return [_met(registry, viewer, edition, one, place, capabilities) for one in needs]


def _need(one: SuggestedNeed) -> NeedFound:
    return NeedFound(
        one.capability, one.label, one.amount, one.unit, one.by, one.until,
        [each.text for each in one.because],
    )  # fmt: skip


def _met(
    registry: Registry, viewer: Viewer, edition: Edition, need: NeedFound,
    place: NamedPlace | None, capabilities: Capabilities,
) -> NeedFound:  # fmt: skip
    def ask(most: int = 1, **more: object) -> tuple[int, list[AssetRow]]:
        question = AssetQuestion(capability=need.capability, **more)  # type: ignore[arg-type]
        found = list_assets(registry, edition, viewer, question, capabilities, per_page=most)
        return found.total, found.assets

    n_able, able = ask(MOST_LOOKED_AT)
    n_near = None
    if place is not None:
        able = sorted((_from(place, row) for row in able), key=_nearest)
        near = sum(row.distance_km is not None and row.distance_km <= WITHIN_KM for row in able)
        # Of very many the nearest may not be among those that were looked at.
        n_near = near if n_able <= MOST_LOOKED_AT else ask(1, near=place.name)[0]
    n_enough = None
    if need.amount is not None:
        n_enough, _ = ask(amount=need.amount, unit=need.unit or "", by=need.by)
    return NeedFound(
        need.capability, need.label, need.amount, need.unit, need.by, need.until, need.because,
        n_able, n_near, n_enough, tuple(able[:MOST_ASSETS]),
    )  # fmt: skip


def _from(place: NamedPlace, row: AssetRow) -> AssetRow:
    if row.lat is None or row.lon is None:
        return row
    return replace(row, distance_km=float(distance_km(place.lat, place.lon, row.lat, row.lon)))


def _nearest(row: AssetRow) -> tuple[float, str, str]:
    away = float("inf") if row.distance_km is None else round(row.distance_km, 3)
    return away, row.name.lower(), row.asset_id
