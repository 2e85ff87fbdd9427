"""What became of clusters: events worked by hand, planted histories, laws."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplehelix.detect import Members, lineage
from triplehelix.detect.lineage_carry import carried
from triplehelix.errors import InputError

# A tenth of a degree on the equator is 11.1 km; a hundredth, 1.1 km.
HERE, NEAR, FAR, FARTHER = 0.0, 0.01, 0.5, 1.0


def members(*rows):
    """Rows of (cluster, organisation, longitude on the equator, weight 1 unless given)."""
    rows = [(*row, 1.0)[:4] for row in rows]
    cluster, organisation, lon, weight = zip(*rows, strict=True) if rows else ([], [], [], [])
    return Members(cluster, organisation, [0.0] * len(rows), lon, weight)


def became(later, earlier, **options):
    return {
        (row.cluster_id, row.earlier_cluster_id): (row.event, row.overlap)
        for row in lineage(members(*later), members(*earlier), **options)
    }


def group(cluster, organisations, lon):
    """Organisations named by letters, all at one place."""
    return [(cluster, letter, lon) for letter in organisations]


def test_the_same_organisations_at_the_same_place():
    before, after = group("e", "abc", HERE), group("l", "abc", HERE)
    assert became(after, before) == {("l", "e"): ("continues", 1.0)}


def test_a_group_that_moves_is_followed():
    before, after = group("e", "abc", HERE), group("l", "abc", FAR)
    assert became(after, before) == {("l", "e"): ("continues", 1.0)}


def test_a_place_whose_organisations_all_change_goes_on():
    before, after = group("e", "abc", HERE), group("l", "xyz", NEAR)
    assert became(after, before) == {("l", "e"): ("continues", 1.0)}


def test_neither_the_organisations_nor_the_place():
    before, after = group("e", "abc", HERE), group("l", "xyz", FAR)
    assert became(after, before) == {("l", ""): ("born", 0.0), ("", "e"): ("ended", 0.0)}


def test_organisations_go_while_others_take_their_place():
    """All that stood here went there, and others came: a quarter goes by place."""
    before = group("e", "abcd", HERE)
    after = [*group("here", "wxyz", HERE), *group("there", "abcd", FAR)]
    # Either later one is found in the earlier whole.
    assert became(after, before) == {
        ("here", "e"): ("split", 0.25), ("there", "e"): ("split", 0.75),
    }  # fmt: skip


def test_the_weight_of_the_place_can_be_chosen():
    before = group("e", "abcd", HERE)
    after = [*group("here", "wxyz", HERE), *group("there", "abcd", FAR)]
    assert became(after, before, by_place=0.5) == {
        ("here", "e"): ("split", 0.5), ("there", "e"): ("split", 0.5),
    }  # fmt: skip
    # By place alone nothing of it went there, though what is there came from it.
    assert became(after, before, by_place=1.0) == {
        ("here", "e"): ("continues", 1.0), ("there", "e"): ("split", 0.0),
    }  # fmt: skip


def test_overlap_is_the_weighted_jaccard_index():
    """
    Of 10 before, 8 stay; 2 leave for nowhere, 4 come: 8 in common, of 14 in all.

    Places are a tenth of a degree apart, further than a site is looked for at its place.
    """
    before = [("e", "stays", HERE, 8), ("e", "leaves", 0.1, 2)]
    after = [("l", "stays", HERE, 8), ("l", "comes", 0.2, 4)]
    assert became(after, before) == {("l", "e"): ("continues", round(8 / 14, 6))}


def test_two_become_one():
    before = [*group("a", "abc", HERE), *group("b", "xyz", FAR)]
    after = [*group("l", "abc", HERE), *group("l", "xyz", FAR)]
    assert became(after, before) == {("l", "a"): ("merged", 0.5), ("l", "b"): ("merged", 0.5)}


def test_one_becomes_two():
    before = [*group("e", "abc", HERE), *group("e", "xyz", FAR)]
    after = [*group("a", "abc", HERE), *group("b", "xyz", FAR)]
    assert became(after, before) == {("a", "e"): ("split", 0.5), ("b", "e"): ("split", 0.5)}


def test_a_large_one_goes_on_though_it_takes_in_a_small_one():
    before = [("city", "a", HERE, 90), ("village", "b", FAR, 10)]
    after = [("city2", "a", HERE, 90), ("city2", "b", FAR, 10)]
    assert became(after, before) == {
        ("city2", "city"): ("continues", 0.9), ("city2", "village"): ("merged", 0.1),
    }  # fmt: skip


def test_a_large_one_goes_on_though_a_small_one_leaves_it():
    before = [("city2", "a", HERE, 90), ("city2", "b", FAR, 10)]
    after = [("city", "a", HERE, 90), ("village", "b", FAR, 10)]
    assert became(after, before) == {
        ("city", "city2"): ("continues", 0.9), ("village", "city2"): ("split", 0.1),
    }  # fmt: skip


def test_growth_alone_is_no_merger():
    """Ten times the weight, nine tenths of it new and elsewhere: the one predecessor goes on."""
    before = [("e", "a", HERE, 10)]
    after = [("l", "a", HERE, 10), ("l", "new", FAR, 90)]
    assert became(after, before) == {("l", "e"): ("continues", 0.1)}


@pytest.mark.parametrize(
    ("other", "taken", "event"), [(40, 30, "merged"), (30, 40, "split"), (40, 40, "continues")]
)
def test_one_that_merges_and_splits_goes_by_the_greater(other, taken, event):
    """
    Of 100 in e, `taken` went to x; what stayed makes l with enough of f for `other` percent.

    Of l, `other` percent came from f; of e, `taken` percent went to x. The greater decides.
    """
    stayed = 100 - taken
    came = stayed * other / (100 - other)
    before = [("e", "stay", 0.0, stayed), ("e", "take", 0.5, taken), ("f", "come", 1.0, came)]
    after = [("l", "stay", 0.0, stayed), ("x", "take", 0.5, taken), ("l", "come", 1.0, came)]
    found = became(after, before)
    assert found["l", "e"][0] == event
    assert found["x", "e"][0] == "split"
    assert found["l", "f"][0] == "merged"


@pytest.mark.parametrize(("kept", "event"), [(50, "continues"), (49, "born")])
def test_the_half_of_a_cluster_must_be_found(kept, event):
    """Of 100 later ones `kept` were in a cluster that lost nine tenths to nowhere."""
    before = [("e", "kept", HERE, kept), ("e", "gone", FARTHER, 900)]
    after = [("l", "kept", HERE, kept), ("l", "new", FAR, 100 - kept)]
    assert next(e for (a, _), (e, _) in became(after, before).items() if a == "l") == event


@pytest.mark.parametrize(("n", "kin"), [(5, True), (6, False)])
def test_a_fifth_makes_a_relative(n, kin):
    """A new cluster of one part each from several large ones, which go on."""
    before = [(f"e{i}", f"o{i}", float(i), 100) for i in range(n)]
    before += [(f"e{i}", f"leaver{i}", float(i) + 0.3, 1) for i in range(n)]
    after = [(f"l{i}", f"o{i}", float(i), 100) for i in range(n)]
    after += [("new", f"leaver{i}", 20.0, 1) for i in range(n)]
    found = became(after, before)
    new = {pair: event for pair, (event, _) in found.items() if pair[0] == "new"}
    # What the others give it is less than what goes on of each: it is split off from all.
    assert new == ({("new", f"e{i}"): "split" for i in range(n)} if kin else {("new", ""): "born"})
    assert all(found[f"l{i}", f"e{i}"][0] == "continues" for i in range(n))


def test_an_organisation_of_many_sites_is_followed_from_each_to_the_nearest():
    before = [("x", "nhs", HERE), ("y", "nhs", FAR)]
    after = [("x2", "nhs", 0.1), ("y2", "nhs", 0.4)]
    assert became(after, before) == {("x2", "x"): ("continues", 1), ("y2", "y"): ("continues", 1)}


def test_successors_are_followed_from_one_to_the_next():
    before, after = group("e", "abc", HERE), [("l", x, FAR) for x in ("a2", "b3", "c")]
    assert became(after, before)["", "e"] == ("ended", 0.0)
    followed = became(after, before, successors={"a": "a2", "b": "b2", "b2": "b3"})
    assert followed == {("l", "e"): ("continues", 1.0)}


def test_successors_in_a_circle_end():
    before, after = group("e", "ab", HERE), group("l", "ab", FAR)
    found = became(after, before, successors={"a": "b", "b": "a"})
    assert found == {("l", "e"): ("continues", 1.0)}


def test_no_clusters():
    assert became([], []) == {}
    assert became(group("l", "a", HERE), []) == {("l", ""): ("born", 0.0)}
    assert became([], group("e", "a", HERE)) == {("", "e"): ("ended", 0.0)}


def test_across_the_180th_meridian_and_at_the_pole():
    before = Members(["e", "p"], ["a", "b"], [10.0, 90.0], [179.99, 0.0])
    after = Members(["l", "q"], ["x", "y"], [10.0, 89.99], [-179.99, 120.0])
    assert [row[:3] for row in lineage(after, before)] == [
        ("l", "e", "continues"), ("q", "p", "continues"),
    ]  # fmt: skip


@pytest.mark.parametrize(("options", "words"), [
    ({"near_km": -1}, "near_km is -1; give a number from 0 to"),
    ({"by_place": 2}, "by_place is 2; give a number from 0 to 1"),
    ({"found": 0}, "found is 0; give a number from"),
    ({"heavy": 0.6}, "heavy is 0.6; give a number from 1e-06 to 0.5"),
])  # fmt: skip
def test_parameters_out_of_range(options, words):
    with pytest.raises(InputError, match=words):
        lineage(members(), members(), **options)


def test_members_that_cannot_be():
    with pytest.raises(InputError, match="later has 1 clusters, 2 organisations"):
        lineage(Members(["l"], ["a", "b"], [0], [0]), members())
    with pytest.raises(InputError, match="earlier has a cluster whose id is ''"):
        lineage(members(), members(("", "a", 0.0)))
    with pytest.raises(InputError, match=r"later.weight\[1\] is -1.0"):
        lineage(members(("l", "a", 0.0), ("l", "b", 0.0, -1.0)), members())


# Planted histories


@pytest.mark.parametrize("seed", range(8))
def test_planted_histories_are_recovered(seed):
    """
    Groups 55 km apart, each with a fate; a fifth of the organisations are replaced in place.

    Sites scatter by a few kilometres round their group; the answer is what was planted.
    """
    rng = np.random.default_rng(seed)
    fates = ["stay", "move", "merge", "split", "end", "birth", "turnover"]
    before, after, planted = [], [], set()
    for n, fate in enumerate(rng.permutation(fates * 3).tolist()):
        lon, size = n * 1.5, int(rng.integers(20, 40))

        def stand(rows, cluster, names, lon):
            rows += [(cluster, x, lon + rng.normal(0, 0.01), float(rng.integers(1, 4)))
                     for x in names]  # fmt: skip

        names = [f"{n}/{i}" for i in range(size)]
        kept = [f"new{x}" if i % 5 == 0 else x for i, x in enumerate(names)]
        if fate != "birth":
            stand(before, f"e{n}", names, lon)
        if fate in ("stay", "birth"):
            stand(after, f"l{n}", kept, lon)
        elif fate == "turnover":
            stand(after, f"l{n}", [f"new{x}" for x in names], lon)
        elif fate == "move":
            stand(after, f"l{n}", names, lon + 0.5)
        elif fate == "merge":
            stand(before, f"e{n}b", [f"b{x}" for x in names], lon + 0.5)
            stand(after, f"l{n}", kept, lon)
            stand(after, f"l{n}", [f"b{x}" for x in kept], lon + 0.5)
        elif fate == "split":
            stand(after, f"l{n}", kept[: size // 2], lon)
            stand(after, f"l{n}b", kept[size // 2 :], lon + 0.5)
        pairs = {"birth": [("l", "")], "end": [("", "e")], "merge": [("l", "e"), ("l", "eb")],
                 "split": [("l", "e"), ("lb", "e")]}.get(fate, [("l", "e")])  # fmt: skip
        event = {"birth": "born", "end": "ended", "merge": "merged", "split": "split"}
        planted |= {
            (*(f"{x[0]}{n}{x[1:]}" if x else "" for x in pair), event.get(fate, "continues"))
            for pair in pairs
        }
    random.Random(seed).shuffle(before)
    random.Random(seed + 1).shuffle(after)
    assert {row[:3] for row in lineage(members(*after), members(*before))} == planted


# Laws

SITES = st.lists(
    st.tuples(
        st.sampled_from("pqrs"), st.sampled_from("abcdefgh"),
        st.sampled_from([0.0, 0.02, 0.04, 0.3, 0.32, 0.9]), st.sampled_from([0.1, 0.7, 1.0, 3.0]),
    ),
    max_size=12,
)  # fmt: skip
TURNED = {"born": "ended", "ended": "born", "merged": "split", "split": "merged",
          "continues": "continues"}  # fmt: skip


def apart(rows):
    """One cluster at each place, as detection gives them."""
    at = {}
    return [(at.setdefault(lon, cluster), *rest, lon, w) for cluster, *rest, lon, w in rows]


@given(SITES)
def test_an_edition_with_itself_only_continues(rows):
    rows = apart(rows)
    expected = {(c, c): ("continues", 1.0) for c in {row[0] for row in rows}}
    assert became(rows, rows) == expected


@given(SITES, SITES)
def test_time_turned_round(later, earlier):
    turned = {(b, a): (TURNED[e], o) for (a, b), (e, o) in became(earlier, later).items()}
    assert became(later, earlier) == turned


@given(SITES, SITES)
def test_every_cluster_has_a_row_and_overlaps_are_shares(later, earlier):
    found = became(later, earlier)
    assert {a for a, _ in found} - {""} == {row[0] for row in later}
    assert {b for _, b in found} - {""} == {row[0] for row in earlier}
    for (a, b), (event, overlap) in found.items():
        assert 0 <= overlap <= 1
        assert (event == "born") == (b == "")
        assert (event == "ended") == (a == "")
    for (a, b), (event, _) in found.items():
        several = {
            "merged": [p for p in found if p[0] == a],
            "split": [p for p in found if p[1] == b],
        }
        assert len(several.get(event, [1, 2])) > 1


@given(SITES, SITES, st.randoms())
def test_rows_in_any_order(later, earlier, rng):
    expected = lineage(members(*later), members(*earlier))
    rng.shuffle(later)
    rng.shuffle(earlier)
    assert lineage(members(*later), members(*earlier)) == expected


@settings(max_examples=50)
@given(SITES, SITES)
def test_shares_are_those_of_a_plain_count(later, earlier):
    """Row by row, with distances on the equator as differences of longitude."""
    from triplehelix.detect.lineage_shares import checked_members, shares

    later, earlier = apart(later), apart(earlier)
    found = shares(*(checked_members("x", members(*rows), {}) for rows in (earlier, later)),
                   near_km=5.0, by_place=0.25)  # fmt: skip
    plain = {}
    for cluster, body, lon, weight in earlier:
        whole = sum(w for c, _, _, w in earlier if c == cluster)
        near = sorted((abs(x - lon), x, c) for c, _, x, _ in later if abs(x - lon) < 0.045)
        kin = sorted((abs(x - lon), x, c) for c, o, x, _ in later if o == body)
        ways = [(each[0][2], part) for each, part in ((near, 0.25), (kin, 0.75)) if each]
        for to, part in ways:
            pair = (cluster, to)
            plain[pair] = plain.get(pair, 0) + weight * (part if len(ways) == 2 else 1) / whole
    tied = any(
        len({round(d, 9) for d in ds}) < len(ds)
        for _, _, lon, _ in earlier
        for ds in [[abs(x - lon) for x in {x for _, _, x, _ in later}]]
    )
    if not tied:
        assert found == pytest.approx(plain)


# By another method


def test_a_change_of_method_alone_tells_no_event():
    """The earlier data hold one cluster today's way and two the way they were published."""
    now = [*group("l", "abc", HERE), *group("l", "xyz", FAR)]
    again = [(f"again{c}", o, x) for c, o, x in now]
    published = [*group("p", "abc", HERE), *group("q", "xyz", FAR)]
    rows = carried(members(*now), members(*again), members(*published))
    assert [(*r.descent, r.by_method) for r in rows] == [
        ("l", "p", "continues", 0.5, "merged"), ("l", "q", "continues", 0.5, "merged"),
    ]  # fmt: skip


