"""Catalogues: the template holds the texts of today, and a translated one is spoken."""

import pytest

from tests.offer.small_material import material
from triplehelix.draw.html import fragment, paper
from triplehelix.errors import InputError
from triplehelix.offer.compose import compose
from triplehelix.offer.wording import Wording
from triplehelix.offer.writing import written
from triplehelix.read.catalogues import languages, translations
from triplehelix.read.texts_to_translate import TEMPLATE, template


def test_the_template_is_of_today():
    """After a change of texts: python -m triplehelix.read.texts_to_translate."""
    assert TEMPLATE.read_bytes() == template()


@pytest.fixture
def turned(tmp_path):
    """A language in which every text stands between marks, right to left."""
    lines = []
    for block in template().decode().split("\n\n"):
        if "msgid_plural" in block:
            one = block.split("msgid ", 1)[1].split("\nmsgid_plural")[0]
            many = block.split("msgid_plural ", 1)[1].split("\nmsgstr")[0]
            lines.append(
                f'msgid {one}\nmsgid_plural {many}\nmsgstr[0] "«"\n{one}\n"»"\nmsgstr[1] "«"\n{many}\n"»"\n'
            )
        elif "msgid " in block:
            text = block.split("msgid ", 1)[1].split("\nmsgstr")[0]
            lines.append(f'msgid {text}\nmsgstr "«"\n{text}\n"»"\n')
    (tmp_path / "he.po").write_text("\n".join(lines), "utf-8")
    assert languages(tmp_path) == ("he",)
    found = translations("he", tmp_path)
    return Wording("he", "rtl", found.gettext, found.ngettext)


def test_every_text_of_a_document_comes_from_the_catalogue(turned):
    """Names aside, no text of the writing stands outside the marks."""
    document = written(compose(material(), turned), turned)
    for section in document.sections:
        assert section.title.startswith("«"), section.title
    for _, figure in document.figures():
        for text in (figure.says, figure.sample.of, figure.doubt.words):
            assert text.startswith("«") and text.endswith("»"), text
    del document.labels["comma"]  # of the Unicode locale data
    assert all(label.startswith("«") for label in document.labels.values())


def test_a_language_from_right_to_left_says_so(turned):
    document = written(compose(material(), turned), turned)
    assert '<html lang="he" dir="rtl">' in paper(document, "http://atlas")
    assert "«" in fragment(document)


def test_a_broken_catalogue_is_told(tmp_path):
    (tmp_path / "xx.po").write_text("texts to come\n", "utf-8")
    with pytest.raises(InputError, match="cannot be read .*; mend or remove it"):
        translations("xx", tmp_path)
