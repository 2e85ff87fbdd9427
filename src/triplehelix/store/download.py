"""
A file from the web onto the disk: resumed where it broke off, checked, and put in place whole.

While it comes it lies in `NAME.part`, with what is needed to go on in `NAME.part.json`. Once
whole and checked it is renamed to `NAME`; its checksum stands in `NAME.sha256`, and where it
came from in the hidden `.NAME.json`, by which a later call sees that nothing has changed.
"""

import errno
import hashlib
import json
import lzma
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx2

from triplehelix.errors import InputError, SourceError

ATTEMPTS = 8
CONNECT_ATTEMPTS = 3  # a host that cannot be reached is soon said to be so
LONGEST_WAIT_S = 60.0
MAX_REDIRECTS = 10

_MAGIC = {".zip": (b"PK\x03\x04", b"PK\x05\x06"), ".gz": (b"\x1f\x8b",)}
_DAMAGED = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError)
_CANNOT_CONNECT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)
_OK, _PARTIAL, _UNCHANGED, _NOT_SATISFIABLE = 200, 206, 304, 416
_BUSY = (429, 503)
_SERVER_FAULT = 500

Progress = Callable[[int, int | None], None]


class Wanted(NamedTuple):
    """
    A file to download.

    `digest` is the publisher's checksum as `md5:...` or `sha256:...`, empty if none is known;
    `page` is where a person would look for it.
    """

    address: str
    name: str
    digest: str = ""
    page: str = ""


class Downloaded(NamedTuple):
    """A whole file; `unchanged` if it was there already and the source has no other."""

    path: Path
    sha256: str
    bytes: int
    unchanged: bool


class _BrokenError(Exception):
    """The connection broke; what has come is kept, and another attempt may go on from it."""


class _Job(NamedTuple):
    """What one download works with."""

    wanted: Wanted
    into: Path
    client: httpx2.Client
    progress: Progress
    sleep: Callable[[float], None]

    @property
    def target(self) -> Path:
        return self.into / self.wanted.name

    @property
    def part(self) -> Path:
        return self.into / f"{self.wanted.name}.part"

    @property
    def part_note(self) -> Path:
        return self.into / f"{self.wanted.name}.part.json"

    @property
    def note(self) -> Path:
        return self.into / f".{self.wanted.name}.json"

    @property
    def checksum(self) -> Path:
        return self.into / f"{self.wanted.name}.sha256"

    @property
    def by_hand(self) -> str:
        where = self.wanted.page or self.wanted.address
        return f"download {where} by hand and give the file to `triplehelix build`"


def open_client(user_agent: str) -> httpx2.Client:
    """HTTP client for downloads; some hosts refuse one that does not say who it is."""
    return httpx2.Client(
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        timeout=httpx2.Timeout(30.0, connect=15.0),
        headers={"User-Agent": user_agent},
    )


def file_name(address: str) -> str:
    """
    Name of the file an address points to.

    Raises
    ------
    SourceError
        If the address ends in no name.

    Examples
    --------
    >>> file_name("https://example.org/data/a%20b.zip?format=CSV")
    'a b.zip'
    """
    name = plain_name(unquote(urlsplit(address).path))
    if not name:
        raise SourceError(f"{address} does not end in a file's name; give the file's own address")
    return name


def plain_name(name: str) -> str:
    """The last part of a name, which cannot lead out of a folder; empty if there is none."""
    return PurePosixPath(name.replace("\\", "/")).name.lstrip(".")


