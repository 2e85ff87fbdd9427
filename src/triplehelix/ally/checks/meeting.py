"""How far partners travel to meet, worked out again with its own arithmetic."""

from collections.abc import Mapping
from math import atan2, cos, degrees, fsum, hypot, radians, sin

from triplehelix.ally.checks.case import Case
from triplehelix.ally.checks.fitness import km_between

Spot = tuple[float, float]


def meeting_terms(case: Case) -> Mapping[str, float]:
    """The weighed km within and between clusters; nothing where the call does not count them."""
    weights = case.alliance.call.weights
    if not (weights.within_km or weights.between_km):
        return {}
    spots = {name: _spot(case, name) for name in case.alliance.partners}
    sums = []
    for host in case.alliance.partners:
        within = between = 0.0
        for name in case.alliance.partners:
            if name != host:
                km = _km(case, spots[name], spots[host])
                if _together(case, name, host):
                    within += km
                else:
                    between += km
        told = weights.within_km * within, weights.between_km * between
        sums.append((round(fsum(told), 9), host, told))
    _, _, (within, between) = min(sums, default=(0.0, "", (0.0, 0.0)))
    return {"within_km": within, "between_km": between}


def _km(case: Case, one: Spot | None, other: Spot | None) -> float:
    return case.rules.unknown_km if one is None or other is None else km_between(one, other)


def _together(case: Case, one: str, other: str) -> bool:
    mine, theirs = (
        case.members[name].cluster if name in case.members else None for name in (one, other)
    )
    return mine is not None and mine == theirs


def _spot(case: Case, member: str) -> Spot | None:
    """The middle of the places of a member's assets and its parts'."""
    held = case.held(member)
    places = [
        (radians(one.lat), radians(one.lon))
        for one in case.assets.values()
        if one.member in held and one.lat is not None and one.lon is not None
    ]
    if not places:
        return None
    x = fsum(cos(lat) * cos(lon) for lat, lon in places)
    y = fsum(cos(lat) * sin(lon) for lat, lon in places)
    z = fsum(sin(lat) for lat, _ in places)
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))
