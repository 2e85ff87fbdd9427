"""Why two should meet, in words, each with the figures and the things it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.partners.ground import Clusters, Ground
from triplehelix.app.partners.parties import Party, Seeker, about_cluster, about_organisation
from triplehelix.link.joining import activities_of
from triplehelix.link.partners import Ranked
from triplehelix.sphere import distance_km

Reals = NDArray[np.float64]

# A reason is given where the candidate is above this share of all of them in it.
WORTH_SAYING = 0.75
NAMED = 3
# Nearer than others is no reason to meet where all are far.
FAR_KM = 1000.0
_HELIX = {"academia": "academia", "industry": "industry", "health": "the health system",
          "government": "government", "nonprofit": "the non-profit sector"}  # fmt: skip
_MIX = ("academia", "industry", "health")


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    One thing a reason rests on: `kind` is `organisation`, `cluster` or `theme`.

    `n_here` and `n_there` are the activities that the seeker and the candidate share with it,
    or have in it.
    """

    kind: str
    id: str
    name: str
    n_here: int
    n_there: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two should meet; `rank` is the share of the candidates that this one is above in it."""

    reason: str
    words: str
    rank: float
    evidence: list[Evidence]


class Telling:
    """Tells the reasons for one seeker's candidates on a ground."""

    def __init__(self, ground: Ground, seeker: Seeker, labels: Mapping[str, str]) -> None:
        self.ground, self.seeker, self.labels = ground, seeker, labels
        self.with_seeker = np.asarray(ground.done.part @ seeker.theirs).ravel()
        self.with_seeker[seeker.members] = 0

    def reasons(
        self, found: Ranked, k: int, short: tuple[float, float] = (np.nan, np.nan)
    ) -> list[Reason]:
        """The reasons for the candidate in place k, those it stands out in most first."""
        told = []
        for name, rank in zip(found.reasons, found.ranks[k], strict=True):
            words, evidence = self._words(name, int(found.node[k]), short)
            if words and np.isfinite(rank):
                told.append(Reason(name, words, round(float(rank), 6), evidence))
        # What is as rare goes in the order of the reasons; how large one is comes last.
        told.sort(key=lambda reason: (-round(reason.rank, 2), found.reasons.index(reason.reason)))
        return [r for r in told if r.rank > WORTH_SAYING] or told[:1]

    def _words(
        self, name: str, node: int, short: tuple[float, float]
    ) -> tuple[str, list[Evidence]]:
        if name == "shortfall":
            return _shortfall(*short), []
        if name == "common_partners":
            return self._common(node)
        if name == "alike":
            return self._alike(node)
        if name == "related_themes":
            return self._related(node)
        if name == "complementary":
            return self._complementary(node)
        if name == "near":
            return self._near(node), []
        if name == "size":
            return self._size(node), []
        return self._helix(node), []

    def common(self, node: int) -> list[Evidence]:
        """Common partners with a name, those that tell most first: closest, and not everybody's."""
        n_there = np.asarray(
            self.ground.done.part @ activities_of(self.ground.done, [node])
        ).ravel()
        worth = self.worth(n_there)
        worth[node] = 0
        both = np.flatnonzero(worth > 0)
        order = both[np.lexsort((both, -np.round(worth[both], 9)))]
        return [
            Evidence(party.kind, party.id, party.name, int(self.with_seeker[m]), int(n_there[m]))
            for m in order
            if (party := self.party(int(m))) is not None
        ]

    def worth(self, n_there: Reals) -> Reals:
        """How much each node tells as a common partner: close to both, and not everybody's."""
        known = np.maximum(self.ground.so_far.degree, 2.0)
        return np.asarray(np.minimum(self.with_seeker, n_there) / np.log(known))

    def party(self, node: int) -> Party | None:
        """A node as a party; None for an organisation that cannot be named."""
        row = self.ground.rows[node]
        if isinstance(self.ground, Clusters):
            return about_cluster(row)
        return about_organisation(row) if row["known"] else None

    def _common(self, node: int) -> tuple[str, list[Evidence]]:
        found = self.common(node)
        if not found:
            return "", []
        kind = "cluster" if isinstance(self.ground, Clusters) else "organisation"
        shown = _in_words([self._short(each.name) for each in found[:NAMED]])
        if len(found) == 1:
            return f"{shown} works with both", found
        many = f"{len(found):,} other {kind}s work with both"
        return f"{many}, such as {shown}" if len(found) > NAMED else f"{shown} work with both", (
            found[:NAMED]
        )  # fmt: skip

    def _short(self, name: str) -> str:
        """Without the theme that all clusters of the layer have in their names."""
        whole = not isinstance(self.ground, Clusters) or self.ground.layer.of == "all"
        return name if whole else name.rpartition(", ")[0] or name

    def _alike(self, node: int) -> tuple[str, list[Evidence]]:
        here, there = self._counts(node)
        both = np.flatnonzero((here > 0) & (there > 0))
        order = both[np.lexsort((both, -np.minimum(here, there)[both]))][:NAMED]
        found = [self._theme(t, here, there) for t in order]
        if not found:
            return "", []
        parts = [f"{each.name} ({_activities(each.n_here)} and {each.n_there:,})" for each in found]
        return f"both are at work in {_in_words(parts)}", found

    def _related(self, node: int) -> tuple[str, list[Evidence]]:
        here, there = self._counts(node)
        near = self.ground.so_far.near - np.diag(np.diag(self.ground.so_far.near))
        # A theme that both do leads to nothing new.
        apart = (there == 0)[:, None] | (here == 0)[None, :]
        pull = np.round(np.outer(_share(here), _share(there)) * near * apart, 12)
        if not pull.size or pull.max() <= 0:
            return "", []
        a, b = np.unravel_index(int(np.argmax(pull)), pull.shape)
        found = [self._theme(int(a), here, there), self._theme(int(b), here, there)]
        return (
            f"{found[0].name} here ({_activities(found[0].n_here)}) goes with {found[1].name} "
            f"there ({found[1].n_there:,}): who does one often does the other"
        ), found

    def _complementary(self, node: int) -> tuple[str, list[Evidence]]:
        here, there = self._counts(node)
        one, other = _share(here), _share(there)
        more = np.round(other - one, 12)
        if not len(more) or not one.any() or not other.any() or more.max() <= 0:
            return "", []
        theirs, ours = int(np.argmax(more)), int(np.argmax(-more))
        found = [self._theme(theirs, here, there), self._theme(ours, here, there)]
        return (
            f"it does more in {found[0].name} ({_percent(other[theirs])} of its work with a theme, "
            f"{_percent(one[theirs])} here), and less in {found[1].name} "
            f"({_percent(other[ours])}, {_percent(one[ours])} here)"
        ), found

    def _near(self, node: int) -> str:
        so_far, own = self.seeker.so_far, self.seeker.node
        km = float(
            distance_km(so_far.lat[own], so_far.lon[own], so_far.lat[node], so_far.lon[node])
        )
        if not km <= FAR_KM:
            return ""
        return "it stands in the same place" if km < 1 else f"it is {km:,.0f} km away"

    def _size(self, node: int) -> str:
        n, others = int(self.ground.so_far.size[node]) - 1, int(self.ground.so_far.degree[node])
        return f"it works with {others:,} others, in {_activities(n)}"

    def _helix(self, node: int) -> str:
        if isinstance(self.ground, Clusters):
            mix = _helices(self.ground.rows[node])
            own = self.seeker.party
            if own.kind != "cluster" or own.id not in self.ground.at:
                return ""
            return f"its members are {mix}; here {_helices(self.ground.rows[self.seeker.node])}"
        here, there = self.seeker.party.helix, self.ground.rows[node]["helix"]
        bridge = {here, there} & {"industry"} and {here, there} & {
            "academia",
            "health",
            "government",
        }
        if not bridge or here not in _HELIX or there not in _HELIX:
            return ""
        return f"it is of {_HELIX[there]}, here is {_HELIX[here]}"

    def _counts(self, node: int) -> tuple[Reals, Reals]:
        themes = self.seeker.so_far.themes
        return themes[self.seeker.node], themes[node]

    def _theme(self, t: int, here: Reals, there: Reals) -> Evidence:
        name = str(self.ground.so_far.theme[t])
        label = self.labels.get(name) or name
        return Evidence("theme", name, label, int(here[t]), int(there[t]))


def _shortfall(shared: float, expected: float) -> str:
    if not np.isfinite(expected) or expected <= shared:
        return ""
    n = int(shared)
    there = f"there {'is' if n == 1 else 'are'} {n:,}" if n else "there is none"
    return (
        "their sizes, distance, border, languages and themes let one expect "
        f"{expected:.2g} shared activities; {there}"
    )


def _activities(n: int) -> str:
    return f"{n:,} {'activity' if n == 1 else 'activities'}"


def _in_words(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _share(counts: Reals) -> Reals:
    total = counts.sum()
    return np.asarray(counts / total) if total else np.zeros_like(counts)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _helices(row: dict[str, Any]) -> str:
    counts = [(row["helices"].count(h), h) for h in _MIX]
    said = [f"{n} of {_HELIX[h]}" for n, h in counts if n]
    return ", ".join(said) or "of none of academia, industry and the health system"
