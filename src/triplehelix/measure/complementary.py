"""Further totals held back, so that those held back first cannot be worked out again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from triplehelix.errors import InputError
from triplehelix.measure.disclosure import Contribution, Rule, sensitivity, total

PROTECTS = "protects another figure"
_TOLERANCE = 1e-6

Units = frozenset[str]


class Cell(NamedTuple):
    """
    A total that would be published: its name, the group it stands in, the units it adds up.

    Cells of one group (the clusters of one theme and level) have no unit in common.
    """

    key: tuple[str, ...]
    group: str
    units: Units


class Relation(NamedTuple):
    """Sets of units of which those on the one side add up to those on the other."""

    wholes: tuple[Units, ...]
    parts: tuple[Units, ...]


def suppressions(
    cells: Iterable[Cell], contributions: Mapping[str, Contribution], rule: Rule
) -> dict[tuple[str, ...], str]:
    """
    Decide which totals to hold back, and why.

    First those that say too much themselves (see `sensitivity`). Then, as long as anything
    that says too much can be had from what is left, the smallest total it is had from:

    - by subtracting published totals from others that hold them: what remains must be
      nothing, or something that could be shown; or
    - by adding and subtracting any of them, so that units of one pattern (those in the very
      same totals) are left, and these say too much; or
    - from all relations together, by a linear programme for the least and the greatest value
      of each set that says too much: these must differ by 1 or more in a count (whoever
      looks knows that it is at least 1), and by `p_percent` of the total or more in a
      magnitude.

    Parameters
    ----------
    cells : the totals to be published, in any order; those without units are passed over
    contributions : owner and value of every unit
    rule : threshold and percentage; a threshold of 0 or 1 and no percentage hold back nothing

    Returns
    -------
    dict of key to reason
        In order of key: `TOO_FEW`, `DOMINATED`, `ALL_ZERO` or `PROTECTS`.

    Raises
    ------
    InputError
        If two cells have one key, or two cells of a group have a unit in common.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, Wiley, chapter 4 (secondary cell
    suppression and its audit). doi:10.1002/9781118348239

    Examples
    --------
    Twelve organisations, of which ten work on vaccines: the two others must not show.

    >>> sites = {f"s{n:02d}": Contribution(f"o{n}", 1) for n in range(12)}
    >>> every = Cell(("all", "Leeds"), "all", frozenset(sites))
    >>> vaccines = Cell(("vaccines", "Leeds"), "vaccines", frozenset(sorted(sites)[:10]))
    >>> suppressions([every, vaccines], sites, Rule(5))
    {('vaccines', 'Leeds'): 'protects another figure'}
    """
    ordered = sorted((cell for cell in cells if cell.units), key=lambda cell: cell.key)
    _check(ordered)
    names: dict[Units, tuple[str, ...]] = {}
    for cell in ordered:
        names.setdefault(cell.units, cell.key)
    sensitive = {units: why for units in names if (why := sensitivity(units, contributions, rule))}
    held = dict(sensitive)
    for together in _apart(ordered):
        held |= _Audit(together, names, contributions, rule).protected(sensitive)
    return {cell.key: held[cell.units] for cell in ordered if cell.units in held}


def relations(cells: Sequence[Cell]) -> list[Relation]:
    """
    Find what adds up: cells of one group, within one or several cells of another.

    Where the parts do not cover the wholes, what is left over is a part like the others.
    Cells that overlap, neither inside the other's group nor holding all of it, are not
    additive: from the one nothing follows for the other.

    Parameters
    ----------
    cells : shape (n,)
        With units; cells of one group without a unit in common.

    Examples
    --------
    >>> whole, half = Cell(("w",), "a", frozenset("xyz")), Cell(("h",), "b", frozenset("xy"))
    >>> [found] = relations([whole, half])
    >>> [sorted(units) for units in found.wholes], [sorted(units) for units in found.parts]
    ([['x', 'y', 'z']], [['x', 'y'], ['z']])
    """
    found: dict[Relation, None] = {}
    for _, overlaps in sorted(_overlaps(cells).items()):
        covered = {
            part: wholes
            for part, wholes in sorted(overlaps.items())
            if sum(wholes.values()) == len(cells[part].units)
        }
        for joined in _merged([{part, *wholes} for part, wholes in covered.items()]):
            found[_relation(cells, sorted(joined - covered.keys()),
                            sorted(joined & covered.keys()))] = None  # fmt: skip
        within: dict[int, list[int]] = {}
        for part, wholes in covered.items():
            if len(wholes) == 1:
                within.setdefault(min(wholes), []).append(part)
        for whole, parts in sorted(within.items()):
            found[_relation(cells, [whole], parts)] = None
    return [relation for relation in found if relation.wholes != relation.parts]


def _relation(cells: Sequence[Cell], wholes: Sequence[int], parts: Sequence[int]) -> Relation:
    rest = frozenset(unit for n in wholes for unit in cells[n].units).difference(
        *(cells[n].units for n in parts)
    )
    left_over = (rest,) if rest else ()
    return Relation(
        tuple(cells[n].units for n in wholes),
        (*(cells[n].units for n in parts), *left_over),
    )


def _overlaps(cells: Sequence[Cell]) -> dict[tuple[str, str], dict[int, dict[int, int]]]:
    """For each ordered pair of groups: cell of the second -> cell of the first -> units shared."""
    holding: dict[str, list[int]] = {}
    for n, cell in enumerate(cells):
        for unit in cell.units:
            holding.setdefault(unit, []).append(n)
    shared: dict[tuple[str, str], dict[int, dict[int, int]]] = {}
    for together in holding.values():
        for whole in together:
            for part in together:
                if whole != part:
                    groups = (cells[whole].group, cells[part].group)
                    counts = shared.setdefault(groups, {}).setdefault(part, {})
                    counts[whole] = counts.get(whole, 0) + 1
    return shared


def _merged(sets: Iterable[set[int]]) -> list[set[int]]:
    """The sets, those with a member in common made one; in order of their least members."""
    apart: list[set[int]] = []
    for each in sets:
        near = [other for other in apart if other & each]
        apart = [other for other in apart if not other & each]
        apart.append(each.union(*near))
    return sorted(apart, key=min)


def _apart(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells in bundles of which no two have a unit in common; those alone left out."""
    holding: dict[str, set[int]] = {}
    for n, cell in enumerate(cells):
        for unit in cell.units:
            holding.setdefault(unit, set()).add(n)
    bundles = _merged(map(set, dict.fromkeys(frozenset(ns) for ns in holding.values())))
    return [[cells[n] for n in sorted(bundle)] for bundle in bundles if len(bundle) > 1]


