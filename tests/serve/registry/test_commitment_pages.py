"""Mobilising on pages: invitations, answers with their reasons, offers, reports, progress."""

import time

import pytest

from tests.app.calls.staged import CAPABILITIES
from tests.serve.pagecheck import faults
from tests.serve.registry import casting
from tests.serve.registry.calls_site import PEOPLE, CallSite, said
from triplehelix.app.calls.commitments import commitments_to
from triplehelix.app.calls.sealed import verify
from triplehelix.registry.sealed import QUESTIONS_A_DAY

atlas = casting.atlas
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
WHY = "the machine is <mended> & free"


@pytest.fixture
def site(world, atlas):
    return CallSite(world, atlas)


@pytest.fixture
def kept(site):
    """An answer that is kept, its members invited."""
    answer = site.solved("steward")
    invited = site.post("steward", f"{answer}/invite", reason="We need you")
    assert invited.headers["location"] == f"{answer}?invited=2&left_out=0"
    return answer


def asked(site, who: str) -> str:
    """The address of the first commitment that somebody's members have."""
    [one, *_] = commitments_to(site.registry, site.stage.as_(who), site.stage.call)
    return f"/commitments/{one.commitment.commitment_id}"


def test_each_side_sees_its_own(site, kept):
    anns, bobs = asked(site, "ann"), asked(site, "bob")
    assert anns != bobs
    for address, sees in ((anns, {"ann", "steward", "admin"}), (bobs, {"bob", "steward", "admin"})):
        for way in ("", ".json"):
            for person in PEOPLE:
                answer = site.get(person, address + way)
                assert answer.status_code == (200 if person in sees else 404), (person, way)
                assert answer.headers["cache-control"] == "private, no-store"
        for person in {*PEOPLE} - sees:
            assert site.post(person, f"{address}/answer", act="accept").status_code == 404
            assert site.post(person, f"{address}/report", told="1",
                             day="2026-04-02").status_code == 404  # fmt: skip
    assert "1 not answered yet" in said(site.get("ann", f"{site.here}/commitments"))
    assert "2 not answered yet" in said(site.get("steward", f"{site.here}/commitments"))
    assert "Waits for an answer 1" in said(site.get("ann", "/invitations-to-calls"))
    assert "Nobody is signed in" in said(site.get("", "/invitations-to-calls"))


def test_an_acceptance_and_a_refusal_change_the_curve(site, kept):
    """800 are asked for; each of two gives 400."""
    site.post("ann", asked(site, "ann") + "/answer", act="accept", reason=WHY)
    page = site.get("steward", kept)
    assert faults(page.text) == [] and "<mended>" not in page.text
    before = said(page)
    assert "800 samples a day from 1 April 2026" in before and "accepted" in before
    site.post("bob", asked(site, "bob") + "/answer", act="decline", reason="No staff")
    after = said(site.get("steward", kept))
    assert "400 samples a day at most, of 800 asked" in after and "still expected" in after
    assert "Since it was found, Hospital has declined or withdrawn." in after
    assert "Mend it without it" in after and "Invite" not in after.partition("Needs")[0][-400:]
    words = said(site.get("steward", f"{site.here}/commitments"))
    assert "1 accepted, 1 declined." in words and "No staff" in words and "by Bob" in words
    progress = site.get("", f"{site.here}/progress")
    assert "Accepted 1 member" in said(progress) and "400" in said(progress)
    for name in ("University", "Hospital", "Ann", "Bob", "No staff"):
        assert name not in progress.text


def test_a_counter_is_refused_with_what_was_typed_and_taken_when_right(site, kept):
    address = asked(site, "ann")
    page = site.post("ann", f"{address}/answer", act="counter", amount="many", reason=WHY)
    assert page.status_code == 422 and faults(page.text) == []
    assert 'value="many"' in page.text and "the machine is &lt;mended&gt;" in page.text
    page = site.post("ann", f"{address}/answer", act="counter", amount="9000")
    assert page.status_code == 409
    done = site.post("ann", f"{address}/answer", act="counter", amount="250", starts="2026-04-05")
    assert done.headers["location"] == address
    words = said(site.get("steward", address))
    assert "250 samples a day" in words and "countered" in words and "5 April 2026" in words
    site.post("steward", f"{address}/answer", act="accept")
    assert "is held for this call" in said(site.get("ann", address))


