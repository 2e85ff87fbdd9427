"""The three formats of assets alone (UNIQUIP, Jisc, PIDINST) under one face."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from triplehelix.registry.exchange import jisc, pidinst, uniquip
from triplehelix.registry.exchange.taking import SourceRow, Taken, identifier
from triplehelix.registry.records import Record
from triplehelix.store.registry.sight import Sight


class Laying(Protocol):
    """Lays a row over fields; see `uniquip.taken`."""

    def __call__(
        self, row: SourceRow, before: Mapping[str, Any], facilities: Mapping[str, str],
        ids: Mapping[str, str], record_id: str | None,
    ) -> Taken: ...  # fmt: skip


class AssetForm(NamedTuple):
    """How a format lays a row over an asset, what row an asset gives, when the two agree."""

    taken: Laying
    shown: Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]]
    says_the_same: Callable[[Mapping[str, Any], Mapping[str, Any], str], bool]


ASSET_FORMS = {
    "uniquip": AssetForm(uniquip.taken, uniquip.row_of, uniquip.says_the_same),
    "jisc": AssetForm(
        lambda row, before, facilities, ids, record_id: jisc.taken(row, before, record_id),
        lambda fields, ids: jisc.object_of(fields),
        jisc.says_the_same,
    ),
    "pidinst": AssetForm(
        lambda row, before, facilities, ids, record_id: pidinst.taken(row, before, record_id),
        lambda fields, ids: pidinst.object_of(fields),
        pidinst.says_the_same,
    ),
}


def facility_ids(sight: Sight, records: Iterable[Record]) -> dict[str, str]:
    """The UNIQUIP ID of each asset that others are part of: its own, or else its record's."""
    wanted = sorted({part for record in records for part in record.fields.get("part_of") or []})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        for record in sight.records(wanted[start : start + 500], "asset"):
            found[record.record_id] = identifier(record.fields, uniquip.FORM) or record.record_id
    return found
