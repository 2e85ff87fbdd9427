"""One step of a pipeline as a value: the table it makes, and how."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa


class Query(NamedTuple):
    """One step of SQL: the table it makes, its text, the values bound to it (`$name`)."""

    makes: str
    sql: str
    values: dict[str, Any] = {}


class Calculation(NamedTuple):
    """One step in Python: `function` gets the tables of `reads`, in order, and returns `makes`."""

    makes: str
    reads: tuple[str, ...]
    function: Callable[..., pa.Table]


Step = Query | Calculation
