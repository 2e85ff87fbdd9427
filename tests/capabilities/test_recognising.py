"""Which capabilities a text names: hand-worked, on a list of the test's own."""

import pytest

from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.capabilities.recognising import MOST, Recogniser

LIST = Capabilities((
    Capability("light-microscopy", "Light microscopy", synonyms=("confocal", "laser scanning microscope")),
    Capability("electron-microscopy", "Electron microscopy", synonyms=("SEM", "scanning electron microscope")),
    Capability("lamp-testing", "LAMP testing", synonyms=("LAMP", "saliva test")),
    Capability("serology", "Serology", synonyms=("blood test",)),
    Capability("diagnostics", "Diagnostics", synonyms=("blood test", "lab")),
))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Confocal microscope", ("light-microscopy",)),
        (
            "A laser scanning microscope, and a Scanning Electron Microscope",
            ("light-microscopy", "electron-microscopy"),
        ),
        ("SEM", ("electron-microscopy",)),
        ("sem", ()),  # an acronym in small letters may be any word
        ("Desk lamp", ()),
        ("LAMP", ("lamp-testing",)),
        ("Saliva tests", ("lamp-testing",)),  # endings do not matter
        ("saliva", ()),  # part of a synonym is none
        ("Blood test", ()),  # of two capabilities: no one can tell which
        ("Lab", ()),  # too short a word
        ("<p>Our <b>confocal</b></p>", ("light-microscopy",)),
        ("", ()),
    ],
)
def test_what_is_named(text: str, slugs: tuple[str, ...]) -> None:
    assert Recogniser(LIST).named([text]) == slugs


def test_the_first_said_come_first_and_no_more_than_a_few() -> None:
    many = Capabilities(tuple(Capability(f"able-{n}", f"Ability number {n}") for n in range(10)))
    texts = [f"ability number {n}" for n in (7, 3, 9, 1, 5)]
    assert Recogniser(many).named(texts) == ("able-7", "able-3", "able-9")[:MOST]
