"""The Japanese catalogue: whole, and nothing of an offer is left in English, in none of its forms."""

import csv
import json
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pytest
from pptx import Presentation
from starlette.testclient import TestClient

from tests import needed
from tests.draw.slides_read import about, leaves, made, text_of
from tests.offer.small_material import ORGANISATIONS, material
from tests.read.catalogue_checks import catalogue, faults, forms, latin_words, wanted
from tests.serve.offered_edition import offered
from tests.serve.pagecheck import Page
from tests.serve.pagecheck import faults as page_faults
from triplehelix.app.offers.saving import figure_rows, saved
from triplehelix.app.offers.wordings import country_in, wording
from triplehelix.draw.html import paper
from triplehelix.draw.numbers import interval, number
from triplehelix.draw.said import period
from triplehelix.errors import InputError
from triplehelix.offer.chain import Capacity, SharedAsset
from triplehelix.offer.compose import compose
from triplehelix.offer.document import Document
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.material import Measured, Partner, ThemeAsked, TieMeasured, Unmet
from triplehelix.offer.wording import Name
from triplehelix.offer.writing import written
from triplehelix.read.catalogues import languages
from triplehelix.read.texts_to_translate import brought_up_to_date, main, template
from triplehelix.serve import create_app
from triplehelix.serve.assets import find_assets

# What Japanese writes in Latin letters, too: abbreviations, signs of units, names of programs.
LATIN = frozenset(
    """
    ADME AI AMR API BibTeX Ctrl ASEAN CSV DMPK DNA EFTA EU GB GBP GCLP GLP GMP GPU ISO JSON JavaScript LAMP MHz
    MRI NHS NMR PCR PDF PET POCT PPTX TRE Natural Earth Triple Helix kg km mg mRNA cm""".split()
)
WORDS = wording("ja")


@pytest.mark.parametrize("language", languages())
def test_the_catalogue_is_whole_and_its_fields_are_those_of_the_english(language):
    """Mend it: python -m triplehelix.read.texts_to_translate, then fill in what is empty."""
    assert faults(catalogue(language), wanted()) == []


def test_faults_of_a_catalogue_are_told():
    """Each of the faults that could be, planted one by one."""
    own, of_today = catalogue("ja"), wanted()
    own["The offer"].string = ""
    own["It lacks {gaps}."].string = "{gap}がない。"
    own["Role"].flags.add("fuzzy")
    own.delete("Period")
    own.add("No longer there", "もうない")
    told = faults(own, of_today)
    assert len(told) == 5
    for said in ("not translated: 'The offer'", "other fields: 'It lacks {gaps}.'",
                 "unsure (fuzzy): 'Role'", "not in the catalogue: 'Period'",
                 "no longer said: 'No longer there'"):  # fmt: skip
        assert any(one.startswith(said) for one in told), said


def test_no_translation_is_english():
    left = {word for message in catalogue("ja") for text in forms(message.string) if message.id
            for word in latin_words(re.sub(r"\{\w+\}", " ", text))}  # fmt: skip
    assert left <= LATIN


def test_punctuation_is_japanese():
    """No full stop, comma, colon or bracket of the Latin script after a Japanese letter."""
    wrong = [text for message in catalogue("ja") for text in forms(message.string)
             if re.search(r"[\u3040-\u9fff}][.,:;()?!](?!\d)", text)]  # fmt: skip
    assert wrong == []


def test_a_catalogue_is_brought_up_to_date():
    """A new text comes without a translation, an old one goes, what was translated stays."""
    old = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "The offer"\nmsgstr "提案の概要"\n\nmsgid "Gone"\nmsgstr "ない"\n'
    )
    new = brought_up_to_date(old.encode(), "ja").decode()
    assert 'msgid "The offer"\nmsgstr "提案の概要"' in new
    assert 'msgid "The value chain"\nmsgstr ""' in new
    assert "Gone" not in new
    assert brought_up_to_date(new.encode(), "ja").decode() == new


def test_a_catalogue_is_begun_and_those_there_are_are_kept(tmp_path):
    """Hebrew has two forms, Japanese one, of each text that counts."""
    (tmp_path / "ja.po").write_text('msgid ""\nmsgstr ""\n"Language: ja\\n"\n', "utf-8")
    main(["he"], tmp_path)
    main(["he"], tmp_path)
    assert languages(tmp_path) == ("he", "ja")
    he, ja = ((tmp_path / f"{one}.po").read_text("utf-8") for one in ("he", "ja"))
    counting = template().decode().count("msgid_plural")
    assert he.count("msgstr[1]") == ja.count("msgstr[0]") == counting > 0
    assert "nplurals=2" in he and "msgstr[1]" not in ja
    assert (tmp_path / "triplehelix.pot").read_bytes() == template()
    assert 'msgid "The offer"\nmsgstr ""' in he and "fuzzy" not in he


