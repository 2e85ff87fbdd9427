"""Which stages make an edition, what each reads and leaves, in what order."""

from triplehelix import detect, link, locate, measure, resolve, themes
from triplehelix.app.config import Config
from triplehelix.detect.lineage import NEAR_KM
from triplehelix.store.stages import Stage
from triplehelix.themes import Scheme

_STAGED = ("staged_organisations", "staged_activities", "staged_participations", "staged_codes",
           "staged_figures")  # fmt: skip

# Of an earlier edition; of its clusters found again in today's way.
EARLIER = ("earlier_clusters", "earlier_memberships", "earlier_sites", "earlier_participations",
           "earlier_activities")  # fmt: skip
AGAIN = ("again_clusters", "again_memberships")

GATHER = Stage(
    "gather", resolve.repeats(),
    reads=(*(name.replace("staged_", "incoming_") for name in _STAGED),
           "rejected_rows", "read_rows"),
    makes=(*_STAGED, "rejects", "rejected_per_file"),
    packages=("resolve",),
)  # fmt: skip


def stages(config: Config, scheme: Scheme, earlier: str = "none") -> list[Stage]:
    """
    The way of the data, from what was read to the tables of an edition.

    `earlier` says what lineage compares with, as in `detect.lineage_steps`.
    """
    return [
        Stage("resolve", resolve.steps(),
              reads=(*_STAGED, "reference_organisations"),
              makes=("resolved_organisations", "mention_organisations", "reference",
                     "identifiers", "records", "successors", "activities", "texts", "figures"),
              packages=("resolve",)),
        Stage("locate", locate.steps(),
              reads=("staged_organisations", "staged_participations", "mention_organisations",
                     "resolved_organisations", "reference", "reference_places",
                     "reference_postcodes"),
              makes=("sites", "places", "organisations", "participations"),
              packages=("locate",)),
        Stage("themes", themes.steps(scheme),
              reads=("staged_activities", "staged_codes", "activities"),
              makes=("themes", "activity_themes", "unknown_themes"),
              packages=("themes.py",), parameters=scheme),
        Stage("detect", detect.steps(_detection(config)),
              reads=("sites", "places", "participations", "organisations"),
              makes=("clusters", "memberships", "place_clusters", "detection"),
              packages=("detect", "sphere.py", "stats.py"), parameters=_detection(config)),
        Stage("lineage",
              detect.lineage_steps(
                  weight=config.detect.weight, near_km=_near_km(config), earlier=earlier),
              reads=("clusters", "memberships", "sites", "participations", "activities",
                     "organisations", "successors", *EARLIER, *AGAIN),
              makes=("lineage", "lineage_method"),
              packages=("detect", "sphere.py"), parameters=(_near_km(config), earlier)),
        Stage("measure", measure.steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("profiles",),
              packages=("measure", "stats.py")),
        Stage("link", link.steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("links",),
              packages=("link",)),
    ]  # fmt: skip


def _detection(config: Config) -> detect.Parameters:
    return detect.Parameters(**config.detect.model_dump())


def _near_km(config: Config) -> float:
    """
    How near two sites of two times are at one place.

    Half of the radius at most, so that the place of one cluster is not that of the next.
    """
    return min(NEAR_KM, config.detect.radius_km / 2)
