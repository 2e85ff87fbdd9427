"""CORDIS: rows worked by hand in each layout, and the laws the real files must obey."""

import csv
import gzip
import itertools
import os
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pycountry
import pytest

from triplehelix.errors import SourceError
from triplehelix.read import cordis
from triplehelix.read.files import Member, members
from triplehelix.read.rows import Kept, Outcome, Rejected, mention_id
from triplehelix.tables import HELICES, ROLES, STAGED

PROJECT = {
    "id": "101016956", "acronym": "X", "status": "SIGNED", "title": "A title",
    "startDate": "2020-01-01", "endDate": "2022-12-31", "totalCost": "10",
    "ecMaxContribution": "1234,5", "legalBasis": "H2020-EU.3.1.;H2020-EU.2.1.",
    "topics": "SC1-PHE-2020", "objective": "What for.", "rcn": "227777",
}  # fmt: skip
PART = {
    "projectID": "101016956", "organisationID": "999854661", "vatNumber": "GB 123 4567 89",
    "name": "UNIVERSITY OF PLYMOUTH", "shortName": "UOP", "activityType": "HES",
    "street": "DRAKE CIRCUS", "postCode": "PL4 8AA", "city": "PLYMOUTH", "country": "UK",
    "geolocation": "50.375,-4.139", "order": "3", "role": "participant", "ecContribution": "500000",
}  # fmt: skip


def put(folder: Path, name: str, rows: list[dict[str, str]], delimiter: str = ";") -> Member:
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    quoted = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in ln) for ln in lines)
    content = ("\n".join(quoted) + "\n").encode()
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return members(path)[0]


@pytest.fixture
def read(tmp_path):
    """Read one row: given columns over those of the usual one."""

    def _read(usual: dict[str, str], delimiter: str = ";", **over: str) -> Outcome:
        name = "project.csv" if usual is PROJECT else "organization.csv"
        given = put(tmp_path, name, [{**usual, **over}], delimiter)
        (outcome,) = cordis.inputs([given])[0].rows()
        return outcome

    return _read


def staged(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Kept), outcome
    for table, values in outcome.staged:
        assert set(values) <= set(STAGED[table].schema.names)
    return dict(outcome.staged)


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, Rejected)
    return outcome.reason


def test_project_by_hand(read):
    url = "https://cordis.europa.eu/project/id/101016956"
    assert staged(read(PROJECT)) == {"staged_activities": {
        "source": "cordis", "source_record_id": "101016956", "kind": "project",
        "title": "A title", "start": date(2020, 1, 1), "end": date(2022, 12, 31),
        "amount": Decimal("1234.50"), "currency": "EUR", "summary": "What for.",
        "language": "en", "url": url, "source_url": url, "codes": [
            {"scheme": "h2020-legal-basis", "value": "H2020-EU.2.1"},
            {"scheme": "h2020-legal-basis", "value": "H2020-EU.3.1"},
            {"scheme": "topic", "value": "SC1-PHE-2020"}],
    }}  # fmt: skip


def test_organization_by_hand(read):
    tables = staged(read(PART))
    mention = tables["staged_organisations"]
    assert mention == {
        "mention_id": mention_id(mention), "source": "cordis", "source_record_id": "999854661",
        "name": "UNIVERSITY OF PLYMOUTH", "names": ["UOP"], "helix": "academia", "country": "GB",
        "street": "DRAKE CIRCUS", "postcode": "PL4 8AA", "city": "PLYMOUTH", "lat": 50.375,
        "lon": -4.139, "precision": "address", "identifiers": [
            {"scheme": "pic", "value": "999854661"}, {"scheme": "vat", "value": "GB123456789"}],
    }  # fmt: skip
    assert tables["staged_participations"] == {
        "source": "cordis", "source_record_id": "101016956/999854661/participant",
        "activity_record_id": "101016956", "mention_id": mention["mention_id"],
        "role": "partner", "amount": Decimal("500000.00"), "currency": "EUR",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("", None),
        ("0", Decimal("0.00")),
        ("0,01", Decimal("0.01")),
        ("215540,24", Decimal("215540.24")),
        ("215540.24", Decimal("215540.24")),
        ("856961937,57", Decimal("856961937.57")),
        ("0.125", Decimal("0.12")),
        ("1.5E6", Decimal("1500000.00")),
    ],
)
def test_amounts(read, written, amount):
    got = staged(read(PART, ecContribution=written))["staged_participations"]["amount"]
    assert got == amount
    assert repr(got) == repr(amount)


