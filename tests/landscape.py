"""Small landscapes as files, in the layouts in which their publishers give them."""

import csv
import gzip
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from triplehelix.app.config import Config, Detection
from triplehelix.read import gazetteer

Row = Mapping[str, str]

PROJECT = (
    "id;acronym;status;title;startDate;endDate;totalCost;ecMaxContribution;legalBasis;topics;"
    "ecSignatureDate;frameworkProgramme;masterCall;subCall;fundingScheme;nature;objective;"
    "contentUpdateDate;rcn;grantDoi"
).split(";")
ORGANIZATION = (
    "projectID;projectAcronym;organisationID;vatNumber;name;shortName;SME;activityType;street;"
    "postCode;city;country;nutsCode;geolocation;organizationURL;contactForm;contentUpdateDate;"
    "rcn;order;role;ecContribution;netEcContribution;totalCost;endOfParticipation;active"
).split(";")
EUROSCIVOC = ("projectID", "euroSciVocCode", "euroSciVocPath", "euroSciVocTitle")
OUTCODES = ("outcode", "lat", "lng")
COMPANY = ("name", "town", "lat", "lon", "number", "page")

COMPANIES = """\
source: companies
title: A few companies
attribution: Nobody's data
tables:
  - file: companies.csv
    rows: organisation
    columns:
      name: name
      country: {constant: GB}
      helix: {constant: industry}
      city: town
      lat: lat
      lon: lon
      precision: {constant: address}
      identifiers: {companies-house: number}
      source_url: page
"""

# The clusters of a few organisations that the small landscapes hold.
FEW = Config(
    name="A few",
    detect=Detection(
        radius_km=8, min_weight=3, margin_km=2, weight="organisations", levels_km=(), resamples=0
    ),
)

CAMBRIDGE, OXFORD, PASTEUR = (
    f"https://ror.org/{end}" for end in ("013meh722", "052gg0110", "0495fxg12")
)


def project(number: int, *, basis: str = "", **cells: str) -> Row:
    """A project of 2015 to 2017 with a hundred thousand euros."""
    return {"id": str(number), "startDate": "2015-01-01", "endDate": "2017-12-31",
            "ecMaxContribution": "100000", "legalBasis": basis, "rcn": str(number + 9000), **cells}  # fmt: skip


def organization(number: int, pic: int, name: str, city: str, **cells: str) -> Row:
    """A British company's participation."""
    return {"projectID": str(number), "organisationID": str(pic), "name": name, "city": city,
            "activityType": "PRC", "country": "UK", "role": "participant", "order": "1", **cells}  # fmt: skip


def ror(ror_id: str, name: str, town: tuple[int, str, str, float, float], **more: object) -> object:
    """A record of the registry, schema 2: town is (GeoNames id, name, country, lat, lon)."""
    number, city, country, lat, lon = town
    return {
        "id": ror_id, "status": "active", "types": ["education"], "external_ids": [], "links": [],
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "en"}],
        "locations": [{"geonames_id": number, "geonames_details": {
            "name": city, "country_code": country, "lat": lat, "lng": lon}}],
        "relationships": [], **more,
    }  # fmt: skip


IN_CAMBRIDGE = (2653941, "Cambridge", "GB", 52.2, 0.11667)
IN_OXFORD = (2640729, "Oxford", "GB", 51.75222, -1.25596)
IN_PARIS = (2988507, "Paris", "FR", 48.85341, 2.3488)

REGISTRY = (
    ror(CAMBRIDGE, "University of Cambridge", IN_CAMBRIDGE,
        external_ids=[{"type": "grid", "all": ["grid.5335.0"], "preferred": "grid.5335.0"}]),
    ror(OXFORD, "University of Oxford", IN_OXFORD),
    ror(PASTEUR, "Institut Pasteur", IN_PARIS, types=["nonprofit"]),
)  # fmt: skip

PROJECTS = (
    project(101, basis="H2020-EU.3.1.", title="Vaccines for all"),
    project(102, startDate="2016-05-01", ecMaxContribution="250000,50"),
    project(103, ecMaxContribution=""),
)

