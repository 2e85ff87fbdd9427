"""One door to every method: the clusters of given sites, at every level, under any weights."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.detect.dbscan import clustering
from triplehelix.detect.parameters import FINE_KM, Parameters
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


@dataclass(frozen=True)
class Search:
    """
    Sites and a method: what is searched, and how.

    `lat`, `lon` (degrees) and `precise` (known well enough for distances inside a town) have
    one entry for each site.
    """

    lat: Floats
    lon: Floats
    precise: Flags
    parameters: Parameters
    min_weight: float

    def layers(self, weight: Floats) -> Layers:
        """The clusters of the sites that weigh more than nothing."""
        if self.parameters.method == "hdbscan":
            return self._of_a_tree(weight)
        radii = self.parameters.radii
        found = [self._within(*each, weight) for each in radii.items()]
        return Layers(
            tuple(radii), np.stack([labels for labels, _ in found]),
            np.stack([core for _, core in found]),
        )  # fmt: skip

    def labels(self, weight: Floats) -> Whole:
        """The labels alone, for the resampling: shape (n_levels, n)."""
        return self.layers(weight).labels

    def main_labels(self, weight: Floats, min_weight: float) -> Whole:
        """
        The clusters of level 0 with another least weight, sites that weigh nothing included.

        These are labelled where they lie within a cluster, but make none.
        """
        found = clustering(
            self.lat, self.lon,
            radius_km=self.parameters.radius_km, min_weight=min_weight, weight=weight,
        )  # fmt: skip
        return found.labels

    def _within(self, level: int, radius_km: float, weight: Floats) -> tuple[Whole, Flags]:
        """DBSCAN at one radius; at finer levels, of the sites that are placed so finely."""
        is_fine = level < 0 and radius_km < FINE_KM
        taking_part = (weight > 0) & (self.precise if is_fine else True)
        rows = np.flatnonzero(taking_part)
        found = clustering(
            self.lat[rows], self.lon[rows],
            radius_km=radius_km, min_weight=self.min_weight, weight=weight[rows],
        )  # fmt: skip
        labels, core = np.full(len(weight), -1), np.zeros(len(weight), dtype=np.bool_)
        labels[rows], core[rows] = found.labels, found.core
        return labels, core

    def _of_a_tree(self, weight: Floats) -> Layers:
        raise NotImplementedError


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
