"""
An OpenID provider for tests, made of Authlib's server side: a process of its own on loopback.

Two issuers live in it, `/one` and `/two`. `POST /control` says who signs in next and what is wrong
with the next token; without it all is as it should be. The first line it prints is its port.
"""

import base64
import hmac
import json
import os
import secrets
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http, on loopback

from authlib.oauth2.rfc6749 import (  # noqa: E402
    AuthorizationServer,
    OAuth2Error,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload  # noqa: E402
from authlib.oauth2.rfc6750 import BearerTokenGenerator  # noqa: E402
from authlib.oauth2.rfc7636 import CodeChallenge  # noqa: E402
from authlib.oauth2.rfc9207 import IssuerParameter  # noqa: E402
from authlib.oidc.core import UserInfo  # noqa: E402
from authlib.oidc.core.grants import OpenIDCode  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import ECKey, RSAKey  # noqa: E402

CLIENT, SECRET = "registry", "a secret of the client's"
USUAL: dict[str, Any] = {
    "redirect_uris": [], "user": {"sub": "s-1", "name": "Ada", "email": "ada@example.org",
                                  "email_verified": True},
    "claims": {}, "sign": "RS256", "kid": None, "userinfo": {}, "now": None, "in_token": True,
}  # fmt: skip
STATE: dict[str, Any] = dict(USUAL)
KEYS = {"rsa": RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False),
        "ec": ECKey.generate_key("P-256", {"kid": "e1"}, auto_kid=False)}  # fmt: skip
OTHER = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
CODES: dict[str, "Code"] = {}
ACCESS: set[str] = set()


class Client:
    """The registry, as the provider knows it."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return str(STATE["redirect_uris"][0])

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in STATE["redirect_uris"]

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """A code that was given out."""

    def __init__(self, request: OAuth2Request) -> None:
        data = request.payload.data
        self.redirect_uri, self.scope = data.get("redirect_uri"), data.get("scope")
        self.nonce, self.user = data.get("nonce"), request.user
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class CodeGrant(grants.AuthorizationCodeGrant):
    """Codes are kept in memory, and each is good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        CODES[code] = Code(request)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [c for c, kept in CODES.items() if kept is authorization_code]:
            del CODES[code]

    def authenticate_user(self, authorization_code: Code) -> Any:
        return authorization_code.user


class IdToken(OpenIDCode):
    """ID tokens, with what is to be wrong about the next one."""

    def __init__(self, issuer: str) -> None:
        super().__init__(require_nonce=True)
        self.issuer = issuer

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
        return UserInfo(user if STATE["in_token"] else {"sub": user["sub"]})

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        now = STATE["now"] or int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
                  "nonce": request.authorization_code.nonce,
                  **self.generate_user_info(request.user, token["scope"])}  # fmt: skip
        claims = {k: v for k, v in {**claims, **STATE["claims"]}.items() if v is not None}
        return signed(claims, STATE["sign"])


class Answer:
    """An answer, whose address to go to can be changed."""

    def __init__(self, status: int, body: Any, headers: Any) -> None:
        self.status, self.body, self.headers = status, body, dict(headers)

    @property
    def location(self) -> str | None:
        return self.headers.get("Location")

    @location.setter
    def location(self, address: str) -> None:
        self.headers["Location"] = address


class Issuer(AuthorizationServer):
    """Authlib's server, over the standard library's."""

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        ACCESS.add(token["access_token"])

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        pass

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> "Answer":
        return Answer(status, body, headers)


