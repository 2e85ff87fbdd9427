"""No number stands in a PDF without a figure, with its source, behind it."""

from dataclasses import replace

import pytest

from tests import needed
from tests.draw.paper_read import numbers_without_a_source, text_of
from tests.offer.small_material import material
from tests.offer.test_case import finding
from tests.offer.test_case import material as case_material
from triplehelix.draw.numbers import shown
from triplehelix.offer.case.compose import compose_case
from triplehelix.offer.case.writing import case_document
from triplehelix.offer.compose import compose
from triplehelix.offer.document import Document, Paragraph
from triplehelix.offer.writing import written

CASE = case_material(findings=(finding("specialised", "strong"), finding("losing", "weak")))
DOCUMENTS = {
    "offer": written(compose(material())), "case": case_document(compose_case(CASE)),
}  # fmt: skip


def paper(document: Document) -> bytes:
    needed.pango()
    from triplehelix.draw.pdf import pdf_bytes

    return pdf_bytes(document, "http://atlas.example")


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_number_in_the_text_is_a_figure_s(name):
    document = DOCUMENTS[name]
    pdf = paper(document)
    assert numbers_without_a_source(pdf, document) == []
    text = text_of(pdf)
    for _, figure in document.figures():
        assert shown(figure) in text, figure.key
        assert all(source in text for source in figure.source)


def test_a_number_slipped_into_the_text_is_found():
    """The walk is no use unless it finds one."""
    document = DOCUMENTS["offer"]
    first, *others = document.sections
    slipped = Paragraph(("Some 48,121 jobs depend on it.",))
    changed = replace(document, sections=(replace(first, blocks=(*first.blocks, slipped)), *others))
    assert numbers_without_a_source(paper(changed), changed) == ["48,121"]
