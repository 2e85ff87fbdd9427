"""A steward brings a file in, sees what is wrong with which row, corrects it there, tries again."""

import csv
import io
import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.registry_worlds import Clock, Ids, World, an_id
from tests.serve.pagecheck import Page, faults
from tests.serve.registry.networked import (
    ALPHA,
    BETA,
    CELLAR,
    GAMMA,
    NORTH,
    WORD,
    as_,
    furnish,
    serve,
)
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

FILE = b"""Type,Name,Description,Contact Email,ID,Site Location
equipment,Mass spectrometer,Weighs molecules,ms@example.org,E1,Main site
equipment,Freezer farm,Minus eighty,not an address,E2,Main site
facility,"<script>alert(1)</script>",x,f@example.org,F1,
"""


@pytest.fixture
def client(tmp_path: Path, small: Edition) -> Iterator[TestClient]:
    """A registry of the test's own."""
    registry = open_registry(str(tmp_path / "registry.sqlite"), clock=Clock(), ids=Ids())
    create_registry(registry)
    world = World(registry)
    furnish(world)
    yield serve(registry, small, world)
    registry.close()


def send(client: TestClient, who: str = "stu", file: bytes | None = FILE, **form: object):
    given = {
        "anti_forgery": WORD,
        "network": NORTH,
        "member": ALPHA,
        "visibility": "public",
        **form,
    }
    files = {"file": ("list.csv", file, "text/csv")} if file is not None else None
    return client.post("/import", data=given, files=files, headers=as_(who))


def hidden(text: str, name: str) -> list[str]:
    """Values of the hidden fields of a name."""
    found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', text)
    return [unescape(value) for value in found]


def names(client: TestClient, who: str = "") -> list[str]:
    """What the network has, as its export tells."""
    lines = client.get("/api/v1/export?format=uniquip", headers=as_(who)).text.lstrip("\ufeff")
    return sorted(row["Name"] for row in csv.DictReader(io.StringIO(lines)))


def test_check_then_import_then_correct(client: TestClient) -> None:
    before = names(client)
    checked = send(client, do="check")
    assert checked.status_code == 200, checked.text[-800:]
    assert faults(checked.text) == []
    assert names(client) == before
    page = " ".join(Page(checked.text).words.split())
    assert "Row 3 Freezer farm" in page and "Row 4 <script>" in page
    assert "Contact Email" in page and "name@example.org" in page  # where, and the remedy
    [carried] = hidden(checked.text, "carried")[:1]
    assert b64decode(carried) == FILE
    done = send(client, file=None, carried=carried, do="import")
    assert "Brought in" in done.text
    assert names(client) == sorted([*before, "Mass spectrometer"])
    # Corrected where it stands: the first faulty row only.
    row = hidden(done.text, "row")[0]
    keys = hidden(done.text, f"keys-{row}")
    cells = {"Type": "equipment", "Name": "Freezer farm", "Description": "Minus eighty",
             "Contact Email": "ff@example.org", "ID": "E2", "Site Location": "Main site"}  # fmt: skip
    assert set(keys) == set(cells)
    again = send(client, file=None, do="import",
                 **{"row": row, f"keys-{row}": keys, f"cell-{row}": [cells[k] for k in keys]})  # fmt: skip
    assert again.status_code == 200, again.text[-800:]
    assert names(client) == sorted([*before, "Freezer farm", "Mass spectrometer"])
    # The whole file once more makes nothing twice.
    send(client, do="import")
    assert names(client) == sorted([*before, "Freezer farm", "Mass spectrometer"])


def test_the_faulty_rows_are_a_file(client: TestClient) -> None:
    carried = hidden(send(client, do="check").text, "carried")
    sent = {"anti_forgery": WORD, "carried": carried[-1]}
    answer = client.post("/import/faulty", data=sent, headers=as_("stu"))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["ID"] for row in rows] == ["E2", "F1"]
    assert "Contact Email" in rows[0]["Problem"]


def test_all_or_nothing(client: TestClient) -> None:
    before = names(client)
    answer = send(client, do="import", strict="yes")
    assert "Nothing was brought in" in answer.text
    assert names(client) == before


@pytest.mark.parametrize("who", ["", "sam"])
def test_strangers_bring_nothing_in(client: TestClient, who: str) -> None:
    assert client.get("/import", headers=as_(who)).status_code == 403
    assert send(client, who, do="import").status_code == 403
    assert (
        client.post("/import/faulty", data={"anti_forgery": WORD}, headers=as_(who)).status_code
        == 403
    )


def test_nobody_brings_in_for_others(client: TestClient) -> None:
    for who, form in (
        ("stu", {"network": "", "member": GAMMA}), ("stu", {"network": NORTH, "member": GAMMA}),
        ("mia", {"network": "", "member": BETA}), ("mia", {"network": NORTH, "member": ""}),
        ("mia", {"network": "", "member": ""}),
    ):  # fmt: skip
        assert send(client, who, do="import", **form).status_code == 403, (who, form)
    absent = send(client, "stu", do="import", network=an_id("network", "none"), member="")
    hidden_one = send(client, "stu", do="import", network=CELLAR, member="")
    assert (absent.status_code, absent.content) == (hidden_one.status_code, hidden_one.content)
    assert absent.status_code == 404


@pytest.mark.parametrize(
    ("file", "said"),
    [(None, "Choose a file"), (b"a,b\n1,2\n", "header is not UNIQUIP"), (b"", ""), (b"{", "")],
)  # fmt: skip
def test_what_is_no_file_of_assets_is_told(
    client: TestClient, file: bytes | None, said: str
) -> None:
    answer = send(client, file=file, do="check")
    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert said in unescape(answer.text)


def test_the_api_reports_row_by_row(client: TestClient) -> None:
    form = {"anti_forgery": WORD, "network": NORTH, "do": "check"}
    answer = client.post(
        "/api/v1/import", data=form, files={"file": ("l.csv", FILE)}, headers=as_("stu")
    )
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert [(row["number"], row["status"]) for row in report["rows"]] == [
        (2, "created"), (3, "faulty"), (4, "faulty"),
    ]  # fmt: skip
    assert report["kept"] is False
    assert all(row["able"] == [] or row["status"] == "created" for row in report["rows"])
    none = client.post("/api/v1/import", data=form, headers=as_("stu"))
    assert (none.status_code, "send one as multipart" in none.json()["detail"]) == (422, True)
