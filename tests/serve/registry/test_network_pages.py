"""Pages of networks, for everybody: sound HTML, the right answers, and nothing of what is hidden."""

import re
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import icalendar
import pytest
from starlette.testclient import TestClient

from tests.registry_worlds import Clock, Ids, World, an_id
from tests.serve.pagecheck import faults
from tests.serve.registry.networked import (
    ABSENT,
    ALPHA,
    BETA,
    BOTH,
    CELLAR,
    DELTA,
    GAMMA,
    NORTH,
    PEOPLE,
    SOUTH,
    WORD,
    as_,
    furnish,
    serve,
)
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

POST, EVENT = an_id("post", "Good news"), an_id("event", "Open day")
DESK = an_id("asset", "Desk")
# Of each page: its address, and who may look at it.
EVERYBODY, CURATORS = set(PEOPLE), {"stu", "ada"}
PAGES = [
    ("/networks", EVERYBODY), ("/networks.json", EVERYBODY), ("/networks.csv", EVERYBODY),
    ("/networks/events.ics", EVERYBODY), ("/networks/{}", EVERYBODY),
    ("/networks/{}.json", EVERYBODY), ("/networks/{}.csv", EVERYBODY),
    ("/networks/{}.geojson", EVERYBODY), ("/networks/{}/events.ics", EVERYBODY),
    ("/networks/{}/news.atom", EVERYBODY), ("/networks/{}/members", EVERYBODY),
    ("/networks/{}/members.json", EVERYBODY), ("/networks/{}/members.csv", EVERYBODY),
    ("/networks/new", {"ada"}), ("/networks/{}/edit", CURATORS),
    ("/networks/{}/posts/new", CURATORS), ("/networks/{}/events/new", CURATORS),
    (f"/networks/{{}}/posts/{POST}", CURATORS), (f"/networks/{{}}/events/{EVENT}", CURATORS),
    ("/steward", {"stu", "ada", "hid"}), ("/steward/{}", CURATORS), ("/steward/{}.json", CURATORS),
    ("/api/v1/networks", EVERYBODY), ("/api/v1/networks/{}", EVERYBODY),
    ("/api/v1/networks/{}/members", EVERYBODY), ("/api/v1/networks/{}/posts", EVERYBODY),
    ("/api/v1/networks/{}/events", EVERYBODY),
]  # fmt: skip


def _world(folder: Path, small: Edition, **how: bool) -> tuple[World, TestClient]:
    made = _furnished(tuple(how.items()))
    shutil.copy(made, folder / "registry.sqlite")
    registry = open_registry(str(folder / "registry.sqlite"), clock=Clock(), ids=Ids("later"))
    world = World(registry)
    return world, serve(registry, small, world)


@cache
def _furnished(how: tuple[tuple[str, bool], ...]) -> Path:
    """A furnished registry, made once and then copied."""
    path = Path(tempfile.mkdtemp()) / "registry.sqlite"
    registry = open_registry(str(path), clock=Clock(), ids=Ids())
    create_registry(registry)
    furnish(World(registry), **dict(how))
    registry.close()
    return path


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory, small: Edition) -> Iterator[TestClient]:
    """A registry that no test of this module changes."""
    world, client = _world(tmp_path_factory.mktemp("looking"), small)
    yield client
    world.registry.close()


@pytest.fixture
def changing(tmp_path: Path, small: Edition) -> Iterator[TestClient]:
    """A registry of the test's own."""
    world, client = _world(tmp_path, small)
    yield client
    world.registry.close()


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_sound_and_kept_by_nobody(looking: TestClient, who: str) -> None:
    for address, allowed in PAGES:
        path = address.format(NORTH)
        answer = looking.get(path, headers=as_(who))
        assert answer.status_code == (200 if who in allowed else 403), (path, answer.text[-600:])
        if answer.status_code == 200:
            assert answer.headers["cache-control"] == "private, no-store", path
            assert "access-control-allow-origin" not in answer.headers, path
        if answer.headers["content-type"].startswith("text/html"):
            assert faults(answer.text) == [], path


