"""Reading slides back, as whoever opens the file would."""

from io import BytesIO

from pptx import Presentation
from pptx.oxml.ns import qn

from triplehelix.draw.pptx import pptx_bytes
from triplehelix.draw.slides.maps import slide_box
from triplehelix.offer.document import Map
from triplehelix.read.coast import silhouettes

BASE = "https://atlas.test"


def deck(document):
    """The document as slides, opened again."""
    return Presentation(BytesIO(made(document)))


def made(document):
    """The document as slides, with land under its map."""
    maps = [b for s in document.sections for b in s.blocks if isinstance(b, Map)]
    land = silhouettes(slide_box(maps[0]), 0.02) if maps else ()
    return pptx_bytes(document, BASE, land)


def runs(page):
    """Each run of text of a slide or of its notes: (text, address it leads to or None, size)."""
    relations = page.part.rels
    for run in page._element.iter(qn("a:r")):
        link = run.find(f"{qn('a:rPr')}/{qn('a:hlinkClick')}")
        relation = relations[link.get(qn("r:id"))] if link is not None else None
        address = relation.target_ref if relation is not None and relation.is_external else None
        yield run.find(qn("a:t")).text or "", address, int(run.find(qn("a:rPr")).get("sz"))


def text_of(page):
    """All text of a slide or of its notes."""
    return "\n".join(
        "".join(t.text or "" for t in paragraph.iter(qn("a:t")))
        for paragraph in page._element.iter(qn("a:p"))
    )


def leaves(shapes):
    """All shapes, those of groups one by one."""
    for shape in shapes:
        yield from leaves(shape.shapes) if shape.shape_type == 6 else [shape]


def about(shape):
    """The element that names a shape."""
    return shape._element.xpath(".//p:cNvPr")[0]
