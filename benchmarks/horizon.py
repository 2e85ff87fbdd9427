"""The rows of Horizon 2020 as a forecast needs them: who did what, since when, from where."""

import os
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from triplehelix.link.past import Traits

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "cordis_h2020"
FILES = [DATA / f"{name}.csv.gz" for name in
         ("project", "organization", "organisations_located_baseline")]  # fmt: skip
HELIX = {"HES": "academia", "REC": "academia", "PRC": "industry", "PUB": "government"}
COUNTRY = {"UK": "GB", "EL": "GR"}
# Names and places stop here: organisations first seen later cannot be placed at all.
NAMED_UNTIL = "2017-07-01"


class Horizon(NamedTuple):
    """Participations (activity, node, start), themes (activity, theme), traits of all nodes."""

    parts: pd.DataFrame
    themes: pd.DataFrame
    traits: Traits

    def before(self, day: str, since: str = "") -> pd.DataFrame:
        """Participations in projects that began from `since` on, before the day."""
        begun = self.parts["start"]
        return self.parts[(begun >= since) & (begun < day)]

    def themes_of(self, parts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        """The themes of the projects of these participations, and of no other."""
        own = self.themes[self.themes["activity"].isin(parts["activity"])]
        return own["activity"], own["theme"]


def horizon(languages: dict[str, tuple[str, ...]]) -> Horizon:
    """The files of Horizon 2020; themes are its legal bases, places those of the towns."""
    project, part, located = (pd.read_csv(f, sep=s, dtype=str, keep_default_na=False)
                              for f, s in zip(FILES, ";;,", strict=True))  # fmt: skip
    project = project[project["startDate"] != ""].rename(columns={"id": "activity"})
    themes = project[["activity", "legalBasis"]].assign(
        theme=project["legalBasis"].str.split(";")
    ).explode("theme")  # fmt: skip
    parts = part.merge(project[["activity", "startDate"]], left_on="projectID", right_on="activity")
    parts = parts.rename(columns={"organisationID": "node", "startDate": "start"})
    parts = parts.sort_values(["start", "activity", "node", "country", "activityType"])
    of = parts.drop_duplicates("node").set_index("node")
    place = located.drop_duplicates("pic").set_index("pic").reindex(of.index)
    traits = Traits(
        of.index.to_numpy(), pd.to_numeric(place["city_lat"]).to_numpy(),
        pd.to_numeric(place["city_lng"]).to_numpy(), of["country"].replace(COUNTRY).to_numpy(),
        of["activityType"].map(HELIX).fillna("unknown").to_numpy(), languages,
    )  # fmt: skip
    parts = parts[["activity", "node", "start"]].drop_duplicates()
    return Horizon(parts, themes[["activity", "theme"]], traits)
