"""
Letters that were damaged on the way, put right; good letters left alone.

Text written as UTF-8 and read as something else shows two or three signs for one letter:
`Bernhard J√∂ckel` is Jöckel read as Mac Roman, `JÃ¶ckel` the same as Windows-1252. Each such
run is a lead byte of UTF-8 and its continuation bytes seen through the wrong code, so text
without one is never touched. Mac Roman is undone here, run by run, because its leads (`√`,
`ƒ`, `≈`, `¬`, `Œ`, `œ`, `‚`) hardly ever stand before its continuations in good text; the
others, whose leads are everyday letters, are judged and undone by ftfy.

References
----------
Speer (2019), ftfy. doi:10.5281/zenodo.2591652
"""

import re
from functools import cache
from typing import Any

# Latin, Greek and punctuation. The other leads are letters and quotes of good text: `l’école`
# holds one, and would turn Armenian.
_MAC_PAIR_LEADS, _MAC_TRIPLE_LEADS = b"\xc2\xc3\xc4\xc5\xce\xcf", b"\xe2"
# What may rightly follow `√` or `≈` in a formula: `√π` is damage only within a word.
_FORMULA = "[√≈][πΩ∑∫∂∏∞±]"
_FTFY_CODES = ("cp1252", "latin-1", "cp437")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def repaired(text: str) -> str:
    """
    Return the text with damaged letters put right and runs of blanks as one.

    Curly quotes, ligatures, full-width signs and HTML stay as they are; signs without width
    are dropped.

    Parameters
    ----------
    text
        Any text; an empty one gives an empty one.

    Examples
    --------
    >>> repaired("Bernhard  J√∂ckel")
    'Bernhard Jöckel'
    >>> repaired("Łódź “Ωmega” Tromsø, à l’école")
    'Łódź “Ωmega” Tromsø, à l’école'
    """
    if not text.isascii():
        text = _mac_runs().sub(_undone, text)
        if _pairs().search(text):
            text = _fixed(text)
        text = text.translate(_UNSEEN)
    return " ".join(text.split())


@cache
def _mac_runs() -> re.Pattern[str]:
    """Match one letter of UTF-8 seen through Mac Roman."""
    two, three = _MAC_PAIR_LEADS.decode("mac_roman"), _MAC_TRIPLE_LEADS.decode("mac_roman")
    rest = _signs("mac_roman", 0x80, 0xBF)
    in_word = f"(?<=[A-Za-z]){_FORMULA}|{_FORMULA}(?=[A-Za-z])"
    return re.compile(f"[{three}]{rest}{{2}}|{in_word}|(?!{_FORMULA})[{two}]{rest}")


def _undone(run: re.Match[str]) -> str:
    try:
        return run.group().encode("mac_roman").decode("utf-8")
    except UnicodeDecodeError:
        return run.group()


@cache
def _pairs() -> re.Pattern[str]:
    """Match a lead and a continuation byte of UTF-8 seen through another code."""
    codes = [_signs(code, 0xC2, 0xF4) + _signs(code, 0x80, 0xBF) for code in _FTFY_CODES]
    return re.compile("|".join(codes))


def _signs(code: str, first: int, last: int) -> str:
    signs = bytes(range(first, last + 1)).decode(code, "ignore")
    return f"[{re.escape(signs)}]"


def _fixed(text: str) -> str:
    import ftfy

    return ftfy.fix_text(text, _settings())


@cache
def _settings() -> Any:
    """Undo misread encodings only; nothing that is a matter of taste."""
    import ftfy

    return ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        explain=False,
    )
