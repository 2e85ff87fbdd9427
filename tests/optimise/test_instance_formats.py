"""Published formats: read as their makers describe them, and refused with a line and a remedy."""

import numpy as np
import pytest

from triplehelix.errors import InputError
from triplehelix.optimise.instances.facility import FacilityLocation, read_facility_location
from triplehelix.optimise.instances.p_median import PMedian, read_p_median
from triplehelix.optimise.instances.set_cover import SetCover
from triplehelix.optimise.instances.team import TeamFormation, read_team_formation
from triplehelix.optimise.instances.telling import read_instance

TEAM = """c a comment
p 3 2
a 4 1.5 -1 0
a 2 2 3 0 1
a 9 0 0
s 0 5
s 1 2

e 9 4 2
"""
COVER = " 2 3\n 1 2 3\n 2\n 1 2\n 1\n 3\n"
PLACES = " 2 1\n 10 7500.\n 8 0\n 5\n 12.5 3\n"
GRAPH = " 3 3 1\n 1 2 5\n 2 3 4\n 2 1 7\n"


def test_team_formation_by_hand():
    team = read_team_formation(TEAM)
    assert (team.agents, team.skills) == ((2, 4, 9), (0, 1))
    assert team.cost.tolist() == [2, 1.5, 0]
    assert team.repair_cost.tolist() == [3, np.inf, 0]
    assert team.weight.tolist() == [5, 2]
    assert [who.tolist() for who in team.who] == [[0, 1], [0]]
    assert [group.tolist() for group in team.apart] == [[0, 1, 2]]


def test_lines_in_any_order_are_the_same_team():
    lines = TEAM.splitlines()
    np.random.default_rng(0).shuffle(lines)
    here, there = read_team_formation(TEAM), read_team_formation("\n".join(lines))
    assert (here.agents, here.cost.tolist()) == (there.agents, there.cost.tolist())
    assert [w.tolist() for w in here.who] == [w.tolist() for w in there.who]


def test_facility_location_by_hand():
    places = read_facility_location(PLACES)
    assert places.capacity.tolist() == [10, 8]
    assert places.fixed_cost.tolist() == [7500, 0]
    assert places.demand.tolist() == [5]
    assert places.cost.tolist() == [[12.5, 3]]


def test_a_word_for_the_capacity_is_filled_in_or_refused():
    words = PLACES.replace(" 10 ", " capacity ").replace(" 8 ", " capacity ")
    assert read_facility_location(words, capacity=6).capacity.tolist() == [6, 6]
    with pytest.raises(InputError, match="give the number with --capacity"):
        read_instance(words)


def test_of_an_edge_given_twice_the_last_counts():
    graph = read_p_median(GRAPH)
    assert graph.ends.tolist() == [[0, 1], [1, 2]]
    assert graph.length.tolist() == [7, 4]


@pytest.mark.parametrize(
    ("text", "kind"),
    [(TEAM, TeamFormation), (COVER, SetCover), (PLACES, FacilityLocation), (GRAPH, PMedian),
     (" ".join(COVER.split()), SetCover), (" ".join(GRAPH.split()), PMedian),
     (" ".join(PLACES.split()), FacilityLocation), (COVER.replace("\n", "\r\n"), SetCover)],
)  # fmt: skip
def test_formats_are_told_by_content(text, kind):
    """Line ends do not matter; the counts in a file fit one format alone."""
    assert type(read_instance(text, "cap-scp-pmed.tf")) is kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "f: it is empty"),
        (" \n\n", "f: it is empty"),
        ("2 3\0 1", "it is no text"),
        ("hello world", "'hello' is no number"),
        ("2 3 nan 1", "line 1 .number 3.*'nan' is no finite number"),
        (COVER[:-4], "cut off or of another format: fetch it again"),
        (COVER + " 7", "line 7 .number 11 of the file.*1 numbers are left over after row 2"),
        (COVER.replace("1 2\n", "1 9\n"), "line 4 .*9 for the columns of row 1, where a whole number from 1 to 3"),
        (COVER.replace(" 1 2 3", " 1 -2 3"), "line 2 .*-2 for the costs of columns, which cannot be below 0"),
        ("2 3\n1 2 3\n2 1 1.5 1 3", r"2 warehouses and 3 customers need 15 numbers"),
        ("5000000000 3 1", "whole number"),
        ("900000 900000\n1", "cut off or of another format"),
        (GRAPH.replace("2 3 4", "2 8 4"), "line 3 .*8 for the ends of edge 2, where a whole number from 1 to 3"),
        (GRAPH.replace("2 3 4", "2 3 -4"), "-4 for the length of edge 2, which cannot be below 0"),
        (GRAPH.replace("3 3 1", "3 3 4"), "4 medians among 3 nodes"),
        (GRAPH.replace("3 3 1", "3 4 1"), "4 edges need 15 numbers, and it ends after 12"),
        ("9000 1 1\n1 2 3", "at most 3000"),
        (PLACES[:-4], "need 9 numbers, and it ends after 8"),
        (PLACES.replace("7500.", "-7500."), "-7500 for the capacities and fixed costs"),
        (TEAM.replace("e 9", "x 9"), "line 9: it begins with 'x'"),
        (TEAM.replace("a 9 0 0", "a 9 zero 0"), "line 5: could not convert"),
        (TEAM.replace("a 9 0 0", "a 9 0"), "line 5: `a` needs 3 numbers at least, and has 2"),
        (TEAM.replace("a 9 0 0", "a 9 -1 0"), "line 5: -1 is wrong here; it must be 0 or more"),
        (TEAM.replace("a 9 0 0", "a 9 0 -2"), "or -1 for an agent that cannot be hired later"),
        (TEAM.replace("a 9 0 0", "a 4 0 0"), "line 5: `a 4` stands on line 3 already"),
        (TEAM.replace("a 9 0 0", "a 9.5 0 0"), r"line 5: 9\.5 is no id"),
        (TEAM.replace("a 9 0 0", "a 9 0 0 8"), "line 5: it names 8, and there is no line `s 8`"),
        (TEAM.replace("e 9", "e 8"), "line 9: it names 8, and there is no line `a 8`"),
        (TEAM.replace("p 3", "p 4"), "line 2: 4 agents are announced, and there are 3 lines"),
        (TEAM.replace("s 1 2\n", ""), "2 skills are announced, and there are 1 lines"),
        (TEAM.replace("p 3 2\n", ""), "there are 0 lines `p AGENTS SKILLS`"),
        ("p three 2", "line 1: could not convert"),
        ("p 0 0", "there must be an agent and a skill"),
        ("c only", "there are 0 lines `p"),
    ],
)  # fmt: skip
def test_what_is_none_of_them_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        read_instance(text, "f")
