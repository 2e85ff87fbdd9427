"""A sentence about a cluster's role, with the figures it rests on and where they can be seen."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.network.wording import Bounded


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Where a sentence can be checked.

    kind : `activities` of the cluster under the conditions of `asked` (theme, scope, partner,
        also), or `network`: the one that the figure was taken from.
    """

    label: str
    kind: str
    cluster_id: str
    asked: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One sentence; `rule` names what it was composed by.

    `value` with its 95 % interval, beside what was to be `expected`; `verdict` is `more`,
    `less` or `as` expected, None where nothing was. `n` is what the figure rests on.
    """

    rule: str
    words: str
    verdict: str | None
    value: float | None
    low: float | None
    high: float | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    n: int | None
    evidence: list[Evidence]


def claim(
    rule: str,
    words: str,
    found: Bounded | None,
    evidence: list[Evidence],
    *,
    expected: Bounded | None = None,
    verdict: str | None = None,
    n: int | None = None,
) -> Claim:
    """A sentence from its figures."""
    value = found or Bounded(None)  # type: ignore[arg-type]
    against = expected or Bounded(None)  # type: ignore[arg-type]
    return Claim(rule, words, verdict, *value, *against, n, evidence)
