"""Pages say what the tables say, keep to HTML, and every address on them answers."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.app.small_edition import ALPHA, ARABIC, GREEK, A, B
from tests.serve.pagecheck import Page, faults, words
from triplehelix.serve import Settings, create_app
from triplehelix.store.edition import Edition

PAGES = f"""
    / /clusters /clusters?theme=genomics /clusters?country=GR&sort=-name /clusters/{A} /clusters/{B}
    /clusters/{A}/activities /clusters/{A}/activities?scope=local
    /clusters/{A}/activities?partner=DE&year=2018 /clusters/{A}/members?helix=industry
    /clusters/{A}/opportunities /clusters/{A}/case /clusters/{B}/case /clusters/{B}/opportunities
    /clusters/{A}/place?organisation=table:hostile /clusters/{B}/place?organisation=table:athens
    /organisations/ror:000000001 /organisations/table:hostile /organisations/table:formula%2F1
    /organisations/table:nameless /organisations/table:cairo
    /activities/table:joint /activities/table:untitled /activities/table:alone
    /partners /clusters/{A}/partners /clusters/{B}/partners?with=commonwealth
    /organisations/ror:000000001/partners /organisations/table:hostile/partners?theme=genomics
    /organisations/table:formula%2F1/partners /organisations/table:funder/partners
    /countries/GB/partners /countries/eu27/partners?with=GB /countries/JP/partners
    /partners/between?a=cluster:{A}&b=cluster:{B}
    /partners/between?a=organisation:table:hostile&b=organisation:table:formula/1
    /partners/between?a=country:GR&b=cluster:{A}
    /themes /themes/genomics /themes/unused /links /links?kind=country&country=GB
    /compare /compare?cluster={A}&cluster={B} /compare?country=GB&country=GR
    /search /search?q=alpha /search?q=zzz
    /search?q=500+PCR+tests+a+day+near+Cambridge /search?q=genomics+in+Leeds /search?q=Atlantis
    /looking-for/partner /looking-for/facility /looking-for/investment?theme=genomics
    /looking-for/trial?place=Cambridge /looking-for/emergency?theme=vaccines&place=Leeds
    /looking-for/advice /enquiries/new
    /places /places?q=cambridge /places?q=Atlantis /methods /data /edition
