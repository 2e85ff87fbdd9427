"""The page of the offer, its forms, and what stands behind each of its figures."""

import json
import re
from io import BytesIO

import pytest
from pptx import Presentation
from starlette.testclient import TestClient

from tests import needed
from tests.app.small_edition import A, B
from tests.serve.offered_edition import offered
from tests.serve.pagecheck import Page, faults, words
from triplehelix.offer.figures import Figure
from triplehelix.serve import create_app

ASKED = "theme=genomics&partner=GR"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return offered(tmp_path_factory.mktemp("offered"))


@pytest.fixture(scope="module")
def client(edition):
    return TestClient(create_app(edition))


@pytest.mark.parametrize(
    "path",
    ["/offer", f"/offer?{ASKED}", "/offer?theme=genomics", f"/offer/part?{ASKED}",
     f"/offer/part?{ASKED}&cluster={A}", f"/offer/evidence?{ASKED}&cluster={A}",
     f"/offer/evidence?{ASKED}&joint=theme", f"/offer/evidence?{ASKED}&role=finance",
     "/offer?theme=genomics&audience=investor&country=GB"],
)  # fmt: skip
def test_page_is_sound(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_the_page_says_what_the_tables_say(client):
    """Without B, which is the partner's: A has discovery, and a firm at work in the theme."""
    text = words(client, f"/offer?{ASKED}")
    assert "1 cluster has evidence of a part in Genomics" in text
    assert (
        "The smallest set that covers the value chain: Cambridge. Its size of 1 is proven" in text
    )
    assert "What is missing: Finance" in text
    assert "For Manufacturing there is indirect evidence only" in text
    assert "works with us already, in 1 joint activities, 1 of them in the theme" in text


def test_every_figure_on_the_page_opens_what_it_counts(client):
    """A count of activities leads to a list of so many."""
    seen = 0
    offer = client.get(f"/offer.json?{ASKED}").json()
    for figure in figures(offer):
        answer = client.get(figure["evidence"]["path"])
        assert answer.status_code == 200, figure
        if figure["unit"] == "activities" and "/offer/evidence" in figure["evidence"]["path"]:
            path = figure["evidence"]["path"].replace("/evidence?", "/evidence.json?")
            listed = client.get(path).json()["activities"]
            assert len(listed) == figure["value"], figure["key"]
            seen += 1
    assert seen > 5


def figures(value):
    if isinstance(value, dict):
        if set(value) == set(Figure.__slots__):
            yield value
        else:
            for each in value.values():
                yield from figures(each)
    elif isinstance(value, list):
        for each in value:
            yield from figures(each)


def bare(value, where=""):
    """Where in an answer a number stands outside a figure."""
    if isinstance(value, dict):
        if set(value) != set(Figure.__slots__):
            for name, each in value.items():
                yield from bare(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from bare(each, where)
    elif (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and where not in ("lat", "lon")
    ):
        yield where


@pytest.mark.parametrize("path", ["/offer.json", "/api/v1/offer"])
def test_no_number_stands_alone_in_an_answer(client, path):
    offer = client.get(f"{path}?{ASKED}").json()
    assert list(bare(offer)) == []
    for figure in figures(offer):
        assert figure["source"] and figure["period"] and figure["doubt"]["words"], figure["key"]
        assert figure["sample"]["of"] and figure["evidence"]["path"].startswith("/")


def test_no_number_stands_alone_on_the_page(client):
    """Digits in the body stand in links to what they count, in intervals, years, and notes."""
    text = client.get(f"/offer?{ASKED}").text
    body = text[text.index('<div class="offer">') : text.index('<details class="share">')]
    for told in (r'<a class="fact".*?</a>', r"<small.*?</small>", r'<p class="sources">.*?</p>',
                 r"<svg.*?</svg>", r"<[^>]*>", r"95 %", r"&#\d+;", r"20\d\d–20\d\d", r"20\d\d"):  # fmt: skip
        body = re.sub(told, "", body, flags=re.DOTALL)
    assert re.findall(r".*\d.*", body) == []


def test_numbers_in_charts_are_those_of_figures(client):
    """Each value written in a chart stands as a figure on the page, too."""
    text = client.get(f"/offer?{ASKED}").text
    shown = set(re.findall(r'<a class="fact"[^>]*>([^<]*)</a>', text))
    for chart in re.findall(r"<svg[^>]*class=\"offer-bars\".*?</svg>", text, re.DOTALL):
        for value in re.findall(r'<text class="offer-value"[^>]*>([^<(]*)', chart):
            assert value.strip() in shown


def test_the_csv_has_every_figure_with_its_source(client):
    lines = client.get(f"/offer.csv?{ASKED}").text.splitlines()
    head = lines[0].split(",")
    assert {"value", "source", "period", "sample_of", "how_sure", "evidence"} <= set(head)
    assert len(lines) > 20


def test_any_cluster_may_ask_for_its_part(client):
    text = words(client, f"/offer/part?theme=genomics&cluster={B}")
    assert "What Athens brings" in text
    assert "Discovery" in text


def test_a_cluster_of_the_partner_is_told_so(client):
    answer = client.get(f"/offer/part.json?{ASKED}&cluster={B}")
    assert answer.status_code == 422
    assert "is not among those asked for" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("theme=", 422, "no theme is given; give one to three"),
        ("theme=genomic", 404, "no theme 'genomic' in this edition; perhaps genomics"),
        ("theme=vaccines", 422, "has no roles in its scheme"),
        ("theme=genomics&partner=UK", 404, "no country or group is called 'UK'; write GB"),
        ("theme=genomics&partner=eu28", 404, "perhaps eu27"),
        ("theme=genomics&audience=kings", 404, "no audience is called 'kings'"),
        ("theme=genomics&country=FR", 404, "no cluster of this edition is in 'FR'"),
        ("theme=a&theme=b&theme=c&theme=d", 422, "4 themes are given; give at most 3"),
        ("theme=genomics&lang=tlh", 404, "no catalogue is in 'tlh'; give one of en"),
    ],
)
def test_what_is_wrong_is_said(client, query, status, message):
    answer = client.get(f"/api/v1/offer?{query}")
    assert answer.status_code == status
    assert message in answer.json()["detail"]


