"""Clusters on the sphere: where activity is dense, what it is called, and how far it goes."""

from triplehelix.detect.dbscan import dbscan
from triplehelix.detect.footprint import footprint, footprints
from triplehelix.detect.naming import name
from triplehelix.detect.steps import Parameters, steps

__all__ = ["Parameters", "dbscan", "footprint", "footprints", "name", "steps"]
