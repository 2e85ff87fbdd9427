"""A stage of the build: steps run over tables on disk, its own tables left there for the next."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from triplehelix.query import Query, Step
from triplehelix.store import parquet
from triplehelix.store.cache import Cache, code_hash, key_of
from triplehelix.store.engine import connection
from triplehelix.tables import ALL

Tables = dict[str, list[Path]]


class Stage(NamedTuple):
    """
    Steps with the tables they are given and those they leave.

    `packages` names the source whose change means the stage must be run again; `parameters`
    is whatever the steps were made from that their SQL does not show.
    """

    name: str
    steps: list[Step]
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    packages: tuple[str, ...]
    parameters: object = None

    def key(self, inputs: Tables) -> str:
        """What the result depends on: code, SQL, bound values, parameters, inputs."""
        sql = [(s.makes, s.sql, s.values) for s in self.steps if isinstance(s, Query)]
        read = {name: [_identity(path) for path in inputs.get(name, [])] for name in self.reads}
        return key_of(self.name, code_hash(*self.packages), sql, repr(self.parameters), read)


def _identity(path: Path) -> str:
    """A file of the cache is known by its folder's key, which says what it was made from."""
    return f"{path.parent.parent.name}/{path.parent.name}/{path.name}"


def run(
    stage: Stage, inputs: Tables, cache: Cache, memory_limit: str,
    began: Callable[[str], None] = lambda name: None,
) -> Tables:  # fmt: skip
    """The tables a stage makes, from the cache or made now; `began` is told if made."""

    def make(folder: Path) -> None:
        began(stage.name)
        with connection(cache.folder, memory_limit) as engine:
            engine.see({name: inputs.get(name, []) for name in stage.reads}, SCHEMAS)
            engine.run(stage.steps)
            for name in stage.makes:
                engine.leave(name, folder / f"{name}.parquet")

    folder = cache.made(stage.name, stage.key(inputs), make)
    return {name: [folder / f"{name}.parquet"] for name in stage.makes}


SCHEMAS = {name: spec.schema for name, spec in ALL.items()}


def write_table(name: str, inputs: Tables, into: Path, memory_limit: str, spill: Path) -> int:
    """Write a table of an edition: its columns, types and order; return the number of rows."""
    spec = ALL[name]
    with connection(spill, memory_limit) as engine:
        engine.see({name: inputs.get(name, [])}, SCHEMAS)
        return parquet.write(into, spec.schema, engine.batches(name, spec.schema, spec.key))
