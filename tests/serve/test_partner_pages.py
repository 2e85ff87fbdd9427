"""Whom to work with: pages, tables and the API say the same, and lead to the evidence."""

import csv
import io
import re

from starlette.testclient import TestClient

from tests.app.small_edition import ALPHA, A, B
from tests.serve.pagecheck import Page, words


def test_an_organisations_page_leads_to_whom_it_should_seek(client: TestClient) -> None:
    there = "/organisations/ror:000000001/partners"
    assert there in Page(client.get("/organisations/ror:000000001").text).addresses
    text = words(client, there)
    assert re.search(r"In its own cluster, Cambridge 1 candidate", text)
    assert "Nobody: it works with all who could be named." in text
    assert "Πανεπιστήμιο Αθηνών works with both" in text
    assert "Ranked by the mean of 5 reasons in equal parts" in text


def test_a_clusters_page_names_whom_it_should_seek(client: TestClient) -> None:
    assert f"/clusters/{A}/partners" in Page(client.get(f"/clusters/{A}").text).addresses
    assert "Whom it should seek" in words(client, f"/clusters/{A}")


def test_every_reason_leads_to_where_its_evidence_stands(client: TestClient) -> None:
    page = Page(client.get("/organisations/ror:000000001/partners").text)
    leads = [a for a in page.addresses if a.startswith("/partners/between")]
    assert leads
    for address in leads:
        path, _, anchor = address.partition("#")
        assert anchor in Page(client.get(path).text).ids


def test_the_evidence_names_activities_and_common_partners(client: TestClient) -> None:
    path = f"/partners/between?a=organisation:{ALPHA}&b=organisation:table:cairo"
    addresses = Page(client.get(path).text).addresses
    assert "/activities/table:abroad" in addresses
    assert "/activities/table:untitled" in addresses
    assert "/organisations/table:athens" in addresses
    assert "Abroad <b>bold</b>" not in client.get(path).text


def test_json_csv_and_the_api_say_the_same(client: TestClient) -> None:
    page = client.get(f"/clusters/{B}/partners.json?with=GB").json()
    api = client.get(f"/api/v1/partners?cluster={B}&with=GB").json()
    assert page == api
    assert page["area"]["name"] == "United Kingdom"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/clusters/{B}/partners.csv?with=GB").text)))
    assert [row["id"] for row in rows] == [
        one["party"]["id"] for each in api["lists"] for one in each["partners"]
    ]
    evidence = client.get(f"/api/v1/partners/between?a=cluster:{A}&b=cluster:{B}").json()
    assert [each["activity_id"] for each in evidence["shared"]] == ["table:abroad"]


def test_a_country_is_asked_for_by_code_group_or_nation(client: TestClient) -> None:
    for area, name in (("GB", "United Kingdom"), ("eu27", "the European Union"),
                       ("Scotland", "Scotland")):  # fmt: skip
        assert f"Whom to work with: {name}" in words(client, f"/countries/{area}/partners")
    assert "Nobody can be named" in words(client, "/countries/BR/partners")


def test_what_is_wrong_is_named(client: TestClient) -> None:
    for path, status, says in [
        ("/countries/Mars/partners", 404, "no country, group or nation"),
        (f"/clusters/{A}/partners?with=Mars", 404, "no country, group or nation"),
        ("/clusters/zzz/partners", 404, "no cluster"),
        ("/organisations/table:none/partners", 404, "no organisation"),
        ("/api/v1/partners", 422, "give exactly one"),
        (f"/partners/between?a=x&b=cluster:{A}", 422, "names nobody"),
        (f"/clusters/{A}/partners?n=1000", 422, "n is"),
    ]:
        answer = client.get(path)
        assert answer.status_code == status, path
        assert says in re.sub(r"\s+", " ", answer.text).casefold(), path
