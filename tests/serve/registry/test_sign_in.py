"""Cookies, tokens, forged forms, and what pages of accounts tell (OWASP ASVS 5.0, 3, 6, 7, 8)."""

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.routing import Route

from tests.registry_worlds import Clock, World
from tests.serve.pagecheck import faults
from tests.serve.registry.accounts_site import HERE, PASSWORD, Browser, Site, word_of
from triplehelix.app.registry import inviting, people
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.serve.registry import me_pages, sign_in_pages, user_pages
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.serve.registry.door import VisitorsOnly, Written, viewer_of
from triplehelix.serve.registry.local_path import local_path
from triplehelix.store.edition import Edition
from triplehelix.store.mail import MailSettings
from triplehelix.store.registry.account_tables import SESSIONS
from triplehelix.store.registry.opening import Registry

pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
FORMS = sorted(
    route.path
    for router in (sign_in_pages.router, me_pages.router, user_pages.router)
    for route in router.routes
    if isinstance(route, Route) and "POST" in (route.methods or ())
)


def secret_link(text: str) -> str:
    """The path of the address that a page or letter shows."""
    found = re.search(rf"{re.escape(HERE)}(/(?:invitations|reset)/[\w-]{{43}})", text)
    assert found, text
    return found[1]


def test_signing_in_and_out(site: Site) -> None:
    site.user("ada")
    browser = site.browser()
    planted = "x" * 43
    browser.cookies.set("triplehelix-session", planted, domain="127.0.0.1")
    answer = browser.sign_in("ada", next="/assets?q=pcr")
    assert (answer.status_code, answer.headers["location"]) == (303, "/assets?q=pcr")
    cookies = answer.headers.get_list("set-cookie")
    session = next(c for c in cookies if c.startswith("triplehelix-session="))
    assert planted not in session
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=604800"):
        assert part in session
    assert "Domain" not in session
    assert "ada@example.org" in browser.get("/me").text
    carried = browser.cookies["triplehelix-session"]
    out = browser.fill("/me", "/sign-out")
    assert out.headers["location"] == "/sign-in"
    assert "triplehelix-session" not in browser.cookies
    again = site.browser()
    again.cookies.set("triplehelix-session", carried)
    assert again.get("/me").headers["location"] == "/sign-in?next=/me"


def test_cookies_behind_tls_are_bound_to_the_host(small: Edition, registry: Registry) -> None:
    """RFC 6265bis, 4.1.3.2: no other host of the domain can set a cookie of that name."""
    site = Site(small, registry)
    from triplehelix.app.registry.settings import RegistrySettings

    site.app.state.door = AccountDoor(registry, RegistrySettings(base_url="https://reg.example"))
    page = Browser(site.app).get("https://reg.example/sign-in")
    (cookie,) = page.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-triplehelix-visit=")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("name", ["ada", "nobody", "shut"])
def test_pages_tell_nobody_who_has_an_account(site: Site, name: str) -> None:
    site.user("ada")
    people.disable(site.registry, COMMAND_LINE, site.user("shut"))
    given = "wrong password" if name == "ada" else PASSWORD
    browser = site.browser()
    answer = browser.sign_in(name, given)
    assert answer.status_code == 401
    assert faults(answer.text) == []
    told = answer.text.replace(name, "NAME").replace(word_of(answer.text), "WORD")
    browser.cookies.clear()
    other = browser.sign_in("somebody", given)
    assert told == other.text.replace("somebody", "NAME").replace(word_of(other.text), "WORD")
    kept = {"content-length", "set-cookie", "date"}
    assert [(k, v) for k, v in answer.headers.items() if k not in kept] == [
        (k, v) for k, v in other.headers.items() if k not in kept
    ]
    assert given not in answer.text


