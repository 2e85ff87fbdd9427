"""Pages of assets, for each role: sound, true to who asks, and forms that keep what was typed."""

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from tests.registry_worlds import an_id
from tests.serve.pagecheck import Page, faults
from tests.serve.registry import casting
from tests.serve.registry.casting import CANARY, ROLES, Cast
from tests.serve.registry.doors import TOKEN

atlas, cast = casting.atlas, casting.cast
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)

# Worked by hand from the visibilities in the cast; the steward curates Cycler alone.
SEEN = {
    "visitor": {"Cycler"},
    "signed in": {"Cycler", "Signed"},
    "in network": {"Cycler", "Signed", "Netted"},
    "owner": {"Cycler", "Signed", "Netted", "Named", "Hidden"},
    "steward": {"Cycler", "Signed", "Netted"},
    "administrator": {"Cycler", "Signed", "Netted", "Named", "Hidden"},
}


def sent(client: TestClient, path: str, **fields: str | list[str]):
    return client.post(path, data={"anti_forgery": TOKEN, **fields})


def values(text: str) -> dict[str, str]:
    """What stands in the fields of a form: inputs, chosen options, areas."""
    found = {}
    for inside in re.findall(r"<input ([^>]*)>", text):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', inside))
        if given.get("type") != "checkbox" and "name" in given:
            found[given["name"]] = given.get("value", "")
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', text))
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.mark.parametrize("role", ROLES)
def test_lists_hold_what_is_seen_in_every_form(cast: Cast, role: str) -> None:
    client = cast.clients[role]
    said = client.get("/assets.json").json()
    assert {a["name"] for a in said["assets"]} == SEEN[role]
    assert said["total"] == len(SEEN[role])
    rows = list(csv.DictReader(io.StringIO(client.get("/assets.csv").text)))
    points = client.get("/assets.geojson").json()["features"]
    assert [r["name"] for r in rows] == [a["name"] for a in said["assets"]]
    assert [p["properties"]["name"] for p in points] == [a["name"] for a in said["assets"]]
    page = client.get("/assets")
    assert faults(page.text) == []
    assert set(re.findall(r'<a href="/assets/as_\w+"><bdi>(\w+)', page.text)) == SEEN[role]
    counts = {c["capability"]: c["n"] for c in said["capabilities"]}
    assert counts == {"pcr-testing": 1} | (
        {"biobanking": len(SEEN[role]) - 1} if len(SEEN[role]) > 1 else {}
    )


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_sound_and_kept_by_nobody(cast: Cast, role: str) -> None:
    client, own = cast.clients[role], f"/assets/{cast.assets['Cycler']}"
    editor = role in ("owner", "steward", "administrator")
    for path, needs in [
        ("/assets?q=swab", False), ("/assets?near=Cambridge&within=10", False),
        ("/assets?amount=50&unit=samples&by=2026-05-01&kind=equipment", False),
        ("/assets?q=zzzz", False), (f"/assets?network={cast.network}", False),
        ("/assets?organisation=ror:000000001", False), (own, False), ("/capabilities", False),
        ("/capabilities/diagnostics-testing", False), ("/members", False),
        (f"/members/{cast.alpha}", False), ("/my-organisation", False), ("/search?q=swab", False),
        (f"{own}/edit", True), (f"{own}/remove", True), (f"{own}/as-visitor", True),
        (f"{own}/capacities/new", True), (f"{own}/capacities/{cast.capacity}", True),
    ]:  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == (403 if needs and not editor else 200), path
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
        assert faults(answer.text) == [], path


@pytest.mark.parametrize("role", ROLES)
def test_fields_are_shown_to_whom_they_are_shared_with(cast: Cast, role: str) -> None:
    text = cast.clients[role].get(f"/assets/{cast.assets['Cycler']}").text
    assert ("desk@example.org" in text) == (role != "visitor")
    # Readers of the network's terms are its members' people and its stewards.
    assert ("termword" in text) == (role not in ("visitor", "signed in"))
    assert (CANARY in text) == (role in ("owner", "steward", "administrator"))


def test_absent_and_hidden_are_one_answer(cast: Cast) -> None:
    hidden, absent = cast.assets["Hidden"], an_id("asset", "there is none")
    capacity = an_id("capacity", "there is none")
    for role in ("visitor", "signed in", "in network", "steward"):
        client = cast.clients[role]
        for end in ("", ".json", "/edit", "/remove", "/as-visitor", "/capacities/new",
                    f"/capacities/{capacity}"):  # fmt: skip
            answers = [
                client.get(f"/assets/{one}{end}")
                for one in (hidden, absent, hidden.upper(), "nothing", f"{hidden}%0A")
            ]
            assert {a.status_code for a in answers} == {404}
            assert len({a.content for a in answers}) == 1, (role, end)
            assert len({str(sorted(a.headers.items())) for a in answers}) == 1
        posts = [sent(client, f"/assets/{one}/confirm") for one in (hidden, absent)]
        assert posts[0].status_code == 404
        assert posts[0].content == posts[1].content


