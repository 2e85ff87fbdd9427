"""Sheets of text and numbers as an OpenDocument spreadsheet; the same cells, the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from triplehelix.errors import InputError

Value = str | int | float | None
Rows = Iterable[Sequence[Value]]

# LibreOffice and Excel cut off or refuse what is longer.
CELL_LONGEST = 32_767

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
 manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{_MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet>
"""
_TAIL = "</office:spreadsheet></office:body></office:document-content>\n"

# No character of these can stand in XML 1.0, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Earlier than this a zip cannot say; the time of writing would make each file another.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def spreadsheet(sheets: Iterable[tuple[str, Rows]]) -> bytes:
    """
    Write sheets as one `.ods` file.

    Parameters
    ----------
    sheets : (name, rows), in order
        A cell is text, a number, or None for an empty one. Runs of blanks in text become one.

    Returns
    -------
    bytes
        The file; the same whenever it is made.

    Raises
    ------
    InputError
        If a text is longer than `CELL_LONGEST`, or a number is not finite.

    Examples
    --------
    >>> spreadsheet([("Sheet", [["a", 1], [None, 2.5]])])[:2]
    b'PK'
    """
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>\n"
        + "".join(f"<table:table-row>{_cells(row)}</table:table-row>\n" for row in rows)
        + "</table:table>\n"
        for name, rows in sheets
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # The kind stands first and unpacked, so that a program knows the file by its head.
        _add(archive, "mimetype", _MIME, zipfile.ZIP_STORED)
        _add(archive, "content.xml", _HEAD + body + _TAIL, zipfile.ZIP_DEFLATED)
        _add(archive, "META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str, how: int) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    # Neither the system nor its rights are part of the content.
    entry.create_system, entry.external_attr = 3, 0o600 << 16
    entry.compress_type = how
    archive.writestr(entry, text.encode("utf-8"), how, 9 if how == zipfile.ZIP_DEFLATED else None)


def _cells(row: Sequence[Value]) -> str:
    return "".join(_cell(value) for value in row)


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return _number(value)
    text = " ".join(_NOT_XML.sub(" ", value).split())
    if len(text) > CELL_LONGEST:
        raise InputError(
            f"the text {text[:40]!r}... has {len(text):,} characters and a cell holds at most "
            f"{CELL_LONGEST:,}; shorten it"
        )
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        raise InputError(f"{value} cannot stand in a spreadsheet; leave the cell empty")
    text = repr(value)
    return (
        f'<table:table-cell office:value-type="float" office:value="{text}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )
