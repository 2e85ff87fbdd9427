"""
Bringing a registry's tables to this version, and writing the next step when tables change.

`python -m triplehelix.store.registry.migrating WHAT CHANGED` writes a step for developers; the
steps run from the installed package, without a configuration file of Alembic.
"""

import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

import triplehelix.store.registry as package
from triplehelix.store.registry.instants import Instant
from triplehelix.store.registry.schema import WHOLE

_STEP = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

from triplehelix.store.registry.instants import Instant

revision = "{revision}"
down_revision = {before!r}


def upgrade() -> None:
    """From the version before to this one; there is no way back but a backup."""
    {body}
'''


def upgrade(connection: Connection) -> None:
    """Run the steps that this database lacks; inside the transaction of the connection."""
    script = _script()
    context = _context(
        connection,
        # What Alembic's own command runs, without its configuration file.
        fn=lambda revision, _: script._upgrade_revs("head", revision),
    )
    with Operations.context(context):
        context.run_migrations()


def difference(connection: Connection) -> list[Any]:
    """What of the database's tables is not as the program has them; empty if all is."""
    return list(compare_metadata(_context(connection), WHOLE))


def write_step(title: str, folder: Path | None = None) -> Path:
    """
    Write the step from the last version to the tables as they are now; read it before you keep it.

    Its database is an SQLite in memory, where every step has been run.
    """
    steps = list(_script().walk_revisions())
    revision = f"v{len(steps) + 1:04}"
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        upgrade(connection)
        made = produce_migrations(_context(connection), WHOLE)
    assert made.upgrade_ops is not None
    body = render_python_code(
        made.upgrade_ops, render_item=_render, render_as_batch=True, sqlalchemy_module_prefix="sa."
    )
    path = (folder or Path(str(files(package))) / "migrations" / "versions") / f"{revision}.py"
    body = "\n".join(line for line in body.splitlines() if "# ###" not in line)
    before = steps[0].revision if steps else None
    path.write_text(
        _STEP.format(title=title, revision=revision, before=before, body=body.strip()), "utf-8"
    )
    return path


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    return "Instant()" if kind == "type" and isinstance(item, Instant) else False


def _context(connection: Connection, **options: Any) -> MigrationContext:
    return MigrationContext.configure(
        connection, opts={"target_metadata": WHOLE, "render_as_batch": True, **options}
    )


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    return ScriptDirectory.from_config(config)


if __name__ == "__main__":
    print(write_step(" ".join(sys.argv[1:]) or "Tables of the registry"))
