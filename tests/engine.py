"""Running a stage's steps on small tables, as the store does, for tests of the stages."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from triplehelix.query import Step
from triplehelix.store.engine import connection
from triplehelix.store.stages import SCHEMAS

Rows = Iterable[Mapping[str, Any]]


def tables_after(
    steps: Iterable[Step], wanted: Iterable[str], **given: Rows
) -> dict[str, list[dict[str, Any]]]:
    """
    The rows of the wanted tables after the steps, sorted by their text.

    Tables that are not given are empty; columns that are not given are NULL.
    """
    with connection() as engine:
        for name, schema in SCHEMAS.items():
            rows = [dict.fromkeys(schema.names) | dict(row) for row in given.get(name, ())]
            engine.give(name, pa.Table.from_pylist(rows, schema=_nullable(schema)))
        for step in steps:
            engine.database.execute(f'drop table if exists "{step.makes}"')
            engine.run([step])
        return {name: sorted(engine.table(name).to_pylist(), key=str) for name in wanted}


def _nullable(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(field.name, field.type) for field in schema])
