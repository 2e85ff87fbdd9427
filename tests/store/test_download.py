"""Downloads against a server on this machine that misbehaves in every way a host may."""

import errno
import hashlib
import io
import json
import random
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from triplehelix.app.fetch import fetch
from triplehelix.errors import InputError, SourceError, UnknownName
from triplehelix.store import download as module
from triplehelix.store.download import ATTEMPTS, Wanted, download, open_client

NOISE = random.Random(7).randbytes(900_000)


def as_zip(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("project.csv", content)
    return packed.getvalue()


WHOLE = as_zip(NOISE)
OTHER = as_zip(NOISE[::-1])


class Site:
    """What the server answers: one function per path; and the requests it was sent."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.address = ""

    def ranges(self) -> list[str | None]:
        return [headers.get("range") for _, headers in self.requests]


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.requests.append((self.path, headers))
            served.answers.get(self.path, lambda handler: handler.send_error(404))(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is part of the play."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with open_client("triplehelix test") as opened:
        yield opened


class Waits(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def file(
    content: bytes, *, etag: str | None = '"v1"', ranges: bool = True, cut_at: int | None = None,
    kind: str = "application/zip", modified: str | None = None,
) -> Callable[[BaseHTTPRequestHandler], None]:  # fmt: skip
    """Serve content as RFC 9110 says; break the connection after `cut_at` bytes if given."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        validator = etag or modified
        if etag and handler.headers.get("If-None-Match") == etag:
            return _empty(handler, 304)
        if modified and handler.headers.get("If-Modified-Since") == modified:
            return _empty(handler, 304)
        asked = handler.headers.get("Range") if ranges else None
        start = 0
        if asked and handler.headers.get("If-Range") == validator:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                return _empty(handler, 416)
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) - start))
        if etag:
            handler.send_header("ETag", etag)
        if modified:
            handler.send_header("Last-Modified", modified)
        handler.end_headers()
        _send(handler, content[start:], cut_at)
        return None

    return answer


def _send(handler: BaseHTTPRequestHandler, body: bytes, cut_at: int | None) -> None:
    if cut_at is None or cut_at >= len(body):
        handler.wfile.write(body)
        return
    handler.wfile.write(body[:cut_at])
    handler.wfile.flush()
    handler.close_connection = True