CAMBRIDGE_AS_WRITTEN = "THE CHANCELLOR MASTERS AND SCHOLARS OF THE UNIVERSITY OF CAMBRIDGE"
ORGANIZATIONS = (
    organization(101, 1001, CAMBRIDGE_AS_WRITTEN, "CAMBRIDGE", activityType="HES",
                 role="coordinator", ecContribution="60000,25"),
    organization(101, 2001, "UNIVERSITY OF OXFORD", "OXFORD", activityType="HES"),
    organization(101, 3001, "INSTITUT PASTEUR", "PARIS CEDEX 15", activityType="REC",
                 country="FR", ecContribution="0"),
    organization(102, 1002, "BABRAHAM BIO LTD", "CAMBRIDGE", postCode="CB2 1TN",
                 vatNumber="GB123456789", role="coordinator", ecContribution="125000,25"),
    organization(102, 2002, "ISIS CELLS LTD", "OXFORD", ecContribution="125000,25"),
    organization(103, 1001, CAMBRIDGE_AS_WRITTEN, "CAMBRIDGE", activityType="HES",
                 role="coordinator"),
    organization(103, 1003, "ADDENBROOKE TRIALS LTD", "CAMBRIDGE",
                 geolocation="52.17501,0.14048"),
    organization(103, 2003, "HEADINGTON SCANNERS LTD", "OXFORD"),
    # Names are missing for organisations first seen after the middle of 2017.
    organization(103, 4001, "", "", country="DE", activityType="OTH"),
)  # fmt: skip

CODES = (
    {
        "projectID": "102",
        "euroSciVocPath": "/medical and health sciences/basic medicine/immunology",
    },
)
POSTCODES = ({"outcode": "CB2", "lat": "52.19", "lng": "0.13"},)
FIRMS = (
    {"name": "Granta Genomics Ltd", "town": "Cambridge", "lat": "52.21", "lon": "0.1",
     "number": "01234567", "page": "https://example.org/granta"},
    # The same body as CORDIS's 2002, by name, country and town.
    {"name": "Isis Cells Limited", "town": "Oxford", "lat": "51.75", "lon": "-1.25",
     "number": "07654321", "page": "https://example.org/isis"},
)  # fmt: skip


def csv_text(columns: Sequence[str], rows: Iterable[Row], delimiter: str = ";") -> str:
    """A table as CORDIS writes it: every cell quoted."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns, "", delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(
    folder: Path,
    *,
    projects: Iterable[Row] = PROJECTS,
    organizations: Iterable[Row] = ORGANIZATIONS,
    codes: Iterable[Row] = CODES,
    registry: Iterable[object] = REGISTRY,
    postcodes: Iterable[Row] = POSTCODES,
    firms: Iterable[Row] = FIRMS,
) -> list[Path]:
    """
    A landscape's files in a folder; return what to give to a build.

    They are a folder `cordis`, `ror-data.json`, `outcodes.csv` and `companies.map.yaml`.
    """
    cordis = folder / "cordis"
    cordis.mkdir(parents=True)
    (cordis / "project.csv").write_text(csv_text(PROJECT, projects), "utf-8")
    (cordis / "euroSciVoc.csv").write_text(csv_text(EUROSCIVOC, codes), "utf-8")
    # Without the time in it, the same rows are the same file.
    packed = gzip.compress(csv_text(ORGANIZATION, organizations).encode(), mtime=0)
    (cordis / "organization.csv.gz").write_bytes(packed)
    (folder / "ror-data.json").write_text(json.dumps(list(registry)), "utf-8")
    (folder / "outcodes.csv").write_text(csv_text(OUTCODES, postcodes, ","), "utf-8")
    (folder / "companies.csv").write_text(csv_text(COMPANY, firms, ","), "utf-8")
    (folder / "companies.map.yaml").write_text(COMPANIES, "utf-8")
    return [cordis, folder / "ror-data.json", folder / "outcodes.csv",
            folder / "companies.map.yaml"]  # fmt: skip


def shuffled(rows: Iterable[Any], seed: int) -> list[Any]:
    """The rows in another order."""
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return mixed


def table_bytes(edition: Path) -> dict[str, bytes]:
    """The bytes of each table of an edition."""
    return {path.stem: path.read_bytes() for path in sorted(edition.resolve().glob("*.parquet"))}


def around(into: Path) -> set[str]:
    """What lies where an edition is built, without the editions' and the cache's insides."""
    return {path.name for path in into.parent.iterdir() if into.name in path.name}


@contextmanager
def gazetteer_once():
    """Within this, the packaged gazetteer is parsed once, however many builds there are."""
    towns = gazetteer._towns(gazetteer._text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gazetteer, "_text", lambda: b"")
        patch.setattr(gazetteer, "_towns", lambda text: towns)
        yield
