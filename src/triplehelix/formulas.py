"""
Cells that a spreadsheet would take for formulas, made harmless and back.

A spreadsheet runs what begins with one of `= + - @`, a tab or a carriage return, also written
full-width or after blanks (CWE-1236). Such a cell is written with an apostrophe before it. What
already begins with apostrophes and would be dangerous without them gets one more, so that taking
one off gives back exactly what there was.
"""

import re

_DANGEROUS = re.compile(
    r"'*[\s\ufeff\u200b]*[\t\r=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]"
)


def guarded(text: str) -> str:
    """
    A cell that no spreadsheet runs.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis"), guarded("1+1")
    ("'=1+1", "''=1+1", "'tis", '1+1')
    """
    return "'" + text if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """
    What a cell said before it was guarded; any other cell stays as it is.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text[1:]) else text
