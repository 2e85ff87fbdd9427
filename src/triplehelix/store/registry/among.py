"""
Whether a column's value is one of many, handed over as one parameter.

A list with a parameter for each of its values meets the engine's limit (65,535 on PostgreSQL)
and is written and read anew for every question; a long one takes longer to write than to answer.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


def among(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """
    Whether a column of text is one of these values; of none of them, nothing is.

    Examples
    --------
    >>> from sqlalchemy import column
    >>> from sqlalchemy.dialects.sqlite import dialect
    >>> str(among(column("name"), ["a", "b"]).compile(dialect=dialect()))
    '(name IN (SELECT value FROM json_each(?)))'
    """
    listed = list(values)
    if len(listed) == 1:
        return column == listed[0]
    return _Among(column, bindparam(None, listed, type_=_Listed()))


class _Listed(TypeDecorator[list[str]]):
    """Many texts as one value: an array where there are arrays, else JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array on PostgreSQL."""
        postgresql = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(String()) if postgresql else String())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """As JSON on SQLite."""
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[Any]):
    # Not Boolean: SQLAlchemy would compare that with 1 on SQLite, and no index would be used.
    type = NullType()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **options)} = ANY ({compiler.process(values, **options)}))"


@compiles(_Among, "sqlite")
def _in(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    listed = f"SELECT value FROM json_each({compiler.process(values, **options)})"
    return f"({compiler.process(column, **options)} IN ({listed}))"
