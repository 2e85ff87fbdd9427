"""What is held back cannot be worked out again: by hand, and by an attacker who tries all."""

import itertools
import random

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from triplehelix.errors import InputError
from triplehelix.measure.complementary import PROTECTS, Cell, relations, suppressions
from triplehelix.measure.disclosure import TOO_FEW, Contribution, Rule, sensitivity


def units(*names: str) -> frozenset[str]:
    return frozenset(names)


def numbered(first: int, last: int) -> frozenset[str]:
    return frozenset(f"u{n:02d}" for n in range(first, last))


def ones(cells: list[Cell]) -> dict[str, Contribution]:
    """Every unit counts 1 and has an owner of its own."""
    return {u: Contribution(u, 1) for cell in cells for u in cell.units}


def held(cells: list[Cell], threshold: int = 5) -> dict[str, str]:
    found = suppressions(cells, ones(cells), Rule(threshold))
    return {"/".join(key): why for key, why in found.items()}


def test_a_small_part_takes_the_next_smallest_with_it():
    """20 = 3 + 7 + 10: 3 is too few; were 7 and 10 shown, 20 - 17 would tell it."""
    parts = [Cell(("t", "a"), "t", numbered(0, 3)), Cell(("t", "b"), "t", numbered(3, 10)),
             Cell(("t", "c"), "t", numbered(10, 20))]  # fmt: skip
    whole = Cell(("all", "w"), "all", numbered(0, 20))
    assert held([*parts, whole]) == {"t/a": TOO_FEW, "t/b": PROTECTS}


def test_two_small_parts_protect_each_other_only_if_together_they_are_enough():
    """3 + 4 = 7 may be told as a sum; 1 + 2 = 3 may not."""
    whole = Cell(("all", "w"), "all", numbered(0, 17))
    big = Cell(("t", "big"), "t", numbered(7, 17))
    enough = [Cell(("t", "a"), "t", numbered(0, 3)), Cell(("t", "b"), "t", numbered(3, 7))]
    assert held([whole, big, *enough]) == {"t/a": TOO_FEW, "t/b": TOO_FEW}
    whole = Cell(("all", "w"), "all", numbered(4, 17))
    few = [Cell(("t", "a"), "t", numbered(4, 5)), Cell(("t", "b"), "t", numbered(5, 7))]
    assert held([whole, big, *few]) == {"t/a": TOO_FEW, "t/b": TOO_FEW, "t/big": PROTECTS}


def test_a_remainder_that_is_no_row_must_not_show_either():
    """12 of all, 10 of a theme: the two without the theme are told by subtraction."""
    cells = [Cell(("all", "w"), "all", numbered(0, 12)), Cell(("t", "a"), "t", numbered(0, 10))]
    assert held(cells) == {"t/a": PROTECTS}
    assert held([cells[0], cells[1]._replace(units=numbered(0, 7))]) == {}
    assert held([cells[0], cells[1]._replace(units=numbered(0, 12))]) == {}


def test_what_protects_must_not_be_had_from_the_level_above():
    """
    30 = A 12 + B 18, and A = a 2 + b 10.

    a is too few, so b must go; B alone would not help, since A is published. With b held
    back no further total is needed.
    """
    cells = [Cell(("2", "W"), "2", numbered(0, 30)), Cell(("1", "A"), "1", numbered(0, 12)),
             Cell(("1", "B"), "1", numbered(12, 30)), Cell(("0", "a"), "0", numbered(0, 2)),
             Cell(("0", "b"), "0", numbered(2, 12))]  # fmt: skip
    assert held(cells) == {"0/a": TOO_FEW, "0/b": PROTECTS}


def test_a_theme_over_two_clusters_is_subtracted_from_their_sum():
    """a 6 and b 6 hold a theme of 10 that straddles them: 12 - 10 tells the other two."""
    cells = [Cell(("all", "a"), "all", numbered(0, 6)), Cell(("all", "b"), "all", numbered(6, 12)),
             Cell(("t", "x"), "t", numbered(1, 11))]  # fmt: skip
    assert held(cells) == {"all/a": PROTECTS}