def test_a_language_that_is_none_is_told(tmp_path):
    with pytest.raises(InputError, match="no language has the code 'klingon'; give one as of ISO"):
        main(["klingon"], tmp_path)
    assert languages(tmp_path) == ()


def test_the_catalogue_is_as_the_tool_writes_it():
    """So that bringing it up to date changes nothing but what is new."""
    from triplehelix.read.catalogues import FOLDER

    file = (FOLDER / "ja.po").read_bytes()
    assert brought_up_to_date(file, "ja") == file


# A small world in which everything that can be said is said.

NAMES = frozenset({
    "York", "Leeds", "Hull", "Bath", "Osaka", "Kyoto", "One", "Two", "Three", "Four", "Small", "table",
    "other", "registry", "geonames", "Cell plant", "Rules desk", "asset.example",
    *(one.name for one in ORGANISATIONS.values()),
})  # fmt: skip
ASSETS = (
    SharedAsset("x1", "Cell plant", "york", "York Hospital", frozenset({"medicines-manufacture"}), (
        Capacity("cell-therapy-manufacture", "Cell therapy manufacture", 3, "GMP suites", "stated", 2020),
        Capacity("pcr-testing", "PCR testing", 2000, "tests/day", "available"),
        Capacity("biobanking", "Biobanking", 9, "freezers", "planned"),
    ), "asset.example"),
    SharedAsset("x2", "Rules desk", "leeds", "University of Leeds", frozenset({"regulatory-advice"})),
)  # fmt: skip


def everything(**changed):
    """The small world with assets, expected ties, quotients, unmet links, two themes, a sample."""
    roles = (*material().themes[0].roles, "regulation", "none-such")
    themes = (
        ThemeAsked("cells", WORDS("Cancer"), roles),
        ThemeAsked("more", WORDS("Ageing"), roles),
    )
    return material(
        themes=themes, partner=Partner("JP", country_in("ja", "JP"), ("JP",)), is_sample=True,
        query="theme=cells&partner=JP&lang=ja", assets=ASSETS, with_registry=True,
        country_names={"GB": country_in("ja", "GB")},
        expected={("york", "JP"): TieMeasured(0.5, 0.25, 0.1, 1.5, 2)},
        quotients={("york", "cells"): Measured(1.5, 0.5, 3.0, 4),
                   ("leeds", "cells"): Measured(1.5, None, None, 4)},
        unmet=(Unmet("york", "kyoto", "Kyoto", "JP", 0.5, 1.5, ()),), **changed,
    )  # fmt: skip


OFFERS = {
    "all": compose(everything(), WORDS),
    "alone": compose(replace(everything(), partner=None, joint=(), is_sample=False), WORDS),
    "nothing": compose(replace(everything(), work=(), assets=()), WORDS),
}
DOCUMENTS = {name: written(offer, WORDS) for name, offer in OFFERS.items()}
EACH = pytest.mark.parametrize("name", list(OFFERS))


def left_in_english(text: str) -> set[str]:
    return latin_words(text, NAMES) - LATIN - {"none-such"}


def test_english_would_be_found():
    """The same walk over the offer in English finds its words."""
    english = paper(written(compose(everything())), "https://atlas.test")
    assert {"clusters", "evidence", "Contents"} <= left_in_english(english)


@EACH
def test_json_is_translated(name):
    """All texts but names for programs: keys, ids, slugs, units, addresses, sources."""
    for_programs = {"key", "unit", "source", "period", "evidence", "edition_id", "query", "theme",
                    "role", "state", "status", "which", "rule", "helix", "grade", "cluster_id",
                    "countries", "country", "path", "order"}  # fmt: skip

    def texts(value, name=""):
        if isinstance(value, dict):
            for key, each in value.items():
                # What brief.countries has are codes, offer.countries names.
                yield from () if key in for_programs else texts(each, key)
        elif isinstance(value, list):
            for each in value:
                yield from texts(each, name)
        elif isinstance(value, str):
            yield value

    made_json = json.loads(saved(None, OFFERS[name], "json"))
    assert {word for text in texts(made_json) for word in left_in_english(text)} == set()
    assert made_json["countries"] in (["英国"], [])


@EACH
def test_csv_is_translated(name):
    """Its heads are for programs; so are key, unit, source, period, evidence and ids."""
    heads, rows = figure_rows(DOCUMENTS[name])
    told = StringIO()
    csv.writer(told).writerows(
        [row[heads.index(column)] for column in ("section", "figure", "how_sure", "sample_of")]
        for row in rows
    )
    assert left_in_english(told.getvalue()) == set()


