"""Enquiries from the form to the answer, in a browser without script: whoever asks, and who answers."""

import re

import pytest

from tests.app.enquiries.stage import CLUSTER, WORDS, Stage
from tests.registry_worlds import World
from tests.serve.pagecheck import Page, faults
from tests.serve.registry.accounts_site import HERE, PASSWORD, Browser, Site, word_of
from triplehelix.app.registry import log
from triplehelix.registry.enquiries import EnquiryRules
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.mail import MailSettings

FORM = {"text": WORDS["text"], "name": "Jo Quark", "email": "jo.quark@example.org", "do": "send"}
SECRET = re.compile(r"/enquiries/sent/([\w-]{43})")


@pytest.fixture
def stage(world: World, small) -> Stage:
    return Stage(world, small)


@pytest.fixture
def atlas(stage, small, registry) -> Site:
    """Accounts with passwords for stu (steward of North) and ada, beside those of the stage."""
    return Site(small, registry)


@pytest.fixture
def people(stage, atlas):
    """Browsers in which stu, sue, ada and sam are signed in."""
    from triplehelix.app.registry.passwords import hashed
    from triplehelix.store.registry import accounts

    with accounts.changing(stage.registry, COMMAND_LINE) as change:
        for name in ("stu", "sue", "ada", "sam"):
            accounts.set_password(change, stage.as_(name).user_id, hashed(PASSWORD), why="test")
    return {name: atlas.signed_in(name) for name in ("stu", "sue", "ada", "sam")}


def says(answer) -> str:
    assert faults(answer.text) == []
    return " ".join(Page(answer.text).words.split())


def send(browser: Browser, query: str = "", **typed: str):
    """Open the form and send it with what stands in it, as a browser does."""
    page = browser.get(f"/enquiries/new{query}")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    return browser.post("/enquiries/new", data={**hidden, **FORM, **typed})


def test_the_form_says_before_to_whom_it_goes_and_why(stage, atlas):
    browser = atlas.browser()
    for query, goes, why in (
        (f"?asset={stage.cycler}", "It goes to Alpha and North", "the member it belongs to, and"),
        ("?theme=genomics", "It goes to North and South", "Each gets it at the same moment"),
        (f"?cluster={CLUSTER}", "It goes to South", "says it speaks for this cluster"),
        (f"?network={stage.east}", "It goes to the front desk", "East would get it, but nobody reads"),
        ("", "It goes to the front desk", "since nobody else is found"),
    ):  # fmt: skip
        answer = browser.get(f"/enquiries/new{query}")
        said = says(answer)
        assert goes in said and why in said, said
        assert answer.headers["cache-control"] == "private, no-store"
        assert "erased 90 days after it is closed" in said


def test_from_question_to_answer(stage, atlas, people):
    asker = atlas.browser()
    taken = send(asker, f"?asset={stage.cycler}")
    assert taken.status_code == 303
    where = taken.headers["location"]
    assert SECRET.fullmatch(where)
    said = says(asker.get(where))
    assert "About Cycler, sent to Alpha and North" in said and WORDS["text"] in said
    assert "Keep the address of this page" in said
    # The address is all it takes; another browser has no cookie of it.
    assert WORDS["text"] in says(atlas.browser().get(where))
    stu = people["stu"]
    [one] = set(re.findall(r"/enquiries/eq_\w+", stu.get("/enquiries/desk").text))
    assert "Jo Quark" in says(stu.get(one))
    done = stu.fill(one, f"{one}/reply", reply="Yes, from May on.")
    assert (done.status_code, done.headers["location"]) == (303, one)
    said = says(asker.get(where))
    assert "Your enquiry answered" in said and "Yes, from May on." in said
    assert "stu" not in said.lower().split()
    people["sam"].get(one)
    assert people["sam"].get(one).status_code == 404
    assert asker.get(one).status_code == 404
    assert people["sue"].get("/enquiries/desk").status_code == 200
    assert people["sam"].get("/enquiries/desk").status_code == 403
    closed = stu.fill(one, f"{one}/close", closing="done")
    assert closed.status_code == 303
    assert "Closed: dealt with." in says(asker.get(where))