def test_rows_of_different_groups_side_by_side_are_subtracted_together():
    """A campus of 5 and, elsewhere in the same cluster, a theme of 5: 12 - 5 - 5 tells two."""
    cells = [Cell(("all", "w"), "all", numbered(0, 12)), Cell(("1", "a"), "1", numbered(0, 5)),
             Cell(("t", "x"), "t", numbered(5, 10))]  # fmt: skip
    assert held(cells) == {"1/a": PROTECTS}
    # Where the theme may share some with the campus, nobody can subtract both.
    assert held([*cells[:2], cells[2]._replace(units=numbered(4, 10))]) == {}


def test_what_overlaps_is_not_additive():
    cells = [Cell(("all", "a"), "all", numbered(0, 8)), Cell(("t", "x"), "t", numbered(2, 10))]
    assert relations(cells) == []
    assert held(cells) == {}


def test_a_count_that_each_part_being_at_least_one_would_tell():
    """Five rows without a figure under a total of five are one each."""
    parts = [Cell(("t", name), "t", units(name)) for name in "abcde"]
    whole = Cell(("all", "w"), "all", units(*"abcde"))
    assert held([*parts, whole])["all/w"] == PROTECTS


def test_magnitudes_are_protected_by_their_contributors():
    """Turnover 1000 of all; a theme has all but a giant and a dwarf, which would be told."""
    of = {"giant": 500, "dwarf": 10, "a": 100, "b": 140, "c": 120, "d": 130}
    values = {name: Contribution(name, value) for name, value in of.items()}
    whole, theme = Cell(("all", "w"), "all", units(*of)), Cell(("t", "x"), "t", units(*"abcd"))
    rule = Rule(3, 10)
    assert sensitivity(units(*of), values, rule) is None
    assert suppressions([whole, theme], values, rule) == {("t", "x"): PROTECTS}


def test_the_order_of_the_rows_does_not_matter():
    rng = random.Random(5)
    cells = table(rng)
    expected = suppressions(cells, ones(cells), Rule(3))
    for _ in range(5):
        mixed = rng.sample(cells, len(cells))
        assert list(suppressions(mixed, ones(cells), Rule(3)).items()) == list(expected.items())


def test_wrong_tables_are_said():
    with pytest.raises(InputError, match="two totals are called t / a; give each a key"):
        held([Cell(("t", "a"), "t", units("x")), Cell(("t", "a"), "u", units("y"))])
    with pytest.raises(InputError, match="x is in t / a and in t / b, both of the group 't'"):
        held([Cell(("t", "a"), "t", units("x")), Cell(("t", "b"), "t", units("x", "y"))])


# An attacker


def table(rng: random.Random) -> list[Cell]:
    """
    Levels within each other and themes across them, of up to 14 units.

    Level `2` splits all units, `1` splits each cell of `2` (with some units in none), and
    theme `t` takes some of the units of each, now and then of two clusters together.
    """
    names = sorted(numbered(0, rng.randint(6, 14)))
    rng.shuffle(names)
    cells = []
    for i, top in enumerate(split(rng, names, 2)):
        cells.append(Cell(("2", str(i)), "2", frozenset(top)))
        kept = top[: len(top) - rng.choice([0, 0, 1, 2])]
        cells += [
            Cell(("1", f"{i}{j}"), "1", frozenset(each))
            for j, each in enumerate(split(rng, kept, 3))
        ]
    of_theme = sorted(rng.sample(names, rng.randint(2, len(names))))
    cells += [
        Cell(("t", str(i)), "t", frozenset(each)) for i, each in enumerate(split(rng, of_theme, 2))
    ]
    return [cell for cell in cells if cell.units]


def split(rng: random.Random, names: list[str], pieces: int) -> list[list[str]]:
    cuts = sorted(rng.randint(0, len(names)) for _ in range(rng.randint(0, pieces - 1)))
    return [names[a:b] for a, b in itertools.pairwise([0, *cuts, len(names)]) if b > a]


class Attacker:
    """
    Knows how the table is built, what is shown, and that each row counts 1 or more.

    What he does not know is how many units each region holds: a region is what belongs to the
    same rows. He solves for whole numbers, region by region, which is not how rows are held
    back.
    """

    def __init__(self, cells: list[Cell], shown: dict[tuple[str, ...], int]) -> None:
        everyone = sorted({u for cell in cells for u in cell.units})
        regions = sorted({tuple(u in cell.units for cell in cells) for u in everyone})
        self.rows = np.array([[r[n] for r in regions] for n in range(len(cells))], dtype=float)
        self.low = [shown.get(cell.key, 1) for cell in cells]
        self.high = [shown.get(cell.key, 100) for cell in cells]

    def ends(self, wanted: np.ndarray) -> tuple[int, int]:
        """The least and the greatest number of units in some regions."""
        allowed = LinearConstraint(self.rows, self.low, self.high)
        whole = np.ones(self.rows.shape[1])
        least, most = (
            milp(sign * wanted, integrality=whole, constraints=allowed).fun for sign in (1, -1)
        )
        return round(least), round(-most)


