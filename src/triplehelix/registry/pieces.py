"""
Pieces: the weighted words of what a record says under one condition.

A field stands under one condition, so its words' weights, which depend on that field alone, are
the same whatever else of the record somebody sees.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from triplehelix.capabilities.words import words

CONCEPT, STATUS = "capability:", "status:"
# A capability named later in the list is less what the asset is for.
LATER = 0.12


class Weighing(NamedTuple):
    """How a field's words weigh: its weight, its usual length in words, how far length matters."""

    weight: float
    usual_length: float
    by_length: float


WEIGHING: dict[str, dict[str, Weighing]] = {
    "asset": {
        "name": Weighing(3.0, 4, 0.3), "description": Weighing(1.0, 40, 0.6),
        "techniques": Weighing(2.0, 6, 0.5), "manufacturer": Weighing(2.0, 2, 0.0),
        "model": Weighing(2.0, 2, 0.0), "subjects": Weighing(1.5, 6, 0.5),
        "measured_variables": Weighing(1.5, 6, 0.5), "place": Weighing(1.5, 5, 0.3),
        "department": Weighing(1.0, 4, 0.3), "kind": Weighing(0.5, 1, 0.0),
        "identifiers": Weighing(1.0, 2, 0.3),
    },
    "member": {
        "name": Weighing(3.0, 4, 0.3), "description": Weighing(1.0, 40, 0.6),
        "place": Weighing(1.5, 5, 0.3), "identifiers": Weighing(1.0, 2, 0.3),
    },
    "network": {
        "name": Weighing(3.0, 4, 0.3), "description": Weighing(1.0, 40, 0.6),
        "area": Weighing(1.5, 3, 0.3), "themes": Weighing(1.5, 4, 0.3),
    },
}  # fmt: skip


def piece(kind: str, fields: Mapping[str, Any]) -> dict[str, float]:
    """
    The words of some fields of a record and what each weighs there, above 0.

    A word of a field weighs ``w * n / (1 - b + b * length / usual)``: n times it stands in the
    field, w, b and usual from `WEIGHING`; over fields the weights add up (BM25F). Capabilities
    stand under `CONCEPT` and their slug, weighing less the later they are named; what is closed
    or planned says so under `STATUS`.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond,
    section 3.6. doi:10.1561/1500000019

    Examples
    --------
    >>> piece("asset", {"name": "Cell sorter", "capabilities": ["flow-cytometry"]})
    {'cell': 3.529, 'sorter': 3.529, 'capability:flow-cytometry': 1.0}
    """
    weights: dict[str, float] = {}
    for field, weighing in WEIGHING.get(kind, {}).items():
        if field in fields:
            found = [word for text in _texts(fields[field]) for word in words(text)]
            shorter = 1 - weighing.by_length * (1 - len(found) / weighing.usual_length)
            for word in found:
                weights[word] = weights.get(word, 0.0) + weighing.weight / shorter
    for n, slug in enumerate(dict.fromkeys(fields.get("capabilities", ()))):
        weights[CONCEPT + slug] = 1 / (1 + LATER * n)
    status = "closed" if "decommissioned" in fields else fields.get("status")
    if kind == "asset" and status in ("closed", "planned"):
        weights[STATUS + status] = 1.0
    return {word: round(weight, 3) for word, weight in weights.items()}


_SAID_OF_A_PLACE = ("town", "site", "building", "postcode")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        if "term" in value or "scheme" in value:
            return [str(value.get("term") or value.get("value", ""))]
        return [str(value[part]) for part in _SAID_OF_A_PLACE if value.get(part)]
    return [text for each in value for text in _texts(each)]