""".split()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_sound(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert faults(answer.text) == []
    assert "Small &lt;edition&gt;" in answer.text


@pytest.mark.parametrize("which", ["small", "empty", "single"])
def test_every_address_on_every_page_answers(which: str, request: pytest.FixtureRequest) -> None:
    client = TestClient(create_app(request.getfixturevalue(which)))
    waiting, seen, broken = ["/"], {"/"}, []
    while waiting:
        here = waiting.pop()
        answer = client.get(here)
        if answer.status_code != 200:
            broken.append((here, answer.status_code))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for address in Page(answer.text).addresses:
            there = urldefrag(urljoin(f"http://atlas{here}", address)).url
            if not there.startswith("http://atlas") or "/compare?" in there:
                continue
            path = there.removeprefix("http://atlas")
            if path not in seen:
                seen.add(path)
                waiting.append(path)
    assert broken == []
    assert {"/clusters", "/data", "/edition", "/methods", "/links", "/themes"} <= seen


def test_anchors_exist(client: TestClient) -> None:
    ids = set(Page(client.get("/methods").text).ids)
    for path in PAGES:
        for address in Page(client.get(path).text).addresses:
            parts = urlsplit(address)
            if parts.path == "/methods" and parts.fragment:
                assert parts.fragment in ids


def test_front_page_shows_the_figures_of_the_tables(client: TestClient) -> None:
    text = words(client, "/")
    assert "6 projects · 13 participations, 77 % placed" in text
    assert "2 clusters, what each is good at" in text
    assert re.search(r"Cambridge 3 5 1\.5 untested", text)
    assert re.search(r"Athens 1 2 – untested", text)


def test_cluster_page_shows_the_figures_of_the_tables(client: TestClient) -> None:
    text = words(client, f"/clusters/{A}")
    assert "3 organisations in 5 projects, €1.5 million" in text
    assert re.search(r"Local ?20\s%4–62\s%; 1 project join", text)
    assert re.search(r"International ?40\s%12–77\s%; 2 projects are with partners abroad", text)
    assert "1.8 1.1–2.9" in text
    assert "0.5 0.1–1.4" in text
    assert "not tested yet" in text
    assert re.search(r"Academia 40\s% 1 organisation ", text)


def test_each_figure_leads_to_its_activities(client: TestClient) -> None:
    for address, n in [
        (f"/clusters/{A}/activities", 5),
        (f"/clusters/{A}/activities?scope=international", 2),
        (f"/clusters/{A}/activities?theme=genomics", 2),
        (f"/clusters/{A}/activities?year=2016", 2),
        (f"/clusters/{A}/activities?partner={B}", 1),
        (f"/clusters/{A}/activities?partner=DE", 1),
    ]:
        assert address in Page(client.get(f"/clusters/{A}").text).addresses
        assert (
            len(client.get(address.replace("activities", "activities.json")).json()["activities"])
            == n
        )


def test_a_missing_interval_is_not_drawn(client: TestClient) -> None:
    page = client.get(f"/clusters/{B}").text
    assert 'class="span"' not in page
    assert 'class="dot unclear"' in page


def test_activity_page_carries_the_marks_of_doubt(client: TestClient) -> None:
    text = words(client, "/activities/table:joint")
    assert "medium confidence" in text
    assert "located to its postcode" in text
    assert "located to its country only" in words(client, "/activities/table:untitled")
    assert "from memory, not looked up" in words(client, "/organisations/ror:000000001")


def test_a_funder_has_no_share(client: TestClient) -> None:
    assert re.search(
        r"Medical Funder funder .* located to its country only – – – – ",
        words(client, "/activities/table:alone"),
    )


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_stay_text(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert "<script>alert" not in page
    assert "<b>bold</b>" not in page
    assert "<i>DNA</i>" not in page
    assert "javascript:" not in page
    assert "<edition>" not in page


def test_hostile_queries_stay_text(client: TestClient) -> None:
    for path in (
        "/search?q=<script>alert(1)</script>", "/places?q=\"><script>alert(1)</script>",
        "/clusters/<script>alert(1)</script>", "/clusters?sort=<script>alert(1)</script>",
        "/<script>alert(1)</script>", "/clusters?page=<script>alert(1)</script>",
    ):  # fmt: skip
        assert "<script>alert" not in client.get(path).text


def test_names_of_all_scripts(client: TestClient) -> None:
    assert GREEK in words(client, f"/clusters/{B}")
    assert f"<bdi>{ARABIC}</bdi>" in client.get("/activities/table:untitled").text


def test_only_a_sample_says_so(client: TestClient, single: Edition) -> None:
    sample = TestClient(create_app(single))
    for path in (
        "/",
        "/clusters",
        f"/clusters/{A}",
        "/methods",
        "/data",
        "/search?q=x",
        "/nothing",
    ):
        assert "This is a sample" in sample.get(path).text
        assert "This is a sample" not in client.get(path).text


def test_an_edition_without_clusters(empty: Edition) -> None:
    client = TestClient(create_app(empty))
    for path in ("/", "/clusters", "/themes", "/links", "/compare", "/search?q=a", "/places?q=a",
                 "/data", "/edition"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200
        assert faults(answer.text) == []
    assert "This edition has no clusters" in client.get("/").text
    assert client.get("/clusters.geojson").json()["features"] == []


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/clusters/cambridg", 404, "perhaps Cambridge (aaaa0001)"),
        ("/organisations/table:cairi", 404, "perhaps table:cairo"),
        ("/activities/nothing", 404, "no activity"),
        ("/themes/genomic", 404, "perhaps genomics"),
        ("/clusters?country=UK", 404, "one of GB, GR"),
        ("/clusters?sort=size", 422, "give one of name"),
        ("/clusters?page=0", 422, "page is"),
        ("/clusters?page=x", 422, "page is"),
        ("/links?limit=5000", 422, "limit is"),
        (f"/compare?cluster={A}&cluster=zzz", 404, "no cluster"),
        (f"/clusters/{A}/activities?scope=x", 422, "give one of local"),
        (f"/clusters/{A}/activities?year=x", 422, "year is"),
        ("/search?q=" + "x" * 201, 422, "give at most 200"),
        ("/looking-for/gold", 404, "it is one of partner, facility, investment"),
        ("/looking-for/trial?theme=genomic", 404, "perhaps genomics"),
        ("/looking-for/trial?place=Atlantis", 404, "give a town near a cluster"),
        ("/looking-for/trial?place=" + "x" * 201, 422, "give at most 200"),
        ("/nothing", 404, "nothing is at /nothing"),
        ("/static/..%2f..%2fapplication.py", 404, "nothing is at"),
    ],
)
def test_errors_say_what_and_how_to_mend(
    client: TestClient, path: str, status: int, says: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert faults(answer.text) == []
    assert says.casefold() in re.sub(r"\s+", " ", Page(answer.text).words).casefold()
    assert "etag" not in answer.headers


def test_only_reading(client: TestClient) -> None:
    answer = client.post("/clusters")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_an_unforeseen_error_tells_nothing(small: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr("triplehelix.serve.cluster_pages.cluster_profile", fails)
    client = TestClient(create_app(small), raise_server_exceptions=False)
    answer = client.get(f"/clusters/{A}")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_organisation_by_its_whole_ror_address(client: TestClient) -> None:
    assert "Alpha University" in client.get(f"/organisations/{ALPHA}").text


def test_a_tile_address_reaches_the_map_and_the_policy(small: Edition) -> None:
    settings = Settings(
        tile_url="https://tiles.example/{z}/{x}/{y}.png", tile_attribution="Tiles & Co"
    )
    answer = TestClient(create_app(small, settings)).get("/")
    assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in answer.text
    assert 'data-tile-attribution="Tiles &amp; Co"' in answer.text
    assert "https://tiles.example" in answer.headers["content-security-policy"]
