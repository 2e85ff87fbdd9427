"""Editions side by side on disk, and the link that says which is the current one."""

import glob
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from triplehelix.errors import EditionError
from triplehelix.store.cache import Cache, file_hash, key_of, locked, synced, writing
from triplehelix.store.stages import Tables, write_table
from triplehelix.tables import EDITION


class Kept(NamedTuple):
    """An edition on disk: its id, its name, whether the link leads to it, its size in bytes."""

    id: str
    name: str
    current: bool
    size: int


def editions_folder(into: Path) -> Path:
    """Where the editions of `DIR` lie: `DIR.editions`."""
    return into.with_name(f"{into.name}.editions")


def cache_folder(into: Path) -> Path:
    """Where what they are built from is kept: `DIR.cache`."""
    return into.with_name(f"{into.name}.cache")


def check_target(into: Path) -> None:
    """Refuse a place that holds something other than a link to one of its editions."""
    if into.name in ("", ".", ".."):
        raise EditionError(f"{into} has no name of its own; build --into a named folder")
    ours = into.is_symlink() and into.readlink().parent.name == editions_folder(into).name
    if not ours and (into.exists() or into.is_symlink()):
        raise EditionError(
            f"{into} is there already and is not an edition; move it away, or build --into "
            "another place"
        )


def sweep(into: Path) -> None:
    """Remove what a killed build left beside the editions. Only under the cache's lock."""
    for left in editions_folder(into).glob("unfinished-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in into.parent.glob(f".{glob.escape(into.name)}.*.link"):
        left.unlink(missing_ok=True)


def write_edition(
    into: Path, tables: Tables, manifest: dict[str, Any], cache: Cache, memory_limit: str
) -> Path:
    """Write an edition's tables and manifest beside the others; return its folder."""
    home = editions_folder(into)
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=home, prefix="unfinished-"))
        try:
            folder = _fill(unfinished, home, tables, manifest, cache, memory_limit)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return folder


def folder_of(into: Path, note: Path) -> Path | None:
    """The edition that an earlier build of the same noted, if it is still there whole."""
    if not note.is_file():
        return None
    folder = editions_folder(into) / note.read_text("utf-8")
    return folder if is_whole(folder) else None


def is_whole(folder: Path) -> bool:
    """Whether an edition's files are those that its manifest describes."""
    try:
        described = json.loads((folder / "edition.json").read_text("utf-8"))["tables"]
        return all(
            file_hash(folder / f"{name}.parquet") == described[name]["sha256"] for name in EDITION
        )
    except (OSError, ValueError, KeyError):
        return False


def _fill(
    unfinished: Path, home: Path, tables: Tables, manifest: dict[str, Any], cache: Cache,
    memory_limit: str,
) -> Path:  # fmt: skip
    described = {}
    for name in EDITION:
        path = unfinished / f"{name}.parquet"
        rows = write_table(name, tables, path, memory_limit, cache.folder)
        described[name] = {"rows": rows, "sha256": file_hash(path)}
        synced(path)
    whole = {**manifest, "counts": {n: d["rows"] for n, d in described.items()},
             "tables": described}  # fmt: skip
    identity = key_of(whole)
    manifest_file = unfinished / "edition.json"
    manifest_file.write_text(
        json.dumps({"id": identity, **whole}, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
    synced(manifest_file)
    unfinished.chmod(0o755)
    folder = home / identity
    if is_whole(folder):
        shutil.rmtree(unfinished)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    synced(home)
    return folder


def switch(into: Path, folder: Path) -> None:
    """Make `into` a link to an edition, in one step: a reader sees the old one or the new."""
    beside = into.with_name(f".{into.name}.{os.getpid()}.link")
    beside.symlink_to(Path(folder.parent.name) / folder.name)
    beside.replace(into)


def kept(into: Path) -> list[Kept]:
    """The editions of `DIR`, the current one first, then by name and id."""
    current = into.resolve()
    found = []
    for manifest in editions_folder(into).glob("*/edition.json"):
        folder = manifest.parent
        if folder.name.startswith("unfinished-"):
            continue
        name = json.loads(manifest.read_text("utf-8")).get("name", "")
        size = sum(path.stat().st_size for path in folder.iterdir())
        found.append(Kept(folder.name, name, folder.resolve() == current, size))
    return sorted(found, key=lambda edition: (not edition.current, edition.name, edition.id))


def prune(into: Path) -> list[Kept]:
    """Remove all editions but the current one; return those removed."""
    if not into.is_symlink():
        raise EditionError(f"{into} is not an edition's link; name the DIR given to `build --into`")
    with locked(cache_folder(into)), writing(editions_folder(into)):
        sweep(into)
        removed = [edition for edition in kept(into) if not edition.current]
        for edition in removed:
            shutil.rmtree(editions_folder(into) / edition.id)
    return removed
