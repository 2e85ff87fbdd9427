"""From picked texts to what is staged: organisations, activities, participations, figures."""

import html
import re
from collections.abc import Sequence
from typing import Any

from triplehelix.read.countries import code_of
from triplehelix.read.letters import repaired
from triplehelix.read.mapped.dates import period_of, span_of
from triplehelix.read.mapped.numbers import amount_of, number_of
from triplehelix.read.mapped.places import position_of
from triplehelix.read.mapped.rules import OWN, Rules, Staged, Text, Texts, UnfitError, word_of
from triplehelix.read.rows import mention_id

_DOUBT = ("source_url", "confidence", "note")


_MENTIONS_KEPT = 50_000


class Mentions:
    """Mentions by the texts they are made of: most rows of a table repeat an organisation."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._made: dict[tuple[Any, ...], dict[str, Any]] = {}

    def of(self, texts: Texts) -> dict[str, Any]:
        said = tuple(item for item in texts.items() if item[0] not in OWN)
        made = self._made.get(said)
        if made is None:
            made = mention_of(dict(said), self.rules, "organisation")
            if len(self._made) >= _MENTIONS_KEPT:
                self._made.clear()
            self._made[said] = made
        return made


def mention_of(texts: Texts, rules: Rules, id_field: str) -> dict[str, Any]:
    """What a row says of an organisation: values of `staged_organisations`."""
    name = _clean(texts.get("name", ""))
    country = _country(texts.get("country", ""))
    record = texts.get(id_field) or _derived(name, country)
    if not record:
        raise UnfitError(
            "has neither a name nor an id of the organisation; fill in one, or leave "
            "such rows out with `skip_when`"
        )
    position = position_of(texts, rules, country)
    values = {
        "source": rules.source,
        "source_record_id": record,
        "name": name,
        "names": _distinct(_clean(n) for n in _many(texts.get("names", ())) if n != name),
        "helix": word_of("helix", texts),
        "country": country,
        "street": _clean(texts.get("street", "")),
        "postcode": texts.get("postcode", "").upper(),
        "city": _clean(texts.get("city", "")),
        "identifiers": _coded(texts.get("identifiers", ())),
        "parent_record_id": texts.get("parent", ""),
        **position,
    }
    if id_field == "id":
        values |= _doubt(texts)
    said = {field: value for field, value in values.items() if value not in ("", [], None)}
    return {"mention_id": mention_id(said), **said}


def _derived(name: str, country: str) -> str:
    """The id of an organisation that is known by name and country only."""
    plain = " ".join(name.casefold().split())
    return f"{plain}, {country}" if plain and country else plain


def activity_of(texts: Texts, rules: Rules) -> dict[str, Any]:
    title = _clean(texts.get("title", ""))
    record = texts.get("id") or " ".join(title.casefold().split())
    if not record:
        raise UnfitError("has neither an id nor a title of the activity; fill in one")
    start, end = span_of(texts, rules)
    amount, currency = amount_of(texts, rules)
    values = {
        "source": rules.source,
        "source_record_id": record,
        "kind": word_of("kind", texts, needed=True),
        "title": title,
        "start": start,
        "end": end,
        "amount": amount,
        "currency": currency,
        "amount_note": _clean(texts.get("amount_note", "")),
        "summary": _clean(texts.get("summary", "")),
        "language": texts.get("language", ""),
        "themes": _distinct(_many(texts.get("themes", ()))),
        "codes": _coded(texts.get("codes", ())),
        "url": texts.get("url", ""),
        **_doubt(texts),
    }
    return {field: value for field, value in values.items() if value not in ("", [], None)}


def participation_of(texts: Texts, rules: Rules, activity: str, mentions: Mentions) -> Staged:
    if not activity:
        raise UnfitError("does not say which activity it belongs to; fill in the activity's id")
    mention = mentions.of(texts)
    role = word_of("role", texts) or "partner"
    amount, currency = amount_of(texts, rules)
    place = (mention.get("city") or mention.get("postcode") or "").casefold()
    record = "/".join(filter(None, (activity, mention["source_record_id"], role, place)))
    values = {
        "source": rules.source,
        "source_record_id": record,
        "activity_record_id": activity,
        "mention_id": mention["mention_id"],
        "role": role,
        "amount": amount,
        "currency": currency,
        **_doubt(texts),
    }
    kept = {field: value for field, value in values.items() if value not in ("", None)}
    return (("staged_organisations", dict(mention)), ("staged_participations", kept))


def figure_of(texts: Texts, rules: Rules) -> Staged:
    country = _country(texts.get("country", ""))
    who = texts.get("organisation") or _derived(_clean(texts.get("name", "")), country)
    measure, period = texts["measure"], period_of(texts.get("period", ""))
    if not who or not measure:
        raise UnfitError("does not say which organisation or which measure it is about; fill it in")
    if not texts["value"]:
        raise UnfitError(
            "has no value; an unknown figure is left out, not 0: fill it in when known"
        )
    value = float(number_of("value", texts["value"], rules))
    figure = {"source": rules.source, "source_record_id": f"{who}/{measure}/{period}",
              "organisation_record_id": who, "measure": measure, "period": period,
              "value": value}  # fmt: skip
    if texts.get("unit"):
        figure["unit"] = texts["unit"]
    return (("staged_figures", figure),)


def codes_of(texts: Texts, rules: Rules) -> Staged:
    activity, scheme = texts["activity"], texts["scheme"]
    values = _distinct(_many(texts["value"]))
    if not (activity and scheme and values):
        raise UnfitError("lacks the activity, the scheme or the value of a code; fill it in")
    return tuple(
        ("staged_codes", {"source": rules.source, "activity_record_id": activity,
                          "source_record_id": f"{activity}/{scheme}/{value}",
                          "scheme": scheme, "value": value})
        for value in values
    )  # fmt: skip


_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")


def _clean(text: str) -> str:
    """Text with damaged letters, `&amp;` and the like, and runs of blanks put right."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return repaired(text) if text else ""


def _doubt(texts: Texts) -> dict[str, str]:
    return {field: _clean(texts[field]) for field in _DOUBT if field in texts}


def _many(found: Text) -> tuple[Any, ...]:
    return tuple(t for t in ((found,) if isinstance(found, str) else found) if t)


def _distinct(texts: Any) -> list[str]:
    return sorted({text for text in texts if text})


def _country(text: str) -> str:
    if not text:
        return ""
    code = code_of(text)
    if code is None:
        raise UnfitError(
            f"country {text!r} is not known; add it to the `map` of country in the "
            "mapping, with its two-letter ISO code"
        )
    return code


def _coded(found: Sequence[tuple[str, Text]]) -> list[dict[str, str]]:
    pairs = {(scheme, _code(scheme, value)) for scheme, text in found for value in _many(text)}
    return [{"scheme": scheme, "value": value} for scheme, value in sorted(pairs)]


def _code(scheme: str, value: str) -> str:
    """A code as its register writes it: the ROR's as address, a company's with its zeros."""
    if scheme == "companies-house" and value.isdecimal():
        return value.zfill(8)
    if scheme == "ror":
        found = re.fullmatch(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[0-9a-z]{6}\d\d)/?",
                             value.casefold())  # fmt: skip
        if not found:
            raise UnfitError(
                f"{value!r} is no ROR id (like https://ror.org/052gg0110); correct it, "
                "or empty the cell"
            )
        return f"https://ror.org/{found.group(1)}"
    return value
