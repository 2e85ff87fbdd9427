"""One door to every method: the clusters of given sites, at every level, under any weights."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.dbscan import Find, finder
from triplehelix.detect.parameters import FINE_KM, Parameters
from triplehelix.detect.tree_levels import tree_finder
from triplehelix.sphere import Floats, Whole

Flags = NDArray[np.bool_]


class Layers(NamedTuple):
    """
    The clusters of n sites at every level, finest level first.

    `labels` and `core` have the shape (n_levels, n); -1 is in no cluster.
    """

    levels: tuple[int, ...]
    labels: Whole
    core: Flags


class Search:
    """
    Sites and a method: what is searched, and how.

    `lat`, `lon` (degrees) and `precise` (known well enough for distances inside a town) have
    one entry for each site. What does not depend on weights is done once; the methods may be
    called from several threads.
    """

    def __init__(
        self, lat: Floats, lon: Floats, precise: Flags, parameters: Parameters, min_weight: float
    ) -> None:
        self.lat, self.lon = lat, lon
        self.parameters, self.min_weight = parameters, min_weight
        radii, everywhere = parameters.radii, np.ones(len(lat), dtype=np.bool_)
        fine = {k: r for k, r in radii.items() if k < 0 and r < FINE_KM}
        coarse = {k: r for k, r in radii.items() if k not in fine}
        self._groups = [
            (tuple(each), np.flatnonzero(rows), self._finder(list(each.values()), rows))
            for each, rows in ((fine, precise), (coarse, everywhere))
            if each and parameters.method == "dbscan"
        ]

    def layers(self, weight: Floats) -> Layers:
        """The clusters of the sites that weigh more than nothing."""
        if self.parameters.method == "hdbscan":
            return Layers(
                *tree_finder(self.lat, self.lon, self.parameters, self.min_weight)(weight)
            )
        found = [_of_group(len(weight), rows, find, weight) for _, rows, find in self._groups]
        levels = tuple(level for levels, _, _ in self._groups for level in levels)
        return Layers(
            levels, np.concatenate([each.labels for each in found]),
            np.concatenate([each.core for each in found]),
        )  # fmt: skip

    def labels(self, weight: Floats, levels: tuple[int, ...]) -> Whole:
        """The labels at given levels, shape (n_levels, n); -1 throughout where there is none."""
        found = self.layers(weight)
        nowhere = np.full((1, len(weight)), -1)
        labels = np.concatenate([found.labels, nowhere])
        at = {level: i for i, level in enumerate(found.levels)}
        return labels[[at.get(level, -1) for level in levels]]

    def main_labels(self, weight: Floats, min_weight: float) -> Whole:
        """
        The clusters of level 0 with another least weight.

        With DBSCAN, sites that weigh nothing are labelled where they lie within a cluster.
        """
        if self.parameters.method == "hdbscan":
            levels, labels, _ = tree_finder(self.lat, self.lon, self.parameters, min_weight)(weight)
            main: Whole = labels[levels.index(0)]
            return main
        at_level_0: Whole = self._at_level_0(weight, min_weight).labels[0]
        return at_level_0

    @cached_property
    def _at_level_0(self) -> Find:
        everywhere = np.ones(len(self.lat), dtype=np.bool_)
        return self._finder([self.parameters.radius_km], everywhere)

    def _finder(self, radii: list[float], rows: Flags) -> Find:
        return finder(self.lat[rows], self.lon[rows], radius_km=radii, min_weight=self.min_weight)


class _Found(NamedTuple):
    labels: Whole
    core: Flags


def _of_group(n: int, rows: Whole, find: Find, weight: Floats) -> _Found:
    """Labels and core of all n sites, from those of some of them."""
    found = find(weight[rows])
    there = (weight[rows] > 0)[None, :]
    labels = np.full((len(found.labels), n), -1)
    core = np.zeros(labels.shape, dtype=np.bool_)
    labels[:, rows] = np.where(there, found.labels, -1)
    core[:, rows] = found.core & there
    return _Found(labels, core)


def parents(layers: Layers) -> list[list[tuple[int, int] | None]]:
    """
    For each level and cluster the next wider cluster that holds it, as (level, label).

    Clusters of one level are inside one cluster of any wider level, so any core site tells;
    None where no wider level has one.
    """
    above: list[list[tuple[int, int] | None]] = []
    for i, labels in enumerate(layers.labels):
        held: list[tuple[int, int] | None] = []
        for label in range(labels.max(initial=-1) + 1):
            site = np.flatnonzero((labels == label) & layers.core[i])[0]
            wider = layers.labels[i + 1 :, site]
            step = int(np.argmax(wider >= 0)) if (wider >= 0).any() else -1
            held.append((i + 1 + step, int(wider[step])) if step >= 0 else None)
        above.append(held)
    return above
