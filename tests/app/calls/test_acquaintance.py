"""What an edition tells of members, against its tables counted row by row."""

from itertools import combinations

from triplehelix.app.calls.acquaintance import clusters_of, joint_activities


def test_joint_activities_are_those_that_both_took_part_in(small):
    """Every pair of organisations, each under a member id of its own; funders left out."""
    parts = small.participations
    own = parts[parts["role"] != "funder"].groupby("organisation_id")["activity_id"].agg(set)
    members = {f"mb_{n}": one for n, one in enumerate(sorted(own.index))}
    wanted = {}
    for one, other in combinations(sorted(members), 2):
        n = len(own[members[one]] & own[members[other]])
        if n:
            wanted[one, other] = n
    assert wanted
    assert joint_activities(small, members) == wanted
    assert joint_activities(small, {}) == {}


def test_two_members_of_one_organisation_know_whom_it_knows(small):
    parts = small.participations
    shared = parts[parts["role"] != "funder"].groupby("activity_id")["organisation_id"].agg(set)
    one, other = sorted(max(shared, key=len))[:2]
    found = joint_activities(small, {"mb_a": one, "mb_b": one, "mb_c": other})
    assert found["mb_a", "mb_c"] == found["mb_b", "mb_c"] > 0


def test_a_member_stands_in_the_cluster_that_its_organisation_is_in(many):
    """Of the finest level, of all themes and periods; the surest membership, then the smaller id."""
    levels = many.clusters.query("theme == 'all' and period == 'all' and level == 0")
    ties = many.memberships[many.memberships["cluster_id"].isin(set(levels["cluster_id"]))]
    wanted = {}
    for organisation, own in ties.groupby("organisation_id"):
        ranked = sorted((-(1 if p != p else p), c) for p, c in
                        zip(own["probability"], own["cluster_id"], strict=True))  # fmt: skip
        wanted[organisation] = ranked[0][1]
    assert wanted
    assert clusters_of(many, sorted(wanted)) == wanted
    assert clusters_of(many, ["nobody"]) == {} == clusters_of(many, [])
