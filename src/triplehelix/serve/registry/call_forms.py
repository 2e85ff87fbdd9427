"""From what a form about a call sent to the content of the call, and back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from starlette.datastructures import FormData

from triplehelix.serve.registry.typed import FieldFault, number, text, texts

TEXTS = ("title", "heading", "text", "opens", "closes", "as_of", "organiser")
PLACE = ("name", "lat", "lon")
HELICES = ("academia", "industry", "health")
NEED_TEXTS = ("need", "capability", "unit", "by", "until", "containment", "note")
NEED_NUMBERS = ("amount", "within_km", "weight")
NEED_LISTS = ("countries", "nations", "accreditations")
STATES = ("available", "stated", "planned", "past")
# A form of more rows than this is changed as a file.
MOST_ROWS, BLANK_ROWS = 30, 2
Row = dict[str, Any]


def content_of_form(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    """
    The content of a call that a form sent; what the form has no field for stays as it was.

    Raises
    ------
    FieldFault
        If a number is none.
    """
    said: dict[str, Any] = {name: text(form, name) for name in TEXTS}
    place = {name: text(form, f"place.{name}") for name in PLACE}
    if any(place.values()):
        said["place"] = {
            "name": place["name"], "lat": _number(form, "place.lat"),
            "lon": _number(form, "place.lon"),
        }  # fmt: skip
        said["place"] = {name: value for name, value in said["place"].items() if value is not None}
    needs = [need for row in rows_of_form(form) if (need := _need(form, row))]
    said["needs"] = _kept(_named(needs), before.get("needs") or ())
    said["rules"] = _rules(form, before.get("rules") or {})
    said["sources"] = [
        one.strip() for one in (text(form, "sources") or "").splitlines() if one.strip()
    ]
    kept = {name: value for name, value in before.items() if name in ("themes", "weights")}
    whole = {**kept, **said}
    return {name: value for name, value in whole.items() if value not in (None, "", [], {})}


def rows_of_form(form: FormData) -> list[str]:
    """The rows of needs that a form sent, by the beginning of their fields' names, in its order."""
    found = re.compile(r"(n\d{1,4})\.capability")
    return list(dict.fromkeys(m[1] for name in form for m in [found.fullmatch(name)] if m))


def typed_of_form(form: FormData) -> dict[str, Any]:
    """What was typed, for the page to show again."""
    said: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
    return {**said, "rules.states": texts(form, "rules.states"),
            "rows": [_typed_row(form, row) for row in rows_of_form(form)]}  # fmt: skip


def typed_of_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """A call's content as its form shows it."""
    rules, place = content.get("rules") or {}, content.get("place") or {}
    said: dict[str, Any] = {name: content.get(name) or "" for name in TEXTS}
    said |= {f"place.{name}": _shown(place.get(name)) for name in PLACE}
    said |= {f"rules.{name}": _shown((rules.get("helices") or {}).get(name)) for name in HELICES}
    caps = [one for one in rules.get("member_caps", ()) if "share" in one and "need" not in one]
    said |= {
        "rules.most_partners": _shown(rules.get("most_partners")),
        "rules.budget": _shown(rules.get("budget")), "rules.currency": rules.get("currency") or "",
        "rules.countries": ", ".join(rules.get("countries", ())),
        "rules.share": _shown(100 * caps[0]["share"]) if caps else "",
        "rules.states": list(rules.get("states", ("available",))),
        "rules.closed": "yes" if rules.get("closed") else "",
        "sources": "\n".join(content.get("sources", ())),
        "rows": [row_of_need(one) for one in content.get("needs", ())],
    }  # fmt: skip
    return said


def row_of_need(need: Mapping[str, Any]) -> Row:
    """A need as a row of the form."""
    row: Row = {name: need.get(name) or "" for name in NEED_TEXTS}
    row |= {name: _shown(need.get(name)) for name in NEED_NUMBERS}
    row |= {name: ", ".join(need.get(name, ())) for name in NEED_LISTS}
    row["must"] = "may" if need.get("must") is False else "must"
    return row | {"sealed": "yes" if need.get("sealed") else ""}