def _patterns(cells: Sequence[Cell]) -> list[Units]:
    """The units of some cells, those that are in the very same cells together."""
    holding: dict[str, list[int]] = {}
    for n, cell in enumerate(cells):
        for unit in cell.units:
            holding.setdefault(unit, []).append(n)
    alike: dict[tuple[int, ...], set[str]] = {}
    for unit, ns in holding.items():
        alike.setdefault(tuple(ns), set()).add(unit)
    return [frozenset(alike[ns]) for ns in sorted(alike)]


class _Audit:
    """What can be had of some cells, and of what they leave over, from those published."""

    def __init__(
        self,
        cells: Sequence[Cell],
        names: Mapping[Units, tuple[str, ...]],
        contributions: Mapping[str, Contribution],
        rule: Rule,
    ) -> None:
        self.names, self.contributions, self.rule = names, contributions, rule
        self.related, self.patterns = relations(cells), _patterns(cells)
        in_relations = (u for r in self.related for u in (*r.wholes, *r.parts))
        self.sets = list(dict.fromkeys([*(cell.units for cell in cells), *in_relations]))
        self.values = {units: total(units, contributions) for units in self.sets}
        self.published = {units for units in self.sets if units in names}

    def protected(self, sensitive: Mapping[Units, str]) -> dict[Units, str]:
        """Hold back sets until none that says too much can be had; return those, with reasons."""
        self.published -= sensitive.keys()
        held = {}
        while breach := (
            self._shown_by_subtraction() or self._shown_by_adding() or self._shown_by_bounds()
        ):
            # The smallest costs the reader least; its name decides between equals.
            least = min(breach, key=lambda units: (self.values[units], self.names[units]))
            self.published.remove(least)
            held[least] = PROTECTS
        return held

    def _sensitive(self, units: Units) -> bool:
        return sensitivity(units, self.contributions, self.rule) is not None

    def _shown_by_subtraction(self) -> set[Units]:
        """The published sets of a relation in which what is left over says too much."""
        known = set(self.published)
        while True:
            before = len(known)
            for relation in self.related:
                open_wholes = [units for units in relation.wholes if units not in known]
                open_parts = [units for units in relation.parts if units not in known]
                if bool(open_wholes) == bool(open_parts):
                    continue
                left = open_wholes or open_parts
                if self._sensitive(frozenset().union(*left)):
                    return self._near([relation])
                if len(left) == 1:
                    known.add(left[0])
            if len(known) == before:
                return set()

    def _near(self, related: Sequence[Relation]) -> set[Units]:
        """The published sets of some relations, or of all where these have none."""
        used = {units for r in related for units in (*r.wholes, *r.parts)}
        return used & self.published or set(self.published)

    def _shown_by_adding(self) -> set[Units]:
        """The published sets whose sum, each times a number, is a pattern that says too much."""
        shown = [units for units in self.sets if units in self.published]
        if not shown:
            return set()
        rows = np.array([[float(p <= units) for p in self.patterns] for units in shown])
        # By the products of the rows: there are far fewer rows than patterns.
        inverse = rows.T @ np.linalg.pinv(rows @ rows.T, rcond=1e-10, hermitian=True)
        # The part of each pattern that lies in the span of the rows; all of it, or not told.
        within = np.einsum("ij,ji->i", inverse, rows)
        for n in np.flatnonzero(within > 1 - _TOLERANCE):
            if self._sensitive(self.patterns[n]):
                return {u for u, w in zip(shown, inverse[n], strict=True) if abs(w) > _TOLERANCE}
        return set()

    def _shown_by_bounds(self) -> set[Units]:
        """The published sets near one whose least and greatest value are too near each other."""
        targets = [u for u in self.sets if u not in self.published and self._sensitive(u)]
        if not targets or not self.published:
            return set()
        scale = max(self.values.values()) or 1.0
        equations, bounds = self._equations(), self._bounds(scale)
        for units in targets:
            wanted = self._width(units) / scale
            width = _width(self.sets.index(units), equations, bounds)
            if self.rule.p_percent is not None:
                width = min(width, self._width_by_patterns(units, scale))
            if width < wanted - _TOLERANCE / scale:
                return self._near([r for r in self.related if units in (*r.wholes, *r.parts)])
        return set()

    def _width(self, units: Units) -> float:
        if self.rule.p_percent is None:
            return 1.0
        return self.rule.p_percent / 100 * self.values[units]

    def _width_by_patterns(self, units: Units, scale: float) -> float:
        """How far apart the ends of a set are, if all that is known is that nothing is below 0."""
        rows = {of: [float(p <= of) for p in self.patterns] for of in self.sets}
        shown = [of for of in self.sets if of in self.published]
        return _ends_apart(
            np.array(rows[units]), np.array([rows[of] for of in shown]),
            np.array([self.values[of] / scale for of in shown]), [(0.0, None)] * len(self.patterns),
        )  # fmt: skip

    def _equations(self) -> np.ndarray:
        column = {units: n for n, units in enumerate(self.sets)}
        matrix = np.zeros((len(self.related), len(self.sets)))
        for row, relation in enumerate(self.related):
            for units in relation.wholes:
                matrix[row, column[units]] += 1
            for units in relation.parts:
                matrix[row, column[units]] -= 1
        return matrix

    def _bounds(self, scale: float) -> list[tuple[float, float | None]]:
        """A published set is what it is; a count in the table is 1 or more, all else 0 or more."""
        least = 1 / scale if self.rule.p_percent is None else 0.0
        return [
            (self.values[units] / scale,) * 2 if units in self.published
            else (least if units in self.names else 0.0, None)
            for units in self.sets
        ]  # fmt: skip


