"""The pictures that other sites may show, and what they show in words."""

from triplehelix.app.cluster_profile import Measure
from triplehelix.app.offers.saving import land_of
from triplehelix.draw.maps import map_svg
from triplehelix.draw.multiples import Row, multiple_svg
from triplehelix.offer.document import Document, Map
from triplehelix.serve import words
from triplehelix.store.edition import Edition

THEMES = 8
_NAMED = 5


def largest(strengths: list[Measure]) -> list[Measure]:
    """Eight themes, from the largest quotient on."""
    known = [m for m in strengths if m.value is not None and m.n]
    return sorted(known, key=lambda m: (-(m.value or 0.0), m.theme))[:THEMES]


def quotients_svg(strengths: list[Measure], name: str) -> str:
    """The chart of the themes that a cluster is good at."""
    rows = [
        Row(m.label or m.theme, m.value, m.low, m.high,
            words.ratio(m.value) + (f" ({doubt})" if (doubt := words.interval(m.low, m.high))
                                    else ""))
        for m in largest(strengths)
    ]  # fmt: skip
    alt = quotients_alt(strengths, name)
    return multiple_svg(rows, "ratios", alt, names=190, values=110)


def quotients_alt(strengths: list[Measure], name: str) -> str:
    """What the chart shows, in words."""
    said = "; ".join(
        f"{m.label or m.theme} {words.ratio(m.value)} "
        f"({words.interval(m.low, m.high) or 'no interval'})"
        for m in largest(strengths)[:_NAMED]
    )
    return f"Location quotients of themes in {name}, with 95 % intervals: {said or 'none'}."


def map_of(document: Document) -> Map | None:
    """The map of an offer's document; None where no cluster has a place on it."""
    maps = [b for s in document.sections for b in s.blocks if isinstance(b, Map)]
    return maps[0] if maps else None


def offer_svg(edition: Edition, document: Document) -> str:
    """The map of an offer; an empty picture where it has none."""
    drawn = map_of(document)
    if drawn is None:
        return multiple_svg([], "counts", map_alt(document))
    return map_svg(drawn, land_of(edition, document))


def map_alt(document: Document) -> str:
    """What the map of an offer shows, in words."""
    drawn = map_of(document)
    if drawn is None:
        return f"{document.title}: no cluster has a place on the map."
    names = ", ".join(mark.name.text for mark in drawn.marks[:_NAMED])
    more = len(drawn.marks) - _NAMED
    rest = f" and {words.number(more)} more" if more > 0 else ""
    return f"{document.title}: a map of the clusters with a part in the offer: {names}{rest}."
