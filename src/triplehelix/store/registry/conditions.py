"""Conditions in the database: kept once each, and found by what a viewer was granted."""

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from triplehelix.registry.viewer import Viewer
from triplehelix.registry.visibility import Condition, name_of
from triplehelix.store.registry.among import among
from triplehelix.store.registry.tables import CONDITIONS, GRANTS


def keep(connection: Connection, condition: Condition, known: set[str]) -> str:
    """The name of a condition, which is in the database afterwards; `known` saves asking again."""
    name = name_of(condition)
    if name in known:
        return name
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        make(CONDITIONS).on_conflict_do_nothing(), {"condition": name, "n_clauses": len(condition)}
    )
    rows = [
        {"condition": name, "clause": n, "granted": granted}
        for n, clause in enumerate(sorted(condition, key=sorted))
        # A clause without grants is met by nobody but those who see everything.
        for granted in sorted(clause) or ["nobody"]
    ]
    if rows:
        connection.execute(make(GRANTS).on_conflict_do_nothing(), rows)
    known.add(name)
    return name


def met_by(connection: Connection, viewer: Viewer) -> list[str]:
    """Names of the conditions that a viewer meets; meaningless for one who sees everything."""
    if not viewer.grants:
        return ["everybody"]
    met = (
        select(GRANTS.c.condition)
        .join(CONDITIONS, CONDITIONS.c.condition == GRANTS.c.condition)
        .where(among(GRANTS.c.granted, sorted(viewer.grants)))
        .group_by(GRANTS.c.condition, CONDITIONS.c.n_clauses)
        .having(func.count(GRANTS.c.clause.distinct()) == CONDITIONS.c.n_clauses)
    )
    return ["everybody", *sorted(connection.scalars(met))]