def test_what_is_wrong_with_evidence_is_said(client):
    wrong = {"joint=some": "joint is 'some'; give one of theme, placed, all",
             "joint=all&period=2015": "period is '2015'; give two years"}  # fmt: skip
    for query, message in wrong.items():
        answer = client.get(f"/offer/evidence.json?{ASKED}&{query}")
        assert answer.status_code == 422
        assert message in answer.json()["detail"]


def test_addresses_on_the_page_answer(client):
    page = Page(client.get(f"/offer?{ASKED}").text)
    for address in sorted(set(page.addresses)):
        if address.startswith("/") and ".pdf" not in address:
            assert client.get(address.partition("#")[0]).status_code == 200, address


def test_the_pdf_is_made_in_a_process_of_its_own_and_is_the_same_each_time(client):
    needed.pango()
    first, again = (client.get(f"/offer.pdf?{ASKED}") for _ in range(2))
    assert first.status_code == 200
    assert first.content[:5] == b"%PDF-"
    assert first.content == again.content


def test_slides_are_made_in_a_process_of_its_own_and_are_the_same_each_time(client):
    first, again = (client.get(f"/offer.pptx?{ASKED}") for _ in range(2))
    assert first.status_code == 200
    assert first.headers["content-type"].endswith("presentationml.presentation")
    slides = Presentation(BytesIO(first.content)).slides
    assert slides[0].shapes.title.text in Page(client.get(f"/offer?{ASKED}").text).words
    assert first.content == again.content


def test_json_is_the_same_each_time(client, edition):
    again = TestClient(create_app(edition)).get(f"/offer.json?{ASKED}").content
    assert client.get(f"/offer.json?{ASKED}").content == again
    assert json.loads(again)["edition_id"] == "offered001"


def test_a_need_in_words_is_shown_with_the_words_that_led_there(client):
    """Genomics' own label tells it; the part of its chain that is told is asked for alone."""
    text = words(client, "/offer?need=genomics+for+manufacturing")
    assert "Understood as Genomics (“genomics”)" in text
    assert "Of the value chain: Manufacturing (“manufacturing”)" in text
    made = client.get("/offer.json?need=genomics+for+manufacturing").json()
    assert [link["role"] for link in made["chain"]] == ["manufacturing"]
    assert made == client.get("/api/v1/offer?theme=genomics&roles=manufacturing").json()


def test_a_person_s_choice_goes_before_the_words(client):
    asked = "/offer.json?theme=genomics&roles=discovery&need=genomics+for+manufacturing"
    assert [link["role"] for link in client.get(asked).json()["chain"]] == ["discovery"]


def test_the_api_tells_what_it_understood(client):
    told = client.get("/api/v1/offer/need?need=finance+of+genomics").json()
    assert [(one["slug"], one["words"]) for one in told["themes"]] == [("genomics", ["genomics"])]
    assert [one["slug"] for one in told["roles"]] == ["finance"]


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("need=bananas", 422, "no word of 'bananas' tells a theme of this edition"),
        (f"need={'x' * 2001}", 422, "the need has 2001 characters"),
        ("theme=genomics&roles=magic", 404, "no role 'magic' in the value chain of genomics"),
    ],
)
def test_what_is_wrong_with_a_need_is_said(client, query, status, message):
    answer = client.get(f"/api/v1/offer?{query}")
    assert answer.status_code == status
    assert message in answer.json()["detail"]


def test_a_need_that_tells_nothing_is_asked_again(client):
    assert "No word of it tells a theme" in words(client, "/offer?need=bananas")
