"""Who is named to one that seeks: those who may be, ranked, with the reasons."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triplehelix.app.layers import Layer
from triplehelix.app.partners.area import Area
from triplehelix.app.partners.basis import Basis, basis, weights
from triplehelix.app.partners.ground import Clusters, Ground, Organisations
from triplehelix.app.partners.parties import Party, Seeker, about_cluster, about_organisation
from triplehelix.app.partners.reasons import Reason, Telling
from triplehelix.app.theme import themes
from triplehelix.link.mixing import gain
from triplehelix.link.partners import BETWEEN_CLUSTERS, BETWEEN_ORGANISATIONS, Ranked, ranked
from triplehelix.link.shortfall import HARDLY, Short, short_of
from triplehelix.store.edition import Edition

Wholes = NDArray[np.int64]
MAIN = Layer(0, "all", "all")
_MIX = ("academia", "industry", "health")
# Said with learned weights alone: in equal parts how large one is does not count.
_LEARNED_TOO = ("size",)


@dataclass(frozen=True, slots=True)
class Partner:
    """
    Somebody to seek, and why.

    `n_shared` counts the activities shared so far, `expected` those to be expected by gravity
    (None where that cannot be told). `score` orders one list and means nothing beyond it.
    """

    party: Party
    score: float
    n_shared: int
    expected: float | None
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class PartnerList:
    """
    The first of `n_candidates`, the most promising first.

    `scope` is `clusters`; or of organisations `cluster` (the seeker's own), `country` (its
    own, beyond the cluster), `abroad`, `area` (in what was asked for) or `elsewhere`. `note`
    says what to mind of whom it names.
    """

    scope: str
    partners: list[Partner]
    n_candidates: int
    basis: Basis
    note: str | None


class Wish(NamedTuple):
    """What partners are to be like: where they are, what they work in, how many of them."""

    area: Area | None
    theme: str | None
    n: int


def clusters_for(edition: Edition, ground: Clusters, seeker: Seeker, wish: Wish) -> PartnerList:
    """Clusters that one hardly works with, ranked, the first of them told."""
    # A part of the world is a node of this ground only where it was joined to it.
    shared = np.zeros(len(seeker.so_far.node))
    shared[: len(ground.rows)] = np.asarray(ground.done.part @ seeker.theirs).ravel()
    may = _at_work(ground, wish.theme)
    if wish.area is not None:
        may &= ground.within(wish.area)
    may[seeker.members] = False
    short, note = _short(ground, seeker, np.flatnonzero(may), (shared, wish.n))
    node, n_shared, expected = short
    reasons = BETWEEN_CLUSTERS if seeker.party.kind == "cluster" else BETWEEN_CLUSTERS[:-1]
    learned = weights(edition, "cluster", ground.layer)
    given = {"shortfall": expected - n_shared, "helix_balance": _balance(ground, seeker, node)}
    found = ranked(seeker.so_far, seeker.node, node, reasons=reasons, weights=learned, given=given)
    at = {int(each): k for k, each in enumerate(node)}
    telling = Telling(ground, seeker, labels(edition))
    partners = []
    for k, each in enumerate(found.node[: wish.n]):
        seen, hoped = float(n_shared[at[int(each)]]), float(expected[at[int(each)]])
        partners.append(Partner(
            about_cluster(ground.rows[int(each)]), float(found.score[k]), int(seen),
            round(hoped, 6) if np.isfinite(hoped) else None,
            telling.reasons(found, k, (seen, hoped)),
        ))  # fmt: skip
    by = basis(edition, "cluster", ground.layer, n_reasons=len(reasons))
    return PartnerList("clusters", partners, len(node), by, note)


def _short(
    ground: Clusters, seeker: Seeker, may: Wholes, asked: tuple[NDArray[np.float64], int]
) -> tuple[Short, str | None]:
    """Those it hardly works with; where they are too few, all it works with less than expected."""
    shared, n = asked
    hardly, less = (
        short_of(seeker.so_far, shared, seeker.node, ground.expected_by, hardly=part).among(may)
        for part in (HARDLY, 1.0)
    )
    if len(hardly.node) >= n or len(less.node) == len(hardly.node):
        return hardly, None
    return less, (
        f"It works more than hardly with all but {len(hardly.node)} of them, so those are named "
        "with which it shares less than could be expected."
    )


def organisations_for(
    edition: Edition, people: Organisations, seeker: Seeker,
    scope: tuple[str, NDArray[np.bool_]], wish: Wish,
) -> PartnerList:  # fmt: skip
    """Organisations of a scope (its name, and who is in it) that one shares nothing with."""
    name, there = scope
    shared = np.asarray(people.done.part @ seeker.known).ravel()
    may = there & people.eligible & (shared == 0) & _at_work(people, wish.theme)
    may[seeker.members] = False
    may[people.family([people.rows[m]["id"] for m in seeker.members])] = False
    candidates = np.flatnonzero(may)
    learned = weights(edition, "organisation", MAIN)
    reasons = BETWEEN_ORGANISATIONS + (_LEARNED_TOO if learned else ())
    found = ranked(seeker.so_far, seeker.node, candidates, reasons=reasons, weights=learned)
    telling = Telling(people, seeker, labels(edition))
    best = found.first(wish.n)
    partners = [_organisation_partner(people, telling, best, k) for k in range(len(best.node))]
    single = seeker.party.kind == "organisation"
    n_shared = int(seeker.so_far.size[seeker.node]) - 1 if single else None
    by = basis(
        edition, "organisation", MAIN, n_reasons=len(BETWEEN_ORGANISATIONS), n_shared=n_shared
    )
    return PartnerList(name, partners, len(candidates), by, None)


def _organisation_partner(
    people: Organisations, telling: Telling, found: Ranked, k: int
) -> Partner:
    row = people.rows[int(found.node[k])]
    return Partner(
        about_organisation(row), float(found.score[k]), 0, None, telling.reasons(found, k)
    )


def _at_work(ground: Ground, theme: str | None) -> NDArray[np.bool_]:
    if theme is None:
        return np.ones(len(ground.rows), dtype=bool)
    column = np.flatnonzero(ground.so_far.theme == theme)
    return np.asarray(ground.so_far.themes[:, column].sum(axis=1) > 0)


def _balance(ground: Clusters, seeker: Seeker, node: Wholes) -> NDArray[np.float64]:
    if seeker.party.kind != "cluster":
        return np.full(len(node), np.nan)
    mix = np.array([[row["helices"].count(h) for h in _MIX] for row in ground.rows], dtype=float)
    return gain(mix, np.full(len(node), seeker.node), node)


def labels(edition: Edition) -> dict[str, str]:
    """What each theme is called."""
    return {row.theme: row.label for row in themes(edition)}
