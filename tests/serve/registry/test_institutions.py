"""
Signing in through a real OpenID provider, and what attackers of such systems have tried.

The provider is a process made of Authlib's server side: `identity_provider.py`.
"""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.registry_worlds import Clock, World
from tests.serve.registry.accounts_site import ASKING, HERE, Browser, Provider, Site
from triplehelix.app.registry import inviting, people
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

ADA = {"sub": "s-1", "name": "Ada", "email": "ada@example.org", "email_verified": True}
pytestmark = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def clock(registry: Registry, provider: Provider) -> Clock:
    """The registry's clock; the provider's is set by it."""
    told = registry.clock
    assert isinstance(told, Clock)
    provider.tell(now=int(told().timestamp()))
    return told


@pytest.fixture
def campus(small: Edition, registry: Registry, provider: Provider, clock: Clock) -> Site:
    """A site with two providers, and Ada, who has an account."""
    site = Site(small, registry, oidc=(provider.settings("one"), provider.settings("two")))
    site.user("ada")
    return site


def name_on(browser: Browser) -> str | None:
    """Who the page about oneself says one is; None for a visitor."""
    answer = browser.get("/me")
    return answer.text.split("<bdi>", 3)[-1] if answer.status_code == 200 else None


def test_the_way_there_is_pinned(campus: Site, provider: Provider) -> None:
    """RFC 7636: S256 of 43 letters; our address to the letter; state and nonce of 32 bytes."""
    start = campus.browser().get("/sign-in/oidc/one", params={"next": "/assets"})
    where = urlsplit(start.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{provider.address}/one/authorize"
    asked = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert asked["redirect_uri"] == f"{HERE}/sign-in/oidc/one/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["client_id"] == "registry"
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}
    assert {len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {43}
    assert "a secret" not in start.headers["location"]
    assert start.headers["cache-control"] == "private, no-store"


def test_somebody_signs_in_and_is_known_by_subject_from_then_on(
    campus: Site, provider: Provider, clock: Clock
) -> None:
    browser = campus.browser()
    back = browser.get(provider.visit(browser, next="/networks"))
    assert (back.status_code, back.headers["location"]) == (303, "/networks")
    assert "Ada" in browser.get("/me").text
    # The address is another's by now, but the subject is the same person.
    provider.tell(user={**ADA, "email": "other@example.org"})
    again = campus.browser()
    assert again.get(provider.visit(again)).status_code == 303
    assert "ada@example.org" in again.get("/me").text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"sign": "none"}, "algorithm is not one of RS256, ES256"),
        ({"sign": "HS256"}, "algorithm is not one of RS256, ES256"),
        ({"sign": "RS512"}, "algorithm is not one of RS256, ES256"),
        ({"sign": "other"}, "BadSignatureError"),
        ({"kid": "unknown"}, "signed with no key of the provider"),
        ({"claims": {"iss": "https://evil.example"}}, "InvalidClaimError of iss"),
        ({"claims": {"aud": "another-client"}}, "InvalidClaimError of aud"),
        ({"claims": {"aud": ["registry", "another-client"]}}, "made for another party"),
        ({"claims": {"azp": "another-client"}}, "made for another party"),
        ({"claims": {"nonce": "of another visit"}}, "InvalidClaimError of nonce"),
        ({"claims": {"nonce": None}}, "MissingClaimError"),
        ({"claims": {"exp": 1_600_000_000}}, "ExpiredTokenError of exp"),
        ({"claims": {"exp": None}}, "MissingClaimError"),
        ({"claims": {"exp": float("1e308")}, "sign": "none"}, "algorithm is not one of"),
        ({"claims": {"iat": 4_000_000_000}}, "InvalidClaimError of iat"),
        ({"claims": {"iat": 1_772_400_000}}, "older than ten minutes"),
        ({"claims": {"sub": None}}, "MissingClaimError"),
        ({"claims": {"sub": ""}}, "names nobody|InvalidClaimError"),
    ],
)
def test_tokens_that_are_refused(
    campus: Site, provider: Provider, told: dict[str, object], words: str
) -> None:
    provider.tell(**told)
    browser = campus.browser()
    back = browser.get(provider.visit(browser))
    assert back.status_code == 401
    assert any(each in back.text for each in words.split("|")), back.text
    assert browser.get("/me").status_code == 303


def test_es256_is_taken_too(campus: Site, provider: Provider) -> None:
    provider.tell(sign="ES256")
    browser = campus.browser()
    assert browser.get(provider.visit(browser)).status_code == 303


def test_an_answer_comes_back_once(campus: Site, provider: Provider) -> None:
    """A replayed state, and a replayed code under a fresh state."""
    browser = campus.browser()
    back = provider.visit(browser)
    assert browser.get(back).status_code == 303
    replayed = browser.get(back)
    assert replayed.status_code == 401
    assert "came twice" in replayed.text
    code = parse_qs(urlsplit(back).query)["code"][0]
    fresh = parse_qs(urlsplit(provider.visit(browser)).query)["state"][0]
    again = browser.get("/sign-in/oidc/one/callback",
                        params={"code": code, "state": fresh, "iss": f"{provider.address}/one"})  # fmt: skip
    assert again.status_code == 401
    assert "refused the code (invalid_grant)" in again.text


