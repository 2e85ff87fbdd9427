"""Rows of profiles on how far each cluster's joint work reaches, beside what to expect."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.link import counted
from triplehelix.link.performing import (
    Label,
    Participants,
    Performers,
    labels,
    layers,
    performers,
)
from triplehelix.link.profile_table import profile_table
from triplehelix.link.role import SCOPES, Role, Taking, role_of
from triplehelix.stats import wilson_interval

# A theme or period with fewer shared activities than this says nothing of a cluster's role.
LEAST_SHARED = 5
_SHARE = "of the ends of pairs in its shared activities; 95 % by Wilson's score on the effective " \
    "number of activities (Kish)"  # fmt: skip
_BY_SIZE = "if partners were dealt out by how much they work together (configuration model)"
_BY_PLACE = "by gravity (size, distance, border, languages, themes), of what does not stay local"
_SECTOR = "of what goes beyond the cluster to participants of a known sector; " + _SHARE

READS = (*counted.READS, "link_reach_expected")
Names = NDArray[np.str_]
_ByPlace = Mapping[tuple[str, ...], tuple[float, ...]]


def reach_rows(*tables: pa.Table) -> pa.Table:
    """
    The shares of each cluster's joint work that are local, national, international.

    Parameters
    ----------
    tables : those of `READS`; the last is from `expected_reach`.

    Returns
    -------
    Rows of `profiles`; `n` counts shared activities. Per scope of `SCOPES`:

    - `joint_local_share` and so on, with interval;
    - `joint_local_share_by_size` and so on: the configuration null of `role`;
    - `joint_national_share_by_place`, `joint_international_share_by_place`: what is not local
      (and not of unknown country), divided as gravity expects it.

    `joint_other_sector_share`, with its `_by_size`: of what goes beyond the cluster between
    participants of known sectors, the part between two sectors. For a theme or a period,
    clusters with `LEAST_SHARED` shared activities or more.
    """
    rows, organisations, members, clusters, labelled, by_place = tables
    done = performers(rows, organisations)
    ids = np.array(["", *clusters.sort_by("cluster")["cluster_id"].to_pylist()])
    place = {tuple(row.values())[:3]: tuple(row.values())[3:] for row in by_place.to_pylist()}
    told = list(labels(labelled, done.n_activities))
    return profile_table(
        (*row, label.theme, label.period)
        for number, there in layers(done, members) if number > 0
        for label in told
        for row in _rows(done, there.of(label.activities), label, ids, place)
    )  # fmt: skip


def _rows(
    done: Performers, there: Participants, label: Label, ids: Names, place: _ByPlace
) -> Iterator[tuple[Any, ...]]:
    """Of one layer and label; in the second shares other sectors stand for other countries."""
    shares, sectors = (
        role_of(Taking(there.start, there.organisation, there.cluster, kind[there.organisation]),
                ids)
        for kind in (done.country, done.helix)
    )  # fmt: skip
    least = 1 if (label.theme, label.period) == ("all", "all") else LEAST_SHARED
    for k in np.flatnonzero(shares.n_activities >= least).tolist():
        cluster = str(shares.group[k])
        yield from _scope_rows(shares, k)
        yield from _place_rows(shares, k, place, (cluster, label.theme, label.period))
        yield from _sector_rows(sectors, cluster)


def _scope_rows(found: Role, k: int) -> list[tuple[Any, ...]]:
    cluster, n = str(found.group[k]), int(found.n_activities[k])
    rows: list[tuple[Any, ...]] = []
    for s, scope in enumerate(SCOPES):
        name = f"joint_{scope}_share"
        bounds = (found.low[k, s], found.high[k, s])
        rows.append((cluster, name, found.share[k, s], *bounds, n, _SHARE))
        rows.append((cluster, f"{name}_by_size", found.by_size[k, s], None, None, n, _BY_SIZE))
    return rows


def _place_rows(
    found: Role, k: int, by_place: _ByPlace, key: tuple[str, str, str]
) -> list[tuple[Any, ...]]:
    if key not in by_place:
        return []
    beyond = float(found.share[k, 1:].sum())
    share, low, high = (beyond * each for each in by_place[key])
    n = int(found.n_activities[k])
    national, international = (f"joint_{scope}_share_by_place" for scope in SCOPES[1:])
    return [
        (key[0], national, share, low, high, n, _BY_PLACE),
        (key[0], international, beyond - share, beyond - high, beyond - low, n, _BY_PLACE),
    ]


def _sector_rows(sectors: Role, cluster: str) -> list[tuple[Any, ...]]:
    k = int(np.searchsorted(sectors.group, cluster))
    beyond, by_size = sectors.share[k, 1:].sum(), sectors.by_size[k, 1:].sum()
    if not (beyond > 0 and by_size > 0):
        return []
    name, n = "joint_other_sector_share", int(sectors.n_activities[k])
    share = sectors.share[k, -1] / beyond
    draws = sectors.effective[k] * beyond
    low, high = (float(bound) for bound in wilson_interval(share * draws, draws))
    null = sectors.by_size[k, -1] / by_size
    return [
        (cluster, name, share, low, high, n, _SECTOR),
        (cluster, f"{name}_by_size", null, None, None, n, _BY_SIZE),
    ]
