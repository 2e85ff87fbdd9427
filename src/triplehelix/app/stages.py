"""Which stages make an edition, what each reads and leaves, in what order."""

import difflib
from dataclasses import replace

from triplehelix import detect, link, locate, measure, resolve, themes
from triplehelix.app.config import Config
from triplehelix.app.languages import official_languages
from triplehelix.detect.lineage import NEAR_KM
from triplehelix.detect.parameters import EACH_THEME
from triplehelix.errors import InputError
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
    parameters = config.detect.parameters()
    _check_themes(parameters, scheme)
    near_km = _near_km(parameters)
    spoken = official_languages()
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
        detection(parameters),
        Stage("overlaps", detect.overlap_steps(),
              reads=("found_clusters", "memberships", "sites", "reference_areas"),
              makes=("overlaps",),
              packages=("detect", "compiling.py", "sphere.py")),
        Stage("link", link.steps(spoken, parameters.periods),
              reads=("found_clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes"),
              makes=("links", "cluster_roles"),
              packages=("link", "compiling.py", "sphere.py", "stats"), parameters=spoken),
        Stage("measure", measure.steps(_thresholds(config)),
              reads=("found_clusters", "memberships", "sites", "organisations", "participations",
                     "cluster_intervals", "theme_tests", "cluster_roles",
                     "activities", "activity_themes", "themes"),
              makes=("profiles", "clusters"),
              packages=("measure", "stats"), parameters=_thresholds(config)),
        Stage("forecasts", link.forecast_steps(spoken),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "successors"),
              makes=("forecasts",),
              packages=("link", "compiling.py", "sphere.py", "stats"), parameters=spoken),
        Stage("prospects", measure.prospect_steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "profiles", "theme_tests"),
              makes=("prospects",),
              packages=("measure", "stats")),
        Stage("lineage",
              detect.lineage_steps(weight=parameters.weight, near_km=near_km, earlier=earlier),
              reads=("clusters", "memberships", "sites", "participations", "activities",
                     "organisations", "successors", *EARLIER, *AGAIN),
              makes=("lineage", "lineage_method"),
              packages=("detect", "compiling.py", "sphere.py"), parameters=(near_km, earlier)),
    ]  # fmt: skip


def detection(parameters: detect.Parameters) -> Stage:
    """The stage that finds clusters."""
    return Stage(
        "detect", detect.steps(parameters),
        reads=("sites", "places", "participations", "organisations", "activities",
               "activity_themes", "themes", "reference_land"),
        makes=("found_clusters", "memberships", "place_clusters", "detection",
               "cluster_intervals", "theme_tests"),
        packages=("detect", "compiling.py", "sphere.py", "stats"), parameters=parameters,
    )  # fmt: skip


def found_again(config: Config) -> Stage:
    """The stage that finds what clusters there were, and no more, in an earlier edition."""
    parameters = replace(
        config.detect.parameters(), themes=(), periods=(), resamples=0, relabellings=0
    )
    return detection(parameters)


def _check_themes(parameters: detect.Parameters, scheme: Scheme) -> None:
    known = [each.theme for each in scheme.themes]
    for theme in parameters.themes:
        if theme != EACH_THEME and theme not in known:
            near = difflib.get_close_matches(theme, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"its themes are {', '.join(known)}"
            raise InputError(
                f"detect.themes: the scheme {scheme.name} has no theme {theme!r}; {hint}"
            )


def _near_km(parameters: detect.Parameters) -> float:
    """
    How near two sites of two times are at one place.

    Half of the radius at most, so that the place of one cluster is not that of the next.
    """
    return min(NEAR_KM, parameters.radius_km / 2)


def _thresholds(config: Config) -> measure.Thresholds:
    return measure.Thresholds(**config.kinds.model_dump())