def test_what_is_given_is_reported_beside_the_plan(site, kept, registry):
    address = asked(site, "ann")
    site.post("ann", f"{address}/answer", act="accept")
    registry.clock.pass_(days=40)
    page = site.post("ann", f"{address}/report", told="", day="2026-04-10")
    assert page.status_code == 422 and "cannot be left empty" in page.text
    site.post("ann", f"{address}/report", told="350", day="2026-04-10")
    assert "350 samples a day from 10 April 2026" in said(site.get("steward", address))
    assert "reported 350" in said(site.get("steward", f"{site.here}/commitments"))
    words = said(site.get("steward", kept))
    assert "reported" in words and "350" in words


def test_a_member_offers_unasked(site):
    page = site.get("ann", f"{site.here}/offer")
    assert faults(page.text) == [] and "Laboratory of University" in page.text
    assert "Laboratory of Hospital" not in page.text
    asset = f"{site.stage.assets[0]}+{site.stage.capacities[0]}"
    wrong = site.post("ann", f"{site.here}/offer", need="tests", asset=asset, amount="100")
    assert wrong.status_code == 422 and 'value="100"' in wrong.text
    made = site.post("ann", f"{site.here}/offer", need="tests", asset=asset, amount="100",
                     starts="2026-04-01")  # fmt: skip
    assert "offered" in said(site.get("steward", made.headers["location"]))
    other = f"{site.stage.assets[1]}+{site.stage.capacities[1]}"
    assert site.post("ann", f"{site.here}/offer", need="tests", asset=other, amount="100",
                     starts="2026-04-01").status_code == 403  # fmt: skip
    assert site.post("eve", f"{site.here}/offer", need="tests", asset=asset, amount="1",
                     starts="2026-04-01").status_code == 403  # fmt: skip


def test_one_asset_is_asked_for_without_a_plan(site):
    """Only what has the capability can be chosen; what is wrong is told beside what was typed."""
    site.stage.world.asset("Scanner", site.stage.members[0], capabilities=["mri"])
    page = site.get("steward", f"{site.here}/invite")
    assert faults(page.text) == [] and "Laboratory of Hospital" in page.text
    assert "Scanner" not in page.text and 'value="2026-04-01"' in page.text
    asset = f"{site.stage.assets[1]}+{site.stage.capacities[1]}"

    def ask(**given):
        return site.post("steward", f"{site.here}/invite", **{"need": "tests", **given})

    wrong = ask(asset=asset, amount="much", starts="2026-04-01")
    assert wrong.status_code == 422 and 'value="much"' in wrong.text and faults(wrong.text) == []
    assert "choose one" in ask(amount="1", starts="2026-04-01").text
    hidden = site.stage.world.asset("Hidden", site.stage.members[0], "private")
    for other in (hidden, hidden[:-4] + "zzzz"):
        refused = ask(asset=other, amount="1", starts="2026-04-01")
        assert refused.status_code == 422 and "here is no such asset" in refused.text
    made = ask(asset=asset, amount="100", starts="2026-04-01", reason="You were kind before")
    assert "asked" in said(site.get("bob", made.headers["location"]))
    assert "You were kind before" in said(site.get("bob", made.headers["location"]))
    assert ask(asset=asset, amount="100", starts="2026-04-01").status_code == 409
    site.post("steward", f"{site.here}/close")
    words = said(site.get("steward", f"{site.here}/invite"))
    assert "This call is closed" in words and "Ask for it" not in words


def test_a_sealed_match_on_pages_to_the_opening_of_names(world, atlas):
    """What each side reads at each step; nothing of the other's before both have agreed."""
    site = CallSite(world, atlas)
    for one in (site.stage.network, site.stage.members[0]):
        verify(site.registry, site.stage.as_("admin"), one)
    secret = world.asset("Quiet robot", site.stage.members[0], "private",
                         capabilities=["pcr-testing"])  # fmt: skip
    asset, call = f"/assets/{secret}/sealed", f"{site.here}/sealed"
    assert "No need of this call is sealed" in said(site.get("steward", call))
    site.post("ann", f"/sealed/{secret}/let", call=f"http://here{site.here}")
    assert "Testing for the region may learn that a match exists" in said(site.get("ann", asset))
    asked_now = site.post("steward", f"/sealed/{site.stage.call}/ask")
    assert "A match exists." in said(asked_now) and faults(asked_now.text) == []
    assert "Quiet robot" not in asked_now.text and "University" not in asked_now.text
    assert "Testing for the region learned that a match exists" in said(site.get("ann", asset))
    site.post("ann", f"/sealed/{secret}/consent", call=site.stage.call)
    assert "Quiet robot" not in site.get("steward", call).text
    site.post("steward", f"/sealed/{site.stage.call}/consent")
    page = site.get("steward", call)
    assert faults(page.text) == []
    assert "Quiet robot" in said(page) and "of University" in said(page)
    assert "of Body" in said(site.get("ann", asset))
    assert site.get("steward", f"/assets/{secret}").status_code == 404


