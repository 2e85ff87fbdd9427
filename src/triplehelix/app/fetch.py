"""Download open datasets of the catalogue: `triplehelix fetch`."""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from triplehelix.errors import InputError, SourceError
from triplehelix.read.sources import Source, source
from triplehelix.store.download import (
    Downloaded,
    Wanted,
    download,
    file_name,
    open_client,
    plain_name,
    read_json,
)

# Called with the source, the bytes there so far, and the total (None if not told).
Progress = Callable[[Source, int, int | None], None]


class Fetched(NamedTuple):
    """A dataset on the disk; `unchanged` if it was there and the source has nothing newer."""

    path: Path
    sha256: str
    bytes: int
    source: Source
    unchanged: bool


def fetch(
    ids: Sequence[str],
    into: Path,
    *,
    client: httpx2.Client | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Fetched]:
    """
    Download datasets by their ids in the catalogue, each into `into/FILE`.

    Parameters
    ----------
    ids : ids of `read.sources.catalogue()`; one given twice is downloaded once
    into : folder, made if it is not there
    client : HTTP client; one is opened if none is given
    progress : told of the bytes as they come
    sleep : waits between attempts

    Returns
    -------
    What lies on the disk now, in the order of the ids. Nothing is downloaded that is there
    already and has not changed at its source; what broke off earlier is gone on with.

    Raises
    ------
    UnknownName
        If an id is not in the catalogue; nothing is downloaded then.
    InputError
        If no id is given, a dataset comes with the installation, or the folder is not writable.
    SourceError
        If a host cannot be reached, refuses, or sends a damaged file.
    """
    sources = _fetchable(ids)
    if client is not None:
        return [_fetch_one(each, into, client, progress, sleep) for each in sources]
    with open_client(f"triplehelix/{_version()} (reader of open data)") as opened:
        return [_fetch_one(each, into, opened, progress, sleep) for each in sources]


def _fetchable(ids: Sequence[str]) -> list[Source]:
    if not ids:
        raise InputError("no source named; `triplehelix sources` lists them")
    sources = [source(id) for id in dict.fromkeys(ids)]
    packaged = [each.id for each in sources if each.packaged]
    if packaged:
        raise InputError(f"{', '.join(packaged)} comes with triplehelix; leave it out")
    return sources


def _version() -> str:
    try:
        return version("triplehelix")
    except PackageNotFoundError:
        return "0"


def _fetch_one(
    one: Source,
    into: Path,
    client: httpx2.Client,
    progress: Progress | None,
    sleep: Callable[[float], None],
) -> Fetched:
    def told(here: int, total: int | None) -> None:
        if progress:
            progress(one, here, total)

    wanted = _wanted(one, client, sleep)
    got: Downloaded = download(wanted, into, client=client, progress=told, sleep=sleep)
    return Fetched(got.path, got.sha256, got.bytes, one, got.unchanged)


def _wanted(one: Source, client: httpx2.Client, sleep: Callable[[float], None]) -> Wanted:
    if not one.listing:
        return Wanted(one.address, file_name(one.address), page=one.page)
    listed = read_json(one.address, client=client, page=one.page, sleep=sleep)
    try:
        return _LISTINGS[one.listing](listed)._replace(page=one.page)
    except (KeyError, TypeError, AttributeError, ValueError, StopIteration) as err:
        raise SourceError(
            f"{one.address} lists no file of {one.title} as expected "
            f"({type(err).__name__}: {err}); download it from {one.page} by hand and give the "
            "file to `triplehelix build`"
        ) from err


def from_zenodo(record: Any) -> Wanted:
    """
    Find the zip of a Zenodo record.

    References
    ----------
    Zenodo REST API, Records: https://developers.zenodo.org/#records

    Examples
    --------
    >>> from_zenodo({"files": [{"key": "v2.zip", "checksum": "md5:0a", "size": 3,
    ...              "links": {"self": "https://zenodo.org/api/records/1/files/v2.zip/content"}}]})[1:3]
    ('v2.zip', 'md5:0a')
    """
    zips = [file for file in record["files"] if file["key"].lower().endswith(".zip")]
    newest = max(zips, key=lambda file: str(file["key"]))
    return Wanted(newest["links"]["self"], plain_name(newest["key"]), newest.get("checksum") or "")


def from_os_downloads(files: Any) -> Wanted:
    """
    Find the CSV of all Great Britain in a list of the OS Downloads API.

    References
    ----------
    Ordnance Survey, OS Downloads API, "Download an OpenData product":
    https://docs.os.uk/os-apis/accessing-os-apis/os-downloads-api

    Examples
    --------
    >>> from_os_downloads([{"area": "GB", "format": "CSV", "fileName": "codepo_gb.zip",
    ...                     "md5": "0A", "url": "https://api.os.uk/x?redirect"}])[1:3]
    ('codepo_gb.zip', 'md5:0A')
    """
    whole = next(file for file in files if (file["area"], file["format"]) == ("GB", "CSV"))
    digest = f"md5:{whole['md5']}" if whole.get("md5") else ""
    return Wanted(whole["url"], plain_name(whole["fileName"]), digest)


_LISTINGS: dict[str, Callable[[Any], Wanted]] = {
    "zenodo": from_zenodo,
    "os-downloads": from_os_downloads,
}
