"""What does a text ask for? Needs suggested from it, for a person to decide."""

from datetime import date
from functools import lru_cache

from triplehelix.ally.needs_in_text import SuggestedNeed, suggest_needs
from triplehelix.app.registry.search import shipped_capabilities
from triplehelix.capabilities.listed import Capabilities
from triplehelix.capabilities.spotting import Spotter


def needs_of_text(
    text: str, as_of: date | None, capabilities: Capabilities | None = None
) -> list[SuggestedNeed]:
    """
    Needs that a text seems to tell of, in the order in which it does; none is an answer too.

    `as_of` is the day from which "within six weeks" counts; None reads no dates. Without
    `capabilities` the list that ships.

    Examples
    --------
    >>> found = needs_of_text("We need 12 intensive care beds by 1 May.", date(2026, 11, 2))
    >>> [(one.capability, one.amount, one.unit, str(one.by)) for one in found]
    [('critical-care-beds', 12.0, 'beds', '2027-05-01')]
    """
    if capabilities is None or capabilities is shipped_capabilities():
        return suggest_needs(text, _shipped(), as_of)
    return suggest_needs(text, _made_ready(capabilities), as_of)


def need_object(need: SuggestedNeed) -> dict[str, object]:
    """
    A suggestion as JSON: days in ISO 8601, `because` the words, `places` where they stand;
    `not_counted` the words of an amount of other things.
    """
    return {
        "capability": need.capability, "label": need.label, "amount": need.amount,
        "unit": need.unit, "by": need.by and need.by.isoformat(),
        "until": need.until and need.until.isoformat(), "must": need.must,
        "strength": need.strength, "because": [each.text for each in need.because],
        "places": [[each.start, each.end] for each in need.because],
        "not_counted": need.not_counted and need.not_counted.text,
    }  # fmt: skip


@lru_cache(maxsize=1)
def _shipped() -> Spotter:
    return Spotter(shipped_capabilities())


@lru_cache(maxsize=4)
def _made_ready(capabilities: Capabilities) -> Spotter:
    return Spotter(capabilities)
