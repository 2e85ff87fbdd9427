"""
Alliances: state the needs, choose, prove, explain, repair.

    ally.solve(call, landscape, capabilities, today=...) -> Alliance
    ally.repair(alliance, losses, landscape, capabilities, today=...) -> Alliance
    ally.alternatives(call, landscape, capabilities, today=...) -> tuple[Alternative, ...]
    ally.worth(alliance, landscape, capabilities, today=...) -> tuple[Worth, ...]

Public names are imported when first used, so that reading an alliance loads no solver.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triplehelix.ally.alternatives import alternatives
    from triplehelix.ally.repair import repair
    from triplehelix.ally.solve import solve
    from triplehelix.ally.worth import worth

_NAMES = ("alternatives", "repair", "solve", "worth")

__all__ = ["alternatives", "repair", "solve", "worth"]


class _Package(ModuleType):
    """Importing `ally.solve`, the module, must not hide `ally.solve`, the function in it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _NAMES and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name in _NAMES:
            return getattr(import_module(f"triplehelix.ally.{name}"), name)
        raise AttributeError(f"triplehelix.ally has no {name!r}; it has {', '.join(__all__)}")


sys.modules[__name__].__class__ = _Package
