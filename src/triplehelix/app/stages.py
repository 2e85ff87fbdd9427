"""Which stages make an edition, what each reads and leaves, in what order."""

from triplehelix import detect, link, locate, measure, resolve, themes
from triplehelix.app.config import Config
from triplehelix.store.stages import Stage
from triplehelix.themes import Scheme

_STAGED = ("staged_organisations", "staged_activities", "staged_participations", "staged_codes",
           "staged_figures")  # fmt: skip

GATHER = Stage(
    "gather", resolve.repeats(),
    reads=(*(name.replace("staged_", "incoming_") for name in _STAGED),
           "rejected_rows", "read_rows"),
    makes=(*_STAGED, "rejects", "rejected_per_file"),
    packages=("resolve",),
)  # fmt: skip


def stages(config: Config, scheme: Scheme) -> list[Stage]:
    """The way of the data, from what was read to the tables of an edition."""
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
              makes=("found_clusters", "memberships", "place_clusters", "detection"),
              packages=("detect", "sphere.py", "stats.py"), parameters=_detection(config)),
        Stage("measure", measure.steps(_thresholds(config)),
              reads=("found_clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("profiles", "clusters"),
              packages=("measure", "stats.py"), parameters=_thresholds(config)),
        Stage("link", link.steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("links",),
              packages=("link",)),
    ]  # fmt: skip


def _detection(config: Config) -> detect.Parameters:
    return detect.Parameters(**config.detect.model_dump())


def _thresholds(config: Config) -> measure.Thresholds:
    return measure.Thresholds(**config.kinds.model_dump())
