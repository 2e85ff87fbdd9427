"""Calls and the answers to them in words: used by templates as `said`."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Addition, Alliance, Gap
from triplehelix.ally.call import MemberCap, Need, Rules
from triplehelix.ally.readiness import NeedReadiness
from triplehelix.ally.said import day_said, gap_said
from triplehelix.app.calls.proposals import ProposalRow
from triplehelix.app.calls.shown import AllianceAnswer, broken_off, last_day
from triplehelix.app.countries import country_name

DASH = "–"
_PER = re.compile(r"^\s*(.+?)\s*(?:/|\bper\b|\ba\b)\s*(day|week|month|year|hour)s?\s*$")
TERMS = {
    "cost": "cost", "lead_days": "days until it can start", "travel_km": "distance",
    "partners": "members brought in", "unfamiliarity": "members who have not worked together",
    "unmet": "needs that may stay unmet", "within_km": "way to where all meet, in one cluster",
    "between_km": "way to where all meet, between clusters",
    "mending": "dearest mending after losses",
}  # fmt: skip
NAMES = {
    "balanced": "balanced", "cheapest": "cheapest", "soonest": "soonest",
    "fewest": "fewest members", "most spread": "most spread", "another group": "another group",
}  # fmt: skip
KINDS = {
    "solve": "Finding an alliance", "repair": "Mending the alliance",
    "alternatives": "Looking for other answers", "worth": "Working out what each adds",
    "sharing": "Working out who could share what",
}  # fmt: skip
ACTS = {"decline": "Decline", "withdraw": "Withdraw"}
# What everybody else fails by: no news to who looks for those who could.
_UNABLE = "not the capability"
# How notes about rules begin, and where they have the key of a rule.
_OF_RULES = ("Cannot be kept:", "The rules contradict", "The other rules", "Giving up one rule")
_RULE, _KEY = re.compile(r"^Cannot be kept: [a-z_]+: "), re.compile(r" \([a-z_]+\)(?=\.?$)")
_HELIX = {"academia": "academia", "industry": "industry", "health": "the health system",
          "government": "government", "nonprofit": "non-profit bodies",
          "unknown": "an unknown sector"}  # fmt: skip


def amount(value: float | None, unit: str | None = None) -> str:
    """
    An amount with its unit; a dash for unknown.

    Examples
    --------
    >>> amount(20500.0, "tests/day"), amount(0.25, "beds"), amount(None), amount(1.0)
    ('20,500 tests a day', '0.25 beds', '–', '1')
    """
    if value is None:
        return DASH
    number = f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return f"{number} {of_unit(unit)}" if unit else number


def of_unit(unit: str | None) -> str:
    """
    A unit as people say it.

    Examples
    --------
    >>> of_unit("tests/day"), of_unit("beds"), of_unit(None)
    ('tests a day', 'beds', '')
    """
    if not unit:
        return ""
    found = _PER.match(unit)
    return f"{found[1]} a{'n' if found[2] == 'hour' else ''} {found[2]}" if found else unit


def asked_of(need: Need) -> str:
    """
    What a need asks for.

    Examples
    --------
    >>> asked_of(Need(need="a", capability="pcr-testing")), asked_of(
    ...     Need(need="a", capability="pcr-testing", amount=40, unit="tests/day"))
    ('one that can do it', '40 tests a day')
    """
    return amount(need.amount, need.unit) if need.amount is not None else "one that can do it"


def day(value: date | None) -> str:
    """
    A day as people write it; a dash for none.

    Examples
    --------
    >>> day(date(2021, 3, 1)), day(None)
    ('1 March 2021', '–')
    """
    return day_said(value) if value else DASH


def iso_day(text: str) -> str:
    """
    A day, or the day of a moment, that is kept as text.

    Examples
    --------
    >>> iso_day("2021-03-01T10:00:00+00:00")
    '1 March 2021'
    """
    return day(date.fromisoformat(text[:10]))


def when_of(need: Need) -> str:
    """
    From when until when a need is.

    Examples
    --------
    >>> when_of(Need(need="a", capability="x", by=date(2021, 3, 1)))
    'by 1 March 2021'
    """
    if need.by and need.until:
        return f"{day(need.by)} to {day(need.until)}"
    if need.by:
        return f"by {day(need.by)}"
    return f"until {day(need.until)}" if need.until else "as soon as can be"


def conditions_of(need: Need, place: str | None = None) -> list[str]:
    """
    What a need asks for beside its amount and days, each a few words.

    Examples
    --------
    >>> conditions_of(Need(need="a", capability="x", within_km=50, countries=("GB",)), "Leeds")
    ['within 50 km of Leeds', 'in United Kingdom']
    """
    where = need.place.name if need.place and need.place.name else place
    found = []
    if need.within_km is not None:
        found.append(f"within {need.within_km:g} km" + (f" of {where}" if where else ""))
    if need.countries:
        found.append(f"in {', '.join(country_name(one) for one in need.countries)}")
    if need.nations:
        found.append(f"in {', '.join(need.nations)}")
    if need.containment:
        found.append(f"containment {need.containment} or higher")
    found += [f"accredited: {one}" for one in need.accreditations]
    if need.weight != 1:
        found.append(f"weight {need.weight:g}")
    return found


def rules_of(
    rules: Rules, names: Mapping[str, str], needs: Mapping[str, str] | None = None
) -> list[str]:
    """
    What an alliance must keep beside the needs, a sentence each; ids by `names`,
    needs by `needs`.

    Examples
    --------
    >>> rules_of(Rules(helices={"health": 1}, states=("available", "stated")), {})
    ['At least 1 member of the health system.', 'Capacities that are stated count as well.']
    """
    found = [f"At least {n} member{'s' if n > 1 else ''} of {_HELIX[helix]}."
             for helix, n in sorted(rules.helices.items())]  # fmt: skip
    if rules.entities_from_countries:
        entities, countries = rules.entities_from_countries
        found.append(f"At least {entities} members from {countries} countries.")
    found += [f"At least {one.at_least} different {_many(one.of)}." for one in rules.spread]
    found += [_cap(one, needs or {}) for one in rules.member_caps]
    if rules.most_partners is not None:
        found.append(f"At most {rules.most_partners} members.")
    if rules.budget is not None:
        found.append(
            f"At most {rules.currency or ''} {rules.budget:,.0f} in all.".replace("  ", " ")
        )
    if rules.countries:
        found.append(f"Only from {', '.join(country_name(one) for one in rules.countries)}.")
    if rules.access:
        found.append(f"Only where the terms are open to {' or '.join(rules.access)}.")
    found += _named_rules(rules, names)
    others: list[str] = [one for one in rules.states if one != "available"]
    if others:
        found.append(f"Capacities that are {_or(others)} count as well.")
    if rules.closed:
        found.append("Assets that are closed today count as well.")
    if not rules.surge:
        found.append("What could be given in an emergency only does not count.")
    return found


def headline(answer: AllianceAnswer) -> str:
    """How an answer does, in one line."""
    alliance, n = answer.alliance, len(answer.alliance.partners)
    who = "1 member" if n == 1 else f"{n:,} members"
    if alliance.status == "unknown" or (not n and alliance.status != "infeasible"):
        return "Nothing was found in the time given"
    if alliance.status == "infeasible":
        return f"{who} can do part of it" if n else "Nobody can do it as it is asked"
    last = last_day(answer)
    if broken_off(answer):
        return f"{who} could do it, but not all agree"
    if last is None:
        return f"{who} can do it"
    return f"{who} can do it by {day(last)} (day {(last - answer.readiness.as_of).days + 1:,})"


def expected_of(answer: AllianceAnswer, labels: Mapping[str, str]) -> str:
    """What can still be expected of the needs that answers leave unmet; empty where none is."""
    if not broken_off(answer):
        return ""
    return "; ".join(
        f"{labels.get(one.need, one.need)} {reached_of(one, answer.readiness.as_of)}"
        for one in answer.readiness.needs
        if one.planned.reached is not None and one.expected.reached is None
    )


def reached_of(need: NeedReadiness, as_of: date) -> str:
    """From when all of a need is expected to be there, or how much of it at most."""
    reached = need.expected.reached
    whole = amount(need.target, need.unit) if need.unit else "met"
    if reached is not None:
        return f"{whole} from {day(reached)} (day {(reached - as_of).days + 1:,}) on"
    if not need.unit:
        return "not met"
    most = max((level.amount for level in need.expected.levels), default=0.0)
    return f"{amount(most, need.unit)} at most, of {amount(need.target)} asked"


def reasons_of(gap: Gap) -> list[tuple[str, int]]:
    """Why assets with the capability do not count for what is missing, and how many for each."""
    return [(words, n) for words, n in gap.reasons.items() if words != _UNABLE]


def why_of(gap: Gap) -> str:
    """
    Why something is missing, as a sentence; its days stand beside it.

    Examples
    --------
    >>> why_of(Gap("a", 4, "beds", "from 1 March 2027 on: nobody can serve; 11 too far"))
    'Nobody can serve.'
    """
    first = gap.why.partition("; ")[0]
    return sentence(first.partition(": ")[2] or first)


def relaxed_of(words: str) -> str:
    """
    A condition that is given up, in words for people: without its key.

    Examples
    --------
    >>> relaxed_of("without the budget (budget)"), relaxed_of("by 2 May 2027 instead of 1 May 2027")
    ('without the budget', 'by 2 May 2027 instead of 1 May 2027')
    """
    return _KEY.sub("", words)


def rule_notes(notes: Iterable[str]) -> tuple[list[str], list[str]]:
    """
    Which rules cannot be kept and what would help, for people; and all other notes.

    Examples
    --------
    >>> rule_notes(["Cannot be kept: helices: 2 of industry, and 0 can serve.", "Prices."])
    (['Cannot be kept: 2 of industry, and 0 can serve.'], ['Prices.'])
    """
    of_rules, others = [], []
    for note in notes:
        if note.startswith(_OF_RULES):
            of_rules.append(_KEY.sub("", _RULE.sub("Cannot be kept: ", note)))
        else:
            others.append(note)
    return of_rules, others


def addition_of(one: Addition, labels: Mapping[str, str]) -> str:
    """
    The least addition that would close a gap.

    Examples
    --------
    >>> addition_of(Addition("pcr-testing", 65, "tests/day", by=date(2026, 3, 10), within_km=80,
    ...                      place="London"), {"pcr-testing": "PCR testing"})
    '65 tests a day more of PCR testing, within 80 km of London, by 10 March 2026'
    """
    what = "one more asset that can do" if one.unit is None else (
        f"{amount(one.amount, one.unit)} more of")  # fmt: skip
    parts = [f"{what} {labels.get(one.capability, label_of(one.capability))}"]
    if one.within_km is not None:
        parts.append(f"within {one.within_km:g} km of {one.place or 'the place asked for'}")
    if one.by:
        parts.append(f"by {day(one.by)}")
    if one.until:
        parts.append(f"until {day(one.until)}")
    conditions = [*filter(None, [one.containment]), *one.accreditations]
    return ", ".join([*parts, *([f"with {', '.join(conditions)}"] if conditions else [])])


def gap_of(alliance: Alliance) -> str:
    """
    How far an answer is from the best possible, in percent; what is not nothing never reads as 0.
    """
    gap = alliance.gap
    if gap is None:
        return DASH
    return "0 %" if alliance.status == "optimal" else gap_said(gap)


def how_good(row: ProposalRow) -> str:
    """How good a kept answer is known to be, in a few words."""
    if row.status == "feasible" and row.objective and row.bound is not None:
        gap = max(0.0, row.objective - row.bound) / row.objective
        return f"meets every need; at most {gap_said(gap)} from the best"
    return {"optimal": "proven best", "feasible": "meets every need",
            "infeasible": "cannot be met in full"}.get(row.status, "not known")  # fmt: skip


def with_names(text: str, names: Mapping[str, str]) -> str:
    """
    A text with ids replaced by what they are called.

    Examples
    --------
    >>> with_names("Lost: as_1 (mb_1), 5.", {"as_1": "Laboratory", "mb_1": "Leeds"})
    'Lost: Laboratory (Leeds), 5.'
    """
    for one in sorted(names, key=len, reverse=True):
        text = text.replace(one, names[one])
    return text


def with_needs(text: str, labels: Mapping[str, str]) -> str:
    """
    A text of an alliance with its needs called by what is needed, where it begins with one or says
    what something is for.

    Examples
    --------
    >>> with_needs("pcr: needed 40 pcr/day", {"pcr": "PCR testing"})
    'PCR testing: needed 40 pcr/day'
    >>> with_needs("Lost: Laboratory for pcr, 5 pcr/day.", {"pcr": "PCR testing"})
    'Lost: Laboratory for PCR testing, 5 pcr/day.'
    """
    if not labels:
        return text
    needs = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    found = re.compile(rf"(^|\bfor )({needs})(?=[:,;.]|$)")
    return found.sub(lambda match: match[1] + labels[match[2]], text)


def asked_words(asked: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """
    What an answer was asked for beyond the call itself; empty for nothing.

    Examples
    --------
    >>> asked_words({"robust": 1, "seconds": 10}, {})
    'any one may drop out'
    >>> asked_words({"robust": 2, "share": 0.9}, {}), asked_words({"recoverable": 1}, {})
    ('any 2 may drop out, 90 % still met', 'cheapest to mend if any one drops out')
    >>> asked_words({"losses": ["mb_1"], "repairs": "x"}, {"mb_1": "Leeds"})
    'without Leeds'
    """
    found = []
    if asked.get("robust"):
        share = asked.get("share", 1.0)
        part = f", {share * 100:.4g} % still met" if share < 1 else ""
        found.append(f"{_any(asked['robust'])} may drop out{part}")
    if asked.get("recoverable"):
        n = asked["recoverable"]
        found.append(f"cheapest to mend if {_any(n)} drop{'s' if n == 1 else ''} out")
    out = [*asked.get("losses", ()), *asked.get("leave_out", ())]
    if out:
        found.append(f"without {', '.join(names.get(one, 'one that is not shown') for one in out)}")
    if asked.get("alternative"):
        found.append(NAMES.get(asked["alternative"], asked["alternative"]))
    return "; ".join(found)


def sentence(text: str) -> str:
    """
    Words as a sentence: a capital letter first, one full stop at the end.

    Examples
    --------
    >>> sentence("nobody can serve; 2 too far"), sentence("Done.")
    ('Nobody can serve; 2 too far.', 'Done.')
    """
    said = text[:1].upper() + text[1:]
    return said if said.endswith((".", "?", "!")) else f"{said}."


def label_of(slug: str) -> str:
    """
    A capability that is not in the list, as well as it can be said.

    Examples
    --------
    >>> label_of("cold-storage")
    'cold storage'
    """
    return slug.replace("-", " ")


def _any(n: int) -> str:
    return "any one" if n == 1 else f"any {n}"


def _many(what: str) -> str:
    return {"country": "countries", "cluster": "clusters", "helix": "sectors",
            "nation": "nations"}.get(what, what)  # fmt: skip


def _cap(one: MemberCap, needs: Mapping[str, str]) -> str:
    most = amount(one.amount, one.unit) if one.amount is not None else f"{one.share:.0%}"
    what = f" of {needs.get(one.need, label_of(one.need))}" if one.need else " of a need"
    return f"At most {most}{what} from one member."


def _named_rules(rules: Rules, names: Mapping[str, str]) -> list[str]:
    def called(ids: Any) -> str:
        return ", ".join(names.get(one, "one that is not shown") for one in ids)

    found = []
    if rules.include:
        found.append(f"With {called(rules.include)}.")
    if rules.exclude:
        found.append(f"Without {called(rules.exclude)}.")
    found += [f"Never together: {called(group)}." for group in rules.never_together]
    if rules.fixed:
        n = len(rules.fixed)
        found.append(
            f"{n} promise{'s' if n > 1 else ''} made already {'are' if n > 1 else 'is'} kept."
        )
    return found


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
