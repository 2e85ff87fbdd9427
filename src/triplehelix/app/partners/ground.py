"""What partners are told from, prepared once per edition: who has done what with whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from triplehelix.app.languages import official_languages
from triplehelix.app.layers import Layer
from triplehelix.app.partners.area import Area
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.link import past
from triplehelix.link.joining import Work, work
from triplehelix.link.past import Past, Traits
from triplehelix.link.ppml import Fit
from triplehelix.link.shortfall import MOST_NODES, expectation
from triplehelix.query import Query
from triplehelix.read.nations import nations_of
from triplehelix.store.edition import Edition

Wholes = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ORGANISATIONS = """
    with funds as (
        select organisation_id, count(distinct activity_id) as n from atlas.parts
        where role = 'funder' group by organisation_id)
    select o.organisation_id as id, o.name, o.helix, coalesce(o.country, '') as country,
        s.lat, s.lon, t.place, t.cluster_id, t.cluster, o.parent_id, o.n_activities,
        coalesce(f.n, 0) >= o.n_activities as funder,
        -- Nobody can seek a body without a name, nor one that has become another.
        o.named and o.name <> o.organisation_id
            and o.organisation_id not in (select earlier_id from successors) as known
    from atlas.organisations o
    left join atlas.sites s on s.site_id = o.main_site_id
         and s.precision in ('address', 'postcode', 'district', 'city')
    left join atlas.stands t on t.site_id = o.main_site_id
    left join funds f on f.organisation_id = o.organisation_id
    order by o.organisation_id"""
_WORK = """
    select distinct activity_id, organisation_id as node from atlas.participations order by all"""
_THEMES = "select activity_id, theme from atlas.activity_themes where weight > 0 order by all"
_CLUSTERS = """
    select c.cluster_id as id, c.name, c.centre_lat as lat, c.centre_lon as lon, c.countries,
        c.n_activities, list(m.helix order by m.organisation_id) as helices
    from atlas.clusters c left join atlas.cluster_members m using (cluster_id)
    where c.level = $level and c.theme = $of and c.period = $period
    group by all order by id"""
_CLUSTER_WORK = """
    select a.cluster_id as node, a.activity_id
    from atlas.cluster_activities a join atlas.clusters c using (cluster_id)
    where c.level = $level and c.theme = $of and c.period = $period order by all"""
_MEMBERS = """
    select distinct organisation_id from atlas.memberships where cluster_id = $cluster order by 1"""


@dataclass(frozen=True, eq=False)
class Ground:
    """The past of nodes, the work it was made of, and a row about each node."""

    so_far: Past
    done: Work
    rows: list[dict[str, Any]]

    @cached_property
    def at(self) -> dict[str, int]:
        """The index of each node, by its id."""
        return {str(node): k for k, node in enumerate(self.so_far.node)}

    def indices(self, ids: Iterable[str]) -> Wholes:
        """The nodes of these ids that have done anything, in order."""
        return np.array(sorted(self.at[i] for i in ids if i in self.at), dtype=np.int64)

    def where(self, column: str) -> NDArray[Any]:
        """One column of the rows."""
        return np.array([row[column] for row in self.rows])


@dataclass(frozen=True, eq=False)
class Organisations(Ground):
    """Every organisation with an activity; funders' parts do not count."""

    @cached_property
    def eligible(self) -> Flags:
        """Those that may be named to another: with a name, not ended, not funders."""
        return np.asarray(self.where("known") & ~self.where("funder"), dtype=bool)

    @cached_property
    def nations(self) -> NDArray[np.str_]:
        """In which nation of the United Kingdom each stands; empty where unknown or elsewhere."""
        found = np.zeros(len(self.rows), dtype="U20")
        british = np.flatnonzero(self.so_far.country == "GB")
        told = nations_of(self.so_far.lat[british], self.so_far.lon[british])
        found[british] = [nation or "" for nation in told]
        return found

    def within(self, area: Area) -> Flags:
        """Which ones stand in a part of the world."""
        here = np.isin(self.so_far.country, area.countries)
        return np.asarray(here & (self.nations == area.nation) if area.nation else here)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for row in self.rows:
            if row["parent_id"]:
                below.setdefault(row["parent_id"], []).append(row["id"])
        return below

    def family(self, ids: Iterable[str]) -> Wholes:
        """These organisations, those above them, and those below."""
        above = {row["id"]: row["parent_id"] for row in self.rows if row["parent_id"]}
        found = set(ids)
        for start in list(found):
            own = above.get(start)
            while own and own not in found:
                found.add(own)
                own = above.get(own)
        waiting = list(ids)
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return self.indices(found)


@dataclass(frozen=True, eq=False)
class Clusters(Ground):
    """The clusters of one layer, and what gravity lets one expect of any two."""

    layer: Layer
    expected_by: Fit | None

    def within(self, area: Area) -> Flags:
        """Which ones reach into a part of the world."""
        here = np.array([not set(area.countries).isdisjoint(r["countries"]) for r in self.rows])
        if area.nation:
            nations = nations_of(self.so_far.lat, self.so_far.lon)
            here &= np.array([nation == area.nation for nation in nations])
        return here.astype(bool)


@once_per_edition
def organisations(edition: Edition) -> Organisations:
    """The ground on which organisations are asked about."""
    asked = prepare(edition)
    rows = asked.rows(Query("organisations", _ORGANISATIONS))
    done = asked.arrow(Query("work", _WORK))
    so_far, did = _past(asked, done, rows, [row["helix"] for row in rows])
    by_id = {row["id"]: row for row in rows}
    return Organisations(so_far, did, [by_id[str(node)] for node in so_far.node])


@once_per_edition
def clusters(edition: Edition, layer: Layer) -> Clusters:
    """The ground on which the clusters of one layer are asked about."""
    asked = prepare(edition)
    rows = asked.rows(Query("clusters", _CLUSTERS, layer._asdict()))
    for row in rows:
        row["country"] = row["countries"][0] if len(row["countries"]) == 1 else ""
    done = asked.arrow(Query("work", _CLUSTER_WORK, layer._asdict()))
    so_far, did = _past(asked, done, rows, ["unknown"] * len(rows))
    by_id = {row["id"]: row for row in rows}
    kept = [by_id[str(node)] for node in so_far.node]
    few = len(kept) <= MOST_NODES
    return Clusters(so_far, did, kept, layer, expectation(so_far, did) if few else None)


def members_of(edition: Edition, cluster_id: str) -> list[str]:
    """The organisations of a cluster."""
    asked = Query("members", _MEMBERS, {"cluster": cluster_id})
    return [str(row["organisation_id"]) for row in prepare(edition).rows(asked)]


def _past(
    edition: Edition, done: pa.Table, rows: list[dict[str, Any]], helix: list[str]
) -> tuple[Past, Work]:
    themes = edition.arrow(Query("themes", _THEMES))
    of = (_texts(themes, "activity_id"), _texts(themes, "theme"))
    did, who = _texts(done, "activity_id"), _texts(done, "node")
    traits = Traits(
        [row["id"] for row in rows], _reals(rows, "lat"), _reals(rows, "lon"),
        [row["country"] for row in rows], helix, official_languages(),
    )  # fmt: skip
    return past(did, who, traits, themes=of), work(did, who, themes=of)


def _texts(table: pa.Table, column: str) -> NDArray[np.str_]:
    return np.asarray(table.column(column).to_numpy(zero_copy_only=False), dtype=str)


def _reals(rows: list[dict[str, Any]], column: str) -> NDArray[np.float64]:
    return np.array([np.nan if row[column] is None else row[column] for row in rows], dtype=float)
