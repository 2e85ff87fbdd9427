"""Days, years and periods, as tables write them."""

import re
from datetime import date, datetime

from triplehelix.read.mapped.rules import Rules, Texts, UnfitError
from triplehelix.read.mapping import Cell

_DAY = re.compile(r"(\d{4})(?:([-/])(\d\d)(?:\2(\d\d)(?:[T ].*)?)?|\.0)?")


_YEARS = re.compile(r"(\d{4})(?:\s*(?:[-–—/]|to)\s*(\d{4}|present)?)?")


def span_of(texts: Texts, rules: Rules) -> tuple[date | None, date | None]:
    if years := texts.get("years", ""):
        found = _YEARS.fullmatch(years.removesuffix(".0"))
        if not found:
            raise UnfitError(f"years {years!r} are not like 2013 or 2013-2023; correct them")
        first, last = found.group(1), found.group(2)
        single = last is None and years.removesuffix(".0") == first
        start = _day("years", first, rules, False)
        ended = first if single else (last if last and last.isdecimal() else "")
        end = _day("years", ended, rules, True)
    else:
        start = _day("start", texts.get("start", ""), rules, False)
        end = _day("end", texts.get("end", ""), rules, True)
    if start and end and end < start:
        raise UnfitError(
            f"ends ({end}) before it starts ({start}); correct the dates, or swap the "
            "columns in the mapping"
        )
    return start, end


def _day(field: str, text: str, rules: Rules, last: bool) -> date | None:
    """A day; of a month or a year the first, or the last when it ends something."""
    if not text:
        return None
    cell = rules.cells.get(field)
    form = (cell.format if isinstance(cell, Cell) else None) or rules.date_format
    try:
        if form and (day := _in_format(text, form)):
            return day
        found = _DAY.fullmatch(text)
        if found is None:
            raise UnfitError(
                f"{field} {text!r} is not like 2020-03-01, 2020-03 or 2020; say how it "
                'is written, as in `date_format: "%d/%m/%Y"`'
            )
        year, month, day_of_month = (int(n) if n else None for n in found.group(1, 3, 4))
        return _filled(int(year or 0), month, day_of_month, last)
    except ValueError as err:
        raise UnfitError(f"{field} {text!r} is no day of the calendar ({err}); correct it") from err


def _in_format(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


def _filled(year: int, month: int | None, day: int | None, last: bool) -> date:
    if day and month:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    follows = (year, month + 1) if month and month < 12 else (year + 1, 1)
    if month and month > 12:
        raise ValueError("month must be in 1..12")
    return date.fromordinal(date(*follows, 1).toordinal() - 1)


def period_of(text: str) -> str:
    if text in ("", "all"):
        return "all"
    found = _YEARS.fullmatch(text.removesuffix(".0"))
    if not found or found.group(2) == "present":
        raise UnfitError(f"period {text!r} is not like 2014 or 2014/2017; correct it")
    first, last = found.group(1), found.group(2) or found.group(1)
    if last < first:
        raise UnfitError(f"period {text!r} ends before it starts; correct it")
    return f"{first}/{last}"
