"""Which records of the sources are one organisation: identifiers first, then names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from triplehelix.resolve.names import fold, name_key, without_parentheses
from triplehelix.tables import TEXT

RESOLUTION = pa.schema([("source", TEXT), ("source_record_id", TEXT), ("organisation_id", TEXT),
                        ("matched_how", TEXT)])  # fmt: skip

# A name given beside the main one (an acronym, a short name) must be this telling to match.
_TELLING_WORDS, _TELLING_LETTERS = 2, 10


class Candidate(NamedTuple):
    """An organisation of the reference registry under one of its names."""

    ror_id: str
    city: str
    own_name: bool  # the registry's own name for it, not an alias


class Directory(NamedTuple):
    """The reference registry, as it is asked: by name and country, by id, by successor."""

    by_name: Mapping[tuple[str, str], tuple[Candidate, ...]]
    known: frozenset[str]
    successors: Mapping[str, str]


def directory(reference: pa.Table) -> Directory:
    """Index `reference_organisations`; a withdrawn id and its names lead to what replaced it."""
    by_name: dict[tuple[str, str], set[Candidate]] = defaultdict(set)
    rows = reference.select(["ror_id", "name", "names", "acronyms", "country", "city", "status",
                             "successor_id"]).to_pylist()  # fmt: skip
    successors = {r["ror_id"]: r["successor_id"] for r in rows if r["successor_id"]}
    for row in rows:
        now = last_successor(row["ror_id"], successors)
        if row["status"] == "withdrawn" and now == row["ror_id"]:
            continue
        city = fold(row["city"] or "")
        for key, own in _keys(row):
            candidate = Candidate(now, city, own and now == row["ror_id"])
            by_name[key, row["country"] or ""].add(candidate)
    return Directory(
        {key: tuple(sorted(found)) for key, found in by_name.items()},
        frozenset(row["ror_id"] for row in rows),
        {earlier: last_successor(earlier, successors) for earlier in successors},
    )


def _keys(row: Mapping[str, Any]) -> set[tuple[str, bool]]:
    own = name_key(row["name"])
    others = {name_key(name) for name in row["names"] or ()}
    others.add(name_key(without_parentheses(row["name"])))
    others |= {name_key(f"{row['name']} {short}") for short in row["acronyms"] or ()}
    return {(own, True)} | {(key, False) for key in others - {own}} - {("", False), ("", True)}


def last_successor(ror_id: str, successors: Mapping[str, str]) -> str:
    """
    Follow successors to the end of the chain; a chain that bites its tail ends before that.

    Examples
    --------
    >>> last_successor("a", {"a": "b", "b": "c"})
    'c'
    """
    seen = {ror_id}
    while (following := successors.get(ror_id)) and following not in seen:
        seen.add(following)
        ror_id = following
    return ror_id


def resolve(records: pa.Table, reference: pa.Table) -> pa.Table:
    """
    Give each source record its organisation.

    Parameters
    ----------
    records : one row per source record: source, source_record_id, ror_ids[], identifiers[]
        (`scheme:value`), names[] (the main one first), country, cities[].
    reference : `reference_organisations`.

    Returns
    -------
    source, source_record_id, organisation_id, matched_how: `identifier` (the source gives a
    ROR id, or an identifier shared with a record that does), `name` (name and country lead to
    one organisation of the registry, or to that of another record), `same name` (no registry
    entry; joined with records of the same name, country and town), `own record`.
    """
    known = directory(reference)
    rows = records.sort_by([("source", "ascending"), ("source_record_id", "ascending")])
    asked: list[Asked] = []
    found: list[Found] = []
    # In batches, because as dictionaries all rows would take many times their room.
    for batch in rows.to_batches(max_chunksize=20_000):
        for row in batch.to_pylist():
            asked.append(_asked(row))
            found.append(_by_registry(row, known))
    _share([each.identifiers for each in asked], found, "identifier")
    _share([_telling(each, known) for each in asked], found, "name")
    _join_the_rest(asked, found)
    columns = [
        rows["source"], rows["source_record_id"],
        pa.array([f[0] for f in found if f], TEXT), pa.array([f[1] for f in found if f], TEXT),
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=RESOLUTION)


class Asked(NamedTuple):
    """What records are compared by among each other; `name` is `GB:its key`, or empty."""

    own_id: str
    identifiers: tuple[str, ...]
    name: str
    town: str


def _asked(row: Mapping[str, Any]) -> Asked:
    key = name_key(row["names"][0]) if row["names"] else ""
    return Asked(
        f"{row['source']}:{row['source_record_id']}",
        tuple(row["identifiers"] or ()),
        f"{row['country'] or ''}:{key}" if key else "",
        min((fold(city) for city in row["cities"] or ()), default=""),
    )


Found = tuple[str, str] | None


def _by_registry(row: Mapping[str, Any], known: Directory) -> Found:
    given = sorted({known.successors.get(ror_id, ror_id) for ror_id in row["ror_ids"] or ()})
    if given:
        return given[0], "identifier"
    for key in _record_keys(row):
        candidates = known.by_name.get((key, row["country"] or ""), ())
        if ror_id := _the_one(candidates, {fold(city) for city in row["cities"] or ()}):
            return ror_id, "name"
    return None


def _record_keys(row: Mapping[str, Any]) -> Iterable[str]:
    names = row["names"] or ()
    for i, name in enumerate(names):
        for key in (name_key(name), name_key(without_parentheses(name))):
            telling = len(key.split()) >= _TELLING_WORDS and len(key) >= _TELLING_LETTERS
            if key and (i == 0 or telling):
                yield key


def _the_one(candidates: tuple[Candidate, ...], cities: set[str]) -> str | None:
    """The only candidate; else the only one by its own name; else the only one in the town."""
    for kept in (
        candidates,
        [c for c in candidates if c.own_name],
        [c for c in candidates if c.city in cities],
    ):
        ids = {candidate.ror_id for candidate in kept}
        if len(ids) == 1:
            return ids.pop()
    return None


def _telling(asked: Asked, known: Directory) -> tuple[str, ...]:
    """The name's key, unless the registry has several organisations of that name."""
    country, _, key = asked.name.partition(":")
    namesakes = {candidate.ror_id for candidate in known.by_name.get((key, country), ())}
    return (asked.name,) if asked.name and len(namesakes) <= 1 else ()