class Named(IssuerParameter):
    """Says in each answer who it is (RFC 9207)."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def get_issuer(self) -> str:
        return self.issuer


def signed(claims: dict[str, Any], how: str) -> str:
    """A token, signed as it should be, or as an attacker would."""
    header = {"alg": how, "kid": STATE["kid"] or "k1"}
    if how == "none":
        return ".".join((_part({**header, "alg": "none"}), _part(claims), ""))
    if how == "HS256":  # keyed with what everybody knows: the provider's public key
        told = f"{_part(header)}.{_part(claims)}"
        mac = hmac.new(KEYS["rsa"].as_pem(private=False), told.encode(), sha256).digest()
        return f"{told}.{_letters(mac)}"
    if how == "other":
        return jwt.encode({**header, "alg": "RS256"}, claims, OTHER, ["RS256"])
    if how == "ES256":
        return jwt.encode({"alg": how, "kid": "e1"}, claims, KEYS["ec"], [how])
    return jwt.encode(header, claims, KEYS["rsa"], [how])


def issuer(address: str) -> Issuer:
    """One issuer of the process."""
    server = Issuer()
    server.register_token_generator(
        "default", BearerTokenGenerator(lambda **_: secrets.token_urlsafe(30))
    )
    server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken(address)])
    server.register_extension(lambda it: Named(address)(it))
    return server


class Handler(BaseHTTPRequestHandler):
    """Authorization, tokens, keys, discovery, users; and control."""

    issuers: dict[str, Issuer] = {}
    base = ""

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        which, _, what = path.lstrip("/").partition("/")
        if what == ".well-known/openid-configuration":
            self.say(200, self.metadata(which))
        elif what == "keys":
            self.say(200, {"keys": [key.as_dict(private=False) for key in KEYS.values()]})
        elif what == "authorize":
            self.authorize(self.issuers[which], query)
        elif what == "userinfo":
            known = self.headers.get("authorization", "").removeprefix("Bearer ") in ACCESS
            self.say(200 if known else 401, {**STATE["user"], **STATE["userinfo"]})
        else:
            self.say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        which, _, what = self.path.lstrip("/").partition("/")
        if which == "control":
            self.control(json.loads(body))
        elif what == "token":
            request = self.asked("POST", dict(parse_qsl(body)))
            answer = self.issuers[which].create_token_response(request)
            self.say(answer.status, answer.body, answer.headers.items())
        else:
            self.say(404, {})

    def authorize(self, server: Issuer, query: dict[str, str]) -> None:
        request = self.asked("GET", query)
        try:
            grant = server.get_consent_grant(request, dict(STATE["user"]))
        except OAuth2Error as err:
            self.say(400, {"error": err.error})
            return
        answer = server.create_authorization_response(request, dict(STATE["user"]), grant)
        self.say(answer.status, answer.body, answer.headers.items())

    def asked(self, method: str, data: dict[str, str]) -> OAuth2Request:
        request = OAuth2Request(method, f"{self.base}{self.path}", headers=dict(self.headers))
        request.payload = BasicOAuth2Payload(data)
        type(request).form = property(lambda it: it.payload.data)
        type(request).args = property(lambda it: it.payload.data)
        return request

    def metadata(self, which: str) -> dict[str, Any]:
        own = f"{self.base}/{which}"
        return {
            "issuer": own, "authorization_endpoint": f"{own}/authorize",
            "token_endpoint": f"{own}/token", "jwks_uri": f"{own}/keys",
            "userinfo_endpoint": f"{own}/userinfo", "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip

    def control(self, told: dict[str, Any]) -> None:
        if told.pop("rotate", None):
            KEYS["rsa"] = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, auto_kid=False)
            told["kid"] = KEYS["rsa"].kid
        if told.pop("reset", None):
            STATE.update(USUAL, kid=KEYS["rsa"].kid)
        STATE.update(told)
        self.say(200, {})

    def say(self, status: int, body: Any, headers: Any = ()) -> None:
        written = json.dumps(body).encode() if isinstance(body, dict) else str(body or "").encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if isinstance(body, dict) and not headers:
            self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _part(said: dict[str, Any]) -> str:
    return _letters(json.dumps(said).encode())


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


if __name__ == "__main__":
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.base = f"http://127.0.0.1:{listening.server_address[1]}"
    Handler.issuers = {one: issuer(f"{Handler.base}/{one}") for one in ("one", "two")}
    print(listening.server_address[1], flush=True)
    listening.serve_forever()
