"""Who sees what, in words: choices of a form and sentences on a page."""

from collections.abc import Iterable, Mapping

from triplehelix.registry.visibility import Audience, Level

# Fields that can be shown to fewer than the record, as forms and pages call them.
ASSET_WORDS = {
    "description": "Description", "capabilities": "What it can do", "techniques": "Techniques",
    "manufacturer": "Manufacturer", "model": "Model", "commissioned": "In use since",
    "decommissioned": "Out of use since", "measured_variables": "What it measures",
    "subjects": "Subjects", "part_of": "Part of", "place": "Where it stands",
    "contacts": "Whom to ask", "photos": "Photographs", "website": "Web page", "links": "Links",
    "department": "Department", "service_level": "Service level", "access": "Who may use it",
    "terms": "Terms", "status": "State", "identifiers": "Other ids",
    "provenance": "Where this comes from", "capacities": "Capacities",
}  # fmt: skip
MEMBER_WORDS = {
    "organisation_id": "Organisation of the edition", "country": "Country", "place": "Place",
    "website": "Web page", "description": "Description", "contacts": "Whom to ask",
    "identifiers": "Other ids", "provenance": "Where this comes from",
}  # fmt: skip


def choices(
    networks: Mapping[str, str], now: str | None, names: Mapping[str, str], *, whole: bool
) -> list[tuple[str, str]]:
    """
    (value, words) to choose from for a record (`whole`) or one of its fields.

    `networks` are those known to the viewer, id -> name; `now` what is chosen at present, kept
    as a choice of its own where it is none of the others; `names` of what that names.

    Examples
    --------
    >>> [words for _, words in choices({"nw_1": "Leeds"}, None, {}, whole=True)]
    ['Everybody', 'People signed in', 'Network: Leeds', 'Named members, listed below', 'Only us']
    """
    offered = [(str(Level.PUBLIC), "Everybody")] if whole else [("", "As the whole record")]
    offered.append((str(Level.SIGNED_IN), "People signed in"))
    offered += [(f"network:{one}", f"Network: {name}") for one, name in networks.items()]
    offered += [("members", "Named members, listed below"), (str(Level.PRIVATE), "Only us")]
    if now and now not in {value for value, _ in offered}:
        offered.append((now, sentence(now, names)))
    return offered


def sentence(text: str, names: Mapping[str, str]) -> str:
    """
    A visibility in words; of what it names, those whose names are known are named.

    Examples
    --------
    >>> sentence("named:mb_1,mb_2", {"mb_1": "Alpha"})
    'Only us and Alpha, and 1 more'
    >>> sentence("private", {})
    'Only us'
    """
    audience = Audience.read(text)
    if audience.level is Level.NETWORK:
        return f"Networks: {_list(audience.names, names)}"
    if audience.level is Level.NAMED:
        return f"Only us and {_list(audience.names, names)}"
    return {Level.PUBLIC: "Everybody", Level.SIGNED_IN: "People signed in"}.get(
        audience.level, "Only us"
    )


def ids_in(texts: Iterable[str]) -> set[str]:
    """Ids of all networks and members that visibilities name."""
    return {one for text in texts for one in Audience.read(text).names}


def _list(ids: Iterable[str], names: Mapping[str, str]) -> str:
    known = sorted(names[one] for one in ids if one in names)
    others = len(set(ids)) - len(known)
    more = [f"{others} more" if known else f"{others} of them"] if others else []
    return ", and ".join([", ".join(known), *more] if known else more)
