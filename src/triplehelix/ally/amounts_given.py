"""Which need of a text each of its amounts belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from triplehelix.ally.amounts_in_text import Amount, unit_of
from triplehelix.ally.sentences import Sentence
from triplehelix.capabilities.listed import Capability, Unit

# How many letters off an amount and the words of a need may stand, and what stands between them
# that says the amount is of something else.
FAR = 90
BESIDE = 25
_PARTED = {";": 60, ":": 20, ",": 15, ".": 60}


class Given(NamedTuple):
    """An amount in a unit of the need it was given to, and the sentence it stands in."""

    amount: Amount
    unit: Unit
    sentence: int


Span = tuple[int, int]


def given(
    needs: Mapping[str, Mapping[int, Sequence[Span]]],
    counted: Mapping[int, Sequence[Amount]],
    read: Sequence[Sentence],
    listed: Mapping[str, Capability],
) -> dict[str, Given]:
    """
    The amount of each need that has one; each amount goes to one need.

    First come amounts of a sentence that tells the need, those in its own unit, rates where it is
    counted as a rate, and the nearest; then those of the sentence before or behind.

    Parameters
    ----------
    needs : for each capability the sentences that tell it, and where in the text.
    counted : the amounts of each sentence, places within the sentence.
    """
    choices = []
    for slug, told in needs.items():
        for n, own in counted.items():
            near = [m for m in told if abs(m - n) <= 1]
            if not near:
                continue
            sentence = min(near, key=lambda m: (abs(m - n), m))
            for m, amount in enumerate(own):
                how = _fits(amount, listed[slug], told[sentence], read, n, sentence)
                if how is not None:
                    choices.append((*how[0], slug, n, m, how[1]))
    found: dict[str, Given] = {}
    taken: set[tuple[int, int]] = set()
    for *_, slug, n, m, unit in sorted(choices):
        if slug not in found and (n, m) not in taken:
            found[slug] = Given(counted[n][m], unit, n)
            taken.add((n, m))
    return found


def beside(
    needs: Mapping[str, Mapping[int, Sequence[Span]]],
    counted: Mapping[int, Sequence[Amount]],
    read: Sequence[Sentence],
    found: Mapping[str, Given],
) -> dict[str, tuple[Amount, int]]:
    """
    Of needs without an amount, the one that stands by them and counts other things, and where.

    Parameters
    ----------
    needs, counted, read : as for `given`.
    found : what `given` has given: those amounts are spoken for.
    """
    gone = {(one.sentence, one.amount.start) for one in found.values()}
    choices = []
    for slug, told in needs.items():
        for n in sorted(set(told) & set(counted)) if slug not in found else ():
            spans = [(start - read[n].start, end - read[n].start) for start, end in told[n]]
            for amount in counted[n]:
                apart = _apart(amount, spans, read[n].text)
                counts = amount.counted and not amount.bare and amount.counted != "times"
                if counts and apart <= BESIDE:
                    choices.append((apart, n, amount.start, slug, amount))
    near: dict[str, tuple[Amount, int]] = {}
    for _, n, start, slug, amount in sorted(choices, key=lambda one: one[:4]):
        if slug not in near and (n, start) not in gone:
            near[slug] = (amount, n)
            gone.add((n, start))
    return near


def _fits(
    amount: Amount, one: Capability, told: Sequence[Span], read: Sequence[Sentence],
    number: int, sentence: int,
) -> tuple[tuple[int, int, int], Unit] | None:  # fmt: skip
    """How well an amount fits a need (less is better) and in which unit; None if it does not."""
    offset = read[number].start
    evidence = [(start - offset, end - offset) for start, end in told]
    unit = unit_of(amount, one, evidence if number == sentence else ())
    if unit is None:
        return None
    sure, away = unit[1], number != sentence
    if away and sure < 3 and not amount.bare:
        return None
    apart = _apart(amount, evidence, read[number].text) if not away else FAR
    if sure < 3 and apart > FAR:
        return None
    rated = bool(one.units[0].per) == bool(amount.per)
    return (int(away), -sure - (2 if rated and sure > 1 else 0), apart), unit[0]


def _apart(amount: Amount, evidence: Iterable[Span], text: str) -> int:
    """Letters from an amount to the nearest words of a need, and more for what parts them."""
    return min(
        max(start - amount.end, amount.start - end, 0)
        + sum(
            _PARTED.get(letter, 0)
            for letter in text[min(end, amount.end) : max(start, amount.start)]
        )
        for start, end in evidence
    )
