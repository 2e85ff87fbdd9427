"""The earlier edition that a build is compared with: found, checked, and read where needed."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from triplehelix.errors import EditionError
from triplehelix.store.cache import file_hash
from triplehelix.store.stages import Tables

# What lineage and detection read; all that is needed of an edition another version made.
_NEEDED = ("clusters", "memberships", "sites", "places", "organisations", "participations",
           "activities", "activity_themes", "themes")  # fmt: skip
# Parameters that change how clusters look, what is said of them, or which others there are,
# and not what is in those of all activity.
_LOOKS = frozenset({"like", "margin_km", "resamples", "relabellings", "seed", "themes", "periods"})
_FIRST = (
    "There was no earlier edition to compare with: this is the first. The next build with the "
    "same command will be compared with it."
)


class Earlier(NamedTuple):
    """An edition to compare with: where it lies, and its manifest. It is whole."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The hash of its content."""
        return str(self.manifest["id"])

    @property
    def name(self) -> str:
        """What pages call it."""
        return str(self.manifest.get("name") or "unnamed")

    @property
    def version(self) -> str:
        """The version of Triple Helix that made it."""
        return str(self.manifest.get("versions", {}).get("triplehelix", "not recorded"))

    def method(self) -> dict[str, Any]:
        """How its clusters were found: as asked for where that is recorded, else as it was."""
        asked = self.manifest.get("lineage", {}).get("method")
        return dict(asked or self.manifest.get("parameters", {}).get("detect", {}))

    def tables(self) -> Tables:
        """Its tables as files, by their own names."""
        files = sorted(self.folder.glob("*.parquet"))
        return {file.stem: [file] for file in files}

    def clusters(self) -> list[dict[str, Any]]:
        """Id, name and level of its clusters over all themes and periods."""
        rows = pq.read_table(
            self.folder / "clusters.parquet",
            columns=["cluster_id", "name", "level", "theme", "period"],
        ).to_pylist()
        return [
            {name: row[name] for name in ("cluster_id", "name", "level")}
            for row in rows if row["theme"] == row["period"] == "all"
        ]  # fmt: skip


def earlier_edition(path: Path, into: Path) -> tuple[Earlier | None, list[str]]:
    """
    The edition that `--earlier` names, and what is to be said if there is none.

    The first build of a DIR that is always compared with itself has none, and says so.

    Raises
    ------
    EditionError
        If there is no edition anywhere else that was named, or it is not whole.
    """
    folder = path.resolve()
    if not (folder / "edition.json").is_file():
        if path.absolute() == into and not into.is_symlink():
            return None, [_FIRST]
        raise EditionError(
            f"--earlier {path} holds no edition (no edition.json in it); name the DIR of a build, "
            "or a folder of DIR.editions, or leave --earlier out"
        )
    return Earlier(folder, _whole(folder, path)), []


def _whole(folder: Path, path: Path) -> dict[str, Any]:
    """The manifest, if the files that are needed are those it describes."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "edition.json").read_text("utf-8"))
        described = {name: manifest["tables"][name]["sha256"] for name in _NEEDED}
        manifest["id"]
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise _damaged(path, f"its edition.json is not one: {err!r}") from err
    for name, sha256 in described.items():
        file = folder / f"{name}.parquet"
        if not file.is_file() or file_hash(file) != sha256:
            raise _damaged(path, f"{file.name} is missing or not what edition.json describes")
    return manifest


def _damaged(path: Path, why: str) -> EditionError:
    return EditionError(
        f"the earlier edition at {path} is damaged ({why}); name another one of DIR.editions, "
        "or leave --earlier out"
    )


def changes_of_method(earlier: Earlier, method: dict[str, Any], version: str) -> list[str]:
    """Sentences on what decides about clusters and is not as it was; none if nothing is."""
    before = earlier.method()
    names = [name for name in dict.fromkeys([*method, *before]) if name not in _LOOKS]
    changed = [
        f"{name} was {_written(before, name)} and is {_written(method, name)}"
        for name in names if before.get(name) != method.get(name)
    ]  # fmt: skip
    if earlier.version != version:
        changed.append(f"Triple Helix was {earlier.version} and is {version}")
    return changed


def _written(parameters: dict[str, Any], name: str) -> str:
    if name not in parameters:
        return "not recorded"
    return "by the rule" if parameters[name] is None else str(parameters[name])


def is_repeated(earlier: Earlier, folder: Path) -> bool:
    """Whether an edition beside the earlier one differs from it in lineage alone."""
    if folder.parent.resolve() != earlier.folder.parent or folder.name == earlier.folder.name:
        return False
    made = json.loads((folder / "edition.json").read_text("utf-8"))
    return _without_lineage(made) == _without_lineage(earlier.manifest)


def _without_lineage(manifest: dict[str, Any]) -> dict[str, Any]:
    rest = {name: of for name, of in manifest.items() if name not in ("id", "lineage")}
    for part in ("counts", "tables"):
        rest[part] = {name: of for name, of in rest.get(part, {}).items() if name != "lineage"}
    return rest