def test_an_answer_belongs_to_the_browser_that_asked(campus: Site, provider: Provider) -> None:
    """Log-in CSRF: the attacker's answer, opened by the victim, signs nobody in."""
    attacker, victim = campus.browser(), campus.browser()
    victim.get("/sign-in")
    back = provider.visit(attacker)
    assert victim.get(back).status_code == 401
    assert campus.browser().get(back).status_code == 401
    assert victim.get("/me").status_code == 303
    # Nothing was used up by that.
    assert attacker.get(back).status_code == 303


@pytest.mark.parametrize("state", ["", "made-up", "x" * 5000])
def test_states_that_were_never_given_out(campus: Site, state: str) -> None:
    browser = campus.browser()
    browser.get("/sign-in")
    answer = browser.get("/sign-in/oidc/one/callback", params={"code": "c", "state": state})
    assert answer.status_code == 401


def test_too_late(campus: Site, provider: Provider, clock: Clock) -> None:
    browser = campus.browser()
    back = provider.visit(browser)
    clock.pass_(minutes=10)
    assert browser.get(back).status_code == 401


def test_issuers_are_not_mixed_up(campus: Site, provider: Provider) -> None:
    """RFC 9207: an answer of one, brought to the other, or without saying whose it is."""
    browser = campus.browser()
    to_other = provider.visit(browser).replace("/oidc/one/", "/oidc/two/")
    assert browser.get(to_other).status_code == 401
    back = urlsplit(provider.visit(browser))
    said = {name: values[0] for name, values in parse_qs(back.query).items()}
    for iss in (f"{provider.address}/two", None):
        visit = {name: values[0] for name, values in parse_qs(
            urlsplit(provider.visit(browser)).query).items()}  # fmt: skip
        changed = {**visit, "iss": iss} if iss else {k: v for k, v in visit.items() if k != "iss"}
        answer = browser.get(back.path, params=changed)
        assert answer.status_code == 401
        assert "not of the identity provider that was asked" in answer.text
    assert said["iss"] == f"{provider.address}/one"


def test_one_issuer_s_subject_is_nobody_to_the_other(campus: Site, provider: Provider) -> None:
    browser = campus.browser()
    assert browser.get(provider.visit(browser)).status_code == 303
    provider.tell(user={"sub": "s-1", "name": "Mallory"})
    other = campus.browser()
    back = other.get(provider.visit(other, "two"))
    assert back.status_code == 401
    assert "there is no account here for you" in back.text


