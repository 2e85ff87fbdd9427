"""Assets, members and networks in the words of schema.org, as JSON-LD (https://schema.org)."""

from collections.abc import Mapping, Sequence
from typing import Any

from triplehelix.registry.records import Record

CONTEXT = "https://schema.org"
TYPES = {
    "equipment": "Product", "laboratory": "Place", "facility": "Place", "workspace": "Place",
    "service": "Service", "expertise": "Service", "data": "Dataset",
}  # fmt: skip
_HOLDER = {"Product": "owner", "Place": "owner", "Service": "provider", "Dataset": "publisher"}


def document(records: Sequence[Record], page: str) -> dict[str, Any]:
    """
    The graph of these records.

    Parameters
    ----------
    records : those that a visitor sees, with the members that hold them among them.
    page : the address of the registry, before `/assets/ID`; empty where it is not known.
    """
    shown = {record.record_id for record in records}
    return {"@context": CONTEXT, "@graph": [_node(record, shown, page) for record in records]}


def node_id(record_id: str, page: str) -> str:
    """What names a record in a graph: its page, or a name without an address (RFC 8141)."""
    kinds = {"as": "assets", "mb": "members", "nw": "networks"}
    if not page:
        return f"urn:triplehelix:{record_id}"
    return f"{page.rstrip('/')}/{kinds[record_id[:2]]}/{record_id}"


def said_only(node: Mapping[str, Any]) -> dict[str, Any]:
    """A node without what is not known."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _node(record: Record, shown: set[str], page: str) -> dict[str, Any]:
    fields = record.fields
    kind = TYPES[fields["kind"]] if record.kind == "asset" else "Organization"
    node = {
        "@type": kind,
        "@id": node_id(record.record_id, page),
        "name": record.name,
        "description": fields.get("description"),
        "url": fields.get("website"),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": one["scheme"], "value": one["value"]}
            for one in fields.get("identifiers") or []
        ],
    }
    if record.kind == "asset":
        node |= _asset(record, kind, shown, page)
    else:
        node |= _organisation(fields)
    return said_only(node)


def _asset(record: Record, kind: str, shown: set[str], page: str) -> dict[str, Any]:
    fields = record.fields
    holder = record.member_id if record.member_id in shown else None
    words = [one["term"] for one in fields.get("techniques") or []]
    node: dict[str, Any] = {
        "image": fields.get("photos"),
        "keywords": [*fields.get("capabilities", []), *words, *fields.get("subjects", [])],
        _HOLDER[kind]: {"@id": node_id(holder, page)} if holder else None,
    }
    if kind == "Product":
        maker = fields.get("manufacturer")
        node["manufacturer"] = {"@type": "Organization", "name": maker} if maker else None
        node["model"] = fields.get("model")
    if kind == "Dataset":
        node["variableMeasured"] = fields.get("measured_variables")
    if kind == "Place":
        node |= _place(fields.get("place") or {})
        node["containedInPlace"] = [
            {"@id": node_id(one, page)} for one in fields.get("part_of") or [] if one in shown
        ]
    return node


def _organisation(fields: Mapping[str, Any]) -> dict[str, Any]:
    contacts = [
        said_only({"@type": "ContactPoint", "name": one.get("name"), "email": one.get("email"),
                   "telephone": one.get("telephone"), "url": one.get("url")})
        for one in fields.get("contacts") or []
    ]  # fmt: skip
    place = _place(fields.get("place") or {})
    return {"contactPoint": contacts, "address": place.get("address")}


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    address = said_only({
        "@type": "PostalAddress", "streetAddress": place.get("address"),
        "addressLocality": place.get("town"), "postalCode": place.get("postcode"),
        "addressCountry": place.get("country"),
    })  # fmt: skip
    geo = None
    if place.get("lat") is not None:
        geo = {"@type": "GeoCoordinates", "latitude": place["lat"], "longitude": place["lon"]}
    return {"address": address if len(address) > 1 else None, "geo": geo}
