"""
The whole story of a registry, on a served process, by people who read pages and fill forms in.

An administrator makes a network and invites its steward; the steward brings a file in, mends what
is wrong with it and says what is public; a member confirms; a visitor finds it by a word of their
own; an outsider's checkpoint tells whether the log was altered.
"""

import csv
import io
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.people import Person
from tests.registry_worlds import an_id
from triplehelix.cli import triplehelix
from triplehelix.store.edition import Edition

COLUMNS = (
    "Type", "Name", "Description", "Related Facility ID", "Technique", "Location", "Contact Name",
    "Contact Telephone", "Contact URL", "Contact Email", "Secondary Contact Name",
    "Secondary Contact Telephone", "Secondary Contact URL", "Secondary Contact Email", "ID",
    "Photo", "Department", "Site Location", "Building", "Service Level", "Web Address",
)  # fmt: skip
USUAL = {"Type": "equipment", "Contact Name": "Robin Ash", "Contact Email": "robin@alder.example",
         "Site Location": "North campus"}  # fmt: skip
ROWS = [
    {"Type": "facility", "Name": "Gable laboratory", "ID": "F1", "Description": "Six benches"},
    {"Name": "Cold room", "ID": "E1", "Description": "Four degrees", "Related Facility ID": "F1"},
    # Each of the next has one fault: the kind, the way to reach it, the place, its facility.
    {"Type": "machine", "Name": "Shaker", "ID": "E2", "Description": "Mixes"},
    {"Name": "Loft freezer", "ID": "E3", "Description": "Minus eighty", "Contact Email": "robin"},
    {"Name": "Plate reader", "ID": "E4", "Description": "Reads plates", "Site Location": "",
     "Related Facility ID": "F1"},
    {"Name": "Sorter", "ID": "E5", "Description": "Sorts", "Related Facility ID": "F9"},
]  # fmt: skip
PASSWORD = "seven slow barges northwards"
MEMBER, NETWORK = "Alder Institute", "Northern Benches"
WORD = "thermocycler"  # a synonym of PCR testing, in none of the rows


