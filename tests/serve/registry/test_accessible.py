"""Pages by axe's rules of WCAG 2.2 A and AA; colours in the dark, and the width of a phone."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tests.app.small_edition import ALPHA, A, B, _cluster, tables, write_edition
from tests.registry_worlds import World
from tests.serve.browsing import in_a_browser, served
from tests.serve.registry import casting
from tests.serve.registry.accounts_site import Site
from tests.serve.registry.calls_site import CallSite
from tests.serve.registry.casting import Cast
from triplehelix.app.calls.commitments import commitments_to
from triplehelix.app.calls.sealed import verify
from triplehelix.app.enquiries.asking import Asked, ask
from triplehelix.app.enquiries.topic import Topic
from triplehelix.read.capabilities import read_capabilities
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import VISITOR
from triplehelix.serve import create_app

atlas, cast = casting.atlas, casting.cast

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                 "best-practice"]}  # fmt: skip
COLOURS = {"type": "rule", "values": ["color-contrast"]}
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}

VISITORS = f"""/ {{sent}} /clusters /clusters/{A} /clusters/{A}/activities /clusters/{A}/members
    /compare?cluster={A}&cluster={B} /organisations/{ALPHA} /activities/table:joint /themes
    /themes/genomics /links /partners /clusters/{A}/partners /countries/GB/partners
    /organisations/{ALPHA}/partners /partners/between?a=cluster:{A}&b=cluster:{B} /places?q=cambridge /search?q=alpha /edition /assets /assets?q=cycler
    /search?q=500+swab+tests+a+day+near+Cambridge /search?q=zzz /looking-for/partner
    /looking-for/facility?theme=genomics&place=Cambridge /enquiries /enquiries/new
    /enquiries/new?asset={{cycler}}
    /capabilities /capabilities/pcr-testing /members /networks""".split()
OWNERS = """/my-organisation /assets/new /import /members/{alpha} /members/{alpha}/edit
    /assets/{cycler} /assets/{cycler}/edit /assets/{cycler}/as-visitor /assets/{cycler}/remove
    /assets/{cycler}/capacities/new /assets/{cycler}/capacities/{capacity}
    /audit/{cycler}""".split()
STEWARDS = """/enquiries/desk /enquiries/mine {enquiry} /enquiries /steward /steward/{network} /networks/{network} /networks/{network}/edit
    /networks/{network}/members""".split()
ADMINISTRATORS = "/audit /networks/new /members/new".split()
PAGES = {"visitor": VISITORS, "owner": OWNERS, "steward": STEWARDS,
         "administrator": ADMINISTRATORS}  # fmt: skip
# What stands on all other pages stands on these.
A_FEW = {"visitor": ["/", "/looking-for/facility?theme=genomics&place=Cambridge", "/enquiries",
                     "/search?q=500+swab+tests+a+day+near+Cambridge", "{sent}",
                     "/enquiries/new?asset={cycler}",
                     f"/clusters/{A}", "/assets?q=cycler", f"/clusters/{A}/partners",
                     f"/partners/between?a=cluster:{A}&b=cluster:{B}"],
         "owner": ["/assets/{cycler}", "/assets/{cycler}/edit"],
         "steward": ["/steward/{network}", "/enquiries/desk", "{enquiry}"]}  # fmt: skip
CALLS = """/calls/new {here} {here}/edit {here}/open {here}/close {here}/commitments {here}/sealed
    {here}/alternatives {here}/invite {kept} {kept}/show {kept}/sharing /calls/exposure?by=region
    /search?q=test""".split()
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ACCOUNT = ("/sign-in", "/reset", "/me", "/users", "/users/{user}")

pytestmark = [
    *in_a_browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm ci in web/)"),
    pytest.mark.parametrize("registry", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(
    ("pages", "rules", "screen"),
    [
        (PAGES, ALL, {"viewport": WIDE}),
        (A_FEW, COLOURS, {"viewport": WIDE, "color_scheme": "dark"}),
        (A_FEW, ALL, {"viewport": PHONE}),
    ],
    ids=["all", "dark", "phone"],
)
def test_pages_of_each_role(
    atlas: FastAPI, cast: Cast, browser: Any, pages: Any, rules: Any, screen: Any
) -> None:
    """Looked at by one who has it."""
    asked = enquired(cast)
    ids = {"alpha": cast.alpha, "network": cast.network, "cycler": cast.assets["Cycler"],
           "capacity": cast.capacity, "enquiry": f"/enquiries/{asked.enquiry_id}",
           "sent": f"/enquiries/sent/{asked.secret}"}  # fmt: skip
    wrong: dict[str, Any] = {}
    with served(atlas) as address:
        for role, paths in pages.items():
            who = cast.clients[role].headers.get("x-user")
            context = browser.new_context(
                bypass_csp=True, extra_http_headers={"x-user": who} if who else {}, **screen
            )
            page = context.new_page()
            for path in paths:
                wrong[f"{role} {path}"] = violations(page, address + path.format(**ids), rules)
                if screen["viewport"] == PHONE and page.evaluate(TOO_WIDE):
                    wrong[f"{role} {path}"].append("wider than the screen")
            context.close()
    assert {path: found for path, found in wrong.items() if found} == {}


def enquired(cast: Cast) -> Asked:
    """An enquiry about the Cycler."""
    registry, small = cast.world.registry, cast.clients["visitor"].app.state.site.edition
    words = {"name": "Jo", "email": "jo@example.org", "text": "Is it free in the first week?"}
    return ask(registry, VISITOR, small, Topic(asset=cast.assets["Cycler"]), checked_asker(words),
               read_capabilities(), address="192.0.2.7")  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "screen"),
    [(ALL, {"viewport": WIDE}), (COLOURS, {"viewport": WIDE, "color_scheme": "dark"}),
     (ALL, {"viewport": PHONE})],
    ids=["all", "dark", "phone"],
)  # fmt: skip
def test_pages_of_calls(
    atlas: FastAPI, world: World, browser: Any, rules: Any, screen: Any
) -> None:
    """Looked at by a steward who has invited, a member who is asked, a visitor who has solved."""
    site = CallSite(world, atlas)
    kept, mine = site.solved("steward"), site.solved("")
    site.post("steward", f"{kept}/invite")
    [one, *_] = commitments_to(site.registry, site.stage.as_("ann"), site.stage.call)
    asked = f"/commitments/{one.commitment.commitment_id}"
    site.post("ann", f"{asked}/answer", act="counter", amount="100", reason="Staff")
    secret = sealed_match(site)
    compared = site.post("steward", f"{site.here}/alternatives").headers["location"]
    pages = {
        "steward": [*(page.format(here=site.here, kept=kept) for page in CALLS), compared],
        "ann": [asked, "/invitations-to-calls", f"{site.here}/offer", f"/assets/{secret}/sealed"],
        "": ["/calls", "/calls/exposure", site.here, mine, f"{site.here}/solves/{mine.rpartition('/')[2]}?still=1", f"{site.here}/progress", f"{mine}/sharing"],
    }  # fmt: skip
    wrong: dict[str, Any] = {}
    with served(atlas) as address:
        for who, paths in pages.items():
            headers = {"x-user": site.stage.users[who]} if who else {}
            context = browser.new_context(bypass_csp=True, extra_http_headers=headers, **screen)
            page = context.new_page()
            for path in paths:
                wrong[f"{who} {path}"] = violations(page, address + path, rules)
                if page.evaluate(TOO_WIDE):
                    wrong[f"{who} {path}"].append("wider than the screen")
            context.close()
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.fixture
def crowded(world: World, tmp_path: Path) -> CallSite:
    """A site whose edition has thirteen clusters in a row, 0.25 degrees apart, Cambridge the first."""
    rows = tables()
    rows["clusters"] += [
        _cluster(f"cccc{n:04d}", f"Row {n}", "GB", 52.2, 0.12 + 0.25 * n, n_organisations=2,
                 n_activities=1)
        for n in range(1, 13)
    ]  # fmt: skip
    for row in rows["clusters"]:
        row["evidence"] = "moderate"
    return CallSite(world, create_app(write_edition(tmp_path / "crowded", rows),
                                      registry=world.registry))  # fmt: skip


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["desk", "phone"])
def test_marks_of_maps_can_be_hit(crowded: CallSite, browser: Any, screen: Any) -> None:
    """
    By axe's rule of target sizes (WCAG 2.5.8), as the map opens and from afar: circles too near a
    heavier one are drawn and no links, and Cambridge always is one.
    """
    compared = crowded.post("", f"{crowded.here}/alternatives").headers["location"]
    pages = {WIDE["width"]: (crowded.solved(""), compared), PHONE["width"]: (compared,)}
    circles, links = ".dots-layer a:visible", ".dots-layer a[href]:visible"
    with served(crowded.clients[""].app) as address:
        page = browser.new_page(bypass_csp=True, viewport=screen)
        for path in pages[screen["width"]]:
            wrong = _marked(page, address + path)
            for _ in range(2):
                page.locator(".maplibregl-ctrl-zoom-out").click()
                page.wait_for_timeout(600)
                wrong += _targets(page)
            assert wrong == [], path
            assert page.locator(links).count() < page.locator(circles).count()
            titles = [one.get_attribute("title") for one in page.locator(links).all()]
            assert any(title.startswith("Cambridge") for title in titles)
        page.close()


def test_what_cannot_be_hit_is_told_to_nobody_as_a_link(crowded: CallSite, browser: Any) -> None:
    """Such a circle takes no focus and no click; the one that has the focus keeps its link."""
    with served(crowded.clients[""].app) as address:
        page = browser.new_page(bypass_csp=True, viewport=WIDE)
        _marked(page, f"{address}/")
        last = page.locator(".dots-layer a[href]:visible").last
        last.focus()
        held = last.get_attribute("title")
        for _ in range(3):
            page.locator(".maplibregl-canvas").press("-")
            page.locator(f".dots-layer a[title='{held}']").focus()
            page.wait_for_timeout(600)
        assert page.evaluate("document.activeElement.title") == held
        inert = page.locator(".dots-layer a:not([href]):visible")
        assert inert.count() > 0
        for one in inert.all():
            assert one.get_attribute("aria-hidden") == "true"
            assert one.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
            assert not one.evaluate("e => { e.focus(); return e === document.activeElement }")
        page.close()


def _marked(page: Any, url: str) -> list[str]:
    page.goto(url)
    if page.locator(".map-toggle").is_visible():
        page.locator(".map-toggle").click()
    page.wait_for_selector(".map-canvas[data-drawn]", timeout=90_000)
    page.add_script_tag(path=str(AXE))
    return _targets(page)


def _targets(page: Any) -> list[str]:
    ask = "axe.run(document, {runOnly: {type: 'rule', values: ['target-size']}})"
    found = page.evaluate(ask)["violations"]
    return [node["html"][:160] for one in found for node in one["nodes"]]


def sealed_match(site: CallSite) -> str:
    """An asset whose names are open to the call, with a question and a use on its page; its id."""
    stage = site.stage
    secret = stage.world.asset("Quiet robot", stage.members[0], "private",
                               capabilities=["pcr-testing"])  # fmt: skip
    for one in (stage.network, stage.members[0]):
        verify(site.registry, stage.as_("admin"), one)
    for who, path in (("ann", f"{secret}/let"), ("steward", f"{stage.call}/ask"), ("ann",
                      f"{secret}/ask"), ("ann", f"{secret}/consent"),
                      ("steward", f"{stage.call}/consent")):  # fmt: skip
        assert site.post(who, f"/sealed/{path}").status_code in (200, 303)
    return secret


def test_pages_of_accounts(site: Site, browser: Any) -> None:
    """Looked at by an administrator who has signed in."""
    user = site.user("ann", Role("administrator"))
    cookies = site.signed_in("ann").cookies
    with served(site.app) as address:
        context = browser.new_context(bypass_csp=True, viewport=WIDE)
        context.add_cookies([
            {"name": name, "value": value, "url": address} for name, value in cookies.items()
        ])  # fmt: skip
        page = context.new_page()
        wrong = {path: violations(page, address + path.format(user=user), ALL) for path in ACCOUNT}
        context.close()
    assert {path: found for path, found in wrong.items() if found} == {}


def violations(page: Any, url: str, rules: Any) -> list[str]:
    """What axe finds against a page, each with the elements it is about."""
    answer = page.goto(url, wait_until="domcontentloaded")
    if answer.status != 200:
        return [f"status {answer.status}"]
    page.add_script_tag(path=str(AXE))
    ask = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    return [
        f"{one['id']}: {' '.join(node['html'].split())[:160]}"
        for one in page.evaluate(ask, rules)["violations"]
        for node in one["nodes"][:3]
    ]
