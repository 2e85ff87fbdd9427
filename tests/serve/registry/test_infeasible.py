"""An answer where needs cannot be met, in a browser: what is missing, and what would close it."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tests.registry_worlds import World
from tests.serve.browsing import in_a_browser, served
from tests.serve.registry import casting
from tests.serve.registry.calls_site import CallSite, said
from tests.serve.registry.test_accessible import ALL, AXE, PHONE, WIDE, violations
from triplehelix.app.calls.solver import solve_question

atlas = casting.atlas
NEED = {"need": "tests", "capability": "pcr-testing", "amount": 1600, "unit": "samples/day",
        "by": "2026-04-01", "until": "2026-04-30"}  # fmt: skip
pytestmark = [
    *in_a_browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in web/)"),
    pytest.mark.parametrize("registry", ["sqlite"], indirect=True),
]


def site_of(world: World, atlas: FastAPI, **call: Any) -> CallSite:
    """
    1,600 samples a day are asked for; the university and the hospital have 500 each.

    A clinic has 800 that are stated and not on offer, and a company that could do it says nothing
    of how many: 600 are missing, what is stated would close it, and the company could be asked.
    """
    clinic, company = world.member("Clinic"), world.member("Company")
    stated = world.asset("Stated line", clinic)
    world.capacity(stated, amount=800, state="stated", lead_days=3)
    world.asset("Silent line", company, capabilities=["pcr-testing"])
    return CallSite(world, atlas, solve=solve_question, **call)


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["desk", "phone"])
def test_what_is_missing_and_what_would_close_it(
    world: World, atlas: FastAPI, browser: Any, screen: Any, tmp_path: Path
) -> None:
    """By hand: 1,600 asked less 1,000 that are there is 600; the clinic's 800 are more than that."""
    site = site_of(world, atlas, needs=[NEED])
    answer = site.solved("steward")
    with served(atlas) as address:
        context = browser.new_context(
            bypass_csp=True, viewport=screen,
            extra_http_headers={"x-user": site.stage.users["steward"]},
        )  # fmt: skip
        page = context.new_page()
        assert violations(page, address + answer, ALL) == []
        assert page.locator("h1").inner_text() == "2 members can do part of it"
        lead = page.locator("p.lead").inner_text()
        assert "Proven: no alliance meets every need" in lead and "see what is missing" in lead
        page.get_by_text("Why others do not count").click()
        words = " ".join(page.locator("main").inner_text().split())
        for expected in (
            "PCR testing: 600 samples a day 1 April 2026 to 30 April 2026",
            "The least that would close it: 600 samples a day more of PCR testing, by 1 April 2026, "
            "until 30 April 2026.",
            "Silent line (no capacity is stated)",
            "Any one of these would close it too: counting capacities that are stated",
            "1 asset: the capacity is stated, planned or past, not available",
        ):
            assert expected in words
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        page.get_by_role("link", name="ask for one").click()
        assert page.locator("h1").inner_text()
        assert "/invite" in page.url
        context.close()


def test_rules_that_cannot_be_kept_stand_under_what_is_missing(
    world: World, atlas: FastAPI, browser: Any
) -> None:
    """Every need could be met, but no member is of industry: the rule is named, in plain words."""
    site = site_of(
        world, atlas, needs=[{**NEED, "amount": 800}], rules={"helices": {"industry": 1}}
    )
    words = said(site.get("steward", site.solved("steward")))
    assert "What is missing Rules of the call" in words
    assert "Cannot be kept: 1 of industry, and 0 can serve." in words
    assert "Giving up one rule would do: without the mix of academia, industry and health." in words


def test_where_nothing_alone_would_do_that_is_said(
    world: World, atlas: FastAPI, browser: Any
) -> None:
    """5,000 asked: with all that is stated there are 1,800."""
    site = site_of(world, atlas, needs=[{**NEED, "amount": 5000}])
    words = said(site.get("steward", site.solved("steward")))
    assert "PCR testing: 4,000 samples a day" in words
    assert "No single condition that is given up would close it: each was tried." in words
