"""The sheets of a spreadsheet, OpenDocument or Excel's, as rows of cells."""

import zipfile
from collections.abc import Iterator
from typing import Any

from triplehelix.errors import SourceError
from triplehelix.read.files import Member
from triplehelix.read.grids import check_unpacked


def sheets(member: Member) -> Iterator[tuple[str, list[list[Any]]]]:
    """
    Give each sheet's name and rows, in order; a cell is text, a number, a date, or ''.

    Raises
    ------
    SourceError
        If the file is damaged, locked by a password, no spreadsheet, or a zip bomb.
    """
    from python_calamine import CalamineError, CalamineWorkbook, ZipError

    try:
        check_unpacked(member)
        with member.path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
            for name in book.sheet_names:
                yield name, book.get_sheet_by_name(name).to_python()
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError) as err:
        said = " ".join(str(err).split())[:200]
        raise SourceError(
            f"{member.label} is damaged, locked, or no spreadsheet ({said}); save or fetch it again"
        ) from err
