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
from triplehelix.draw.fonts import OF_SCRIPT, faces
from triplehelix.draw.maps import Rings, map_svg
from triplehelix.draw.numbers import interval, number, shown
from triplehelix.draw.said import hint, noted, period
from triplehelix.offer.document import Bars, Block, Document, Map, Table
from triplehelix.offer.figures import Figure

_HERE = Path(__file__).parent / "templates"
_templates = Environment(
    loader=FileSystemLoader(_HERE), autoescape=select_autoescape(default=True),
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip

# After what ends a phrase, and before a bracket that opens one.
_PHRASES = re.compile(r"(?<=[、。：；）〕])(?=[^、。：；）〕])|(?=[（〔])")

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
    fonts : of each of `fonts.FONTS`, where there is one, a WOFF file's content.
    """
    drawn: list[str] = []

    def picture(block: Block) -> Markup:
        if isinstance(block, Map):
            drawn.append(map_svg(block, land))
        elif isinstance(block, Bars):
            drawn.append(bars_svg(block, document.language, document.direction))
        else:
            return Markup()
        return _image(drawn[-1], block.alt)

    body = _sections(document, base, picture, on_paper=True)
    style = Markup((_HERE / "paper.css").read_text("utf-8"))  # noqa: S704
    whole = _templates.get_template("paper.html").render(
        document=document, body=body, base=base, style=style, **_helpers(document)
    )
    # Which letters the fonts must have is known only now.
    return whole.replace("<style>", f"<style>{faces(fonts or {}, whole + ''.join(drawn))}", 1)


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
        "hint": lambda figure: hint(figure, document),
        "letters": _letters,
        "tongue": lambda path: _tongue(path, language),
        "listed": lambda figure, base, letters: _listed(figure, base, letters, document),
        "noted": lambda block: noted(block, document),
        "numeric": _is_numeric,
        "whole": lambda text, most: _whole(text, most) if language in OF_SCRIPT else text,
        "kind_of": lambda block: type(block).__name__,
    }


def _letters(document: Document) -> dict[str, str]:
    """A letter for each text that many figures share: what the sample is, and how sure it is."""
    figures = [figure for _, figure in document.figures()]
    said = dict.fromkeys(figure.doubt.words for figure in figures)
    said |= dict.fromkeys(figure.sample.of for figure in figures)
    names = [*ascii_lowercase, *(a + b for a in ascii_lowercase for b in ascii_lowercase)]
    return dict(zip(said, names, strict=False))


def _listed(figure: Figure, base: str, letters: Mapping[str, str], document: Document) -> Markup:
    """A figure in the list of all, its value a link; what many share is told by their letters."""
    label, language = document.labels, document.language
    value = Markup('<a href="{}">{}</a>').format(
        f"{base}{figure.evidence.path}", shown(figure, language)
    )
    if between := interval(figure, language):
        value = Markup(escape(label["between"])).format(value=value, interval=between)  # noqa: S704
    n, of = figure.sample.n, letters[figure.sample.of]
    counted = "" if n is None else number(n, "pieces", language)
    return Markup(escape(label["listed"])).format(  # noqa: S704
        says=figure.says, value=value, source=label["comma"].join(figure.source),
        period=period(figure.period, document),
        sample=label["counted"].format(n=counted, of=of).strip() if counted else of,
        doubt=letters[figure.doubt.words],
    )  # fmt: skip


def _tongue(path: str, language: str) -> Markup:
    """Of a link: that pages outside the offer are in English, where it is not."""
    other = language != "en" and not path.startswith("/offer")
    return Markup(' hreflang="en"') if other else Markup()


def _whole(text: str, most: int) -> Markup:
    """A head whose short phrases are not broken over lines, in a script that has no spaces."""
    return Markup("").join(
        Markup('<span class="phrase">{}</span>').format(phrase) if len(phrase) <= most else phrase
        for phrase in _PHRASES.split(text)
    )


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
