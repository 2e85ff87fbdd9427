"""Cells that spreadsheets would run: worked by hand, and by the law that taking off undoes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.formulas import guarded, unguarded

# The first letters that OWASP's page on CSV injection lists, and their full-width twins.
FIRST = "=+-@\t\r＝＋－＠"
NASTY = st.text(st.sampled_from(FIRST + "' \n1a\u3000"), max_size=8) | st.text(max_size=20)


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("blanks", ["", " ", "\u00a0", "\n"])
def test_dangerous_beginnings_are_guarded(first: str, blanks: str) -> None:
    assert guarded(blanks + first + "cmd") == "'" + blanks + first + "cmd"


@pytest.mark.parametrize("text", ["", "a=b", "'tis", "1-2", "a@b", "''", "é"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(NASTY)
def test_a_guarded_cell_gives_back_what_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(NASTY)
def test_nothing_guarded_begins_as_a_formula(text: str) -> None:
    assert guarded(text).lstrip()[:1] not in set(FIRST) - {""} or not text.strip()
    assert guarded(text)[:1] not in set(FIRST) or not text


@given(NASTY, NASTY)
def test_two_cells_are_never_written_alike(first: str, second: str) -> None:
    assert (guarded(first) == guarded(second)) == (first == second)
