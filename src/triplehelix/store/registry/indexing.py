"""What is kept beside a record so that it is found: each row under its part's own condition."""

from typing import Any

from triplehelix.store.registry.search_index import piece_rows
from triplehelix.store.registry.search_tables import SEARCH_PIECES
from triplehelix.store.registry.tables import ASSET_CAPABILITIES, RECORD_PLACES

INDEXES = (ASSET_CAPABILITIES, RECORD_PLACES, SEARCH_PIECES)


def index_rows(record_id: str, parts: dict[str, dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    """
    The rows of each index for a record whose fields stand in parts, by condition.

    A capability or a place stands under the condition of the part that says it.
    """
    capabilities = [
        {"record_id": record_id, "seen_by": seen_by, "capability": one}
        for seen_by, fields in parts.items()
        for one in sorted(set(fields.get("capabilities", [])))
    ]
    places = [
        {"record_id": record_id, "seen_by": seen_by, "lat": place["lat"], "lon": place["lon"]}
        for seen_by, fields in parts.items()
        if (place := fields.get("place")) and "lat" in place and place["lat"] is not None
    ]
    pieces = piece_rows(record_id, parts)
    return {ASSET_CAPABILITIES: capabilities, RECORD_PLACES: places, SEARCH_PIECES: pieces}
