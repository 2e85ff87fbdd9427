"""
Sealed matching: what a question may compare, and how often one may be asked.

The one published exception to the rule that what you may not see does not exist. It tells one
bit, *a match exists*, of what its holder has let be compared. Amounts, dates and prices are never
compared: asked about again and again with other numbers, they could be found out.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from triplehelix.registry.visibility import Condition
from triplehelix.sphere import distance_km

# Questions that one member or network may ask, about all its calls and assets, within a day.
QUESTIONS_A_DAY = 10
A_DAY = timedelta(days=1)
# A clause without grants is met by nobody but those who see everything.
NOBODY: Condition = frozenset({frozenset()})

Narrower = Callable[[str], Collection[str]]


def matching_needs(
    needs: Sequence[Mapping[str, Any]], asset: Mapping[str, Any],
    capacities: Sequence[Mapping[str, Any]], narrower: Narrower,
) -> list[str]:  # fmt: skip
    """
    Which of a call's needs an asset could meet by what it is and where it stands.

    It has the capability or a kind of it, is neither closed nor planned, and stands within the
    distance and the countries that the need asks for; where it stands is not known, it does not.

    Parameters
    ----------
    needs, asset, capacities : as their records have them.
    narrower : a capability and all its kinds.

    Examples
    --------
    >>> sorter = {"name": "S", "kind": "equipment", "capabilities": ["cell-sorting"]}
    >>> needs = [{"need": "a", "capability": "cell-sorting"}, {"need": "b", "capability": "mri"}]
    >>> matching_needs(needs, sorter, [], lambda slug: [slug])
    ['a']
    """
    if asset.get("status") in ("closed", "planned"):
        return []
    can = {*asset.get("capabilities", ()), *(str(one["capability"]) for one in capacities)}
    return [
        str(need["need"]) for need in needs
        if can & set(narrower(need["capability"])) and _stands_right(need, asset.get("place") or {})
    ]  # fmt: skip


def _stands_right(need: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    if need.get("countries") and place.get("country") not in need["countries"]:
        return False
    if need.get("within_km") is None or need.get("place") is None:
        return True
    if place.get("lat") is None:
        return False
    near = need["place"]
    away = distance_km(near["lat"], near["lon"], place["lat"], place["lon"])
    return float(away) <= float(need["within_km"])
