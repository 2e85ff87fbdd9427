"""Amounts of a capability in a text: a number, what it counts, and per what period."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from triplehelix.ally.numbers_in_text import Number, numbers
from triplehelix.capabilities.listed import Capability, Unit
from triplehelix.capabilities.units import one_word

_PER = re.compile(
    r"(?:(?<!for )(?<!over )(?<!in )(?<!within )(?<!half )(?<!about )\b(?:per|a|an|each|every|"
    r"one)(?: working| calendar| single)? (?P<per>day|night|week|month|year)s?\b"
    r"|/ ?(?P<slash>day|d|week|wk|month|year|yr)\b|\b(?P<ly>daily|nightly|weekly|monthly|"
    r"yearly|annually|annual)\b"
    r"|\b(?:p\.a\.|per annum|pa\b)|\bby (?:the )?(?P<by>day|week|month)\b(?! of))",
    re.I,
)
_PERIODS = {
    "night": "day", "d": "day", "wk": "week", "yr": "year", "daily": "day", "nightly": "day",
    "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year",
}  # fmt: skip
_LEADS = re.compile(r"\b(daily|weekly|monthly|annual|yearly)\b[^.;:,]{0,30}$", re.I)
# A number is over where something else begins.
_STOP = re.compile(
    r"[.;:!?()]|,\s|(?<![-\w])(?:from|in|at|for|to|by|on|until|that|which|who|with|within|"
    r"before|and|or|"
    r"over|under|into|out|off|if|is|are|will|would|must|can|could|would|through|between|across|"
    r"among|during)\b",
    re.I,
)
_TIME = re.compile(
    r"\s*[- ]?(?:working |more |calendar )?(day|week|month|year|night|hour|minute|decade)s?\b(?!-)",
    re.I,
)
_SPAN = re.compile(
    r"\b(?:within|in|for|after|every|next|past|last|the|over|of|than|under|coming|least|lasts?|"
    r"until|whole)\s+$",
    re.I,
)
_NOUN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# Words that count the same things where a capability has no word of its own for them.
_KINDS = (
    frozenset(
        "sample specimen swab tube extract isolate biopsy bottle pot spot result test check urine "
        "assay".split()
    ),
    frozenset(
        "person patient participant volunteer adult child woman man baby visitor resident donor "
        "pupil citizen subject student helper hand nurse trainee technician learner staff "
        "household".split()
    ),
    frozenset(("bed", "place", "room", "space", "slot")),
    frozenset(("slide", "preparation", "section", "glass")),
    frozenset(("device", "unit", "machine", "piece", "ventilator", "sensor", "copy")),
    frozenset("item mask gown visor apron shield glove cover tip plate swab tube stick".split()),
    frozenset(("jab", "dose", "vaccination", "injection", "shot", "vaccine")),
    frozenset(("genome", "sequence", "sample")),
    frozenset(("compound", "molecule", "substance", "chemical")),
    frozenset(("consignment", "delivery", "shipment", "run", "load", "parcel", "trip", "drop")),
    frozenset(("kit", "pack", "box", "pot", "set")),
    frozenset(("gpu", "card", "graphics card", "accelerator")),
    frozenset(("study", "trial", "experiment")),
    frozenset(("line", "strain")),
    frozenset(("site", "hospital", "clinic", "practice", "ward")),
    frozenset(("gmp suite", "suite", "cleanroom")),
    frozenset(("unit", "bag", "donation")),
    frozenset(("dataset", "source", "database")),
    frozenset(("sq m", "square metre", "metre")),
    frozenset(("test", "strip", "kit")),
)  # fmt: skip
_BARE = re.compile(r"(?:(?:of (?:them|these|those)|or so|at least|more|in all|each)\s*)*", re.I)
_LITRES = re.compile(r"\s*(?:l|litres?|liters?)(?: per|/| a) ?min(?:ute)?\b", re.I)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts: the words after it up to the next thing, and its period."""

    value: float
    start: int
    end: int
    counted: str
    counted_start: int
    per: str | None
    enclosed: bool = False

    @property
    def bare(self) -> bool:
        """Whether it says only how many of what went before: "25 a week", "400 of them", "(12)"."""
        says = self.enclosed or bool(self.per) or bool(self.counted)
        return says and _BARE.fullmatch(self.counted) is not None


