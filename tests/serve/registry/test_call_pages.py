"""Pages of calls and answers, by everybody: who gets what, forms kept, nothing of what is hidden."""

import json
import re
import time
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.app.calls.staged import CAPABILITIES, halves
from tests.people import forms_of
from tests.registry_worlds import an_id
from tests.serve.pagecheck import faults
from tests.serve.registry import casting
from tests.serve.registry.calls_site import PEOPLE, WHISPER, CallSite, said
from tests.serve.registry.doors import TOKEN, HeaderDoor
from triplehelix.ally.to_json import alliance_from_json
from triplehelix.ally.words import status_said
from triplehelix.app.calls.commitments import invite
from triplehelix.app.calls.losing import Losing
from triplehelix.app.calls.proposals import show_proposal
from triplehelix.app.calls.records import create_call
from triplehelix.app.calls.solver import Found
from triplehelix.optimise.outcome import Progress

atlas = casting.atlas
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
EVERYBODY, HOLDERS = set(PEOPLE), {"steward", "admin"}


@pytest.fixture
def site(world, atlas):
    return CallSite(world, atlas)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/calls", EVERYBODY), ("/calls.json", EVERYBODY), ("/calls.csv", EVERYBODY),
        ("{here}", EVERYBODY), ("{here}.json", EVERYBODY), ("{here}.yaml", EVERYBODY),
        ("{here}/alternatives", EVERYBODY), ("{here}/alternatives.geojson", EVERYBODY),
        ("{here}/edit", HOLDERS), ("{here}/open", HOLDERS), ("{here}/close", HOLDERS),
        ("{here}/remove", HOLDERS), ("{here}/commitments", HOLDERS),
        ("{here}/commitments.csv", HOLDERS), ("{here}/sealed", HOLDERS),
        ("{here}/sealed.json", HOLDERS), ("{here}/offer", {"ann", "bob", *HOLDERS}), ("{here}/invite", HOLDERS),
        ("/calls/new", {"ann", "bob", *HOLDERS}), ("/invitations-to-calls", EVERYBODY),
        ("/api/v1/calls", EVERYBODY), ("/api/v1/calls/{id}", EVERYBODY),
        ("/api/v1/calls/{id}/proposals", EVERYBODY),
    ],
)  # fmt: skip
def test_who_may_look(site, path, who):
    address = path.format(here=site.here, id=site.stage.call)
    for person in PEOPLE:
        answer = site.get(person, address)
        assert answer.status_code == (200 if person in who else 403), (person, answer.text[:400])
        assert answer.headers["cache-control"] == "private, no-store"
        if "html" in answer.headers["content-type"]:
            assert faults(answer.text) == [], (person, path)


def test_what_is_hidden_is_answered_as_what_is_absent(site, world):
    """A draft, its pages, answers and API, for all but its holder; every way in."""
    draft = create_call(site.registry, site.stage.as_("steward"),
                        {"title": WHISPER}, CAPABILITIES, network_id=site.stage.network)  # fmt: skip
    absent = an_id("call", "none")
    ways = ("", ".json", ".yaml", "/edit", "/open", "/close", "/remove", "/commitments", "/sealed",
            "/offer", "/invite", "/progress", "/alternatives", "/alliances/x", "/alliances/x/proof.json",
            "/alliances/x/calendar.ics", "/alliances/x/partners.csv", "/alliances/x/raid.json",
            "/alliances/x/sharing", "/alliances/x/show", "/solves/x")  # fmt: skip
    for person in ("", "eve", "ann"):
        for way in ways:
            hidden = site.get(person, f"/calls/{draft}{way}")
            none = site.get(person, f"/calls/{absent}{way}")
            assert (hidden.status_code, hidden.text) == (none.status_code, none.text), (person, way)
            assert hidden.status_code == 404
        for way in ("/solve", "/alternatives", "/edit", "/open", "/close", "/remove", "/offer", "/invite",
                    "/alliances/x/without", "/alliances/x/worth", "/alliances/x/keep",
                    "/alliances/x/invite", "/alliances/x/show", "/alliances/x/sharing"):  # fmt: skip
            hidden = site.post(person, f"/calls/{draft}{way}")
            none = site.post(person, f"/calls/{absent}{way}")
            assert (hidden.status_code, hidden.text) == (none.status_code, none.text), (person, way)
            assert hidden.status_code == 404
        assert WHISPER not in site.get(person, "/calls").text
        assert site.get(person, f"/api/v1/calls/{draft}").status_code == 404
    assert WHISPER in site.get("steward", "/calls").text


