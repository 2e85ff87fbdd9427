"""The sample registry: packaged public facts, tied to the organisations of an edition."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path

from triplehelix.app.registry.sample_calls import NAMES, call_texts, put_sample_calls
from triplehelix.app.registry.sample_rows import (
    COMPILED,
    Row,
    asset_fields,
    capacity_fields,
    member_fields,
    network_fields,
    rows,
)
from triplehelix.app.registry.successors import organisation_of
from triplehelix.query import Query
from triplehelix.registry.ids import RANDOM_BYTES, new_id
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.registry.visibility import Holder
from triplehelix.store.edition import Edition
from triplehelix.store.registry.capacities import put_capacity
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.networks import compose, join
from triplehelix.store.registry.opening import open_registry

TABLES = ("members", "networks", "memberships", "assets")
_PUBLIC = {"*": "public"}
# A cluster body speaks for one cluster, an alliance for every one its members stand in.
_SPEAKS_FOR = {"cluster body": 1, "alliance": None}


def sample_id(kind: str, key: str) -> str:
    """
    The id of a thing of the sample: told by what it is, so that two builds are alike.

    Only what is public to all may have such an id.
    """
    return new_id(kind, sha256(f"{kind} {key}".encode()).digest()[:RANDOM_BYTES])


def make_sample_registry(address: str, edition: Edition) -> None:
    """
    Fill a new registry with the sample: real bodies and what they share, and example calls that
    none of them made; all public.

    No capacity in it is available: each is stated, planned or past, as its source says. Nobody
    has an account in it, so that visitors read and change nothing.

    Parameters
    ----------
    address : of a registry that is empty or not there yet, as `open_registry` takes it.
    edition : whose organisations the members are; a member that it does not know has none.
    """
    registry = open_registry(address, clock=_compiled, ids=_counted())
    create_registry(registry)
    try:
        with registry.change(COMMAND_LINE) as change:
            members = _put_members(change, edition)
            _put_networks(change, edition, members)
            for row in rows("assets"):
                _put_asset(change, {**row, "member_name": members[row["member"]]["name"]})
            put_sample_calls(change, {name: sample_id("call", name) for name in NAMES})
    finally:
        registry.close()


def keep_sample_registry(path: Path, edition: Edition) -> bool:
    """
    Let an SQLite file hold the sample registry of an edition; False if it did already.

    What it was made of is written beside it. Another sample, or another edition, makes it anew.
    """
    note, key = path.with_name(f"{path.name}.made-of"), _made_of(edition)
    if path.exists() and note.exists() and note.read_text("utf-8") == key:
        return False
    for each in (note, *(path.with_name(path.name + end) for end in ("", "-wal", "-shm"))):
        each.unlink(missing_ok=True)
    make_sample_registry(str(path), edition)
    note.write_text(key, "utf-8")
    return True


def _made_of(edition: Edition) -> str:
    told = [edition.id, *call_texts().values(),
            *(str(sorted(row.items())) for name in TABLES for row in rows(name))]  # fmt: skip
    return sha256("\n".join(told).encode()).hexdigest()


def _compiled() -> datetime:
    return datetime.combine(COMPILED, time(), UTC)


def _counted() -> Callable[[str], str]:
    made: Counter[str] = Counter()

    def next_id(kind: str) -> str:
        made[kind] += 1
        return sample_id(kind, f"number {made[kind]}")

    return next_id


def _put_members(change: Change, edition: Edition) -> dict[str, dict[str, str]]:
    members = {}
    for row in rows("members"):
        known = organisation_of(edition, row["organisation"] or None)
        change.create("member", member_fields(row, known), visibility=_PUBLIC,
                      record_id=sample_id("member", row["id"]))  # fmt: skip
        members[row["id"]] = {"name": row["name"], "organisation_id": known or ""}
    return members


def _put_networks(change: Change, edition: Edition, members: dict[str, dict[str, str]]) -> None:
    networks, memberships = rows("networks"), rows("memberships")
    clusters = _clusters(edition)
    for row in networks:
        mine = [each for each in memberships if each["network"] == row["id"]]
        organisations = [members[each["member"]]["organisation_id"] for each in mine]
        spoken = _spoken_for(row["kind"], organisations, clusters, edition.id)
        change.create("network", network_fields(row, mine, spoken), visibility=_PUBLIC,
                      record_id=sample_id("network", row["id"]))  # fmt: skip
        for each in mine:
            join(change, sample_id("network", row["id"]), sample_id("member", each["member"]))
    for row in networks:
        if row["parts"]:
            below = tuple(sample_id("network", part) for part in row["parts"].split("|"))
            compose(change, sample_id("network", row["id"]), below)


def _put_asset(change: Change, row: Row) -> None:
    holder = Holder(sample_id("member", row["member"]))
    own = sample_id("asset", f"{row['organisation']}/{row['name']}")
    asset = change.create("asset", asset_fields(row), holder, visibility=_PUBLIC, record_id=own)
    capacity = capacity_fields(row)
    if capacity:
        put_capacity(change, asset, capacity)


def _clusters(edition: Edition) -> dict[str, list[tuple[str, str]]]:
    """(id, name) of the clusters that each organisation stands in."""
    asked = Query("clusters", """
        select distinct m.organisation_id, c.cluster_id, c.name
        from memberships m join clusters c using (cluster_id)
        where c.theme = 'all' and c.period = 'all' and c.level = 0
        order by m.organisation_id, c.name, c.cluster_id""")  # fmt: skip
    found: dict[str, list[tuple[str, str]]] = {}
    for row in edition.rows(asked):
        found.setdefault(row["organisation_id"], []).append((row["cluster_id"], row["name"]))
    return found


def _spoken_for(
    kind: str, organisations: list[str], clusters: dict[str, list[tuple[str, str]]], edition: str
) -> list[dict[str, str]]:  # fmt: skip
    if kind not in _SPEAKS_FOR:
        return []
    stand = Counter(each for one in organisations for each in clusters.get(one, []))
    ranked = sorted(stand, key=lambda each: (-stand[each], each[1], each[0]))
    return [{"cluster_id": one, "name": name, "edition": edition}
            for one, name in ranked[: _SPEAKS_FOR[kind]]]  # fmt: skip
