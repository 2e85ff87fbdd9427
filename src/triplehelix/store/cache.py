"""What a build has already made, found again by what it was made from."""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from triplehelix.errors import EditionError

# Results depend on these beside our own code; their versions are part of every key.
_LIBRARIES = ("duckdb", "igraph", "numba", "numpy", "pyarrow", "pyproj", "scipy", "shapely")
_CODE = Path(__file__).resolve().parent.parent


class Cache:
    """
    A folder of finished results, one sub-folder each, named by stage and key.

    A result is written beside its place and moved there when whole, so that a build that is
    killed leaves either all of a result or nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[Path] = set()

    def made(self, stage: str, key: str, make: Callable[[Path], None]) -> Path:
        """The folder of a result; `make` fills it if it is not there yet."""
        place = self.folder / stage / key
        self.used.add(place)
        if not place.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(dir=self.folder, prefix="unfinished-"))
            try:
                make(unfinished)
                unfinished.rename(place)
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
        return place

    def note(self, place: Path, text: str) -> None:
        """Write a line to keep; all of it or nothing, should the build be killed."""
        place.parent.mkdir(exist_ok=True)
        unfinished = self.folder / f"unfinished-{place.name}"
        unfinished.write_text(text, "utf-8")
        unfinished.rename(place)

    def sweep(self) -> None:
        """Remove what killed builds left unfinished. Only under the lock."""
        for pattern in ("unfinished-*", "spill-*"):
            for left in self.folder.glob(pattern):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink()

    def forget_unused(self) -> None:
        """Remove results that this build did not use."""
        for place in self.folder.glob("*/*"):
            if place.is_dir() and place not in self.used:
                shutil.rmtree(place, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[Cache]:
    """
    The cache in a folder, for one build at a time.

    Raises
    ------
    EditionError
        If another build is at work there, or the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise EditionError(
                f"another build is writing to {folder}; wait until it has ended, or build --into "
                "another folder"
            ) from err
        found = Cache(folder)
        found.sweep()
        yield found


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn the system's refusals to write into an EditionError that says what to do."""
    try:
        yield
    except BrokenPipeError:  # of whoever was listening, not of the disk
        raise
    except PermissionError as err:
        raise EditionError(
            f"{place} cannot be written ({err.strerror}); build --into a folder you may write to"
        ) from err
    except OSError as err:
        raise EditionError(
            f"{place} could not be written ({err.strerror or err}); free some space or build "
            "--into another disk, then run the same command again: finished stages are kept"
        ) from err


def key_of(*parts: Any) -> str:
    """A key for whatever went into a result: equal parts, equal key."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_hash(*packages: str) -> str:
    """The hash of the source of packages or modules (`locate`, `themes.py`) and the engine's."""
    everywhere = ("tables.py", "query.py", "store/engine.py", "store/parquet.py")
    digest = hashlib.sha256()
    for path in sorted(_sources(packages) | {_CODE / name for name in everywhere}):
        if path.is_file():
            digest.update(path.relative_to(_CODE).as_posix().encode())
            digest.update(path.read_bytes())
    digest.update(json.dumps(library_versions()).encode())
    return digest.hexdigest()[:32]


def _sources(packages: Iterable[str]) -> set[Path]:
    return {
        path
        for place in (_CODE / name for name in packages)
        for path in ([place] if place.suffix == ".py" else place.rglob("*.py"))
    }


@cache
def library_versions() -> dict[str, str]:
    """The versions of the libraries that results depend on."""
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}


def synced(path: Path) -> None:
    """Have a file or folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