def _share(keys: Sequence[tuple[str, ...]], found: list[Found], how: str) -> None:
    """Records without an organisation take that of the one organisation under their keys."""
    organisations: dict[str, set[str] | str] = {}
    for own, match in zip(keys, found, strict=True):
        for key in own if match else ():
            _add(organisations, key, match[0] if match else "")
    for i, own in enumerate(keys):
        if found[i] is None:
            shared = {one for key in own for one in _several(organisations.get(key, ()))}
            if len(shared) == 1:
                found[i] = shared.pop(), how


def _add(organisations: dict[str, set[str] | str], key: str, organisation: str) -> None:
    # Nearly every key has one organisation, and a set of one takes as much room as three texts.
    held = organisations.setdefault(key, organisation)
    if held != organisation:
        organisations[key] = {*_several(held), organisation}


def _several(held: Iterable[str]) -> Iterable[str]:
    return (held,) if isinstance(held, str) else held


def _join_the_rest(asked: Sequence[Asked], found: list[Found]) -> None:
    """Records of one name, country and town are one; it takes the smallest of their ids."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, each in enumerate(asked):
        if found[i] is None:
            groups[(each.name, each.town) if each.name else (each.own_id, "")].append(i)
    for members in groups.values():
        own = min(asked[i].own_id for i in members)
        for i in members:
            found[i] = own, "same name" if len(members) > 1 else "own record"