def test_a_wait_is_said_and_not_to_one_alone(site: Site) -> None:
    site.user("ada")
    for name in ("ada", "nobody"):
        browser = site.browser()
        for _ in range(5):
            assert browser.sign_in(name, "wrong").status_code == 401
        answer = browser.sign_in(name)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
        assert "wait 30 seconds" in answer.text


def test_every_form_is_refused_if_forged(site: Site, world: World) -> None:
    """Each POST of accounts: without the word, with another browser's, from another site."""
    assert len(FORMS) == 17
    ada = site.user("ada", Role("administrator"))
    network = world.network("North")
    made = inviting.invite(site.registry, COMMAND_LINE, site.settings, "ada@example.org",
                           Role("reader", network))  # fmt: skip
    secret = str(made.address).rpartition("/")[2]
    browser, attacker = site.signed_in("ada"), site.browser()
    own, others, visits = browser.word("/me"), attacker.word("/sign-in"), site.browser()
    visits.get("/sign-in")
    before = _state(site)
    for path in FORMS:
        here = path.replace("{user_id}", ada).replace("{secret}", secret)
        forged: list[tuple[Browser, dict[str, str], dict[str, str]]] = [
            (browser, {}, {}), (browser, {"anti_forgery": ""}, {}),
            (browser, {"anti_forgery": others}, {}), (browser, {"anti_forgery": own[:-1]}, {}),
            (visits, {"anti_forgery": own}, {}), (site.browser(), {"anti_forgery": others}, {}),
            (browser, {"anti_forgery": own}, {"origin": "https://evil.example"}),
            (browser, {"anti_forgery": own}, {"origin": "null"}),
            (browser, {"anti_forgery": own}, {"sec-fetch-site": "cross-site"}),
            (browser, {"anti_forgery": own}, {"sec-fetch-site": "same-site"}),
        ]  # fmt: skip
        for who, form, headers in forged:
            sent = {"email": "ada@example.org", "password": PASSWORD, "which": "others", **form}
            answer = who.post(here, data=sent, headers=headers)
            assert answer.status_code == 403, (path, form, headers)
            assert "set-cookie" not in answer.headers
    assert _state(site) == before
    sound = browser.post("/me/sessions/end", data={"anti_forgery": own, "which": "others"},
                         headers={"origin": HERE, "sec-fetch-site": "same-origin"})  # fmt: skip
    assert sound.status_code == 303


def test_words_differ_from_page_to_page_and_hold_for_the_session_alone(site: Site) -> None:
    """So that compressing a page beside a guess tells nothing (BREACH)."""
    site.user("ada")
    browser = site.signed_in("ada")
    one, two = browser.word("/me"), browser.word("/me")
    assert one != two
    for word in (one, two):
        answer = browser.post("/me/sessions/end", data={"anti_forgery": word, "which": "others"})
        assert answer.status_code == 303
    fresh = site.signed_in("ada")
    old = {"anti_forgery": one, "which": "others"}
    assert fresh.post("/me/sessions/end", data=old).status_code == 403


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/%09/../\t/evil",
     "javascript:alert(1)", "/a\nlocation: x", "evil.example", "/sign-out", " /me", "///evil.example",
     "/\u2028x", "http:evil.example", "/" + "a" * 2001],
)  # fmt: skip
def test_nobody_is_led_elsewhere(site: Site, asked: str) -> None:
    assert local_path(asked) == "/me"
    site.user("ada")
    answer = site.browser().sign_in("ada", next=asked)
    assert answer.headers["location"] == "/me"
    assert 'name="next" value="/me"' in site.browser().get("/sign-in", params={"next": asked}).text


