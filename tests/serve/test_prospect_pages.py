"""Pages about opportunities and places: sound, in plain words, every claim leads to its records."""

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from tests.app.prospect_edition import with_prospects
from tests.app.small_edition import ALPHA, A, B, write_edition
from tests.serve.pagecheck import Page, faults, words
from triplehelix.serve import create_app

HERE = f"/clusters/{A}/opportunities"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    """An atlas of the small edition with findings."""
    edition = write_edition(tmp_path_factory.mktemp("prospects"), with_prospects(), sample=True)
    return TestClient(create_app(edition))


def test_the_page_is_sound_and_says_what_was_found(atlas):
    assert faults(atlas.get(HERE).text) == []
    text = words(atlas, HERE)
    assert "4 findings of 7 things looked at" in text
    assert "The edition is a sample" in text
    assert "Genomics: 1.8 times its share everywhere, and growing. strong evidence" in text
    assert "No hospitals and health bodies: 0 of 3 members" in text
    assert "Leanings not findings: chance would do as much" in text
    assert "<script>alert" not in atlas.get(HERE).text


def test_what_was_not_looked_at_is_not_said_to_be_missing(atlas):
    """Athens has no rows at all: nothing is `none found`."""
    text = words(atlas, f"/clusters/{B}/opportunities")
    assert "None found" not in text
    assert text.count("Could not be told") == 5
    assert "0 findings of 0 things looked at" in text


def test_each_finding_leads_to_its_records_and_each_of_these_answers(atlas):
    found = atlas.get(f"{HERE}.json").json()
    listed = [f for name in ("strengths", "openings", "risks", "missing", "dependence",
                             "not_found") for f in found[name]]  # fmt: skip
    addresses = [a for a in Page(atlas.get(HERE).text).addresses if "/evidence?" in a]
    asked = {(re.search(r"kind=(\w+)", a)[1], "theme=genomics" in a) for a in addresses}
    assert asked >= {(f["kind"], f["theme"] == "genomics") for f in listed}
    for address in addresses:
        answer = atlas.get(address)
        assert answer.status_code == 200
        assert faults(answer.text) == []


def test_the_clusters_page_has_what_is_sure_and_leads_on(atlas):
    text = words(atlas, f"/clusters/{A}")
    assert "Opportunities and challenges Genomics: 1.8 times its share" in text
    assert "Vaccines: not at home" not in text  # weak: not said in short
    assert HERE in Page(atlas.get(f"/clusters/{A}").text).addresses
    assert "Nothing is sure beyond chance." in words(atlas, f"/clusters/{B}")


def test_an_organisations_page_leads_to_its_place(atlas):
    [address] = [a for a in Page(atlas.get("/organisations/ror:000000001").text).addresses
                 if "/place?" in a]  # fmt: skip
    assert faults(atlas.get(address).text) == []
    text = words(atlas, address)
    assert "Alpha University in Cambridge" in text
    assert "1st of 3 members" in text
    assert "Without it 2 of them would have no member of the cluster, 40 %" in text
    assert re.search(r"All 5 60\s% 23–88\s% 40\s% 12–77\s%", text)


def test_the_forms_and_the_api_say_the_same(atlas):
    page, api = atlas.get(f"{HERE}.json").json(), atlas.get(f"/api/v1{HERE}").json()
    assert page == api
    rows = list(csv.DictReader(io.StringIO(atlas.get(f"{HERE}.csv").text)))
    # One row was left to its strength: that genomics grows.
    assert len(rows) == len(page["not_found"]) + 4
    where = f"/clusters/{A}/place"
    assert (
        atlas.get(f"{where}.json?organisation={ALPHA}").json()
        == atlas.get(f"/api/v1{where}?organisation={ALPHA}").json()
    )
    asked = "?kind=carried&theme=genomics&subject=table:hostile"
    assert (
        atlas.get(f"{HERE}/evidence.json{asked}").json()
        == atlas.get(f"/api/v1{HERE}/evidence{asked}").json()
    )


@pytest.mark.parametrize(
    "address",
    [f"{HERE}/evidence?kind=none", f"/clusters/{A}/place?organisation=table:leeds",
     "/clusters/none/opportunities"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(atlas, address):
    assert atlas.get(address).status_code == 404