@EACH
def test_paper_is_translated(name):
    """Texts, what stands beside the pointer, alternatives of pictures, and words in them."""
    text = paper(DOCUMENTS[name], "https://atlas.test")
    assert '<html lang="ja" dir="ltr">' in text
    pictures = [b64decode(one).decode() for one in re.findall(r"svg\+xml;base64,([^\"]+)", text)]
    whole = re.sub(r"<style>.*?</style>", "", text, flags=re.S) + "".join(pictures)
    said = re.findall(r'(?:title|alt|aria-label|content)="([^"]*)"', whole)
    words = unescape(re.sub(r"<[^>]*>", " ", whole))
    assert left_in_english(words) - {"utf-8"} == set()
    assert {word for one in said for word in left_in_english(unescape(one))} - {"utf-8"} == set()


@EACH
def test_slides_are_translated(name):
    """Slides, notes, names and alternatives of shapes, charts and the workbooks behind them."""
    content = made(DOCUMENTS[name])
    deck = Presentation(BytesIO(content))
    texts = [deck.core_properties.title, deck.core_properties.subject]
    for slide in deck.slides:
        texts.append(text_of(slide))
        if slide.has_notes_slide:
            texts.append(slide.notes_slide.notes_text_frame.text)
        for shape in leaves(slide.shapes):
            texts += [about(shape).get("descr") or ""]
            if shape.has_chart:
                book = shape.chart.part.chart_workbook.xlsx_part.blob
                texts += _in_workbook(book)
                texts += list(shape.chart.plots[0].categories)
    tips = re.findall(r'tooltip="([^"]*)"', _xml(content))
    assert {word for text in [*texts, *tips] for word in left_in_english(unescape(text))} == set()


