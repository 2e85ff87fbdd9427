"""The API says what the pages say, and changes what they change."""

import pytest

from tests.registry_worlds import an_id
from tests.serve.registry import casting
from tests.serve.registry.casting import ROLES, Cast

atlas, cast = casting.atlas, casting.cast
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.mark.parametrize("role", ROLES)
def test_api_says_what_the_page_says(cast: Cast, role: str) -> None:
    client = cast.clients[role]
    for path in ("/assets{}?q=swab", "/assets{}", f"/assets/{cast.assets['Cycler']}{{}}",
                 f"/members/{cast.alpha}{{}}", "/members{}", "/capabilities{}",
                 "/capabilities/pcr-testing{}"):  # fmt: skip
        said = client.get("/api/v1" + path.format(""))
        assert said.json() == client.get(path.format(".json")).json(), path
        assert said.headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in said.headers


def test_an_asset_from_its_making_to_its_end(cast: Cast) -> None:
    client = cast.clients["owner"]
    made = client.post("/api/v1/assets", json={
        "member_id": cast.alpha, "fields": {"name": "Freezer", "kind": "equipment"}})  # fmt: skip
    assert made.status_code == 201
    there = f"/api/v1/assets/{made.json()['id']}"
    assert client.get(there).json()["visibility"] == {"*": "private"}
    fields = {"name": "Cold freezer", "kind": "equipment", "model": "M"}
    changed = client.put(there, json={"version": 1, "fields": fields})
    assert (changed.json()["name"], changed.json()["version"]) == ("Cold freezer", 2)
    assert client.put(there, json={"version": 1, "fields": fields}).status_code == 409
    shown = client.put(
        f"{there}/visibility", json={"visibility": {"*": "public", "model": "private"}}
    )
    assert shown.json()["visibility"] == {"*": "public", "model": "private"}
    assert cast.clients["visitor"].get(there).json()["fields"]["model"] is None
    capacity = {"capability": "cryostorage", "amount": 10, "unit": "racks"}
    made = client.post(f"{there}/capacities", json={"fields": capacity}).json()["id"]
    asked = {"capacity_id": made, "amount": 7, "starts": "2026-04-01", "commitment": "A plan"}
    kept = client.post(f"{there}/reservations", json=asked)
    assert kept.status_code == 201
    assert client.post(f"{there}/reservations", json=asked).status_code == 409
    assert client.get(there).json()["capacities"][0]["left"] == 3
    assert client.delete(f"{there}/reservations/{kept.json()['id']}").status_code == 204
    again = client.put(f"{there}/capacities/{made}", json={"fields": capacity | {"amount": 4}})
    assert again.json()["capacities"][0]["left"] == 4
    assert client.delete(f"{there}/capacities/{made}").status_code == 204
    confirmed = client.post(f"{there}/confirm", headers={"content-type": "application/json"})
    assert confirmed.json()["due_on"] == "2027-03-02"
    assert client.delete(there).status_code == 204
    assert client.get(there).status_code == 404


def test_members_are_made_and_changed_by_their_own(cast: Cast) -> None:
    steward = cast.clients["steward"]
    made = steward.post("/api/v1/members", json={
        "network_id": cast.network, "fields": {"name": "Gamma"}, "visibility": {"*": "public"}})  # fmt: skip
    there = f"/api/v1/members/{made.json()['id']}"
    changed = steward.put(there, json={"version": 1, "fields": {"name": "Gamma Works"}})
    assert changed.json()["name"] == "Gamma Works"
    assert (
        cast.clients["owner"].put(there, json={"version": 2, "fields": {"name": "X"}}).status_code
        == 403
    )
    assert steward.get(f"{there}/stale").json()["total"] == 0
    assert steward.delete(there).status_code == 403
    assert cast.clients["administrator"].delete(there).status_code == 204
    held = cast.clients["administrator"].delete(f"/api/v1/members/{cast.alpha}")
    assert held.status_code == 409
    assert "still holds records" in held.json()["detail"]


def test_nobody_learns_of_hidden_records_by_any_method(cast: Cast) -> None:
    hidden, absent = (
        f"/api/v1/assets/{one}" for one in (cast.assets["Hidden"], an_id("asset", "none"))
    )
    body = {"version": 1, "fields": {"name": "X", "kind": "data"}}
    capacity = {"fields": {"capability": "x", "amount": 1, "unit": "y"}}
    for role in ("visitor", "signed in", "in network", "steward"):
        client = cast.clients[role]
        for method, end, sent in [
            ("GET", "", None), ("PUT", "", body), ("DELETE", "", None), ("POST", "/confirm", {}),
            ("PUT", "/visibility", {"visibility": {"*": "public"}}),
            ("POST", "/capacities", capacity),
            ("PUT", f"/capacities/{cast.capacity}", capacity),
            ("DELETE", f"/capacities/{cast.capacity}", None),
            ("POST", "/reservations", {"capacity_id": cast.capacity, "amount": 1,
                                       "starts": "2026-04-01", "commitment": "x"}),
        ]:  # fmt: skip
            answers = [client.request(method, one + end, json=sent) for one in (hidden, absent)]
            assert [a.status_code for a in answers] == [404, 404], (role, method, end)
            assert answers[0].content == answers[1].content
            assert answers[0].headers["content-type"] == "application/problem+json"


def test_who_may_not_change_is_told_so(cast: Cast) -> None:
    there = f"/api/v1/assets/{cast.assets['Cycler']}"
    for role in ("visitor", "signed in", "in network"):
        client = cast.clients[role]
        assert client.delete(there).status_code == 403
        assert client.post(f"{there}/confirm", json={}).status_code == 403
        made = client.post("/api/v1/assets", json={"member_id": cast.alpha,
                                                   "fields": {"name": "X", "kind": "data"}})  # fmt: skip
        assert made.status_code == 403


def test_what_is_wrong_is_said(cast: Cast) -> None:
    client = cast.clients["owner"]
    for body in ({"fields": {"name": "", "kind": "data"}}, {"fields": {"name": "X", "kind": "rocket"}},
                 {"fields": {"name": "X", "kind": "data"}, "odd": 1}, {}):  # fmt: skip
        answer = client.post("/api/v1/assets", json={"member_id": cast.alpha, **body})
        assert answer.status_code == 422
        assert "mend it in what was sent" in answer.json()["detail"]
    form = client.post(f"/api/v1/assets/{cast.assets['Cycler']}/confirm", data={"a": "b"})
    assert form.status_code == 415
    plain = client.post("/api/v1/assets", content=b"{}", headers={"content-type": "text/plain"})
    assert plain.status_code == 415


def test_openapi_tells_of_every_question(cast: Cast) -> None:
    paths = cast.clients["visitor"].get("/api/v1/openapi.json").json()["paths"]
    asset = "/api/v1/assets/{asset_id}"
    assert set(paths[asset]) == {"get", "put", "delete"}
    for path in (f"{asset}/confirm", f"{asset}/visibility", f"{asset}/capacities",
                 f"{asset}/reservations", "/api/v1/members/{member_id}", "/api/v1/capabilities"):  # fmt: skip
        assert path in paths
