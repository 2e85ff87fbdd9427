"""
Files as they come: plain, gzip, a zip and what it holds, a folder; always read as a stream.

A `Member` is one file's bytes after unpacking, wherever it lies. What may go wrong with it
(missing, empty, truncated, not what its name says, a zip bomb, no permission) is raised as a
`SourceError` that names the file and the remedy, also when it only shows halfway through.
"""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

from triplehelix.errors import SourceError

# Real tables shrink 3 to 40 times. What passes both limits is made to fill a disk or memory.
BOMB_RATIO = 200
BOMB_BYTES = 1 << 30
MEMBERS_MOST = 1_000
# A zip, and a zip within it; an archive deeper than that is bytes nobody recognises.
ZIPS_DEEP = 2

_BUFFER = 1 << 20
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
# These are zips by their bytes, but one document each.
_DOCUMENTS = (".xlsx", ".xlsm", ".ods", ".docx", ".odt", ".pptx")
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)


class Member(NamedTuple):
    """
    One file's bytes: a file on disk, or one inside a zip; gzip is undone on opening.

    `name` is its last part (`organization.csv.gz`), `label` how an edition names it
    (`cordis_h2020/organization.csv.gz`, `dump.zip/inner.json`: never an absolute path),
    `path` the file on disk, `inner` the way inside it, empty for the file itself.
    """

    name: str
    label: str
    path: Path
    inner: tuple[str, ...] = ()

    @property
    def table_name(self) -> str:
        """
        The name in small letters without `.gz`: what a reader compares.

        Examples
        --------
        >>> Member("Organization.CSV.gz", "a/Organization.CSV.gz", Path("a")).table_name
        'organization.csv'
        """
        return self.name.lower().removesuffix(".gz")

    def open(self) -> io.BufferedReader:
        """
        Open the unpacked bytes as a buffered stream; close it after use.

        Raises
        ------
        SourceError
            Here or while reading: missing, not readable, not gzip although so named,
            truncated, damaged, encrypted, or unpacking to more than a table could be.
        """
        with ExitStack() as opened, _clear(self.label):
            stream = _packed(self, opened)
            gzipped, limit = _is_gzip(stream, self.name), None
            if gzipped or self.inner:
                limit = max(BOMB_BYTES, BOMB_RATIO * self.path.stat().st_size)
            if gzipped:
                stream = opened.enter_context(cast(IO[bytes], gzip.GzipFile(fileobj=stream)))
            guarded = _Guarded(stream, self.label, limit, opened.pop_all())
        return io.BufferedReader(guarded, _BUFFER)

    def head(self, size: int = 1 << 16) -> bytes:
        """Return the first `size` unpacked bytes; fewer when there are fewer."""
        with self.open() as stream:
            return stream.read(size)


def members(path: Path) -> list[Member]:
    """
    List what a file on disk holds: itself, or the files of a zip in order of name.

    Zips within a zip are listed too, one level deep. Folders, hidden files and names that
    would lead out of the archive are passed over.

    Raises
    ------
    SourceError
        If the file is missing, empty, not readable, a damaged or empty zip, a zip bomb, or
        a zip of more than `MEMBERS_MOST` files.
    """
    label = f"{path.absolute().parent.name}/{path.name}".lstrip("/")
    with _clear(str(path)):
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes); fetch it again")
        with path.open("rb") as stream:
            if not _is_zip(path.name, stream.read(4)):
                return [Member(path.name, label, path)]
            found = list(_zipped(stream, Member(path.name, path.name, path), 1))
    if not found:
        raise SourceError(f"{path} is a zip without a file in it; fetch it again")
    return sorted(found, key=lambda member: member.label)


def folder(path: Path) -> list[Path]:
    """
    List the files of a folder and of the folders right inside it, in order of name.

    Hidden files are passed over.

    Raises
    ------
    SourceError
        If the folder is missing or not readable.
    """
    with _clear(str(path)):
        here = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        below = [inner for entry in here if entry.is_dir() for inner in sorted(entry.iterdir())]
        files = [entry for entry in here + below if entry.is_file()]
    return [entry for entry in files if not entry.name.startswith(".")]


