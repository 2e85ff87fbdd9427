"""Which field of a record is seen under which condition, as its owner has chosen."""

from collections.abc import Mapping
from typing import Any

from triplehelix.errors import InputError
from triplehelix.registry.fields import ALWAYS, FIELDS
from triplehelix.registry.ids import is_id
from triplehelix.registry.visibility import Audience, Condition, Holder, both, condition

_MOST_NAMES = 50
_WHOLE = "*"


def checked_audience(text: str) -> str:
    """
    A visibility as it is kept.

    Raises
    ------
    InputError
        If it is none, or names something that is no id of a network or member. Whether that
        network or member is there is not told.

    Examples
    --------
    >>> checked_audience("signed-in")
    'signed-in'
    """
    audience = Audience.read(text)
    kind = "network" if audience.level == "network" else "member"
    for name in sorted(audience.names):
        if not is_id(name, kind):
            raise InputError(f"{name[:80]!r} is no id of {kind}s; copy it from the {kind}'s page")
    if len(audience.names) > _MOST_NAMES:
        raise InputError(
            f"{len(audience.names)} {kind}s are named; name at most {_MOST_NAMES}, or a network "
            "that they are in"
        )
    return audience.text


def checked_visibility(kind: str, visibility: Mapping[str, str]) -> dict[str, str]:
    """
    The visibilities of a record (`*`) and of its fields, as they are kept.

    A record of which nothing is said is private. What is always seen of a record has no
    visibility of its own; `capacities` are those of an asset. Sealed needs are the holder's alone,
    whatever is said.

    Raises
    ------
    InputError
        If there is no such field, or a visibility is none.

    Examples
    --------
    >>> checked_visibility("asset", {"contacts": "signed-in"})
    {'*': 'private', 'contacts': 'signed-in'}
    """
    known = {_WHOLE, *FIELDS[kind].model_fields, "capacities"} - set(ALWAYS[kind])
    sealed = {"sealed_needs": "private"} if kind == "call" else {}
    for name in visibility:
        if name not in known:
            raise InputError(
                f"{name!r} has no visibility of its own; give one of {', '.join(sorted(known))}"
            )
    shown = {_WHOLE: "private", **visibility, **sealed}
    return {name: checked_audience(text) for name, text in sorted(shown.items())}


def record_condition(shown: Mapping[str, str], holder: Holder) -> Condition:
    """What is asked of who sees a record at all."""
    return condition(Audience.read(shown[_WHOLE]), holder)


def by_condition(
    kind: str, fields: Mapping[str, Any], shown: Mapping[str, str], holder: Holder
) -> dict[Condition, dict[str, Any]]:
    """
    The fields of a record, apart by what is asked of who sees them.

    A field is seen by whom the record's visibility and its own both let; what is always seen of
    a record is seen with it.

    Examples
    --------
    >>> fields = {"name": "Microscope", "kind": "equipment", "website": "https://example.org"}
    >>> parts = by_condition("asset", fields, {"*": "public", "website": "private"}, Holder())
    >>> [sorted(said) for said in parts.values()]
    [['kind', 'name'], ['website']]
    """
    whole = record_condition(shown, holder)
    parts: dict[Condition, dict[str, Any]] = {}
    for name, value in fields.items():
        own = shown.get(name) if name not in ALWAYS[kind] else None
        parts.setdefault(_narrowed(whole, own, holder), {})[name] = value
    return parts


def capacity_condition(shown: Mapping[str, str], own: str | None, holder: Holder) -> Condition:
    """What is asked of who sees a capacity: of the asset, of all its capacities, of this one."""
    of_all = _narrowed(record_condition(shown, holder), shown.get("capacities"), holder)
    return _narrowed(of_all, own, holder)


def _narrowed(asked: Condition, visibility: str | None, holder: Holder) -> Condition:
    if visibility is None:
        return asked
    return both(asked, condition(Audience.read(visibility), holder))