def test_every_form_is_guarded(site):
    one = site.stage.propose()
    [first, _] = invite(site.registry, site.stage.as_("steward"), one, CAPABILITIES).made
    answer = f"{site.here}/alliances/{one}"
    for path in (
        "/calls/new", *(site.here + way for way in (
            "/edit", "/open", "/close", "/remove", "/solve", "/alternatives", "/offer",
            "/solves/x/stop")),
        *(answer + way for way in ("/without", "/worth", "/keep", "/invite", "/show", "/sharing")),
        f"/commitments/{first}/answer", f"/commitments/{first}/report",
        *(f"/sealed/{site.stage.call}{way}" for way in (
            "/let", "/take-back", "/ask", "/consent", "/withdraw-consent")),
    ):  # fmt: skip
        forged = site.clients["admin"].post(path, data={"anti_forgery": "guessed"})
        assert forged.status_code == 403, path
        assert "not from a page of this site" in forged.text


def test_a_visitors_answer_is_theirs_and_the_holders_is_kept(site):
    mine, kept = site.solved(""), site.solved("steward")
    words = said(site.get("", mine))
    assert "2 members can do it by 1 April 2026" in words and "yours alone" in words
    assert "Invite" not in words and "Take out" in words
    assert site.get("eve", mine).status_code == 404 == site.get("steward", mine).status_code
    assert "Invite all 2 members" in said(site.get("steward", kept))
    assert site.get("", kept).status_code == 404 == site.get("ann", kept).status_code
    show_proposal(site.registry, site.stage.as_("steward"), kept.rpartition("/")[2], "public")
    assert "Invite" not in said(site.get("ann", kept))
    with site.registry.change(site.stage.as_("bob")) as change:
        change.share("asset", site.stage.assets[1], {"*": "private"})
    for person in ("", "ann", "steward"):
        assert site.get(person, kept).status_code == 404
    assert site.get("", mine).status_code == 404


def test_the_search_over_all_finds_calls_that_the_asker_sees(site):
    """By what a call needs; a draft only for its holder, and the others' pages stay the same."""
    for person in PEOPLE:
        page = site.get(person, "/search?q=swab+test")
        assert faults(page.text) == [] and "Testing for the region" in said(page), person
        found = site.get(person, "/search.json?q=swab+test").json()
        assert {"kind": "call", "id": site.stage.call, "name": "Testing for the region",
                "country": None} in [hit for kind in found["kinds"] for hit in kind["hits"]]  # fmt: skip
    before = {who: site.get(who, f"/search.json?q={WHISPER}").text for who in ("", "eve", "ann")}
    create_call(site.registry, site.stage.as_("steward"), {"title": WHISPER}, CAPABILITIES,
                network_id=site.stage.network)  # fmt: skip
    assert {who: site.get(who, f"/search.json?q={WHISPER}").text for who in before} == before
    assert site.get("steward", f"/search.json?q={WHISPER}").json()["total"] == 1


def test_an_answer_of_one_call_is_no_answer_to_another(site):
    kept = site.solved("steward").rpartition("/")[2]
    other = create_call(site.registry, site.stage.as_("steward"), {
        "title": "Other", "needs": [{"need": "a", "capability": "pcr-testing"}]}, CAPABILITIES,
        network_id=site.stage.network)  # fmt: skip
    assert site.get("steward", f"/calls/{other}/alliances/{kept}").status_code == 404
    answer = site.post("steward", f"/calls/{other}/alliances/{kept}/invite")
    assert answer.status_code == 404


