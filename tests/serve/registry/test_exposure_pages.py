"""Who comes up how often, as each sees it; and whom the neutral body vouches for."""

import csv
import io

import pytest

from tests.serve.pagecheck import faults
from tests.serve.registry import casting
from tests.serve.registry.calls_site import PEOPLE, CallSite, said

atlas = casting.atlas
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def site(world, atlas):
    return CallSite(world, atlas)


def rows(site, person: str, way: str = "?by=member") -> list[dict[str, str]]:
    answer = site.get(person, f"/calls/exposure.csv{way}")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_what_a_steward_sees_counts_and_a_visitor_s_does_not_change(site):
    before = {person: site.get(person, "/calls/exposure.json").text for person in PEOPLE}
    answer = site.solved("steward")
    site.post("steward", f"{answer}/invite", reason="We need you")
    told = rows(site, "steward")
    assert [row["proposed"] for row in told].count("1") == 2
    assert [row["invited"] for row in told].count("1") == 2
    # The answer was kept for the call's holder alone.
    assert site.get("", "/calls/exposure.json").text == before[""]
    for person in PEOPLE:
        page = site.get(person, "/calls/exposure")
        assert page.status_code == 200 and faults(page.text) == []
        assert page.headers["cache-control"] == "private, no-store"
    assert "Proposed" in said(site.get("steward", "/calls/exposure?by=region"))


def test_only_by_member_or_region(site):
    assert site.get("", "/calls/exposure?by=colour").status_code == 422


def test_an_administrator_vouches_for_a_member_and_takes_it_back(site):
    member = site.stage.members[0]
    address = f"/members/{member}"
    for person in {*PEOPLE} - {"admin"}:
        refused = site.post(person, f"{address}/verify")
        assert refused.status_code in (401, 403, 404), person
    assert "vouches" not in said(site.get("", address))
    assert site.post("admin", f"{address}/verify").status_code == 303
    assert "The neutral body vouches" in said(site.get("", address))
    site.post("admin", f"{address}/verify", back="1")
    assert "vouches" not in said(site.get("", address))
