"""An offer in each of its forms, all made of the same document."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from triplehelix.app import jobs
from triplehelix.app.download import csv_text
from triplehelix.app.prepared import kept_per_edition
from triplehelix.draw.fonts import fonts_for
from triplehelix.draw.html import paper
from triplehelix.draw.maps import Box, box_of
from triplehelix.draw.slides.maps import slide_box
from triplehelix.errors import InputError
from triplehelix.offer.document import Document, Map
from triplehelix.offer.offer import Offer
from triplehelix.offer.wording import Wording
from triplehelix.offer.writing import written
from triplehelix.read.coast import silhouettes
from triplehelix.store.edition import Edition

ATLAS = "http://localhost:8000"
FORMS = ("pdf", "html", "pptx", "json", "csv")
_CSV = ["key", "section", "figure", "value", "unit", "low", "high", "how_sure", "source", "period",
        "sample_n", "sample_of", "evidence", "ids"]  # fmt: skip
# The part of a font's file name that tells it among the built files of the pages.
_FILES = {
    "sans": "source-sans-3-latin-400-normal",
    "sans-bold": "source-sans-3-latin-600-normal",
    "serif-bold": "source-serif-4-latin-600-normal",
    "ja": "noto-sans-jp-japanese-400-normal",
    "ja-bold": "noto-sans-jp-japanese-600-normal",
}
# An island smaller than this part of the map's width is left out.
_SMALLEST = 1 / 250


def saved(
    edition: Edition, offer: Offer, form: str, *, atlas: str = ATLAS,
    words: Wording | None = None, in_worker: bool = False,
) -> bytes:  # fmt: skip
    """
    The offer as a file; the same bytes for the same edition, question and atlas.

    Parameters
    ----------
    form : one of `FORMS`.
    atlas : address of the atlas to which links lead.
    in_worker : whether to make PDF and PPTX in a process of its own, as a server must.

    Raises
    ------
    InputError
        If there is no such form.
    """
    if form == "json":
        return to_json(offer, inf_nan_mode="null", indent=1) + b"\n"
    return document_saved(edition, written(offer, words), form, atlas=atlas, in_worker=in_worker)


def document_saved(
    edition: Edition, document: Document, form: str, *, atlas: str = ATLAS, in_worker: bool = False
) -> bytes:
    """
    A document as a file, in any form but JSON.

    Raises
    ------
    InputError
        If there is no such form.
    """
    if form == "csv":
        return csv_text(*figure_rows(document)).encode()
    base = atlas.rstrip("/")
    if form == "html":
        return paper(document, base, land_of(edition, document), _fonts(document.language)).encode()
    if form == "pptx":
        slides = document, base, land_of(edition, document, slide_box)
        return _made("triplehelix.draw.pptx:pptx_bytes", slides, in_worker)
    if form == "pdf":
        pages = document, base, land_of(edition, document), _fonts(document.language)
        return _made("triplehelix.draw.pdf:pdf_bytes", pages, in_worker)
    raise InputError(f"an offer cannot be saved as {form!r}; give one of {', '.join(FORMS)}")


def save(
    edition: Edition, offer: Offer, form: str, out: Path, *, atlas: str = ATLAS,
    words: Wording | None = None,
) -> None:  # fmt: skip
    """
    Write the offer to a file, as `saved`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_file(out, saved(edition, offer, form, atlas=atlas, words=words))


def write_file(out: Path, content: bytes) -> None:
    """
    Write a file that somebody asked for.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        out.write_bytes(content)
    except OSError as err:
        raise InputError(f"{out} cannot be written ({err.strerror}); name another file") from err


def _made(function: str, values: tuple[Any, ...], in_worker: bool) -> bytes:
    """What `module:function` makes of the values; imported late, as both are slow to import."""
    if in_worker:
        made: bytes = jobs.run("paper", function, *values, seconds=60.0)
        return made
    module, _, name = function.partition(":")
    here: bytes = getattr(import_module(module), name)(*values)
    return here


def form_of(path: Path) -> str:
    """
    The form that a file's name asks for.

    Raises
    ------
    InputError
        If it is none of `FORMS`.
    """
    form = path.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise InputError(
            f"{path.name} ends in no form of an offer; name it with one of "
            + ", ".join(f".{one}" for one in FORMS)
        )
    return form


def figure_rows(document: Document) -> tuple[list[str], list[list[Any]]]:
    """Every figure of a document once, as rows of a table."""
    return _CSV, [
        [f.key, title, f.says, f.value, f.unit, f.doubt.low, f.doubt.high, f.doubt.words,
         "; ".join(f.source), f.period, f.sample.n, f.sample.of, f.evidence.path,
         " ".join(f.evidence.ids)]
        for title, f in document.figures()
    ]  # fmt: skip


def land_of(
    edition: Edition, document: Document, box: Callable[[Map], Box] = box_of
) -> list[list[tuple[float, float]]]:
    """The land under the map of a document, as `draw.maps` takes it; none where it has no map."""
    maps = [b for s in document.sections for b in s.blocks if isinstance(b, Map)]
    return _silhouettes(edition, box(maps[0])) if maps else []


@kept_per_edition(16)
def _silhouettes(
    edition: Edition, box: tuple[float, float, float, float]
) -> list[list[tuple[float, float]]]:
    return silhouettes(box, (box[2] - box[0]) * _SMALLEST)


@lru_cache(maxsize=8)
def _fonts(language: str) -> dict[str, bytes]:
    """
    The fonts of the pages, where they are built; paper goes without them otherwise.

    As WOFF: to unpack WOFF2 takes the maker of PDFs half a second.
    """
    built = files("triplehelix") / "serve" / "static" / "dist"
    if not built.is_dir():
        return {}
    names = sorted(entry.name for entry in built.iterdir() if entry.name.endswith(".woff"))
    return {
        font: (built / name).read_bytes()
        for font in fonts_for(language)
        for name in names
        if name.startswith(f"{_FILES[font]}-")
    }
