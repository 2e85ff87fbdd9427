"""Towns as sources write them: what is looked up, and that spellings fold together."""

import duckdb
import pytest

from triplehelix.locate.towns import folded, spellings


@pytest.fixture(scope="module")
def fold():
    database = duckdb.connect()
    yield lambda text: database.execute(f"select {folded('$t')}", {"t": text}).fetchone()[0]
    database.close()


@pytest.mark.parametrize(("written", "meant"), [
    ("MUENCHEN", "München"), ("KOELN", "Köln"), ("ST ETIENNE", "Saint-Étienne"),
    ("KOBENHAVN", "København"), ("AARHUS", "Århus"), ("Lodz", "Łódź"), ("MALAGA", "Málaga"),
    ("KING S LYNN", "King's Lynn"), ("ATHINA", "Athína"), ("GRONINGEN", "Groningen"),
])  # fmt: skip
def test_spellings_fold_together(fold, written, meant):
    assert fold(written) == fold(meant)


@pytest.mark.parametrize(("one", "other"), [
    ("Frankfurt am Main", "Frankfurt (Oder)"), ("Newport", "Newport Pagnell"),
    ("Bath", "Bad"), ("Stratford", "Saint Ratford"),
])  # fmt: skip
def test_other_towns_do_not(fold, one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("written", "among"), [
    ("PARIS 15", "PARIS"), ("PARIS CEDEX 05", "PARIS"), ("75005 PARIS", "PARIS"),
    ("TORINO TO", "TORINO"), ("ROMA (RM)", "ROMA"), ("D-80333 Muenchen", "Muenchen"),
    ("Harwell, Didcot", "Didcot"), ("SUTTON - LONDON", "LONDON"), ("Praha 6 - Dejvice", "Praha"),
    ("London W2 1PG", "London"),
])  # fmt: skip
def test_the_town_is_among_what_is_looked_up(written, among):
    assert among in spellings(written)
    assert spellings(written)[0] == written


def test_all_of_it_is_tried_before_a_part():
    assert spellings("Frankfurt (Oder)").index("Frankfurt (Oder)") == 0


@pytest.mark.parametrize("nothing", ["", "   ", "12345"])
def test_nothing_that_is_a_town(nothing):
    assert [text for text in spellings(nothing) if not text.strip("0123456789")] in ([], [nothing])
