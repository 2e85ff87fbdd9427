"""
The door of a registry with accounts: cookies of browsers, tokens of programs, forged forms.

A form carries a word that only our own page for the same browser can have made: it is bound to
the secret of the session or, before anybody is signed in, to a cookie of the visit. Beside that
the browser's own word counts where the request comes from (`Origin`, `Sec-Fetch-Site`).
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.app.registry.sign_in import Asker, Browser, asker_of_session, viewer_of_token
from triplehelix.errors import Forbidden, NotSignedIn
from triplehelix.registry.accounts import Session
from triplehelix.registry.viewer import VISITOR, Viewer
from triplehelix.store.registry.opening import Registry

FIELD, HEADER = "anti_forgery", "x-anti-forgery"
_SALT_BYTES, _VISIT_BYTES = 9, 32
_VISIT_LASTS_S = 3_600
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class AccountDoor:
    """
    Tells who asks by cookie or token, anew at every request.

    Parameters
    ----------
    registry, settings : whose accounts, and where people reach them.
    randomness : makes so many random bytes.
    """

    def __init__(
        self,
        registry: Registry,
        settings: RegistrySettings,
        *,
        randomness: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.registry, self.settings, self._randomness = registry, settings, randomness
        # The prefix keeps other hosts of the same domain from setting it (RFC 6265bis, 4.1.3).
        prefix = "__Host-" if settings.secure else ""
        self.session_cookie = f"{prefix}triplehelix-session"
        self.visit_cookie = f"{prefix}triplehelix-visit"

    def viewer(self, request: Request) -> Viewer:
        """
        Whoever asks: a token's user, else the session's, else a visitor.

        Raises
        ------
        NotSignedIn
            If there is a token that is worth nothing: a program must learn that.
        """
        token = _bearer(request)
        return viewer_of_token(self.registry, token) if token else self._asker(request).viewer

    def session(self, request: Request) -> Session | None:
        """The session in which a person asks; None for visitors and programs."""
        return None if _bearer(request) else self._asker(request).session

    def browser(self, request: Request) -> Browser:
        """Where a request comes from."""
        address = request.client.host if request.client else ""
        agent = request.headers.get("user-agent", "")
        return Browser(address, agent, request.cookies.get(self.session_cookie))

    def anti_forgery(self, request: Request) -> str:
        """
        The word for the forms of one page; empty for visitors who have not come to sign in.

        It is salted anew for each page, so that compressing the page does not give it away.
        """
        key = self._key(request)
        return self._word(key, _text(self._randomness(_SALT_BYTES))) if key else ""

    def check(self, request: Request, form: FormData) -> None:
        """Raise `Forbidden` unless a form was sent from our own page for this browser."""
        self._check(request, form.get(FIELD))

    def check_written(self, request: Request) -> None:
        """The same of a request that is no form: the word stands in the header."""
        self._check(request, request.headers.get(HEADER))

    def greet(self, request: Request) -> str:
        """The secret of this browser's visit, made now if it has none."""
        if not hasattr(request.state, "visit"):
            kept = request.cookies.get(self.visit_cookie)
            request.state.visit = kept or _text(self._randomness(_VISIT_BYTES))
        visit: str = request.state.visit
        return visit

    def keep_visit(self, request: Request, response: Response) -> None:
        """Let the browser carry the secret of its visit."""
        self._set(response, self.visit_cookie, self.greet(request), _VISIT_LASTS_S)

    def let_in(self, response: Response, secret: str) -> None:
        """Let the browser carry a new session; its visit is over."""
        lasts = int(self.settings.sessions.lifetime.total_seconds())
        self._set(response, self.session_cookie, secret, lasts)
        self._forget(response, self.visit_cookie)

    def let_out(self, response: Response) -> None:
        """Let the browser forget its session."""
        self._forget(response, self.session_cookie)
        self._forget(response, self.visit_cookie)

    def _asker(self, request: Request) -> Asker:
        if not hasattr(request.state, "asker"):
            carried = request.cookies.get(self.session_cookie)
            request.state.asker = asker_of_session(self.registry, carried, self.settings.sessions)
        asker: Asker = request.state.asker
        return asker

    def _check(self, request: Request, given: object) -> None:
        if _bearer(request):
            self.viewer(request)  # it must be a good one; no page of another site can send it
            return
        self._require_own_origin(request)
        key = self._key(request)
        salt = str(given or "").partition(".")[0]
        right = self._word(key, salt) if key else ""
        if not right or not hmac.compare_digest(right.encode(), str(given or "").encode()):
            raise Forbidden(
                "this form was not sent from a page of ours, or that page is out of date; open "
                "the page again (with cookies allowed) and send it from there"
            )

    def _require_own_origin(self, request: Request) -> None:
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if (site is None or site in ("same-origin", "none")) and (
            origin is None or origin in self._own_origins(request)
        ):
            return
        raise Forbidden("this was sent from another site; open our own page and send it from there")

    def _own_origins(self, request: Request) -> tuple[str, ...]:
        own = self.settings.base_url
        host = request.headers.get("host", "")
        # On this machine 127.0.0.1 and localhost, and any port, are one.
        if not self.settings.secure and urlsplit(f"//{host}").hostname in _LOOPBACK:
            return own, f"http://{host}"
        return (own,)

    def _key(self, request: Request) -> str | None:
        """What the forms of this browser are bound to."""
        if self.session(request) is not None:
            return request.cookies.get(self.session_cookie)
        if hasattr(request.state, "visit"):
            visit: str = request.state.visit
            return visit
        return request.cookies.get(self.visit_cookie)

    def _word(self, key: str, salt: str) -> str:
        made = hmac.new(key.encode(), f"form {salt}".encode("utf-8", "replace"), sha256)
        return f"{salt}.{_text(made.digest())}"

    def _set(self, response: Response, name: str, value: str, max_age: int) -> None:
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.settings.secure,
                            httponly=True, samesite="lax")  # fmt: skip

    def _forget(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.settings.secure, httponly=True,
                               samesite="lax")  # fmt: skip


def require_session(door: AccountDoor, request: Request) -> Session:
    """
    The session of a person; what concerns an account is not for programs.

    Raises
    ------
    Forbidden
        If a program asks.
    NotSignedIn
        If nobody is signed in.
    """
    session = door.session(request)
    if session is None:
        if door.viewer(request) is not VISITOR:
            raise Forbidden("accounts are changed by people who are signed in, not by a token")
        raise NotSignedIn("this is for people with an account; sign in first")
    return session


def _bearer(request: Request) -> str | None:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


def _text(randomness: bytes) -> str:
    return urlsafe_b64encode(randomness).decode().rstrip("=")