def test_only_the_holder_invites_keeps_and_shows(site):
    mine = site.solved("eve")
    for way in ("/keep", "/invite", "/show"):
        assert site.post("eve", mine + way).status_code == 403
    assert site.get("eve", mine + "/show").status_code == 403
    kept = site.solved("steward")
    answer = site.post("steward", kept + "/show", **{"see__*": "public"})
    assert answer.headers["location"] == kept
    assert site.post("ann", kept + "/invite").status_code == 403
    assert site.post("ann", kept + "/show", **{"see__*": "public"}).status_code == 403


def test_the_whole_is_taken_away_and_its_check_passes(site):
    """What the proof says, read back, is the answer that was kept."""
    kept = site.solved("steward")
    proof = json.loads(site.get("steward", kept + "/proof.json").text)
    alliance = alliance_from_json(proof["alliance"])
    assert alliance.status == "feasible" and len(alliance.partners) == 2
    assert set(alliance.partners) <= set(proof["names"])
    for ending, begins in (("contributions.csv", "need,"), ("coverage.csv", "need,"),
                           ("partners.csv", "member,"), ("calendar.ics", "BEGIN:VCALENDAR")):  # fmt: skip
        answer = site.get("steward", f"{kept}/{ending}")
        assert answer.status_code == 200 and answer.text.startswith(begins)
        assert answer.headers["cache-control"] == "private, no-store"
    record = json.loads(site.get("steward", kept + "/raid.json").text)["record"]
    assert record["title"][0]["text"].startswith("Testing for the region")
    assert site.get("steward", kept + "/secrets.csv").status_code == 404
    points = site.get("steward", kept + ".geojson").json()["features"]
    assert len(points) == 2


def test_what_if_answers_and_says_what_is_wrong(site):
    kept = site.solved("steward")
    asset = site.stage.assets[0]
    words = said(site.get("steward", f"{kept}?asset={asset}&change=without"))
    assert "not met: 400 of 800" in words
    words = said(site.get("steward", f"{kept}?asset={asset}&change=later&days=soon"))
    assert "Days is 'soon'; give a whole number" in words
    assert site.get("steward", f"{kept}?asset=x&change=without").status_code == 404


class Slow:
    """Goes on until it is told to stop."""

    def __call__(self, question, on_progress):
        while not on_progress(Progress(1.0, 300.0, 100.0)):
            pass
        return (Found(halves(question)),)


def test_a_long_solve_is_watched_and_stopped_without_script(world, atlas):
    site = CallSite(world, atlas, solve=Slow())
    begun = site.post("eve", f"{site.here}/solve", lost="0", seconds="9")
    page = site.get("eve", begun.headers["location"])
    assert page.headers["refresh"] == "2" and faults(page.text) == []
    words = said(page)
    assert "Best so far 300" in words and "Not below 100" in words
    assert "refresh" not in site.get("eve", begun.headers["location"] + "?still=1").headers
    assert site.get("ann", begun.headers["location"]).status_code == 404
    assert site.post("ann", begun.headers["location"] + "/stop").status_code == 404
    site.post("eve", begun.headers["location"] + "/stop")
    for _ in range(200):
        page = site.get("eve", begun.headers["location"])
        if page.status_code == 303:
            break
    assert "/alliances/" in page.headers["location"]


class Asked:
    """Answers with halves whose gap is 60 % and whose mending is told; keeps what it was asked."""

    def __init__(self):
        self.losing = []

    def __call__(self, question, on_progress):
        self.losing.append(question.losing)
        told = {"recoverable": "If any one member drops out, mending costs at most 70."}
        found = replace(halves(question), objective=200.0, bound=80.0, said=told)
        return (Found(replace(found, said={**told, "status": status_said(found)})),)