def test_what_only_one_method_shows_is_born_or_ended_by_the_method():
    now = [*group("l", "abc", HERE), *group("m", "xyz", FAR)]
    again = [(f"{c}0", o, x) for c, o, x in now]
    published = [*group("p", "abc", HERE), *group("q", "uvw", FARTHER)]
    rows = carried(members(*now), members(*again), members(*published))
    assert [(*r.descent, r.by_method) for r in rows] == [
        ("", "q", "ended", 0.0, "ended"), ("l", "p", "continues", 1.0, ""),
        ("m", "", "born", 0.0, "born"),
    ]  # fmt: skip


def test_a_cluster_shown_both_times_goes_on_though_the_method_lost_it_between():
    """Today's method finds it only since it grew: the two that were shown are linked."""
    published, now = group("p", "abc", HERE), group("l", "abcd", HERE)
    rows = carried(members(*now), members(), members(*published))
    assert [(*r.descent, r.by_method) for r in rows] == [("l", "p", "continues", 1.0, "published")]


def test_the_worlds_events_keep_their_names_through_a_change_of_method():
    """One ended, one was born, two merged, and the method changed besides."""
    again = [*group("a", "abc", 0.0), *group("b", "def", 1.0), *group("c", "ghi", 2.0)]
    published = [(f"{c}-published", o, x) for c, o, x in again]
    now = [*group("ab", "abc", 0.0), *group("ab", "def", 1.0), *group("new", "xyz", 3.0)]
    rows = carried(members(*now), members(*again), members(*published))
    assert [(*r.descent[:3], r.by_method) for r in rows] == [
        ("", "c-published", "ended", ""), ("ab", "a-published", "merged", ""),
        ("ab", "b-published", "merged", ""), ("new", "", "born", ""),
    ]  # fmt: skip


