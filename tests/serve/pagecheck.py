"""What any page must keep to, read with the standard library's parser."""

import re
from collections import Counter
from html.parser import HTMLParser

from starlette.testclient import TestClient

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
         "source", "wbr", "line", "circle", "rect", "path"}  # fmt: skip
_APART = {"td", "th", "dt", "dd", "p", "li", "h1", "h2"}
_ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action"}
_DATA = ("data-clusters", "data-links", "data-footprint", "data-sites", "data-partners",
         "data-network")  # fmt: skip


class Page(HTMLParser):
    """Counts elements, keeps addresses, ids and labels, and checks that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.faults: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        if tag == "br":
            self.words += " "
        self.tags[f"svg {tag}" if "svg" in self._open else tag] += 1
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> gives an attribute twice")
        self.faults += [
            f"{name} on <{tag}>" for name in given if name == "style" or name[:2] == "on"
        ]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append(given)
        if tag == "img" and given.get("alt") is None:
            self.faults.append("image without alt")
        if tag == "script" and not given.get("src"):
            self.faults.append("script in the page")
        for name in (_ADDRESSES.get(tag, ""), *_DATA):
            if given.get(name):
                self.addresses.append(str(given[name]))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that what is closed is what was opened last."""
        if tag in _VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")
        if tag in _APART:
            self.words += " "

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words += data


def faults(text: str) -> list[str]:
    """Everything that is wrong with a page; empty for a good one."""
    page = Page(text)
    found = list(page.faults)
    if page.tags["h1"] != 1:
        found.append(f"{page.tags['h1']} h1")
    if page.tags["main"] != 1 or page.tags["title"] != 1:
        found.append("not one main, or not one title")
    found += [f"id {i} twice" for i, n in Counter(page.ids).items() if n > 1]
    found += [f"no label for {f}" for f in page.fields if f.get("id") not in page.labelled]
    if not re.search('<html lang="[a-z]{2}"', text) or not text.startswith("<!doctype html>"):
        found.append("no language, or no doctype")
    return found


def words(client: TestClient, path: str) -> str:
    """The text of a page, blanks evened out."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", Page(answer.text).words)