def test_passing_on_and_what_is_wrong_with_a_form(stage, atlas, people):
    where = send(atlas.browser(), f"?network={stage.north}").headers["location"]
    stu = people["stu"]
    [one] = set(re.findall(r"/enquiries/eq_\w+", stu.get("/enquiries/desk").text))
    for action, typed, words in (
        ("reply", {"reply": " "}, "This cannot be left empty"),
        ("pass-on", {"network": "", "reason": "x"}, "Choose one"),
        ("pass-on", {"network": stage.south, "reason": ""}, "This cannot be left empty"),
        ("pass-on", {"network": stage.east, "reason": "x"}, "Nobody reads for this network yet"),
        ("close", {"closing": "done"}, "cannot be closed as done"),
    ):
        answer = stu.fill(one, f"{one}/{action}", **typed)
        assert answer.status_code == 422 and words in says(answer), says(answer)
    offered = re.findall(r'<option value="([^"]*)"', stu.get(one).text)
    assert stage.south in offered and stage.north not in offered and stage.east not in offered
    done = stu.fill(one, f"{one}/pass-on", network=stage.south, reason="They have it.")
    assert done.headers["location"] == "/enquiries/desk"
    assert stu.get(one).status_code == 404
    said = says(atlas.browser().get(where))
    assert "now with South" in said and "They have it." in said
    assert people["sue"].fill(one, f"{one}/reply", reply="We have.").status_code == 303


def test_it_goes_nowhere_else_than_the_page_said(stage, atlas):
    """A place that was typed moves it: the form comes back with the new ones, nothing is sent."""
    asker = atlas.browser()
    moved = send(asker, "?theme=genomics", place="Harrogate")
    assert moved.status_code == 200
    said = says(moved)
    assert "It would now go to somebody else" in said and "It goes to North" in said
    assert WORDS["text"] in moved.text
    look = send(asker, "?theme=genomics", place="Harrogate", do="look")
    assert look.status_code == 200 and "It would now go" not in says(look)
    assert "enquire" not in {e.action for e in log.audit(stage.registry, COMMAND_LINE)}
    there = send(asker, "?theme=genomics&place=Harrogate", place="Harrogate")
    assert there.status_code == 303
    assert "sent to North on" in says(asker.get(there.headers["location"]))


@pytest.mark.parametrize(("typed", "at", "words"), [
    ({"email": "nowhere"}, "email", "Write an e-mail address, such as"),
    ({"text": "Hi"}, "text", "It has 2 characters; write 20 to 5,000"),
    ({"name": ""}, "name", "This cannot be left empty"),
    ({"name": "x" * 201}, "name", "It has 201 characters; write 1 to 200"),
    ({"homepage": "https://spam.example"}, "homepage", "Leave this field empty"),
])  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    stage, atlas, typed, at, words
):
    answer = send(atlas.browser(), **typed)
    assert answer.status_code == 422 and faults(answer.text) == []
    fault = re.search(rf'id="{at}-fault">(.*?)</p>', answer.text, re.S)
    said = fault[1] if fault else says(answer)
    assert words.lower() in re.sub(r"<span.*?</span>", "", said).lower()
    if "text" not in typed:
        assert WORDS["text"] in answer.text


def test_hostile_words_stay_words(stage, atlas, people):
    hostile = "<script>alert(1)</script> & <b>bold</b> is asked"
    again = send(atlas.browser(), text=hostile, email="nowhere")
    where = send(atlas.browser(), f"?network={stage.north}", text=hostile).headers["location"]
    [one] = set(re.findall(r"/enquiries/eq_\w+", people["stu"].get("/enquiries/desk").text))
    for answer in (again, atlas.browser().get(where), people["stu"].get(one)):
        assert "<script>alert" not in answer.text and "<b>bold" not in answer.text
        assert hostile in says(answer) or hostile in answer.text.replace("&lt;", "<").replace(
            "&gt;", ">").replace("&amp;", "&")  # fmt: skip


