"""A document as HTML: a fragment for pages, and a whole for paper."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from triplehelix.draw.bars import bars_svg
from triplehelix.draw.codes import code_svg, leads_somewhere
from triplehelix.draw.maps import Rings, map_svg
from triplehelix.draw.numbers import interval, number, shown
from triplehelix.offer.document import Bars, Block, Document, Map, Table
from triplehelix.offer.figures import Figure, figures_in

_YEARS = re.compile(r"\d{4}/\d{4}")
_HERE = Path(__file__).parent / "templates"
_templates = Environment(
    loader=FileSystemLoader(_HERE), autoescape=select_autoescape(default=True),
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip

Picture = Callable[[Block], Markup]


def fragment(document: Document) -> Markup:
    """
    The document's sections as HTML for a page, charts as inline SVG.

    Maps are left out: a page has one of its own.
    """

    def picture(block: Block) -> Markup:
        if not isinstance(block, Bars):
            return Markup()
        return Markup(bars_svg(block, document.language, document.direction))  # noqa: S704

    return _sections(document, "", picture, on_paper=False)


def paper(
    document: Document, base: str, land: Rings = (), fonts: Mapping[str, bytes] | None = None
) -> str:
    """
    The whole document as HTML for paper: cover, contents, sections, every figure.

    Parameters
    ----------
    base : address of the atlas, without a slash at the end: links lead there.
    land : rings of (longitude, latitude) to be drawn under maps.
    fonts : of each of `FONTS`, where there is one, the content of a WOFF or TrueType file.
    """

    def picture(block: Block) -> Markup:
        if isinstance(block, Map):
            return _image(map_svg(block, land), block.alt)
        if isinstance(block, Bars):
            return _image(bars_svg(block, document.language, document.direction), block.alt)
        return Markup()

    body = _sections(document, base, picture, on_paper=True)
    style = Markup((_HERE / "paper.css").read_text("utf-8"))  # noqa: S704
    return _templates.get_template("paper.html").render(
        document=document, body=body, base=base, style=style, fonts=_faces(fonts or {}),
        **_helpers(document),
    )  # fmt: skip


# The name of a font file's family and weight, as `paper` takes them.
FONTS = {
    "sans": ("Source Sans 3", 400), "sans-bold": ("Source Sans 3", 600),
    "serif-bold": ("Source Serif 4", 600),
}  # fmt: skip


def _sections(document: Document, base: str, picture: Picture, *, on_paper: bool) -> Markup:
    text = _templates.get_template("document.html").render(
        document=document,
        base=base,
        picture=picture,
        on_paper=on_paper,
        code=lambda key: _code(document, base, key),
        **_helpers(document),
    )
    return Markup(text)  # noqa: S704


def _helpers(document: Document) -> dict[str, Any]:
    language = document.language
    return {
        "label": document.labels,
        "shown": lambda figure: shown(figure, language),
        "interval": lambda figure: interval(figure, language),
        "sample": lambda figure: _sample(figure, language),
        "count": lambda figure: (
            "" if figure.sample.n is None else number(figure.sample.n, "pieces", language)
        ),
        "letters": _letters,
        "noted": lambda block: noted(block, document),
        "numeric": _is_numeric,
        "kind_of": lambda block: type(block).__name__,
    }


def _sample(figure: Figure, language: str) -> str:
    of = figure.sample.of
    return of if figure.sample.n is None else f"{number(figure.sample.n, 'pieces', language)} {of}"


def noted(block: Block, document: Document) -> str:
    """Sources, periods and uncertainty of the figures in a block, each once; empty without any."""
    figures = list(figures_in(block))
    if not figures:
        return ""
    label = document.labels
    parts = [
        (label["source"], ", ".join(sorted({s for figure in figures for s in figure.source}))),
        (label["period"], _span(figures)),
        (label["sample"], "; ".join(sorted({figure.sample.of for figure in figures})[:4])),
        (label["doubt"], "; ".join(sorted({figure.doubt.words for figure in figures})[:4])),
    ]
    return ". ".join(f"{name}: {said}" for name, said in parts) + "."


def _span(figures: list[Figure]) -> str:
    """From the first year of any to the last; what is no pair of years as it is said."""
    said = {figure.period for figure in figures}
    years = sorted(year for one in said if _YEARS.fullmatch(one) for year in one.split("/"))
    others = sorted(one for one in said if not _YEARS.fullmatch(one))
    return ", ".join([*([f"{years[0]}/{years[-1]}"] if years else []), *others])


def _letters(document: Document) -> dict[str, str]:
    """A letter for each text that many figures share: what the sample is, and how sure it is."""
    figures = [figure for _, figure in document.figures()]
    said = dict.fromkeys(figure.doubt.words for figure in figures)
    said |= dict.fromkeys(figure.sample.of for figure in figures)
    names = [*ascii_lowercase, *(a + b for a in ascii_lowercase for b in ascii_lowercase)]
    return dict(zip(said, names, strict=False))


def _is_numeric(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows]
    return any(len(cell.runs) == 1 and isinstance(cell.runs[0], Figure) for cell in cells) and all(
        len(cell.runs) <= 1 for cell in cells
    )


def _image(svg: str, alt: str) -> Markup:
    """An image that paper tags with its text; its lines stay lines."""
    coded = b64encode(svg.encode()).decode()
    return Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(coded, escape(alt))


def _code(document: Document, base: str, key: str) -> Markup:
    """A QR code to a section's place in the atlas; nothing where a reader could not reach it."""
    if not document.path or not leads_somewhere(base):
        return Markup()
    image = _image(code_svg(f"{base}{document.path}#{key}"), document.labels["code"])
    return Markup('<p class="code">{}</p>').format(image)


def _faces(fonts: Mapping[str, bytes]) -> Markup:
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f"src: url(data:font/{_kind(fonts[name])};base64,{b64encode(fonts[name]).decode()}) }}\n"
        for name, (family, weight) in FONTS.items()
        if name in fonts
    ]
    return Markup("".join(faces))  # noqa: S704


def _kind(font: bytes) -> str:
    return "woff" if font.startswith(b"wOFF") else "ttf"