def _in_workbook(blob: bytes) -> list[str]:
    """Its texts, without the unit, which is for programs, and addresses."""
    sheet = openpyxl.load_workbook(BytesIO(blob))["Sheet1"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    unit = rows[0].index(WORDS("Unit"))
    return [value for row in rows[1:] for at, value in enumerate(row[:-1])
            if isinstance(value, str) and at != unit] + [str(head) for head in rows[0] if head]  # fmt: skip


def _xml(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as archive:
        slides = [name for name in archive.namelist() if "slides/slide" in name]
        return "".join(archive.read(name).decode() for name in slides if name.endswith(".xml"))


def test_paper_carries_its_fonts_and_is_the_same_each_time(client):
    """The letters of Japanese are in the file, cut out of the fonts that come with the pages."""
    needed.pango()
    if not find_assets().script:
        needed.lacking("the pages are not built (npm ci && npm run build in web/)")
    first, again = (client.get(f"/offer.pdf?{ASKED}&lang=ja") for _ in range(2))
    assert first.status_code == 200
    assert first.headers["content-disposition"] == 'inline; filename="offer-genomics-ja.pdf"'
    assert first.content == again.content
    objects = first.content + b"".join(
        zlib.decompress(one) for one in _streams(first.content) if one[:1] == b"x"
    )
    named = set(re.findall(rb"/BaseFont */[A-Z]{6}\+([A-Za-z0-9-]+)", objects))
    assert {b"Noto-Sans-JP", b"Noto-Sans-JP-Semi-Bold"} <= named
    assert b"/Lang (ja)" in objects


def _streams(pdf: bytes) -> list[bytes]:
    return re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.S)


def test_slides_name_a_japanese_font_and_language():
    content = made(DOCUMENTS["all"])
    with ZipFile(BytesIO(content)) as archive:
        theme = archive.read("ppt/theme/theme1.xml").decode()
    assert theme.count('<a:ea typeface="Yu Gothic"/>') == 2
    assert '<a:font script="Jpan" typeface="Yu Gothic"/>' in theme
    languages_named = set(re.findall(r'<a:rPr lang="([^"]*)"', _xml(content)))
    assert languages_named == {"ja-JP"}


# How Japanese writes numbers, years, lists and countries: by hand, as a Japanese office would.


def test_numbers_years_and_lists_are_written_as_japanese_does():
    assert number(128_000_000, "GBP", "ja") == "£1.3億"
    assert number(13_680_052, "people", "ja") == "13,680,052"
    assert number(0.425, "share", "ja") == "42.5%"
    unsure = Figure("k", "s", 0.5, "share", ("t",), "2014/2020", Sample(1, "o"),
                    Doubt(0.25, 0.75, "d"), Evidence("/"))  # fmt: skip
    assert interval(unsure, "ja") == "25%〜75%"
    document = Document("", "", (), "ja", "ltr", (), DOCUMENTS["all"].labels)
    assert period("2014/2020", document) == WORDS.years("2014/2020") == "2014〜2020年"
    assert period("2014/2014", document) == "2014年"
    names = [Name("York"), Name("Leeds"), Name("Hull")]
    assert "".join(run if isinstance(run, str) else run.text for run in WORDS.listed(names)) == (
        "York、Leeds、Hull"
    )
    assert WORDS.sentences([("一つ。",), ("二つ。",)]) == ("一つ。", "二つ。")


def test_countries_are_named_as_their_ministries_name_them():
    named = {
        "JP": "日本",
        "GB": "英国",
        "US": "米国",
        "KR": "韓国",
        "IL": "イスラエル",
        "DE": "ドイツ",
    }
    assert {code: country_in("ja", code) for code in named} == named


# Pages.

ASKED = "theme=genomics&partner=GR"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return TestClient(create_app(offered(tmp_path_factory.mktemp("offered"))))


PAGES = ["/offer?", f"/offer?{ASKED}&", f"/offer/part?{ASKED}&", f"/offer/part?{ASKED}&cluster=A&",
         f"/offer/evidence?{ASKED}&cluster=A&role=discovery&of=genomics&",
         f"/offer/evidence?{ASKED}&joint=placed&period=2015/2019&"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_translated(client, path):
    from tests.app.small_edition import A

    answer = client.get(f"{path}lang=ja".replace("cluster=A", f"cluster={A}"))
    assert answer.status_code == 200, answer.text
    text = re.sub(r"<footer.*?</footer>", _said_of_footer, answer.text, flags=re.S)
    # What programs read: frames, pictures and citations to be copied.
    text = re.sub(r'<textarea[^>]*class="code".*?</textarea>', "", text, flags=re.S)
    assert page_faults(answer.text) == []
    said = re.findall(r'(?:title|alt|aria-label)="([^"]*)"', text)
    names = _names_of(client) | {"English", "Triple Helix"}
    words = latin_words(Page(text).words, names) | {
        word for one in said for word in latin_words(unescape(one), names)
    }
    assert words - LATIN == set()


def _said_of_footer(found: re.Match) -> str:
    """Without the sources, which are thanked as they ask for."""
    return re.sub(r"<p>.*?</p>", "", found[0], flags=re.S)


def _names_of(client) -> set[str]:
    """Every name of the small edition, from its tables."""
    from tests.app.small_edition import tables

    found = {"Edition of the tests"}
    for table, columns in {"organisations": ["name"], "clusters": ["name"], "activities": ["title", "source"],
                           "places": ["name"]}.items():  # fmt: skip
        for row in tables().get(table, []):
            found |= {str(row[column]) for column in columns if row.get(column)}
    found |= {row["label"] for row in tables()["themes"] if row.get("label")}
    return found | {client.get("/edition.json").json()["name"], "geonames"}


def test_a_page_leads_to_the_same_in_other_languages(client):
    text = client.get(f"/offer?{ASKED}&lang=ja").text
    assert '<html lang="ja">' in text
    english = f"/offer?{ASKED}"
    for other in ("en", "ja"):
        address = english if other == "en" else f"{english}&lang=ja"
        link = f'<link rel="alternate" hreflang="{other}" href="{address}">'.replace("&", "&amp;")
        assert link in text
    assert f'<a href="{english}" lang="en" hreflang="en">English</a>'.replace("&", "&amp;") in text
    # The reader stays in the language, wherever the page leads within the offer.
    links = [a for a in Page(text).addresses if a.startswith("/offer") and "theme=" in a]
    assert [a for a in links if "lang=ja" not in a and a != english] == []


def test_the_language_comes_from_the_address_alone(client):
    """No cookie, and no guess from the browser: whoever is sent an address sees the same page."""
    asked = {"accept-language": "ja", "cookie": "lang=ja"}
    answer = client.get(f"/offer?{ASKED}", headers=asked)
    assert '<html lang="en">' in answer.text
    assert "set-cookie" not in answer.headers
    assert "accept-language" not in answer.headers.get("vary", "").lower()


def test_the_map_is_given_every_word_that_its_script_says():
    """The script's English words are those that are translated, each under its name."""
    from pathlib import Path

    from triplehelix.serve.map_words import level_names, map_words

    source = Path(__file__).parents[2] / "web" / "src" / "words.ts"
    table = source.read_text("utf-8").partition("const english = {")[2].partition("};")[0]
    english = dict(re.findall(r'(\w+): "([^"]*)"', table))
    translated = map_words(WORDS)
    assert {name: WORDS(text) for name, text in english.items()} == translated
    assert {word for text in (*translated.values(), *level_names(WORDS).values())
            for word in latin_words(re.sub(r"\{\w+\}", " ", text))} <= LATIN  # fmt: skip