def amounts(text: str) -> list[Amount]:
    """
    Amounts of a text, by place; spans of time count only as days of something.

    Examples
    --------
    >>> [(a.value, a.counted, a.per) for a in amounts("20,500 more people a day; 60 beds by May")]
    [(20500.0, 'more people', 'day'), (60.0, 'beds', None)]
    >>> amounts("within six weeks")
    []
    """
    flat = re.sub(r"\s", " ", text)
    found = numbers(flat)
    following = [*(one.start for one in found[1:]), len(flat)][: len(found)]
    return [
        amount
        for one, next_start in zip(found, following, strict=True)
        if (amount := _amount(flat, one, next_start)) is not None
    ]


def _amount(text: str, number: Number, next_start: int) -> Amount | None:
    time = _TIME.match(text, number.end)
    if time and (
        text[number.end] == "-"
        or _SPAN.search(text[max(0, number.start - 12) : number.start])
        or time[1].casefold() != "day"
    ):
        return None
    rest = text[number.end : min(next_start, number.end + 70)]
    if _LITRES.match(rest):
        return Amount(number.value, number.start, number.end, "litres per minute", number.end, None)
    per = _PER.search(rest)
    if per and re.search(r"[.;:!?]\s", rest[: per.start()]):
        per = None
    stop = _STOP.search(rest)
    ends = [len(rest), *(m.start() for m in (stop, per) if m)]
    counted = rest[: min(ends)]
    said = counted.strip(" -")
    begins = number.end + counted.find(said) if said else number.end
    period = _period(per, text, number.start)
    enclosed = text[: number.start].endswith("(") and text[number.end :].startswith(")")
    return Amount(number.value, number.start, number.end, said, begins, period, enclosed)


def _period(per: re.Match[str] | None, text: str, start: int) -> str | None:
    if per is None:
        lead = _LEADS.search(text[max(0, start - 50) : start])
        return _PERIODS.get(lead[1].casefold()) if lead else None
    said = next((value for value in per.groups() if value), "year").casefold()
    return _PERIODS.get(said, said)


def unit_of(
    amount: Amount, one: Capability, evidence: Collection[tuple[int, int]]
) -> tuple[Unit, int] | None:
    """
    The unit of a capability that an amount is in, and how surely; None if it counts other things.

    How surely: 3 by its word, 2 by a word for the same kind of thing, or a bare "25 a week", 1
    where what it counts are the words that told the capability (`evidence`, their places), and
    they name no kind of thing that is counted otherwise: cells for 30 patients are no 30 suites.

    Examples
    --------
    >>> beds = Capability("beds", "Beds", units=(Unit("beds"),))
    >>> [unit_of(a, beds, ()) for a in amounts("12 staffed beds and 40 sheep")]
    [(Unit(unit='beds', per=None), 3), None]
    """
    if not one.units:
        return None
    nouns = [one_word(word) for word in _NOUN.findall(amount.counted.casefold())]
    pairs = [f"{a} {b}" for a, b in zip(nouns, nouns[1:], strict=False)]
    held = {*nouns, *pairs, one_word(amount.counted)}
    # "Core hours" before "cores".
    for unit in sorted(one.units, key=lambda each: -len(one_word(each.unit).split())):
        days = nouns[:1] == ["day"] and unit.unit.endswith(("-days", " days"))
        if one_word(unit.unit) in held or days:
            return Unit(unit.unit, amount.per), 3
    if amount.bare:
        rated = amount.per is not None and one.units[0].per is not None
        return (Unit(one.units[0].unit, amount.per), 2) if rated or not amount.per else None
    for unit in one.units:
        word = one_word(unit.unit)
        if any(word in kind and held & kind for kind in _KINDS):
            return Unit(unit.unit, amount.per), 2
    if counts_what_told(amount, evidence) and not any(held & kind for kind in _KINDS):
        return Unit(one.units[0].unit, amount.per), 1
    return None


def counts_what_told(amount: Amount, evidence: Collection[tuple[int, int]]) -> bool:
    """
    Whether what an amount counts stands among the words that told a capability (their places).

    Examples
    --------
    >>> one = amounts("cells for 30 patients")[0]
    >>> counts_what_told(one, [(0, 21)]), counts_what_told(one, [(0, 5)])
    (True, False)
    """
    end = amount.counted_start + len(amount.counted)
    words = _NOUN.search(amount.counted) is not None
    return words and any(start < end and amount.counted_start <= stop for start, stop in evidence)
