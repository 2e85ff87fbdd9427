"""
An alliance in the shape of a RAiD record (ISO 23527), metadata schema 1.6.

The schema and its vocabularies: https://metadata.raid.org/en/v1.6/. What RAiD has no place for, or
asks for and an alliance does not tell, is left out and said: nothing is made up to fill a field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.ally.robustly import any_of
from triplehelix.errors import InputError

_VOCABULARY = "https://vocabulary.raid.org"
_ROR = "https://ror.org/"
_LANGUAGE = {"id": "eng", "schemaUri": "https://www.iso.org/standard/74575.html"}
_RIGHTS = "https://vocabularies.coar-repositories.org/access_rights/"
_OPEN, _EMBARGOED = f"{_RIGHTS}c_abf2/", f"{_RIGHTS}c_f1cf/"
_PRIMARY_TITLE, _TITLES = "title.type.schema/5", "title.type.schema/376"
_PRIMARY, _ALTERNATIVE = "description.type.schema/318", "description.type.schema/319"
_DESCRIPTIONS = "description.type.schema/320"
_LEAD, _RESEARCH, _PARTNER = (f"organisation.role.schema/{n}" for n in (182, 183, 184))
_ROLES = "organisation.role.schema/359"
_INSTRUMENT, _DATASET, _SERVICE = (f"relatedObject.type.schema/{n}" for n in (266, 269, 274))
_OBJECTS = "relatedObject.type.schema/329"
_INPUT, _CATEGORIES = "relatedObject.category.id/191", "relatedObject.category.schemaUri/386"
_RELATIONS = "relatedRaid.type.schema/367"
_RELATED = {
    "continues": 204, "is continued by": 203, "has part": 201, "is part of": 202,
    "is source of": 199, "is derived from": 200,
}  # fmt: skip
_TITLE_LONGEST, _TEXT_LONGEST = 100, 1_000
_SCHEMES = {
    "https://doi.org/": ("https://doi.org/", "http://doi.org/", "doi:"),
    "http://hdl.handle.net/": ("http://hdl.handle.net/", "https://hdl.handle.net/", "hdl:"),
    "https://arks.org/": ("https://arks.org/", "ark:"),
    "https://scicrunch.org/resolver/": ("https://scicrunch.org/resolver/", "rrid:"),
    "https://archive.org/": ("https://archive.org/", "https://web.archive.org/"),
}
_TYPES = {"equipment": _INSTRUMENT, "instrument": _INSTRUMENT, "data": _DATASET}


@dataclass(frozen=True)
class Raid:
    """A record as JSON values, and what it leaves out, in words."""

    record: dict[str, Any]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """
    What a record needs beside the alliance.

    Parameters
    ----------
    key : what this alliance is known by here; it becomes an alternative identifier.
    lead : the member that leads. RAiD asks for exactly one lead research organisation.
    pids : persistent identifiers of assets: DOI, handle, ARK, RRID or a page of archive.org.
    related : RAiDs of other activities, each with its relation: `continues`, `is continued by`,
        `has part`, `is part of`, `is source of`, `is derived from`.
    url : the public page of the call.
    embargo : until when the record is not to be shown; None where it is open.
    """

    key: str
    lead: str | None = None
    pids: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    embargo: date | None = None


def raid(alliance: Alliance, landscape: Landscape, told: Told, *, today: date) -> Raid:
    """
    The record that could be handed in to have a RAiD minted.

    `today` is the day it begins where neither the call nor a contribution tells.

    Raises
    ------
    InputError
        If the lead is no partner, or a relation is not one of RAiD's.
    """
    if told.lead is not None and told.lead not in alliance.partners:
        raise InputError(
            f"lead is {told.lead!r}, which is no partner; use one of "
            f"{', '.join(alliance.partners) or 'none: there are no partners'}"
        )
    members = {one.member: one for one in landscape.members}
    begin, left_out = _begin(alliance, today), list[str]()
    record: dict[str, Any] = {
        "title": [_title(alliance.call, begin, left_out)],
        "date": _dates(begin, _end(alliance, alliance.partners)),
        "description": list(_descriptions(alliance, left_out)),
        "access": _access(told.embargo),
        "alternateIdentifier": [{"id": told.key, "type": "Triple Helix alliance"}],
        "organisation": list(_organisations(alliance, members, told.lead, left_out)),
        "relatedObject": list(_objects(alliance, landscape, told.pids, left_out)),
        "relatedRaid": [_relation(name, how) for name, how in sorted(told.related.items())],
    }
    if told.url is not None:
        record["alternateUrl"] = [{"url": told.url}]
    return Raid(record, (*left_out, *_never_told(told.lead, members)))


def _never_told(lead: str | None, members: Mapping[str, Member]) -> Iterator[str]:
    yield "identifier: a registration agency gives it when the RAiD is minted"
    yield "contributor: people are not part of an alliance here; RAiD asks for at least one leader"
    yield "amounts, proof, coverage, gaps: RAiD has no place for them; see the JSON of the alliance"
    if lead is None:
        yield "lead research organisation: nobody was named to lead, and RAiD asks for exactly one"
    elif not _has_ror(members.get(lead)):
        yield f"lead research organisation: {lead} has no ROR id"


def _begin(alliance: Alliance, today: date) -> date:
    call = alliance.call
    starts = min((one.starts for one in alliance.contributions), default=today)
    return call.opens or call.as_of or starts


def _end(alliance: Alliance, members: tuple[str, ...]) -> date | None:
    """The last day of these members' contributions; None where one has no end."""
    ends = [one.ends for one in alliance.contributions if one.member in members]
    known = [day for day in ends if day is not None]
    return max(known) if known and len(known) == len(ends) else None


