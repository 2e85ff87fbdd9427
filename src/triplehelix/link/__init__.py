"""Ties inside clusters, between them, and from them to countries."""

from triplehelix.link.backbone import Backbone, backbone
from triplehelix.link.brokerage import Brokerage, Gateways, bridging, brokerage, gateways
from triplehelix.link.collaboration import Collaboration, collaboration
from triplehelix.link.communities import Communities, Overlap, communities, overlap
from triplehelix.link.evidence import evidence
from triplehelix.link.forecast import Forecast, Lesson, learn, lesson, most_likely
from triplehelix.link.forecast_steps import forecast_steps
from triplehelix.link.gravity import Gravity, Nodes, gravity, pair_columns
from triplehelix.link.missing import Missing, missing_links
from triplehelix.link.past import Past, Traits, new_ties, past
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
    "Forecast",
    "Gateways",
    "Gravity",
    "InsideShare",
    "Labels",
    "Lesson",
    "Missing",
    "Nodes",
    "Overlap",
    "Past",
    "Role",
    "Ties",
    "Traits",
    "backbone",
    "bridging",
    "brokerage",
    "collaboration",
    "communities",
    "evidence",
    "expected_shares",
    "forecast_steps",
    "gateways",
    "gravity",
    "inside_share",
    "learn",
    "lesson",
    "missing_links",
    "most_likely",
    "new_ties",
    "overlap",
    "pair_columns",
    "past",
    "ppml",
    "role",
    "steps",
    "ties",
]
