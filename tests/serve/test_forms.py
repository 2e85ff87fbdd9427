"""JSON, CSV and GeoJSON beside each page, the API, and what goes with every response."""

import csv
import io
import json

import pandas as pd
import pytest
from starlette.testclient import TestClient

import triplehelix.serve.refusals as refusals
from tests.app.small_edition import ALPHA, A, B
from triplehelix.errors import InputError, TripleHelixError
from triplehelix.serve import Settings
from triplehelix.store.edition import Edition


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text)))


def test_clusters_in_every_form_are_the_same(client: TestClient, small: Edition) -> None:
    table = small.clusters.sort_values("n_activities", ascending=False)
    names = list(table["name"])
    assert [c["name"] for c in client.get("/clusters.json").json()["clusters"]] == names
    assert [r["name"] for r in rows(client.get("/clusters.csv").text)] == names
    features = client.get("/clusters.geojson").json()["features"]
    assert [f["properties"]["name"] for f in features] == names
    assert [f["geometry"]["coordinates"] for f in features] == [
        list(pair) for pair in zip(table["centre_lon"], table["centre_lat"], strict=True)
    ]


def test_unknown_is_null_and_empty_never_zero(client: TestClient) -> None:
    athens = client.get("/clusters.json?sort=name").json()["clusters"][0]
    assert athens["amount"] is None
    assert rows(client.get("/clusters.csv?sort=name").text)[0]["amount"] == ""


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/clusters.csv", "text/csv"), ("/clusters.geojson", "application/geo+json"),
        (f"/clusters/{A}.json", "application/json"), (f"/clusters/{A}.csv", "text/csv"),
        (f"/clusters/{A}.geojson", "application/geo+json"),
        (f"/clusters/{A}/activities.csv", "text/csv"),
        (f"/clusters/{A}/members.json", "application/json"),
        ("/organisations/ror:000000001.json", "application/json"),
        ("/organisations/table:hostile.csv", "text/csv"),
        ("/organisations/table:nameless.geojson", "application/geo+json"),
        ("/activities/table:joint.csv", "text/csv"), ("/themes.csv", "text/csv"),
        ("/themes/genomics.geojson", "application/geo+json"), ("/links.csv", "text/csv"),
        ("/links.geojson", "application/geo+json"), ("/search.json?q=alpha", "application/json"),
        ("/places.csv?q=cambridge", "text/csv"), ("/edition.json", "application/json"),
        (f"/compare.json?cluster={A}&cluster={B}", "application/json"),
        (f"/clusters/{A}/case.json", "application/json"), (f"/clusters/{B}/case.csv", "text/csv"),
        (f"/compare.csv?cluster={A}&cluster={B}", "text/csv"),
        ("/compare.csv?country=GB&country=GR", "text/csv"),
    ],
)  # fmt: skip
def test_forms(client: TestClient, path: str, media: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["access-control-allow-origin"] == "*"
    if "json" in media:
        json.loads(answer.text, parse_constant=pytest.fail)


def test_footprint_and_links_as_shapes(client: TestClient) -> None:
    (shape,) = client.get(f"/clusters/{A}.geojson").json()["features"]
    assert shape["geometry"]["type"] == "Polygon"
    (line,) = client.get("/links.geojson").json()["features"]
    assert sorted(line["geometry"]["coordinates"]) == [[0.13, 52.2], [23.72, 37.98]]


@pytest.mark.parametrize(
    ("api", "page"),
    [
        ("/clusters?sort=name", "/clusters.json?sort=name"),
        (f"/clusters/{A}", f"/clusters/{A}.json"),
        (f"/clusters/{A}/activities?year=2016", f"/clusters/{A}/activities.json?year=2016"),
        (f"/clusters/{A}/members", f"/clusters/{A}/members.json"),
        (f"/organisations/{ALPHA}", "/organisations/ror:000000001.json"),
        ("/activities/table:joint", "/activities/table:joint.json"), ("/themes", "/themes.json"),
        ("/themes/genomics", "/themes/genomics.json"), ("/links?limit=60", "/links.json"),
        ("/search?q=alpha", "/search.json?q=alpha"), ("/where?town=leeds", "/places.json?q=leeds"),
        (f"/compare?cluster={A}&cluster={B}", f"/compare.json?cluster={A}&cluster={B}"),
        (f"/clusters/{A}/case", f"/clusters/{A}/case.json"),
        ("/compare?country=GB&country=GR", "/compare.json?country=GB&country=GR"),
        ("/edition", "/edition.json"),
    ],
)  # fmt: skip
def test_api_says_what_the_page_says(client: TestClient, api: str, page: str) -> None:
    said, shown = client.get(f"/api/v1{api}").json(), client.get(page).json()
    for per_page in (said, shown):
        if isinstance(per_page, dict):
            per_page.pop("pages", None)
    assert said == shown


def test_api_describes_itself(client: TestClient) -> None:
    openapi = client.get("/api/v1/openapi.json").json()
    asked = """clusters clusters/{cluster_id} organisations/{organisation_id} themes links search
               activities/{activity_id} where compare edition""".split()
    assert {f"/api/v1/{question}" for question in asked} <= set(openapi["paths"])
    for path in openapi["paths"].values():
        answer = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert "$ref" in answer or "$ref" in answer["items"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/clusters/x", 404), ("/clusters?sort=x", 422), ("/clusters?page=x", 422), ("/x", 404),
     ("/compare", 422), ("/search?q=a&limit=0", 422)],
)  # fmt: skip
def test_api_problems(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_every_error_class_has_a_status() -> None:
    def below(kind: type[TripleHelixError]) -> set[type[TripleHelixError]]:
        return {kind}.union(*(below(k) for k in kind.__subclasses__()))

    for kind in below(TripleHelixError):
        assert refusals.status_of(kind.__new__(kind)) in (
            401,
            403,
            404,
            409,
            429,
            422,
            500,
            502,
            503,
        )


def test_downloads(client: TestClient, small: Edition) -> None:
    parquet = client.get("/data/organisations.parquet")
    assert len(pd.read_parquet(io.BytesIO(parquet.content))) == 8
    assert 'filename="organisations.parquet"' in parquet.headers["content-disposition"]
    assert len(rows(client.get("/data/participations.csv").text)) == 13
    assert client.get("/data/edition.json").json() == small.manifest
    for path in ("/data/rejects.csv", "/data/nothing.csv", "/data/..%2Fedition.csv"):
        assert client.get(path).status_code == 404
    assert client.get("/data/links.geojson").status_code == 422
    assert client.get("/data/clusters.xls").status_code == 422


def test_the_layout_of_the_clusters_map_holds_small_figures_back(client: TestClient) -> None:
    """Three organisations in Cambridge and one in Athens: both counts are below five."""
    sent = client.get("/data/innovation-clusters.csv")
    assert sent.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["Site Count"] for row in rows(sent.text)] == ["c", "c"]
    sent = client.get("/data/innovation-clusters.ods")
    assert 'filename="innovation-clusters.ods"' in sent.headers["content-disposition"]
    assert sent.headers["content-type"] == "application/vnd.oasis.opendocument.spreadsheet"
    sheets = pd.read_excel(io.BytesIO(sent.content), sheet_name=None, engine="calamine")
    assert list(sheets) == ["Clusters", "Notes"]
    assert list(sheets["Clusters"]["Site Count"]) == ["c", "c"]
    wrong = client.get("/data/innovation-clusters.xls")
    assert wrong.status_code == 422
    assert "The layout is offered as ods and csv" in wrong.text


def test_raw_rejected_rows_are_not_given_out(client: TestClient) -> None:
    for path in ("/edition", "/edition.json", "/api/v1/edition", "/data"):
        assert "SECRET" not in client.get(path).text


@pytest.mark.parametrize("path", ["/", "/clusters.csv", "/api/v1/clusters", "/data", "/nothing"])
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/clusters", "/clusters.csv"])
def test_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/clusters")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/clusters", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/clusters", headers={"if-none-match": 'W/"other"'})
    assert other.status_code == 200
    lost = client.get("/nothing", headers={"if-none-match": first.headers["etag"]})
    assert lost.status_code == 404


def test_styles_are_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/static/css/atlas.css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    # Nothing a page loads comes from another host.
    assert "http" not in answer.text.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    "address",
    ["https://tiles.example/{z}/{x}.png", "tiles/{z}/{x}/{y}", "javascript:{z}{x}{y}",
     "https://a; script-src *//{z}/{x}/{y}", "https:///{z}/{x}/{y}"],
)  # fmt: skip
def test_tile_addresses_are_checked(address: str) -> None:
    with pytest.raises(InputError, match=r"give it as https://HOST/PATH"):
        Settings(tile_url=address)