@pytest.mark.parametrize("who", ["", "sam", "mia", "stu"])
def test_nothing_tells_of_what_is_hidden(
    who: str, tmp_path_factory: pytest.TempPathFactory, small: Edition
) -> None:
    answers = []
    for cellar in (True, False):
        world, client = _world(tmp_path_factory.mktemp("w"), small, cellar=cellar)
        found = {}
        for address, _ in PAGES:
            path = address.format(NORTH if "{}" in address else "")
            answer = client.get(path, headers=as_(who))
            found[path] = (answer.status_code, sorted(answer.headers.items()), answer.content)
        answers.append(found)
        world.registry.close()
    with_it, without_it = answers
    differ = {path for path in with_it if with_it[path] != without_it[path]}
    # Alpha's people see what is Alpha's alone, the stewards of North what is North's.
    if who in ("", "sam"):
        assert differ == set()
    assert not any(b"Cellar" in each[2] or b"Delta" in each[2] for each in with_it.values())


@pytest.mark.parametrize("who", ["", "sam", "mia", "stu"])
def test_absent_and_hidden_are_one(looking: TestClient, who: str) -> None:
    odd = (NORTH.upper(), NORTH + "%0A", "%20" + NORTH, NORTH[:-1] + "%D0%BE", BETA, "nw_1")
    for address, _ in PAGES:
        if "{}" not in address:
            continue
        ids = (CELLAR, ABSENT, *odd) if address.startswith("/networks/{}.") else (CELLAR, ABSENT)
        answers = [looking.get(address.format(i), headers=as_(who)) for i in ids]
        assert {a.status_code for a in answers} == {404}, address
        assert len({a.content for a in answers}) == 1, address


FORMS = [
    ("/networks/{}/edit", {"name": "North"}),
    ("/networks/{}/members", {"member": GAMMA}),
    ("/networks/{}/members/leave", {"member": BETA}),
    ("/networks/{}/posts/new", {"title": "x", "text": "y", "day": "2026-01-02"}),
    (f"/networks/{{}}/posts/{POST}", {"title": "x", "text": "y", "day": "2026-01-02"}),
    (f"/networks/{{}}/posts/{POST}/remove", {}),
    ("/networks/{}/events/new", {"title": "x", "starts": "2026-05-01T09:00", "ends": "2026-05-01T10:00"}),
    (f"/networks/{{}}/events/{EVENT}", {"title": "x", "starts": "2026-05-01T09:00", "ends": "2026-05-01T10:00"}),
    (f"/networks/{{}}/events/{EVENT}/remove", {}),
    ("/steward/{}/assign", {"asset": DESK, "member": BETA}),
    ("/steward/{}/confirm", {"asset": DESK}),
]  # fmt: skip


@pytest.mark.parametrize("who", ["", "sam", "mia", "hid"])
def test_no_form_is_taken_from_strangers(looking: TestClient, who: str) -> None:
    before = looking.get(f"/networks/{NORTH}.json", headers=as_("ada")).content
    for address, form in FORMS:
        for network, status in ((NORTH, 403), (CELLAR, 404), (ABSENT, 404)):
            if (who, network) == ("hid", CELLAR):
                continue
            sent = {**form, "anti_forgery": WORD, "visibility": "public"}
            answer = looking.post(address.format(network), data=sent, headers=as_(who))
            assert answer.status_code == status, (address, network, answer.text[-400:])
    assert looking.get(f"/networks/{NORTH}.json", headers=as_("ada")).content == before


