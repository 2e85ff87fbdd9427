"""Clusters on the sphere: where activity is dense, what it is called, and how far it goes."""

from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.footprint import footprint
from triplehelix.detect.lineage import Descent, lineage
from triplehelix.detect.lineage_shares import Members
from triplehelix.detect.lineage_steps import lineage_steps
from triplehelix.detect.naming import name
from triplehelix.detect.steps import Parameters, steps

__all__ = [
    "Descent",
    "Members",
    "Parameters",
    "dbscan",
    "footprint",
    "lineage",
    "lineage_steps",
    "name",
    "steps",
]
