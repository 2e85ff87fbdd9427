"""What one sentence tells of capabilities, and how clearly: by names and signs, else a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from triplehelix.ally.amounts_in_text import Amount, amounts, counts_what_told, unit_of
from triplehelix.ally.attitudes import PLANNED, Attitude
from triplehelix.ally.sentences import Sentence
from triplehelix.capabilities.listed import Capabilities
from triplehelix.capabilities.spotting import Spotted, Spotter

# Tuned on the tuning half of tests/reference/needs.
ENOUGH = 0.8
# What else in a sentence tells of the same capability, and an amount in its own unit.
AGAIN, COUNTED = 0.25, 0.2
# How much a narrower capability may be weaker than a broader one and still be read first.
NARROWER = 0.2
# A guess by single words: how much they must tell, how much more than of the next capability, and
# how much it then counts.
GUESS, MARGIN, GUESSED = 8.0, 1.3, 0.8
LEAST = 2


@dataclass(frozen=True, slots=True)
class Told:
    """
    What one sentence, by its number, tells of one capability, and how clearly.

    `spans` are where in the text, `places` the words of the sentence; `must`: it is asked for.
    """

    capability: str
    strength: float
    sentence: int
    spans: tuple[tuple[int, int], ...]
    places: frozenset[int]
    must: bool


def told_in(
    sentence: Sentence, number: int, spotter: Spotter, wants: dict[int, Attitude]
) -> list[Told]:
    """What a sentence tells, the clearest first; a word is used once, by what it tells best."""
    typed, stems = [w.text for w in sentence.words], [w.stems for w in sentence.words]
    weighed = _weighed(spotter.spot(typed, stems), sentence, wants)
    found: list[Told] = []
    used: set[int] = set()
    for slug, spotted in _by_strength(weighed, spotter.capabilities):
        free = [one for one in spotted if not used.intersection(one.places)]
        if not free:
            continue
        best = free[0]
        apart = sum(one.strength for one in free[1:] if not set(one.places) & set(best.places))
        strength = best.strength + min(AGAIN * apart, 2 * AGAIN)
        places = frozenset(best.places)
        used |= places
        spans = tuple((sentence.words[p].start, sentence.words[p].end) for p in best.places)
        must = wants[sentence.words[best.places[0]].clause].must
        found.append(Told(slug, strength, number, spans, places, must))
    found += _guessed(sentence, number, wants, found, spotter)
    return _counted(found, amounts(sentence.text), sentence.start, spotter.capabilities)


def _guessed(
    sentence: Sentence, number: int, wants: dict[int, Attitude], told: Sequence[Told],
    spotter: Spotter,
) -> list[Told]:  # fmt: skip
    """For clauses that ask, and in which nothing was found: what search would take them for."""
    clear = {place for one in told if one.strength >= ENOUGH for place in one.places}
    found = []
    for places in _items(sentence):
        clause = sentence.words[places[0]].clause
        if clear.intersection(places) or wants[clause].weight < PLANNED:
            continue
        said = [word for place in places for word in sentence.words[place].stems]
        guess = spotter.guesser.guess(said, GUESS, MARGIN)
        if guess is None:
            continue
        own = [p for p in places if guess.telling.intersection(sentence.words[p].stems)]
        if len(own) >= LEAST:
            spans = tuple((sentence.words[p].start, sentence.words[p].end) for p in own)
            must = wants[clause].must
            found.append(Told(guess.capability, GUESSED, number, spans, frozenset(own), must))
    return found


def _items(sentence: Sentence) -> list[list[int]]:
    """The words of a sentence by the things it lists: clauses, and their parts between commas."""
    items: list[list[int]] = []
    for place, word in enumerate(sentence.words):
        before = sentence.words[place - 1] if place else None
        between = (
            sentence.text[before.end - sentence.start : word.start - sentence.start]
            if before else ","
        )  # fmt: skip
        if "," in between or before is None or before.clause != word.clause:
            items.append([])
        items[-1].append(place)
    return items


def _weighed(
    spotted: Iterable[Spotted], sentence: Sentence, wants: dict[int, Attitude]
) -> list[Spotted]:
    found = []
    for one in spotted:
        weight = min(wants[sentence.words[place].clause].weight for place in one.places)
        if weight > 0:
            found.append(Spotted(one.capability, one.places, one.strength * weight))
    return found


def _by_strength(
    spotted: Iterable[Spotted], listed: Capabilities
) -> list[tuple[str, list[Spotted]]]:
    """Spotted by capability, the strongest first, the narrower before what is nearly as strong."""
    by_slug: dict[str, list[Spotted]] = {}
    for one in spotted:
        by_slug.setdefault(one.capability, []).append(one)
    for own in by_slug.values():
        own.sort(key=lambda s: (-s.strength, -len(s.places), s.places))

    def first(each: tuple[str, list[Spotted]]) -> tuple[float, int, str]:
        slug, own = each
        narrower = any(above in by_slug for above in listed.broader(slug))
        return (-own[0].strength - NARROWER * narrower, -len(own[0].places), slug)

    return sorted(by_slug.items(), key=first)


def _counted(
    told: Sequence[Told], counted: Sequence[Amount], offset: int, listed: Capabilities
) -> list[Told]:
    """What is told together with an amount in its own unit is told more clearly."""
    found = []
    for one in told:
        evidence = [(start - offset, end - offset) for start, end in one.spans]
        sure = [unit[1] for a in counted if (unit := unit_of(a, listed[one.capability], evidence))]
        # Of whatever it is an amount, somebody asks for so much.
        sure += [1] if any(counts_what_told(a, evidence) for a in counted) else []
        more = COUNTED * max(sure, default=0) / 3
        found.append(replace(one, strength=one.strength + more))
    return found
