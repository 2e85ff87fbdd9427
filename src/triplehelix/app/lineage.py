"""The part of a build that compares it with an earlier edition."""

import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from triplehelix.app.account import account, names_of
from triplehelix.app.config import Config
from triplehelix.app.earlier import Earlier, changes_of_method, is_repeated
from triplehelix.store.stages import Stage, Tables
from triplehelix.tables import EDITION
from triplehelix.version import __version__

_COMPARED = ("clusters", "memberships", "sites", "participations", "activities")


class Lineage:
    """What a build is compared with (nothing, if `earlier` is None), and what that gives."""

    def __init__(self, config: Config, earlier: Earlier | None, said: list[str]) -> None:
        self.earlier = earlier
        self.said = said
        self.method: dict[str, Any] = config.detect.model_dump(mode="json")

    @property
    def key(self) -> list[str]:
        """What the result depends on beside the build's own inputs."""
        return [self.earlier.id] if self.earlier else self.said

    @cached_property
    def changed(self) -> list[str]:
        """What decides about clusters and is not as in the earlier edition."""
        return changes_of_method(self.earlier, self.method, __version__) if self.earlier else []

    @property
    def compares_with(self) -> str:
        """As `detect.lineage_steps` has it."""
        if not self.earlier:
            return "none"
        return "again" if self.changed else "published"

    def tables(self) -> Tables:
        """The earlier edition's tables, under names of their own."""
        there = self.earlier.tables() if self.earlier else {}
        return {f"earlier_{name}": there[name] for name in _COMPARED if name in there}

    def again(self, detect: Stage, tables: Tables) -> tuple[Stage, Tables]:
        """Detection to be run on the earlier edition's tables, and these."""
        assert self.earlier
        there = self.earlier.tables()
        # Files of editions are known by their folder's name, which is theirs only where it was
        # not copied; the id says what is in them.
        stage = detect._replace(name="again", parameters=(detect.parameters, self.earlier.id))
        # Never a table of today's in place of one that the earlier edition lacks.
        return stage, {
            name: (there if name in EDITION else tables).get(name, []) for name in detect.reads
        }

    def block(self, manifest: dict[str, Any], tables: Tables) -> dict[str, Any]:
        """What the manifest says of it."""
        if not self.earlier:
            return {"method": self.method, "earlier": None, "account": self.said, "by_method": []}
        clusters = self.earlier.clusters()
        [later], [by_method] = tables["clusters"], tables["lineage_method"]
        rows = pq.read_table(by_method).to_pylist()
        named = pq.read_table(later, columns=["cluster_id", "name"]).to_pylist()
        return {
            "method": self.method,
            "earlier": {
                "id": self.earlier.id, "name": self.earlier.name, "version": self.earlier.version,
                "parameters": self.earlier.manifest.get("parameters", {}), "clusters": clusters,
            },
            "account": account(
                self.earlier.name, self.changed, rows, names_of(named), names_of(clusters)
            ),
            "by_method": sorted(rows, key=lambda row: tuple(row.values())),
        }  # fmt: skip

    def settled(self, folder: Path) -> Path:
        """
        The edition that stands: the one just written, or the earlier one if nothing is new.

        An edition does not descend from itself. One that repeats the earlier one in all but
        lineage is removed, so that the same command twice gives one edition.
        """
        if not self.earlier or not is_repeated(self.earlier, folder):
            return folder
        shutil.rmtree(folder)
        return self.earlier.folder
