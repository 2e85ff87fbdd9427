"""The alliance that answers a call: who gives what and when, how well, and how that is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from triplehelix.ally.call import Call

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """
    What an asset gives to a need over one stretch of days; without a last day, for good.

    `amount` is in the need's unit (1 for a need met by yes or no). `ready` is the first day it
    can start, `lead_days` the days from the call's `as_of` until then. `cost` is in the call's
    currency over the stretch, None where no price is stated; `km` from the need's place, None
    where one of the two is unknown. `surge`: it takes the surge amount.
    """

    need: str
    asset: str
    member: str
    capacity: str | None
    amount: float
    starts: date
    ends: date | None
    ready: date
    lead_days: float
    cost: float | None
    km: float | None
    surge: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    How a need is met: asked, given (on its weakest day), missing and to spare, in its unit.

    `could_give` is what all partners' free capacity would allow; `to_spare` that beyond `asked`.
    """

    need: str
    asked: float
    unit: str | None
    given: float
    missing: float
    to_spare: float
    weakest_day: date | None


@dataclass(frozen=True, slots=True)
class Addition:
    """
    The least single addition that would close a gap; `unit` None: one more asset.

    `could_be_asked` names assets that have the capability but do not state what is missing, the
    nearest first, each with the reason why it does not count yet.
    """

    capability: str
    amount: float
    unit: str | None
    by: date | None = None
    until: date | None = None
    within_km: float | None = None
    place: str | None = None
    containment: str | None = None
    accreditations: tuple[str, ...] = ()
    could_be_asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """
    What is missing of a need and what would close it.

    `missing` is on its weakest day, `starts` to `ends` the days on which something is missing (no
    `ends`: for good). `reasons` count why offers do not count. `cheapest` is the least addition
    in words, `addition` the same as values; `relax` names conditions that, given up alone, would
    close it, each tried by a solve of its own.
    """

    need: str
    missing: float
    unit: str | None
    why: str
    cheapest: str | None = None
    relax: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    addition: Addition | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """
    What a repair changed of what an asset gives to a need; amounts in the need's unit.

    `lost` with who left, `added`, `more`, `less`, `taken back`, or `other days`. `before` and
    `after` are the most it gives on any day, 0 where it gives nothing.
    """

    what: Literal["lost", "added", "more", "less", "taken back", "other days"]
    need: str
    asset: str
    member: str
    before: float
    after: float


@dataclass(frozen=True)
class Alliance:
    """
    The answer to a call, with its proof.

    `objective` and `bound` are in the weighted sum that the call's `weights` publish; `terms` its
    parts by name. Status `optimal` is said only where the bound proves it. `partners` are member
    ids, by id. `robust` is how many members may drop out with every need still met (asked and
    proven), None where it was not asked. `checked` tells that independent code found every
    condition kept; `problems` what it found otherwise. `changes` are those of a repair.
    """

    call: Call
    status: Status
    objective: float | None
    bound: float | None
    terms: Mapping[str, float]
    partners: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    coverage: tuple[Coverage, ...]
    gaps: tuple[Gap, ...] = ()
    robust: int | None = None
    checked: bool = False
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    said: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def gap(self) -> float | None:
        """(objective - bound) / objective; None while one of them is unknown."""
        if self.objective is None or self.bound is None:
            return None
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-9)