def _packed(member: Member, opened: ExitStack) -> IO[bytes]:
    """Open the member's bytes as they lie, gzip not yet undone."""
    stream: IO[bytes] = opened.enter_context(member.path.open("rb"))
    for name in member.inner:
        archive = opened.enter_context(zipfile.ZipFile(stream))
        stream = opened.enter_context(archive.open(name))
    return stream


def _is_gzip(stream: IO[bytes], name: str) -> bool:
    """Whether the stream is gzip by its first bytes; a name that says so falsely is an error."""
    start: bytes = cast(io.BufferedReader, stream).peek(2)[:2]
    if name.lower().endswith(".gz") and start and start != _GZIP:
        raise SourceError(
            f"{name} is named .gz but does not hold gzip (it starts with {start!r}); "
            "fetch it again, or take .gz off its name if it was unpacked already"
        )
    return start == _GZIP


def _is_zip(name: str, start: bytes) -> bool:
    lower = name.lower()
    return lower.endswith(".zip") or (start in _ZIP and not lower.endswith(_DOCUMENTS))


def _zipped(stream: IO[bytes], holder: Member, depth: int) -> Iterator[Member]:
    with zipfile.ZipFile(stream) as archive:
        inside = [info for info in archive.infolist() if _is_plain(info.filename)]
        _check_size(inside, holder)
        for info in inside:
            member = Member(
                PurePosixPath(info.filename).name,
                f"{holder.label}/{info.filename}",
                holder.path,
                (*holder.inner, info.filename),
            )
            if depth < ZIPS_DEEP and member.name.lower().endswith(".zip"):
                with archive.open(info) as nested:
                    yield from _zipped(nested, member, depth + 1)
            else:
                yield member


def _is_plain(name: str) -> bool:
    """Whether a name in a zip is a file's, visible, and inside the archive."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    led_out = name.startswith(("/", "\\")) or ".." in parts or ":" in name[:2]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return bool(parts) and not (led_out or hidden or name.endswith("/"))


def _check_size(inside: list[zipfile.ZipInfo], holder: Member) -> None:
    if len(inside) > MEMBERS_MOST:
        raise SourceError(
            f"{holder.label} holds {len(inside):,} files, more than {MEMBERS_MOST:,}; "
            "unpack it and give the files that are needed"
        )
    unpacked, packed = sum(info.file_size for info in inside), holder.path.stat().st_size
    if unpacked > max(BOMB_BYTES, BOMB_RATIO * packed):
        raise _bomb(holder.label, unpacked)


def _bomb(label: str, unpacked: int) -> SourceError:
    return SourceError(
        f"{label} unpacks to {unpacked / 2**30:.1f} GiB or more, over {BOMB_RATIO} times its size "
        "(a zip bomb?); if you trust it, unpack it yourself and give the unpacked file"
    )


class _Guarded(io.RawIOBase):
    """A stream whose faults are told by the file's name, and which stops at a limit."""

    def __init__(self, stream: IO[bytes], label: str, limit: int | None, opened: ExitStack):
        super().__init__()
        self._stream, self._label, self._limit, self._opened = stream, label, limit, opened
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with _clear(self._label):
            block = self._stream.read(len(buffer))
        self._given += len(block)
        if self._limit is not None and self._given > self._limit:
            raise _bomb(self._label, self._given)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


@contextmanager
def _clear(what: str) -> Iterator[None]:
    """Turn the ways in which a file fails into one that says what to do."""
    try:
        yield
    except _DAMAGED as err:
        raise SourceError(f"{what} is truncated or damaged ({err}); fetch it again") from err
    except RuntimeError as err:  # an encrypted member, a compression unknown to zipfile
        raise SourceError(
            f"{what} cannot be unpacked ({err}); unpack it yourself and give the unpacked file"
        ) from err
    except FileNotFoundError as err:
        raise SourceError(f"{what} is missing: no such file or folder; check the path") from err
    except PermissionError as err:
        raise SourceError(f"{what} may not be read; give yourself read permission") from err
    except OSError as err:
        raise SourceError(f"{what} cannot be read ({err}); check the disk, or copy it") from err
