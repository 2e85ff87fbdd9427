"""Making figures of what was gathered: each with the sources and years of the rows it counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from urllib.parse import quote, urlencode

from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.material import Material
from triplehelix.offer.wording import Name, Wording
from triplehelix.stats.intervals import wilson_interval

# More ids than this are not listed with a figure; its page lists them.
MOST_IDS = 60


@dataclass(frozen=True)
class Facts:
    """What makes the figures of one offer."""

    material: Material
    words: Wording = field(default_factory=Wording)

    @cached_property
    def counted(self) -> Doubt:
        """Of what was counted: there is no interval, and that is said."""
        return Doubt(
            None, None, self.words("counted, not estimated; what the sources lack is missing")
        )

    def path(self, **more: str) -> str:
        """The page that lists what is counted; `more` narrows it."""
        query = "&".join(part for part in (self.material.query, urlencode(more)) if part)
        return f"/offer/evidence?{query}"

    def activities(
        self, key: str, says: str, ids: Collection[str], path: str, *, of: Collection[str] = ()
    ) -> Figure:
        """How many activities; `of` are those among which they were counted."""
        found = tuple(sorted(set(ids)))
        sample = Sample(
            len(of) if of else len(found), self.words("activities that the edition has of this")
        )
        return self._figure(key, says, len(found), "activities", found, sample, path)

    def organisations(
        self, key: str, says: str, ids: Collection[str], activities: Iterable[str], path: str
    ) -> Figure:
        """How many organisations, told from these activities."""
        found, rows = tuple(sorted(set(ids))), tuple(sorted(set(activities)))
        sample = Sample(len(rows), self.words("activities they take part in"))
        return self._figure(
            key, says, len(found), "organisations", found, sample, path, rows=rows
        )  # fmt: skip

    def assets(self, key: str, says: str, ids: Collection[str], path: str) -> Figure:
        """How many assets that everybody may see."""
        found = tuple(sorted(set(ids)))
        of = Sample(
            len(self.material.assets), self.words("assets in the registry that all may see")
        )
        return Figure(
            key, says, len(found), "assets", ("registry",),
            self.words("as the registry stands"), of, self.counted,
            Evidence(path, found[:MOST_IDS]),
        )  # fmt: skip

    def tally(self, key: str, says: str, n: int, unit: str, path: str, doubt: str = "") -> Figure:
        """How many of what the edition's rows were worked into: clusters, roles."""
        material = self.material
        return Figure(
            key, says, n, unit, material.sources, self.whole_period,
            Sample(len(material.clusters), self.words("clusters asked for")),
            Doubt(None, None, doubt) if doubt else self.counted, Evidence(path),
        )  # fmt: skip

    def share(
        self, key: str, says: str, part: int, whole: int, ids: Iterable[str], path: str
    ) -> Figure:
        """Which part of all pieces of evidence, with its 95 % interval; None of none."""
        rows = tuple(sorted(set(ids)))
        doubt = Doubt(None, None, self.words("nothing is known to take a part of"))
        if whole:
            low, high = wilson_interval(part, whole)
            drawn = self.words(
                "95 % interval of Wilson: what is known taken as drawn from all there is"
            )
            doubt = Doubt(float(low), float(high), drawn)
        return Figure(
            key, says, part / whole if whole else None, "share", self._sources(rows),
            self.period(rows), Sample(whole, self.words("pieces of evidence")), doubt,
            Evidence(path),
        )  # fmt: skip

    def money(self, key: str, says: str, ids: Collection[str], path: str) -> tuple[Figure, ...]:
        """What activities are stated to cost, by currency; nothing where none states it."""
        known: dict[str, list[str]] = {}
        for one in sorted(set(ids)):
            seen = self.material.activities[one]
            if seen.amount is not None and seen.currency:
                known.setdefault(seen.currency, []).append(one)
        under = self.words("a lower bound: activities that state no amount are left out")
        of = self.words("activities that state an amount")
        return tuple(
            Figure(
                f"{key}/{currency}", says,
                round(fsum(self.material.activities[one].amount or 0.0 for one in rows), 2),
                currency, self._sources(rows), self.period(rows), Sample(len(rows), of),
                Doubt(None, None, under),
                Evidence(path, tuple(rows[:MOST_IDS])),
            )
            for currency, rows in sorted(known.items())
        )  # fmt: skip

    @cached_property
    def whole_period(self) -> str:
        """From the first year of all that was gathered to the last."""
        return self.period(self.material.activities)

    @cached_property
    def clusters(self) -> dict[str, Name]:
        """The clusters asked for, as names that lead to their pages."""
        return {
            c.cluster_id: Name(c.name, cluster_path(c.cluster_id)) for c in self.material.clusters
        }

    def years(self, ids: Iterable[str]) -> list[int]:
        """The years in which activities began, where known, in order."""
        seen = self.material.activities
        return sorted(year for one in ids if (year := seen[one].year) is not None)

    def period(self, ids: Iterable[str]) -> str:
        """From the first year to the last."""
        years = self.years(ids)
        return f"{years[0]}/{years[-1]}" if years else self.words("no year is known")

    def _figure(
        self, key: str, says: str, value: int, unit: str, ids: tuple[str, ...], sample: Sample,
        path: str, *, rows: tuple[str, ...] | None = None,
    ) -> Figure:  # fmt: skip
        counted = ids if rows is None else rows
        return Figure(
            key, says, value, unit, self._sources(counted), self.period(counted), sample,
            self.counted, Evidence(path, ids[:MOST_IDS]),
        )  # fmt: skip

    def _sources(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Of these activities; where none is counted, all sources were looked through."""
        known = {
            self.material.activities[one].source for one in ids if one in self.material.activities
        }
        return tuple(sorted(known)) or self.material.sources


def cluster_path(cluster_id: str, what: str = "") -> str:
    """A cluster's page in the atlas."""
    return f"/clusters/{quote(cluster_id, safe='')}{what}"


def organisation_path(organisation_id: str) -> str:
    """An organisation's page in the atlas."""
    short = organisation_id.replace("https://ror.org/", "ror:")
    return f"/organisations/{quote(short, safe=':')}"