@pytest.mark.parametrize(
    ("usual", "over", "words"),
    [
        (PART, {"ecContribution": "-5"}, "ecContribution -5 is negative; correct it, or leave"),
        (PART, {"ecContribution": "1.234,56"}, "'1.234,56' is not an amount; write it like"),
        (PART, {"ecContribution": "1e20"}, "more money than there is"),
        (PART, {"country": "QQ"}, "country 'QQ' is not known; write its ISO code"),
        (PART, {"geolocation": "151.2,-33.9"}, "latitude 151.2 out of range -90 to 90"),
        (PART, {"geolocation": "151.2,-33.9"}, "are latitude and longitude swapped?"),
        (
            PART,
            {"geolocation": "-4.139,50.375"},
            "latitude and longitude look swapped in geolocation",
        ),
        (PART, {"geolocation": "10,200"}, "longitude 200 out of range -180 to 180"),
        (PART, {"geolocation": "here"}, "geolocation 'here' is not `lat,lon`; write it like"),
        (PART, {"projectID": " "}, "projectID is missing; fill it in"),
        (PART, {"organisationID": ""}, "organisationID is missing; fill it in"),
        (PART, {"organisationID": "LEEDS"}, "'LEEDS' is not a number"),
        (PROJECT, {"id": ""}, "id is missing"),
        (PROJECT, {"ecMaxContribution": "-1"}, "ecMaxContribution -1 is negative"),
        (PROJECT, {"endDate": "2019-12-31"}, "endDate 2019-12-31 is before startDate 2020-01-01"),
        (PROJECT, {"startDate": "2020-02-30"}, "startDate '2020-02-30' is no day"),
        (PROJECT, {"startDate": "Spring"}, "startDate 'Spring' is not a date; write it like"),
    ],
)
def test_rejected_with_what_to_do(read, usual, over, words):
    assert words in reason(read(usual, **over))


def test_comma_separated_with_other_column_names(read, tmp_path):
    renamed = {"projectID": "projectId", "organisationID": "organizationID",
               "ecContribution": "netEcContribution"}  # fmt: skip
    row = {renamed.get(column, column): value for column, value in PART.items()}
    (outcome,) = cordis.inputs([put(tmp_path, "organization.csv", [row], ",")])[0].rows()
    assert staged(outcome) == staged(read(PART))


def test_layout_of_the_first_releases(tmp_path):
    row = {"projectRcn": "1", "projectID": "633172", "role": "coordinator", "id": "999977754",
           "name": "N", "ecContribution": "7", "country": "EL", "organizationUrl": ""}  # fmt: skip
    given = put(tmp_path, "cordis-h2020organizations.csv", [row])
    assert cordis.recognises(given)
    tables = staged(next(cordis.inputs([given])[0].rows()))
    assert tables["staged_organisations"]["source_record_id"] == "999977754"
    assert tables["staged_organisations"]["country"] == "GR"
    assert tables["staged_participations"]["role"] == "lead"


def test_dates_day_first(read):
    said = staged(read(PROJECT, startDate="02/03/2020", endDate=""))["staged_activities"]
    assert (said["start"], said["end"]) == (date(2020, 3, 2), None)


def test_blank_is_unknown(read):
    blank = dict.fromkeys(
        ("title", "startDate", "endDate", "ecMaxContribution", "legalBasis", "topics", "objective"),
        "",
    )
    said = staged(read(PROJECT, **blank))["staged_activities"]
    for column in ("title", "start", "end", "amount", "summary", "language"):
        assert said[column] is None
    assert said["codes"] == []


