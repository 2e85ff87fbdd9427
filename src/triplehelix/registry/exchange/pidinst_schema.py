"""
The schema of PIDINST 1.0 as JSON, written from the recommendation.

Krahl et al. (2022), Metadata Schema for the Persistent Identification of Instruments 1.0,
Research Data Alliance. doi:10.15497/RDA00070. The names of properties in JSON follow the working
group's own serialisation: those that may be repeated are lists under their plural.
"""

from typing import Any

RELATED_TYPES = (
    "ARK", "arXiv", "bibcode", "DOI", "EAN13", "EISSN", "Handle", "IGSN", "ISBN", "ISSN", "ISTC",
    "LISSN", "PMID", "PURL", "RAiD", "RRID", "UPC", "URL", "URN", "w3id",
)  # fmt: skip
RELATIONS = (
    "IsDescribedBy", "IsNewVersionOf", "IsPreviousVersionOf", "HasComponent", "IsComponentOf",
    "References", "HasMetadata", "WasUsedIn", "IsIdenticalTo", "IsAttachedTo",
)  # fmt: skip
DATE_TYPES = ("Commissioned", "DeCommissioned")
ALTERNATE_TYPES = ("SerialNumber", "InventoryNumber", "Other")
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}


def _one(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _several(of: dict[str, Any], *, at_least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": at_least}


def _identifier(name: str) -> dict[str, Any]:
    return _one([name, f"{name}Type"], **{name: _TEXT, f"{name}Type": _TEXT})


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "PIDINST 1.0",
    **_one(
        ["identifier", "schemaVersion", "landingPage", "name", "owners", "manufacturers"],
        identifier=_identifier("identifier"),
        schemaVersion={"const": "1.0"},
        landingPage={**_TEXT, "pattern": "^[a-z][a-z0-9+.-]*:"},
        name=_TEXT,
        owners=_several(
            _one(["ownerName"], ownerName=_TEXT, ownerContact={**_TEXT, "pattern": "@"},
                 ownerIdentifier=_identifier("ownerIdentifier")),
            at_least=1,
        ),
        manufacturers=_several(
            _one(["manufacturerName"], manufacturerName=_TEXT,
                 manufacturerIdentifier=_identifier("manufacturerIdentifier")),
            at_least=1,
        ),
        model=_one(["modelName"], modelName=_TEXT,
                   modelIdentifier=_identifier("modelIdentifier")),
        description=_TEXT,
        instrumentTypes=_several(
            _one(["instrumentTypeName"], instrumentTypeName=_TEXT,
                 instrumentTypeIdentifier=_identifier("instrumentTypeIdentifier"))
        ),
        measuredVariables=_several(_TEXT),
        dates=_several(
            _one(["date", "dateType"], dateType={"enum": list(DATE_TYPES)},
                 date={**_TEXT, "pattern": r"^\d{4}(-\d\d(-\d\d)?)?"})
        ),
        relatedIdentifiers=_several(
            _one(["relatedIdentifier", "relatedIdentifierType", "relationType"],
                 relatedIdentifier=_TEXT, relatedIdentifierName=_TEXT,
                 relatedIdentifierType={"enum": list(RELATED_TYPES)},
                 relationType={"enum": list(RELATIONS)})
        ),
        alternateIdentifiers=_several(
            _one(["alternateIdentifier", "alternateIdentifierType"],
                 alternateIdentifier=_TEXT, alternateIdentifierName=_TEXT,
                 alternateIdentifierType={"enum": list(ALTERNATE_TYPES)})
        ),
    ),
}  # fmt: skip
