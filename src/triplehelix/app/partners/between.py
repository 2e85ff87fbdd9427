"""All that speaks for two working together: what they share, with whom, and in what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triplehelix.app.partners.area import area_named
from triplehelix.app.partners.ground import Clusters, Ground, clusters, organisations
from triplehelix.app.partners.parties import (
    Party,
    Seeker,
    about_cluster,
    about_organisation,
    as_cluster,
    as_country,
    as_country_among,
    as_members,
    as_organisation,
    layer_of_cluster,
)
from triplehelix.app.partners.reasons import Telling
from triplehelix.app.prepared import prepare
from triplehelix.app.theme import themes
from triplehelix.errors import InputError, UnknownName
from triplehelix.query import Query
from triplehelix.sphere import distance_km
from triplehelix.store.edition import Edition

Reals = NDArray[np.float64]
KINDS = ("cluster", "organisation", "country")
COMMON_SHOWN = 30
ACTIVITIES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Shared:
    """An activity, with its first and last day if known."""

    activity_id: str
    title: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Common:
    """Somebody who works with both: how much with each, and the newest activities of it."""

    party: Party
    n_with_a: int
    n_with_b: int
    with_a: list[Shared]
    with_b: list[Shared]


@dataclass(frozen=True, slots=True)
class InTheme:
    """Activities of each in a theme, and the newest of them."""

    theme: str
    label: str
    n_a: int
    n_b: int
    of_a: list[Shared]
    of_b: list[Shared]


@dataclass(frozen=True, slots=True)
class Between:
    """
    What there is between two parties.

    `shared` has the newest of `n_shared` activities of both; `common` the first of `n_common`
    that work with both, those that tell most first; `themes` those of either; `distance_km`
    is None where a place is unknown.
    """

    a: Party
    b: Party
    distance_km: float | None
    n_shared: int
    shared: list[Shared]
    n_common: int
    common: list[Common]
    themes: list[InTheme]


def between(edition: Edition, a: str, b: str) -> Between:
    """
    All that speaks for two working together.

    Parameters
    ----------
    a, b : each `KIND:ID`, such as `cluster:1da9ca1bd82ae9ad`, `organisation:ror:013meh722` or
        `country:JP`. Two clusters must be of one layer.

    Raises
    ------
    UnknownName
        If the edition has no such party, or it has taken part in nothing.
    InputError
        If a party is not written so, or there is nothing to compare it with on one ground.
    """
    sides = [_written(each) for each in (a, b)]
    ground, (one, other) = _grounded(prepare(edition), sides)
    telling = Telling(ground, one, {})
    common = _common(ground, telling, one, other)
    shown = common[:COMMON_SHOWN]
    labels = {row.theme: row.label for row in themes(edition)}
    about = _activities(edition, _wanted(ground, one, other))
    return Between(
        one.party, other.party, _distance(one, other),
        int((one.theirs * other.theirs).sum()), _newest(ground, one.theirs * other.theirs, about),
        len(common), [_told(ground, one, other, each, about) for each in shown],
        _themes(ground, one, other, (labels, about)),
    )  # fmt: skip


def _written(written: str) -> tuple[str, str]:
    kind, _, id_ = written.partition(":")
    if kind not in KINDS or not id_:
        raise InputError(
            f"{written!r} names nobody; write cluster:ID, organisation:ID or country:CODE"
        )
    return kind, id_


def _grounded(edition: Edition, sides: list[tuple[str, str]]) -> tuple[Ground, list[Seeker]]:
    """Both on one ground: among clusters if neither is an organisation, else among these."""
    kinds = {kind for kind, _ in sides}
    people = organisations(edition)
    if "organisation" in kinds or kinds == {"country"}:
        return people, [_among_people(edition, kind, id_) for kind, id_ in sides]
    layers = {layer_of_cluster(edition, id_) for kind, id_ in sides if kind == "cluster"}
    if len(layers) > 1:
        raise InputError(
            f"{sides[0][1]!r} and {sides[1][1]!r} are clusters of two layers; compare clusters of "
            "one level, theme and period"
        )
    ground = clusters(edition, layers.pop())
    found = [
        as_cluster(ground, id_) if kind == "cluster"
        else as_country_among(ground, people, area_named(id_))
        for kind, id_ in sides
    ]  # fmt: skip
    return ground, [_there(each, id_) for each, (_, id_) in zip(found, sides, strict=True)]


def _among_people(edition: Edition, kind: str, id_: str) -> Seeker:
    people = organisations(edition)
    if kind == "organisation":
        return _there(as_organisation(edition, people, id_), id_)
    if kind == "cluster":
        return _there(as_members(edition, people, id_), id_)
    return _there(as_country(people, area_named(id_)), id_)


def _there(found: Seeker | None, id_: str) -> Seeker:
    if found is None:
        raise UnknownName(
            f"{id_!r} has taken part in nothing in this edition; look at its page for what is known"
        )
    return found


def _with(ground: Ground, seeker: Seeker) -> Reals:
    """Activities that each node shares with a party."""
    return np.asarray(ground.done.part @ seeker.theirs).ravel()


def _common(ground: Ground, telling: Telling, one: Seeker, other: Seeker) -> list[int]:
    worth = telling.worth(_with(ground, other))
    worth[other.members] = 0
    here = np.flatnonzero(worth > 0)
    order = here[np.lexsort((here, -np.round(worth[here], 9)))]
    return [int(k) for k in order if telling.party(int(k)) is not None]


def _wanted(ground: Ground, one: Seeker, other: Seeker) -> list[str]:
    either = (one.theirs > 0) | (other.theirs > 0)
    return [str(each) for each in ground.done.activity[either]]


def _activities(edition: Edition, wanted: list[str]) -> dict[str, Shared]:
    rows = edition.rows(
        Query(
            "activities",
            """
        select activity_id, title, start, "end" from atlas.activities
        where activity_id in (select unnest($wanted::varchar[]))""",
            {"wanted": wanted},
        )
    )
    return {row["activity_id"]: Shared(**row) for row in rows}


def _newest(ground: Ground, which: ArrayLike, about: dict[str, Shared]) -> list[Shared]:
    ids = ground.done.activity[np.asarray(which) > 0]
    known = [about[str(each)] for each in ids if str(each) in about]
    known.sort(key=lambda one: one.activity_id)
    known.sort(key=lambda one: one.start or date.min, reverse=True)
    return known[:ACTIVITIES_SHOWN]


def _told(
    ground: Ground, one: Seeker, other: Seeker, node: int, about: dict[str, Shared]
) -> Common:
    did = ground.done.part[[node]].toarray()[0]
    row: dict[str, Any] = ground.rows[node]
    party = about_cluster(row) if isinstance(ground, Clusters) else about_organisation(row)
    return Common(
        party, int((did * one.theirs).sum()), int((did * other.theirs).sum()),
        _newest(ground, did * one.theirs, about), _newest(ground, did * other.theirs, about),
    )  # fmt: skip


def _themes(
    ground: Ground, one: Seeker, other: Seeker, known: tuple[dict[str, str], dict[str, Shared]]
) -> list[InTheme]:
    labels, about = known
    n_a, n_b = one.theirs @ ground.done.themes, other.theirs @ ground.done.themes
    found = []
    for t in np.flatnonzero((n_a > 0) | (n_b > 0)):
        name = str(ground.so_far.theme[t])
        of = ground.done.themes[:, [t]].toarray()[:, 0]
        found.append(InTheme(
            name, labels.get(name) or name, int(n_a[t]), int(n_b[t]),
            _newest(ground, of * one.theirs, about), _newest(ground, of * other.theirs, about),
        ))  # fmt: skip
    found.sort(key=lambda each: (-min(each.n_a, each.n_b), -max(each.n_a, each.n_b), each.theme))
    return found


def _distance(one: Seeker, other: Seeker) -> float | None:
    a, b = one.party, other.party
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return round(float(distance_km(a.lat, a.lon, b.lat, b.lon)), 3)