def test_sealed_matching_on_pages(world, atlas):
    sealed = {"need": "secret", "capability": "dna-sequencing", "sealed": True}
    tests = {"need": "tests", "capability": "pcr-testing", "amount": 800, "unit": "samples/day"}
    site = CallSite(world, atlas, needs=[tests, sealed])
    for person in PEOPLE:
        words = said(site.get(person, site.here))
        assert ("sealed" in words) == (person in ("steward", "admin")), person
    page = f"{site.here}/sealed"
    assert site.get("ann", page).status_code == 403
    asset = f"/assets/{site.stage.assets[0]}/sealed"
    assert site.get("ann", asset).status_code == 200 and site.get("bob", asset).status_code == 403
    words = said(site.get("steward", page))
    assert "Nothing. The sealed needs of this call" in words and "Never so far." in words
    assert "Only verified members and networks may ask" in words
    site.post("steward", f"/sealed/{site.stage.call}/let")
    assert "Verified members who ask about an asset of theirs may learn" in said(
        site.get("steward", page))  # fmt: skip
    asking = site.post("steward", f"/sealed/{site.stage.call}/ask")
    assert asking.status_code == 403 and "verif" in asking.text
    assert site.post("ann", f"/sealed/{site.stage.call}/let").status_code == 403
    assert site.post("", f"/sealed/{site.stage.call}/let").status_code == 403


def test_the_same_by_the_api(site):
    """A program invites, answers, reports; what is refused is told with its status."""

    def send(who, path, **body):
        return site.clients[who].post(f"/api/v1{path}", json=body)

    job = send("steward", f"/calls/{site.stage.call}/solve", robust=0)
    assert job.status_code == 202 and job.headers["location"] == job.json()["address"]
    for _ in range(200):
        run = site.get("steward", job.json()["address"]).json()
        if run["state"] != "running":
            break
    [proposal] = run["proposal_ids"]
    answer = f"/calls/{site.stage.call}/alliances/{proposal}"
    whole = site.get("steward", f"/api/v1{answer}").json()
    assert whole["alliance"]["status"] == "feasible" and len(whole["partners"]) == 2
    assert send("eve", f"{answer}/invite").status_code == 404
    made = send("steward", f"{answer}/invite").json()
    assert len(made["made"]) == 2 and made["left_out"] == []
    first = f"/commitments/{made['made'][0]}"
    assert send("eve", f"{first}/answer", act="accept").status_code == 404
    assert send("ann", f"{first}/answer", act="marry").status_code == 422
    assert send("ann", f"{first}/answer", act="accept").json()["commitment"]["state"] == "accepted"
    told = send("ann", f"{first}/reports", day="2026-04-02", amount=10)
    assert told.status_code in (201, 422)
    effects = send("steward", f"{answer}/what-if",
                   ideas=[{"asset": site.stage.assets[0], "without": True}]).json()  # fmt: skip
    assert effects[0]["kept_after"] is False
    found = send("", "/needs", text="We need 12 intensive care beds.").json()
    assert (found[0]["capability"], found[0]["amount"]) == ("critical-care-beds", 12)
    assert send("", f"/calls/{site.stage.call}/solve", robust=0).status_code == 202
    assert send("", f"/calls/{site.stage.call}/close").status_code == 403
    assert [c["title"] for c in site.get("", "/api/v1/calls").json()["calls"]] == [
        "Testing for the region"]  # fmt: skip


