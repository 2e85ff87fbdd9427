"""
What search reads, held in memory: arrays that follow the database, change by change.

A `Snapshot` is immutable; a change makes a new one that shares what has not changed. It holds
everything of everybody, under the conditions' numbers: only `searching`, through a `Sight`, asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, func, literal_column, select

from triplehelix.store.registry import second_lock
from triplehelix.store.registry.search_segments import (
    PieceRow,
    Segment,
    Vocabulary,
    merged,
    segment,
)
from triplehelix.store.registry.search_tables import SEARCH_FEED, SEARCH_PIECES
from triplehelix.store.registry.tables import RECORD_PLACES, RECORDS

KINDS = ("asset", "member", "network")
# A segment is merged with what came before it once it is not this many times smaller.
_TIMES_SMALLER = 8
# Up to so many slots at the end are one segment: going through several costs more than merging.
_LATEST = 512
_AT_ONCE = 500
_COLUMNS = {
    "kind": np.int8, "asset_kind": np.int16, "itself": np.int32, "member": np.int32,
    "network": np.int32, "condition": np.int32, "place_condition": np.int32,
    "lat": np.float64, "lon": np.float64, "name_key": np.uint64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    The registry's records at slots 0, 1, ...; a changed record gets a new slot, its old one dies.

    Condition 0 is met by everybody.
    `n_public[kind]` counts the public records, `n_with[kind, word]` those that have a word in
    public. `others` are the slots of what is no asset. `place_condition` is -1 where a record has
    no place; holders and conditions go by the numbers of `shared`.
    """

    upto: int
    n: int
    alive: NDArray[np.bool_]
    columns: dict[str, NDArray[Any]]
    segments: tuple[Segment, ...]
    n_public: NDArray[np.int64]
    n_with: NDArray[np.int32]
    others: NDArray[np.intp]
    shared: "_Shared"


class Numbers:
    """Texts and their numbers, in the order they were met; it only grows."""

    def __init__(self, *first: str) -> None:
        self.texts: list[str] = []
        self.numbers: dict[str, int] = {}
        for text in first:
            self.number(text)

    def number(self, text: str | None) -> int:
        """The number of a text, a new one if it has none; -1 for none."""
        if text is None:
            return -1
        found = self.numbers.get(text)
        if found is None:
            found = len(self.texts)
            self.texts.append(text)
            self.numbers[text] = found
        return found