def test_a_form_of_another_site_is_refused(stage, atlas):
    browser = atlas.browser()
    assert browser.post("/enquiries/new", data=FORM).status_code == 403
    word = word_of(browser.get("/enquiries/new").text)
    sent = {**FORM, "shown": "desk", "anti_forgery": word}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert browser.post("/enquiries/new", data=sent, headers=headers).status_code == 403
    secret = send(browser).headers["location"]
    for act in ("withdraw", "erase"):
        assert browser.post(f"{secret}/{act}").status_code == 403


def test_too_many_are_told_to_wait(stage, atlas):
    browser = atlas.browser()
    codes = [send(browser, email=f"p{n}@example.org").status_code for n in range(11)]
    assert codes == [303] * 10 + [429]
    answer = send(browser, email="p99@example.org")
    assert answer.headers["retry-after"] == "300" and "wait 5 minutes" in says(answer)
    assert WORDS["text"] in answer.text


def test_taking_back_and_erasing_on_ones_own_page(stage, atlas):
    browser = atlas.browser()
    where = send(browser).headers["location"]
    assert browser.fill(where, f"{where}/withdraw").headers["location"] == where
    assert "Your enquiry withdrawn" in says(browser.get(where))
    assert "Take it back</button>" not in browser.get(where).text
    browser.fill(where, f"{where}/erase")
    said = says(browser.get(where))
    assert "were erased on" in said and "Quark" not in said and "swab" not in said
    assert "Erase my name" not in said
    assert browser.get(f"/enquiries/sent/{'x' * 43}").status_code == 404


def test_with_an_account_it_stands_in_ones_list(stage, atlas, people):
    sam = people["sam"]
    page = sam.get("/enquiries/new")
    assert 'value="sam@example.org"' in page.text
    send(sam, f"?asset={stage.cycler}", email="sam@example.org")
    said = says(sam.get("/enquiries/mine"))
    assert "Cycler" in said and "received" in said
    [one] = set(re.findall(r"/enquiries/mine/eq_\w+", sam.get("/enquiries/mine").text))
    assert WORDS["text"] in says(sam.get(one))
    assert people["sue"].get(one).status_code == 404
    assert sam.fill(one, f"{one}/withdraw").headers["location"] == one
    assert sam.fill(one, f"{one}/erase").headers["location"] == one
    assert "swab" not in says(sam.get("/enquiries/mine"))
    assert "What you have asked" in says(sam.get("/me"))
    assert atlas.browser().get("/enquiries/mine").status_code == 401


def test_letters_go_to_the_asker_and_carry_no_word_of_theirs(
    stage, small, registry, tmp_path, people
):
    mail = MailSettings(host="localhost", sender="desk@example.org", folder=str(tmp_path / "out"))
    site = Site(small, registry)
    site.app.state.accounts = type(site.app.state.accounts)(
        base_url=HERE, mail=mail, enquiries=EnquiryRules(keep_days=7))  # fmt: skip
    browser = site.browser()
    where = send(browser, f"?network={stage.north}").headers["location"]
    [letter] = [each.read_text() for each in (tmp_path / "out").iterdir()]
    assert "To: jo.quark@example.org" in letter and f"{HERE}{where}" in letter
    assert "7 days" in letter and "North" in letter
    assert "swab" not in letter and "Jo Quark" not in letter
    stu = site.signed_in("stu")
    [one] = set(re.findall(r"/enquiries/eq_\w+", stu.get("/enquiries/desk").text))
    stu.fill(one, f"{one}/reply", reply="Yes, from May on.")
    letters = [each.read_text() for each in (tmp_path / "out").iterdir()]
    assert len(letters) == 2 and any("Yes, from May on." in each for each in letters)


