"""The map of an offer: its clusters, by set."""

from triplehelix.offer.document import Map, Mark
from triplehelix.offer.offer import Offer
from triplehelix.offer.parts import Brief
from triplehelix.offer.wording import Wording


def offer_map(offer: Offer, words: Wording) -> Map | None:
    """All clusters with evidence, marked by the set that they are in; None if none is placed."""
    which = {name.path: cover.which for cover in offer.covers for name in cover.clusters}
    briefs = [*(part.brief for part in offer.parts), *offer.others]
    marks = tuple(
        Mark(one.name, one.lat, one.lon, which.get(one.name.path, "other"), one.activities)
        for one in briefs if one.lat is not None and one.lon is not None
    )  # fmt: skip
    if not marks:
        return None
    kinds = (
        ("first", words("in the first set")), ("second", words("in the second set")),
        ("third", words("in the third set")), ("other", words("further clusters with a part")),
    )  # fmt: skip
    there = {mark.kind for mark in marks}
    return Map(
        "clusters", words("The clusters of the offer; size: activities of the theme"),
        words("A map of the clusters with a part in the offer. The tables below list all of them."),
        marks, tuple(kind for kind in kinds if kind[0] in there), _countries(briefs),
    )  # fmt: skip


def _countries(briefs: list[Brief]) -> tuple[str, ...]:
    return tuple(sorted({country for one in briefs for country in one.countries}))
