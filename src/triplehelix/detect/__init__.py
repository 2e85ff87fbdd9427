"""Clusters on the sphere: where activity is dense, what it is called, and how far it goes."""

from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.footprint import footprint, footprints
from triplehelix.detect.hdbscan import hdbscan
from triplehelix.detect.hierarchy import CondensedTree, Hierarchy
from triplehelix.detect.naming import name
from triplehelix.detect.parameters import Parameters
from triplehelix.detect.stability import stability
from triplehelix.detect.steps import steps

__all__ = [
    "CondensedTree",
    "Hierarchy",
    "Parameters",
    "dbscan",
    "footprint",
    "footprints",
    "hdbscan",
    "name",
    "stability",
    "steps",
]