def test_filters_find_and_say_what_is_wrong(cast: Cast) -> None:
    client = cast.clients["visitor"]

    def names(query: str) -> list[str]:
        return [a["name"] for a in client.get(f"/assets.json?{query}").json()["assets"]]

    assert names("q=swab") == names("capability=diagnostics-testing") == ["Cycler"]
    assert names("near=Cambridge&within=5") == ["Cycler"]
    assert names("near=Leeds&within=50") == []
    assert names("amount=100&unit=samples") == ["Cycler"]
    assert names("amount=101") == names("kind=data") == names("q=zzzz") == []
    assert names(f"network={cast.network}") == names(f"member={cast.alpha}") == ["Cycler"]
    assert names("organisation=ror:000000001") == ["Cycler"]
    assert names("organisation=table:leeds") == []
    for query, status, says in [
        ("kind=rocket", 422, "is no kind of asset"), ("within=x", 422, "write a number"),
        ("by=soon", 422, "write a day"), ("near=Atlantis", 422, "no place of the edition"),
        ("capability=magic", 404, "no capability is called"), ("member=x", 404, "no such member"),
        ("amount=nan", 422, "write a number"), ("q=" + "x" * 201, 422, "at most 200"),
    ]:  # fmt: skip
        answer = client.get(f"/assets?{query}")
        assert answer.status_code == status, query
        assert says in answer.text.lower()
    assert "<script>" not in client.get('/assets?q="><script>').text


def test_a_form_is_taken_from_ours_only(cast: Cast) -> None:
    own = f"/assets/{cast.assets['Cycler']}"
    for path in (f"{own}/confirm", f"{own}/edit", f"{own}/remove", "/assets/new"):
        answer = cast.clients["owner"].post(path, data={"anti_forgery": "another"})
        assert answer.status_code == 403
        assert "not from a page of this site" in answer.text


def test_editing_without_a_change_changes_nothing(cast: Cast) -> None:
    client, own = cast.clients["owner"], f"/assets/{cast.assets['Cycler']}"
    before = client.get(f"{own}.json").json()
    page = client.get(f"{own}/edit").text
    chosen = re.findall(r'name="capabilities" value="([^"]+)" checked', page)
    answer = client.post(f"{own}/edit", data={**values(page), "capabilities": chosen})
    assert (answer.status_code, answer.headers["location"]) == (303, own)
    assert client.get(f"{own}.json").json() == before


def test_an_edit_is_kept_and_a_late_one_refused(cast: Cast) -> None:
    client, own = cast.clients["owner"], f"/assets/{cast.assets['Cycler']}"
    page = client.get(f"{own}/edit").text
    first = values(page) | {"model": "T 100", "see.model": "private"}
    assert client.post(f"{own}/edit", data=first).status_code == 303
    assert "T 100" in client.get(own).text
    assert "T 100" not in cast.clients["visitor"].get(own).text
    late = client.post(f"{own}/edit", data=values(page) | {"model": "T 200"})
    assert late.status_code == 409
    assert "somebody else has changed this record" in late.text.lower()
    assert values(late.text)["model"] == "T 200"
    assert "T 100" in client.get(own).text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(cast: Cast) -> None:
    client, own = cast.clients["owner"], f"/assets/{cast.assets['Cycler']}"
    typed = {"name": "", "kind": "equipment", "place.lat": "north", "place.lon": "0.1",
             "contacts.0.email": "no mail", "website": "javascript:alert(1)",
             "terms.price": "12", "subjects": "a\nb", "description": "<b>kept</b>",
             "see.*": "public"}  # fmt: skip
    answer = sent(client, f"{own}/edit", **typed)
    assert answer.status_code == 422
    assert faults(answer.text) == []
    shown = values(answer.text)
    for name, text in typed.items():
        kept = shown[name].replace("&lt;", "<").replace("&gt;", ">")
        assert kept == text, name
    ids = set(Page(answer.text).ids)
    for name in ("name", "place.lat", "contacts.0.email", "website", "terms.currency"):
        assert f"{name}-fault" in ids
        assert f'href="#{name}"' in answer.text
    assert "Write a number" in answer.text
    assert client.get(f"{own}.json").json()["name"] == "Cycler"


def test_adding_showing_and_removing(cast: Cast) -> None:
    client = cast.clients["owner"]
    page = client.get("/assets/new").text
    assert faults(page) == []
    assert values(page)["holder"] in ("", cast.alpha)
    named = {"see.*": "members", "named_members": "outside ltd"}
    made = sent(client, "/assets/new", name="Freezer", kind="equipment", holder=cast.alpha,
                capabilities=["cryostorage", "biobanking"], **named)  # fmt: skip
    assert made.status_code == 303
    there = made.headers["location"]
    found = client.get(f"{there}.json").json()
    assert found["visibility"] == {"*": f"named:{cast.outside}"}
    assert found["fields"]["capabilities"] == ["cryostorage", "biobanking"]
    assert cast.clients["visitor"].get(there).status_code == 404
    assert "A visitor sees nothing of it" in client.get(f"{there}/as-visitor").text
    nobody = sent(client, "/assets/new", name="X", kind="data", holder=cast.alpha,
                  **{"see.*": "members", "named_members": "No Such"})  # fmt: skip
    assert nobody.status_code == 422
    assert "no single member is called" in nobody.text.lower()
    assert sent(client, "/assets/new", name="X", kind="data", holder=cast.beta).status_code == 403
    assert cast.clients["visitor"].get("/assets/new").status_code == 403
    assert sent(client, f"{there}/remove").headers["location"] == f"/assets?member={cast.alpha}"
    assert client.get(there).status_code == 404


