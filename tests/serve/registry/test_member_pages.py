"""Pages of members and of one's own organisation."""

import pytest

from tests.registry_worlds import an_id
from tests.serve.pagecheck import Page, faults
from tests.serve.registry import casting
from tests.serve.registry.casting import Cast
from tests.serve.registry.test_asset_pages import sent, values

atlas, cast = casting.atlas, casting.cast
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


def test_a_member_shows_what_is_seen(cast: Cast) -> None:
    there = f"/members/{cast.alpha}"
    for role, n in [("visitor", 1), ("signed in", 2), ("in network", 3), ("owner", 5)]:
        said = cast.clients[role].get(f"{there}.json").json()
        assert said["n_assets"] == len(said["assets"]) == n
        assert [network["name"] for network in said["networks"]] == ["Testing Body"]
    # The organisation of the edition is a click away.
    assert "/organisations/ror:000000001" in Page(cast.clients["visitor"].get(there).text).addresses


def test_hidden_members_are_absent(cast: Cast) -> None:
    hidden = cast.world.member("Quiet Partners", None, "private")
    own = cast.world.asset("Public thing", hidden)
    client = cast.clients["signed in"]
    for end in ("", ".json", "/edit"):
        answers = [client.get(f"/members/{one}{end}") for one in (hidden, an_id("member", "none"))]
        assert answers[0].status_code == 404
        assert answers[0].content == answers[1].content
    assert "Quiet" not in client.get("/members").text
    assert "Quiet" not in client.get(f"/assets/{own}").text
    assert client.get(f"/assets/{own}.json").json()["member"] is None
    # Nor may one ask for what is its: that would tell whose it is.
    assert client.get(f"/assets?member={hidden}").status_code == 404


def test_my_organisation_lists_what_is_stale_and_one_click_confirms(cast: Cast) -> None:
    client = cast.clients["owner"]
    [mine] = client.get("/my-organisation.json").json()
    # Nothing was confirmed when it was made: five assets and the member itself.
    assert mine["stale"]["total"] == 6
    page = client.get("/my-organisation").text
    assert faults(page) == []
    assert page.count("Still holds<span") >= 6
    assert sent(client, f"/assets/{cast.assets['Cycler']}/confirm").status_code == 303
    assert client.get("/my-organisation.json").json()[0]["stale"]["total"] == 5
    assert sent(cast.clients["in network"], f"/members/{cast.alpha}/confirm-all").status_code == 403
    back = sent(client, f"/members/{cast.alpha}/confirm-all", back="/my-organisation")
    assert back.headers["location"] == "/my-organisation"
    assert client.get("/my-organisation.json").json()[0]["stale"]["total"] == 0
    cast.world.registry.clock.pass_(days=366)
    [mine] = client.get("/my-organisation.json").json()
    assert mine["stale"]["total"] == 6
    assert all(row["due_on"] == "2027-03-02" for row in mine["stale"]["records"])
    assert "overdue" in client.get(f"/assets/{cast.assets['Cycler']}").text
    assert "act for no organisation" in cast.clients["signed in"].get("/my-organisation").text


def test_editing_a_member(cast: Cast) -> None:
    client, there = cast.clients["owner"], f"/members/{cast.alpha}"
    page = client.get(f"{there}/edit")
    assert faults(page.text) == []
    before = client.get(f"{there}.json").json()
    same = client.post(f"{there}/edit", data=values(page.text))
    assert same.headers["location"] == there
    assert client.get(f"{there}.json").json() == before
    changed = values(page.text) | {"website": "https://alpha.example/", "see.website": "private"}
    assert client.post(f"{there}/edit", data=changed).status_code == 303
    assert "alpha.example" in client.get(there).text
    assert "alpha.example" not in cast.clients["visitor"].get(there).text
    wrong = sent(client, f"{there}/edit", name="Alpha", country="Britain", **{"see.*": "public"})
    assert wrong.status_code == 422
    assert values(wrong.text)["country"] == "Britain"
    assert "country-fault" in Page(wrong.text).ids
    assert cast.clients["in network"].get(f"{there}/edit").status_code == 403


def test_a_steward_adds_a_member_to_look_after(cast: Cast) -> None:
    client = cast.clients["steward"]
    assert faults(client.get("/members/new").text) == []
    made = sent(client, "/members/new", name="Gamma Works", helix="industry", holder=cast.network,
                **{"see.*": "public"})  # fmt: skip
    assert made.status_code == 303
    assert "Gamma Works" in cast.clients["visitor"].get("/members").text
    assert client.get(f"{made.headers['location']}.json").json()["network"]["id"] == cast.network
    for role in ("visitor", "signed in", "owner"):
        assert cast.clients[role].get("/members/new").status_code == 403
        refused = sent(cast.clients[role], "/members/new", name="X", helix="industry",
                       holder=cast.network)  # fmt: skip
        assert refused.status_code == 403
