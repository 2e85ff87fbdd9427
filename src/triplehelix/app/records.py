"""The rows of the sources that stand behind an organisation, an activity or a participation."""

from dataclasses import dataclass

from triplehelix.query import Query
from triplehelix.store.edition import Edition


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a source gave it, and how it was matched."""

    record_id: str
    source: str
    source_record_id: str | None
    file: str | None
    entity_kind: str | None
    name: str | None
    matched_how: str | None
    match_probability: float | None
    confidence: str | None
    source_url: str | None
    note: str | None


_COLUMNS = """record_id, source, source_record_id, file, entity_kind, name, matched_how,
              match_probability, confidence, source_url, note"""
MOST = 200


def records_of(edition: Edition, entity_id: str) -> list[Record]:
    """The records of an organisation or an activity, at most 200, in the order of their ids."""
    sql = f"""select {_COLUMNS} from atlas.records where entity_id = $entity
              order by record_id limit {MOST}"""
    return [Record(**row) for row in edition.rows(Query("records", sql, {"entity": entity_id}))]
