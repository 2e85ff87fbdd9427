"""Numbers as people write them, where each stands, without those that count nothing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ONES = dict(zip(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split(), range(1, 20), strict=True,
))  # fmt: skip
_TENS = dict(zip(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10),
    strict=True,
))  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SHORT = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
_WORD = "|".join((*_ONES, *_TENS, *_SCALES, "dozen"))
_DIGITS = re.compile(
    r"(?<![\w.,/])(?P<digits>\d{1,3}(?:[,\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:\.\d+)?|"
    r"\d+(?:\.\d+)?)"
    rf"(?:(?P<short>k|m|mn|bn)\b|[ -](?P<scale>{'|'.join(_SCALES)}|dozen)\b)?(?![\w])",
    re.I,
)
_SPELT = re.compile(
    rf"\b(?:half a (?P<half>million|thousand|dozen)|(?:an? )?(?P<words>(?:{_WORD})"
    rf"(?:(?:[ -]|,? and )(?:{_WORD}))*))\b",
    re.I,
)
# What stands before a number that counts nothing, and after one.
_BEFORE = re.compile(
    r"(?:[£$€]|\b(?:GBP|EUR|USD|ISO|IEC|phase|level|class|category|hazard group|group|grade|page|"
    r"package|part|section|article|version|number|no\.|tel\.?|phone|call|covid|minus|aged?|"
    r"over the age of|"
    r"type|stage|room|hz|nr|package|enquiry|topic|horizon|step|tier|band|model|option|ward|unit)"
    r"[ -]?|\b(?:one|two|three|four|five|six|nine|\d)(?: \w+)? (?:in|out of)(?: every)? |"
    r"\b(?:CL|BSL|SARS-CoV-|COVID-|H|N|T|below minus )|(?:^|[^\d])[-−–])$",
    re.I,
)
_AFTER = re.compile(
    r"\s*(?:%|per ?cent|percent\b|pounds?\b|euros?\b|dollars?\b|GBP|EUR|USD|€|£|-?year-olds?\b|"
    r"years? (?:old|of age)|°|-?degrees?\b|tesla\b|T\b|MHz|GHz|kV|km\b|kilomet|miles?\b|hours?\b|"
    r"minutes?\b|seconds?\b|(?:cases? )?(?:in|out of) (?:\d|two|three|four|five|six|eight|ten|"
    r"twenty|every)|(?:st|nd|rd|th)\b|[ap]m\b|o'clock|million pounds|s\b)",
    re.I,
)
_PHONE = re.compile(r"(?<!\w)(?:\+\d{1,3}[ -]?\(?\d|\(?0\d{2,5}\)?[ -]\d{3})[\d ()-]*")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DAY = re.compile(
    rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b(?:,? \d{{4}})?|"
    rf"\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?(?!\w)|"
    r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)|(?<!\w)\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\w)|"
    rf"\b(?:{_MONTHS})\.? \d{{4}}\b|\bQ[1-4]\b(?: \d{{4}})?|"
    r"\b(?:quarter|half|spring|summer|autumn|winter|end) (?:of )?\d{4}\b",
    re.I,
)
_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|till|before|after|from|during|between|of|early|late|mid)[- ]|"
    r"\b(?:19|20)\d\d ?(?:and|to|or|-|–) ?)$", re.I
)  # fmt: skip
_RANGE = re.compile(r"\s*(?:-|–|to|or)\s*", re.I)
_BETWEEN = re.compile(r"\bbetween $", re.I)


class Number(NamedTuple):
    """A number and where it stands; of a range the larger."""

    value: float
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """
    Numbers that may count something, by place: no money, shares, years, dates, telephones, ages.

    Examples
    --------
    >>> [n.value for n in numbers("20,500; twenty thousand, 1.5 million, 20k, half a million")]
    [20500.0, 20000.0, 1500000.0, 20000.0, 500000.0]
    >>> [n.value for n in numbers("£5,000 since 2019, 75 %, call 01632 960 123, CL3, 3 May 2027")]
    []
    >>> numbers("between 10 and 20 beds")[0].value, numbers("20 500 tests")[0].value
    (20.0, 20500.0)
    """
    taken = [found.span() for pattern in (_PHONE, _DAY) for found in pattern.finditer(text)]
    found = sorted((*_digits(text), *_spelt(text)), key=lambda one: (one.start, -one.end))
    kept: list[Number] = []
    for one in found:
        if any(start < one.end and one.start < end for start, end in taken) or _is_year(text, one):
            continue
        if _BEFORE.search(text[max(0, one.start - 30) : one.start]) or _AFTER.match(text, one.end):
            continue
        if kept and one.value > kept[-1].value and _in_one_range(text, kept[-1], one):
            one = Number(one.value, kept.pop().start, one.end)
        kept.append(one)
    return kept


def _in_one_range(text: str, low: Number, high: Number) -> bool:
    between = text[low.end : high.start]
    if between.strip().casefold() == "and":
        return _BETWEEN.search(text[max(0, low.start - 10) : low.start]) is not None
    return _RANGE.fullmatch(between) is not None


def _digits(text: str) -> Iterator[Number]:
    for found in _DIGITS.finditer(text):
        value = float(re.sub(r"[^\d.]", "", found["digits"]))
        scale = (found["scale"] or "").casefold()
        value *= 12 if scale == "dozen" else _SCALES.get(scale, 1)
        yield Number(value * _SHORT.get((found["short"] or "").casefold(), 1), *found.span())


def _spelt(text: str) -> Iterator[Number]:
    for found in _SPELT.finditer(text):
        if found["half"]:
            scale = found["half"].casefold()
            yield Number((12 if scale == "dozen" else _SCALES[scale]) / 2, *found.span())
            continue
        if text[max(0, found.start() - 3) : found.start()].endswith("-"):
            continue
        said = re.split(r"[ -]|,? and ", found["words"].casefold())
        behind_digits = re.search(r"\d[ -]$", text[max(0, found.start() - 2) : found.start()])
        # "One" is mostly no number, and a need for one is met by yes or no.
        if found.group().casefold() != "one" and not behind_digits:
            yield Number(float(_value(said)), *found.span())


def _value(said: list[str]) -> int:
    total = part = 0
    for word in said:
        if word in _ONES or word in _TENS:
            part += _ONES.get(word) or _TENS[word]
        elif word == "dozen":
            part = max(part, 1) * 12
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
    return total + part


def _is_year(text: str, one: Number) -> bool:
    written = text[one.start : one.end]
    if not re.fullmatch(r"(?:19|20)\d\d", written):
        return False
    return bool(
        _YEAR.search(text[max(0, one.start - 10) : one.start])
        or re.match(r"\s*(?:[.,;:)]|$|and\b|to\b|-)", text[one.end :])
    )