def _empty(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def in_turn(
    *answers: Callable[[BaseHTTPRequestHandler], None],
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Another answer each time; the last one from then on."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def wanted(site: Site, digest: str = "", path: str = "/a.zip") -> Wanted:
    return Wanted(site.address + path, "a.zip", digest, "https://example.org/page")


def test_a_file_arrives_whole_with_its_checksum_beside_it(site, client, tmp_path):
    site.answers["/a.zip"] = file(WHOLE)
    seen: list[tuple[int, int | None]] = []
    got = download(
        wanted(site),
        tmp_path / "new",
        client=client,
        progress=lambda *told: seen.append(told),
    )
    assert got.path.read_bytes() == WHOLE
    digest = hashlib.sha256(WHOLE).hexdigest()
    assert (got.sha256, got.bytes, got.unchanged) == (digest, len(WHOLE), False)
    assert (tmp_path / "new/a.zip.sha256").read_text() == f"{digest}  a.zip\n"
    assert names(tmp_path / "new") == {"a.zip", "a.zip.sha256", ".a.zip.json"}
    assert seen[0] == (0, len(WHOLE))
    assert seen[-1] == (len(WHOLE), len(WHOLE))
    assert [here for here, _ in seen] == sorted(here for here, _ in seen)


def test_goes_on_where_the_connection_broke(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(file(WHOLE, cut_at=400_000), file(WHOLE))
    waits = Waits()
    got = download(wanted(site), tmp_path, client=client, sleep=waits)
    assert got.path.read_bytes() == WHOLE
    assert site.ranges() == [None, "bytes=400000-"]
    assert site.requests[1][1]["if-range"] == '"v1"'
    assert waits == [1.0]


def test_goes_on_in_a_later_run_after_breaking_off_every_time(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(
        file(WHOLE, cut_at=100_000), *[file(WHOLE, cut_at=0)] * ATTEMPTS
    )
    waits = Waits()
    with pytest.raises(SourceError, match="broke off 8 times.*run the same command again"):
        download(wanted(site), tmp_path, client=client, sleep=waits)
    assert len(waits) == ATTEMPTS - 1
    assert waits == sorted(waits)
    assert names(tmp_path) == {"a.zip.part", "a.zip.part.json"}
    assert (tmp_path / "a.zip.part").read_bytes() == WHOLE[:100_000]
    site.requests.clear()
    site.answers["/a.zip"] = file(WHOLE)
    assert download(wanted(site), tmp_path, client=client).path.read_bytes() == WHOLE
    assert site.ranges() == ["bytes=100000-"]


def test_starts_again_if_the_server_ignores_ranges(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(file(WHOLE, cut_at=300_000), file(WHOLE, ranges=False))
    got = download(wanted(site), tmp_path, client=client, sleep=Waits())
    assert got.path.read_bytes() == WHOLE


def test_starts_again_if_the_file_changed_between_tries(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(
        file(WHOLE, cut_at=300_000, etag='"v1"'), file(OTHER, etag='"v2"')
    )
    got = download(wanted(site), tmp_path, client=client, sleep=Waits())
    assert got.path.read_bytes() == OTHER


def test_never_joins_parts_of_two_files_even_if_the_server_would(site, client, tmp_path):
    """The server heeds Range but not If-Range, and sends the end of another file."""

    def careless(handler: BaseHTTPRequestHandler) -> None:
        handler.headers.replace_header("If-Range", '"v2"')
        file(OTHER, etag='"v2"')(handler)

    site.answers["/a.zip"] = in_turn(
        file(WHOLE, cut_at=300_000), careless, file(OTHER, etag='"v2"')
    )
    got = download(wanted(site), tmp_path, client=client, sleep=Waits())
    assert got.path.read_bytes() == OTHER
    assert site.ranges() == [None, "bytes=300000-", None]


@pytest.mark.parametrize("etag", [None, 'W/"v1"'])
def test_a_part_without_a_strong_validator_is_not_gone_on_with(site, client, tmp_path, etag):
    site.answers["/a.zip"] = in_turn(file(WHOLE, etag=etag, cut_at=300_000), file(WHOLE, etag=etag))
    assert download(wanted(site), tmp_path, client=client, sleep=Waits()).path.read_bytes() == WHOLE
    assert site.ranges() == [None, None]


def test_last_modified_serves_where_there_is_no_etag(site, client, tmp_path):
    date = "Tue, 01 Apr 2025 10:00:00 GMT"
    site.answers["/a.zip"] = in_turn(
        file(WHOLE, etag=None, modified=date, cut_at=300_000),
        file(WHOLE, etag=None, modified=date),
    )
    assert download(wanted(site), tmp_path, client=client, sleep=Waits()).path.read_bytes() == WHOLE
    assert site.ranges() == [None, "bytes=300000-"]
    assert download(wanted(site), tmp_path, client=client).unchanged


def test_a_part_that_was_whole_already_is_fetched_anew_not_spoilt(site, client, tmp_path):
    """Killed between the last byte and the renaming: the next range begins past the end."""
    site.answers["/a.zip"] = file(WHOLE)
    address = site.address + "/a.zip"
    (tmp_path / "a.zip.part").write_bytes(WHOLE)
    note = {"address": address, "digest": "", "etag": '"v1"', "last_modified": None}
    (tmp_path / "a.zip.part.json").write_text(json.dumps(note))
    assert download(wanted(site), tmp_path, client=client, sleep=Waits()).path.read_bytes() == WHOLE


def test_follows_redirects(site, client, tmp_path):
    site.answers["/old"] = status(302, Location="/a.zip")
    site.answers["/a.zip"] = in_turn(file(WHOLE, cut_at=1000), file(WHOLE))
    got = download(wanted(site, path="/old"), tmp_path, client=client, sleep=Waits())
    assert got.path.read_bytes() == WHOLE
    assert [path for path, _ in site.requests] == ["/old", "/a.zip"] * 2
    assert site.ranges()[-1] == "bytes=1000-"


def test_redirects_forever(site, client, tmp_path):
    site.answers["/a.zip"] = status(302, Location="/a.zip")
    with pytest.raises(SourceError, match="redirects without end; look up its new address"):
        download(wanted(site), tmp_path, client=client, sleep=Waits())
    assert names(tmp_path) == set()


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_a_damaged_file_is_told_by_the_publishers_checksum(site, client, tmp_path, algorithm):
    stated = f"{algorithm}:{hashlib.new(algorithm, WHOLE).hexdigest()}"
    site.answers["/a.zip"] = file(WHOLE[:-1] + b"!")
    with pytest.raises(SourceError, match=f"is damaged: its {algorithm} is .*fetch it again"):
        download(wanted(site, stated), tmp_path, client=client)
    assert names(tmp_path) == set()
    site.answers["/a.zip"] = file(WHOLE)
    assert download(wanted(site, stated), tmp_path, client=client).path.read_bytes() == WHOLE


def test_a_damaged_zip_is_told_by_its_own_checksums(site, client, tmp_path):
    flipped = bytearray(WHOLE)
    flipped[5_000] ^= 1
    site.answers["/a.zip"] = file(bytes(flipped))
    with pytest.raises(SourceError, match=r"damaged: it is no whole zip|damaged: the checksum of"):
        download(wanted(site), tmp_path, client=client)
    assert names(tmp_path) == set()


def test_a_file_cut_short_without_a_length_is_told(site, client, tmp_path):
    """HTTP/1.0 style: the end of the connection is the end of the file, wherever it comes."""

    def no_length(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(WHOLE[:500_000])
        handler.close_connection = True

    site.answers["/a.zip"] = no_length
    with pytest.raises(SourceError, match="no whole zip"):
        download(wanted(site), tmp_path, client=client, sleep=Waits())


def test_a_connection_reset_is_a_broken_connection(site, client, tmp_path):
    def reset(handler: BaseHTTPRequestHandler) -> None:
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()
        handler.close_connection = True

    site.answers["/a.zip"] = in_turn(reset, file(WHOLE))
    assert download(wanted(site), tmp_path, client=client, sleep=Waits()).path.read_bytes() == WHOLE


def test_a_web_page_instead_of_the_file(site, client, tmp_path):
    site.answers["/a.zip"] = file(b"<html>Sign in</html>", kind="text/html; charset=utf-8")
    with pytest.raises(SourceError, match="web page instead of a.zip .*https://example.org/page"):
        download(wanted(site), tmp_path, client=client)
    assert names(tmp_path) == set()


def test_a_web_page_that_says_it_is_a_zip(site, client, tmp_path):
    site.answers["/a.zip"] = file(b"<html>Sign in</html>")
    with pytest.raises(SourceError, match="starts with b'<htm', which no .zip file does"):
        download(wanted(site), tmp_path, client=client)
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            404,
            r"is not there \(status 404\); it may have moved: download https://example.org/page",
        ),
        (410, "is not there"),
        (403, r"refuses \(status 403\); download https://example.org/page by hand"),
    ],
)
def test_refusals_are_final(site, client, tmp_path, code, says):
    site.answers["/a.zip"] = status(code)
    with pytest.raises(SourceError, match=says):
        download(wanted(site), tmp_path, client=client, sleep=Waits())
    assert len(site.requests) == 1


def test_waits_as_long_as_a_busy_host_asks(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(status(429, Retry_After="7"), status(503), file(WHOLE))
    waits = Waits()
    assert download(wanted(site), tmp_path, client=client, sleep=waits).path.read_bytes() == WHOLE
    assert waits == [7.0, 2.0]


def test_does_not_wait_for_an_hour(site, client, tmp_path):
    site.answers["/a.zip"] = status(429, Retry_After="3600")
    with pytest.raises(SourceError, match="asks to wait 3600 s .*try again then"):
        download(wanted(site), tmp_path, client=client, sleep=Waits())


def test_a_host_that_is_not_there(client, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    waits = Waits()
    nowhere = Wanted(f"http://127.0.0.1:{port}/a.zip", "a.zip")
    with pytest.raises(SourceError, match=r"could not reach 127.0.0.1: .*check the network, or"):
        download(nowhere, tmp_path, client=client, sleep=waits)
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize("address", ["ftp://example.org/a.zip", "http://", "a.zip"])
def test_what_is_no_address(client, tmp_path, address):
    with pytest.raises(SourceError, match="is not an address on the web"):
        download(Wanted(address, "a.zip"), tmp_path, client=client, sleep=Waits())


def test_protection_is_not_given_up_on_the_way(tmp_path):
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme == "https":
            return httpx2.Response(302, headers={"Location": "http://example.org/a.zip"})
        return httpx2.Response(200, stream=httpx2.ByteStream(WHOLE))

    with (
        httpx2.Client(transport=httpx2.MockTransport(answer)) as client,
        pytest.raises(SourceError, match="unprotected"),
    ):
        download(Wanted("https://example.org/a.zip", "a.zip"), tmp_path, client=client)


@pytest.mark.parametrize("etag", ['"v1"', None])
def test_an_unchanged_file_is_not_downloaded_again(site, client, tmp_path, etag):
    date = "Tue, 01 Apr 2025 10:00:00 GMT"
    site.answers["/a.zip"] = file(WHOLE, etag=etag, modified=date)
    first = download(wanted(site), tmp_path, client=client)
    again = download(wanted(site), tmp_path, client=client)
    assert again == first._replace(unchanged=True)


def test_an_unchanged_file_of_a_server_that_sends_it_all_the_same(site, client, tmp_path):
    def ignores_conditions(handler: BaseHTTPRequestHandler) -> None:
        del handler.headers["If-None-Match"]
        file(WHOLE)(handler)

    site.answers["/a.zip"] = ignores_conditions
    download(wanted(site), tmp_path, client=client)
    assert download(wanted(site), tmp_path, client=client).unchanged


def test_with_the_publishers_checksum_not_even_asked_for_again(site, client, tmp_path):
    stated = "md5:" + hashlib.md5(WHOLE).hexdigest()
    site.answers["/a.zip"] = file(WHOLE)
    download(wanted(site, stated), tmp_path, client=client)
    assert download(wanted(site, stated), tmp_path, client=client).unchanged
    assert len(site.requests) == 1


def test_a_newer_file_takes_the_place_of_the_older(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(file(WHOLE), file(OTHER, etag='"v2"'))
    download(wanted(site), tmp_path, client=client)
    got = download(wanted(site), tmp_path, client=client)
    assert (got.unchanged, got.path.read_bytes()) == (False, OTHER)
    assert (tmp_path / "a.zip.sha256").read_text().startswith(hashlib.sha256(OTHER).hexdigest())


def test_the_older_file_stays_when_the_newer_is_damaged(site, client, tmp_path):
    site.answers["/a.zip"] = in_turn(file(WHOLE), file(OTHER[:-30], etag='"v2"'))
    download(wanted(site), tmp_path, client=client)
    with pytest.raises(SourceError, match="is damaged"):
        download(wanted(site), tmp_path, client=client)
    assert (tmp_path / "a.zip").read_bytes() == WHOLE
    assert not (tmp_path / "a.zip.part").exists()


def test_a_file_spoilt_on_the_disk_is_fetched_again(site, client, tmp_path):
    site.answers["/a.zip"] = file(WHOLE)
    download(wanted(site), tmp_path, client=client).path.write_bytes(b"spoilt")
    got = download(wanted(site), tmp_path, client=client)
    assert (got.unchanged, got.path.read_bytes()) == (False, WHOLE)


def test_an_interrupt_leaves_a_part_to_go_on_from(site, client, tmp_path):
    site.answers["/a.zip"] = file(WHOLE)

    def interrupt(here: int, _: int | None) -> None:
        if here > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(wanted(site), tmp_path, client=client, progress=interrupt)
    left = (tmp_path / "a.zip.part").stat().st_size
    assert left > 100_000
    assert not (tmp_path / "a.zip").exists()
    assert download(wanted(site), tmp_path, client=client).path.read_bytes() == WHOLE
    assert site.ranges()[-1] == f"bytes={left}-"


def test_a_full_disk(site, client, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    site.answers["/a.zip"] = file(WHOLE)
    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(InputError, match="the disk is full at .*free space there"):
        download(wanted(site), tmp_path, client=client)
    assert not (tmp_path / "a.zip").exists()


def test_a_folder_that_may_not_be_written(site, client, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    site.answers["/a.zip"] = file(WHOLE)
    monkeypatch.setattr(module.Path, "replace", refuse)
    with pytest.raises(InputError, match="cannot write into .*choose a folder you may write"):
        download(wanted(site), tmp_path, client=client)


def test_a_file_where_the_folder_should_be(client, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="cannot write into"):
        download(Wanted("http://127.0.0.1/a.zip", "a.zip"), tmp_path / "taken", client=client)


# --- the catalogue's sources, their hosts played by a transport ---------------------------

ROR = {
    "files": [
        {"key": "notes.pdf", "links": {"self": "https://zenodo.org/f/notes.pdf"}},
        {
            "key": "v1.63-2025-04-03-ror-data.zip",
            "size": len(WHOLE),
            "checksum": "md5:" + hashlib.md5(WHOLE).hexdigest(),
            "links": {"self": "https://zenodo.org/f/ror/content"},
        },
    ]
}
OS = [
    {"area": "GB", "format": "GeoPackage", "fileName": "codepo_gpkg_gb.zip", "url": "https://no"},
    {
        "area": "GB", "format": "CSV", "fileName": "codepo_gb.zip", "size": len(OTHER),
        "md5": hashlib.md5(OTHER).hexdigest().upper(), "url": "https://api.os.uk/f?redirect",
    },
]  # fmt: skip


def hosts(pages: dict[str, object]) -> httpx2.Client:
    def answer(request: httpx2.Request) -> httpx2.Response:
        found = pages.get(str(request.url))
        if isinstance(found, bytes):
            return httpx2.Response(200, stream=httpx2.ByteStream(found))
        return httpx2.Response(404) if found is None else httpx2.Response(200, json=found)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


PAGES = {
    "https://cordis.europa.eu/data/cordis-h2020projects-csv.zip": WHOLE,
    "https://zenodo.org/api/records/6347574": ROR,
    "https://zenodo.org/f/ror/content": WHOLE,
    "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV": OS,
    "https://api.os.uk/f?redirect": OTHER,
}


def test_fetch_finds_each_publishers_file(tmp_path):
    told = []
    got = fetch(
        ["ror", "cordis-h2020", "codepoint-open", "ror"], tmp_path, client=hosts(PAGES),
        progress=lambda source, here, total: told.append((source.id, here)),
    )  # fmt: skip
    assert [(each.source.id, each.path.name) for each in got] == [
        ("ror", "v1.63-2025-04-03-ror-data.zip"),
        ("cordis-h2020", "cordis-h2020projects-csv.zip"),
        ("codepoint-open", "codepo_gb.zip"),
    ]
    assert [each.path.read_bytes() for each in got] == [WHOLE, WHOLE, OTHER]
    assert ("codepoint-open", len(OTHER)) in told
    assert [each.unchanged for each in fetch(["ror"], tmp_path, client=hosts(PAGES))] == [True]


def test_fetch_checks_the_publishers_checksum(tmp_path):
    damaged = {**PAGES, "https://zenodo.org/f/ror/content": OTHER}
    with pytest.raises(SourceError, match=r"ror-data.zip .*is damaged: its md5"):
        fetch(["ror"], tmp_path, client=hosts(damaged))


@pytest.mark.parametrize("listed", [{}, [], {"files": []}, {"files": [{"key": "a.zip"}]}, "x"])
def test_fetch_says_so_when_a_list_of_files_has_changed(tmp_path, listed):
    changed = {**PAGES, "https://zenodo.org/api/records/6347574": listed}
    with pytest.raises(SourceError, match=r"lists no file of .*by hand"):
        fetch(["ror"], tmp_path, client=hosts(changed))


def test_fetch_says_so_when_a_list_of_files_is_a_web_page(tmp_path):
    changed = {**PAGES, "https://zenodo.org/api/records/6347574": b"<html>"}
    with pytest.raises(SourceError, match="did not answer with JSON"):
        fetch(["ror"], tmp_path, client=hosts(changed))


def test_a_listed_name_cannot_lead_out_of_the_folder(tmp_path):
    listed = {"files": [{**ROR["files"][1], "key": "../../up.zip"}]}
    pages = {**PAGES, "https://zenodo.org/api/records/6347574": listed}
    [got] = fetch(["ror"], tmp_path / "in", client=hosts(pages))
    assert got.path == tmp_path / "in/up.zip"


@pytest.mark.parametrize(
    ("ids", "error", "says"),
    [
        (
            ["cordis-h2020", "cordiss-horizon"],
            UnknownName,
            "did you mean cordis-horizon",
        ),
        (["geonames"], InputError, "geonames comes with triplehelix"),
        ([], InputError, "`triplehelix sources` lists them"),
    ],
)
def test_fetch_checks_all_names_before_it_downloads_any(tmp_path, ids, error, says):
    with pytest.raises(error, match=says):
        fetch(ids, tmp_path / "in", client=hosts(PAGES))
    assert not (tmp_path / "in").exists()
