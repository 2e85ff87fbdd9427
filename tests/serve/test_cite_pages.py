"""Citations: another program reads them, and their address leads to the edition or says it is gone."""

import pytest
from pybtex.database import parse_string
from starlette.testclient import TestClient

from tests.app.small_edition import A, tables, write_edition
from tests.serve.offered_edition import offered
from triplehelix.app.citing import Citation
from triplehelix.serve import create_app

BIBS = ["/edition.bib", f"/clusters/{A}.bib", "/offer.bib?theme=genomics&partner=GR"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    edition = offered(tmp_path_factory.mktemp("offered"))
    return TestClient(create_app(edition), follow_redirects=False)


@pytest.mark.parametrize("path", BIBS)
def test_another_program_reads_the_citation(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-bibtex")
    [(key, entry)] = parse_string(answer.text, "bibtex").entries.items()
    assert key.startswith("triplehelix-offered001")
    assert entry.type == "misc"
    assert "offered001" in entry.fields["howpublished"]
    assert entry.fields["url"].startswith("http://testserver/editions/offered001/")
    assert client.get(entry.fields["url"]).status_code == 307


def test_the_cited_address_leads_to_the_page_itself(client):
    for path in BIBS:
        [entry] = parse_string(client.get(path).text, "bibtex").entries.values()
        there = client.get(entry.fields["url"]).headers["location"]
        assert there.partition("?")[0] == path.partition("?")[0].removesuffix(".bib")
        assert client.get(there).status_code == 200


@pytest.mark.parametrize(
    "name", ['50 % & {more} #1_x $y ~z ^a \\b', "Ünïcödé «q»", '"quoted", and }unbalanced{']
)  # fmt: skip
def test_whatever_a_name_holds_the_entry_is_whole(name):
    """What TeX takes for itself is undone to compare: the parser leaves it as it stands."""
    citation = Citation("k", name, name, "1", "0.1", (name,), "2014/2020", "http://a/editions/1")
    [entry] = parse_string(citation.bibtex, "bibtex").entries.values()
    title = entry.fields["title"].removeprefix("{").removesuffix("}")
    for tex, plain in ((r"\textbackslash{}", "\0"), (r"\textasciitilde{}", "~"),
                       (r"\textasciicircum{}", "^"), (r"\textbraceleft{}", "{"),
                       (r"\textbraceright{}", "}"), *((f"\\{c}", c) for c in "&%$#_")):  # fmt: skip
        title = title.replace(tex, plain)
    assert title.replace("\0", "\\") == name
    assert set(entry.fields) == {"title", "howpublished", "version", "note", "url"}


def test_an_edition_that_is_gone_is_said_to_be(client):
    answer = client.get(f"/editions/0123abcd/clusters/{A}")
    assert answer.status_code == 410
    assert "That edition is not here any more" in answer.text
    assert "0123abcd" in answer.text and "offered001" in answer.text
    assert f'href="/clusters/{A}"' in answer.text


def test_the_address_of_an_edition_alone(client):
    assert client.get("/editions/offered001").headers["location"] == "/edition"
    assert client.get("/editions/other").status_code == 410


@pytest.mark.parametrize("page", ["/evil.example", "me", "clusters/a/b/c", "\\evil.example",
                                  "offer%2F..%2F..%2Fevil", "https://evil.example"])  # fmt: skip
def test_it_leads_nowhere_else(client, page):
    answer = client.get(f"/editions/offered001/{page}")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_two_editions_have_two_addresses(tmp_path):
    names = []
    for id_ in ("one", "two"):
        edition = write_edition(tmp_path / id_, tables(), id=id_)
        text = TestClient(create_app(edition)).get("/edition.bib").text
        [entry] = parse_string(text, "bibtex").entries.values()
        names.append(entry.fields["url"])
    assert names[0] != names[1]
