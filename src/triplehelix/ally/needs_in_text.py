"""Needs suggested from free text, each with the words that led to it; a person decides."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from triplehelix.ally.amounts_given import Given, beside, given
from triplehelix.ally.amounts_in_text import Amount, amounts
from triplehelix.ally.attitudes import PAST, Attitude, attitudes
from triplehelix.ally.dates_in_text import Dated, dates
from triplehelix.ally.sentences import Sentence, sentences
from triplehelix.ally.told_in_text import AGAIN, ENOUGH, Told, told_in
from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.spotting import Spotter

MOST_REASONS, UNITS = 3, 3
# The heads of the list fit nearly any text, and must be told more clearly.
HEAD = 0.95
# A broader capability stays beside a narrower one only where it is told so clearly of its own.
APART = 1.4


@dataclass(frozen=True, slots=True)
class Because:
    """Words of the text, and where they stand: text[start:end]."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SuggestedNeed:
    """
    A need that a text seems to tell of.

    `unit` as people write it (`tests/day`); `amount` and `unit` None where none is told. `must`
    False where the text says "may". `because` are the words that led to it; `strength` tells how
    clearly they do: suggestions begin at 1, and few pass 2. `not_counted` are the words of an
    amount that stands with it but counts other things than the capability is counted in;
    `counted_in` are its units.
    """

    capability: str
    label: str
    amount: float | None
    unit: str | None
    by: date | None
    until: date | None
    must: bool
    strength: float
    because: tuple[Because, ...]
    not_counted: Because | None = None
    counted_in: tuple[str, ...] = ()

    @property
    def without_amount(self) -> str | None:
        """
        Why it has no amount though one stands with it, in words; None where that is not so.

        Examples
        --------
        >>> from dataclasses import replace
        >>> none = SuggestedNeed("x", "X", None, None, None, None, True, 1.0, ())
        >>> replace(none, not_counted=Because("30 patients", 0, 11), counted_in=("suites",)
        ...     ).without_amount
        'No amount: “30 patients” is not counted in suites'
        """
        if self.not_counted is None:
            return None
        said = f"No amount: “{' '.join(self.not_counted.text.split())}” is not counted in "
        return said + (" or ".join(self.counted_in) if self.counted_in else "anything here")


def suggest_needs(
    text: str, capabilities: Capabilities | Spotter, as_of: date | None = None
) -> list[SuggestedNeed]:
    """
    Needs that a text seems to tell of, in the order in which it does.

    Each sentence is read for the names and signs of capabilities, weighed by what its clauses
    want (`attitudes`): what is refused counts nothing, what was or is there little. Words are
    used once, by what they tell best; of a capability and a broader one the narrower stays.
    Amounts go to the need whose unit they are in, dates to the needs of their sentence; an amount
    of other things is told as such, and never taken for one of the capability.

    Parameters
    ----------
    text : in plain English.
    capabilities : the list, or a `Spotter` made of it, which saves time over many texts.
    as_of : the day from which "within six weeks" counts; None reads no dates.

    Examples
    --------
    >>> from triplehelix.capabilities.listed import Unit
    >>> pcr = Capability("pcr", "PCR", units=(Unit("tests", "day"),), synonyms=("swab test",))
    >>> text = "We need 200 swab tests a day by 1 May 2027."
    >>> one = suggest_needs(text, Capabilities((pcr,)), date(2026, 11, 2))[0]
    >>> one.amount, one.unit, str(one.by), [each.text for each in one.because]
    (200.0, 'tests/day', '2027-05-01', ['swab tests', '200'])
    """
    spotter = capabilities if isinstance(capabilities, Spotter) else Spotter(capabilities)
    read = sentences(text)
    wants = [attitudes(sentence, as_of) for sentence in read]
    told = [each for n, one in enumerate(read) for each in told_in(one, n, spotter, wants[n])]
    kept = _narrowest(_together(told), spotter.capabilities)
    days = {n: dates(_flat(one.text), as_of) for n, one in enumerate(read)} if as_of else {}
    listed = {own[0].capability: spotter.capabilities[own[0].capability] for own in kept}
    where = {own[0].capability: {one.sentence: one.spans for one in own} for own in kept}
    counted = {n: _still_wanted(one, wants[n]) for n, one in enumerate(read)}
    amounts_of = given(where, counted, read, listed)
    others = beside(where, counted, read, amounts_of)
    found = [
        _suggestion(text, own, read, days, listed[own[0].capability], amounts_of) for own in kept
    ]
    return [
        replace(one, not_counted=_words(text, read, *others[one.capability]),
                counted_in=tuple(each.text for each in listed[one.capability].units[:UNITS]))
        if one.capability in others else one
        for one in found
    ]  # fmt: skip


