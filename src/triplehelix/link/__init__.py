"""Ties inside clusters, between them, and from them to countries."""

from triplehelix.link.backbone import Backbone, backbone
from triplehelix.link.brokerage import Brokerage, Gateways, bridging, brokerage, gateways
from triplehelix.link.collaboration import Collaboration, collaboration
from triplehelix.link.communities import Communities, Overlap, communities, overlap
from triplehelix.link.gravity import Gravity, Nodes, gravity, pair_columns
from triplehelix.link.ppml import Fit, ppml
from triplehelix.link.role import Role, expected_shares, role
from triplehelix.link.steps import steps
from triplehelix.link.ties import InsideShare, Labels, Ties, inside_share, ties

__all__ = [
    "Backbone",
    "Brokerage",
    "Collaboration",
    "Communities",
    "Fit",
    "Gateways",
    "Gravity",
    "InsideShare",
    "Labels",
    "Nodes",
    "Overlap",
    "Role",
    "Ties",
    "backbone",
    "bridging",
    "brokerage",
    "collaboration",
    "communities",
    "expected_shares",
    "gateways",
    "gravity",
    "inside_share",
    "overlap",
    "pair_columns",
    "ppml",
    "role",
    "steps",
    "ties",
]