def _width(
    target: int, equations: np.ndarray, bounds: Sequence[tuple[float, float | None]]
) -> float:
    """How far apart the least and the greatest value are that the equations leave to a column."""
    cost = np.zeros(len(bounds))
    cost[target] = 1
    return _ends_apart(cost, equations, np.zeros(len(equations)), bounds)


def _ends_apart(
    cost: np.ndarray,
    equations: np.ndarray,
    values: np.ndarray,
    bounds: Sequence[tuple[float, float | None]],
) -> float:
    from scipy.optimize import linprog

    ends = []
    for sign in (1, -1):
        found = linprog(sign * cost, A_eq=equations, b_eq=values, bounds=bounds, method="highs")
        if found.status == 3:
            return np.inf
        ends.append(sign * found.fun)
    return float(ends[1] - ends[0])


def _check(cells: Sequence[Cell]) -> None:
    seen: dict[tuple[str, str], tuple[str, ...]] = {}
    for before, cell in zip(cells, cells[1:], strict=False):
        if before.key == cell.key:
            raise InputError(
                f"two totals are called {' / '.join(cell.key)}; give each a key of its own"
            )
    for cell in cells:
        for unit in cell.units:
            other = seen.setdefault((cell.group, unit), cell.key)
            if other != cell.key:
                raise InputError(
                    f"{unit} is in {' / '.join(other)} and in {' / '.join(cell.key)}, both of the "
                    f"group {cell.group!r}; totals of one group must not overlap: give them "
                    "groups of their own"
                )