def download(
    wanted: Wanted,
    into: Path,
    *,
    client: httpx2.Client,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Downloaded:
    """
    Bring a file onto the disk, or see that it is there and unchanged.

    Parameters
    ----------
    wanted : the file
    into : folder, made if it is not there
    client : HTTP client; redirects are followed up to its limit
    progress : called with the bytes there so far and the total (None if not told)
    sleep : called with the seconds to wait between attempts

    Returns
    -------
    The whole file, checked against the publisher's checksum where there is one, and else
    against the checksums inside a zip.

    Raises
    ------
    SourceError
        If the host cannot be reached, refuses, sends something else, or sends a damaged file.
    InputError
        If the folder cannot be written, or the disk is full.
    """
    job = _Job(wanted, into, client, progress or (lambda *_: None), sleep)
    with _writing(into):
        into.mkdir(parents=True, exist_ok=True)
        had = _there_already(job)
        if had and wanted.digest and had["digest"] == wanted.digest:
            return _as_it_was(job, had)
        if not _brought(job, had):
            return _as_it_was(job, had)
        return _put_in_place(job)


def read_json(address: str, *, client: httpx2.Client, page: str = "",
              sleep: Callable[[float], None] = time.sleep) -> Any:  # fmt: skip
    """
    Read the JSON an address answers with, such as a publisher's list of files.

    Raises
    ------
    SourceError
        If the host cannot be reached, refuses, or answers with something else.
    """
    job = _Job(Wanted(address, "", page=page), Path(), client, lambda *_: None, sleep)
    found: list[Any] = []

    def ask() -> bool:
        with _answer(job, {"Accept": "application/json"}) as answer:
            _check_status(job, answer)
            found.append(json.loads(answer.read()))
        return True

    try:
        _persist(job, ask)
    except ValueError as err:
        raise SourceError(
            f"{address} did not answer with JSON ({err}); try later, or {job.by_hand}"
        ) from err
    return found[-1]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return _hashed(path, "sha256")


def _hashed(path: Path, algorithm: str) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def _there_already(job: _Job) -> dict[str, Any] | None:
    """The note of an earlier download, if its file still is what the note says."""
    note = _read_note(job.note)
    if note.get("address") != job.wanted.address or not job.target.is_file():
        return None
    return note if note.get("sha256") == sha256_of(job.target) else None


def _as_it_was(job: _Job, note: dict[str, Any] | None) -> Downloaded:
    size = job.target.stat().st_size
    job.progress(size, size)
    return Downloaded(job.target, (note or {})["sha256"], size, True)


def _brought(job: _Job, had: dict[str, Any] | None) -> bool:
    """Bring the file into `.part`; False if the source still has what we have."""
    return _persist(job, lambda: _attempt(job, had))


def _persist(job: _Job, attempt: Callable[[], bool]) -> bool:
    """Try again after a broken connection, waiting longer each time."""
    for n in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except _BrokenError as broken:
            err = broken.__cause__ or broken
            most = CONNECT_ATTEMPTS if isinstance(err, _CANNOT_CONNECT) else ATTEMPTS
            if n >= most:
                raise _unreachable(job, err) from err
            wait = broken.args[0] if broken.args else None
            job.sleep(min(2.0 ** (n - 1), LONGEST_WAIT_S) if wait is None else wait)
    raise AssertionError("the last attempt returns or raises")


def _unreachable(job: _Job, err: BaseException) -> SourceError:
    host = urlsplit(job.wanted.address).hostname
    if isinstance(err, _CANNOT_CONNECT):
        return SourceError(f"could not reach {host}: {err}; check the network, or {job.by_hand}")
    return SourceError(
        f"{host} broke off {ATTEMPTS} times ({err}); run the same command again to go on from "
        f"where it stopped, or {job.by_hand}"
    )


def _attempt(job: _Job, had: dict[str, Any] | None) -> bool:
    begun = _begun(job)
    with _answer(job, _conditions(begun, had, job)) as answer:
        if answer.status_code == _UNCHANGED or (not begun and _is_same(answer, had)):
            return False
        if answer.status_code == _NOT_SATISFIABLE:
            _forget(job)
            raise _BrokenError(0.0)
        _check_status(job, answer)
        _check_kind(job, answer)
        _receive(job, answer, _offset(job, answer, begun))
    return True


def _begun(job: _Job) -> dict[str, Any]:
    """The note on a part that can be gone on with; empty (and no part) if there is none."""
    note = _read_note(job.part_note)
    same = (note.get("address"), note.get("digest")) == (
        job.wanted.address,
        job.wanted.digest,
    )
    if same and _validator(note) and job.part.is_file() and job.part.stat().st_size:
        return note
    _forget(job)
    return {}


def _validator(note: dict[str, Any]) -> str:
    # A weak ETag does not promise the same bytes (RFC 9110, 8.8.1 and 13.1.5).
    etag = str(note.get("etag") or "")
    return str(note.get("last_modified") or "") if etag.startswith("W/") or not etag else etag


def _conditions(begun: dict[str, Any], had: dict[str, Any] | None, job: _Job) -> dict[str, str]:
    # Bytes as they lie at the source: resuming and checksums are about those.
    headers = {"Accept-Encoding": "identity"}
    if begun:
        from_here = f"bytes={job.part.stat().st_size}-"
        return {**headers, "Range": from_here, "If-Range": _validator(begun)}
    if had and had.get("etag"):
        headers["If-None-Match"] = had["etag"]
    elif had and had.get("last_modified"):
        headers["If-Modified-Since"] = had["last_modified"]
    return headers


def _is_same(answer: httpx2.Response, had: dict[str, Any] | None) -> bool:
    etag = answer.headers.get("etag")
    return bool(had and etag and answer.status_code == _OK and etag == had.get("etag"))


@contextmanager
def _answer(job: _Job, headers: dict[str, str]) -> Iterator[httpx2.Response]:
    address = job.wanted.address
    try:
        with job.client.stream("GET", address, headers=headers, follow_redirects=True) as answer:
            if address.startswith("https:") and answer.url.scheme != "https":
                raise SourceError(
                    f"{address} redirects to {answer.url}, unprotected; {job.by_hand}"
                )
            yield answer
    except httpx2.TooManyRedirects as err:
        raise SourceError(
            f"{address} redirects without end; look up its new address, or {job.by_hand}"
        ) from err
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as err:
        raise SourceError(f"{address} is not an address on the web ({err}); correct it") from err
    except httpx2.TransportError as err:
        raise _BrokenError from err


def _check_status(job: _Job, answer: httpx2.Response) -> None:
    status, address = answer.status_code, job.wanted.address
    if status in (_OK, _PARTIAL):
        return
    if status in _BUSY or status >= _SERVER_FAULT:
        wait = _retry_after(answer)
        if wait is None or wait <= LONGEST_WAIT_S:
            raise _BrokenError(*([] if wait is None else [wait])) from SourceError(
                f"status {status}"
            )
        raise SourceError(f"{address} asks to wait {wait:.0f} s (status {status}); try again then")
    if status in (404, 410):
        raise SourceError(
            f"{address} is not there (status {status}); it may have moved: {job.by_hand}"
        )
    raise SourceError(f"{address} refuses (status {status}); {job.by_hand}")


def _retry_after(answer: httpx2.Response) -> float | None:
    """Seconds to wait; the form with a date counts as not told."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdigit() else None


def _check_kind(job: _Job, answer: httpx2.Response) -> None:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html") and not job.wanted.name.endswith((".html", ".htm")):
        raise SourceError(
            f"{job.wanted.address} answered with a web page instead of {job.wanted.name} "
            f"(a sign-in or error page?); {job.by_hand}"
        )
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SourceError(f"{job.wanted.address} sends its bytes recoded; {job.by_hand}")


def _offset(job: _Job, answer: httpx2.Response, begun: dict[str, Any]) -> int:
    """Where the answer's bytes belong: after the part, or at the start if it is all anew."""
    if answer.status_code != _PARTIAL:
        return 0
    size = job.part.stat().st_size if begun else 0
    first = answer.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    etag = answer.headers.get("etag")
    if first != str(size) or (etag and begun.get("etag") and etag != begun["etag"]):
        _forget(job)
        raise _BrokenError(0.0)
    return size


def _receive(job: _Job, answer: httpx2.Response, offset: int) -> None:
    length = answer.headers.get("content-length", "")
    total = offset + int(length) if length.isdigit() else None
    _write_note(job.part_note, {
        "address": job.wanted.address,
        "digest": job.wanted.digest,
        "etag": answer.headers.get("etag"),
        "last_modified": answer.headers.get("last-modified"),
    })  # fmt: skip
    here = offset
    job.progress(here, total)
    with job.part.open("r+b" if offset else "wb") as part:
        part.seek(offset)
        for chunk in answer.iter_raw():
            part.write(chunk)
            here += len(chunk)
            job.progress(here, total)
        part.truncate()
        part.flush()
        os.fsync(part.fileno())
    if total is not None and here != total:
        raise _BrokenError from SourceError(f"{here} bytes came of {total}")


def _put_in_place(job: _Job) -> Downloaded:
    fault = _fault(job)
    if fault:
        _forget(job)
        raise SourceError(
            f"{job.wanted.name} from {job.wanted.address} is damaged: {fault}; what came was "
            f"removed: fetch it again, or {job.by_hand}"
        )
    digest, size, note = (
        sha256_of(job.part),
        job.part.stat().st_size,
        _read_note(job.part_note),
    )
    job.note.unlink(missing_ok=True)
    job.part.replace(job.target)
    _write_whole(job.checksum, f"{digest}  {job.wanted.name}\n")
    _write_note(job.note, {**note, "sha256": digest})
    job.part_note.unlink(missing_ok=True)
    return Downloaded(job.target, digest, size, False)


def _fault(job: _Job) -> str:
    """What is wrong with the part; empty if nothing is."""
    algorithm, _, stated = job.wanted.digest.partition(":")
    if stated and algorithm in hashlib.algorithms_guaranteed:
        found = _hashed(job.part, algorithm)
        if found != stated.lower():
            return f"its {algorithm} is {found}, the publisher's {stated}"
    suffix = PurePosixPath(job.wanted.name).suffix.lower()
    with job.part.open("rb") as part:
        start = part.read(4)
    if suffix in _MAGIC and not start.startswith(_MAGIC[suffix]):
        return f"it starts with {start!r}, which no {suffix} file does"
    return _zip_fault(job.part) if suffix == ".zip" and not stated else ""


def _zip_fault(part: Path) -> str:
    try:
        with zipfile.ZipFile(part) as archive:
            bad = archive.testzip()
    except (*_DAMAGED, OSError, RuntimeError, ValueError) as err:
        return f"it is no whole zip ({err})"
    return f"the checksum of {bad} inside it is wrong" if bad else ""


def _forget(job: _Job) -> None:
    job.part.unlink(missing_ok=True)
    job.part_note.unlink(missing_ok=True)


def _read_note(path: Path) -> dict[str, Any]:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _write_note(path: Path, note: dict[str, Any]) -> None:
    _write_whole(path, json.dumps(note, indent=2, sort_keys=True) + "\n")


def _write_whole(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


@contextmanager
def _writing(into: Path) -> Iterator[None]:
    """Say of a folder that cannot be written what to do about it."""
    try:
        yield
    except OSError as err:
        if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise InputError(
                f"the disk is full at {into} ({err.strerror}); free space there and run the same "
                "command again to go on, or choose another folder with --into"
            ) from err
        raise InputError(
            f"cannot write into {into} ({err.strerror or err}); choose a folder you may write "
            "with --into"
        ) from err
