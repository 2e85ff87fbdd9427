"""Fonts of the pages, unpacked for paper."""

from functools import lru_cache
from io import BytesIO


@lru_cache(maxsize=16)
def unpacked(woff: bytes) -> bytes:
    """
    A WOFF file's font as it is: the same bytes each time.

    WeasyPrint would unpack it, too, and write the hour into it.
    """
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(woff), recalcTimestamp=False, recalcBBoxes=False)
    font.flavor = None
    made = BytesIO()
    font.save(made, reorderTables=False)
    return made.getvalue()
