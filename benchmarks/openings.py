"""
Whether openings came about: relatedness of an earlier time against the themes taken up later.

On UK research grants, by the bodies that led twenty or more; themes by the packaged scheme's
keywords in title and abstract. Run `python -m benchmarks.openings`.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from triplehelix import themes
from triplehelix.measure.prospects.openings import openings
from triplehelix.measure.prospects.rows import work_of
from triplehelix.read.schemes import read_scheme
from triplehelix.store.engine import connection
from triplehelix.store.stages import SCHEMAS

DATA = Path(os.environ.get("TRIPLEHELIX_DATA", "../shared/data")) / "uk_research_grants"
LEAST = 20
SPLITS = (2016, 2017, 2018, 2019)


def grants() -> pd.DataFrame:
    """Grants with a leading body and a year: activity_id, who, year, title, summary."""
    rows = pd.read_parquet(DATA / "ukri_projects.parquet").drop_duplicates("id")
    year = pd.to_datetime(rows["start_date"], errors="coerce").dt.year
    rows = rows.assign(activity_id="g:" + rows["id"].astype(str), year=year)
    rows = rows[rows["lead_org_name"].notna() & rows["year"].notna()]
    return rows.rename(columns={"lead_org_name": "who", "abstract": "summary"})


def labels(rows: pd.DataFrame) -> pd.DataFrame:
    """Their themes: activity_id, theme, weight."""
    text = rows[["activity_id", "title", "summary"]].fillna("")
    staged = [{"source": "g", "source_record_id": one.removeprefix("g:"), "title": title,
               "summary": summary, "language": "en"}
              for one, title, summary in text.itertuples(index=False)]  # fmt: skip
    activities = [{"activity_id": one, "source": "g"} for one in text["activity_id"]]
    given = {"staged_activities": staged, "activities": activities}
    with connection() as engine:
        for name in ("staged_activities", "staged_codes", "activities"):
            schema = pa.schema([pa.field(f.name, f.type) for f in SCHEMAS[name]])
            whole = [dict.fromkeys(schema.names) | row for row in given.get(name, [])]
            engine.give(name, pa.Table.from_pylist(whole, schema=schema))
        engine.run(themes.steps(read_scheme()))
        return engine.table("activity_themes").to_pandas()


def absent_then(rows: pd.DataFrame, given: pd.DataFrame, split: int) -> pd.DataFrame:
    """Themes a body had no work in before the split: density above expected, and if it came."""
    early = rows[rows["year"] < split]
    led = rows.groupby("who")["activity_id"].transform("size") >= LEAST
    parts = rows[led][["who", "activity_id", "year"]].rename(columns={"who": "cluster_id"})
    done = parts[parts["year"] < split].assign(n=1)
    known = given[given["activity_id"].isin(early["activity_id"])]
    who, ids, theme, work = work_of(
        *(pa.Table.from_pandas(t, preserve_index=False)
          for t in (done, known, early[["activity_id"]].assign(n_all=1)))
    )  # fmt: skip
    found = openings(work, list(ids))
    late = parts[parts["year"] >= split].merge(given, on="activity_id")
    before = set(done.merge(known, on="activity_id")[["cluster_id", "theme"]].itertuples(False))
    since = set(late[["cluster_id", "theme"]].itertuples(False))
    return pd.DataFrame([
        (one, t, found.density[i, j] - found.expected[i, j], found.p_value[i, j],
         (one, t) in since)
        for i, one in enumerate(who) for j, t in enumerate(theme)
        if np.isfinite(found.p_value[i, j]) and (one, t) not in before
    ], columns=["who", "theme", "excess", "p", "came"])  # fmt: skip


def auc(rows: pd.DataFrame, by: str) -> float:
    """How often, of two pairs alike in `by`, the one that came had the larger excess."""
    won = pairs = 0.0
    for _, alike in rows.groupby(by):
        came, not_ = (alike.loc[alike["came"] == c, "excess"].to_numpy() for c in (True, False))
        beat = came[:, None] - not_[None, :]
        won, pairs = won + (beat > 0).sum() + (beat == 0).sum() / 2, pairs + beat.size
    return won / pairs


def main() -> None:
    """Print a row for each split."""
    rows = grants()
    given = labels(rows)
    print(
        "split | absent | came | AUC in a body | AUC in a theme | p <= .05: n, came | others came"
    )
    for split in SPLITS:
        told = absent_then(rows, given, split)
        sure = told["p"] <= 0.05
        print(f"{split} | {len(told)} | {told['came'].mean():.2f} | {auc(told, 'who'):.2f} | "
              f"{auc(told, 'theme'):.2f} | {sure.sum()}, {told['came'][sure].mean():.2f} | "
              f"{told['came'][~sure].mean():.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