@pytest.mark.parametrize("seed", range(80))
def test_no_count_held_back_as_too_few_can_be_worked_out(seed):
    cells = table(random.Random(seed))
    reasons = suppressions(cells, ones(cells), Rule(3))
    attacker = Attacker(cells, {c.key: len(c.units) for c in cells if c.key not in reasons})
    for n, cell in enumerate(cells):
        if reasons.get(cell.key) == TOO_FEW:
            low, high = attacker.ends(attacker.rows[n])
            assert low <= len(cell.units) <= high
            assert low < high, cell


@pytest.mark.parametrize("seed", range(80))
def test_no_small_group_is_left_by_subtracting_rows_from_a_row(seed):
    """Every choice of shown rows of one group within a shown row leaves none, or enough."""
    cells = table(random.Random(seed))
    reasons = suppressions(cells, ones(cells), Rule(3))
    shown = [cell for cell in cells if cell.key not in reasons]
    for whole in shown:
        for group in ("1", "2", "t"):
            inside = [c.units for c in shown if c.group == group and c.units <= whole.units]
            for n in range(len(inside) + 1):
                for taken in itertools.combinations(inside, n):
                    left = whole.units.difference(*taken)
                    assert len(left) == 0 or len(left) >= 3, (whole, taken)


@pytest.mark.parametrize("seed", range(80))
def test_no_region_too_small_to_show_is_told_by_the_shown_rows(seed):
    """A region is told if adding it to the equations does not add to their rank."""
    cells = table(random.Random(seed))
    reasons = suppressions(cells, ones(cells), Rule(3))
    everyone = sorted({u for cell in cells for u in cell.units})
    regions = [tuple(u in cell.units for cell in cells) for u in everyone]
    shown = [n for n, cell in enumerate(cells) if cell.key not in reasons]
    alike = sorted(set(regions))
    rows = np.array([[r[n] for r in alike] for n in shown], dtype=float).reshape(-1, len(alike))
    rank = np.linalg.matrix_rank(rows) if len(shown) else 0
    for column, region in enumerate(alike):
        if regions.count(region) < 3:
            alone = np.zeros((1, len(alike)))
            alone[0, column] = 1
            assert np.linalg.matrix_rank(np.vstack([rows, alone])) == rank + 1


def test_the_attacker_succeeds_where_only_the_small_rows_are_held_back():
    """The check of the check: without complementary suppression he finds figures."""
    found = 0
    for seed in range(80):
        cells = table(random.Random(seed))
        attacker = Attacker(cells, {c.key: len(c.units) for c in cells if len(c.units) >= 3})
        small = [n for n, cell in enumerate(cells) if len(cell.units) < 3]
        for n in small:
            low, high = attacker.ends(attacker.rows[n])
            found += low == high
    assert found > 20


@pytest.mark.parametrize("seed", range(40))
def test_no_magnitude_held_back_can_be_had_within_p_percent(seed):
    """The attacker knows the table's build, what is shown, and that nothing is below 0."""
    rng = random.Random(seed)
    cells, rule = table(rng), Rule(2, 10)
    values = {u: Contribution(u, float(rng.choice([1, 5, 20, 400]))) for u in numbered(0, 14)}
    reasons = suppressions(cells, values, rule)
    everyone = sorted({u for cell in cells for u in cell.units})
    rows = np.array([[u in cell.units for u in everyone] for cell in cells], dtype=float)
    sums = rows @ [values[u].value for u in everyone]
    shown = [cell.key not in reasons for cell in cells]
    allowed = LinearConstraint(rows, np.where(shown, sums, 0), np.where(shown, sums, np.inf))
    for n, cell in enumerate(cells):
        if sensitivity(cell.units, values, rule) is not None:
            ends = [milp(sign * rows[n], constraints=allowed) for sign in (1, -1)]
            most = np.inf if ends[1].status == 3 else -ends[1].fun
            assert most - ends[0].fun >= 0.1 * sums[n] - 1e-4
