"""Spellings that are one name, spellings that are not, and names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.resolve.names import display_name, fold, name_key, without_parentheses

SAME = [
    ("THE CHANCELLOR MASTERS AND SCHOLARS OF THE UNIVERSITY OF CAMBRIDGE", "University of Cambridge"),
    ("THE UNIVERSITY COURT OF THE UNIVERSITY OF ABERDEEN", "University of Aberdeen"),
    ("TECHNISCHE UNIVERSITAET MUENCHEN", "Technische Universität München"),
    ("KOBENHAVNS UNIVERSITET", "Københavns Universitet"),
    ("GOETEBORGS UNIVERSITET", "Göteborgs universitet"),
    ("ASTRAZENECA AB", "AstraZeneca"),
    ("F. HOFFMANN-LA ROCHE AG", "F Hoffmann La Roche"),
    ("BRUKER BIOSPIN S.P.A.", "Bruker BioSpin SpA"),
    ("INSTITUT NATIONAL DE LA RECHERCHE AGRONOMIQUE D ALGERIE",
     "Institut National de la Recherche Agronomique d'Algérie"),
    ("CHILDREN'S UNIVERSITY HOSPITAL", "Childrens University Hospital"),
    ("Johnson & Johnson", "Johnson and Johnson"),
]  # fmt: skip
DIFFERENT = [
    ("University of York", "University of New York"),
    ("Queen Mary University of London", "University of London"),
    ("Université Paris 1", "Université Paris 8"),
    ("Institute of Cancer Research", "Cancer Research UK"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_do_not(one, other):
    assert name_key(one) != name_key(other)


@given(st.text())
def test_folding_a_folded_name_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefghij ", min_size=1))
def test_capitals_do_not_count(text):
    assert name_key(text.upper()) == name_key(text)


def test_a_name_that_is_only_a_legal_form_is_still_a_name():
    assert name_key("Company Ltd") == "company"


def test_country_in_parentheses():
    assert without_parentheses("Pfizer (United Kingdom)") == "Pfizer"


@pytest.mark.parametrize(("written", "shown"), [
    ("PROTEINLOGIC LIMITED", "Proteinlogic Limited"),
    ("UNIVERSITAET FUER BODENKULTUR WIEN", "Universitaet fuer Bodenkultur Wien"),
    ("GLAXOSMITHKLINE RESEARCH AND DEVELOPMENT LTD.", "Glaxosmithkline Research and Development Ltd."),
    ("NHS LOTHIAN", "NHS Lothian"),
    ("BIOTEC GMBH", "Biotec GmbH"),
    ("CNRS", "CNRS"),
    ("OXB", "OXB"),
    ("UCB PHARMA SA", "UCB Pharma SA"),
    ("VRIJE UNIVERSITEIT VAN AMSTERDAM", "Vrije Universiteit van Amsterdam"),
    ("3M", "3M"),
    ("deCODE genetics", "deCODE genetics"),
    ("", ""),
])  # fmt: skip
def test_capitals_become_names(written, shown):
    assert display_name(written) == shown
