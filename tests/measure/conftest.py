"""Small landscapes, and the steps run over them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from triplehelix import measure
from triplehelix.measure import Thresholds
from triplehelix.query import Query
from triplehelix.tables import ALL

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def profiles() -> Callable[..., pa.Table]:
    """Profiles (or clusters) of a landscape given as rows per table; one left out is empty."""

    def run(
        made: str = "profiles", thresholds: Thresholds | None = None, **tables: Rows
    ) -> pa.Table:
        with duckdb.connect(config={"threads": 2}) as database:
            for name, spec in ALL.items():
                given = pa.Table.from_pylist(list(tables.get(name, [])), schema=spec.schema)
                database.register("given", given)
                database.execute(f'create table "{name}" as select * from given')
            for step in measure.steps(thresholds or Thresholds()):
                if isinstance(step, Query):
                    database.execute(f"create table made as {step.sql}", step.values)
                else:
                    table = step.function(*(database.table(t).to_arrow_table() for t in step.reads))
                    database.register("given", table)
                    database.execute("create table made as select * from given")
                database.execute(f"drop table if exists {step.makes}")
                database.execute(f"alter table made rename to {step.makes}")
            return database.table(made).to_arrow_table()

    return run
