"""Clusters on the sphere: where activity is dense, what it is called, and how far it goes."""

from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.footprint import footprint, footprints
from triplehelix.detect.hdbscan import hdbscan
from triplehelix.detect.hierarchy import CondensedTree, Hierarchy
from triplehelix.detect.lineage import Descent, lineage
from triplehelix.detect.lineage_shares import Members
from triplehelix.detect.lineage_steps import lineage_steps
from triplehelix.detect.naming import name
from triplehelix.detect.overlaps import overlap_steps
from triplehelix.detect.parameters import Parameters
from triplehelix.detect.stability import stability
from triplehelix.detect.steps import steps

__all__ = [
    "CondensedTree",
    "Descent",
    "Hierarchy",
    "Members",
    "Parameters",
    "dbscan",
    "footprint",
    "footprints",
    "hdbscan",
    "lineage",
    "lineage_steps",
    "name",
    "overlap_steps",
    "stability",
    "steps",
]
