"""Mobilising on pages: invitations, answers with their reasons, offers, reports, progress."""

import pytest

from tests.app.calls.staged import CAPABILITIES
from tests.serve.pagecheck import faults
from tests.serve.registry import casting
from tests.serve.registry.calls_site import PEOPLE, CallSite, said
from triplehelix.app.calls.commitments import commitments_to

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
    assert "Nothing." in words and "Never." in words
    site.post("steward", f"/sealed/{site.stage.call}/let")
    assert "To holders of assets" in said(site.get("steward", page))
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


def test_a_visitor_invites_nobody(site, kept):
    mine = site.solved("")
    assert site.post("", f"{mine}/invite").status_code == 403
    assert CAPABILITIES["pcr-testing"].label in said(site.get("", mine))