def _dates(begin: date, end: date | None) -> dict[str, str]:
    dates = {"startDate": begin.isoformat()}
    return dates | ({"endDate": end.isoformat()} if end else {})


def _title(call: Call, begin: date, left_out: list[str]) -> dict[str, Any]:
    text = _cut(call.title, _TITLE_LONGEST, "title", left_out)
    return {
        "text": text,
        "type": _coded(_PRIMARY_TITLE, _TITLES),
        "startDate": begin.isoformat(),
        "language": _LANGUAGE,
    }


def _descriptions(alliance: Alliance, left_out: list[str]) -> Iterator[dict[str, Any]]:
    call = alliance.call
    said = [call.heading or "", call.text or call.title]
    primary = _cut("\n\n".join(filter(None, said)), _TEXT_LONGEST, "description", left_out)
    yield {"text": primary, "type": _coded(_PRIMARY, _DESCRIPTIONS), "language": _LANGUAGE}
    answer = [f"{len(alliance.partners)} partners for {len(call.needs)} needs.", *_status(alliance)]
    yield {
        "text": _cut(" ".join(answer), _TEXT_LONGEST, "description of the answer", left_out),
        "type": _coded(_ALTERNATIVE, _DESCRIPTIONS),
        "language": _LANGUAGE,
    }


def _status(alliance: Alliance) -> Iterator[str]:
    if "status" in alliance.said:
        yield alliance.said["status"]
    if alliance.robust:
        yield f"Every need stays met if {any_of(alliance.robust)} drops out."


def _access(embargo: date | None) -> dict[str, Any]:
    if embargo is None:
        return {"type": {"id": _OPEN, "schemaUri": _RIGHTS}}
    return {
        "type": {"id": _EMBARGOED, "schemaUri": _RIGHTS},
        "embargoExpiry": embargo.isoformat(),
        "statement": {"text": "The call is not public yet.", "language": _LANGUAGE},
    }


def _organisations(
    alliance: Alliance, members: Mapping[str, Member], lead: str | None, left_out: list[str]
) -> Iterator[dict[str, Any]]:
    for name in alliance.partners:
        member = members.get(name)
        starts = [one.starts for one in alliance.contributions if one.member == name]
        if member is None or not _has_ror(member):
            left_out.append(f"organisation {name}: it has no ROR id, and RAiD takes no other")
        elif not starts:
            left_out.append(f"organisation {name}: it gives nothing, so its role has no first day")
        else:
            days = _dates(min(starts), _end(alliance, (name,)))
            role = {**_coded(_role(member, lead), _ROLES), **days}
            yield {"id": member.organisation_id, "schemaUri": _ROR, "role": [role]}


def _has_ror(member: Member | None) -> bool:
    return member is not None and (member.organisation_id or "").startswith(_ROR)


def _role(member: Member, lead: str | None) -> str:
    if member.member == lead:
        return _LEAD
    return _RESEARCH if member.helix == "academia" else _PARTNER


def _objects(
    alliance: Alliance, landscape: Landscape, pids: Mapping[str, str], left_out: list[str]
) -> Iterator[dict[str, Any]]:
    assets = {one.asset: one for one in landscape.assets}
    for name in sorted({one.asset for one in alliance.contributions}):
        pid = pids.get(name)
        scheme = _scheme(pid) if pid else None
        if pid is None or scheme is None:
            why = f"{pid} is of no scheme that RAiD takes" if pid else "it has no persistent id"
            left_out.append(f"related object {name}: {why}")
            continue
        asset = assets.get(name)
        kind = _TYPES.get(asset.kind, _SERVICE) if asset else _SERVICE
        yield {
            "id": pid,
            "schemaUri": scheme,
            "type": _coded(kind, _OBJECTS),
            "category": [_coded(_INPUT, _CATEGORIES)],
        }


def _scheme(pid: str) -> str | None:
    low = pid.lower()
    return next((s for s, starts in _SCHEMES.items() if low.startswith(starts)), None)


def _relation(name: str, how: str) -> dict[str, Any]:
    if how not in _RELATED:
        raise InputError(f"the RAiD {name} is related by {how!r}; use {', '.join(_RELATED)}")
    return {"id": name, "type": _coded(f"relatedRaid.type.schema/{_RELATED[how]}", _RELATIONS)}


def _coded(term: str, scheme: str) -> dict[str, str]:
    return {"id": f"{_VOCABULARY}/{term}", "schemaUri": f"{_VOCABULARY}/{scheme}"}


def _cut(text: str, longest: int, what: str, left_out: list[str]) -> str:
    if len(text) <= longest:
        return text
    left_out.append(f"{what}: cut after {longest:,} of {len(text):,} characters")
    return text[: longest - 1].rstrip() + "…"
