"""Which editions are kept beside the current one, and removing those that are not needed."""

from pathlib import Path

from triplehelix.errors import EditionError
from triplehelix.store import editions
from triplehelix.store.editions import Kept


def kept(into: Path) -> list[Kept]:
    """The editions of `DIR`, the current one first."""
    found = editions.kept(into)
    if not found:
        raise EditionError(
            f"{into} has no editions; name the DIR given to `triplehelix build --into DIR`"
        )
    return found


def prune(into: Path) -> list[Kept]:
    """Remove all editions but the current one; return those removed."""
    return editions.prune(into)