def test_tokens_act_within_their_scope_and_not_on_accounts(site: Site, world: World) -> None:
    """A JSON question of our own beside the pages stands for those of the registry."""
    router = APIRouter()

    @router.get("/api/v1/who")
    def who(request: Request) -> dict[str, Any]:
        viewer = viewer_of(request)
        return {"name": viewer.name, "scopes": sorted(viewer.scopes)}

    @router.post("/api/v1/written", dependencies=[Written])
    def written(request: Request) -> dict[str, Any]:
        return {"name": viewer_of(request).name}

    site.app.include_router(router)
    site.user("ada")
    browser = site.signed_in("ada")
    made = browser.fill("/me", "/me/tokens", name="Importer", scope="read", days="30")
    secret = re.search(r"<code>([\w-]{43})</code>", made.text)
    assert secret and secret[1] not in browser.get("/me").text
    program = site.browser(authorization=f"Bearer {secret[1]}")
    assert program.get("/api/v1/who").json() == {"name": "Ada", "scopes": ["read"]}
    assert site.browser().get("/api/v1/who").json()["name"] == "visitor"
    # The session's cookie beside a token counts for nothing.
    both = site.signed_in("ada")
    assert both.get("/api/v1/who", headers={"authorization": "Bearer x"}).status_code == 401
    assert program.post("/api/v1/written").json() == {"name": "Ada"}
    # Accounts are for people: neither the page nor its forms.
    assert program.get("/me").status_code == 303
    for path in ("/me/tokens", "/me/password", "/me/sessions/end", "/users/invite"):
        assert program.post(path, data={"which": "others"}).status_code == 403
    # From a browser, JSON needs the word in a header: no form of another site can send one.
    assert browser.post("/api/v1/written").status_code == 403
    word = {"x-anti-forgery": browser.word("/me")}
    assert browser.post("/api/v1/written", headers=word).json() == {"name": "Ada"}
    evil = {**word, "origin": "https://evil.example"}
    assert browser.post("/api/v1/written", headers=evil).status_code == 403
    which = re.search(r'name="which" value="(tk_\w+)"', browser.get("/me").text)
    assert which and browser.fill("/me", "/me/tokens/revoke", which=which[1]).status_code == 303
    refused = program.get("/api/v1/who")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


def test_one_s_own_page(site: Site, world: World) -> None:
    network = world.network("Alliance <of> the North")
    site.user("ada", Role("steward", network))
    browser, other = site.signed_in("ada"), site.signed_in("ada")
    page = browser.get("/me")
    assert faults(page.text) == []
    assert "steward of Alliance &lt;of&gt; the North" in page.text
    assert page.text.count("<b>(this one)</b>") == 1
    for fields, at in (
        (("nope", "seven red kites circling"), "current"),
        ((PASSWORD, "short"), "new"),
    ):
        answer = browser.fill("/me", "/me/password", current=fields[0], new=fields[1])
        assert answer.status_code in (401, 422)
        assert f'id="{at}-fault"' in answer.text
        assert faults(answer.text) == []
    done = browser.fill("/me", "/me/password", current=PASSWORD, new="seven red kites circling")
    assert done.status_code == 200
    assert other.get("/me").status_code == 303
    wrong = browser.fill("/me", "/me/tokens", name="x", scope="read", days="soon")
    assert wrong.status_code == 422
    assert 'id="days-fault"' in wrong.text


