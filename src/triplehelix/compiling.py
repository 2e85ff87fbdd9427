"""
How the inner loops are compiled, and where the result is kept.

Importing Numba takes about a second; compiling for the first time takes some seconds more.
The machine code is kept in the folder named by NUMBA_CACHE_DIR, else in `__pycache__` beside
the source, else in the user's cache folder (XDG_CACHE_HOME). Where none of them can be
written, or the disk is full, each process compiles anew and nothing else changes.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(signature: Any) -> Callable[[Function], Function]:
    """Compile for one signature, at once, to run without Python's global lock."""

    def decorate(function: Function) -> Function:
        try:
            made = numba.njit(signature, nogil=True, cache=True)(function)
        except (OSError, RuntimeError):  # no folder to keep it in, or a full disk
            made = numba.njit(signature, nogil=True)(function)
        return cast(Function, made)

    return decorate


def part(function: Function) -> Function:
    """Part of an inner loop: compiled into the functions that call it."""
    return cast(Function, numba.njit(nogil=True)(function))
