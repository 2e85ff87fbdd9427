"""Worlds in which it is known what is to be found: by chance alone, or as planted."""

from datetime import date
from typing import Any

import numpy as np

from tests.engine import Rows, tables_after
from triplehelix.measure import prospect_steps

THEMES = [f"theme-{k:02d}" for k in range(12)]
HELICES = ["academia", "industry", "health"]


class World:
    """
    Organisations in towns, each town a cluster, and activities between them.

    Organisation `c2-o3` is the fourth of the third town; those of town -1 are in no cluster.
    `of` names the theme among whose activities alone a town was found.
    """

    def __init__(self) -> None:
        self.organisations: dict[str, tuple[int, str]] = {}
        self.activities: dict[str, tuple[int | None, str]] = {}
        self.parts: list[tuple[str, str, str]] = []
        self.labels: list[tuple[str, str]] = []
        self.profiles: list[dict[str, Any]] = []
        self.tests: list[dict[str, Any]] = []
        self.of: dict[int, str] = {}

    def organisation(self, id_: str, town: int, helix: str = "unknown") -> None:
        """An organisation that stands in a town."""
        self.organisations[id_] = (town, helix)

    def activity(
        self, id_: str, year: int | None, who: list[str], themes: list[str], *,
        payers: tuple[str, ...] = (), source: str = "table",
    ) -> None:  # fmt: skip
        """An activity of some organisations, in some themes."""
        self.activities[id_] = (year, source)
        self.parts += [(id_, one, "partner") for one in who]
        self.parts += [(id_, one, "funder") for one in payers]
        self.labels += [(id_, theme) for theme in themes]

    def tables(self) -> dict[str, Rows]:
        """The rows of the tables that the steps read."""
        town = {one: t for one, (t, _) in self.organisations.items()}
        clusters = sorted({t for t in town.values() if t >= 0})
        return {
            "clusters": [{"cluster_id": f"c{t}", "theme": self.of.get(t, "all"), "period": "all",
                          "level": 0} for t in clusters],
            "memberships": [{"cluster_id": f"c{t}", "site_id": f"s-{one}", "organisation_id": one}
                            for one, t in town.items() if t >= 0],
            "sites": [{"site_id": f"s-{one}", "organisation_id": one, "precision": "city",
                       "lat": 50.0 + t, "lon": 0.0} for one, t in town.items()],
            "organisations": [{"organisation_id": one, "helix": helix, "country": "GB"}
                              for one, (_, helix) in self.organisations.items()],
            "activities": [{"activity_id": one, "source": source,
                            "start": date(year, 6, 1) if year else None}
                           for one, (year, source) in self.activities.items()],
            "participations": [{"participation_id": f"p{k}", "activity_id": a, "site_id": f"s-{o}",
                                "organisation_id": o, "role": role, "share": 0.0}
                               for k, (a, o, role) in enumerate(self.parts)],
            "activity_themes": [{"activity_id": a, "theme": theme, "weight": 1.0}
                                for a, theme in self.labels],
            "profiles": self.profiles, "theme_tests": self.tests,
        }  # fmt: skip

    def found(self, kind: str = "", shuffle: np.random.Generator | None = None) -> list[Any]:
        """The rows of `prospects`, of one kind if given; from shuffled rows if asked."""
        given = self.tables()
        if shuffle is not None:
            given = {name: [list(rows)[k] for k in shuffle.permutation(len(list(rows)))]
                     for name, rows in given.items()}  # fmt: skip
        rows = tables_after(prospect_steps(), ["prospects"], **given)["prospects"]
        return [row for row in rows if kind in ("", row["kind"])]


def by_chance(seed: int, *, towns: int = 6, n: int = 300) -> World:
    """Who works with whom, on what, when, and what they are: all drawn at random."""
    rng, world = np.random.default_rng(seed), World()
    for t in range(-1, towns):
        for k in range(12):
            world.organisation(f"c{t}-o{k}", t, str(rng.choice(HELICES)))
    everybody = list(world.organisations)
    # Some are at work far more often than others, as in truth.
    often = rng.pareto(1.5, len(everybody)) + 1
    for a in range(n):
        size = int(rng.integers(1, 7))
        who = rng.choice(everybody, size, replace=False, p=often / often.sum())
        themes = rng.choice(THEMES, int(rng.integers(1, 4)), replace=False)
        world.activity(f"a{a:04d}", int(rng.integers(2010, 2020)), list(map(str, who)),
                       list(map(str, themes)))  # fmt: skip
    return world
