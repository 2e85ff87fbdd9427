"""An atlas with accounts, and browsers that use it, for the tests of pages."""

import re
from collections.abc import Mapping
from typing import Any

import httpx2
from starlette.testclient import TestClient

from triplehelix.app.registry import people
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.registry.id_tokens import OidcProvider
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.serve import create_app
from triplehelix.serve.registry.account_door import AccountDoor
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

HERE = "http://127.0.0.1:8000"
PASSWORD = "four grey herons waiting"

ASKING = httpx2.Client()


class Site:
    """The atlas of an edition with a registry, on this machine's own address."""

    def __init__(self, edition: Edition, registry: Registry, **chosen: object) -> None:
        self.registry = registry
        self.settings = RegistrySettings(base_url=HERE, **chosen)  # type: ignore[arg-type]
        door = AccountDoor(registry, self.settings)
        self.app = create_app(edition, registry=registry, door=door)

    def browser(self, **headers: str) -> "Browser":
        """A browser without cookies."""
        return Browser(self.app, headers)

    def user(self, name: str, *roles: Role) -> str:
        """Somebody with an account: `name@example.org`, and the one password; their id."""
        return people.add_user(
            self.registry, COMMAND_LINE, email=f"{name}@example.org", name=name.title(),
            password=PASSWORD, roles=roles,
        )  # fmt: skip

    def signed_in(self, name: str) -> "Browser":
        """A browser in which somebody is signed in."""
        browser = self.browser()
        answer = browser.sign_in(name)
        assert answer.status_code == 303, answer.text
        return browser


class Browser(TestClient):
    """A browser that keeps cookies, follows no redirection, and fills forms in."""

    def __init__(self, app: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(app, base_url=HERE, follow_redirects=False, headers=dict(headers or {}),
                         client=("192.0.2.7", 50_000))  # type: ignore[arg-type]  # fmt: skip

    def word(self, page: str) -> str:
        """What the forms of a page carry against forgery."""
        return word_of(self.get(page).text)

    def fill(self, page: str, action: str = "", **fields: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Fill in a form of a page and send it."""
        return self.post(action or page, data={"anti_forgery": self.word(page), **fields})

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Fill in the sign-in form."""
        return self.fill("/sign-in", email=f"{name}@example.org", password=password, **fields)


def word_of(text: str) -> str:
    """The word of the first form of a page."""
    found = re.search(r'name="anti_forgery" value="([^"]+)"', text)
    assert found, text
    return found[1]


class Provider:
    """The OpenID provider's process (`identity_provider.py`), as tests steer it."""

    def __init__(self, address: str) -> None:
        self.address = address
        callbacks = [f"{HERE}/sign-in/oidc/{name}/callback" for name in ("one", "two")]
        self.tell(reset=True, redirect_uris=callbacks)

    def tell(self, **said: Any) -> None:
        """Say who signs in next, and what is wrong with the next token."""
        assert ASKING.post(f"{self.address}/control", json=said).status_code == 200

    def settings(self, name: str = "one", **chosen: Any) -> OidcProvider:
        """One of its issuers, as a registry's settings have it."""
        return OidcProvider(**{
            "name": name, "issuer": f"{self.address}/{name}", "client_id": "registry",
            "client_secret": "a secret of the client's", **chosen,
        })  # fmt: skip

    def visit(self, browser: Browser, name: str = "one", **asked: str) -> str:
        """Go there from the sign-in page, sign in, and be sent back: the path with the answer."""
        start = browser.get(f"/sign-in/oidc/{name}", params=asked)
        assert start.status_code == 303, start.text
        back = ASKING.get(start.headers["location"])
        assert back.status_code == 302, back.text
        assert back.headers["location"].startswith(HERE)
        return str(back.headers["location"]).removeprefix(HERE)
