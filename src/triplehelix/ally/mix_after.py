"""The mix of partners that a call asks for, asked for again after any so many are lost."""

from dataclasses import dataclass, field, replace

from triplehelix.ally.model import Model
from triplehelix.ally.parts import Parts
from triplehelix.ally.rules import alike
from triplehelix.optimise.pooling import Extra, Pooling, Row


def bearing(model: Model, losses: int) -> Pooling:
    """
    The model's pooling with `helices`, `entities_from_countries` and `spread` after any losses.

    So many of a helix are then asked for, and as many more as may be lost. Of at least N
    different values (countries, say) every loss leaves N if and only if the partners outside the
    N - 1 largest groups of one value are more than may be lost: whoever wants to leave fewer takes
    all of those away.
    """
    parts, problem = model.parts, model.pooling
    rules = parts.question.call.rules
    if not losses:
        return problem
    after = _After(len(problem.extras), losses)
    for helix, n in sorted(rules.helices.items()):
        after.at_least(f"helices: {n} of {helix}", alike(parts, "helix").get(helix, []), n)
    if rules.entities_from_countries:
        entities, countries = rules.entities_from_countries
        everyone = list(range(len(parts.partners)))
        after.at_least(f"entities_from_countries: {entities} entities", everyone, entities)
        after.different(parts, "country", countries)
    for one in rules.spread:
        after.different(parts, one.of, one.at_least)
    rows, extras = (*problem.rows, *after.rows), (*problem.extras, *after.extras)
    return replace(problem, rows=rows, extras=extras)


@dataclass
class _After:
    first_extra: int
    losses: int
    rows: list[Row] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)

    def at_least(self, name: str, partners: list[int], n: int) -> None:
        low = float(n + self.losses)
        self.rows.append(Row(f"{name} after losses", low, partners=dict.fromkeys(partners, 1.0)))

    def different(self, parts: Parts, of: str, n: int) -> None:
        """
        The sum of the m largest groups is m t plus what each exceeds t by, at the best t.

        Only groups of partners whose value is known count.
        """
        groups = alike(parts, of)
        most = float(len(parts.partners))
        t = self._extra(most)
        excess = {value: self._extra(most) for value in sorted(groups)}
        name = f"{of}: {n} after losses"
        everyone = {p: 1.0 for value in groups for p in groups[value]}
        self.rows.append(Row(
            name, self.losses + 1.0, partners=everyone,
            extras={t: 1.0 - n, **dict.fromkeys(excess.values(), -1.0)},
        ))  # fmt: skip
        for value, e in excess.items():
            over = dict.fromkeys(groups[value], -1.0)
            self.rows.append(Row(name, 0.0, partners=over, extras={t: 1.0, e: 1.0}))

    def _extra(self, most: float) -> int:
        self.extras.append(Extra(0.0, 0.0, most))
        return self.first_extra + len(self.extras) - 1
