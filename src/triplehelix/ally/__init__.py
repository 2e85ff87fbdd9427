"""
Alliances: state the needs, choose, prove, explain, repair.

    ally.solve(call, landscape, capabilities, today=...) -> Alliance
    ally.repair(alliance, losses, landscape, capabilities, today=...) -> Alliance

Public names are imported when first used, so that reading an alliance loads no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triplehelix.ally.alternatives import alternatives
    from triplehelix.ally.repair import repair
    from triplehelix.ally.solve import solve
    from triplehelix.ally.worth import worth

_NAMES = ("alternatives", "repair", "solve", "worth")

__all__ = ["alternatives", "repair", "solve", "worth"]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f"triplehelix.ally.{name}"), name)
    raise AttributeError(f"triplehelix.ally has no {name!r}; it has {', '.join(__all__)}")
