"""A document as slides for PowerPoint and its kin: all of it can be edited, the bytes are fixed."""

from io import BytesIO

from triplehelix.draw.maps import Rings
from triplehelix.draw.slides.archive import settled
from triplehelix.draw.slides.blank import blank
from triplehelix.draw.slides.drawing import draw_cover, draw_slides
from triplehelix.draw.slides.pen import Pen
from triplehelix.draw.slides.plan import planned
from triplehelix.offer.document import Document


def pptx_bytes(document: Document, base: str, land: Rings = ()) -> bytes:
    """
    The document as a presentation: cover, contents, and slides with native tables, charts, maps.

    Every figure leads to its evidence, and the notes of its slide say what it rests on. The same
    document gives the same bytes.

    Parameters
    ----------
    base : address of the atlas, without a slash at the end: links lead there.
    land : rings of (longitude, latitude) within `slides.maps.slide_box` of the document's map.
    """
    deck, pen = blank(document), Pen(document, base)
    draw_cover(deck, document, pen)
    draw_slides(deck, planned(document), land, pen)
    made = BytesIO()
    deck.save(made)
    return settled(made.getvalue())
