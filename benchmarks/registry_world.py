"""
A registry of made-up assets for measuring: words as rare as they are in life.

Capabilities are drawn by Zipf's law, the words of descriptions from the capabilities' own list
and from made-up stems, members and towns by size. One asset in five is not public.
"""

from itertools import accumulate
from random import Random
from typing import Any

from triplehelix.app.registry.search import shipped_capabilities
from triplehelix.read.gazetteer import places
from triplehelix.registry.fields import AssetKind
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.opening import Registry

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_AT_ONCE = 5_000
_MADE_UP = 20_000


class Generator:
    """Makes fields of assets, always the same for a seed."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = Random(seed)
        listed = list(shipped_capabilities())
        self.rng.shuffle(listed)
        self.slugs = [one.capability for one in listed]
        self.ranks = list(accumulate(1 / n for n in range(1, len(listed) + 1)))
        said = [w for one in listed for t in (one.label, *one.synonyms) for w in t.split()]
        made_up = ["".join(self.rng.choices(_SYLLABLES, k=4)) for _ in range(_MADE_UP)]
        self.words = list(dict.fromkeys(said)) + made_up
        self.rng.shuffle(self.words)
        self.word_ranks = list(accumulate(1 / n for n in range(1, len(self.words) + 1)))
        towns = places(["GB"]).to_pylist()
        self.towns = sorted(towns, key=lambda t: -(t["population"] or 0))[:500]

    def text(self, n: int) -> str:
        """Words by Zipf's law."""
        return " ".join(self.rng.choices(self.words, cum_weights=self.word_ranks, k=n))

    def asset(self) -> dict[str, Any]:
        """Fields of an asset."""
        rng, town = self.rng, self.rng.choice(self.towns)
        slugs = dict.fromkeys(rng.choices(self.slugs, cum_weights=self.ranks, k=rng.randint(1, 4)))
        return {
            "name": self.text(rng.randint(2, 6)), "kind": rng.choice(list(AssetKind)),
            "description": self.text(rng.randint(5, 60)), "capabilities": list(slugs),
            "manufacturer": self.text(1), "model": f"{self.text(1)} {rng.randint(1, 9999)}",
            "place": {"town": town["name"], "lat": town["lat"] + rng.uniform(-0.05, 0.05),
                      "lon": town["lon"] + rng.uniform(-0.05, 0.05)},
        }  # fmt: skip

    def query(self) -> str:
        """What people type: synonyms, and now and then a place or an error."""
        rng = self.rng
        one = shipped_capabilities()[rng.choices(self.slugs, cum_weights=self.ranks)[0]]
        said = rng.choice([one.label, *one.synonyms])
        if rng.random() < 0.3:
            said += f" {self.text(1)}"
        if rng.random() < 0.2:
            said += f" in {rng.choice(self.towns)['name']}"
        if rng.random() < 0.1 and len(said) > 5:
            at = rng.randrange(len(said))
            said = said[:at] + said[at + 1 :]
        return said


def fill(registry: Registry, n_assets: int, n_members: int, seed: int = 1) -> list[str]:
    """Put members and assets into a created registry; ids of the members."""
    made = Generator(seed)
    rng = made.rng
    with registry.change(COMMAND_LINE) as change:
        members = [
            change.create("member", {"name": f"{made.text(2)} {n}"}, visibility={"*": "public"})
            for n in range(n_members)
        ]
    for start in range(0, n_assets, _AT_ONCE):
        with registry.change(COMMAND_LINE) as change:
            for _ in range(start, min(start + _AT_ONCE, n_assets)):
                shown = rng.choice(["public"] * 4 + ["private"])
                holder = Holder(rng.choice(members))
                change.create("asset", made.asset(), holder, visibility={"*": shown})
    return members
