"""What assets can do: a controlled list of capabilities, broader and narrower ones, their units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

from triplehelix.capabilities.units import one_word, periods
from triplehelix.errors import InputError, UnknownName


class Unit(NamedTuple):
    """What a capability is counted in: `tests` with `per` day; `beds` with `per` None."""

    unit: str
    per: str | None = None

    @property
    def text(self) -> str:
        """As people write it: `tests/day`."""
        return f"{self.unit}/{self.per}" if self.per else self.unit


@dataclass(frozen=True, slots=True)
class Capability:
    """
    Something an asset can do.

    `capability` is its slug, `synonyms` what people call it instead, everyday words among them;
    `broader` the slug of the capability it is a kind of; `units` what it is counted in, the usual
    one first; `codes` what other schemes call it, as `SCHEME:CODE`. `equals` has, for words of
    units, how many of the first unit's word one of each is; a word without an entry is another
    thing. `in_all` are the words whose plain count is of things made or done in all. `signs` are
    words that stand near each other where a text speaks of it without naming it: `fill|put vial`
    is either verb near the noun.
    """

    capability: str
    label: str
    definition: str = ""
    broader: str | None = None
    synonyms: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    codes: tuple[str, ...] = ()
    equals: tuple[tuple[str, float], ...] = ()
    in_all: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    def counts_in_all(self, unit: str) -> bool:
        """
        Whether a plain count in this unit is of things made or done in all, not of things there.

        Words that stand in a rate among the units are made or done too.

        Examples
        --------
        >>> pcr = Capability("pcr", "PCR", units=(Unit("tests", "day"),))
        >>> beds = Capability("beds", "Beds", units=(Unit("beds"),))
        >>> pcr.counts_in_all("test"), beds.counts_in_all("beds")
        (True, False)
        """
        made = {one_word(word) for word in self.in_all}
        made |= {one_word(each.unit) for each in self.units if each.per}
        return one_word(unit) in made

    def worth(self, unit: str) -> float | None:
        """How many of the first unit's word one of this is; None where it is another thing."""
        if self.units and one_word(unit) == one_word(self.units[0].unit):
            return 1.0
        return {one_word(word): factor for word, factor in self.equals}.get(one_word(unit))


