"""
Identity providers, and whether an ID token is one of theirs for us (OpenID Connect Core 1.0).

What a token must be is pinned beforehand: its algorithm, its issuer, its audience, its nonce, its
age. Nothing in the token chooses how it is checked.
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet
from joserfc.jwt import JWTClaimsRegistry

from triplehelix.errors import InputError, NotSignedIn

# Signatures that need the provider's private key: never none, never a secret shared with us.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "Ed25519")  # fmt: skip
_KEYS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_LEAST_RSA_BITS = 2048
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_OLDEST_S, _LEEWAY_S = 600, 60
_LONGEST_TOKEN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcProvider:
    """
    An identity provider through which people may sign in.

    Parameters
    ----------
    name : its part of our addresses: small letters, digits, hyphens.
    issuer : its address to the letter, as its tokens say it; https, or http on this machine.
    client_id, client_secret : what it knows us by; no secret for a public client.
    algorithms : of signatures taken, of `ALGORITHMS`.
    enabled : whether people may sign in through it now.
    label : what the sign-in page calls it.
    scopes : what is asked for.
    email_domains : domains whose addresses it can vouch for; empty is any.
    newcomers : whether somebody without an account or invitation gets an account without roles.

    Raises
    ------
    InputError
        If a value is wrong.

    Examples
    --------
    >>> OidcProvider(name="uni", issuer="https://id.example.org", client_id="registry").algorithms
    ('RS256', 'ES256')
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    enabled: bool = True
    label: str = ""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    email_domains: tuple[str, ...] = ()
    newcomers: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            raise InputError(
                f"oidc: name {self.name!r} is none; give small letters, digits and hyphens"
            )
        if not is_sound_address(self.issuer, self.issuer) or urlsplit(self.issuer).query:
            raise InputError(
                f"oidc {self.name}: issuer {self.issuer!r} cannot be trusted; give the https:// "
                "address that the provider calls its issuer"
            )
        if not self.client_id:
            raise InputError(f"oidc {self.name}: client_id is empty; the provider gives it out")
        for one in self.algorithms:
            if one not in ALGORITHMS:
                raise InputError(
                    f"oidc {self.name}: algorithm {one!r} is refused; give some of "
                    f"{', '.join(ALGORITHMS)}"
                )
        if not self.algorithms or "openid" not in self.scopes:
            raise InputError(
                f"oidc {self.name}: give at least one algorithm, and openid among the scopes"
            )

    def vouches_for(self, email: str) -> bool:
        """Whether an address in lower case is of a domain that this provider speaks for."""
        domains = {domain.lower() for domain in self.email_domains}
        return not domains or email.rpartition("@")[2] in domains


def is_sound_address(address: str, issuer: str) -> bool:
    """
    Whether a provider's address may be asked: https, or http on this machine if its issuer is too.

    Examples
    --------
    >>> is_sound_address("http://127.0.0.1/keys", "https://id.example.org")
    False
    """
    try:
        parts, home = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if parts.fragment or parts.username is not None or not parts.hostname:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and home.hostname in _LOOPBACK


def key_id(token: str) -> str | None:
    """
    Which of the issuer's keys a token says it is signed with; None if it does not say.

    Raises
    ------
    NotSignedIn
        If it is no token.
    """
    kid = _header(token).get("kid")
    if kid is not None and not isinstance(kid, str):
        raise _refused("its header is odd")
    return kid


def checked_claims(
    token: str, keys: list[Mapping[str, Any]], provider: OidcProvider, *, nonce: str, now: int
) -> dict[str, Any]:
    """
    What an ID token says, once all of it holds.

    Parameters
    ----------
    token : as the provider sent it.
    keys : the provider's public keys, as JWKS has them.
    nonce : what was sent with this visit.
    now : seconds since 1970.

    Raises
    ------
    NotSignedIn
        If its algorithm is not one of the provider's, its signature does not hold, it is of
        another issuer, for another audience, of another visit, expired, or older than 10 minutes.
    """
    algorithm = _header(token).get("alg")
    if algorithm not in provider.algorithms:
        raise _refused(f"its algorithm is not one of {', '.join(provider.algorithms)}")
    try:
        said = jwt.decode(
            token, _usable(keys, str(algorithm), key_id(token)), list(provider.algorithms)
        ).claims
        _rules(provider, nonce, now).validate(said)
    except (JoseError, ValueError) as err:
        raise _refused(_why(err)) from err
    _require_meant_for_us(said, provider)
    if now - said["iat"] > _OLDEST_S:
        raise _refused("it is older than ten minutes")
    if not hmac.compare_digest(str(said["nonce"]).encode(), nonce.encode()):
        raise _refused("it belongs to another visit")
    return said


def _rules(provider: OidcProvider, nonce: str, now: int) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=now,
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _require_meant_for_us(said: Mapping[str, Any], provider: OidcProvider) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7, steps 3 to 5."""
    others = isinstance(said["aud"], list) and len(said["aud"]) > 1
    azp = said.get("azp")
    if (others and azp is None) or (azp is not None and azp != provider.client_id):
        raise _refused("it was made for another party")
    if not said["sub"] or len(said["sub"]) > 255 or not isinstance(said["nonce"], str):
        raise _refused("it names nobody")


def _usable(keys: list[Mapping[str, Any]], algorithm: str, kid: str | None) -> KeySet:
    """The public keys of the algorithm's own kind, and of the id if the token gives one."""
    kind = _KEYS[algorithm[:2]]
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (kid is None or key.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise _refused("it is signed with no key of the provider's, or does not say with which")
    # Anything but the public part would be a slip of the provider's that must not matter.
    public = {name: fitting[0][name] for name in ("kty", "n", "e", "crv", "x", "y")
              if name in fitting[0]}  # fmt: skip
    key = JWKRegistry.import_key(public)
    if kind == "RSA" and len(urlsafe_b64decode(public["n"] + "==")) * 8 < _LEAST_RSA_BITS:
        raise _refused(f"the provider's key has fewer than {_LEAST_RSA_BITS} bits")
    if kid is not None:
        key = JWKRegistry.import_key({**public, "kid": kid})
    return KeySet([key])


def _header(token: str) -> dict[str, Any]:
    first = token.split(".", 1)[0]
    try:
        if token.count(".") != 2 or len(token) > _LONGEST_TOKEN:
            raise ValueError
        header = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError as err:
        raise _refused("it is no signed token") from err
    if not isinstance(header, dict):
        raise _refused("its header is odd")
    return header


def _why(err: Exception) -> str:
    kind = type(err).__name__
    claim = getattr(err, "claim", None)
    return f"{kind} of {claim}" if claim else kind


def _refused(why: str) -> NotSignedIn:
    return NotSignedIn(
        f"the identity provider's token was refused: {why}; sign in again, and if that does not "
        "help, tell the administrators"
    )
