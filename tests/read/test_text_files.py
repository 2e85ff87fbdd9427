"""Plain texts as people save them, and what is none."""

import io

import pytest

from triplehelix.errors import InputError
from triplehelix.read.text_files import MOST_LETTERS, read_text_file, read_text_stream


@pytest.mark.parametrize("raw", [
    "naïve £5".encode(), "naïve £5".encode("utf-8-sig"), "naïve £5".encode("utf-16"),
])  # fmt: skip
def test_encodings_that_are_told(tmp_path, raw):
    (tmp_path / "call.txt").write_bytes(raw)
    assert read_text_file(tmp_path / "call.txt") == "naïve £5"


@pytest.mark.parametrize(("raw", "said"), [
    (b"", "holds no text; write what is needed"), (b" \n\t", "holds no text"),
    ("naïve".encode("latin-1"), r"not in UTF-8 \(byte 2\); save it as plain text"),
    (b"%PDF-1.7\0\x01", "no text but a binary file; save it as plain text"),
    (b"a" * 10_000_000, "over 200,000 letters; give the part that tells what is needed"),
    (b"a" * (MOST_LETTERS + 1), "over 200,000 letters"),
])  # fmt: skip
def test_what_is_refused(tmp_path, raw, said):
    (tmp_path / "call.txt").write_bytes(raw)
    with pytest.raises(InputError, match=said):
        read_text_file(tmp_path / "call.txt")


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="none.txt cannot be read .* check its path"):
        read_text_file(tmp_path / "none.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_text_file(tmp_path)


def test_a_huge_stream_is_not_read_to_its_end():
    stream = io.BytesIO(b"a" * 10_000_000)
    with pytest.raises(InputError, match="standard input has over"):
        read_text_stream(stream, "standard input")
    assert stream.tell() < 1_000_000
