"""Small landscapes, and the steps run over them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from triplehelix import link
from triplehelix.query import Query
from triplehelix.tables import EDITION

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def links() -> Callable[..., pa.Table]:
    """Links (or roles) of a landscape given as rows per table; a table left out is empty."""

    def run(made_table: str = "links", periods: Sequence[str] = (), **tables: Rows) -> pa.Table:
        with duckdb.connect(config={"threads": 2}) as database:
            for name, spec in EDITION.items():
                given = pa.Table.from_pylist(list(tables.get(name, [])), schema=spec.schema)
                database.register("given", given)
                name = "found_clusters" if name == "clusters" else name
                database.execute(f'create table "{name}" as select * from given')
            for step in link.steps({}, periods):
                if isinstance(step, Query):
                    database.execute(f"create table made as {step.sql}", step.values)
                else:
                    made = step.function(*(database.table(t).to_arrow_table() for t in step.reads))
                    database.register("given", made)
                    database.execute("create table made as select * from given")
                database.execute(f"drop table if exists {step.makes}")
                database.execute(f"alter table made rename to {step.makes}")
            return database.table(made_table).to_arrow_table()

    return run