def test_an_organisation_without_name_keeps_id_country_and_type(read):
    blank = dict.fromkeys(("name", "shortName", "street", "postCode", "city", "geolocation"), "")
    said = staged(read(PART, **blank, country="EL", activityType="PRC", vatNumber="MISSING"))
    mention = said["staged_organisations"]
    assert (mention["name"], mention["names"]) == (None, [])
    assert (mention["source_record_id"], mention["country"]) == ("999854661", "GR")
    assert mention["helix"] == "industry"
    assert mention["precision"] is None
    assert mention["identifiers"] == [{"scheme": "pic", "value": "999854661"}]


@pytest.mark.parametrize(
    ("written", "helix"),
    [("HES", "academia"), ("REC", "academia"), ("PRC", "industry"), ("PUB", "government"),
     ("OTH", "unknown"), ("", "unknown")],
)  # fmt: skip
def test_helix(read, written, helix):
    assert staged(read(PART, activityType=written))["staged_organisations"]["helix"] == helix


@pytest.mark.parametrize("written", ["50.375,-4.139", "(50.375,-4.139)", "( 50.375 ; -4.139 )"])
def test_geolocation(read, written):
    mention = staged(read(PART, geolocation=written))["staged_organisations"]
    assert (mention["lat"], mention["lon"]) == (50.375, -4.139)


def test_geolocation_of_zero_is_unknown(read):
    mention = staged(read(PART, geolocation="0.0,0.0"))["staged_organisations"]
    assert (mention["lat"], mention["lon"], mention["precision"]) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "role"),
    [("coordinator", "lead"), ("thirdParty", "partner"), ("associatedPartner", "partner"),
     ("internationalPartner", "partner"), ("hostInstitution", "host")],
)  # fmt: skip
def test_roles(read, written, role):
    said = staged(read(PART, role=written))["staged_participations"]
    assert said["role"] == role
    assert said["source_record_id"].endswith(f"/{written}")
    assert "note" not in said


def test_a_role_not_heard_of_is_kept_and_noted(read):
    said = staged(read(PART, role="observer"))["staged_participations"]
    assert said["role"] == "partner"
    assert "observer" in said["note"]


def test_letters_are_repaired(read):
    said = staged(read(PART, name="Bernhard  J√∂ckel", city="K√∂ln"))["staged_organisations"]
    assert (said["name"], said["city"]) == ("Bernhard Jöckel", "Köln")


def test_order_enters_nothing_but_the_raw_row(read):
    one, other = read(PART, order="1"), read(PART, order="2")
    assert staged(one) == staged(other)
    assert one.raw != other.raw


def test_a_record_number_as_id_links_by_record_number(read):
    said = staged(read(PROJECT, id="193157", rcn="193157"))["staged_activities"]
    assert said["url"] == "https://cordis.europa.eu/project/rcn/193157"


def test_horizon_europe_programmes_have_their_own_scheme(read):
    said = staged(read(PROJECT, legalBasis="HORIZON.2.1", topics=""))["staged_activities"]
    assert said["codes"] == [{"scheme": "horizon-legal-basis", "value": "HORIZON.2.1"}]


@pytest.mark.parametrize(
    ("name", "row", "scheme", "value"),
    [
        ("euroSciVoc.csv", {"euroSciVocCode": "/1/2", "euroSciVocPath": "/natural sciences/optics"},
         "euroscivoc", "/natural sciences/optics"),
        ("topics.csv", {"topic": "SC1-PHE", "title": "T"}, "topic", "SC1-PHE"),
        ("legalBasis.csv.gz", {"legalBasis": "H2020-EU.3.1.", "title": "T"},
         "h2020-legal-basis", "H2020-EU.3.1"),
    ],
)  # fmt: skip
def test_code_files(tmp_path, name, row, scheme, value):
    given = put(
        tmp_path, name, [{"projectID": "7", **row}, {"projectID": "7", **dict.fromkeys(row, "")}]
    )
    good, bad = cordis.inputs([given])[0].rows()
    assert staged(good) == {"staged_codes": {
        "source": "cordis", "source_record_id": f"7/{scheme}/{value}",
        "activity_record_id": "7", "scheme": scheme, "value": value,
    }}  # fmt: skip
    assert "names no code; fill it in" in reason(bad)


