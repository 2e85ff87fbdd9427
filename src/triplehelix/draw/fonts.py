"""Fonts for paper: those of every language, and of scripts which these lack the letters of."""

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# The family and weight of each font, by the names that `html.paper` takes its fonts under.
FONTS = {
    "sans": ("Source Sans 3", 400), "sans-bold": ("Source Sans 3", 600),
    "serif-bold": ("Source Serif 4", 600),
    "ja": ("Noto Sans JP", 400), "ja-bold": ("Noto Sans JP", 600),
}  # fmt: skip
LATIN = ("sans", "sans-bold", "serif-bold")
# Of no use to letters that stand one beside the other, whatever their neighbours.
_UNUSED = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
# Which languages need more fonts: thousands of letters, of which a paper uses hundreds.
OF_SCRIPT = {"ja": ("ja", "ja-bold")}


def fonts_for(language: str) -> tuple[str, ...]:
    """
    The names of the fonts that a paper in this language is set in.

    Examples
    --------
    >>> fonts_for("fr"), fonts_for("ja")[-2:]
    (('sans', 'sans-bold', 'serif-bold'), ('ja', 'ja-bold'))
    """
    return (*LATIN, *OF_SCRIPT.get(language, ()))


def faces(fonts: Mapping[str, bytes], text: str) -> Markup:
    """
    The rules of a style sheet that bring fonts along, whole or cut down to the letters of a text.

    Parameters
    ----------
    fonts : of some of `FONTS` a WOFF file's content.
    """
    rules = [
        _face(*FONTS[name], unpacked(fonts[name]) if name in LATIN else cut_out(fonts[name], text))
        for name in FONTS
        if name in fonts
    ]
    return Markup("".join(rules))  # noqa: S704


def _face(family: str, weight: int, content: bytes) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f"src: url(data:font/ttf;base64,{b64encode(content).decode()}) }}\n"
    )


@lru_cache(maxsize=8)
def unpacked(font: bytes) -> bytes:
    """
    A font as TrueType or OpenType; what makes PDFs would unpack it too, but write the time into it.

    Parameters
    ----------
    font : a font file's content: TrueType, OpenType or WOFF.
    """
    from fontTools.ttLib import TTFont

    return _plain(TTFont(BytesIO(font), lazy=True, recalcTimestamp=False))


def cut_out(font: bytes, text: str) -> bytes:
    """
    A font with the letters of a text alone: the same bytes for the same letters.

    Parameters
    ----------
    font : a font file's content: TrueType, OpenType, or WOFF, which is opened ten times as fast as
        WOFF2.

    Returns
    -------
    A TrueType or OpenType file's content. Letters that the font lacks are passed over.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    opened = TTFont(BytesIO(font), lazy=True, recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=[])
    options.drop_tables += _UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(set(text))))
    cutter.subset(opened)
    return _plain(opened)


def _plain(font: "TTFont") -> bytes:
    font.flavor = None
    made = BytesIO()
    font.save(made)
    return made.getvalue()