def blank_row() -> Row:
    """A row that nothing was typed into."""
    return row_of_need({})


def as_file(content: Mapping[str, Any]) -> str:
    """A call's content as a file."""
    said: str = yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=100)
    return said if content else ""


def _need(form: FormData, row: str) -> Row | None:
    if text(form, f"{row}.drop") or (
        text(form, f"{row}.suggested") and not text(form, f"{row}.take")
    ):
        return None
    said: Row = {name: text(form, f"{row}.{name}") for name in NEED_TEXTS}
    if not said["capability"]:
        return None
    said |= {name: _number(form, f"{row}.{name}") for name in NEED_NUMBERS}
    said |= {name: _listed(text(form, f"{row}.{name}")) for name in NEED_LISTS}
    said |= {
        "must": text(form, f"{row}.must") != "may",
        "sealed": bool(text(form, f"{row}.sealed")),
    }
    said = {name: value for name, value in said.items() if value not in (None, "", [])}
    if said["must"]:
        del said["must"]
    if not said["sealed"]:
        del said["sealed"]
    return said


def _kept(needs: Iterable[Row], before: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Needs with what the form has no field for (a place of their own, say) as it was."""
    ours = {*NEED_TEXTS, *NEED_NUMBERS, *NEED_LISTS, "must", "sealed"}
    other = {one["need"]: {k: v for k, v in one.items() if k not in ours} for one in before}
    return [{**other.get(need["need"], {}), **need} for need in needs]


def _named(needs: Iterable[Row]) -> list[Row]:
    """Needs without a name get one by their capability."""
    taken: set[str] = set()
    found = []
    for need in needs:
        own = need.get("need") or need["capability"]
        name, n = own, 2
        while name in taken and not need.get("need"):
            name, n = f"{own}-{n}", n + 1
        taken.add(name)
        found.append({**need, "need": name})
    return found


def _rules(form: FormData, before: Mapping[str, Any]) -> dict[str, Any]:
    helices = {name: n for name in HELICES if (n := _whole(form, f"rules.{name}"))}
    others = {name: n for name, n in (before.get("helices") or {}).items() if name not in HELICES}
    caps = [one for one in before.get("member_caps", ()) if "share" not in one or "need" in one]
    share = _number(form, "rules.share")
    said = {
        **before, "helices": {**others, **helices},
        "most_partners": _whole(form, "rules.most_partners"),
        "budget": _number(form, "rules.budget"), "currency": text(form, "rules.currency"),
        "countries": _listed(text(form, "rules.countries")),
        "member_caps": caps + ([{"share": share / 100}] if share is not None else []),
        "states": [one for one in STATES if one in texts(form, "rules.states")] or ["available"],
        "closed": bool(text(form, "rules.closed")),
    }  # fmt: skip
    usual = {"states": ["available"], "closed": False}
    return {name: value for name, value in said.items()
            if value not in (None, "", [], {}) and value != usual.get(name)}  # fmt: skip


def _typed_row(form: FormData, row: str) -> Row:
    names = (*NEED_TEXTS, *NEED_NUMBERS, *NEED_LISTS, "must", "sealed", "take", "because",
             "not_counted", "suggested", "drop")  # fmt: skip
    return {name: text(form, f"{row}.{name}") or "" for name in names}


def _listed(given: str | None) -> list[str]:
    return [one.strip() for one in (given or "").split(",") if one.strip()]


def _number(form: FormData, name: str) -> float | None:
    value = number(form, name)
    neat = value is not None and value.is_integer() and abs(value) < 1e15
    return int(value) if neat and value is not None else value


def _whole(form: FormData, name: str) -> int | None:
    value = _number(form, name)
    if value is not None and value != int(value):
        raise FieldFault(name, f"{value:g} is no whole number; write one, such as 2")
    return None if value is None else int(value)


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
