"""Figures and codes as people read them: used by the templates under these names."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from triplehelix.app.countries import country_name
from triplehelix.app.countries import country_within as country_within
from triplehelix.app.history import DESCENT as DESCENT
from triplehelix.app.names import ROR

DASH = "–"
_SPACE = "\N{NO-BREAK SPACE}"
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}

HELIX = {"academia": "Academia", "industry": "Industry", "health": "Health",
         "government": "Government", "nonprofit": "Non-profit", "unknown": "Not known"}  # fmt: skip
PRECISION = {
    "address": "located to its address", "postcode": "located to its postcode",
    "district": "located to its district", "city": "located to its town",
    "region": "located to its region only", "country": "located to its country only",
    "none": "not located",
}  # fmt: skip
_PLURAL = {"activity": "activities", "venture": "ventures"}
MATCHED = {
    "identifier": "by an identifier that both give", "name": "by name and country",
    "none": "not matched with any other record",
}  # fmt: skip
KIND = {"diverse": "diverse", "specialised": "specialised",
        "r&d-collaborating": "R&D-collaborating"}  # fmt: skip
# Marks in the order in which they tell: Edge calls itself Chrome too, and Chrome Safari.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrom": "Chrome",
             "Safari/": "Safari"}  # fmt: skip
_SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
            "Mac OS X": "a Mac", "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip
_UNCOUNTED = ("equipment", "expertise", "data")
_EVIDENCE = {
    "strong": "strong evidence", "moderate": "moderate evidence", "weak": "weak evidence",
    "untested": "not tested yet",
}  # fmt: skip

EVIDENCE_RULE = {
    "strong": "A stability of 0.75 or more, and more than chance would give (q of 0.05 or less).",
    "moderate": "A stability of 0.75 or more without proof against chance, or of 0.5 with it.",
    "weak": "Tested, but neither stable enough nor surely more than chance.",
    "untested": "Nothing was drawn anew for this edition: not yet known, which is not weak.",
}


def number(value: float | None) -> str:
    """
    A count with thousands separated; a dash for unknown.

    Examples
    --------
    >>> number(31451), number(0), number(None)
    ('31,451', '0', '–')
    """
    return DASH if value is None else f"{value:,.0f}"


def ratio(value: float | None) -> str:
    """
    A ratio with one decimal, two where it is small.

    Examples
    --------
    >>> ratio(2.449), ratio(0.04), ratio(0.001), ratio(0), ratio(None)
    ('2.4', '0.04', '<0.01', '0', '–')
    """
    if value is None:
        return DASH
    if 0 < value < 0.005:
        return "<0.01"
    return f"{value:.2f}" if 0 < value < 0.095 else f"{value:,.1f}" if value else "0"


def percent(share: float | None, *, sign: bool = True) -> str:
    """
    A share as a percentage; what is neither none nor all never reads as 0 or 100.

    Examples
    --------
    >>> percent(0.0715), percent(0.004), percent(0.9996), percent(0.0), percent(None)
    ('7\\xa0%', '0.4\\xa0%', '>99.9\\xa0%', '0\\xa0%', '–')
    """
    if share is None:
        return DASH
    hundredths = share * 100
    if 0 < hundredths < 1:
        text = "<0.1" if hundredths < 0.05 else f"{hundredths:.1f}"
    elif 99 < hundredths < 100:
        text = ">99.9" if hundredths > 99.9 else f"{hundredths:.1f}"
    else:
        text = f"{hundredths:.0f}"
    return text + (f"{_SPACE}%" if sign else "")


def interval(low: float | None, high: float | None) -> str:
    """
    A 95 % interval of a ratio; nothing where there is none.

    Examples
    --------
    >>> interval(1.84, 3.06), interval(None, None)
    ('1.8–3.1', '')
    """
    return "" if low is None or high is None else f"{ratio(low)}–{ratio(high)}"


def percent_interval(low: float | None, high: float | None) -> str:
    """
    A 95 % interval of a share.

    Examples
    --------
    >>> percent_interval(0.05, 0.09)
    '5–9\\xa0%'
    """
    return "" if low is None or high is None else f"{percent(low, sign=False)}–{percent(high)}"


def millions(amount: float | None) -> str:
    """
    An amount in millions; small ones with a decimal, so that little is not none.

    Examples
    --------
    >>> millions(299_400_000), millions(2_340_000), millions(12_000), millions(None)
    ('299', '2.3', '<0.1', '–')
    """
    if amount is None:
        return DASH
    value = amount / 1e6
    if 0 < value < 0.05:
        return "<0.1"
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"


def money(amount: float | None, currency: str | None) -> str:
    """
    An amount with its currency.

    Examples
    --------
    >>> money(41_200_000, "EUR"), money(12_500, "GBP"), money(5e6, "SEK"), money(None, "EUR")
    ('€41\\xa0million', '£12,500', 'SEK\\xa05.0\\xa0million', '–')
    """
    if amount is None:
        return DASH
    sign = _SIGNS.get(currency or "", "" if currency in (None, "XXX") else f"{currency}{_SPACE}")
    if amount >= 1e6:
        return f"{sign}{millions(amount)}{_SPACE}million"
    return f"{sign}{amount:,.0f}"


def currency_sign(currency: str | None) -> str:
    """The sign of a currency, or its code."""
    return _SIGNS.get(currency or "", currency or "")


def years(start: date | None, end: date | None) -> str:
    """
    From which year to which.

    Examples
    --------
    >>> years(date(2014, 1, 1), date(2017, 5, 1)), years(date(2014, 1, 1), None), years(None, None)
    ('2014–2017', 'from 2014', '–')
    """
    if start is None and end is None:
        return DASH
    if start is None or end is None:
        return f"from {start.year}" if start else f"to {end.year if end else ''}"
    return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"


def noun(kinds: Sequence[str], n: int | None = None) -> str:
    """
    What the activities of an edition are called: their kind if they are all of one.

    Examples
    --------
    >>> noun(["project"]), noun(["project"], 1), noun(["centre", "trial"]), noun([], 1)
    ('projects', 'project', 'activities', 'activity')
    """
    one = kinds[0] if len(kinds) == 1 else "activity"
    return one if n == 1 else _PLURAL.get(one, f"{one}s")


def plural(n: int, one: str, many: str | None = None) -> str:
    """
    A count with its noun.

    Examples
    --------
    >>> plural(1, "cluster"), plural(1200, "country", "countries")
    ('1 cluster', '1,200 countries')
    """
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def browser(user_agent: str) -> str:
    """
    The browser and the system that a request says it comes from; else the words it says.

    Examples
    --------
    >>> browser("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36")
    'Chrome on Linux'
    >>> browser("curl/8.1"), browser("")
    ('curl/8.1', 'not said')
    """
    name = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    if not name:
        return user_agent or "not said"
    return f"{name} on {system}" if system else name


def of_kind(kind: str, n: int) -> str:
    """
    The word for so many assets of a kind.

    Examples
    --------
    >>> of_kind("facility", 12), of_kind("equipment", 4), of_kind("service", 1)
    ('facilities', 'equipment', 'service')
    """
    if n == 1 or kind in _UNCOUNTED:
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def evidence_words(evidence: str) -> str:
    """The evidence for a cluster, in words."""
    return _EVIDENCE.get(evidence, evidence)


def ranks(low: float | None, high: float | None, n: int | None = None) -> str:
    """
    A rank as the range it is known to; past the last of `n` means that it may be missed.

    Examples
    --------
    >>> ranks(2, 5), ranks(1, 1), ranks(None, None), ranks(12, 273, 266)
    ('2–5', '1', '–', '12–266')
    """
    if low is None or high is None:
        return DASH
    first, last = (int(each) if n is None else min(int(each), n) for each in (low, high))
    return f"{first}" if first == last else f"{first:,}–{last:,}"


def ordinal(n: float) -> str:
    """
    A place in a row.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22, 113, 1001)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th', '1,001st']
    """
    whole = int(n)
    teens = whole % 100 in (11, 12, 13)
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole:,}{ending}"


def between(low: float | None, high: float | None) -> str:
    """
    The 95 % interval of a count; nothing where there is none.

    Examples
    --------
    >>> between(2035, 3015), between(None, None)
    ('2,035–3,015', '')
    """
    return "" if low is None or high is None else f"{number(low)}–{number(high)}"


def score(value: float | None) -> str:
    """
    A figure from 0 to 1 with two decimals; what is not quite 1 never reads as 1.

    Examples
    --------
    >>> score(0.9102), score(0.9984), score(1.0), score(None)
    ('0.91', '>0.99', '1.00', '–')
    """
    if value is None:
        return DASH
    return ">0.99" if 0.995 <= value < 1 else f"{value:.2f}"


def stability_words(stability: float) -> str:
    """
    What a stability says, in a sentence.

    Examples
    --------
    >>> stability_words(0.91).split(":")[0], stability_words(0.3).split(":")[0]
    ('out of 1', 'out of 1')
    """
    if stability >= 0.75:
        verdict = "the cluster is there again, with almost the same members"
    elif stability >= 0.5:
        verdict = "a cluster is there again, but its members change"
    else:
        verdict = "it mostly falls apart, or joins with another"
    return f"out of 1: when organisations and activities are drawn anew, {verdict}."


def tiny(p: float | None) -> str:
    """
    A p- or q-value with its sign of relation.

    Examples
    --------
    >>> tiny(4e-46), tiny(0.031), tiny(None)
    ('< 0.001', '= 0.031', '–')
    """
    if p is None:
        return DASH
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.095 else f"= {p:.2f}"


def odds(p: float | None) -> str:
    """
    A small probability as people say it.

    Examples
    --------
    >>> odds(4e-46), odds(0.001), odds(0.004), odds(0.031), odds(0.24), odds(0.8), odds(None)
    ('less than 1 in 1,000', '1 in 1,000', '4 in 1,000', '3 in 100', '24 in 100', '80 in 100', '–')
    """
    if p is None:
        return DASH
    if p < 0.001:
        return "less than 1 in 1,000"
    if p < 0.0095:
        return f"{p * 1000:.0f} in 1,000"
    return f"{min(p, 1) * 100:.0f} in 100"


def kind_words(kind: str | None) -> str:
    """
    The kinds of a cluster in words; a dash where none could be told.

    Examples
    --------
    >>> kind_words("diverse; r&d-collaborating"), kind_words(None)
    ('diverse, R&D-collaborating', '–')
    """
    return ", ".join(KIND.get(each, each) for each in kind.split("; ")) if kind else DASH


def matched_words(how: str | None) -> str:
    """How a record was matched, in words."""
    return MATCHED.get(how or "none", (how or "").replace("-", " ").replace("_", " "))


def countries(codes: Sequence[str] | None) -> str:
    """Names of countries, in the order given."""
    return ", ".join(country_name(code) for code in codes or ()) or DASH


def organisation_path(organisation_id: str) -> str:
    """
    Address of an organisation's page.

    Examples
    --------
    >>> organisation_path("https://ror.org/013meh722"), organisation_path("table:a/b c")
    ('/organisations/ror:013meh722', '/organisations/table:a%2Fb%20c')
    """
    short = organisation_id
    if organisation_id.startswith(ROR):
        short = f"ror:{organisation_id.removeprefix(ROR)}"
    return f"/organisations/{quote(short, safe=':')}"


def activity_path(activity_id: str) -> str:
    """Address of an activity's page."""
    return f"/activities/{quote(activity_id, safe=':')}"


def cluster_path(cluster_id: str, *more: str) -> str:
    """Address of a cluster's page, or of one below it."""
    return "/".join(["/clusters", quote(cluster_id, safe=""), *more])


def theme_path(theme: str) -> str:
    """Address of a theme's page."""
    return f"/themes/{quote(theme, safe='')}"


def web_address(url: str | None) -> str | None:
    """
    An address that may be linked to, or None: sources write all sorts into the column.

    Examples
    --------
    >>> web_address("https://ror.org/013meh722"), web_address("javascript:alert(1)")
    ('https://ror.org/013meh722', None)
    """
    return url if url and url.startswith(("https://", "http://")) else None
