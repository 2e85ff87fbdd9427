"""Several answers to a call beside each other, and where what they are made of stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.measures import Measures, measures_of
from triplehelix.app.calls.landscape import landscape_in
from triplehelix.app.calls.runs import Running
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.opening import Registry


@dataclass(frozen=True, slots=True)
class Placed:
    """An asset with where it stands; degrees, None where that is not known."""

    asset_id: str
    name: str
    member: str
    town: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One of several answers beside each other: what it is best in, and its measures."""

    letter: str
    name: str
    answer_id: str
    trade: str
    measures: Measures
    status: str
    objective: float | None
    checked: bool
    members: list[str]


def placed(
    registry: Registry, viewer: Viewer, call_id: str, alliances: Sequence[Alliance]
) -> list[Placed]:
    """The assets of some answers to a call with where they stand, as far as the viewer sees it."""
    asked = {one.asset for each in alliances for one in each.contributions}
    with registry.look(viewer) as sight:
        found = landscape_in(sight, None, call_id=call_id, assets=asked)
    names = {one.member: one.name for one in found.members}
    return [Placed(one.asset, one.name, names[one.member], one.town, one.lat, one.lon)
            for one in found.assets]  # fmt: skip


def side_by_side(registry: Registry, viewer: Viewer, run: Running) -> list[Column]:
    """The answers of a solve for alternatives, beside each other; the first is the balanced one."""
    alliances = [one.alliance for one in run.found]
    assets = {one.asset for each in alliances for one in each.contributions}
    with registry.look(viewer) as sight:
        landscape = landscape_in(sight, None, call_id=run.call_id, assets=assets)
        names = sight.names({one for each in alliances for one in each.partners})
    ids = run.proposal_ids or tuple(f"{run.run_id}.{n}" for n in range(len(alliances)))
    return [
        Column(chr(ord("A") + n), str(one.about.get("alternative", "balanced")), answer_id,
               str(one.about.get("trade", "")), measures_of(one.alliance, landscape),
               one.alliance.status, one.alliance.objective, one.alliance.checked,
               [names.get(each, each) for each in one.alliance.partners])
        for n, (one, answer_id) in enumerate(zip(run.found, ids, strict=True))
    ]  # fmt: skip
