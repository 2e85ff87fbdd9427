"""A person at a browser: opens pages, follows their links by words, fills their forms in."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Self

import httpx2

from tests.serve.pagecheck import Page, faults

_TEXT_TYPES = {"submit", "button", "file", "checkbox", "radio"}


class Form:
    """A form as it stands on the page: where it goes, what it holds, what can be chosen."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: list[tuple[str, str]] = []
        self.options: dict[str, dict[str, str]] = {}
        self.buttons: dict[str, tuple[str, str]] = {}
        self.files: list[str] = []
        self.boxes: list[tuple[str, str]] = []

    @property
    def names(self) -> set[str]:
        """Everything that can be filled in."""
        return {n for n, _ in (*self.fields, *self.boxes)} | set(self.options) | set(self.files)

    def filled(self, given: Mapping[str, Any], button: str) -> dict[str, list[str]]:
        """What a browser sends: what stood there, what was typed over it, the button."""
        unknown = set(given) - self.names
        assert not unknown, f"the form {self.action} has no {unknown}; it has {self.names}"
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name, value in given.items():
            sent[name] = [self._chosen(name, one) for one in _listed(value)]
        name, value = self.buttons[button]
        return {**sent, name: [value]} if name else sent

    def _chosen(self, name: str, words: str) -> str:
        """The value behind the words of an option; of other fields what was typed."""
        if name not in self.options:
            return words
        assert words in self.options[name], f"{name} offers {list(self.options[name])}"
        return self.options[name][words]


class _Reader(HTMLParser):
    """Finds forms and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._link: str | None = None
        self._button: tuple[str, str] | None = None
        self._select = self._area = ""
        self._option: tuple[str, bool] | None = None
        self._text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "")
        if tag in ("a", "option", "textarea", "button"):
            self._text = ""
        if tag == "a" and "href" in given:
            self._link = given["href"]
        if tag == "form":
            self._form = Form(given["action"])
            self.forms.append(self._form)
        form = self._form
        if form is None:
            return
        if tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and kind in ("checkbox", "radio"):
            form.boxes.append((name, value))
            form.fields += [(name, value)] if "checked" in given else []
        elif tag == "input" and kind not in _TEXT_TYPES:
            form.fields.append((name, value))
        elif tag == "select":
            self._select = name
            form.options[name] = {}
        elif tag == "option":
            self._option = (given.get("value", "\0"), "selected" in given)
        elif tag == "textarea":
            self._area = name
        elif tag == "button":
            self._button = (name, value)

    def handle_endtag(self, tag: str) -> None:
        """Note its words."""
        words, form = " ".join(self._text.split()), self._form
        if tag == "a" and self._link is not None:
            self.links.append((words, self._link))
            self._link = None
        elif tag == "form":
            self._form = None
        elif form is None:
            return
        elif tag == "option" and self._option and self._select:
            value = words if self._option[0] == "\0" else self._option[0]
            first = not form.options[self._select]
            form.options[self._select][words] = value
            if first or self._option[1]:
                form.fields = [each for each in form.fields if each[0] != self._select]
                form.fields.append((self._select, value))
        elif tag == "textarea":
            form.fields.append((self._area, self._text.removeprefix("\n")))
        elif tag == "button" and self._button is not None:
            form.buttons[words] = self._button
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self._text += data


def forms_of(text: str) -> list[Form]:
    """The forms of a page."""
    return _Reader(text).forms


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value]


class Person:
    """
    Somebody with a browser of their own.

    Parameters
    ----------
    address : of the server, `http://127.0.0.1:PORT`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx2.Client(base_url=address, follow_redirects=True, timeout=60)
        self.page = ""
        self.path = ""
        self.status = 0

    def leave(self) -> None:
        """Close the browser."""
        self._client.close()

    @property
    def words(self) -> str:
        """What the page says, between single blanks."""
        return " ".join(Page(self.page).words.split())

    @property
    def links(self) -> list[str]:
        """The words of every link of the page."""
        return [said for said, _ in _Reader(self.page).links]

    def open(self, path: str) -> Self:
        """Type an address."""
        return self._got(self._client.get(path))

    def follow(self, words: str) -> Self:
        """Follow the first link of the page with these words."""
        found = [href for said, href in _Reader(self.page).links if said == words]
        assert found, f"{self.path} has no link {words!r}: {_Reader(self.page).links}"
        return self.open(found[0])

    def press(self, button: str, *, file: tuple[str, bytes] | None = None, **given: Any) -> Self:
        """
        Fill in the first form of the page that has this button, and press it.

        Fields are given by name, options by their words; a dot in a name is written `__`.
        """
        forms = [form for form in _Reader(self.page).forms if button in form.buttons]
        said = [list(form.buttons) for form in _Reader(self.page).forms]
        assert forms, f"{self.path} has no button {button!r}: {said}"
        typed = {name.replace("__", "."): value for name, value in given.items()}
        sent = forms[0].filled(typed, button)
        files = {forms[0].files[0]: file} if file else None
        return self._got(self._client.post(forms[0].action, data=sent, files=files))

    def form(self, button: str) -> Form:
        """The first form with this button."""
        return next(form for form in _Reader(self.page).forms if button in form.buttons)

    def bytes_of(self, path: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        answer = self._client.get(path)
        return answer.status_code, answer.content

    def _got(self, answer: httpx2.Response) -> Self:
        self.page, self.status, self.path = answer.text, answer.status_code, answer.url.path
        if "text/html" in answer.headers["content-type"]:
            assert faults(self.page) == [], self.path
        return self