def test_recognised_by_columns_under_any_name(tmp_path):
    assert cordis.recognises(put(tmp_path, "mine.csv", [PART]))
    assert not cordis.recognises(put(tmp_path, "other.csv", [{"name": "x", "city": "y"}]))
    assert not cordis.recognises(put(tmp_path, "organisations.csv", [{"name": "x", "city": "y"}]))


def test_right_name_wrong_columns(tmp_path):
    given = put(tmp_path, "project.csv", [{"id": "1", "titre": "x"}])
    with pytest.raises(SourceError, match="lacks the columns startDate, endDate.*found: id, titre"):
        cordis.inputs([given])


DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "cordis_h2020"
real = pytest.mark.skipif(not DATA.exists(), reason="the CORDIS files are not here")


@pytest.fixture(scope="module")
def outcomes():
    given = members(DATA / "organization.csv.gz")
    return list(cordis.inputs(given)[0].rows())


@real
def test_every_real_row_is_kept_once(outcomes):
    assert len(outcomes) == 144_726
    assert all(isinstance(outcome, Kept) for outcome in outcomes)
    assert [outcome.row for outcome in outcomes] == list(range(1, 144_727))
    keys = {outcome.staged[1][1]["source_record_id"] for outcome in outcomes}
    assert len(keys) == 144_726


@real
def test_real_amounts_as_pandas_reads_them(outcomes):
    read = pd.read_csv(DATA / "organization.csv.gz", sep=";", decimal=",",
                       usecols=["ecContribution"])["ecContribution"]  # fmt: skip
    ours = [outcome.staged[1][1]["amount"] for outcome in outcomes]
    assert sum(amount is None for amount in ours) == read.isna().sum()
    assert round(100 * sum(amount is None for amount in ours) / len(ours), 1) == 9.5
    assert sum(amount for amount in ours if amount is not None) == sum(
        Decimal(f"{amount:.2f}") for amount in read.dropna()
    )


@real
def test_real_mentions(outcomes):
    iso = {country.alpha_2 for country in pycountry.countries} | {"XK", None}
    mentions = {m["mention_id"]: m for m in (outcome.staged[0][1] for outcome in outcomes)}
    assert {m["country"] for m in mentions.values()} <= iso
    assert {m["helix"] for m in mentions.values()} <= set(HELICES)
    assert len({m["source_record_id"] for m in mentions.values()}) == 35_871
    said = [m[c] or "" for m in mentions.values() for c in ("name", "street", "city")]
    said += [name for m in mentions.values() for name in m["names"]]
    assert not [text for text in said if "√" in text or "\ufffd" in text]
    assert any("Jöckel" in text for text in said)
    nameless = sum(outcome.staged[0][1]["name"] is None for outcome in outcomes)
    assert round(100 * nameless / len(outcomes), 1) == 23.5
    roles = Counter(outcome.staged[1][1]["role"] for outcome in outcomes)
    assert roles == {"lead": 31_476, "partner": 113_250}
    assert set(roles) <= set(ROLES)


@real
def test_real_projects():
    rows = list(cordis.inputs(members(DATA / "project.csv.gz"))[0].rows())
    said = [outcome.staged[0][1] for outcome in rows if isinstance(outcome, Kept)]
    assert len(rows) == len(said) == 31_451
    health = {"scheme": "h2020-legal-basis", "value": "H2020-EU.3.1"}
    assert sum(health in each["codes"] for each in said) == 1_105
    assert not [code for each in said for code in each["codes"] if code["value"].endswith(".")]


@real
def test_shuffled_real_rows_say_the_same(tmp_path, outcomes):
    with gzip.open(DATA / "organization.csv.gz", "rt", newline="") as stream:
        header, *body = itertools.islice(csv.reader(stream, delimiter=";"), 20_001)
    random.Random(7).shuffle(body)
    path = tmp_path / "organization.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([header, *body])
    shuffled = cordis.inputs(members(path))[0].rows()
    assert sorted(map(_said, shuffled)) == sorted(map(_said, outcomes[:20_000]))


def _said(outcome: Outcome) -> tuple[str, str]:
    return outcome.raw, str(staged(outcome))
