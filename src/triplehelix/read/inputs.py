"""
What the files given to a build are, and which reader reads them.

Each reader of a source is a module of this package with two functions:

    recognises(member: Member) -> bool
        By the member's name and first bytes (`member.head()`); never raises for a file that
        is simply something else, and may be asked about any file, an empty one included.
        True also when the name says so plainly but the content is wrong, so that `inputs`
        can say what is wrong with it.
    inputs(members: Sequence[Member]) -> list[Input]
        All the members of one file on disk that the module recognised: a single one, or
        several of one zip (which a reader may turn into one input, or choose among). Checks
        the layout now (SourceError), reads the rows later.

The module's name is the source's place in `READERS`. Mapped tables are read by what a
`*.map.yaml` says: `mapped.inputs(path: Path) -> list[Input]`; the files it reads are then
nobody else's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import pyarrow as pa

from triplehelix.errors import InputError, SourceError
from triplehelix.read.files import Member, folder, members
from triplehelix.read.rows import Outcome, Rejected

READERS = ("cordis", "ror", "codepoint")
MAPPINGS = (".map.yaml", ".map.yml")

RECOGNISED = (
    "CORDIS (project, organization, euroSciVoc, topics, legalBasis as .csv, .csv.gz or the zip "
    "as downloaded), ROR (the dump as .zip, .json or .json.gz), Code-Point Open (the zip as "
    "downloaded, or Parquet), and any table described by a *.map.yaml"
)


class Input(NamedTuple):
    """
    One file whose rows enter a build.

    `source` and `file` are as the edition names them, `path` is the file on disk (hashed for
    the manifest); `extra` are further files the rows depend on (a mapping), `parameters`
    whatever else changes them, as text. `rows` starts reading from the first row each time it
    is called. `rows_total_hint` is the number of rows, if cheaply known. `batches`, where there
    is one, gives the same rows many at a time: a table's name, its rows, and those rejected.
    """

    source: str
    file: str
    path: Path
    extra: tuple[Path, ...]
    parameters: tuple[str, ...]
    rows: Callable[[], Iterator[Outcome]]
    rows_total_hint: int | None = None
    batches: Callable[[], Iterator[tuple[str, pa.Table, list[Rejected]]]] | None = None


class Reader(Protocol):
    """A module that reads one source; see the top of this module."""

    def recognises(self, member: Member) -> bool: ...
    def inputs(self, members: Sequence[Member]) -> list[Input]: ...


def recognise(paths: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """
    Tell what each file is, looking into folders and zips.

    Parameters
    ----------
    paths
        Files, folders, mapping files; in any order, none twice.

    Returns
    -------
    inputs, warnings
        The inputs in order of source and file; a line for each file passed over.

    Raises
    ------
    InputError
        If no path is given.
    SourceError
        If a file named in `paths` is not recognised, or a folder holds nothing that is; if
        any file is missing, damaged, or its columns are not those of what its name says.
    """
    if not paths:
        raise InputError("no input given; name at least one file, folder or *.map.yaml")
    given, warnings = _distinct(paths)
    inputs: list[Input] = []
    for path in sorted(given, key=_mappings_first):
        if path.is_dir():
            found, passed_over = _in_folder(path, _claimed(inputs))
        elif path.resolve() in _claimed(inputs):
            continue
        else:
            found, passed_over = _named(path)
        inputs += found
        warnings += passed_over
    ordered = sorted(_labelled_apart(inputs), key=lambda each: (each.source, each.file))
    return ordered, sorted(set(warnings))


def _distinct(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Each path once; a file also found in a folder given with it is the folder's."""
    once = {path.resolve(): path for path in sorted(map(Path, paths), reverse=True)}
    times = Counter(path.resolve() for path in map(Path, paths))
    folders = {inner.resolve() for path in once.values() if path.is_dir() for inner in folder(path)}
    warnings = [
        f"{_in_words(path)} was given twice; it is read once"
        for real, path in once.items()
        if times[real] > 1 or real in folders
    ]
    return [path for real, path in once.items() if real not in folders], warnings


