"""Talking with an identity provider: what it offers, its keys, its tokens (OpenID Connect)."""

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

from triplehelix.errors import NotSignedIn, SourceError
from triplehelix.registry.id_tokens import OidcProvider, checked_claims, is_sound_address, key_id

_TIMEOUT_S = 10.0
_LARGEST = 1_000_000
_KEPT_FOR = timedelta(hours=1)
# A token may name any key it likes: so often at most are the keys asked for again.
_ASKED_AGAIN_AFTER = timedelta(minutes=1)
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: datetime


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are trusted: read once, since that takes some hundredths of a second."""
    return httpx2.create_ssl_context()


class IdentityProvider:
    """
    One provider, and what was learnt of it.

    Parameters
    ----------
    settings : who it is, and what it knows us by.
    redirect_uri : our address that it sends browsers back to, to the letter.
    clock : tells the moment, in UTC.
    transport : how requests are sent; the network's own without one.
    """

    def __init__(
        self,
        settings: OidcProvider,
        redirect_uri: str,
        *,
        clock: Callable[[], datetime],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.settings, self.redirect_uri = settings, redirect_uri
        self._clock, self._transport = clock, transport
        self._lock = threading.Lock()
        self._metadata: _Kept | None = None
        self._keys: _Kept | None = None

    def authorization_address(self, *, state: str, nonce: str, verifier: str) -> str:
        """
        Where a browser goes to sign in: code flow with PKCE (RFC 7636, S256).

        Raises
        ------
        SourceError
            If the provider does not answer, or is not who it should be.
        """
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._known()["authorization_endpoint"],
                state=state,
                code_verifier=verifier,
                nonce=nonce,
            )
        return str(address)

    def require_from_here(self, iss: str | None) -> None:
        """
        Go on only if an answer says that it is of this provider (RFC 9207).

        Raises
        ------
        NotSignedIn
            If it names another, or none though this one always does.
        """
        always = self._known().get("authorization_response_iss_parameter_supported") is True
        if (iss is None and always) or (iss is not None and iss != self.settings.issuer):
            raise NotSignedIn(
                "the answer is not of the identity provider that was asked; start again at the "
                "sign-in page"
            )

    def claims(self, *, code: str, nonce: str, verifier: str) -> dict[str, Any]:
        """
        Who signed in: the claims of the ID token, and of the user's own endpoint where it lacks
        the e-mail address.

        Raises
        ------
        NotSignedIn
            If the provider refuses the code, or its token does not hold.
        SourceError
            If the provider does not answer.
        """
        with self._client() as client:
            answer = self._exchanged(client, code, verifier)
            token = answer.get("id_token")
            if not isinstance(token, str):
                raise NotSignedIn("the identity provider sent no ID token; it must offer OpenID")
            now = int(self._clock().timestamp())
            keys = self._keys_for(key_id(token))
            said = checked_claims(token, keys, self.settings, nonce=nonce, now=now)
            return said if "email" in said else {**self._user(client, said), **said}

    def _exchanged(self, client: OAuth2Client, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            answer = client.fetch_token(
                self._known()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=self.redirect_uri,
            )
        except OAuthError as err:
            raise NotSignedIn(
                f"the identity provider refused the code ({err.error}); start again at the "
                "sign-in page"
            ) from err
        except (httpx2.HTTPError, ValueError) as err:
            raise self._silent(err) from err
        return dict(answer)

    def _user(self, client: OAuth2Client, said: Mapping[str, Any]) -> dict[str, Any]:
        address = self._known().get("userinfo_endpoint")
        if not isinstance(address, str) or not is_sound_address(address, self.settings.issuer):
            return {}
        try:
            answer = client.get(address, auth=client.token_auth)
            more = answer.json() if answer.status_code == 200 else {}
        except (httpx2.HTTPError, ValueError, OAuthError) as err:
            raise self._silent(err) from err
        # What is said of somebody else must not be taken (OpenID Connect Core 1.0, 5.3.2).
        return more if isinstance(more, dict) and more.get("sub") == said["sub"] else {}

    def _keys_for(self, kid: str | None) -> list[Mapping[str, Any]]:
        """The provider's keys; asked for again, once, if none is so named: keys are changed."""
        with self._lock:
            kept = self._keys
        now = self._clock()
        if kept is not None and now - kept.at < _KEPT_FOR:
            known = any(key.get("kid") == kid for key in kept.value)
            if known or kid is None or now - kept.at < _ASKED_AGAIN_AFTER:
                return list(kept.value)
        document = self._fetched(self._known()["jwks_uri"])
        keys = document.get("keys")
        if not isinstance(keys, list):
            raise self._silent(ValueError("its keys are no list"))
        with self._lock:
            self._keys = _Kept([key for key in keys if isinstance(key, dict)], now)
            return list(self._keys.value)

    def _known(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4)."""
        now = self._clock()
        with self._lock:
            if self._metadata is not None and now - self._metadata.at < _KEPT_FOR:
                return dict(self._metadata.value)
        issuer = self.settings.issuer
        said = self._fetched(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise SourceError(
                f"{issuer} says that it is {str(said.get('issuer'))[:200]!r}; write the issuer in "
                "the settings to the letter as the provider does"
            )
        for name in _ENDPOINTS:
            if not is_sound_address(str(said.get(name, "")), issuer):
                raise SourceError(f"{issuer} gives no sound {name}; ask its operators")
        with self._lock:
            self._metadata = _Kept(said, now)
        return dict(said)

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            with (
                httpx2.Client(
                    transport=self._transport, timeout=_TIMEOUT_S, verify=_trusted()
                ) as client,
                client.stream("GET", address) as answer,
            ):
                answer.raise_for_status()
                text = b""
                for piece in answer.iter_bytes():
                    text += piece
                    if len(text) > _LARGEST:
                        raise ValueError("its answer is too long")
            document = json.loads(text)
        except (httpx2.HTTPError, ValueError) as err:
            raise self._silent(err) from err
        if not isinstance(document, dict):
            raise self._silent(ValueError("its answer is no object"))
        return document

    def _client(self) -> OAuth2Client:
        chosen: dict[str, Any] = {"transport": self._transport} if self._transport else {}
        return OAuth2Client(
            self.settings.client_id,
            self.settings.client_secret,
            scope=" ".join(self.settings.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
            verify=_trusted(),
            **chosen,
        )

    def _silent(self, err: Exception) -> SourceError:
        return SourceError(
            f"the identity provider {self.settings.name} could not be asked "
            f"({str(err)[:200] or type(err).__name__}); try again later, or sign in another way"
        )
