"""A file that holds plain text, as people save it."""

from pathlib import Path
from typing import BinaryIO

from triplehelix.errors import InputError

MOST_LETTERS = 200_000
_MOST_BYTES = 4 * MOST_LETTERS
_REMEDY = "save it as plain text in UTF-8"


def read_text_file(path: Path) -> str:
    """
    The text of a file in UTF-8, or in UTF-16 that says so at its start.

    Raises
    ------
    InputError
        If it is missing, empty, no text, in another encoding, or has over 200,000 letters.
    """
    try:
        with path.open("rb") as stream:
            return read_text_stream(stream, str(path))
    except OSError as err:
        reason = err.strerror or err
        raise InputError(f"{path} cannot be read ({reason}); check its path") from err


def read_text_stream(stream: BinaryIO, name: str) -> str:
    """The same of an open stream of bytes, which is read no further than is allowed."""
    raw = stream.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise InputError(_too_long(name))
    text = _decoded(raw, name)
    if not text.strip():
        raise InputError(f"{name} holds no text; write what is needed")
    if len(text) > MOST_LETTERS:
        raise InputError(_too_long(name))
    return text


def _decoded(raw: bytes, name: str) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw and not wide:
        raise InputError(f"{name} is no text but a binary file; {_REMEDY}")
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{name} is not in UTF-8 (byte {err.start}); {_REMEDY}") from err


def _too_long(name: str) -> str:
    return (
        f"{name} has over {MOST_LETTERS:,} letters; give the part that tells what is needed, a "
        "few pages at most"
    )