class _Shared:
    """What snapshots share: it only grows, and each reads it no further than its own `n`."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.names: list[str] = []
        self.vocabulary = Vocabulary()
        self.holders = Numbers()
        self.conditions = Numbers("everybody")
        self.asset_kinds = Numbers()
        # Of the newest snapshot alone; used where a newer one is made.
        self.slot_of: dict[str, int] = {}
        self._buffers = {name: np.empty(1024, kind) for name, kind in _COLUMNS.items()}

    def append(
        self, n: int, ids: list[str], names: list[str], values: dict[str, list[Any]]
    ) -> None:
        """Put records at the slots from `n` on."""
        self.ids[n:], self.names[n:] = ids, names
        for name, new in values.items():
            if n + len(new) > len(self._buffers[name]):
                larger = np.empty((n + len(new)) * 3 // 2, _COLUMNS[name])
                larger[:n] = self._buffers[name][:n]
                self._buffers[name] = larger
            self._buffers[name][n : n + len(new)] = new

    def columns(self, n: int) -> dict[str, NDArray[Any]]:
        """The columns of the slots below `n`."""
        return {name: buffer[:n] for name, buffer in self._buffers.items()}


class _Held:
    def __init__(self) -> None:
        self.lock = Lock()
        self.snapshot: Snapshot | None = None


_HELD: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()
_HELD_LOCK = Lock()


def snapshot(connection: Connection) -> Snapshot:
    """The registry as this transaction sees it, or as a later one does."""
    if connection.info.get("writes"):
        # What is not kept yet may never be: nobody else gets to see it.
        return _caught_up(connection, None)
    with _HELD_LOCK:
        held = _HELD.setdefault(connection.engine, _Held())
    with held.lock:
        held.snapshot = _caught_up(connection, held.snapshot)
        return held.snapshot


def _caught_up(connection: Connection, old: Snapshot | None) -> Snapshot:
    upto, ceiling = _moments(connection)
    if old is None or (upto >= old.upto and _mostly_dead(old)):
        return _from_nothing(connection, upto)
    if upto < old.upto:
        # This transaction began before the one that was read last: what is newer is no worse.
        return old
    changed = _changed(connection, old.upto, ceiling) if ceiling > old.upto else []
    if not changed:
        return replace(old, upto=upto)
    return _with_changes(connection, old, changed, upto)


def _moments(connection: Connection) -> tuple[int, int]:
    """
    All changes before the first number are here already; none is at or after the second.

    On PostgreSQL transactions end in any order: those before the oldest that still runs are done.
    """
    if connection.dialect.name == "postgresql":
        oldest: Any = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        next_: Any = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        row = connection.execute(select(oldest, next_)).one()
        return int(row[0]), int(row[1])
    last = connection.scalar(select(func.max(SEARCH_FEED.c.at)))
    return int(last or 0) + 1, int(last or 0) + 1


def _changed(connection: Connection, since: int, ceiling: int) -> list[str]:
    at = SEARCH_FEED.c.at
    asked = select(SEARCH_FEED.c.record_id).where(at >= since, at < ceiling)
    return sorted(connection.scalars(asked))


def _mostly_dead(old: Snapshot) -> bool:
    return old.n > 10_000 and int(old.alive.sum()) < old.n / 2


def _from_nothing(connection: Connection, upto: int) -> Snapshot:
    shared = _Shared()
    n_with = np.zeros((len(KINDS), 0), np.int32)
    n_public, others = np.zeros(len(KINDS), np.int64), np.empty(0, np.intp)
    empty = Snapshot(upto, 0, np.empty(0, bool), shared.columns(0), (), n_public, n_with, others,
                     shared)  # fmt: skip
    return _added(empty, *_rows(connection, None), upto)


def _with_changes(
    connection: Connection, old: Snapshot, changed: Sequence[str], upto: int
) -> Snapshot:
    slot_of = old.shared.slot_of
    gone = sorted(slot_of[each] for each in changed if each in slot_of)
    alive, n_public, n_with = old.alive.copy(), old.n_public.copy(), old.n_with.copy()
    alive[gone] = False
    _count(old, gone, -1, n_public, n_with)
    left = replace(old, alive=alive, n_public=n_public, n_with=n_with)
    found: tuple[list[Any], ...] = ([], [], [])
    for n in range(0, len(changed), _AT_ONCE):
        for all_, some in zip(found, _rows(connection, changed[n : n + _AT_ONCE]), strict=True):
            all_.extend(some)
    new = _added(left, found[0], found[1], found[2], upto)
    for each in set(changed) - {row.record_id for row in found[0]}:
        slot_of.pop(each, None)
    return new


def _rows(connection: Connection, ids: Sequence[str] | None) -> tuple[Any, Any, Any]:
    """Records, pieces and places, each by record id; of all records where `ids` is None."""

    def of(asked: Select[Any], table: Any) -> Any:
        wanted = asked if ids is None else asked.where(table.c.record_id.in_(ids))
        return connection.execute(wanted.order_by(*_order(table))).all()

    r, p, w = RECORDS.c, SEARCH_PIECES.c, RECORD_PLACES.c
    records = select(r.record_id, r.kind, r.sort_name, r.asset_kind, r.member_id, r.network_id,
                     r.seen_by).where(r.kind.in_(KINDS))  # fmt: skip
    pieces = select(p.record_id, p.seen_by, p.words, p.weights)
    places = select(w.record_id, w.seen_by, w.lat, w.lon)
    with second_lock.before(connection):
        return of(records, RECORDS), of(pieces, SEARCH_PIECES), of(places, RECORD_PLACES)


def _order(table: Any) -> list[Any]:
    return [table.c.record_id, table.c.seen_by] if table is not RECORDS else [table.c.record_id]


def _added(
    old: Snapshot, records: Sequence[Any], pieces: Iterable[Any], places: Iterable[Any], upto: int
) -> Snapshot:
    if not records:
        return replace(old, upto=upto)
    shared, low, high = old.shared, old.n, old.n + len(records)
    slot_of = {row.record_id: low + n for n, row in enumerate(records)}
    placed = {row.record_id: row for row in places}
    made = [_column_values(shared, row, placed.get(row.record_id)) for row in records]
    shared.append(low, list(slot_of), [row.sort_name for row in records],
                  {name: [each[name] for each in made] for name in _COLUMNS})  # fmt: skip
    rows = [
        PieceRow(slot_of[p.record_id], shared.conditions.number(p.seen_by), p.words, p.weights)
        for p in pieces if p.record_id in slot_of
    ]  # fmt: skip
    fresh = segment(rows, shared.vocabulary, low, high)
    alive = np.concatenate([old.alive, np.ones(len(records), bool)])
    n_with = np.zeros((len(KINDS), len(shared.vocabulary.words)), np.int32)
    n_with[:, : old.n_with.shape[1]] = old.n_with
    n_public = old.n_public.copy()
    columns = shared.columns(high)
    others = low + np.flatnonzero(columns["kind"][low:] != 0)
    new = Snapshot(upto, high, alive, columns, (fresh,), n_public, n_with,
                   np.concatenate([old.others, others]), shared)  # fmt: skip
    _count(new, range(low, high), 1, n_public, n_with)
    shared.slot_of.update(slot_of)
    return replace(new, segments=_tiered((*old.segments, fresh), alive, shared.vocabulary))


def _column_values(shared: _Shared, row: Any, place: Any) -> dict[str, Any]:
    return {
        "kind": KINDS.index(row.kind), "asset_kind": shared.asset_kinds.number(row.asset_kind),
        "itself": shared.holders.number(row.record_id),
        "member": shared.holders.number(row.member_id),
        "network": shared.holders.number(row.network_id),
        "condition": shared.conditions.number(row.seen_by),
        "place_condition": -1 if place is None else shared.conditions.number(place.seen_by),
        "lat": np.nan if place is None else place.lat,
        "lon": np.nan if place is None else place.lon,
        "name_key": name_key(row.sort_name),
    }  # fmt: skip


def name_key(name: str) -> int:
    """A number that sorts as names do, as far as its 8 bytes of the folded name go."""
    return int.from_bytes(name.casefold().encode(errors="replace")[:8].ljust(8, b"\0"), "big")


def _tiered(
    segments: tuple[Segment, ...], alive: NDArray[np.bool_], vocabulary: Vocabulary
) -> tuple[Segment, ...]:
    kept = list(segments)
    while len(kept) > 1 and (
        kept[-1].high - kept[-2].low <= _LATEST
        or len(kept[-2].word_of) < _TIMES_SMALLER * len(kept[-1].word_of)
    ):
        kept[-2:] = [merged(kept[-2:], alive, vocabulary)]
    return tuple(kept)


def _count(
    of: Snapshot, slots: Sequence[int], by: int, n_public: NDArray[np.int64],
    n_with: NDArray[np.int32],
) -> None:  # fmt: skip
    """Count the public records at some slots, and their public words, in or out."""
    if not len(slots):
        return
    kind = of.columns["kind"]
    all_ = np.asarray(slots)
    counted = all_[of.columns["condition"][all_] == 0]
    n_public += by * np.bincount(kind[counted], minlength=len(KINDS))
    for each in of.segments:
        places = each.at([slot for slot in slots if each.low <= slot < each.high])
        places = places[each.postings.condition[places] == 0]
        np.add.at(n_with, (kind[each.postings.slot[places]], each.word_of[places]), by)
