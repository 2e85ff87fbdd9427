"""
Alliances: state the needs, choose, prove, explain, repair.

    ally.solve(call, landscape, capabilities, today=...) -> Alliance

Public names are imported when first used, so that reading an alliance loads no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triplehelix.ally.solve import solve

_WHERE = {"solve": "triplehelix.ally.solve"}

__all__ = ["solve"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"triplehelix.ally has no {name!r}; it has {', '.join(__all__)}")
