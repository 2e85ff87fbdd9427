"""Tables of many columns stand whole on a page of paper, measured where WeasyPrint lays them out."""

from dataclasses import replace

import pytest

from tests import needed
from tests.offer.small_material import material
from triplehelix.app.offers.wordings import wording
from triplehelix.draw.html import paper
from triplehelix.offer.compose import compose
from triplehelix.offer.material import ThemeAsked
from triplehelix.offer.writing import written


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("n_themes", [1, 2, 3])
def test_no_table_is_wider_than_its_page(language, n_themes):
    """Three themes, as many as may be asked for, of six roles each make 22 columns."""
    needed.pango()
    import weasyprint

    words = wording(language)
    roles = ("discovery", "clinical", "manufacturing", "data", "regulation", "finance")
    themes = tuple(
        ThemeAsked(slug, words(label), roles)
        for slug, label in (("cells", "Advanced therapies"), ("b", "Antimicrobials and resistance"),
                            ("c", "Medical devices"))
    )[:n_themes]  # fmt: skip
    document = written(compose(replace(material(), themes=themes), words), words)
    pages = weasyprint.HTML(string=paper(document, "https://atlas.test")).render().pages
    tables = [
        (page, box) for page in pages for box in page._page_box.descendants()
        if type(box).__name__ == "TableBox"
    ]  # fmt: skip
    assert "table-matrix" in {box.element.get("id") for _, box in tables}
    for page, box in tables:
        room = page._page_box.content_box_x() + page._page_box.width
        assert box.position_x + box.width <= room + 0.5, (language, box.element.get("id"))
