"""Which registry a command is about, and on whose behalf it looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from triplehelix.registry.viewer import Viewer
    from triplehelix.store.registry.opening import Registry

REGISTRY = click.option(
    "--registry", "address", required=True, envvar="TRIPLEHELIX_REGISTRY", metavar="URL",
    help="An SQLite file, postgresql://…, or @FILE that holds the address "
    "[env: TRIPLEHELIX_REGISTRY].",
)  # fmt: skip
AS = click.option(
    "--as", "who", metavar="public|USER",
    help="What visitors see, or a user (e-mail or id); everything if left out.",
)  # fmt: skip


@contextmanager
def opened(address: str) -> Iterator["Registry"]:
    """The registry at an address, until the block ends; it must be there and of this version."""
    from triplehelix.store.registry.creating import require_registry
    from triplehelix.store.registry.opening import open_registry

    registry = open_registry(address)
    try:
        require_registry(registry)
        yield registry
    finally:
        registry.close()


def viewer(registry: "Registry", who: str | None) -> "Viewer":
    """Whom `--as` names: the command line itself where it is left out."""
    from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
    from triplehelix.store.registry.moving import viewer_named

    if who is None:
        return COMMAND_LINE
    return VISITOR if who == "public" else viewer_named(registry, who)
