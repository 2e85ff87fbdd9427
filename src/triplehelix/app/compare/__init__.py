"""Clusters, or countries, side by side: profiles, not one ranking."""

from collections.abc import Sequence

from triplehelix.app.compare.clusters import compare
from triplehelix.app.compare.comparison import MOST, Comparison, Panel, Side, Value, panel_rows
from triplehelix.app.compare.countries import compare_countries
from triplehelix.errors import InputError
from triplehelix.store.edition import Edition

__all__ = [
    "MOST", "Comparison", "Panel", "Side", "Value", "compare", "compare_countries", "panel_rows",
    "side_by_side",
]  # fmt: skip


def side_by_side(edition: Edition, clusters: Sequence[str], countries: Sequence[str]) -> Comparison:
    """
    Clusters, or countries, compared.

    Raises
    ------
    InputError
        If both are given, or as `compare` and `compare_countries`.
    UnknownName
        As these.
    """
    if clusters and countries:
        raise InputError("give clusters or countries: they are not compared with one another")
    return compare_countries(edition, countries) if countries else compare(edition, clusters)