def test_the_way_back_is_ours_whatever_the_host_header_says(
    campus: Site, provider: Provider
) -> None:
    start = campus.browser(host="evil.example").get("/sign-in/oidc/one")
    asked = parse_qs(urlsplit(start.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{HERE}/sign-in/oidc/one/callback"]
    # And the provider takes no other.
    tampered = start.headers["location"].replace(
        "127.0.0.1%3A8000", "127.0.0.1%3A8000.evil.example"
    )
    assert tampered != start.headers["location"]
    assert ASKING.get(tampered).status_code == 400


def test_a_parameter_given_twice_is_refused(campus: Site, provider: Provider) -> None:
    browser = campus.browser()
    assert browser.get(provider.visit(browser) + "&code=other").status_code == 422


def test_what_the_provider_says_went_wrong(campus: Site, provider: Provider) -> None:
    browser = campus.browser()
    state = parse_qs(urlsplit(provider.visit(browser)).query)["state"][0]
    answer = browser.get("/sign-in/oidc/one/callback",
                         params={"error": "access_denied<b>", "state": state,
                                 "iss": f"{provider.address}/one"})  # fmt: skip
    assert answer.status_code == 401
    assert "access_denied&lt;b&gt;" in answer.text


def test_unverified_addresses_link_nothing(campus: Site, provider: Provider) -> None:
    """Whoever writes another's address into their profile does not become them."""
    for said in (False, "true", None):
        provider.tell(user={**ADA, "sub": "s-9", "email_verified": said})
        browser = campus.browser()
        back = browser.get(provider.visit(browser))
        assert back.status_code == 401
        assert "did not say that your e-mail address is yours" in back.text


def test_an_address_given_on_to_somebody_else_links_nothing(
    campus: Site, provider: Provider
) -> None:
    browser = campus.browser()
    browser.get(provider.visit(browser))
    provider.tell(user={**ADA, "sub": "s-2"})
    other = campus.browser()
    back = other.get(provider.visit(other))
    assert back.status_code == 401
    assert "knows as somebody else" in back.text


def test_domains_a_provider_can_vouch_for(
    small: Edition, registry: Registry, provider: Provider, clock: Clock
) -> None:
    chosen = provider.settings("one", email_domains=("uni.example",))
    site = Site(small, registry, oidc=(chosen,))
    site.user("ada")
    browser = site.browser()
    assert browser.get(provider.visit(browser)).status_code == 401


def test_newcomers_where_they_are_let_in(
    small: Edition, registry: Registry, provider: Provider, clock: Clock
) -> None:
    """Known by subject alone: an unverified address is not the account's."""
    site = Site(small, registry, oidc=(provider.settings("one", newcomers=True),))
    provider.tell(user={**ADA, "email_verified": False})
    browser = site.browser()
    assert browser.get(provider.visit(browser)).status_code == 303
    (user,) = people.users(registry, COMMAND_LINE)
    assert (user.email, user.name, user.roles, user.has_password) == (None, "Ada", (), False)


def test_a_disabled_provider_is_none(
    small: Edition, registry: Registry, provider: Provider, clock: Clock
) -> None:
    site = Site(small, registry, oidc=(provider.settings("one", enabled=False),))
    assert "/sign-in/oidc" not in site.browser().get("/sign-in").text
    answers = [site.browser().get(f"/sign-in/oidc/{name}").text for name in ("one", "nobody")]
    assert "no such identity provider" in answers[0]
    assert answers[0] == answers[1].replace("nobody", "one")
    assert site.browser().get("/sign-in/oidc/one/callback?code=c&state=s").status_code == 404


def test_a_disabled_account_stays_out(campus: Site, provider: Provider) -> None:
    browser = campus.browser()
    browser.get(provider.visit(browser))
    (ada,) = people.users(campus.registry, COMMAND_LINE)
    people.disable(campus.registry, COMMAND_LINE, ada.user_id)
    assert browser.get("/me").status_code == 303
    again = campus.browser()
    assert again.get(provider.visit(again)).status_code == 401


def test_keys_are_asked_for_again_once_when_they_change(
    campus: Site, provider: Provider, clock: Clock
) -> None:
    browser = campus.browser()
    assert browser.get(provider.visit(browser)).status_code == 303
    provider.tell(rotate=True)
    clock.pass_(minutes=2)
    provider.tell(now=int(clock().timestamp()))
    browser = campus.browser()
    assert browser.get(provider.visit(browser)).status_code == 303
    # Tokens that name any key they like do not make us ask again and again.
    institutions = campus.app.state.institutions._known["one"]
    before = institutions._keys
    provider.tell(kid="nonsense")
    assert browser.get(provider.visit(browser)).status_code == 401
    assert institutions._keys is before


def test_the_address_may_stand_in_the_user_s_own_endpoint(campus: Site, provider: Provider) -> None:
    """OpenID Connect Core 1.0, 5.4; and 5.3.2: of another subject it is not taken."""
    provider.tell(in_token=False)
    browser = campus.browser()
    assert browser.get(provider.visit(browser)).status_code == 303
    provider.tell(userinfo={"sub": "s-77"}, user={**ADA, "sub": "s-78"})
    other = campus.browser()
    assert other.get(provider.visit(other)).status_code == 401


def test_an_invitation_through_an_institution(
    campus: Site, provider: Provider, world: World
) -> None:
    network = world.network("North")
    made = inviting.invite(campus.registry, COMMAND_LINE, campus.settings, "new@example.org",
                           Role("reader", network))  # fmt: skip
    secret = str(made.address).rpartition("/")[2]
    # Another's verified address does not take it up ...
    browser = campus.browser()
    assert browser.get(provider.visit(browser, invitation=secret)).status_code == 403
    # ... nor does the right one that nobody vouches for.
    new = {"sub": "s-5", "name": "New", "email": "New@example.org", "email_verified": False}
    provider.tell(user=new)
    assert browser.get(provider.visit(browser, invitation=secret)).status_code == 401
    provider.tell(user={**new, "email_verified": True})
    assert browser.get(provider.visit(browser, invitation=secret)).status_code == 303
    invited = [
        u for u in people.users(campus.registry, COMMAND_LINE) if u.email == "new@example.org"
    ]
    assert [u.roles for u in invited] == [(Role("reader", network),)]


def test_a_provider_that_does_not_answer(
    small: Edition, registry: Registry, provider: Provider
) -> None:
    lost = provider.settings("one", issuer="http://127.0.0.1:9/none")
    answer = Site(small, registry, oidc=(lost,)).browser().get("/sign-in/oidc/one")
    assert answer.status_code == 502
    assert "could not be asked" in answer.text


def test_a_link_on_another_site_leads_to_the_sign_in_page_first(
    campus: Site, provider: Provider
) -> None:
    answer = campus.browser(**{"sec-fetch-site": "cross-site"}).get("/sign-in/oidc/one?next=/me")
    assert answer.headers["location"] == "/sign-in?next=/me"


def test_forms_go_to_us_alone_and_the_way_out_is_a_link(campus: Site) -> None:
    """A form's way through redirections is held to `form-action`; a link's is not."""
    page = campus.browser().get("/sign-in")
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert '<a class="button" href="/sign-in/oidc/one?next=/me">' in page.text
