"""Days by which and until which something is wanted, as people write them."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from triplehelix.capabilities.units import DAYS

_NAMES = (
    "january february march april may june july august september october november december"
).split()
_MONTHS = {name: n for n, name in enumerate(_NAMES, 1)}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_HOW_MANY = dict(zip("a one two three four five six seven eight nine ten twelve".split(),
                     (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12), strict=True))  # fmt: skip
_M = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_Y = r"(?:,? (?P<year>20\d\d))?\b"
_PART = r"(?:the )?(?P<part>mid|middle|end|beginning|start|early|late)(?: of |[ -])(?:the )?"
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_WRITTEN = (
    r"(?P<iso>20\d\d-\d\d-\d\d)(?!\d)",
    rf"(?:(?:{'|'.join(_WEEKDAYS)}),? )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?: of)? {_M}{_Y}",
    rf"{_M} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,?\d){_Y}",
    rf"{_PART}{_M}{_Y}",
    r"(?:(?P<part>mid|end|start)(?: of |[ -]))?(?:Q(?P<quarter>[1-4])|the (?P<nth>first|second|"
    r"third|"
    rf"fourth|last) quarter(?: of)?){_Y}",
    rf"(?:the )?(?P<half>first|second) half of(?: (?:next|this) year)?{_Y}",
    rf"(?:the )?(?:end of )?(?P<season>{'|'.join(_SEASONS)})(?: of)?{_Y}",
    r"(?P<feast>christmas|tomorrow|today|(?:the )?end of (?:the|this) (?:year|month|week))",
    r"(?:the )?end of (?P<whole>20\d\d)\b",
    rf"(?:next |this )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b",
    rf"{_M}(?! \d{{1,2}}\b(?! ?\d)){_Y}",
    r"(?P<whole>20\d\d)\b(?![\d-])",
)
_DATES = tuple(re.compile(pattern, re.I) for pattern in _WRITTEN)
_WITHIN = re.compile(
    r"\b(?:within|in(?: under| less than)?(?= (?:the next |a |\w+ )\w*)|over)(?: the next|"
    r" the coming| at most)? "
    rf"(?P<n>\d{{1,3}}|{'|'.join(_HOW_MANY)}) (?:working )?(?P<per>day|week|month|year)s?(?:['’])?"
    r"(?! time per)\b",
    re.I,
)
_BY = re.compile(
    r"\b(?:by|before|no later than|not later than|latest|due(?: by| on)?|needed on|ahead of|"
    r"until then)(?: the)? $",
    re.I,
)
_FROM = re.compile(
    r"\b(?:from|starting(?: in| on| from)?|beginning(?: in| on)?|begins? (?:in|on)|"
    r"starts? (?:in|on)|"
    r"opens? (?:in|on)|as of|commencing(?: on| in)?|on|in|during|for|after|early in|"
    r"between)(?: the)? $",
    re.I,
)
_UNTIL = re.compile(r"\b(?:until|till|through(?: to)?|up to|to)(?: the)? $", re.I)
_JOINS = re.compile(r"\s*(?:to|and|until|till|through|-|–)(?: the)?\s*", re.I)
_OPENS_SPAN = re.compile(r"\b(?:from|between)(?: the)? $", re.I)
# Deadlines of letters, not of what is needed.
_OF_LETTERS = re.compile(
    r"\b(?:offers|offer|applications?|expressions? of interest|repl(?:y|ies)|respond|"
    r"responses?|quotes?|bids?|"
    r"proposals?|apply|submissions?|submit|submitted|questions)\b[^.;]{0,40}$",
    re.I,
)
_EARLIER = re.compile(r"\b(?:since|in late|dated)(?: the)? $", re.I)


class Dated(NamedTuple):
    """The day by which, or until which, and where it is said."""

    role: Literal["by", "until"]
    day: date
    start: int
    end: int


class _Span(NamedTuple):
    first: date
    last: date
    start: int
    end: int
    whole_year: bool = False


def dates(text: str, as_of: date) -> list[Dated]:
    """
    Days that a text sets for what it needs, by place; those before `as_of` and of letters left out.

    A day without a year is the next one. "By March" and "by the end of March" mean its last day,
    "before", "from" and "in March" its first, "by mid-March" the 15th; quarters likewise.

    Examples
    --------
    >>> [(d.role, str(d.day)) for d in dates("from 1 May to 30 June 2027", date(2026, 11, 2))]
    [('by', '2027-05-01'), ('until', '2027-06-30')]
    >>> [str(d.day) for d in dates("by mid-January, within six weeks", date(2026, 11, 2))]
    ['2027-01-15', '2026-12-14']
    """
    found: list[Dated] = []
    before: _Span | None = None
    for span in _written(text, as_of):
        one = _placed(text, span, before)
        before = span
        if one is not None:
            found.append(one)
    found += _relative(text, as_of)
    kept = (d for d in found if d.day >= as_of and not _OF_LETTERS.search(text[: d.start]))
    return sorted(kept, key=lambda one: one.start)


def _placed(text: str, span: _Span, before: _Span | None) -> Dated | None:
    """The role that the words before a date give it; None where they give none."""
    lead = text[max(0, span.start - 30) : span.start]
    where = (span.start, span.end)
    if before and _JOINS.fullmatch(text[before.end : span.start]):
        opened = text[max(0, before.start - 20) : before.start]
        if _OPENS_SPAN.search(opened) or span.last > before.last:
            return Dated("until", span.last, *where)
    if _UNTIL.search(lead):
        return Dated("until", span.last, *where)
    if (said := _BY.search(lead)) is not None:
        early = said.group().casefold().startswith(("before", "ahead"))
        return Dated("by", span.first if early else span.last, *where)
    if span.whole_year or _EARLIER.search(lead):
        return None
    if _FROM.search(lead) or lead.endswith((", ", "(")):
        return Dated("by", span.first, *where)
    return None


def _written(text: str, as_of: date) -> list[_Span]:
    taken: list[_Span] = []
    for pattern in _DATES:
        for found in pattern.finditer(text):
            start, end = found.span()
            inside = re.search(r"\w$", text[:start]) is not None
            if inside or any(t.start < end and start < t.end for t in taken):
                continue
            days = _days(found, as_of)
            # "may" is mostly a verb, and "mar" or "sat" the start of a name.
            month = found.groupdict().get("month")
            verb = month is not None and not month[0].isupper()
            if days is not None and not verb:
                taken.append(_Span(*days, start, end, "whole" in found.groupdict()))
    return sorted(taken, key=lambda one: one.start)


def _days(found: re.Match[str], as_of: date) -> tuple[date, date] | None:
    """The first and last day that a date as written means; None if there is no such day."""
    said = {key: value.casefold() for key, value in found.groupdict().items() if value}
    try:
        if "iso" in said:
            return (day := date.fromisoformat(said["iso"])), day
        if "feast" in said:
            return (day := _feast(said["feast"], as_of)), day
        if "weekday" in said:
            ahead = (_WEEKDAYS.index(said["weekday"]) - as_of.weekday()) % 7 or 7
            return (day := as_of + timedelta(ahead)), day
        return _in_year(said, as_of)
    except ValueError:
        return None


def _in_year(said: dict[str, str], as_of: date) -> tuple[date, date]:
    year = int(said.get("year") or said.get("whole") or as_of.year)
    first, last = _stretch(said, year)
    if "year" not in said and "whole" not in said and last < as_of:
        first, last = _stretch(said, year + 1)
    return first, last


def _stretch(said: dict[str, str], year: int) -> tuple[date, date]:
    if "whole" in said:
        return date(year, 1, 1), date(year, 12, 31)
    if "half" in said:
        one, other = (1, 6) if said["half"] == "first" else (7, 12)
    elif "quarter" in said or "nth" in said:
        other = 3 * (int(said["quarter"]) if "quarter" in said else _NTH[said["nth"]])
        one = other - 2
    elif "season" in said:
        one, other = _SEASONS[said["season"]]
    else:
        one = other = _MONTHS[said["month"]]
    if "day" in said:
        return (day := date(year, one, int(said["day"]))), day
    first, last = date(year, one, 1), date(year, other, monthrange(year, other)[1])
    part = said.get("part", "")
    if part in ("mid", "middle"):
        return (day := date(year, one, 15)), day
    if part in ("end", "late"):
        return last, last
    return (first, first) if part in ("beginning", "start", "early") else (first, last)


def _feast(said: str, as_of: date) -> date:
    if said in ("today", "tomorrow"):
        return as_of + timedelta(said == "tomorrow")
    if said.endswith("week"):
        return as_of + timedelta(6 - as_of.weekday())
    if said.endswith("month"):
        return as_of.replace(day=monthrange(as_of.year, as_of.month)[1])
    if said.endswith("year"):
        return date(as_of.year, 12, 31)
    this = date(as_of.year, 12, 25)
    return this if this >= as_of else date(as_of.year + 1, 12, 25)


def _relative(text: str, as_of: date) -> Iterator[Dated]:
    for found in _WITHIN.finditer(text):
        n = int(found["n"]) if found["n"].isdigit() else _HOW_MANY[found["n"].casefold()]
        if found.group().casefold().startswith("over") or n == 0:
            continue
        days = round(n * DAYS[found["per"].casefold()])
        yield Dated("by", as_of + timedelta(days), *found.span())