@pytest.mark.parametrize(
    ("form", "asked", "words"),
    [
        ({"lost": "0", "then": "mend"}, Losing(), ""),
        ({"lost": "1", "then": "all"}, Losing(robust=1), "any one may drop out"),
        ({"lost": "2", "then": "90"}, Losing(2, 0.9), "any 2 may drop out, 90 % still met"),
        ({"lost": "1", "then": "mend"}, Losing(recoverable=1), "cheapest to mend if any one drops"),
    ],
)
def test_what_is_to_be_so_when_members_drop_out(world, atlas, form, asked, words):
    """Chosen on the page or by the API alike; told on the answer and in the list of those kept."""
    solver = Asked()
    site = CallSite(world, atlas, solve=solver)
    kept = site.post("steward", f"{site.here}/solve", seconds="5", **form).headers["location"]
    sent = {name: getattr(asked, name) for name in Losing.__dataclass_fields__}
    api = f"/api/v1{site.here}/solve"
    job = site.clients["steward"].post(api, json=sent)
    assert job.status_code == 202
    for _ in range(200):
        if site.get("steward", job.json()["address"]).json()["state"] != "running":
            break
        time.sleep(0.02)
    assert solver.losing == [asked, asked]
    page = said(site.get("steward", kept))
    assert words in page and "If any one member drops out, mending costs at most 70." in page
    assert "at most 60 % from the best possible, its dearest mending counted" in page
    assert "No group, with its dearest mending, is below 80" in page
    listed = said(site.get("steward", site.here))
    assert words in listed and "meets every need; at most 60 % from the best" in listed
    proof = site.get("steward", f"{kept}/proof.json").json()
    assert proof["alliance"]["said"]["recoverable"].startswith("If any one member drops out")


def test_what_cannot_be_asked_of_losses_is_refused(site):
    page = site.post("eve", f"{site.here}/solve", lost="1", then="some")
    assert page.status_code == 422 and "give all, 90, 75, 50, mend" in said_of(page)
    api = site.clients["eve"].post(f"/api/v1{site.here}/solve", json={"recoverable": 6})
    assert api.status_code == 422 and "recoverable is 6; give how many" in api.text


def test_a_refused_form_keeps_what_was_typed(site):
    page = site.post("steward", "/calls/new", holder=site.stage.network, title="Beds & benches",
                     n0__capability="critical-care-beds", n0__amount="twelve", n0__unit="beds")  # fmt: skip
    assert page.status_code == 422 and faults(page.text) == []
    assert 'value="Beds &amp; benches"' in page.text and 'value="twelve"' in page.text
    assert "'twelve' is no number; write one, such as 250" in said_of(page)
    page = site.post("steward", "/calls/new", holder=site.stage.network, title="Beds",
                     n0__capability="critical-care-beds", n0__amount="12", n0__unit="litres")  # fmt: skip
    assert page.status_code == 422
    assert "is not counted in 'litres'; use beds" in said_of(page)


def test_a_call_is_written_opened_changed_closed_and_removed(site):
    made = site.post("steward", "/calls/new", holder=site.stage.network, title="Beds",
                     n0__capability="critical-care-beds", n0__amount="12", n0__unit="beds",
                     n0__by="2026-05-01", n1__capability="pcr-testing", rules__health="1")  # fmt: skip
    address = made.headers["location"]
    assert site.get("ann", address).status_code == 404
    words = said(site.get("steward", address))
    assert "12 beds" in words and "by 1 May 2026" in words and "one that can do it" in words
    assert "At least 1 member of the health system." in words
    site.post("steward", f"{address}/open", **{"see__*": "public"})
    assert "12 beds" in said(site.get("", address))
    form = site.get("steward", f"{address}/edit").text
    assert faults(form) == [] and 'value="12"' in form
    site.post("steward", f"{address}/edit", title="More beds", n0__capability="critical-care-beds",
              n0__need="critical-care-beds", n0__amount="20", n0__unit="beds")  # fmt: skip
    words = said(site.get("", address))
    assert "More beds" in words and "20 beds" in words and "PCR" not in words
    site.post("steward", f"{address}/close")
    assert "closed" in said(site.get("", address))
    site.post("steward", f"{address}/remove")
    assert site.get("steward", address).status_code == 404


