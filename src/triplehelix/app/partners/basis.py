"""By which rule partners are ranked in an edition, and how well it held when it was tested."""

from dataclasses import dataclass
from typing import Any

from triplehelix.app.layers import Layer
from triplehelix.app.prepared import once_per_edition
from triplehelix.link.learning import CLASSES, FIRST
from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Basis:
    """
    The rule: `learned` from the edition's own earlier years, or reasons in equal parts.

    `precision` is the share of those named first in the test that came true, with its 95 %
    interval, of `n` that were named; `chance` that of all that could have been named. None
    where nothing was tested. `words` says it all.
    """

    learned: bool
    precision: float | None
    low: float | None
    high: float | None
    chance: float | None
    n: int | None
    words: str


_NOT_SINGLE = " Clusters and countries were not asked in this test: single organisations were."
_ROWS = """
    select measure, value, low, high, n, note from forecasts
    where "between" = $between and level = $level and theme = $of and period = $period"""


@once_per_edition
def weights(edition: Edition, between: str, layer: Layer) -> dict[str, float] | None:
    """The weight of each column of evidence; None where equal parts are to be used."""
    rows = _rows(edition, between, layer)
    if not rows.get("used", {}).get("value"):
        return None
    start = "weight_"
    return {m.removeprefix(start): r["value"] for m, r in rows.items() if m.startswith(start)}


def basis(
    edition: Edition, between: str, layer: Layer, *, n_reasons: int, n_shared: int | None = None
) -> Basis:
    """
    The rule by which organisations, or the clusters of a layer, are ranked.

    Parameters
    ----------
    between : `organisation` or `cluster`.
    layer : of the clusters.
    n_reasons : how many reasons there are in equal parts.
    n_shared : shared activities of the organisation that asks; None for a cluster or country.
    """
    rows = _rows(edition, between, layer)
    used = rows.get("used")
    if not used or not used["value"]:
        why = used["note"] if used else "this edition was built without a test"
        return Basis(
            False, None, None, None, None, None,
            f"Ranked by the mean of {n_reasons} reasons in equal parts: a rule, not an estimate "
            f"of what will come. Nothing was learned from earlier years here: {why}.",
        )  # fmt: skip
    size = "all" if between == "cluster" else _size(n_shared)
    held, chance = rows.get(f"precision_{size}"), rows.get(f"chance_{size}")
    if held is None or chance is None:
        return Basis(True, None, None, None, None, None, _learned(used["note"]))
    return Basis(
        True, held["value"], held["low"], held["high"], chance["value"], held["n"],
        f"{_learned(used['note'])} Of the first {FIRST} named for each of {chance['n']} "
        f"{_asked(between, size)}, {_percent(held['value'])} ({_percent(held['low'])} to "
        f"{_percent(held['high'])}) came to share an activity; of all that could have been named, "
        f"{_percent(chance['value'])}."
        + (_NOT_SINGLE if between == "organisation" and n_shared is None else ""),
    )  # fmt: skip


def _learned(span: str) -> str:
    return f"Ranked by what went with new ties in earlier years here ({span})."


def _asked(between: str, size: str) -> str:
    if between == "cluster":
        return "clusters"
    least, most = CLASSES[size]
    if size == "large":
        return f"organisations with {least} shared activities or more"
    span = f"{least} to {most}" if least else f"at most {most}"
    return f"organisations with {span} shared activities" if most > 1 else (
        "organisations with one shared activity or none"
    )  # fmt: skip


def _size(n_shared: int | None) -> str:
    if n_shared is None:
        return "large"
    return next(name for name, (low, high) in CLASSES.items() if low <= n_shared <= high)


def _percent(share: float) -> str:
    value = share * 100
    return f"{value:.0f} %" if value >= 2 or value == 0 else f"{value:.2g} %"


@once_per_edition
def _rows(edition: Edition, between: str, layer: Layer) -> dict[str, dict[str, Any]]:
    values = {"between": between, **layer._asdict()}
    return {row["measure"]: row for row in edition.rows(Query("forecasts", _ROWS, values))}