def test_a_steward_reaches_no_other_networks_things(looking: TestClient) -> None:
    # `hid` curates the cellar: what is North's is not to be had by that way.
    for address, form in FORMS:
        if POST in address or EVENT in address or "steward" in address:
            sent = {**form, "anti_forgery": WORD, "visibility": "public"}
            answer = looking.post(address.format(CELLAR), data=sent, headers=as_("hid"))
            assert answer.status_code in (404, 422), address
            assert b"Good news" not in answer.content
    for path in (f"/networks/{CELLAR}/posts/{POST}", f"/networks/{CELLAR}/events/{EVENT}"):
        assert looking.get(path, headers=as_("hid")).status_code == 404
    body = {"title": "x", "text": "y", "day": "2026-01-02"}
    headers = {**as_("hid"), "x-anti-forgery": WORD}
    api = f"/api/v1/networks/{CELLAR}/posts/{POST}"
    assert looking.put(api, json=body, headers=headers).status_code == 404
    assert looking.delete(api, headers=headers).status_code == 404


@pytest.mark.parametrize("who", ["", "sam", "mia", "hid"])
def test_the_api_takes_nothing_from_strangers(looking: TestClient, who: str) -> None:
    news = {"title": "x", "text": "y", "day": "2026-01-02"}
    event = {"title": "x", "starts": "2026-05-01T09:00Z", "ends": "2026-05-01T10:00Z"}
    headers = {**as_(who), "x-anti-forgery": WORD}
    asked = [
        ("PATCH", "", {"name": "Mine"}), ("POST", "/members", {"member": GAMMA}),
        ("DELETE", f"/members/{BETA}", None), ("POST", "/posts", news),
        ("PUT", f"/posts/{POST}", news), ("DELETE", f"/posts/{POST}", None),
        ("POST", "/events", event), ("PUT", f"/events/{EVENT}", event),
        ("DELETE", f"/events/{EVENT}", None),
    ]  # fmt: skip
    for method, path, body in asked:
        for network, status in ((NORTH, 403), (CELLAR, 404), (ABSENT, 404)):
            if (who, network) == ("hid", CELLAR):
                continue
            answer = looking.request(
                method, f"/api/v1/networks/{network}{path}", json=body, headers=headers
            )
            assert answer.status_code == status, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


def test_forms_without_the_word_are_refused(looking: TestClient) -> None:
    for address, form in FORMS:
        answer = looking.post(address.format(NORTH), data=form, headers=as_("ada"))
        assert answer.status_code == 403, address
    answer = looking.post("/api/v1/networks", json={"name": "x"}, headers=as_("ada"))
    assert answer.status_code == 403


def test_what_was_typed_is_kept_with_what_is_wrong_beside_it(changing: TestClient) -> None:
    sent = {"anti_forgery": WORD, "name": "", "website": "ftp://x", "description": "Kept <b>words",
            "visibility": "public"}  # fmt: skip
    answer = changing.post(f"/networks/{NORTH}/edit", data=sent, headers=as_("stu"))
    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert "Kept &lt;b&gt;words" in answer.text
    website = re.search(r'<p class="fault" id="website-fault">(.*?)</p>', answer.text)
    assert website and "https://" in website[1]
    assert 'id="name-fault"' in answer.text
    late = {"anti_forgery": WORD, "name": "North", "visibility": "public", "version": "99"}
    answer = changing.post(f"/networks/{NORTH}/edit", data=late, headers=as_("stu"))
    assert (answer.status_code, "Changed meanwhile" in answer.text) == (409, True)


