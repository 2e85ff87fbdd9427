"""
Missing links as a forecast: learned on Horizon 2020 of 2014-2016, judged on the years after.

    python -m benchmarks.forecast              all organisations of 2014-2016
    python -m benchmarks.forecast 2            those with 2 projects or more in 2014-2016
    python -m benchmarks.forecast 2 --inner    one split earlier: where all choices were made

The model is learned from the new ties of 2016 among organisations of 2014-2015, then scores
every pair of organisations of 2014-2016 that had no tie, by what was known at the end of 2016.
A pair has come true if the two share a project that began in 2017-2020. The peers are scored on
the same pairs. The inner split learns from the ties of the second half of 2015 and is judged on
those of 2016: nothing from 2017 on is looked at. Needs the data at TRIPLEHELIX_DATA.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from babel.languages import get_official_languages

from benchmarks.forecast_chance import Drawn, Spread
from benchmarks.horizon import COUNTRY, DATA, FILES, NAMED_UNTIL, Horizon, horizon
from triplehelix.link.evidence import common_partners, evidence
from triplehelix.link.forecast import CHOSEN, GRAVITY_ALONE, Forecast, learn, lesson
from triplehelix.link.judging import Judge
from triplehelix.link.past import Past, new_ties, past, untied
from triplehelix.sphere import distance_km

BANDS = ("all", "under 50 km", "50-250 km", "250-1000 km", "1000 km on", "unplaced")
OURS = "this forecast"
USED = tuple(dict.fromkeys((*GRAVITY_ALONE, *CHOSEN, "partners", "common_partners")))
_AT_ONCE = 1_000_000


class Split(NamedTuple):
    """Learned on what came from `learned` until `known`; judged on that until `until`."""

    learned: str
    known: str
    until: str


OUTER = Split("2016-01-01", "2017-01-01", "2021-01-01")
INNER = Split("2015-07-01", "2016-01-01", "2017-01-01")


class Scored(NamedTuple):
    """Untied pairs: their ends, distance, whether their tie came, and their scores by name."""

    ends: tuple[np.ndarray, np.ndarray]
    km: np.ndarray
    came: np.ndarray
    scores: dict[str, np.ndarray]


def forecasts(rows: Horizon, split: Split = OUTER, least: int = 1) -> tuple[Forecast, Forecast]:
    """The whole model and that of gravity alone, learned among those of so many projects."""
    so_far = known(rows, split.learned)
    later = rows.before(split.known, split.learned)
    came = new_ties(so_far, later["activity"], later["node"])
    given = lesson(so_far, *came, among=at_work(rows, so_far, split.learned, least))
    return learn(given), learn(given, GRAVITY_ALONE)


def at_work(rows: Horizon, so_far: Past, day: str, least: int) -> np.ndarray:
    """Those nodes of the past that had so many projects by the day."""
    n = rows.before(day)["node"].value_counts()
    return np.flatnonzero(n.reindex(so_far.node).to_numpy() >= least)


def known(rows: Horizon, day: str) -> Past:
    """What is known at the beginning of a day."""
    parts = rows.before(day)
    return past(parts["activity"], parts["node"], rows.traits, themes=rows.themes_of(parts))


def scorers(whole: Forecast, gravity: Forecast) -> dict[str, Callable[..., np.ndarray]]:
    """By name, what gives each pair its score; columns are those of `USED`."""

    def column(name: str) -> Callable[..., np.ndarray]:
        return lambda so_far, i, j, columns: columns[:, USED.index(name)]

    def model(how: Forecast) -> Callable[..., np.ndarray]:
        at = [USED.index(name) for name in how.columns]
        return lambda so_far, i, j, columns: how.fit.log_expected(columns[:, at])

    return {
        OURS: model(whole),
        "degree product": column("partners"),
        "common neighbours": lambda so_far, i, j, columns: common_partners(so_far, i, j),
        "Adamic-Adar": column("common_partners"),
        "gravity alone": model(gravity),
    }


def scored(
    so_far: Past, among: np.ndarray, came: tuple[np.ndarray, np.ndarray],
    by: dict[str, Callable[..., np.ndarray]],
) -> Iterator[Scored]:  # fmt: skip
    """All untied pairs among these nodes, a portion at a time: no more is ever held."""
    n = len(so_far.node)
    true = np.sort(came[0] * n + came[1])
    for i, j in untied(so_far, at_once=_AT_ONCE, among=among):
        columns = evidence(so_far, i, j, USED)
        at = np.minimum(np.searchsorted(true, i * n + j), len(true) - 1)
        km = distance_km(so_far.lat[i], so_far.lon[i], so_far.lat[j], so_far.lon[j])
        yield Scored(
            (i, j), km, true[at] == i * n + j,
            {name: scorer(so_far, i, j, columns) for name, scorer in by.items()},
        )  # fmt: skip


def judge(
    pairs: Iterator[Scored], names: list[str], drawn: Drawn | None = None
) -> dict[str, dict[str, Judge]]:
    """Per scorer and distance band, how the pairs were ranked."""
    judges = {name: {band: Judge() for band in BANDS[1:]} for name in names}
    for these in pairs:
        band = np.where(np.isnan(these.km), 5, 1 + np.digitize(these.km, [50, 250, 1000]))
        inside = [band == k for k in range(1, len(BANDS))]
        for name, score in these.scores.items():
            for k, here in enumerate(inside, 1):
                judges[name][BANDS[k]].add(score[here], these.came[here])
        if drawn is not None:
            drawn.add(these.ends, these.came, these.scores)
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
    split = INNER if "--inner" in sys.argv else OUTER
    least = int(next((word for word in sys.argv[1:] if word.isdigit()), 1))
    rows = horizon(languages())
    whole, gravity = forecasts(rows, split, least)
    so_far, later = known(rows, split.known), rows.before(split.until, split.known)
    came = new_ties(so_far, later["activity"], later["node"])
    among = at_work(rows, so_far, split.known, least)
    _describe(so_far, among)
    if split is OUTER:
        _left_out(rows, so_far, later, len(came[0]))
    by = scorers(whole, gravity)
    drawn = Drawn(list(by))
    judges = judge(scored(so_far, among, came, by), list(by), drawn)
    _table(judges)
    _chances(drawn.spread(len(so_far.node)))
    print("\nWeights")
    for name, value in zip(whole.columns, whole.fit.coefficients, strict=True):
        print(f"  {name:20} {value:8.3f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{time.process_time() - begun:.0f} s of processor time, {peak:.0f} MiB at most")


def _table(judges: dict[str, dict[str, Judge]]) -> None:
    for band in BANDS:
        print(f"\n{band}: {judges[OURS][band].judged().n_pairs:,} pairs, "
              f"{judges[OURS][band].judged().n_came:,} came")  # fmt: skip
        print(f"  {'':20} {'AP':>8} {'times chance':>13} {'first 100':>10} {'first 1,000':>12}")
        for name, bands in judges.items():
            found = bands[band].judged()
            print(f"  {name:20} {found.average_precision:8.4f} {found.lift:13.1f} "
                  f"{found.precision_at_100:10.2f} {found.precision_at_1000:12.3f}")  # fmt: skip


def _chances(spread: Spread) -> None:
    print("\nThis forecast less each peer, 95 % bounds over organisations drawn anew")
    print(f"  {'':20} {'AP':>18} {'first 100':>16} {'first 1,000':>18}")
    for name in spread.average_precision:
        ap, hundred, thousand = (each[name] for each in spread)
        print(f"  {name:20} {ap[0]:+8.4f} to {ap[1]:+.4f} {hundred[0]:+7.2f} to {hundred[1]:+.2f} "
              f"{thousand[0]:+8.3f} to {thousand[1]:+.3f}")  # fmt: skip


def _describe(so_far: Past, among: np.ndarray) -> None:
    placed = np.isfinite(so_far.lat)
    print(f"{len(so_far.node):,} organisations took part, {1 - placed.mean():.1%} of them without "
          f"a place; {so_far.tied.nnz // 2:,} pairs tied. {len(among):,} are scored, "
          f"{1 - placed[among].mean():.1%} of them without a place")  # fmt: skip


def _left_out(rows: Horizon, so_far: Past, later, n_came: int) -> None:  # type: ignore[no-untyped-def]
    first = rows.parts.groupby("node")["start"].min()
    early = first.index[first < NAMED_UNTIL]
    now = later[later["node"].isin(early)]
    among = past(now["activity"], now["node"], rows.traits)
    ever = len(new_ties(among, now["activity"], now["node"])[0]) + among.tied.nnz // 2
    both = np.isin(among.node, so_far.node)
    inside = among.tied[both][:, both].nnz // 2
    print(f"{len(early):,} organisations were first seen before {NAMED_UNTIL}; they share "
          f"{ever:,} pairs in 2017-2020: {inside - n_came:,} tied before, {n_came:,} new among "
          f"those of 2014-2016, {ever - inside:,} with one that is not among them")  # fmt: skip
    rest = later[~later["node"].isin(early)]
    print(f"{len(rest) / len(later):.1%} of the participations of 2017-2020 are of organisations "
          "first seen later, and are left out")  # fmt: skip


if __name__ == "__main__":
    main()
