"""Names of wider, finer, themed and dated clusters, worked by hand."""

from triplehelix.detect.level_names import Level, Named, level_names
from triplehelix.detect.naming import Covered

ALL = ("all", "all")


def named(key, level, places, *, parent=None, anchor=None, of=ALL):
    covered = [Covered(-weight, place, "GB") for place, weight in places]
    return Named(key, Level(*of, level), parent, covered, anchor)


def test_wider_ones_are_named_after_the_heaviest_they_hold():
    names = level_names([
        named("a", 0, [("Leeds", 9)], parent="w"), named("b", 0, [("York", 20)], parent="w"),
        named("c", 0, [("Hull", 3)], parent="w"), named("d", 0, [("Ripon", 2)], parent="w"),
        named("w", 1, [("York", 20), ("Leeds", 9), ("Selby", 8)]),
        named("e", 0, [("Perth", 5)], parent="v"), named("v", 1, [("Perth", 5), ("Scone", 1)]),
        named("u", 1, [("Wick", 4)]),
    ], {})  # fmt: skip
    assert names["w"] == "York, Leeds and Hull"
    assert names["v"] == "Perth and around"
    assert names["u"] == "Wick and around"  # nothing near enough for a cluster inside


def test_a_name_that_joins_two_towns_is_shortened_in_a_list():
    names = level_names([
        named("a", 0, [("Delft", 9), ("Leiden", 8)], parent="w"),
        named("b", 0, [("Breda", 5)], parent="w"), named("w", 1, [("Delft", 9)]),
    ], {})  # fmt: skip
    assert names == {"a": "Delft and Leiden", "b": "Breda", "w": "Delft and Breda"}


def test_what_a_wide_one_holds_may_be_two_levels_down():
    names = level_names([
        named("a", 0, [("Leeds", 9)], parent="w"), named("b", 0, [("York", 8)], parent="v"),
        named("w", 1, [("Leeds", 9)], parent="v"), named("v", 2, [("Leeds", 9)]),
    ], {})  # fmt: skip
    assert names["v"] == "Leeds and York"


def test_campuses_are_named_after_the_town_and_its_heaviest_organisation():
    names = level_names([
        named("a", -1, [("Leeds", 9)], anchor="University of Leeds"),
        named("b", -1, [("Leeds", 5)], anchor="Leeds General Infirmary"),
        named("c", -1, [("Leeds", 4)]), named("d", -1, [("Leeds", 3)]),
    ], {})  # fmt: skip
    assert names == {
        "a": "Leeds: University of Leeds", "b": "Leeds: Leeds General Infirmary",
        "c": "Leeds", "d": "Leeds (2)",
    }  # fmt: skip


def test_themes_and_periods_are_part_of_the_name():
    names = level_names([
        named("a", 0, [("Leeds", 9)]), named("b", 0, [("Leeds", 5)], of=("ageing", "all")),
        named("c", 0, [("Leeds", 4)], of=("all", "2014/2016")),
    ], {"ageing": "Healthy ageing"})  # fmt: skip
    assert names == {
        "a": "Leeds", "b": "Leeds, Healthy ageing", "c": "Leeds, 2014\N{EN DASH}2016",
    }  # fmt: skip


def test_no_two_are_alike_and_the_main_level_keeps_its_name():
    heavy = named("w", 1, [("Leeds", 90)])
    same = [named(f"k{i}", 0, [("Leeds and around", 9 - i)]) for i in range(3)]
    names = level_names([heavy, *same], {})
    assert names["w"] == "Leeds and around (4)"  # after those of the main level
    assert len({name.casefold() for name in names.values()}) == 4
    assert level_names([*same[::-1], heavy], {}) == names
