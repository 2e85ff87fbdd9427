"""The page of the case for a cluster: every number leads to its evidence, and each of these answers."""

import json
import re

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests import needed
from tests.app.small_edition import A, B
from tests.draw.paper_read import numbers_without_a_source
from tests.serve.offered_edition import offered
from tests.serve.pagecheck import faults, words
from triplehelix.app.offers.cases import case
from triplehelix.cli import triplehelix as command_line
from triplehelix.offer.case.writing import case_document
from triplehelix.offer.figures import figures_in
from triplehelix.serve import create_app


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return offered(tmp_path_factory.mktemp("offered"))


@pytest.fixture(scope="module")
def client(edition):
    return TestClient(create_app(edition))


@pytest.mark.parametrize("cluster", [A, B])
def test_page_is_sound(client, cluster):
    answer = client.get(f"/clusters/{cluster}/case")
    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_the_page_says_what_the_tables_say(client):
    text = words(client, f"/clusters/{A}/case")
    assert "Cambridge has 3 organisations at work in 5 activities." in text
    assert "Whether it holds as a cluster was not tested" in text
    assert "It shares 1 activity with Athens" in text


def test_a_role_without_evidence_is_said_to_lack(client):
    """In genomics the firm of A shows manufacturing indirectly; nobody pays: finance is missing."""
    text = words(client, f"/clusters/{A}/case")
    assert "In Genomics it shows Discovery directly" in text
    assert "It shows no evidence of Finance in Genomics" in text


@pytest.mark.parametrize("cluster", [A, B])
def test_every_figure_opens_what_it_counts(client, edition, cluster):
    for figure in figures_in(case(edition, cluster)):
        assert client.get(figure.evidence.path).status_code == 200, figure.evidence.path


def test_no_number_stands_alone_on_the_page(client):
    text = client.get(f"/clusters/{A}/case").text
    body = text[text.index('<div class="offer">') : text.index("</main>")]
    for told in (r'<a class="fact".*?</a>', r"<small.*?</small>", r'<p class="sources">.*?</p>',
                 r"<svg.*?</svg>", r"<[^>]*>", r"&#\d+;"):  # fmt: skip
        body = re.sub(told, "", body, flags=re.DOTALL)
    assert re.findall(r".*\d.*", body) == []


def test_the_pdf_is_the_same_each_time_and_no_number_in_it_stands_alone(client, edition):
    needed.pango()
    first, again = (client.get(f"/clusters/{A}/case.pdf") for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content
    assert numbers_without_a_source(first.content, case_document(case(edition, A))) == []


def test_a_cluster_that_is_none_is_told(client):
    answer = client.get("/clusters/none/case.json")
    assert answer.status_code == 404
    assert "no cluster 'none'" in answer.json()["detail"]


@pytest.mark.parametrize("form", ["json", "csv", "html", "pptx"])
def test_the_command_makes_files_that_are_the_same_each_time(edition, tmp_path, form):
    made = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.{form}"
        done = CliRunner().invoke(
            command_line, ["case", str(edition.path), "Cambridge", "--out", str(out)],
            catch_exceptions=False,
        )  # fmt: skip
        assert done.exit_code == 0
        assert "the case for Cambridge" in done.output
        made.append(out.read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) > 500


def test_the_command_prints_it(edition):
    said = CliRunner().invoke(command_line, ["case", str(edition.path), "Cambridge"]).output
    assert "- Cambridge has 3 organisations at work in 5 activities." in said
    asked = ["case", str(edition.path), "Cambridge", "--json"]
    told = json.loads(CliRunner().invoke(command_line, asked).output)
    assert [chapter["key"] for chapter in told["chapters"]][0] == "summary"