def test_users_are_seen_and_changed_by_who_may(site: Site, world: World) -> None:
    """IDOR on every object route: whoever may not gets what they get for an id that is none."""
    north, south = world.network("North"), world.network("South")
    boss, ada = site.user("boss", Role("administrator")), site.user("ada", Role("steward", north))
    eve = site.user("eve", Role("reader", south))
    nobody = "us_" + "0" * 26
    steward, admin = site.signed_in("ada"), site.signed_in("boss")
    page = steward.get("/users")
    assert faults(page.text) == []
    assert "Ada" in page.text and "Eve" not in page.text and "South" not in page.text
    for path in ("", "/roles", "/disable", "/enable", "/reset"):
        fields = {"role": "reader", "object": north, "do": "give"}
        asked = [
            steward.get(f"/users/{who}") if not path
            else steward.fill("/me", f"/users/{who}{path}", **fields)
            for who in (eve, boss, nobody)
        ]  # fmt: skip
        assert [each.status_code for each in asked] == [404] * 3
        texts = {each.text.replace(eve, "").replace(boss, "").replace(nobody, "") for each in asked}
        assert len(texts) == 1
    assert steward.fill("/me", f"/users/{ada}/disable").status_code == 403
    assert (
        steward.fill("/me", f"/users/{ada}/roles", role="administrator", do="give").status_code
        == 403
    )
    for path in (f"/users/{eve}", "/users"):
        assert faults(admin.get(path).text) == []
        assert site.browser().get(path).headers["location"] == f"/sign-in?next={path}"
    assert (
        admin.fill("/me", f"/users/{eve}/roles", role="reader", object=south, do="take").status_code
        == 303
    )
    assert admin.fill("/me", f"/users/{eve}/disable").status_code == 303
    assert site.browser().sign_in("eve").status_code == 401
    assert admin.fill("/me", f"/users/{boss}/disable").status_code == 409
    assert admin.fill("/me", f"/users/{eve}/enable").status_code == 303
    letter = secret_link(admin.fill("/me", f"/users/{eve}/reset").text)
    fresh = site.browser()
    assert faults(fresh.get(letter).text) == []
    assert fresh.fill(letter, password="short").status_code == 422
    assert fresh.fill(letter, password="seven red kites circling").headers["location"] == "/sign-in"
    assert fresh.get(letter).status_code == 404
    assert fresh.sign_in("eve", "seven red kites circling").status_code == 303


def test_an_invitation_without_mail_is_shown_once(site: Site, world: World) -> None:
    north = world.network("North")
    site.user("ada", Role("steward", north))
    steward = site.signed_in("ada")
    sent = {"email": "new@example.org", "role": "reader", "object": north}
    made = steward.fill("/users", "/users/invite", **sent)
    link = secret_link(made.text)
    assert faults(made.text) == []
    assert link not in steward.get("/users").text
    wrong = steward.fill("/users", "/users/invite", **(sent | {"email": "nonsense"}))
    assert wrong.status_code == 422 and 'id="email-fault"' in wrong.text
    browser = site.browser()
    page = browser.get(link)
    assert faults(page.text) == []
    assert "reader of North" in page.text and "new@example.org" in page.text
    bad = browser.fill(link, name="New", password="short")
    assert (
        bad.status_code == 422 and 'id="password-fault"' in bad.text and 'value="New"' in bad.text
    )
    assert browser.fill(link, name="New", password="seven red kites circling").status_code == 303
    assert "reader of North" in browser.get("/me").text
    assert site.browser().get(link).status_code == 404
    # Signed in as somebody else, one is told; the invitation stays.
    other = secret_link(steward.fill("/users", "/users/invite", **sent).text)
    answer = steward.fill(other)
    assert answer.status_code == 403 and "another e-mail address" in answer.text


class _Letters:
    """Keeps what a mail server is handed."""

    def __init__(self) -> None:
        self.kept: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.kept.append((envelope.rcpt_tos, envelope.content.decode().replace("=\r\n", "")))
        return "250 kept"


@pytest.fixture
def letters() -> Iterator[tuple[_Letters, MailSettings]]:
    """A mail server on loopback, and the settings that lead to it."""
    handler = _Letters()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        handler,
        MailSettings(host="127.0.0.1", port=port, security="none", sender="r@example.org"),
    )
    controller.stop()


