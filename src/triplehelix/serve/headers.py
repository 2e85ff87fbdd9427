"""What every response says to browsers and caches; HEAD answered like GET, without a body."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triplehelix.serve.settings import Settings

_STATIC = "/static/"
# What stands here, and answers, may be shown in frames of other sites; nothing else may.
_EMBED = "/embed/"
_FOREVER = "public, max-age=31536000, immutable"
# An atlas started on another edition must be seen at once: ask, and be told "not modified".
_ASK_AGAIN = "no-cache"
LIVE = "private, no-store"


def security_headers(settings: Settings) -> dict[str, str]:
    """
    The headers that keep a page from loading or sending anything but our own.

    The worker of the map is a file of ours, so no `blob:` is needed; the images that the map
    draws for itself are, and tiles where a host of them is set.
    """
    tiles = f" {settings.tile_origin}" if settings.tile_origin else ""
    return {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            f"img-src 'self' data: blob:{tiles}; connect-src 'self'{tiles}; worker-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


def framed_headers() -> dict[str, str]:
    """
    The headers of what other sites may show in a frame, or as a picture.

    Such a page runs no script, sends no form and loads nothing but our style and letters.
    """
    return {
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
            "form-action 'none'; base-uri 'none'; frame-ancestors *; object-src 'none'"
        ),
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
    }


class Envelope:
    """
    Adds the headers, answers "not modified", and turns HEAD into GET without a body.

    An edition never changes, so one tag (edition, version, templates, assets) serves for every
    page; what errs gets no tag. The API and the downloads may be read by other sites.
    """

    def __init__(self, app: ASGIApp, *, tag: str, settings: Settings) -> None:
        self.app = app
        self.tag = f'W/"{tag}"'
        self.common = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope = {**scope, "method": "GET"}
        asked = Headers(scope=scope).get("if-none-match", "")
        known = self.tag in [one.strip() for one in asked.split(",")]
        await self.app(scope, receive, _Sender(self, scope["path"], send, bodiless, known))

    def add(self, path: str, status: int, headers: MutableHeaders) -> None:
        """Set what a response to this path says."""
        for name, value in self.common.items():
            headers[name] = value
        if path.startswith(_EMBED) and status == 200:
            del headers["x-frame-options"]
            for name, value in framed_headers().items():
                headers[name] = value
        if path.startswith("/api/") or path.endswith((".json", ".csv", ".geojson", ".parquet")):
            headers["access-control-allow-origin"] = "*"
            headers["cross-origin-resource-policy"] = "cross-origin"
        if path.startswith(_STATIC):
            headers["cache-control"] = _FOREVER if status == 200 else "no-store"
        elif headers.get("cache-control") == LIVE:
            # What the registry says to one asker is for nobody else, and true only now.
            for name in ("access-control-allow-origin", "etag"):
                if name in headers:
                    del headers[name]
            headers["cross-origin-resource-policy"] = "same-origin"
        elif status == 200:
            headers["cache-control"] = _ASK_AGAIN
            headers["etag"] = self.tag
        else:
            headers["cache-control"] = "no-store"


class _Sender:
    """The sending side of one request."""

    def __init__(
        self,
        envelope: Envelope,
        path: str,
        send: Callable[[Message], object],
        bodiless: bool,
        known: bool,
    ) -> None:
        self.envelope, self.path, self.send = envelope, path, send
        self.bodiless, self.known = bodiless, known
        self._is_static = path.startswith(_STATIC)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = self._start(message)
        elif self.bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)  # type: ignore[misc]

    def _start(self, message: Message) -> Message:
        message = {**message, "headers": list(message.get("headers", []))}
        headers = MutableHeaders(scope=message)
        self.envelope.add(self.path, message["status"], headers)
        live = headers["cache-control"] == LIVE
        if self.known and message["status"] == 200 and not self._is_static and not live:
            self.bodiless = True
            for name in ("content-length", "content-type", "content-encoding"):
                if name in headers:
                    del headers[name]
            message["status"] = 304
        return message
