"""The case for a cluster, as one value: statements by chapter, each made by one rule."""

from dataclasses import dataclass

from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Name, Runs


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A sentence, and the rule that made it.

    `bears` is `for` the case, `against` it, `neither`, or `hint` where what it says may be chance.
    """

    rule: str
    bears: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class Chapter:
    """Statements on one matter; `key` is `summary`, `strengths`, `trend`, `role`, `gaps`..."""

    key: str
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cluster on the map of a case; `kind` is `first` for the own, `partner` for others."""

    name: Name
    lat: float
    lon: float
    kind: str
    activities: Figure


@dataclass(frozen=True, slots=True)
class Case:
    """
    The case for investment in a cluster; no number stands in it but in a figure.

    `quotients` are of all themes measured, for a chart: the theme's label and its figure.
    """

    edition_id: str
    edition: str
    is_sample: bool
    cluster: Name
    countries: tuple[str, ...]
    evidence: str
    chapters: tuple[Chapter, ...]
    quotients: tuple[tuple[str, Figure], ...]
    places: tuple[Placed, ...]
