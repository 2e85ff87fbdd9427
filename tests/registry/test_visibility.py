"""Who sees what: against the rule in words, and brute force over all small sets of grants."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import InputError
from triplehelix.registry.visibility import (
    EVERYBODY,
    PRIVATE,
    PUBLIC,
    Audience,
    Holder,
    Level,
    both,
    condition,
    meets,
    name_of,
)

GRANTS = ("signed-in", "member:mb_1", "member:mb_2", "network:nw_1", "steward:nw_1")
AUDIENCES = tuple(
    Audience.read(text)
    for text in ("public", "signed-in", "network:nw_1", "named:mb_2", "named:mb_1,mb_2", "private")
)
HOLDERS = (Holder(), Holder("mb_1"), Holder("mb_1", "nw_1"), Holder(None, "nw_1"))
# Whoever was granted anything is signed in.
VIEWERS = (
    (),
    *(("signed-in", *more) for n in range(len(GRANTS)) for more in combinations(GRANTS[1:], n)),
)


def in_words(grants: tuple[str, ...], audience: Audience, holder: Holder) -> bool:
    """The rule as a member is told it."""
    if f"member:{holder.member_id}" in grants or f"steward:{holder.network_id}" in grants:
        return True
    if audience.level == "public":
        return True
    if audience.level == "signed-in":
        return "signed-in" in grants
    if audience.level == "network":
        return any(f"network:{name}" in grants for name in audience.names)
    if audience.level == "named":
        return any(f"member:{name}" in grants for name in audience.names)
    return False


def test_every_viewer_of_every_audience() -> None:
    for holder in HOLDERS:
        for audience in AUDIENCES:
            asked = condition(audience, holder)
            for grants in VIEWERS:
                assert meets(grants, asked) == in_words(grants, audience, holder)


def test_both_asks_what_each_asks() -> None:
    for holder in HOLDERS:
        for first in AUDIENCES:
            for second in AUDIENCES:
                one, other = condition(first, holder), condition(second, holder)
                for grants in VIEWERS:
                    expected = meets(grants, one) and meets(grants, other)
                    assert meets(grants, both(one, other)) == expected


def test_what_is_public_narrows_nothing() -> None:
    for audience in AUDIENCES:
        asked = condition(audience, Holder("mb_1"))
        assert both(asked, EVERYBODY) == both(EVERYBODY, asked) == asked


def test_unassigned_and_private_is_seen_by_no_grant() -> None:
    assert not any(meets(grants, condition(PRIVATE, Holder())) for grants in VIEWERS)


@given(st.sets(st.frozensets(st.sampled_from(GRANTS), min_size=1), max_size=3).map(frozenset))
def test_a_condition_has_one_name_whatever_its_order(asked: frozenset[frozenset[str]]) -> None:
    backwards = sorted(asked, key=sorted, reverse=True)
    again = frozenset(frozenset(sorted(clause, reverse=True)) for clause in backwards)
    assert name_of(asked) == name_of(again)
    assert (name_of(asked) == "everybody") == (asked == EVERYBODY)


def test_different_conditions_have_different_names() -> None:
    conditions = {condition(a, h) for a in AUDIENCES for h in HOLDERS}
    assert len({condition(AUDIENCES[1], h) for h in HOLDERS}) == 1
    assert len({name_of(c) for c in conditions}) == len(conditions)


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: a.text)
def test_an_audience_reads_back(audience: Audience) -> None:
    assert Audience.read(audience.text) == audience


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("everyone", "'everyone' is no visibility; write public, signed-in"),
        ("network", "network names no networks; add at least one id"),
        ("named:", "named names no members; add at least one id"),
        ("public:mb_1", "public takes no names; leave them out"),
        ("", "'' is no visibility"),
    ],
)
def test_a_wrong_audience_says_how_to_mend_it(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Audience.read(text)


def test_levels_are_written_as_people_read_them() -> None:
    assert PUBLIC.text == "public"
    assert [str(level) for level in Level] == ["public", "signed-in", "network", "named", "private"]