@dataclass(frozen=True)
class Capabilities:
    """
    A list of capabilities: slugs distinct, each `broader` one of them, no circles.

    Examples
    --------
    >>> pcr = Capability("pcr", "PCR", broader="tests", units=(Unit("tests", "day"),))
    >>> ours = Capabilities((Capability("tests", "Tests"), pcr))
    >>> ours.narrower("tests"), ours.broader("pcr")
    (('pcr', 'tests'), ('tests',))
    """

    entries: tuple[Capability, ...]

    def __post_init__(self) -> None:
        slugs = [one.capability for one in self.entries]
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            raise InputError(f"the capability {slug!r} stands there twice; keep one of them")
        for one in self.entries:
            if one.broader is not None and one.broader not in self._by_slug:
                raise InputError(
                    f"capability {one.capability!r} is a kind of {one.broader!r} (broader), which "
                    f"the list does not have{_hint(one.broader, slugs)}"
                )
        for slug in slugs:
            self._require_no_circle(slug)

    def __iter__(self) -> Iterator[Capability]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, slug: object) -> bool:
        return slug in self._by_slug

    def __getitem__(self, slug: str) -> Capability:
        """
        The capability of this slug.

        Raises
        ------
        UnknownName
            If there is none.
        """
        if slug not in self._by_slug:
            raise UnknownName(f"no capability is called {slug!r}{_hint(slug, self._by_slug)}")
        return self._by_slug[slug]

    @cached_property
    def _by_slug(self) -> dict[str, Capability]:
        return {one.capability: one for one in self.entries}

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, set[str]] = {one.capability: {one.capability} for one in self.entries}
        for slug in below:
            for above in self.broader(slug):
                below[above].add(slug)
        return {slug: tuple(sorted(found)) for slug, found in below.items()}

    def broader(self, slug: str) -> tuple[str, ...]:
        """What a capability is a kind of, at any remove, the nearest first; not itself."""
        above: list[str] = []
        over = self[slug].broader
        while over is not None:
            above.append(over)
            over = self[over].broader
        return tuple(above)

    def narrower(self, slug: str) -> tuple[str, ...]:
        """A capability and all its kinds, at any remove, by slug."""
        return self._below[self[slug].capability]

    def require_unit(self, slug: str, unit: str, per: str | None = None) -> Unit:
        """
        The unit, if the capability is counted in it.

        Raises
        ------
        InputError
            If not: which units it has.
        UnknownName
            If there is no such capability.

        Examples
        --------
        >>> ours = Capabilities((Capability("pcr", "PCR", units=(Unit("tests", "day"),)),))
        >>> ours.require_unit("pcr", "tests", "day").text
        'tests/day'
        """
        asked, known = Unit(unit, per), self[slug].units
        if known and asked not in known:
            raise InputError(
                f"{slug} is not counted in {asked.text!r}; use {', '.join(u.text for u in known)}"
            )
        return asked

    def convert(self, slug: str, amount: float, given: Unit, wanted: Unit) -> float:
        """
        An amount of a capability in another unit.

        Singular and plural are one; other words convert where the list gives a factor (`equals`),
        periods by the calendar: a week has 7 days, a month 365.25 / 12, a year 365.25. A count
        without a period is no rate, whatever its word.

        Raises
        ------
        InputError
            If the two are different things: which units convert.
        UnknownName
            If there is no such capability.

        Examples
        --------
        >>> units = (Unit("tests", "day"), Unit("samples", "day"))
        >>> ours = Capabilities((Capability("pcr", "PCR", units=units, equals=(("samples", 1),)),))
        >>> ours.convert("pcr", 700, Unit("samples", "week"), Unit("test", "day"))
        100.0
        """
        one, factor = self[slug], 1.0
        if one_word(given.unit) != one_word(wanted.unit):
            of_given, of_wanted = one.worth(given.unit), one.worth(wanted.unit)
            if of_given is None or of_wanted is None:
                raise InputError(_no_factor(one, given, wanted))
            factor = of_given / of_wanted
        if (given.per is None) != (wanted.per is None):
            raise InputError(
                f"{slug}: {given.text!r} does not convert to {wanted.text!r}, because a count is "
                "no rate; give both with a period (per day, week, month or year), or both without"
            )
        if given.per and wanted.per:
            factor *= periods(given.per, wanted.per)
        return amount * factor

    def with_more(self, entries: Iterable[Capability]) -> "Capabilities":
        """
        The list with capabilities added; one with the slug of another takes its place.

        Raises
        ------
        InputError
            If the new list has a circle, or a `broader` that it lacks.
        """
        merged = dict(self._by_slug)
        merged.update((one.capability, one) for one in entries)
        return Capabilities(tuple(merged.values()))

    def _require_no_circle(self, slug: str) -> None:
        way = [slug]
        while (above := self._by_slug[way[-1]].broader) is not None:
            if above in way:
                circle = " -> ".join([*way[way.index(above) :], above])
                raise InputError(
                    f"capabilities are broader than themselves: {circle}; take one `broader` of "
                    "these away"
                )
            way.append(above)


def read_unit(text: str) -> Unit:
    """
    A unit as people write it.

    Examples
    --------
    >>> read_unit("tests/day"), read_unit("tests a week")
    (Unit(unit='tests', per='day'), Unit(unit='tests', per='week'))
    """
    words = " ".join(text.replace("/", " / ").split())
    for per in ("day", "week", "month", "year"):
        for between in (" / ", " a ", " per "):
            if words.endswith(between + per):
                return Unit(words[: -len(between + per)].strip(), per)
    return Unit(words.replace(" / ", "/"))


def _no_factor(one: Capability, given: Unit, wanted: Unit) -> str:
    words = [each.unit for each in one.units if one.worth(each.unit) is not None]
    these = f"use {' or '.join(dict.fromkeys(words))}, or " if len(set(words)) > 1 else ""
    return (
        f"{one.capability}: {given.text!r} does not convert to {wanted.text!r}; {these}write both "
        "in the same unit"
    )


def _hint(slug: str, known: Iterable[str]) -> str:
    near = get_close_matches(slug, sorted(known), 1)
    return f"; did you mean {near[0]!r}?" if near else "; look it up in the list of capabilities"