def file_of(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({**USUAL, **row} for row in rows)
    return out.getvalue().encode()


class Served:
    """A registry that `triplehelix serve` serves, and the commands of whoever runs it."""

    def __init__(self, folder: Path, edition: Edition) -> None:
        self.file, self._folder = folder / "registry.db", folder
        self.run("init", "--origin", "registry.example/log")
        made = self.run("user", "add", "ada@example.org", "--name", "Ada", "--generate",
                        "--role", "administrator")  # fmt: skip
        self.password = made.stderr.split()[-1]
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        settings = folder / "settings.yaml"
        settings.write_text(f"registry: {self.file}\nbase_url: {self.address}\n", "utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from triplehelix.cli import main; main()", "serve",
             str(edition.path), "--port", str(port), "--settings", str(settings)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.address in self.process.stdout.readline()
        self.people: list[Person] = []

    def person(self) -> Person:
        """Somebody with a browser, who leaves at the end."""
        self.people.append(Person(self.address))
        return self.people[-1]

    def run(self, *arguments: str, exit_code: int = 0) -> Result:
        """A command of `triplehelix registry`."""
        done = CliRunner().invoke(
            triplehelix, ["registry", *arguments, "--registry", str(self.file)]
        )
        assert done.exit_code == exit_code, (done.output, done.exception)
        return done

    def verify(self, checkpoint: str, exit_code: int = 0) -> str:
        """What `verify-log` says against a checkpoint that an outsider kept."""
        held = self._folder / "kept-elsewhere"
        held.write_text(checkpoint, "utf-8")
        done = self.run("verify-log", "--checkpoint", str(held), exit_code=exit_code)
        return done.output


@pytest.fixture
def served(tmp_path: Path, small: Edition) -> Iterator[Served]:
    """A registry with one administrator and nothing else."""
    made = Served(tmp_path, small)
    yield made
    for person in made.people:
        person.leave()
    made.process.terminate()
    made.process.communicate(timeout=10)


def signed_in(served: Served, email: str, password: str) -> Person:
    person = served.person().open("/sign-in")
    return person.press("Sign in", email=email, password=password)


def invited(served: Served, page: Person, name: str) -> Person:
    """Somebody who opens the address that the inviting page shows, and accepts."""
    found = re.search(rf"{re.escape(served.address)}(/invitations/[\w-]+)", page.words)
    assert found, page.words
    person = served.person().open(found[1])
    assert f"{name.lower()}@example.org alone" in person.words
    return person.press("Accept", name=name, password=PASSWORD)


def ends(path: str) -> str:
    return path.rpartition("/")[2]


def the_network_is_made(ada: Person) -> tuple[str, str]:
    """Its address, and that of the member in it."""
    ada.open("/networks").follow("Make a network")
    network = ada.press("Make the network", name=NETWORK, kind="something else",
                        visibility="everybody").path  # fmt: skip
    assert f"{NETWORK} Network." in ada.words and "Edit" in ada.words
    ada.open("/members").follow("Add a member")
    member = ada.press("Add it", name=MEMBER, country="GB", holder=NETWORK).path
    ada.open(network).follow("Members and requests").press(
        "Put in", member=MEMBER, visibility="everybody"
    )
    assert f"{MEMBER} " in ada.words and "1 member." in ada.words
    return network, member


def the_file_is_brought_in(sam: Person) -> Person:
    """Checked, brought in, and its faulty rows mended where they stand."""
    # A steward of one network brings in for that, unless they say otherwise.
    sam.press("Check only", file=("uniquip.csv", file_of(ROWS)), member=MEMBER)
    words = sam.words
    assert "What an import would do" in words and "6 rows" in words
    assert "New 2" in words and "Cannot go in 4" in words
    assert "Row 4 Shaker Type 'machine' is neither. Write equipment or facility." in words
    assert "Row 5 Loft freezer Contact Email " in words and "name@example.org" in words
    assert "Row 6 Plate reader Site Location is missing." in words
    assert "Row 7 Sorter Related Facility ID 'F9' is no facility" in words
    sam.press("Import 2 rows now")
    assert "Brought in" in sam.words and "Did not go in 4 rows" in sam.words
    form = sam.form("Import the corrected rows")
    right = {"4": ("Type", "equipment"), "5": ("Contact Email", "robin@alder.example"),
             "6": ("Site Location", "North campus")}  # fmt: skip
    cells = {}
    for row, (column, cell) in right.items():
        keys = [value for name, value in form.fields if name == f"keys-{row}"]
        was = [value for name, value in form.fields if name == f"cell-{row}"]
        pairs = zip(keys, was, strict=True)
        cells[f"cell-{row}"] = [cell if key == column else old for key, old in pairs]
    sam.press("Import the corrected rows", **cells)
    assert "New 3" in sam.words and "Cannot go in 1" in sam.words
    assert "Sorter" in sam.words and "no facility" in sam.words
    return sam


def the_visitor_sees_the_public_part(served: Served, asset: str, hidden: str) -> None:
    visitor = served.person()
    visitor.open("/assets")
    assert "1 asset." in visitor.words
    visitor.open(f"/assets?q={WORD}")
    assert "Gable laboratory" in visitor.words
    visitor.follow("Gable laboratory")
    assert visitor.path == asset
    words = visitor.words
    assert "Facility of Alder Institute" in words and "PCR testing" in words
    assert "480 tests a day" in words and "stated" not in words
    assert "confirmed" in words and "never confirmed" not in words
    assert WORD not in visitor.page.lower()
    for form in ("", ".json", ".geojson"):
        status, body = visitor.bytes_of(asset + form)
        assert status == 200
        assert b"robin" not in body.lower() and b"Robin" not in body
    for name in ("Shaker", "Loft freezer", "Cold room", "Plate reader"):
        assert name not in visitor.open(f"/assets?q={name}").links
    network = visitor.open(asset).follow(MEMBER).follow(NETWORK)
    assert "Network. Its one member shares 1 asset." in network.words
    assert "PCR testing 1 480 tests a day –" in network.words
    absent = f"/assets/{an_id('asset', 'none')}"
    assert visitor.bytes_of(hidden) == visitor.bytes_of(absent)
    assert visitor.bytes_of(hidden)[0] == 404


def tamper(file: Path) -> None:
    """What somebody does who has the database and no conscience."""
    with closing(sqlite3.connect(file)) as raw, raw:
        done = raw.execute(
            "update log_entries set payload = replace(payload, 'Gable', 'Stable') "
            "where payload like '%Gable%'"
        )
        assert done.rowcount > 0


def test_the_whole_story(served: Served) -> None:
    ada = signed_in(served, "ada@example.org", served.password)
    network, member = the_network_is_made(ada)
    ada.open("/me").follow("users").press("Invite", email="sam@example.org", role="steward",
                                          object=ends(network))  # fmt: skip
    sam = invited(served, ada, "Sam")
    assert f"steward of {NETWORK}" in sam.open("/me").words

    sam.follow("queue").follow("Bring assets in from a file")
    the_file_is_brought_in(sam)
    loft = sam.open("/assets?q=Loft+freezer").follow("Loft freezer").path
    sam.open("/assets").follow("Gable laboratory").follow("Edit")
    sam.press("Save", capabilities=["pcr-testing"], see__contacts="Only us",
              **{"see.*": "Everybody"})  # fmt: skip
    asset = sam.path
    assert "Seen by Everybody" in sam.words and "whom to ask: only us" in sam.words
    assert "robin@alder.example" in sam.words
    sam.follow("Add a capacity")
    sam.press("Save the capacity", capability="PCR testing", amount="450", unit="tests", per="day",
              state="stated in a source")  # fmt: skip
    assert "450 tests a day stated" in sam.words and "never confirmed" in sam.words
    sam.open("/me").follow("invite people")
    sam.press("Invite", email="mia@example.org", role="member", object=ends(member))

    mia = invited(served, sam, "Mia")
    mia.open("/my-organisation")
    assert f"My organisation {MEMBER}" in mia.words and "Do these still hold?" in mia.words
    mia.follow("Gable laboratory").follow("Change PCR testing")
    mia.press("Save the capacity", amount="480", state="available: we can do it")
    assert "480 tests a day" in mia.words and "450" not in mia.words
    mia.press("All of this still holds")
    assert "never confirmed" not in mia.words and "Confirmed" in mia.words

    the_visitor_sees_the_public_part(served, asset, loft)

    served.run("seal", "--now")
    assert "by Ada" in ada.open("/audit").words and "by Mia" in ada.words
    checkpoint = ada.follow("As text").page
    assert checkpoint.startswith("registry.example/log\n")
    mia.open("/my-organisation").follow("Cold room").press("All of this still holds")
    served.run("seal", "--now")
    assert "It goes on from the checkpoint of size" in served.verify(checkpoint)
    tamper(served.file)
    assert "was tampered with" in served.verify(checkpoint, exit_code=1)