def test_letters_go_out_to_who_has_an_account_and_pages_say_the_same(
    small: Edition, registry: Registry, world: World, letters: tuple[_Letters, MailSettings]
) -> None:
    handler, mail = letters
    site = Site(small, registry, mail=mail)
    site.user("ada", Role("administrator"))
    said = []
    for name in ("ada", "nobody"):
        answer = site.browser().fill("/reset", email=f"{name}@example.org")
        assert answer.status_code == 200 and faults(answer.text) == []
        said.append(answer.text)
    assert said[0] == said[1]
    ((to, letter),) = handler.kept
    assert to == ["ada@example.org"]
    link = secret_link(letter)
    browser = site.browser()
    assert browser.fill(link, password="seven red kites circling").status_code == 303
    assert browser.sign_in("ada", "seven red kites circling").status_code == 303
    # An invitation by mail is shown to nobody else.
    made = browser.fill("/users", "/users/invite", email="new@example.org",
                        role="reader", object=world.network("North"))  # fmt: skip
    assert "was mailed to" in made.text and "/invitations/" not in made.text.replace(
        "/users/invitations", ""
    )
    assert handler.kept[1][0] == ["new@example.org"]
    assert "reader of North" in handler.kept[1][1]
    assert site.browser().get(secret_link(handler.kept[1][1])).status_code == 200


def test_what_pages_of_accounts_say_is_kept_by_nobody(site: Site) -> None:
    site.user("ada", Role("administrator"))
    browser = site.signed_in("ada")
    for path in ("/sign-in", "/me", "/users", "/reset"):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "private, no-store"
        assert "etag" not in headers and "access-control-allow-origin" not in headers
        assert headers["content-security-policy"].count("'self'") >= 5
        assert headers["referrer-policy"] == "same-origin"


def test_a_person_takes_what_is_kept_and_is_erased(site: Site, world: World) -> None:
    network = world.network("North")
    ada = site.user("ada", Role("reader", network))
    bo = site.user("bo")
    site.user("boss", Role("administrator"))
    browser, other, admin = site.signed_in("ada"), site.signed_in("ada"), site.signed_in("boss")
    taken = browser.get("/me/export")
    assert taken.headers["cache-control"] == "private, no-store"
    assert taken.json()["user"] == ada
    assert "ada@example.org" in taken.text and "argon2" not in taken.text
    assert browser.cookies["triplehelix-session"] not in taken.text
    for fields, at in ((("", PASSWORD), "sure"), (("erase", "wrong"), "erase_password")):
        answer = browser.fill("/me", "/me/erase", sure=fields[0], erase_password=fields[1])
        assert f'id="{at}-fault"' in answer.text
        assert faults(answer.text) == []
    done = browser.fill("/me", "/me/erase", sure="erase", erase_password=PASSWORD)
    assert done.headers["location"] == "/sign-in"
    assert other.get("/me").status_code == 303
    assert site.browser().sign_in("ada").status_code == 401
    assert "ada@example.org" not in admin.get("/users").text
    assert admin.fill("/me", f"/users/{bo}/erase", sure="no").status_code == 422
    assert "The person is erased" in admin.fill("/me", f"/users/{bo}/erase", sure="erase").text
    assert "bo@example.org" not in admin.get("/users").text
    last = admin.fill("/me", "/me/erase", sure="erase", erase_password=PASSWORD)
    assert last.status_code == 409 and "last administrator" in last.text


def test_a_session_ends_with_its_time(site: Site) -> None:
    site.user("ada")
    browser = site.signed_in("ada")
    clock = site.registry.clock
    assert isinstance(clock, Clock)
    clock.pass_(hours=24)
    assert browser.get("/me").status_code == 303


def test_a_registry_without_accounts_has_no_such_pages(small: Edition, registry: Registry) -> None:
    from triplehelix.serve import create_app

    browser = Browser(create_app(small, registry=registry, door=VisitorsOnly()))
    for path in ("/sign-in", "/me", "/users", "/reset"):
        assert browser.get(path).status_code == 404


def _state(site: Site) -> list[Any]:
    with site.registry.look(COMMAND_LINE) as sight:
        sessions = sight.connection.execute(select(SESSIONS.c.session_id)).all()
        return [*sorted(sessions), people.users(site.registry, COMMAND_LINE)]
