"""A figure: a number that cannot be had without where it is from and how far it is sure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from triplehelix.errors import InputError


@dataclass(frozen=True, slots=True)
class Sample:
    """What a figure rests on: how many (None: not known) of what."""

    n: int | None
    of: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A 95 % interval, or None; and in words how sure the figure is, or why no interval stands."""

    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a figure can be opened: a path in the atlas, and the ids counted (perhaps none)."""

    path: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A number with its source, period, sample, uncertainty and evidence.

    `key` names it within an offer, `says` tells in words what it is, `unit` what is counted.
    `value` None: unknown, which is never 0. `source` are short names of sources; `period` is
    `2014/2024` or a word where no dates stand.

    Raises
    ------
    InputError
        If one of these is empty, the value is no number, or the evidence no path.

    Examples
    --------
    >>> sure = Doubt(None, None, "counted, not estimated")
    >>> one = Figure("n", "activities", 3, "activities", ("cordis",), "2014/2020",
    ...              Sample(3, "activities"), sure, Evidence("/themes/cancer"))
    >>> one.value, one.source
    (3, ('cordis',))
    """

    key: str
    says: str
    value: float | int | None
    unit: str
    source: tuple[str, ...]
    period: str
    sample: Sample
    doubt: Doubt
    evidence: Evidence

    def __post_init__(self) -> None:
        for name, said in (
            ("source", all(self.source) and self.source), ("period", self.period),
            ("unit", self.unit), ("says", self.says), ("key", self.key),
            ("sample", self.sample.of), ("doubt", self.doubt.words),
        ):  # fmt: skip
            if not said:
                raise InputError(f"figure {self.key or self.says!r} has no {name}; say it")
        if self.value is not None and not math.isfinite(self.value):
            raise InputError(f"figure {self.key!r} is {self.value}; give None for unknown")
        if not self.evidence.path.startswith("/"):
            raise InputError(
                f"figure {self.key!r} has the evidence {self.evidence.path!r}; give a path in the "
                "atlas, from /"
            )


def figures_in(value: Any) -> Iterator[Figure]:
    """Every figure in a value, at any depth, in the order in which it stands there."""
    if isinstance(value, Figure):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from figures_in(getattr(value, field.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from figures_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from figures_in(each)


def bare_numbers_in(value: Any, where: str = "") -> Iterator[str]:
    """
    Where in a value a number stands outside any figure: there must be none in an offer.

    Positions on the map (`lat`, `lon`) place a figure, and are no figures.

    Examples
    --------
    >>> list(bare_numbers_in({"n": 3, "names": ["a"], "lat": 52.0}))
    ['n']
    """
    if isinstance(value, Figure | bool | str) or value is None:
        return
    if isinstance(value, int | float):
        if where.rpartition(".")[2] not in ("lat", "lon"):
            yield where
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from bare_numbers_in(getattr(value, field.name), _below(where, field.name))
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from bare_numbers_in(each, _below(where, str(name)))
    else:
        for at, each in enumerate(value):
            yield from bare_numbers_in(each, _below(where, str(at)))


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
