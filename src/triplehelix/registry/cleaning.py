"""What people write, made safe and regular: plain text, simple HTML, web addresses."""

import re
from urllib.parse import urlsplit

import nh3

_TAGS = set("p br b strong i em ul ol li a sub sup h3 h4 blockquote".split())
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean_text(text: str) -> str:
    """
    Text as it came, without blanks around it, control letters, and letters that turn its direction.

    Examples
    --------
    >>> clean_text(" a\\x00 b ")
    'a b'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def clean_html(text: str) -> str:
    """
    HTML with paragraphs, lists, emphasis and links to the web, and nothing else.

    Cleaning what is clean changes nothing.

    Examples
    --------
    >>> clean_html("<p onclick=x()>Up to <b>40</b> a day<script>steal()</script>")
    '<p>Up to <b>40</b> a day</p>'
    """
    return nh3.clean(
        clean_text(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel="noopener nofollow",
        url_schemes={"http", "https", "mailto"}, strip_comments=True,
    ).strip()  # fmt: skip


def web_address(text: str) -> str:
    """
    An address of the web, to the letter as it came.

    Raises
    ------
    ValueError
        If it is not one of http or https, or has blanks or control letters in it.

    Examples
    --------
    >>> web_address("https://example.org/a")
    'https://example.org/a'
    """
    stripped = text.strip()
    parts = urlsplit(stripped)
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", stripped):
        raise ValueError("give an address that starts with https:// or http://")
    if _CONTROL.search(stripped) or any(c in stripped for c in "<>\"'`{}\\"):
        raise ValueError("the address has letters that no web address has; write them as %XX")
    return stripped
