"""
All texts of offers, as a template for catalogues: `python -m triplehelix.read.texts_to_translate`.

It writes `locale/triplehelix.pot`, and brings every `locale/LANGUAGE.po` up to date with it: a new
text stands there without a translation, and one that is no longer used goes. Of a language that is
named, as in `... texts_to_translate ko`, a catalogue is begun.
"""

import ast
import csv
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from triplehelix.errors import InputError
from triplehelix.read.capabilities import read_capabilities
from triplehelix.read.catalogues import FOLDER, languages
from triplehelix.read.country_groups import country_groups
from triplehelix.read.schemes import read_scheme
from triplehelix.read.value_chain import read_chain

TEMPLATE = FOLDER / "triplehelix.pot"
_PACKAGE = Path(__file__).parent.parent
# What is called to say a text, and how many forms it takes: `words("...")`, `words.say("...")`,
# `words.count(one, many, ...)` in code; `_("...")` and `say("...")` on pages.
_CALLS = {"words": 1, "say": 1, "gettext": 1, "count": 2}
_ON_PAGES = {"_": None, "say": None}
_CODE, _PAGES = ("offer/**/*.py", "serve/*.py"), "serve/templates/*.html"

Message = str | tuple[str, ...]


def template() -> bytes:
    """
    The template, without dates and line numbers: the same for the same texts.

    Examples
    --------
    >>> b'msgid "The value chain"' in template()
    True
    """
    return _written(_catalogue())


def brought_up_to_date(po: bytes, language: str) -> bytes:
    """
    A catalogue with the texts of today: what was translated stays, nothing is guessed.

    Its head, up to the first empty line, stays as it is: Babel would write the time into it.
    """
    head, _, _ = po.partition(b"\n\n")
    catalogue = read_po(BytesIO(po), locale=language)
    catalogue.update(_catalogue(), no_fuzzy_matching=True, update_header_comment=False)
    return head + b"\n\n" + _written(catalogue)


def begun(language: str) -> bytes:
    """
    A catalogue without a translation yet, with as many plural forms as the language has.

    Raises
    ------
    InputError
        If no language has this code.

    Examples
    --------
    >>> print(begun("ko").decode()[:80])
    msgid ""
    msgstr ""
    "Language: ko\\n"
    "Content-Type: text/plain; charset=utf-8\\n"
    """
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError) as err:
        raise InputError(
            f"no language has the code {language!r}; give one as of ISO 639, such as ko or pt_BR"
        ) from err
    head = (f"Language: {language}", "Content-Type: text/plain; charset=utf-8",
            f"Plural-Forms: {get_plural(language).plural_forms}")  # fmt: skip
    lines = "".join(f'"{line}\\n"\n' for line in head)
    return brought_up_to_date(f'msgid ""\nmsgstr ""\n{lines}\n'.encode(), language)


def _catalogue() -> Catalog:
    catalogue = Catalog(project="triplehelix", fuzzy=False)
    for path, message in sorted(_said_in_code(), key=str):
        catalogue.add(message, locations=[(path, 0)])
    for path, text in _listed():
        catalogue.add(text, locations=[(path, 0)])
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    written = BytesIO()
    write_po(
        written, catalogue, omit_header=True, sort_output=True, include_lineno=False,
        ignore_obsolete=True,
    )  # fmt: skip
    return written.getvalue()


def _said_in_code() -> Iterator[tuple[str, Message]]:
    for file in sorted(file for pattern in _CODE for file in _PACKAGE.glob(pattern)):
        for message in said_in(file.read_text("utf-8")):
            yield file.relative_to(_PACKAGE).as_posix(), message
    for file in sorted(_PACKAGE.glob(_PAGES)):
        with file.open("rb") as page:
            for _, message, _, _ in extract("jinja2", page, keywords=_ON_PAGES):
                yield file.relative_to(_PACKAGE).as_posix(), message


def said_in(code: str) -> Iterator[Message]:
    """
    The texts that Python code says, those of calls within calls too, which Babel loses.

    Examples
    --------
    >>> sorted(said_in('words.say("see {page}", page=Name(words("methods")))'))
    ['methods', 'see {page}']
    >>> list(said_in('words.count("{n} town", "{n} towns", n)'))
    [('{n} town', '{n} towns')]
    """
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func
        forms = _CALLS.get(name.id if isinstance(name, ast.Name) else str(name), 0)
        texts = tuple(
            one.value for one in call.args[:forms]
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )  # fmt: skip
        if forms and len(texts) == forms:
            yield texts if forms > 1 else texts[0]


def _listed() -> Iterator[tuple[str, str]]:
    """What stands in the files of rules and lists that ship."""
    for text in _of_rules():
        yield "read/value_chain/life-science.yaml", text
    for theme in read_scheme().themes:
        yield "read/schemes/life-science.yaml", theme.label
    for group in country_groups().values():
        yield "read/country_groups.yaml", group.name
    for capability in read_capabilities():
        yield "read/capabilities/life-science.yaml", capability.label
        for unit in capability.units:
            for word in filter(None, (unit.unit, unit.per)):
                yield "read/capabilities/life-science.yaml", word
    with (_PACKAGE / "sample" / "registry" / "assets.csv").open(encoding="utf-8") as assets:
        for row in csv.DictReader(assets):
            for word in filter(None, (row["capacity_unit"], row["capacity_per"])):
                yield "sample/registry/assets.csv", word


def _of_rules() -> list[str]:
    chain = read_chain()
    texts = [audience.label for audience in chain.audiences]
    for role in chain.roles:
        texts += [role.label, role.definition, *(rule.says for rule in role.rules)]
    return [text for text in texts if text]


def main(more: Sequence[str] = (), folder: Path = FOLDER) -> None:
    """Write the template, bring every catalogue up to date, and begin those of more languages."""
    fresh = {language: begun(language) for language in more if language not in languages(folder)}
    folder.mkdir(exist_ok=True)
    (folder / TEMPLATE.name).write_bytes(template())
    for language in languages(folder):
        file = folder / f"{language}.po"
        file.write_bytes(brought_up_to_date(file.read_bytes(), language))
    for language, content in fresh.items():
        (folder / f"{language}.po").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