def _mappings_first(path: Path) -> tuple[bool, bool, str]:
    return not _is_mapping(path), path.is_dir(), str(path)


def _is_mapping(path: Path) -> bool:
    return path.name.lower().endswith(MAPPINGS)


def _claimed(inputs: Iterable[Input]) -> set[Path]:
    """The files already read by, or belonging to, an input."""
    return {path.resolve() for each in inputs for path in (each.path, *each.extra)}


def _named(path: Path) -> tuple[list[Input], list[str]]:
    found, passed_over = _in_file(path)
    if not found and _is_empty(path):
        raise SourceError(f"{path} is empty (0 bytes); fetch it again")
    if not found:
        for member in members(path):
            member.head()  # a damaged file says so, rather than that it is not recognised
        raise SourceError(f"{path} is not recognised; what is: {RECOGNISED}")
    return found, passed_over


def _in_folder(path: Path, claimed: set[Path]) -> tuple[list[Input], list[str]]:
    inputs: list[Input] = []
    warnings: list[str] = []
    for inner in sorted(folder(path), key=_mappings_first):
        if inner.resolve() not in claimed | _claimed(inputs):
            found, passed_over = _in_file(inner)
            inputs += found
            warnings += passed_over
    if not inputs and not claimed:
        raise SourceError(f"nothing in {path} is recognised; what is: {RECOGNISED}")
    return inputs, warnings


def _in_file(path: Path) -> tuple[list[Input], list[str]]:
    if _is_mapping(path):
        mapped = import_module("triplehelix.read.mapped")
        return cast(list[Input], mapped.inputs(path)), []
    inside = [Member(path.name, path.name, path)] if _is_empty(path) else members(path)
    readers = [_reader(member) for member in inside]
    inputs: list[Input] = []
    for name in sorted({reader for reader in readers if reader}):
        theirs = [member for member, reader in zip(inside, readers, strict=True) if reader == name]
        inputs += _module(name).inputs(theirs)
    strangers = [member for member, reader in zip(inside, readers, strict=True) if not reader]
    return inputs, _passed_over(path, strangers)


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


def _reader(member: Member) -> str | None:
    """The first reader that recognises the member."""
    return next((name for name in READERS if _module(name).recognises(member)), None)


def _module(name: str) -> Reader:
    return cast(Reader, import_module(f"triplehelix.read.{name}"))


def _passed_over(path: Path, strangers: Sequence[Member]) -> list[str]:
    if not strangers:
        return []
    if not strangers[0].inner:
        what = "empty" if _is_empty(path) else "not recognised"
        return [f"{_in_words(path)} is {what} and was not read"]
    names = ", ".join(sorted("/".join(member.inner) for member in strangers)[:5])
    more = f" and {len(strangers) - 5} more" if len(strangers) > 5 else ""
    return [
        f"{_in_words(path)} holds files that are not recognised and were not read: {names}{more}"
    ]


def _in_words(path: Path) -> str:
    """The file and its folder: what an edition says of itself may not depend on where it lay."""
    return "/".join(path.absolute().parts[-2:])


def _labelled_apart(inputs: list[Input]) -> list[Input]:
    """Files that would bear one label get the folders above them put before it."""
    times = Counter(each.file for each in inputs)
    return [each if times[each.file] == 1 else _with_folders(each, inputs) for each in inputs]


def _with_folders(one: Input, inputs: list[Input]) -> Input:
    namesakes = [each.path.absolute() for each in inputs if each.file == one.file]
    here = one.path.absolute()
    for depth in range(1, len(here.parts)):
        ends = Counter(path.parts[-depth:] for path in namesakes)
        if ends[here.parts[-depth:]] == 1:
            above = "/".join(here.parts[-depth:-1])
            inner = one.file[one.file.rfind(here.name) :]
            return one._replace(file=f"{above}/{inner}")
    return one
