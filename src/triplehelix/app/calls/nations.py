"""Which nation of the United Kingdom assets stand in, where their position tells."""

from dataclasses import replace

from triplehelix.ally.assets import Landscape
from triplehelix.read.nations import nations_of


def with_nations(landscape: Landscape) -> Landscape:
    """
    The same landscape; a British asset with a position has the nation that it lies in.

    An asset of no stated country counts as British where a British town is near; one of another
    country, or that names its nation, is left as it is.
    """
    told = [
        n for n, one in enumerate(landscape.assets)
        if one.nation is None and one.lat is not None and one.country in (None, "GB")
    ]  # fmt: skip
    places = [(landscape.assets[n].lat, landscape.assets[n].lon) for n in told]
    lat, lon = zip(*places, strict=True) if places else ((), ())
    assets = list(landscape.assets)
    for n, nation in zip(told, nations_of(lat, lon), strict=True):
        assets[n] = replace(assets[n], nation=nation)
    return replace(landscape, assets=tuple(assets))
