"""Assets as a catalogue of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), as JSON-LD."""

from collections.abc import Mapping, Sequence
from typing import Any

from triplehelix.registry.exchange.schema_org import node_id, said_only
from triplehelix.registry.records import Record

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/", "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


def document(records: Sequence[Record], page: str) -> dict[str, Any]:
    """
    The catalogue of these records: data sets as `dcat:Dataset`, all else as `dcat:Resource`.

    Parameters are those of `schema_org.document`.
    """
    assets = [record for record in records if record.kind == "asset"]
    others = {record.record_id: record for record in records}
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "@id": page or "urn:triplehelix:registry",
        "dct:title": "Shared assets",
        "dcat:resource": [_resource(a, others, page) for a in assets if not _is_data(a)],
        "dcat:dataset": [_resource(a, others, page) for a in assets if _is_data(a)],
    }


def _is_data(record: Record) -> bool:
    return bool(record.fields["kind"] == "data")


def _resource(record: Record, others: Mapping[str, Record], page: str) -> dict[str, Any]:
    fields = record.fields
    holder = others.get(record.member_id or "")
    words = [one["term"] for one in fields.get("techniques") or []]
    return said_only({
        "@type": "dcat:Dataset" if _is_data(record) else "dcat:Resource",
        "@id": node_id(record.record_id, page),
        "dct:identifier": record.record_id,
        "dct:title": record.name,
        "dct:description": fields.get("description"),
        "dct:type": fields["kind"],
        "dcat:keyword": [*fields.get("capabilities", []), *words, *fields.get("subjects", [])],
        "dcat:landingPage": _link(fields.get("website")),
        "dct:publisher": _publisher(holder, page) if holder else None,
        "dcat:contactPoint": [_contact(one) for one in fields.get("contacts") or []],
        "dct:spatial": _place(fields.get("place") or {}),
        "dct:isPartOf": [
            {"@id": node_id(one, page)} for one in fields.get("part_of") or [] if one in others
        ],
    })  # fmt: skip


def _link(address: str | None) -> dict[str, str] | None:
    return {"@id": address} if address else None


def _publisher(holder: Record, page: str) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "@id": node_id(holder.record_id, page),
            "foaf:name": holder.name}  # fmt: skip


def _contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    email = contact.get("email")
    return said_only({
        "@type": "vcard:Kind", "vcard:fn": contact.get("name"),
        "vcard:hasEmail": _link(f"mailto:{email}" if email else None),
        "vcard:hasTelephone": contact.get("telephone"),
        "vcard:hasURL": _link(contact.get("url")),
    })  # fmt: skip


def _place(place: Mapping[str, Any]) -> dict[str, Any] | None:
    words = [place.get(name) for name in ("site", "building", "address", "town", "postcode")]
    label = ", ".join(word for word in words if word)
    point = None
    if place.get("lat") is not None:
        point = f"POINT({place['lon']} {place['lat']})"  # Well-Known Text: longitude first
    if not label and not point:
        return None
    return said_only({"@type": "dct:Location", "dct:title": label, "dcat:centroid": point})
