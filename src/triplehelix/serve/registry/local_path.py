"""Where somebody is led after a form: pages of ours alone."""

import re
from urllib.parse import urlsplit

# No backslash and no control letter: browsers read them as other things.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f\u2028\u2029]{0,1999}")
_NEVER = ("/sign-in", "/sign-out", "/invitations", "/reset")


def local_path(asked: str | None, otherwise: str = "/me") -> str:
    """
    A path of ours to go to, as it was asked for, or another where it is not one.

    Examples
    --------
    >>> local_path("/assets?q=pcr"), local_path("//evil.example/a"), local_path("https://evil.example")
    ('/assets?q=pcr', '/me', '/me')
    """
    if not asked or not _PATH.fullmatch(asked):
        return otherwise
    try:
        parts = urlsplit(asked)
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or parts.path.startswith(_NEVER):
        return otherwise
    return asked
