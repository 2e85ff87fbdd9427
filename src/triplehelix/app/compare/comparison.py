"""What a comparison is: measures as panels, each with a value of every side, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from triplehelix.app.cluster_profile import ClusterProfile, Measure, Partner
from triplehelix.errors import InputError

MOST = 10
# How the scale of a panel runs: from 0 to the largest, from 0 to 1, or even in doublings about 1.
SCALES = ("counts", "shares", "ratios")


@dataclass(frozen=True, slots=True)
class Side:
    """One of those compared: a cluster or a country; `evidence` is a cluster's."""

    id: str
    name: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its 95 % interval, and how many activities it rests on; None: not known."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Panel:
    """
    One measure of all sides, in their order; None where it was not measured.

    `group` is `size`, `helices`, `reach`, `trend`, `share` or `specialisation`, and panels of one
    group but `size` have one scale. `says` tells what the interval is, or why there is none.
    """

    group: str
    measure: str
    theme: str
    label: str
    scale: str
    says: str
    values: list[Value | None]


@dataclass(frozen=True, slots=True)
class YearCounts:
    """Activities begun in a year, of each side."""

    year: int
    n_activities: list[int]


@dataclass(frozen=True, slots=True)
class ThemeComparison:
    """One theme across the clusters compared, in their order; None where it was not measured."""

    theme: str
    label: str | None
    quotients: list[Measure | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """Activities that two of them share; `tie` carries what would be expected."""

    a: str
    b: str
    n_activities: int
    tie: Partner | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Two to ten clusters or countries side by side, by name.

    `clusters` are the profiles, and `themes` their quotients, where clusters are compared.
    """

    kind: str
    sides: list[Side]
    panels: list[Panel]
    years: list[YearCounts]
    clusters: list[ClusterProfile]
    themes: list[ThemeComparison]
    shared: list[Shared]

    def of(self, group: str) -> list[Panel]:
        """The panels of a group."""
        return [panel for panel in self.panels if panel.group == group]


def checked(asked: Sequence[str], what: str) -> list[str]:
    """
    Those asked for, if they are two to ten different ones.

    Raises
    ------
    InputError
        If they are not.
    """
    if not 2 <= len(asked) <= MOST or len(set(asked)) != len(asked):
        raise InputError(
            f"{len(set(asked))} different {what} were given; give two to {MOST} different ones: "
            "more than that cannot be read side by side, so compare them in turns"
        )
    return list(asked)


def by_year(counts: Sequence[dict[int, int]]) -> list[YearCounts]:
    """Counts of each side as rows of one table, from the first year of any to the last."""
    known = sorted({year for each in counts for year in each})
    if not known:
        return []
    # A mistyped year must not make a table of centuries.
    years = range(max(known[0], known[-1] - 29), known[-1] + 1)
    return [YearCounts(year, [each.get(year, 0) for each in counts]) for year in years]


def told(panels: Sequence[Panel]) -> list[Panel]:
    """Without those that nobody has a value of."""
    return [p for p in panels if any(v is not None and v.value is not None for v in p.values)]


def panel_rows(found: Comparison) -> tuple[list[str], list[list[Any]]]:
    """Every value of a comparison as rows of a table."""
    columns = ["id", "name", "group", "measure", "theme", "label", "value", "low", "high", "n",
               "says"]  # fmt: skip
    rows = [
        [side.id, side.name, p.group, p.measure, p.theme, p.label,
         *((v.value, v.low, v.high, v.n) if v else (None,) * 4), p.says]
        for p in found.panels
        for side, v in zip(found.sides, p.values, strict=True)
    ]  # fmt: skip
    return columns, rows