def test_what_the_form_has_no_field_for_stays(world, atlas):
    """Weights, exclusions and sealed needs outlive an edit of the title."""
    place = {"name": "Leeds", "lat": 53.8, "lon": -1.55}
    need = {"need": "tests", "capability": "pcr-testing", "amount": 800, "unit": "samples/day",
            "place": place, "within_km": 90, "in_all": False}  # fmt: skip
    site = CallSite(world, atlas, weights={"partners": 7.0}, rules={"exclude": ["mb_x"]},
                    needs=[need])  # fmt: skip
    before = site.get("steward", f"{site.here}.json").json()["content"]
    form = site.get("steward", f"{site.here}/edit").text
    [edit] = [one for one in forms_of(form) if one.action.endswith("/edit")]
    sent = edit.filled({"title": "Another title"}, "Save")
    done = site.clients["steward"].post(f"{site.here}/edit", data=sent)
    assert done.status_code == 303, done.text
    after = site.get("steward", f"{site.here}.json").json()["content"]
    assert after == {**before, "title": "Another title"}


def test_a_file_is_pasted_and_given_back(site):
    text = "title: From a file\nneeds:\n- need: a\n  capability: pcr-testing\n"
    page = site.get("steward", "/calls/new?way=file")
    assert faults(page.text) == [] and "as a file" in page.text
    bad = site.post("steward", "/calls/new", holder=site.stage.network, file="title: [")
    assert bad.status_code == 422 and "is not valid YAML or JSON" in said_of(bad)
    bad = site.post("steward", "/calls/new", holder=site.stage.network,
                    file=text.replace("pcr-testing", "pcr-tests"))  # fmt: skip
    assert bad.status_code == 422 and "No capability is called 'pcr-tests'" in said_of(bad)
    assert "From a file" in bad.text
    made = site.post("steward", "/calls/new", holder=site.stage.network, file=text)
    assert site.get("steward", made.headers["location"] + ".yaml").text == text


def test_needs_are_suggested_with_the_words_that_led_to_them(site):
    page = site.post("steward", "/calls/new", holder=site.stage.network, title="Emergency",
                     described="We need 200 PCR tests a day by 1 May 2027.", do="suggest")  # fmt: skip
    assert page.status_code == 200 and faults(page.text) == []
    words = said(page)
    assert "1 need suggested" in words and "suggested because of “PCR tests" in words
    assert 'value="200"' in page.text and 'value="Emergency"' in page.text
    assert 'value="2027-05-01"' in page.text
    other = site.post("steward", "/calls/new", holder=site.stage.network, title="Cells",
                      described="We must make cells for 30 patients under GMP.", do="suggest")  # fmt: skip
    assert "No amount: “30 patients” is not counted in GMP suites." in said(other)
    assert faults(other.text) == [] and 'value="30"' not in other.text
    sent = {"n0.suggested": "yes", "n0.capability": "pcr-testing", "n0.amount": "200",
            "n0.unit": "tests/day"}  # fmt: skip
    for take, needs in (({}, 0), ({"n0.take": "yes"}, 1)):
        made = site.clients["steward"].post("/calls/new", data={
            "anti_forgery": TOKEN, "holder": site.stage.network, "title": "T", **sent, **take})  # fmt: skip
        found = site.get("steward", made.headers["location"] + ".json").json()
        assert len(found["content"]["needs"]) == needs


def test_a_call_of_500_needs_is_shown_and_changed_as_a_file(world, atlas):
    needs = [{"need": f"n-{n}", "capability": "pcr-testing", "amount": 1 + n, "unit": "samples/day"}
             for n in range(500)]  # fmt: skip
    site = CallSite(world, atlas, needs=needs)
    page = site.get("", site.here)
    assert "The first 40 of 500" in said(page) and faults(page.text) == []
    assert "500 samples a day" in said(site.get("", f"{site.here}?all=1"))
    assert 'name="file"' in site.get("steward", f"{site.here}/edit").text


def test_an_empty_registry_has_a_page_too(world, atlas, registry):
    atlas.state.registry, atlas.state.door = registry, HeaderDoor(world)
    page = TestClient(atlas).get("/calls")
    assert "No call is shown to you yet" in said(page) and faults(page.text) == []


def said_of(answer) -> str:
    """The words of a page that is no good answer."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
