"""What the case for a cluster is made of: what its edition measured and found of it."""

from dataclasses import dataclass
from typing import NamedTuple

from triplehelix.offer.material import Measured
from triplehelix.offer.parts import Part
from triplehelix.offer.wording import Name


class Finding(NamedTuple):
    """
    What a rule of the landscape found of the cluster, or looked for in vain (evidence `none`).

    `value` with its bounds is held against `expected`; it rests on `n` activities, members or
    partners. `subject` is whom it is about, if it is about somebody.
    """

    kind: str
    theme: str
    label: str
    subject: Name | None
    subject_key: str
    value: float | None
    low: float | None
    high: float | None
    expected: float | None
    n: int
    evidence: str


class Tie(NamedTuple):
    """Another cluster, and how many activities are shared with it."""

    cluster: Name
    lat: float | None
    lon: float | None
    n_activities: int


@dataclass(frozen=True)
class CaseMaterial:
    """
    Everything that `compose_case` looks at.

    `measures` are by name, as in profiles; `n_clusters` says of how many `rank` tells.
    `split` is the year from which "since" counts. `parts` is the cluster's part in the offer of
    `part_themes`, None where it has none; `lacking` are labels of roles it shows no evidence of,
    with the page that says so in `part_path`. `seek` are clusters to work with.
    """

    edition_id: str
    edition: str
    is_sample: bool
    sources: tuple[str, ...]
    period: str
    cluster: Name
    countries: tuple[str, ...]
    lat: float | None
    lon: float | None
    evidence: str
    n_clusters: int
    amounts: tuple[tuple[str, float, int], ...]
    measures: dict[str, Measured]
    findings: tuple[Finding, ...]
    split: int | None
    part: Part | None
    part_themes: tuple[Name, ...]
    lacking: tuple[str, ...]
    part_path: str
    ties: tuple[Tie, ...]
    seek: tuple[Name, ...]
