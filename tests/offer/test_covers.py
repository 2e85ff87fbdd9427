"""The smallest sets of clusters against every subset, and by hand."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.offer.small_material import ROLES, WORK, material
from triplehelix.offer.chain import SharedAsset, Work
from triplehelix.offer.compose import compose, part_of
from triplehelix.offer.covers import losses, shares, smallest_cover, successive_covers
from triplehelix.offer.holdings import Held, Need, holdings
from triplehelix.read.value_chain import read_chain

NEEDS = [Need("cells", role) for role in ROLES]
CHAIN = read_chain()
CLUSTERS = "abcdef"


def held_by_hand():
    return holdings(CHAIN, {"cells": ROLES}, WORK)


def need(role):
    return Need("cells", role)


def test_what_each_cluster_holds_by_hand():
    held = held_by_hand()
    assert {c: {n.role: h.grade for n, h in own.items()} for c, own in held.items()} == {
        "york": {"discovery": "direct", "clinical": "direct", "finance": "direct"},
        "leeds": {"discovery": "direct", "manufacturing": "direct"},
        "hull": {"manufacturing": "indirect"},
    }
    assert held["york"][need("clinical")] == Held("direct", ("a2",), ("york-hospital",), ())


def test_a_funder_does_no_work():
    only_paid = [Work("york", "cells", "a1", "uni", "academia", "funder", "trial")]
    held = holdings(CHAIN, {"cells": ROLES}, only_paid)
    assert list(held["york"]) == [need("finance")]


def test_direct_evidence_makes_indirect_of_no_account():
    both = [Work("york", "cells", "a1", "firm", "industry", "partner", "project"),
            Work("york", "cells", "a2", "firm", "industry", "manufacturer", "project")]  # fmt: skip
    held = holdings(CHAIN, {"cells": ["manufacturing"]}, both)
    assert held["york"][need("manufacturing")] == Held("direct", ("a2",), ("firm",), ())


def test_an_asset_is_evidence_by_what_its_capability_is_a_kind_of():
    asset = SharedAsset(
        "x1", "Vectors", "bath", "M", frozenset({"viral-vectors", "medicines-manufacture"})
    )
    held = holdings(CHAIN, {"cells": ROLES}, [], [asset])
    assert held["bath"] == {need("manufacturing"): Held("direct", (), (), ("x1",))}


def test_a_theme_of_its_own_counts_its_own_assets():
    general = SharedAsset("x1", "Pills", "bath", "M", frozenset({"medicines-manufacture"}))
    own = SharedAsset("x2", "Vectors", "bath", "M", frozenset({"viral-vectors"}))
    held = holdings(CHAIN, {"advanced-therapies": ROLES}, [], [general, own])
    assert held["bath"][Need("advanced-therapies", "manufacturing")].assets == ("x2",)


def test_shares_by_hand():
    part = shares(held_by_hand(), NEEDS)
    assert part["york"] == {
        need("discovery"): Fraction(1, 2),
        need("clinical"): 1,
        need("finance"): 1,
    }
    assert part["leeds"] == {need("discovery"): Fraction(1, 2), need("manufacturing"): 1}
    assert "hull" not in part  # leeds has direct evidence


def test_the_cover_by_hand():
    cover = smallest_cover(held_by_hand(), NEEDS)
    assert (cover.clusters, cover.status, cover.bound) == (("leeds", "york"), "optimal", 2)
    assert cover.gaps == (need("data"),)
    assert cover.indirect == ()


def test_without_the_maker_indirect_evidence_is_taken_and_said():
    cover = smallest_cover(held_by_hand(), NEEDS, without=["leeds"])
    assert cover.clusters == ("hull", "york")
    assert cover.indirect == (need("manufacturing"),)


def test_what_is_lost_without_each_by_hand():
    found = {
        loss.cluster: loss for loss in losses(held_by_hand(), smallest_cover(held_by_hand(), NEEDS))
    }
    assert found["york"].roles == (need("clinical"), need("finance"))
    assert found["york"].gaps == (need("clinical"), need("finance"))
    assert found["york"].instead == ("leeds",)
    assert found["leeds"].roles == (need("manufacturing"),)
    assert found["leeds"].instead == ("hull", "york")


def test_further_sets_share_no_cluster():
    found = successive_covers(held_by_hand(), NEEDS, 3)
    assert [cover.clusters for cover in found] == [("leeds", "york"), ("hull",)]


def test_nothing_is_known_of_anybody():
    assert successive_covers({}, NEEDS, 3) == ()
    assert compose(material(work=(), joint=())).covers == ()


HOLDINGS = st.dictionaries(
    st.sampled_from(CLUSTERS),
    st.dictionaries(
        st.sampled_from(NEEDS),
        st.builds(
            lambda grade, n: Held(grade, tuple(f"a{k}" for k in range(n))),
            st.sampled_from(["direct", "indirect"]), st.integers(1, 4),
        ),
    ),
)  # fmt: skip


@given(HOLDINGS)
@settings(max_examples=300, deadline=None)
def test_as_every_set_of_clusters_tried(held):
    """No smaller set covers what can be covered, and none so small is stronger."""
    part = shares(held, NEEDS)
    coverable = {n for own in part.values() for n in own}
    cover = smallest_cover(held, NEEDS)
    assert set(cover.needs) == coverable
    fit = [
        s for k in range(len(held) + 1) for s in combinations(sorted(held), k)
        if {n for c in s for n in part.get(c, {})} == coverable
    ]  # fmt: skip
    least = min(len(s) for s in fit)
    assert len(cover.clusters) == cover.bound == least
    strength = {s: sum(sum(part.get(c, {}).values()) for c in s) for s in fit if len(s) == least}
    assert abs(strength[cover.clusters] - max(strength.values())) < Fraction(1, 10**8)


def test_the_order_of_the_rows_changes_nothing():
    turned = material()
    turned = material(
        work=WORK[::-1], clusters=turned.clusters[::-1], joint=turned.joint[::-1],
        activities=dict(reversed(turned.activities.items())),
        organisations=dict(reversed(turned.organisations.items())),
    )  # fmt: skip
    assert compose(turned) == compose(material())


def test_every_cluster_can_be_asked_for_its_part():
    assert part_of(material(), "hull").brief.roles == ("Manufacturing",)
    assert part_of(material(), "bath").brief.roles == ()
    assert part_of(material(), "osaka") is None
