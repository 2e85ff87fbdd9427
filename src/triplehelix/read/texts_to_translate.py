"""
All texts of offers, as a template for catalogues: `python -m triplehelix.read.texts_to_translate`.

It writes `locale/triplehelix.pot`; a translator copies it to `locale/LANGUAGE.po` and fills it in.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from triplehelix.read.catalogues import FOLDER
from triplehelix.read.value_chain import read_chain

TEMPLATE = FOLDER / "triplehelix.pot"
_CODE = Path(__file__).parent.parent / "offer"
# What is called in the code to say a text: `words("...")`, `words.say("...")`, `words.count(...)`.
_CALLS = {"words": None, "say": None, "count": (1, 2)}


def template() -> bytes:
    """
    The template, without dates and line numbers: the same for the same texts.

    Examples
    --------
    >>> b'msgid "The value chain"' in template()
    True
    """
    catalogue = Catalog(
        project="triplehelix", header_comment="# Texts of offers, to be translated."
    )
    found = extract_from_dir(
        str(_CODE), method_map=[("**.py", "python")], keywords=_CALLS, comment_tags=()
    )
    for file, _, message, _, _ in found:
        catalogue.add(message, locations=[(f"offer/{file}", 0)])
    for text in _of_rules():
        catalogue.add(text, locations=[("read/value_chain/life-science.yaml", 0)])
    written = BytesIO()
    write_po(written, catalogue, omit_header=True, sort_output=True, include_lineno=False)
    return written.getvalue()


def _of_rules() -> list[str]:
    chain = read_chain()
    texts = [audience.label for audience in chain.audiences]
    for role in chain.roles:
        texts += [role.label, role.definition, *(rule.says for rule in role.rules)]
    return [text for text in texts if text]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(template())
