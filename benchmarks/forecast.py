"""
Missing links as a forecast: learned on Horizon 2020 of 2014-2016, judged on the years after.

    python -m benchmarks.forecast [N]      default: 1

Organisations are those with N projects or more in 2014-2016. The model is learned from the new
ties of 2016 among those of 2014-2015, then scores every pair of those of 2014-2016 that had no
tie, by what was known at the end of 2016. A pair has come true if the two share a project that
began in 2017-2020. The peers are scored on the same pairs. Needs the data at TRIPLEHELIX_DATA.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from babel.languages import get_official_languages

from benchmarks.horizon import COUNTRY, DATA, FILES, NAMED_UNTIL, Horizon, horizon
from triplehelix.link.evidence import EVIDENCE, common_partners, evidence
from triplehelix.link.forecast import GRAVITY_ALONE, Forecast, learn, lesson
from triplehelix.link.judging import Judge
from triplehelix.link.past import Past, new_ties, past, untied
from triplehelix.sphere import distance_km

LEARNED, KNOWN, UNTIL = "2016-01-01", "2017-01-01", "2021-01-01"
BANDS = ("all", "under 50 km", "50-250 km", "250-1000 km", "1000 km on", "unplaced")
Scorer = Callable[[Past, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def forecasts(rows: Horizon) -> tuple[Forecast, Forecast]:
    """The whole model and that of gravity alone, learned from what came in 2016."""
    so_far = known(rows, LEARNED)
    later = rows.before(KNOWN, LEARNED)
    given = lesson(so_far, *new_ties(so_far, later["activity"], later["node"]))
    return learn(given), learn(given, GRAVITY_ALONE)


def at_work(rows: Horizon, least: int) -> Horizon:
    """Those organisations alone that had so many projects by the end of what is known."""
    n = rows.before(KNOWN)["node"].value_counts()
    return rows._replace(parts=rows.parts[rows.parts["node"].isin(n.index[n >= least])])


def known(rows: Horizon, day: str) -> Past:
    """What is known at the beginning of a day."""
    parts = rows.before(day)
    return past(parts["activity"], parts["node"], rows.traits, themes=rows.themes_of(parts))


def scorers(whole: Forecast, gravity: Forecast) -> dict[str, Scorer]:
    """By name, what gives each pair its score."""

    def column(name: str) -> Scorer:
        return lambda so_far, i, j, columns: columns[:, EVIDENCE.index(name)]

    return {
        "this forecast": lambda so_far, i, j, columns: whole.score(columns),
        "degree product": column("partners"),
        "common neighbours": lambda so_far, i, j, columns: common_partners(so_far, i, j),
        "Adamic-Adar": column("common_partners"),
        "gravity alone": lambda so_far, i, j, columns: gravity.score(columns),
    }


def judge(
    so_far: Past, came: tuple[np.ndarray, np.ndarray], by: dict[str, Scorer]
) -> dict[str, dict[str, Judge]]:
    """Per scorer and distance band, how the pairs were ranked."""
    n = len(so_far.node)
    true = np.sort(came[0] * n + came[1])
    judges = {name: {band: Judge() for band in BANDS[1:]} for name in by}
    for i, j in untied(so_far, at_once=2_000_000):
        columns = evidence(so_far, i, j)
        at = np.minimum(np.searchsorted(true, i * n + j), len(true) - 1)
        here = true[at] == i * n + j
        km = distance_km(so_far.lat[i], so_far.lon[i], so_far.lat[j], so_far.lon[j])
        band = np.where(np.isnan(km), 5, 1 + np.digitize(km, [50, 250, 1000]))
        for name, scorer in by.items():
            score = scorer(so_far, i, j, columns)
            for k in range(1, len(BANDS)):
                judges[name][BANDS[k]].add(score[band == k], here[band == k])
    return {name: {"all": Judge.of(bands.values())} | bands for name, bands in judges.items()}


def languages() -> dict[str, tuple[str, ...]]:
    """The official languages of the countries that occur."""
    import pandas as pd

    codes = pd.read_csv(FILES[1], sep=";", dtype=str, keep_default_na=False)["country"]
    return {c: tuple(get_official_languages(c, de_facto=True))
            for c in sorted(set(codes.replace(COUNTRY)))}  # fmt: skip


def main() -> None:
    """Learn, judge, print."""
    if not all(f.exists() for f in FILES):
        print(f"forecast: skipped, there is no Horizon 2020 at {DATA}")
        return
    begun = time.process_time()
    every = horizon(languages())
    rows = at_work(every, int(sys.argv[1]) if sys.argv[1:] else 1)
    whole, gravity = forecasts(rows)
    so_far, later = known(rows, KNOWN), rows.before(UNTIL, KNOWN)
    came = new_ties(so_far, later["activity"], later["node"])
    _describe(every, so_far, every.before(UNTIL, KNOWN), len(came[0]))
    judges = judge(so_far, came, scorers(whole, gravity))
    for band in BANDS:
        print(f"\n{band}: {judges['this forecast'][band].judged().n_pairs:,} pairs, "
              f"{judges['this forecast'][band].judged().n_came:,} came")  # fmt: skip
        print(f"  {'':20} {'AP':>8} {'times chance':>13} {'first 100':>10}")
        for name, bands in judges.items():
            found = bands[band].judged()
            print(f"  {name:20} {found.average_precision:8.4f} {found.lift:13.1f} "
                  f"{found.precision_at_100:10.2f}")  # fmt: skip
    print("\nCoefficients")
    for name, value in zip(whole.columns, whole.fit.coefficients, strict=True):
        print(f"  {name:20} {value:8.3f}")
    print(f"\n{time.process_time() - begun:.0f} s of processor time")


def _describe(rows: Horizon, so_far: Past, later, n_came: int) -> None:  # type: ignore[no-untyped-def]
    first = rows.parts.groupby("node")["start"].min()
    early = first.index[first < NAMED_UNTIL]
    now = later[later["node"].isin(early)]
    among = past(now["activity"], now["node"], rows.traits)
    ever = len(new_ties(among, now["activity"], now["node"])[0]) + among.tied.nnz // 2
    both = np.isin(among.node, so_far.node)
    inside = among.tied[both][:, both].nnz // 2
    old = inside - n_came
    placed = np.isfinite(so_far.lat)
    print(f"{len(so_far.node):,} organisations took part in 2014-2016, {1 - placed.mean():.1%} of "
          f"them without a place; {so_far.tied.nnz // 2:,} pairs tied")  # fmt: skip
    print(f"{len(early):,} organisations were first seen before {NAMED_UNTIL}; they share "
          f"{ever:,} pairs in 2017-2020: {old:,} tied before, {n_came:,} new among those of "
          f"2014-2016, {ever - inside:,} with one that is not among those scored")  # fmt: skip
    rest = later[~later["node"].isin(early)]
    print(f"{len(rest) / len(later):.1%} of the participations of 2017-2020 are of organisations "
          "first seen later, and are left out")  # fmt: skip


if __name__ == "__main__":
    main()