def _words(text: str, read: Sequence[Sentence], amount: Amount, sentence: int) -> Because:
    """An amount with what it counts, as the text has it."""
    start = read[sentence].start + amount.start
    end = read[sentence].start + amount.counted_start + len(amount.counted)
    return Because(text[start:end], start, end)


def _still_wanted(sentence: Sentence, wants: Mapping[int, Attitude]) -> list[Amount]:
    """The amounts of a sentence but those of clauses that tell what was or is not wanted."""
    found = []
    for amount in amounts(sentence.text):
        place = sentence.start + amount.start
        clause = next((c for c in sentence.clauses if c.start <= place < c.end), None)
        if clause is None or wants[clause.number].weight > PAST:
            found.append(amount)
    return found


def _together(told: Iterable[Told]) -> dict[str, list[Told]]:
    """What all sentences tell of each capability that is told clearly enough, by slug."""
    by_slug: dict[str, list[Told]] = {}
    for one in told:
        by_slug.setdefault(one.capability, []).append(one)
    kept = {}
    for slug, own in sorted(by_slug.items()):
        own.sort(key=lambda one: (-one.strength, one.sentence))
        if _total(own) >= ENOUGH:
            kept[slug] = own
    return kept


def _total(own: Sequence[Told]) -> float:
    return own[0].strength + min(AGAIN * sum(one.strength for one in own[1:]), 2 * AGAIN)


def _narrowest(told: dict[str, list[Told]], listed: Capabilities) -> list[list[Told]]:
    """Without what is broader than another; heads of the list only where told more clearly."""
    over = {above for slug in told for above in listed.broader(slug)}
    kept = [
        own
        for slug, own in told.items()
        if (slug not in over or own[0].strength >= APART)
        and (
            listed[slug].broader or len(listed.narrower(slug)) == 1 or HEAD * _total(own) >= ENOUGH
        )
    ]
    return sorted(kept, key=lambda own: (own[0].sentence, own[0].spans, own[0].capability))


def _suggestion(
    text: str, own: Sequence[Told], read: Sequence[Sentence], days: dict[int, list[Dated]],
    one: Capability, amounts_of: Mapping[str, Given],
) -> SuggestedNeed:  # fmt: skip
    counted = amounts_of.get(one.capability)
    by, until = None, None
    for sentence, place in _dated_places(own, counted, read):
        by, until = _days(sentence, place, days)
        if by or until:
            break
    return SuggestedNeed(
        one.capability, one.label,
        counted.amount.value if counted else None, counted.unit.text if counted else None,
        by, until, own[0].must, round(_total(own) / ENOUGH, 2), _because(text, own, counted, read),
    )  # fmt: skip


def _dated_places(
    own: Sequence[Told], counted: Given | None, read: Sequence[Sentence]
) -> list[tuple[int, int]]:
    """Where a day of the need may stand: sentences and places in them, the likeliest first."""
    places = [(one.sentence, one.spans[0][0] - read[one.sentence].start) for one in own]
    return [(counted.sentence, counted.amount.end), *places] if counted else places


def _days(
    sentence: int, place: int, days: Mapping[int, Sequence[Dated]]
) -> tuple[date | None, date | None]:
    """The days of a sentence that stand nearest to a place in it."""
    said = sorted(days.get(sentence, ()), key=lambda d: (abs(d.start - place), d.start))
    by = next((d.day for d in said if d.role == "by"), None)
    until = next((d.day for d in said if d.role == "until"), None)
    return by, until if until is None or by is None or until >= by else None


def _because(
    text: str, own: Sequence[Told], counted: Given | None, read: Sequence[Sentence]
) -> tuple[Because, ...]:
    spans = [(one.spans[0][0], one.spans[-1][1]) for one in own[:MOST_REASONS]]
    if counted:
        offset = read[counted.sentence].start
        start, end = counted.amount.start + offset, counted.amount.end + offset
        if not any(a <= start and end <= b for a, b in spans):
            spans.append((start, end))
    return tuple(Because(text[start:end], start, end) for start, end in spans)


def _flat(text: str) -> str:
    return re.sub(r"\s", " ", text)