def test_the_preview_is_what_a_visitor_gets(cast: Cast) -> None:
    own = f"/assets/{cast.assets['Cycler']}"
    preview = cast.clients["owner"].get(f"{own}/as-visitor").text
    for hidden in ("desk@example.org", "termword", CANARY):
        assert hidden not in preview
    assert "Cycler" in preview


def test_one_click_confirms_and_leads_back_to_our_pages_only(cast: Cast) -> None:
    client, own = cast.clients["owner"], f"/assets/{cast.assets['Cycler']}"
    for back, leads in [
        ("/my-organisation", "/my-organisation"), ("/assets?q=a&page=2", "/assets?q=a&page=2"),
        ("https://evil.example/", own), ("//evil.example", own),
        ("/assets\\evil", own), ("/sign-out", own), ("", own),
    ]:  # fmt: skip
        assert sent(client, f"{own}/confirm", back=back).headers["location"] == leads
    assert client.get(f"{own}.json").json()["confirmed_at"].startswith("2026-03-02T09:30")
    assert sent(cast.clients["in network"], f"{own}/confirm").status_code == 403


def test_capacities_and_reservations(cast: Cast) -> None:
    client, own = cast.clients["owner"], f"/assets/{cast.assets['Cycler']}"
    there = f"{own}/capacities/{cast.capacity}"

    def reserve(amount: str, **more: str):
        asked = {"reserve.amount": amount, "reserve.commitment": "Winter plan",
                 "reserve.starts": "2026-04-01", "reserve.ends": "2026-04-30"}  # fmt: skip
        return sent(client, f"{there}/reserve", **(asked | more))

    assert reserve("60").headers["location"] == there
    over = reserve("60")
    assert over.status_code == 409
    assert "40 are left" in over.text
    assert values(over.text)["reserve.amount"] == "60"
    assert values(over.text)["unit"] == "samples"
    wrong = reserve("lots", **{"reserve.starts": ""})
    assert wrong.status_code == 422
    assert {"reserve.amount-fault", "reserve.starts-fault"} <= set(Page(wrong.text).ids)
    [capacity] = client.get(f"{own}.json").json()["capacities"]
    assert capacity["left"] == 40
    # What is promised is the holder's own: others see the amount, and nothing of reservations.
    [public] = cast.clients["visitor"].get(f"{own}.json").json()["capacities"]
    assert public["left"] is None
    assert public["reservations"] == []
    [reservation] = capacity["reservations"]
    given = sent(client, f"{own}/reservations/{reservation['reservation_id']}/release")
    assert given.headers["location"] == own
    assert client.get(f"{own}.json").json()["capacities"][0]["left"] == 100
    added = sent(client, f"{own}/capacities/new", capability="serology", amount="5.5", unit="tests",
                 per="day", state="planned", accreditations="ISO 15189\nGMP",
                 **{"see.capacity": "signed-in"})  # fmt: skip
    assert added.headers["location"] == own
    said = {c["label"]: c for c in client.get(f"{own}.json").json()["capacities"]}
    assert said["Serology"]["fields"]["accreditations"] == ["ISO 15189", "GMP"]
    assert "Serology" not in cast.clients["visitor"].get(own).text
    assert "Serology" in cast.clients["signed in"].get(own).text
    bad = sent(client, f"{own}/capacities/new", capability="serology", amount="many", unit="")
    assert bad.status_code == 422
    assert {"amount-fault", "unit-fault"} <= set(Page(bad.text).ids)
    assert sent(client, f"{there}/remove").status_code == 303
    assert client.get(there).status_code == 404


def test_the_editions_pages_lead_to_the_registry_and_say_nothing_of_it(cast: Cast) -> None:
    seen = {role: cast.clients[role].get("/organisations/ror:000000001") for role in ROLES}
    assert len({answer.content for answer in seen.values()}) == 1
    assert "/assets?organisation=https%3A//ror.org/000000001" in seen["visitor"].text
    assert seen["visitor"].headers["cache-control"] == "no-cache"
    assert "Find what members share" in cast.clients["visitor"].get("/").text


def test_search_adds_what_the_asker_sees(cast: Cast) -> None:
    found = cast.clients["owner"].get("/search.json?q=hidden").json()
    assert [k["kind"] for k in found["kinds"]] == ["asset"]
    nothing, absent = (
        cast.clients["visitor"].get(f"/search.json?q={word}").json()
        for word in ("hidden", "hiddem")
    )
    assert nothing["kinds"] == absent["kinds"] == []
