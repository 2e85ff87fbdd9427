"""The members of an answer: what each gives when, how sure that is, what it has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triplehelix.ally.alliance import Alliance, Contribution
from triplehelix.ally.assets import Asset, Landscape
from triplehelix.app.registry.asset_rows import Named
from triplehelix.registry.commitments import Commitment
from triplehelix.registry.records import Record
from triplehelix.store.registry.sight import Sight


@dataclass(frozen=True, slots=True)
class Given:
    """
    What one asset gives to one need over one stretch of days, and how sure that is.

    `state` is the capacity's (`available`, `stated`, `planned`, `past`; None where it gives by
    yes or no), `year` that of the figure, `confidence` the source's, `status` the asset's.
    `answer` is where its commitment stands, None where nobody was asked yet.
    """

    contribution: Contribution
    asset: Named
    state: str | None
    year: int | None
    status: str
    confidence: str | None
    town: str | None
    lat: float | None
    lon: float | None
    answer: str | None
    commitment_id: str | None


@dataclass(frozen=True, slots=True)
class Partner:
    """A member of the alliance and all that it gives, by need and day."""

    member: Named
    helix: str
    country: str | None
    gives: list[Given]


def partners_of(
    sight: Sight, alliance: Alliance, landscape: Landscape, own: Sequence[Commitment],
    names: Mapping[str, str],
) -> list[Partner]:  # fmt: skip
    """The members of an alliance in its order, each with what it gives; `own`: their answers."""
    assets = {one.asset: one for one in landscape.assets}
    members = {one.member: one for one in landscape.members}
    records = {one.record_id: one for one in sight.records(sorted(assets), "asset")}
    said = _Said(own)
    found = []
    for member in alliance.partners:
        known = members.get(member)
        gives = [
            _given(one, assets.get(one.asset), records.get(one.asset), said.of(one), names)
            for one in alliance.contributions if one.member == member
        ]  # fmt: skip
        found.append(Partner(
            Named(member, names.get(member, member)), known.helix if known else "unknown",
            known.country if known else None, gives,
        ))  # fmt: skip
    return found


class _Said:
    """What was answered to a contribution: to its very days, else the last about its asset."""

    def __init__(self, own: Sequence[Commitment]) -> None:
        self.exact = {(one.need, one.asset_id, one.starts): one for one in own}
        self.last = {(one.need, one.asset_id): one for one in own}

    def of(self, one: Contribution) -> Commitment | None:
        exact = self.exact.get((one.need, one.asset, one.starts))
        return exact or self.last.get((one.need, one.asset))


def _given(
    one: Contribution, asset: Asset | None, record: Record | None, said: Commitment | None,
    names: Mapping[str, str],
) -> Given:  # fmt: skip
    own = asset.capacities if asset else ()
    capacity = next((each for each in own if each.capacity == one.capacity), None)
    provenance = (record.fields.get("provenance") if record else None) or {}
    return Given(
        one, Named(one.asset, names.get(one.asset, one.asset)),
        state=capacity.state if capacity else None, year=capacity.year if capacity else None,
        status=asset.status if asset else "unknown", confidence=provenance.get("confidence"),
        town=asset.town if asset else None, lat=asset.lat if asset else None,
        lon=asset.lon if asset else None, answer=said.state if said else None,
        commitment_id=said.commitment_id if said else None,
    )  # fmt: skip