@given(SITES, SITES, SITES)
def test_every_cluster_has_a_row_whatever_the_methods(later, again, published):
    rows = [r.descent for r in carried(*(members(*x) for x in (later, again, published)))]
    assert {r.cluster_id for r in rows} - {""} == {x[0] for x in later}
    assert {r.earlier_cluster_id for r in rows} - {""} == {x[0] for x in published}
    assert len({r[:2] for r in rows}) == len(rows)


def test_the_published_methods_give_what_a_comparison_gives():
    """Where nothing changed in the method, carrying changes nothing."""
    rng = random.Random(7)
    for _ in range(20):
        later, earlier = (
            apart([(rng.choice("pqrs"), rng.choice("abcdef"), rng.choice([0.0, 0.3, 0.6, 0.9]), 1.0)
                   for _ in range(10)])
            for _ in range(2)
        )  # fmt: skip
        plain = lineage(members(*later), members(*earlier))
        both = carried(members(*later), members(*earlier), members(*earlier))
        assert [r.descent for r in both] == plain
        assert not any(r.by_method for r in both)


def test_no_pair_twice():
    later = group("l", "abcdef", HERE)
    again = [*group("x", "abc", HERE), *group("y", "def", FAR)]
    rows = carried(members(*later), members(*again), members(*group("p", "abcdef", HERE)))
    pairs = [r.descent[:2] for r in rows]
    assert len(pairs) == len(set(itertools.chain(pairs)))
