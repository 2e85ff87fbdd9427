"""
How well needs are read from texts: precision, recall and F1 of (text, capability) pairs.

Run: `python -m benchmarks.needs_quality [--misses]`. Prints, for each half of the texts in
tests/reference/needs, for those written later and for each half of a second writer's, ours, and the
plain way: every label and synonym that stands in the text as a phrase. `--misses` prints what was
missed and what was wrong in the halves for tuning; texts of the other halves are never printed.
"""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from triplehelix.ally.needs_in_text import SuggestedNeed, suggest_needs
from triplehelix.capabilities.listed import Capabilities, read_unit
from triplehelix.capabilities.spotting import Spotter
from triplehelix.capabilities.words import words
from triplehelix.errors import InputError
from triplehelix.read.capabilities import read_capabilities

TEXTS = Path(__file__).parents[1] / "tests" / "reference" / "needs" / "texts.yaml"
LATER = TEXTS.with_name("later.yaml")
SECOND = TEXTS.with_name("second.yaml")
THIRD = TEXTS.with_name("third.yaml")
UNITS = TEXTS.with_name("units.yaml")
FILES = {
    "later": LATER,
    "third": THIRD,
    "second-tuning": SECOND,
    "second-reporting": SECOND,
    "units-tuning": UNITS,
    "units-reporting": UNITS,
}
HALVES = ("tuning", "reporting", *FILES)
LONGEST = 8


class Measure(NamedTuple):
    """Pairs found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was suggested, how much is needed; 0 where nothing was."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Of what is needed, how much was suggested."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def judged(half: str) -> list[dict[str, Any]]:
    """The texts of a half, those written `later`, or a half of those of a `second` writer."""
    file = FILES.get(half, TEXTS)
    return [one for one in yaml.safe_load(file.read_text(encoding="utf-8")) if one["half"] == half]


def measure(texts: list[dict[str, Any]], found_in: Callable[[str, date], set[str]]) -> Measure:
    """Pairs of texts and capabilities, counted over all texts."""
    right = wrong = missed = 0
    for one in texts:
        wanted = {need["capability"] for need in one["needs"]}
        found = found_in(one["text"], one["as_of"])
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    return Measure(right, wrong, missed)


def phrases(listed: Capabilities) -> Callable[[str, date], set[str]]:
    """The plain way: capabilities of which a label or synonym stands in the text, word by word."""
    spoken: dict[tuple[str, ...], set[str]] = {}
    for one in listed:
        for text in (one.label, *one.synonyms):
            spoken.setdefault(tuple(words(text)), set()).add(one.capability)

    def found_in(text: str, as_of: date) -> set[str]:
        read = words(text)
        return {
            slug
            for start in range(len(read))
            for length in range(1, LONGEST)
            for slug in spoken.get(tuple(read[start : start + length]), ())
        }

    return found_in


def amounts_right(texts: list[dict[str, Any]], spotter: Spotter) -> tuple[int, int, int]:
    """
    Of the needs found rightly whose amount is told: amounts and units right, and how many such.

    And how many of the needs found rightly have an amount though none is told.
    """
    right = told = invented = 0
    for one in texts:
        found = {n.capability: n for n in suggest_needs(one["text"], spotter, one["as_of"])}
        for need in one["needs"]:
            ours = found.get(need["capability"])
            if ours is None:
                continue
            if "amount" not in need:
                invented += ours.amount is not None
                continue
            told += 1
            right += same_amount(ours, need, spotter.capabilities)
    return right, told, invented


def same_amount(ours: SuggestedNeed, need: dict[str, Any], listed: Capabilities) -> bool:
    """Whether the amounts are one, the units converted."""
    if ours.amount is None or ours.unit is None:
        return False
    try:
        given, wanted = read_unit(ours.unit), read_unit(str(need["unit"]))
        amount = listed.convert(ours.capability, ours.amount, given, wanted)
    except InputError:
        return False
    return abs(amount - float(need["amount"])) <= 1e-6 * float(need["amount"])


def days_right(texts: list[dict[str, Any]], spotter: Spotter) -> tuple[int, int]:
    """Of the needs found rightly for which a day is told: days right, and how many such."""
    right = told = 0
    for one in texts:
        found = {n.capability: n for n in suggest_needs(one["text"], spotter, one["as_of"])}
        for need in one["needs"]:
            ours = found.get(need["capability"])
            if ours is not None and ("by" in need or "until" in need):
                told += 1
                right += (ours.by, ours.until) == (need.get("by"), need.get("until"))
    return right, told


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    chosen = parser.parse_args()
    listed = read_capabilities()
    spotter = Spotter(listed)

    def ours(text: str, as_of: date) -> set[str]:
        return {one.capability for one in suggest_needs(text, spotter, as_of)}

    for half in HALVES:
        texts = judged(half)
        for way, found_in in (("ours", ours), ("labels and synonyms as phrases", phrases(listed))):
            got = measure(texts, found_in)
            print(
                f"{half:16} {way:32} precision {got.precision:.2f} recall {got.recall:.2f} "
                f"F1 {got.f1:.3f} (n {len(texts)} texts, {got.right + got.missed} needs)"
            )
        if half in ("later", "third"):  # amounts and days of these were not judged
            continue
        right, told, invented = amounts_right(texts, spotter)
        days, of_days = days_right(texts, spotter)
        print(
            f"{half:16} amounts with units right {right} of {told} found needs that tell one "
            f"({invented} given where none is told); days right {days} of {of_days}"
        )
    if chosen.misses:
        for one in judged("tuning") + judged("second-tuning"):
            show(one, suggest_needs(one["text"], spotter, one["as_of"]))


def show(one: dict[str, Any], found: list[SuggestedNeed]) -> None:
    """Print what was missed and what was wrong in a text."""
    wanted = {need["capability"]: need for need in one["needs"]}
    print(f"\n{one['id']}")
    for each in found:
        sign = " +"[each.capability in wanted]
        said = "; ".join(because.text.replace("\n", " ") for because in each.because)
        amount = f"{each.amount} {each.unit} {each.by} {each.until}"
        print(f"  {sign} {each.capability} {each.strength} {amount} <- {said}")
    for slug in sorted(set(wanted) - {each.capability for each in found}):
        print(f"  - {slug}")


if __name__ == "__main__":
    main()
