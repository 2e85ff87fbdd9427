"""An alliance is written as JSON and read back without loss."""

import json
from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given, settings

from tests.ally.strategies import ALLIANCES
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.call import Call
from triplehelix.ally.to_json import alliance_from_json, alliance_json
from triplehelix.errors import InputError

CALL = Call.model_validate({"title": "T", "needs": [{"need": "a", "capability": "pcr-testing"}]})
PLAIN = Alliance(CALL, "optimal", 10.0, 10.0, {"cost": 10.0, "aid": 1.0}, ("m",), (), ())


@settings(max_examples=60, deadline=None)
@given(ALLIANCES)
def test_any_alliance_comes_back_through_text(alliance: Alliance) -> None:
    text = json.dumps(alliance_json(alliance), allow_nan=False)
    assert alliance_from_json(json.loads(text)) == alliance


def test_equal_alliances_are_equal_bytes_whatever_the_order_of_their_mappings() -> None:
    other = replace(PLAIN, terms={"aid": 1.0, "cost": 10.0})
    assert json.dumps(alliance_json(other)) == json.dumps(alliance_json(PLAIN))


def test_the_gap_stands_beside_and_is_worked_out_anew() -> None:
    written = alliance_json(replace(PLAIN, bound=9.0))
    assert written["gap"] == pytest.approx(0.1)
    assert alliance_from_json({**written, "gap": 0.0}).gap == pytest.approx(0.1)


@pytest.mark.parametrize("number", [inf, nan])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(
        InputError, match=r"alliance.bound is (inf|nan).*use None where it is unknown"
    ):
        alliance_json(replace(PLAIN, bound=number))


def test_another_form_is_refused() -> None:
    with pytest.raises(InputError, match="form is 2; this version reads alliances of form 1"):
        alliance_from_json({**alliance_json(PLAIN), "form": 2})


def test_a_missing_part_is_named() -> None:
    written = alliance_json(PLAIN)
    del written["partners"]
    with pytest.raises(InputError, match="partners: .*as alliance_json writes it"):
        alliance_from_json(written)


def test_a_key_of_a_later_version_is_refused_not_lost() -> None:
    written = alliance_json(PLAIN)
    written["call"]["needs"][0] |= {"colour": "red"}
    with pytest.raises(InputError, match="colour"):
        alliance_from_json(written)
    with pytest.raises(InputError, match=r"alliance.mood is no part of an alliance of form 1"):
        alliance_from_json({**alliance_json(PLAIN), "mood": "glad"})