def test_a_steward_edits_posts_and_invites(changing: TestClient) -> None:
    def send(path: str, who: str = "stu", **form: str) -> str:
        sent = {"anti_forgery": WORD, **form}
        answer = changing.post(f"/networks/{NORTH}{path}", data=sent, headers=as_(who))
        assert answer.status_code == 303, answer.text[-800:]
        return changing.get(f"/networks/{NORTH}").text

    page = send("/edit", name="The North", kind="cluster body", visibility="public",
                clusters="Cambridge\n", themes="genomics, unheard-of", website="https://example.org",
                description="One.\n\nTwo & three.")  # fmt: skip
    assert "<bdi>The North</bdi>" in page
    assert '<a href="/clusters/aaaa0001"><bdi>' in page
    assert '<a href="/themes/genomics">' in page and "unheard of" in page
    assert "<p>One.</p><p>Two &amp; three.</p>" in page
    page = send("/posts/new", title="<i>Hot</i>", text="<p>a<script>x()</script></p>",
                day="2026-03-03", visibility="public")  # fmt: skip
    assert "&lt;i&gt;Hot&lt;/i&gt;" in page and "x()" not in page
    page = send("/events/new", title="Ball", starts="2026-07-01T20:00", ends="2026-07-01T23:00",
                zone="Europe/Paris", visibility="public")  # fmt: skip
    assert "20:00–23:00" in page and "UTC+02:00" in page
    send("/members", member="gamma", visibility="public")
    assert "Gamma" not in changing.get(f"/networks/{NORTH}/members").text
    assert "invited" in changing.get(f"/networks/{NORTH}/members", headers=as_("stu")).text
    page = send(f"/posts/{POST}/remove")
    assert "Good news" not in page
    assert (
        "Alpha" not in send("/members/leave", who="mia", member=ALPHA).partition("Who is in it")[2]
    )


def test_an_administrator_makes_a_joint_network(changing: TestClient) -> None:
    sent = {"anti_forgery": WORD, "name": "All", "kind": "alliance", "visibility": "public",
            "parts": [NORTH, SOUTH]}  # fmt: skip
    answer = changing.post("/networks/new", data=sent, headers=as_("ada"))
    made = changing.get(answer.headers["location"] + ".json").json()
    assert (answer.status_code, made["population"]["n_members"]) == (303, 3)


def test_a_revoked_role_counts_no_more_at_the_next_request(tmp_path: Path, small: Edition) -> None:
    world, client = _world(tmp_path, small)
    path = f"/networks/{CELLAR}"
    assert client.get(path, headers=as_("hid")).status_code == 200
    world.take_roles(an_id("user", "hid"))
    assert client.get(path, headers=as_("hid")).status_code == 404
    world.registry.close()


def test_the_calendar_is_read_back_by_another_reader(looking: TestClient) -> None:
    answer = looking.get(f"/networks/{NORTH}/events.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    text = answer.content
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))  # RFC 5545, 3.1
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (event["summary"], event["location"]) == ("Open day", "Leeds")
    assert event.start == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert event.end == datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert event["uid"] and event["dtstamp"].dt == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    again = looking.get("/networks/events.ics").content
    assert icalendar.Calendar.from_ical(again).walk("VEVENT")[0]["uid"] == event["uid"]
    own = looking.get(f"/networks/{NORTH}/events.ics", headers=as_("stu")).content
    assert {e["summary"] for e in icalendar.Calendar.from_ical(own).walk("VEVENT")} == {
        "Open day",
        "Vigil",
    }


def test_the_news_are_a_feed(looking: TestClient) -> None:
    feed = ElementTree.fromstring(looking.get(f"/networks/{NORTH}/news.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    # RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have.
    for part in ("id", "title", "updated", "author"):
        assert feed.find(atom + part) is not None
    [entry] = feed.findall(atom + "entry")
    assert entry.findtext(atom + "title") == "Good news"
    content = entry.find(atom + "content")
    assert content is not None and (content.get("type"), content.text) == ("html", "<p>News</p>")
    assert datetime.fromisoformat(entry.findtext(atom + "updated") or "").tzinfo is not None


def test_the_map_has_what_the_table_has(looking: TestClient) -> None:
    features = looking.get(f"/networks/{BOTH}.geojson").json()["features"]
    assert [(f["properties"]["name"], f["geometry"]["coordinates"]) for f in features] == [
        ("Alpha", [-1.5, 53.8]), ("Robot", [0.1, 52.2]),
    ]  # fmt: skip


def test_the_delta_is_shown_to_its_own(looking: TestClient) -> None:
    assert "Delta" in looking.get(f"/networks/{CELLAR}", headers=as_("hid")).text
    assert DELTA in looking.get(f"/networks/{CELLAR}.json", headers=as_("ada")).text