def test_an_answer_is_kept_shown_shared_out_and_removed_by_the_api(site):
    """What each may do with an answer, and that shares of two equal halves are halves."""

    def send(who, path, **body):
        return site.clients[who].post(f"/api/v1{path}", json=body)

    mine, kept = site.solved(""), site.solved("steward")
    assert send("", f"{mine}/keep").status_code == 403  # nobody's call to change but the holder's
    assert send("steward", f"{mine}/keep").status_code == 404  # somebody else's solve
    assert send("steward", f"{kept}/keep").json()["id"] == kept.rpartition("/")[2]
    job = send("steward", f"{kept}/sharing")
    assert job.status_code == 202 and job.headers["location"] == job.json()["address"]
    for _ in range(400):
        run = site.get("steward", job.json()["address"]).json()
        if run["state"] != "running":
            break
        time.sleep(0.05)
    shares = run["result"]["sharing"]["benefit"]["shapley"]["values"]
    assert shares == pytest.approx(dict.fromkeys(site.stage.members, 0.5))
    assert send("eve", f"{kept}/show", visibility="public").status_code == 404
    assert send("steward", f"{kept}/show", visibility="all").status_code == 422
    assert send("steward", f"{kept}/show", visibility="public").status_code == 204
    assert site.get("eve", f"/api/v1{kept}").status_code == 200
    assert send("eve", f"{kept}/show", visibility="private").status_code == 403
    assert site.clients["eve"].delete(f"/api/v1{kept}").status_code == 403
    assert site.clients["steward"].delete(f"/api/v1{kept}").status_code == 204
    for who in ("eve", "steward"):
        assert site.get(who, f"/api/v1{kept}").status_code == 404


def test_sealed_matching_by_the_api(world, atlas):
    """Let be told, asked, used, consented to, opened; each side reads its own alone."""
    site = CallSite(world, atlas)
    secret = world.asset("Quiet robot", site.stage.members[0], "private",
                         capabilities=["pcr-testing"])  # fmt: skip
    asset, call = f"/api/v1/sealed/{secret}", f"/api/v1/sealed/{site.stage.call}"

    def send(who, path, **body):
        return site.clients[who].post(path, json=body)

    for person in PEOPLE:
        mine = 200 if person in ("ann", "admin") else 404
        assert site.get(person, asset).status_code == mine, person
    assert site.get("ann", call).status_code == 403
    assert send("steward", f"{call}/questions").status_code == 403  # nobody has verified the body
    verify(site.registry, site.stage.as_("admin"), site.stage.network)
    assert send("steward", f"{call}/questions").json() == {
        "answer": False, "asked_today": 1, "a_day": QUESTIONS_A_DAY}  # fmt: skip
    offer = send("ann", f"{asset}/offers", call_id=site.stage.call)
    assert offer.status_code == 201
    assert send("steward", f"{call}/questions").json()["answer"] is True
    assert site.clients["ann"].delete(f"{call}/offers/{offer.json()['id']}").status_code == 403
    assert site.get("ann", asset).json()["uses"][0]["matched"] is True
    told = site.get("steward", call)
    assert "Quiet robot" not in told.text and secret not in told.text
    assert send("ann", f"{asset}/consents", call_id=site.stage.call).json() == {"opened": 0}
    gone = site.clients["ann"].delete(f"{asset}/consents", params={"call_id": site.stage.call})
    assert gone.status_code == 204
    assert send("steward", f"{call}/consents").json() == {"opened": 0}
    assert send("ann", f"{asset}/consents").json() == {"opened": 1}
    assert site.get("steward", call).json()["opened"][0]["said"]["asset"] == "Quiet robot"
    back = site.clients["ann"].delete(f"{asset}/offers/{offer.json()['id']}")
    assert back.status_code == 204 and site.get("ann", asset).json()["offers"] == []
    for _ in range(QUESTIONS_A_DAY - 2):
        assert send("steward", f"{call}/questions").status_code == 200
    refused = send("steward", f"{call}/questions")
    assert refused.status_code == 429 and "ask again in" in refused.text
    assert send("eve", f"{asset}/offers").status_code == 404
    assert send("steward", f"{call}/offers", to="x").status_code == 422


def test_a_visitor_invites_nobody(site, kept):
    mine = site.solved("")
    assert site.post("", f"{mine}/invite").status_code == 403
    assert CAPABILITIES["pcr-testing"].label in said(site.get("", mine))
