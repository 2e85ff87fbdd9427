"""
A small world to compose offers from, every number of it worked out by hand.

Four clusters of GB and one of JP; one theme, `cells`, with the roles discovery, clinical,
manufacturing, data and finance.

    york    a1 (2015) Uni York, lead; a2 (2018) York Hospital, site; paid for by York Fund: a1
    leeds   a2 (2018) Uni Leeds; a3 (2021) Leeds Works, manufacturer
    hull    a1 (2015) Hull Makers, a company: indirect evidence of manufacturing alone
    bath    nothing of the theme
    osaka   a1 (2015) Uni Osaka, of the partner

So discovery: york 1 (a1), leeds 1 (a2). Clinical: york 1 (a2). Manufacturing: leeds 1 (a3)
directly, hull 1 (a1) indirectly. Finance: york 1 (a1). Data: nobody. York and leeds together cover
all that can be covered, and no single cluster does.
"""

from dataclasses import replace

from triplehelix.offer.chain import Audience, Work
from triplehelix.offer.material import (
    ActivitySeen,
    ClusterSeen,
    Joint,
    Material,
    OrganisationSeen,
    Partner,
    ThemeAsked,
)
from triplehelix.offer.reach import Town, Towns
from triplehelix.read.value_chain import read_chain

ROLES = ("discovery", "clinical", "manufacturing", "data", "finance")
ORDER = ("chain", "clusters", "ties", "conversations", "assets", "scale")
WORK = (
    Work("york", "cells", "a1", "uni-york", "academia", "lead", "project"),
    Work("york", "cells", "a1", "york-fund", "nonprofit", "funder", "project"),
    Work("york", "cells", "a2", "york-hospital", "health", "site", "trial"),
    Work("leeds", "cells", "a2", "uni-leeds", "academia", "partner", "project"),
    Work("leeds", "cells", "a3", "leeds-works", "industry", "manufacturer", "project"),
    Work("hull", "cells", "a1", "hull-makers", "industry", "partner", "project"),
)
ORGANISATIONS = {
    id_: OrganisationSeen(name, helix, country)
    for id_, name, helix, country in [
        ("uni-york", "University of York", "academia", "GB"),
        ("york-fund", "York Fund", "nonprofit", "GB"),
        ("york-hospital", "York Hospital", "health", "GB"),
        ("uni-leeds", "University of Leeds", "academia", "GB"),
        ("leeds-works", "Leeds Works", "industry", "GB"),
        ("hull-makers", "Hull Makers", "industry", "GB"),
        ("uni-osaka", "University of Osaka", "academia", "JP"),
    ]
}
JOINT = (
    Joint("a1", "uni-osaka", "uni-york", "york", True),
    Joint("a1", "uni-osaka", "hull-makers", "hull", True),
    Joint("a4", "uni-osaka", "uni-york", "york", False),
)
TOWNS = (
    Town("t1", 53.96, -1.08, 150_000),  # York
    Town("t2", 53.80, -1.55, 450_000),  # Leeds, 36 km from York
    Town("t3", 53.80, -1.56, 9_000),  # a part of Leeds
    Town("t4", 51.38, -2.36, 90_000),  # Bath, far from both
)


def material(**changed) -> Material:
    """The small world, with some parts of it changed."""
    clusters = tuple(
        ClusterSeen(name.lower(), name, ("GB",), lat, lon, "strong")
        for name, lat, lon in [("York", 53.96, -1.08), ("Leeds", 53.80, -1.55),
                               ("Hull", 53.74, -0.33), ("Bath", 51.38, -2.36)]
    )  # fmt: skip
    activities = {
        "a1": ActivitySeen("One", 2015, 1_000_000.0, "GBP", "table"),
        "a2": ActivitySeen("Two", 2018, None, None, "table"),
        "a3": ActivitySeen("Three", 2021, 500_000.5, "GBP", "other"),
        "a4": ActivitySeen("Four", None, None, None, "table"),
    }
    whole = Material(
        "e1", "Small", False, ("other", "table"), "theme=cells&partner=JP",
        (ThemeAsked("cells", "Cells", ROLES),), Audience("general", "All readers", None, ORDER),
        Partner("JP", "Japan", ("JP",)), None, read_chain(), clusters, WORK, activities,
        ORGANISATIONS, joint=JOINT, towns=Towns(TOWNS),
    )  # fmt: skip
    return replace(whole, **changed)
