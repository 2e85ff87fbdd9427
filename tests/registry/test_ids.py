"""Ids: random, of one shape to the letter, and the one answer to what is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.registry.ids import PREFIXES, is_id, new_id, nothing_so_named

ONE = new_id("asset", bytes(range(16)))


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_ids_differ_as_their_randomness_does(first: bytes, second: bytes) -> None:
    assert (new_id("asset", first) == new_id("asset", second)) == (first == second)


@given(st.binary(min_size=16, max_size=16))
def test_an_id_is_its_number_in_crockfords_base_32(randomness: bytes) -> None:
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    number = 0
    for letter in new_id("asset", randomness)[3:]:
        number = number * 32 + digits.index(letter)
    assert number == int.from_bytes(randomness, "big")


@pytest.mark.parametrize("kind", PREFIXES)
def test_an_id_tells_its_kind(kind: str) -> None:
    own = new_id(kind, bytes(16))
    assert [other for other in PREFIXES if is_id(own, other)] == [kind]


@pytest.mark.parametrize(
    "spoilt",
    [
        ONE.upper(), ONE.title(), f" {ONE}", f"{ONE} ", f"{ONE}\n", f"{ONE}\r\n", f"{ONE}\x00", f"\ufeff{ONE}",
        ONE.replace("a", "а"), ONE.replace("s", "ѕ"), ONE.replace("0", "O"), ONE.replace("1", "l"),
        ONE.replace("0", "٠"), ONE.replace("_", "＿"), ONE[:-1], ONE + "0", "", "as_", f"{ONE}\u200b",
        ONE.replace("_", "%5F"), f"../{ONE}",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_id_is_none(spoilt: str) -> None:
    assert is_id(ONE)
    assert spoilt != ONE
    assert not is_id(spoilt)


def test_too_little_randomness_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="made of 16 random bytes, not 3"):
        new_id("asset", b"abc")


def test_an_answer_repeats_no_id() -> None:
    assert str(nothing_so_named("network")) == (
        "there is no such network, or it is not shown to you; sign in if it is shared with you"
    )
