"""Levels, themes and periods of clusters in words, and as choices on pages and maps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from triplehelix.app.landscape import Landscape
from triplehelix.app.layers import Layer, LayerSize

# Nearer than this, what gathers is a campus rather than a town.
_CAMPUS_KM = 5.0
_ONE = {
    "campuses": "campus", "clusters": "cluster", "superclusters": "supercluster",
    "finer clusters": "finer cluster", "wider clusters": "wider cluster",
}  # fmt: skip
Link = Callable[..., str]


class Choice(NamedTuple):
    """One thing to choose: what it is called, where it leads, how many clusters it has."""

    label: str
    address: str
    chosen: bool
    n: int


def level_noun(level: int, radius_km: float | None, n: int | None = None) -> str:
    """
    What the clusters of a level are called; `n` of them.

    Examples
    --------
    >>> level_noun(-1, 2.0), level_noun(0, 10.0), level_noun(1, 40.0, 1)
    ('campuses', 'clusters', 'supercluster')
    >>> level_noun(-1, None), level_noun(2, None)
    ('finer clusters', 'wider clusters')
    """
    if level == 0:
        many = "clusters"
    elif level > 0:
        many = "superclusters" if radius_km else "wider clusters"
    else:
        many = "campuses" if radius_km and radius_km <= _CAMPUS_KM else "finer clusters"
    return _ONE[many] if n == 1 else many


def level_name(level: int, radius_km: float | None, names: Mapping[str, str] | None = None) -> str:
    """
    A level as a choice: its noun, and what tells it from others of that noun.

    `names` are nouns in another language than English.

    Examples
    --------
    >>> level_name(-1, 0.5), level_name(1, 40.0), level_name(-1, None), level_name(2, None)
    ('Campuses (500 m)', 'Superclusters (40 km)', 'Finer clusters', 'Wider clusters (2 steps)')
    """
    noun = level_noun(level, radius_km).capitalize()
    noun = (names or {}).get(noun, noun)
    if radius_km:
        return f"{noun} ({distance(radius_km)})"
    if abs(level) < 2:
        return noun
    return f"{noun} ({abs(level)})" if names else f"{noun} ({abs(level)} steps)"


def distance(km: float) -> str:
    """
    A distance as people say it.

    Examples
    --------
    >>> distance(0.5), distance(40.0), distance(2.5)
    ('500 m', '40 km', '2.5 km')
    """
    return f"{km * 1000:.0f} m" if km < 1 else f"{km:g} km"


def away(km: float) -> str:
    """
    How far something is, no more exactly than anybody needs.

    Examples
    --------
    >>> away(0.04), away(9.52), away(598.0), away(9716.2)
    ('0.0 km', '9.5 km', '598 km', '9,716 km')
    """
    return f"{km:,.0f} km" if km >= 100 else f"{km:.1f} km"


def stratum_name(label: str | None, of: str, period: str) -> str:
    """
    Among which activity clusters were found.

    Examples
    --------
    >>> stratum_name(None, "all", "all"), stratum_name("Health", "health", "all")
    ('all activity', 'Health alone')
    >>> stratum_name(None, "all", "2014/2016"), stratum_name("Health", "health", "2014/2016")
    ('2014–2016 alone', 'Health in 2014–2016 alone')
    """
    if of == "all" and period == "all":
        return "all activity"
    years = period.replace("/", "\N{EN DASH}")
    parts = [] if of == "all" else [label or of]
    return " in ".join([*parts, *([] if period == "all" else [years])]) + " alone"


def size_of(known: Sequence[LayerSize], level: int, of: str, period: str) -> LayerSize:
    """A layer's own row; one without clusters where the edition has none."""
    for each in known:
        if (each.level, each.of, each.period) == (level, of, period):
            return each
    return LayerSize(level, of, None, period, 0, None)


def level_choices(known: Sequence[LayerSize], shown: Landscape, link: Link) -> list[Choice]:
    """The levels to choose from at the theme and period that are shown, widest first."""
    here = [each for each in known if (each.of, each.period) == (shown.of, shown.period)]
    return [
        Choice(level_name(each.level, each.radius_km), _address(link, each),
               each.level == shown.level, each.n_clusters)
        for each in sorted(here, key=lambda each: -each.level)
    ]  # fmt: skip


def stratum_choices(known: Sequence[LayerSize], shown: Landscape, link: Link) -> list[Choice]:
    """The themes and periods to choose from, at the level that is shown where they have it."""
    found: dict[tuple[str, str], LayerSize] = {}
    for each in known:
        best = found.setdefault((each.of, each.period), each)
        if abs(each.level - shown.level) < abs(best.level - shown.level):
            found[each.of, each.period] = each
    return [
        Choice(stratum_name(each.label, each.of, each.period), _address(link, each),
               (each.of, each.period) == (shown.of, shown.period), each.n_clusters)
        for each in found.values()
    ]  # fmt: skip


def map_layers(
    known: Sequence[LayerSize],
    of: str,
    period: str,
    *,
    ties: int = 0,
    names: Mapping[str, str] | None = None,
    **asked: Any,
) -> list[dict[str, Any]]:
    """
    What a map needs to know of each level it can show: its name, reach and addresses.

    `asked` are further conditions on the clusters; `ties` is how many lines to draw, or none.
    """
    conditions = {name: value for name, value in asked.items() if value}
    layers = []
    for each in sorted(known, key=lambda each: -each.level):
        if (each.of, each.period) != (of, period):
            continue
        layer = _parameters(Layer(each.level, of, period))
        lines = f"/links.geojson?{urlencode({'limit': ties, **layer})}" if ties else None
        layers.append({
            "level": each.level, "name": level_name(each.level, each.radius_km, names),
            "radius": each.radius_km, "links": lines,
            "clusters": f"/clusters.geojson?{urlencode({**conditions, **layer, 'shapes': 'true'})}",
        })  # fmt: skip
    return layers


def layer_query(level: int, of: str, period: str) -> str:
    """
    The part of an address that asks for a layer; nothing for the one that is usual.

    Examples
    --------
    >>> layer_query(0, "all", "all"), layer_query(1, "health", "all")
    ('', '?level=1&of=health')
    """
    asked = urlencode(_parameters(Layer(level, of, period)))
    return f"?{asked}" if asked else ""


def _address(link: Link, to: LayerSize) -> str:
    plain: dict[str, Any] = {"level": None, "of": None, "period": None, "page": None}
    return link(**plain | _parameters(Layer(to.level, to.of, to.period)))


def _parameters(layer: Layer) -> dict[str, Any]:
    usual = Layer(0, "all", "all")._asdict()
    return {name: value for name, value in layer._asdict().items() if value != usual[name]}
