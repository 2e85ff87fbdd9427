"""How wide and how tall a text stands, by the widths of the letters."""

import re
import unicodedata
from functools import lru_cache

from triplehelix.draw.slides.look import LEADING

# Thousandths of the size, from the space to the tilde: the advance widths of Helvetica, which
# Arial shares (Adobe, core font metrics, Helvetica.afm).
_WIDTHS = [int(width) for width in """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278
556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556
1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778
667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556
333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556
556 556 333 500 278 556 500 722 500 500 500 334 260 334 584""".split()]  # fmt: skip
_OTHERS = {"–": 556, "—": 1000, "…": 1000, "●": 604, "○": 604, "·": 333, "£": 556, "€": 556,
           "’": 222, "“": 333, "”": 333, "\u00a0": 278, "\u202f": 278}  # fmt: skip
_UNKNOWN, _WIDE = 620, 1000
# Bold letters are wider by this, and those of serif headings again.
BOLD, HEADING = 1.09, 1.22
# Letters of scripts that break lines anywhere, but for what may not begin or end a line (kinsoku:
# JIS X 4051, and W3C's Requirements for Japanese Text Layout, 3.1.7 and 3.1.8).
_ANYWHERE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_NEVER_FIRST = (
    "、。，．・：；？！」』】〕〉》）］｝ーゝゞ々〜～ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NEVER_LAST = "「『【〔〈《（［｛"
# A piece that is never broken: a word, or a wide letter with what clings to it.
_PIECES = re.compile(
    rf"[{_NEVER_LAST}]*[{_ANYWHERE}][{_NEVER_FIRST}]*|\s+|[^\s{_ANYWHERE}]+[{_NEVER_FIRST}]*"
)
# Office sets a quarter of an em between a wide letter and a narrow one (LibreOffice at marks, too).
_BETWEEN = 250
_TOGETHER = 4.0


def width(text: str, size: float, factor: float = 1.0) -> float:
    """
    How wide a text is on one line, in points.

    Parameters
    ----------
    size : of the letters, in points.
    factor : `BOLD` or `HEADING` for such letters.

    Examples
    --------
    >>> round(width("Hello", 10), 2)  # 722 + 556 + 222 + 222 + 556 thousandths
    22.78
    >>> width("日本", 10), width("日本", 10, BOLD)
    (20.0, 20.0)
    """
    narrow = wide = 0
    before = ""
    for letter in text:
        own = _letter(letter)
        if _is_wide(letter):
            wide += own
        else:
            narrow += own
        if before and _apart(before, letter):
            narrow += _BETWEEN
        before = letter
    # All wide letters are one em, the bold ones too.
    return (narrow * factor + wide) * size / 1000


def _apart(one: str, other: str) -> bool:
    return _is_wide(one) != _is_wide(other) and not one.isspace() and not other.isspace()


@lru_cache(maxsize=4096)
def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


@lru_cache(maxsize=4096)
def _letter(letter: str) -> int:
    if " " <= letter <= "~":
        return _WIDTHS[ord(letter) - 32]
    if letter in _OTHERS:
        return _OTHERS[letter]
    if unicodedata.combining(letter):
        return 0
    if _is_wide(letter):
        return _WIDE
    plain = unicodedata.normalize("NFD", letter)[0]
    return _letter(plain) if " " <= plain <= "~" else _UNKNOWN


def longest_word(text: str, size: float, factor: float = 1.0) -> float:
    """
    The width of the widest piece that is better not broken, in points; 0 of nothing.

    A script that breaks lines anywhere is not set one letter under the other: four stay together.

    Examples
    --------
    >>> longest_word("先端治療、医療機器", 10), longest_word("第1", 10) > longest_word("1", 10)
    (40.0, True)
    """
    pieces = (width(piece, size, factor) for piece in _PIECES.findall(text))
    together = (
        min(width(word, size, factor), _TOGETHER * size)
        for word in text.split() if any(map(_is_wide, word))
    )  # fmt: skip
    return max((*pieces, *together), default=0.0)


def lines(text: str, size: float, room: float, factor: float = 1.0) -> int:
    """
    On how many lines a text stands where there is so much room; at least 1.

    A word wider than the room is broken where it must.

    Examples
    --------
    >>> lines("one two", 10, 100), lines("one two", 10, 20)
    (1, 2)
    """
    found, at = 1, 0.0
    for piece in _PIECES.findall(text):
        wide = width(piece, size, factor)
        if piece.isspace() or at + wide <= room:
            at += wide
        else:
            found += at > 0
            more = int(max(wide - 0.01, 0.0) // room)
            found, at = found + more, wide - more * room
    return found


def height(text: str, size: float, room: float, factor: float = 1.0) -> float:
    """How tall a text stands where there is so much room, in points."""
    return lines(text, size, room, factor) * size * LEADING


def cut(text: str, size: float, room: float, most_lines: int, factor: float = 1.0) -> str:
    """
    The text, or as many of its first words as stand on so many lines, with an ellipsis.

    Examples
    --------
    >>> cut("one two three", 10, 50, 1), cut("再生医療等製品、細胞", 10, 60, 1)
    ('one two…', '再生医療等…')
    """
    if lines(text, size, room, factor) <= most_lines:
        return text
    pieces = _PIECES.findall(text)
    while len(pieces) > 1:
        pieces.pop()
        short = "".join(pieces).rstrip(" ,;.:、。；：") + "…"
        if lines(short, size, room, factor) <= most_lines:
            return short
    return "…"
