"""Which calls say what somebody looks for."""

from collections.abc import Iterator, Sequence

from triplehelix.capabilities.listed import Capabilities
from triplehelix.capabilities.words import ASKING, words
from triplehelix.registry.records import Record

STATES = ("open", "draft", "closed")
_SHORTEST_BEGINNING = 3


def called(records: Sequence[Record], query: str, capabilities: Capabilities) -> list[Record]:
    """
    Those of some calls that say every word of a query, in all that the viewer sees of them.

    A call says the words of its title, heading, text, organiser and place, and of its needs the
    names and synonyms of their capabilities. Words are compared without endings, case and accents;
    three letters or more find a word that begins so; words that only ask, such as *who* and
    *needs*, are passed over. Nothing but the calls given decides, so a call that is hidden changes
    no answer.

    Returns
    -------
    Those with more of the words in their title first, then open ones; by title and id. All of
    them, in that order, where the query has no word.
    """
    asked = [word for word in words(query) if word not in ASKING]
    found = []
    for record in records:
        said = set(words(record.name))
        in_title = sum(_says(said, word) for word in asked)
        if in_title < len(asked):
            said |= {word for text in _texts(record, capabilities) for word in words(text)}
        if all(_says(said, word) for word in asked):
            state = STATES.index(record.fields["state"])
            found.append(((-in_title, state, record.name.casefold(), record.record_id), record))
    return [record for _, record in sorted(found, key=lambda one: one[0])]


def _says(said: set[str], word: str) -> bool:
    if word in said:
        return True
    return len(word) >= _SHORTEST_BEGINNING and any(one.startswith(word) for one in said)


def _texts(record: Record, capabilities: Capabilities) -> Iterator[str]:
    fields = record.fields
    for name in ("heading", "text", "organiser"):
        yield str(fields.get(name) or "")
    yield str((fields.get("place") or {}).get("name") or "")
    for need in (*fields.get("needs", ()), *fields.get("sealed_needs", ())):
        yield str(need["need"]).replace("-", " ")
        yield str(need.get("note") or "")
        slug = need["capability"]
        yield slug.replace("-", " ")
        if slug in capabilities:
            yield capabilities[slug].label
            yield from capabilities[slug].synonyms
