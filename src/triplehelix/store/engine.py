"""Running steps on DuckDB: the one place that holds a connection while an edition is built."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from triplehelix.errors import EditionError
from triplehelix.query import Query, Step

MEMORY_LIMIT = "1GiB"


@contextmanager
def connection(spill: Path | None = None, memory_limit: str = MEMORY_LIMIT) -> Iterator["Engine"]:
    """
    Open an engine on an empty database in memory, which spills into `spill` when it is full.

    Raises
    ------
    EditionError
        For DuckDB's and Arrow's own errors: no memory, a full disk, a damaged file, and values
        that a step cannot compute with; the message names the table at work.
    KeyboardInterrupt
        If Ctrl-C was pressed while DuckDB was at work.
    """
    with tempfile.TemporaryDirectory(dir=spill, prefix="spill-") as folder:
        database = _database(memory_limit, folder)
        engine = Engine(database)
        try:
            yield engine
        except (duckdb.InterruptException, RuntimeError) as err:
            # DuckDB takes Ctrl-C for itself while it computes, and says so in its own words.
            if "interrupted" in str(err).lower():
                raise KeyboardInterrupt from err
            raise
        except duckdb.OutOfMemoryException as err:
            raise EditionError(
                f"the build needs more than the {memory_limit} of memory it was given and could "
                f"not spill to disk ({_gist(err)}); free some disk space, or raise "
                "TRIPLEHELIX_MEMORY"
            ) from err
        except duckdb.IOException as err:
            raise EditionError(
                f"the disk could not be written or read while building ({_gist(err)}); free some "
                "space and run the same command again: finished stages are not repeated"
            ) from err
        except (duckdb.Error, pa.ArrowException) as err:
            raise EditionError(
                f"the table {engine.at} could not be made ({_gist(err)}); remove the folder "
                f"{spill}, in case a file in it is damaged, and run the same command again; if "
                "it fails again, please report this message"
            ) from err
        finally:
            database.close()


def _database(memory_limit: str, spill: str) -> duckdb.DuckDBPyConnection:
    try:
        database = duckdb.connect(":memory:", config={
            "memory_limit": memory_limit, "temp_directory": spill,
            "threads": os.cpu_count() or 1,
            "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        })  # fmt: skip
        database.execute("set enable_geoparquet_conversion = false")
        database.execute("set enable_progress_bar = false")  # it would stand among our answers
    except duckdb.Error as err:
        raise EditionError(
            f"no database with the memory limit {memory_limit!r} could be started "
            f"({_gist(err)}); set TRIPLEHELIX_MEMORY to a size such as 2GiB"
        ) from err
    return database


def _gist(err: BaseException) -> str:
    """The first line of an error: DuckDB goes on with advice for those who write SQL."""
    return str(err).strip().partition("\n")[0]


class Engine:
    """A DuckDB database in which steps make tables; `at` is the table at work."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database
        self.at = ""

    def see(self, tables: Mapping[str, list[Path]], schemas: Mapping[str, pa.Schema]) -> None:
        """Show Parquet files as tables; a table without files is empty, with its schema."""
        for name, paths in sorted(tables.items()):
            self.at = name
            if paths:
                files = [str(path) for path in sorted(paths)]
                relation = self.database.read_parquet(files)
                relation.create_view(name)
            else:
                self.give(name, schemas[name].empty_table())

    def give(self, name: str, table: pa.Table) -> None:
        """Make table `name` hold what an Arrow table holds."""
        self.database.register("given", table)
        self.database.execute(f'create table "{name}" as select * from given')
        self.database.unregister("given")

    def run(self, steps: Iterable[Step]) -> None:
        """Run steps in order; each makes one table that the following ones can name."""
        for step in steps:
            self.at = step.makes
            if isinstance(step, Query):
                self.database.execute(f'create table "{step.makes}" as {step.sql}', step.values)
            else:
                self.give(step.makes, step.function(*map(self.table, step.reads)))

    def table(self, name: str) -> pa.Table:
        """All of a table, in no promised order."""
        return self.database.execute(f'select * from "{name}"').to_arrow_table()

    def leave(self, name: str, path: Path) -> None:
        """Write a table to a Parquet file for a later stage to see."""
        self.at = name
        self.database.table(name).write_parquet(str(path), compression="lz4")

    def batches(self, name: str, schema: pa.Schema, key: Iterable[str]) -> pa.RecordBatchReader:
        """A table's rows in the order of its key, cast to its schema, in bounded memory."""
        order = ", ".join(f'"{column}"' for column in key)
        columns = ", ".join(f'"{column}"' for column in schema.names)
        asked = f'select {columns} from "{name}"' + (f" order by {order}" if order else "")
        return self.database.execute(asked).to_arrow_reader(batch_size=65_536).cast(schema)