def test_times_are_public_and_small_ones_held_back(stage, atlas, people):
    browser = atlas.browser()
    send(browser, f"?network={stage.north}")
    said = says(browser.get("/enquiries"))
    assert "The whole body held back – –" in said and "2 further networks have had none." in said
    rows = browser.get("/enquiries.csv").text.splitlines()
    assert rows[0] == "with,network_id,enquiries,answered,median_days,low_days,high_days,held_back"
    assert rows[1] == "all,,,,,,,True" or rows[1] == "all,,,,,,,true"
    assert browser.get("/api/v1/enquiries/times").json()["all"]["n"] is None


def test_the_api_does_the_same(stage, atlas, people):
    visitor = atlas.browser()
    route = visitor.get("/api/v1/enquiries/route", params={"asset": stage.cycler}).json()
    assert (route["rule"], [one["name"] for one in route["to"]]) == ("holder", ["Alpha", "North"])
    said = {"text": WORDS["text"], "name": "Jo", "email": "jo@example.org", "asset": stage.cycler}
    made = visitor.post("/api/v1/enquiries", json=said)
    assert made.status_code == 201
    assert [one["name"] for one in made.json()["to"]] == ["Alpha", "North"]
    secret = SECRET.fullmatch(made.json()["address"])[1]
    assert visitor.post("/api/v1/enquiries", json={**said, "email": "x"}).status_code == 422
    assert visitor.post("/api/v1/enquiries", data=said).status_code == 415
    assert visitor.get(f"/api/v1/enquiries/sent/{secret}").json()["enquiry"]["state"] == "received"
    token = stage_token(stage)
    head = {"authorization": f"Bearer {token}"}
    [row] = visitor.get("/api/v1/enquiries", headers=head).json()["waiting"]
    one = f"/api/v1/enquiries/{row['enquiry_id']}"
    assert visitor.get(one).status_code == 404
    assert visitor.get(one, headers=head).json()["asker"]["email"] == "jo@example.org"
    assert visitor.post(f"{one}/reply", json={"text": "Yes."}).status_code in (403, 404)
    answered = visitor.post(f"{one}/reply", json={"text": "Yes."}, headers=head).json()
    assert answered["enquiry"]["state"] == "answered"
    refused = visitor.post(f"{one}/pass-on", json={"reason": "x"}, headers=head)
    assert refused.status_code == 422
    assert visitor.post(f"{one}/close", json={"closing": "done"}, headers=head).status_code == 200
    assert visitor.delete(f"/api/v1/enquiries/sent/{secret}").status_code == 204
    assert visitor.get(f"/api/v1/enquiries/sent/{secret}").json()["asker"] is None


def stage_token(stage: Stage) -> str:
    from triplehelix.app.registry.own_account import make_token

    return make_token(stage.registry, stage.as_("stu"), name="t",
                      scopes=frozenset({"read", "write"}), days=9)[1]  # fmt: skip


def test_pages_that_are_asked_about_lead_to_the_form(stage, atlas):
    browser = atlas.browser()
    for page, query in (
        (f"/assets/{stage.cycler}", f"asset={stage.cycler}"),
        (f"/members/{stage.alpha}", f"member={stage.alpha}"),
        (f"/networks/{stage.north}", f"network={stage.north}"),
        (f"/clusters/{CLUSTER}", f"cluster={CLUSTER}"), ("/themes/genomics", "theme=genomics"),
    ):  # fmt: skip
        address = f"/enquiries/new?{query}"
        assert address in Page(browser.get(page).text).addresses
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_an_atlas_without_a_registry_and_one_that_nobody_reads_say_so(small, registry, client):
    answer = client.get("/enquiries/new?cluster=aaaa0001")
    assert "This atlas takes no enquiries" in says(answer)
    assert client.get("/enquiries").status_code == 404
    nobody = Site(small, registry).browser()
    assert "Nobody reads enquiries here yet" in says(nobody.get("/enquiries/new"))
