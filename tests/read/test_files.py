"""Bytes in: what is in a file or an archive, and what is said of one that is broken."""

import gzip
import io
import os
import random
import zipfile
from pathlib import Path

import pytest

from triplehelix.errors import SourceError
from triplehelix.read import files
from triplehelix.read.files import Member, folder, members

NOISE = random.Random(1).randbytes(300_000)


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zipped(path: Path, inside: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def read(path: Path) -> dict[str, bytes]:
    out = {}
    for member in members(path):
        with member.open() as stream:
            out[member.label] = stream.read()
    return out


def test_plain_and_gzip_give_the_same_bytes(tmp_path):
    where = tmp_path / "dump"
    where.mkdir()
    assert read(put(where / "a.csv", NOISE)) == {"dump/a.csv": NOISE}
    assert read(put(where / "a.csv.gz", gzip.compress(NOISE))) == {"dump/a.csv.gz": NOISE}


def test_gzip_is_told_by_its_bytes_whatever_its_name(tmp_path):
    assert members(put(tmp_path / "a.csv", gzip.compress(b"x;y")))[0].head() == b"x;y"


def test_zip_lists_its_files_in_order_of_name(tmp_path):
    path = zipped(tmp_path / "d.zip", {"b/two.csv": b"2", "one.csv.gz": gzip.compress(b"1")})
    assert read(path) == {"d.zip/b/two.csv": b"2", "d.zip/one.csv.gz": b"1"}
    assert [member.name for member in members(path)] == ["two.csv", "one.csv.gz"]


def test_zip_in_a_zip_is_opened_once_and_no_deeper(tmp_path):
    deepest = zipped(tmp_path / "c.zip", {"x.csv": b"x"})
    inner = zipped(tmp_path / "b.zip", {"y.csv": b"y", "c.zip": deepest.read_bytes()})
    outer = zipped(tmp_path / "a.zip", {"b.zip": inner.read_bytes()})
    found = read(outer)
    assert found["a.zip/b.zip/y.csv"] == b"y"
    assert found["a.zip/b.zip/c.zip"] == deepest.read_bytes()
    assert len(found) == 2


def test_names_leading_out_hidden_files_and_folders_are_passed_over(tmp_path):
    names = [
        "../out.csv",
        "/root.csv",
        "C:\\x.csv",
        "a\\..\\b.csv",
        ".DS_Store",
        "__MACOSX/._a.csv",
    ]
    path = zipped(tmp_path / "d.zip", dict.fromkeys([*names, "folder/", "good.csv"], b"1"))
    assert list(read(path)) == ["d.zip/good.csv"]


def test_a_workbook_is_one_file_though_it_is_a_zip(tmp_path):
    path = zipped(tmp_path / "t.xlsx", {"xl/workbook.xml": b"<x/>"})
    assert [member.name for member in members(path)] == ["t.xlsx"]


def test_folder_goes_one_level_down(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    for path in (tmp_path / "z.csv", tmp_path / "a" / "y.csv", deep / "x.csv", tmp_path / ".hid"):
        put(path, b"1")
    assert [path.name for path in folder(tmp_path)] == ["z.csv", "y.csv"]


def test_missing(tmp_path):
    with pytest.raises(SourceError, match=r"none\.csv is missing.*check the path"):
        members(tmp_path / "none.csv")
    with pytest.raises(SourceError, match="check the path"):
        folder(tmp_path / "none")


def test_empty(tmp_path):
    with pytest.raises(SourceError, match=r"a\.csv is empty \(0 bytes\); fetch it again"):
        members(put(tmp_path / "a.csv", b""))


@pytest.mark.parametrize("share", [0.001, 0.3, 0.99])
def test_truncated_gzip_says_so_when_it_is_reached(tmp_path, share):
    packed = gzip.compress(NOISE)
    path = put(tmp_path / "a.csv.gz", packed[: int(len(packed) * share)])
    with pytest.raises(SourceError, match=r"a\.csv\.gz is truncated or damaged.*fetch it again"):
        read(path)


def test_gzip_with_a_flipped_byte(tmp_path):
    packed = bytearray(gzip.compress(NOISE))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(SourceError, match="fetch it again"):
        read(put(tmp_path / "a.csv.gz", bytes(packed)))


def test_a_page_saved_under_the_name_of_a_gzip_file(tmp_path):
    with pytest.raises(SourceError, match="does not hold gzip.*fetch it again"):
        read(put(tmp_path / "a.csv.gz", b"<!DOCTYPE html>"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_truncated_zip(tmp_path, share):
    whole = zipped(tmp_path / "w.zip", {"a.csv": NOISE}).read_bytes()
    path = put(tmp_path / "t.zip", whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match=r"t\.zip is truncated or damaged.*fetch it again"):
        members(path)


def test_zip_with_a_flipped_byte_says_so_when_it_is_reached(tmp_path):
    whole = bytearray(zipped(tmp_path / "w.zip", {"a.csv": NOISE}).read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    with pytest.raises(SourceError, match=r"w\.zip/a\.csv is truncated or damaged"):
        read(put(tmp_path / "w.zip", bytes(whole)))


def test_not_a_zip(tmp_path):
    with pytest.raises(SourceError, match="fetch it again"):
        members(put(tmp_path / "a.zip", b"<!DOCTYPE html>"))


def test_zip_without_files(tmp_path):
    with pytest.raises(SourceError, match="without a file in it"):
        members(zipped(tmp_path / "a.zip", {}))


def test_encrypted_zip(tmp_path):
    content = bytearray(zipped(tmp_path / "a.zip", {"a.csv": b"1"}).read_bytes())
    content[6] |= 1  # the flag of an encrypted member, in the local header ...
    content[content.index(b"PK\x01\x02") + 8] |= 1  # ... and in the central directory
    with pytest.raises(SourceError, match="cannot be unpacked.*unpack it yourself"):
        read(put(tmp_path / "a.zip", bytes(content)))


def test_zip_bomb_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BOMB_BYTES", 1 << 20)
    path = zipped(tmp_path / "a.zip", {"a.csv": bytes(4 << 20)})
    with pytest.raises(SourceError, match=r"a\.zip unpacks to .* \(a zip bomb\?\).*unpack it your"):
        members(path)


def test_zip_bomb_in_a_zip_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BOMB_BYTES", 1 << 20)
    inner = zipped(tmp_path / "i.zip", {"a.csv": bytes(4 << 20)})
    with pytest.raises(SourceError, match="a zip bomb"):
        members(zipped(tmp_path / "o.zip", {"i.zip": inner.read_bytes()}))


@pytest.mark.parametrize("within", [False, True])
def test_gzip_bomb_is_stopped_while_it_unpacks(tmp_path, monkeypatch, within):
    monkeypatch.setattr(files, "BOMB_BYTES", 1 << 20)
    bomb = gzip.compress(bytes(8 << 20))
    path = tmp_path / ("a.zip" if within else "a.gz")
    path = zipped(path, {"a.gz": bomb}) if within else put(path, bomb)
    with members(path)[0].open() as stream, pytest.raises(SourceError, match="a zip bomb"):
        stream.read()


def test_well_packed_but_small_is_no_bomb(tmp_path):
    assert read(zipped(tmp_path / "a.zip", {"a.csv": bytes(4 << 20)}))["a.zip/a.csv"] == bytes(
        4 << 20
    )


def test_zip_of_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MEMBERS_MOST", 3)
    path = zipped(tmp_path / "a.zip", {f"{i}.csv": b"1" for i in range(4)})
    with pytest.raises(SourceError, match="holds 4 files, more than 3; unpack it"):
        members(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path):
    path = put(tmp_path / "a.csv", b"1")
    path.chmod(0)
    with pytest.raises(SourceError, match="may not be read; give yourself read permission"):
        members(path)


def test_no_permission_as_the_system_says_it(tmp_path, monkeypatch):
    path = put(tmp_path / "a.csv", b"1")

    def refuse(*_args: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="may not be read; give yourself read permission"):
        members(path)


def test_an_input_error_midway_names_the_file(tmp_path, monkeypatch):
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

        def peek(self, size: int) -> bytes:
            return b"ab"

    path = put(tmp_path / "a.csv", b"1")
    monkeypatch.setattr(Path, "open", lambda *_: Failing())
    said = pytest.raises(SourceError, match=r"d/a\.csv cannot be read.*Input/output.*check")
    with Member("a.csv", "d/a.csv", path).open() as stream, said:
        stream.read()


def _open_handles() -> int:
    handles = Path("/proc/self/fd")
    return len(list(handles.iterdir())) if handles.exists() else 0


def test_everything_is_closed_with_the_stream(tmp_path):
    """Windows would refuse, and Linux count, a handle left open."""
    path = zipped(tmp_path / "a.zip", {"a.csv.gz": gzip.compress(b"1")})
    before = _open_handles()
    for _ in range(20):
        assert members(path)[0].head() == b"1"
    after = _open_handles()
    assert after == before
