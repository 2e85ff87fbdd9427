"""The rows of the sample registry as the fields of members, networks, assets and capacities."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

Row = Mapping[str, str]

COMPILED = date(2026, 11, 22)
_SOURCE = "Sample: public facts compiled for Triple Helix"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the sample registry's tables."""
    text = (files("triplehelix.sample") / "registry" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def member_fields(row: Row, organisation_id: str | None) -> dict[str, Any]:
    """A member; `organisation_id` is its id in the edition, None where that has none."""
    return _said({
        "name": row["name"], "helix": row["helix"], "country": row["country"],
        "organisation_id": organisation_id, "place": _place(row), "website": row["website"],
        "provenance": provenance(row, row["note"]),
    })  # fmt: skip


def network_fields(
    row: Row, memberships: Iterable[Row], clusters: list[dict[str, str]]
) -> dict[str, Any]:
    """A network, with how sure its members are and the clusters it speaks for."""
    sure = Counter(each["confidence"] for each in memberships)
    told = f"members: {sure['high']} seen in the source, {sure['medium']} from general knowledge"
    return _said({
        "name": row["name"], "kind": row["kind"], "area": row["area"],
        "themes": _listed(row["themes"]), "founded": row["founded"], "clusters": clusters,
        "provenance": provenance(row, row["note"], told),
    })  # fmt: skip


def asset_fields(row: Row) -> dict[str, Any]:
    """
    An asset; where its amount is kept as a capacity, what is said of the amount is with that.

    `department` is the holder as the source names it, where the member is called otherwise.
    """
    own_words = row["organisation"] if row["organisation"] != row["member_name"] else None
    about = row["note"] if not row["capacity_amount"] else None
    return _said({
        "name": row["name"], "kind": row["kind"], "status": row["status"],
        "capabilities": _listed(row["capabilities"]), "department": own_words,
        "place": _place(row), "website": row["website"], "access": row["access"],
        "description": about, "provenance": provenance(row, row["status_note"]),
    })  # fmt: skip


def capacity_fields(row: Row) -> dict[str, Any] | None:
    """What is stated, planned or past of an asset's capacity; None where no amount is known."""
    if not row["capacity_amount"]:
        return None
    return _said({
        "capability": row["capacity_capability"], "amount": float(row["capacity_amount"]),
        "unit": row["capacity_unit"], "per": row["capacity_per"], "state": row["capacity_state"],
        "year": int(row["capacity_year"]) if row["capacity_year"] else None,
        "starts": row["capacity_starts"],
        "surge_amount": float(row["capacity_surge"]) if row["capacity_surge"] else None,
        "note": row["note"],
    })  # fmt: skip


def provenance(row: Row, *notes: str) -> dict[str, Any]:
    """Where a row comes from, how sure it is, and that it is of the sample."""
    note = "; ".join(each for each in notes if each)
    return _said({"source": _SOURCE, "url": row["source"], "retrieved": COMPILED.isoformat(),
                  "confidence": row["confidence"], "note": note})  # fmt: skip


def _place(row: Row) -> dict[str, Any]:
    known = bool(row["lat"])
    return _said({
        "town": row["town"], "country": "GB", "precision": row["precision"],
        "lat": float(row["lat"]) if known else None, "lon": float(row["lon"]) if known else None,
    })  # fmt: skip


def _listed(text: str) -> list[str]:
    return [each for each in text.split("|") if each]


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
