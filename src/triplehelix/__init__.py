"""
Triple Helix: the geographical clusters of life science, found, shown and linked.

The public names are imported when first used, so that a quick question stays quick:

    triplehelix.build(inputs, into, config) -> Edition
    triplehelix.open_edition(path) -> Edition
    triplehelix.detect, .measure, .link     the methods, arrays in, arrays out
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from triplehelix.version import __version__

if TYPE_CHECKING:
    from triplehelix import detect, link, measure
    from triplehelix.app.build import build
    from triplehelix.store.edition import Edition, open_edition

_WHERE = {
    "build": "triplehelix.app.build",
    "open_edition": "triplehelix.store.edition",
    "Edition": "triplehelix.store.edition",
}
_MODULES = ("detect", "measure", "link")

__all__ = ["Edition", "__version__", "build", "detect", "link", "measure", "open_edition"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    if name in _MODULES:
        return import_module(f"triplehelix.{name}")
    raise AttributeError(f"triplehelix has no {name!r}; it has {', '.join(__all__)}")
