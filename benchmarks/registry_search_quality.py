"""
How well search finds what people mean: NDCG@10 on the judged queries over the sample registry.

Run: `python -m benchmarks.registry_search_quality [--worst N]`. Prints, for each half of the
queries, ours, and BM25 over names and the capabilities' labels, and over the same text as ours
(synonyms and definitions too). `--worst` prints the N worst of the half for tuning; the queries
of the other half are never printed.
"""

import argparse
import csv
import math
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from triplehelix.app.registry.sample_rows import asset_fields, member_fields, rows
from triplehelix.app.registry.search import search_assets, shipped_capabilities
from triplehelix.capabilities.words import words
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import Registry, open_registry

JUDGED = Path(__file__).parents[1] / "tests" / "reference" / "search"
MOST = 10
Key = tuple[str, str]  # an asset's name, and its organisation as the source names it
K1, B = 1.2, 0.75


def ndcg(ranked: list[Key], grades: dict[Key, int]) -> float:
    """NDCG@10 with gain 2^grade - 1 (Järvelin and Kekäläinen 2002; Burges et al. 2005)."""

    def total(gained: Iterable[int]) -> float:
        return sum((2**g - 1) / math.log2(n + 2) for n, g in enumerate(gained))

    best = total(sorted(grades.values(), reverse=True)[:MOST])
    return total(grades.get(key, 0) for key in ranked[:MOST]) / best if best else 0.0


class Bm25:
    """Plain BM25 (Robertson and Zaragoza 2009) over one text per asset, words as ours."""

    def __init__(self, texts: dict[Key, str]) -> None:
        self.counts = {key: Counter(words(text)) for key, text in texts.items()}
        self.usual = sum(c.total() for c in self.counts.values()) / len(texts)
        self.times = Counter(word for c in self.counts.values() for word in c)

    def rank(self, query: str) -> list[Key]:
        """Assets, the best first; equals by name."""
        asked = set(words(query))
        scores = {key: self._score(asked, c) for key, c in self.counts.items()}
        return sorted((k for k in scores if scores[k] > 0), key=lambda k: (-scores[k], k))

    def _score(self, asked: set[str], counts: Counter[str]) -> float:
        n, score = len(self.counts), 0.0
        for word in sorted(asked & counts.keys()):
            rare = math.log(1 + (n - self.times[word] + 0.5) / (self.times[word] + 0.5))
            long = 1 - B + B * counts.total() / self.usual
            score += rare * counts[word] * (K1 + 1) / (counts[word] + K1 * long)
        return score


def sample(folder: Path) -> tuple[Registry, dict[str, Key]]:
    """The sample's members and assets in a registry; and the key of each asset's id."""
    registry = open_registry(str(folder / "sample.db"))
    create_registry(registry)
    keys = {}
    with registry.change(COMMAND_LINE) as change:
        members = {
            row["id"]: (change.create("member", member_fields(row, None), visibility=_PUBLIC), row)
            for row in rows("members")
        }
        for row in rows("assets"):
            member, held = members[row["member"]]
            fields = asset_fields({**row, "member_name": held["name"]})
            made = change.create("asset", fields, Holder(member), visibility=_PUBLIC)
            keys[made] = (row["name"], row["organisation"])
    return registry, keys


_PUBLIC = {"*": "public"}


def texts(*, all_of_it: bool) -> dict[Key, str]:
    """Names and labels, or everything that ours reads too."""
    listed = shipped_capabilities()
    found = {}
    for row in rows("assets"):
        own = [listed[slug] for slug in row["capabilities"].split("|") if slug]
        said = [row["name"], *(one.label for one in own)]
        if all_of_it:
            said += [row["note"], row["organisation"], row["town"], row["kind"]]
            said += [text for one in own for text in (one.definition, *one.synonyms)]
        found[row["name"], row["organisation"]] = " ".join(said)
    return found


def judged(half: str) -> list[tuple[str, dict[Key, int]]]:
    """The queries of a half, with the grades of assets."""
    grades: dict[str, dict[Key, int]] = {}
    for row in csv.DictReader((JUDGED / "judgements.csv").open(encoding="utf-8")):
        own = grades.setdefault(row["query_id"], {})
        own[row["asset"], row["organisation"]] = int(row["grade"])
    queries = csv.DictReader((JUDGED / "queries.csv").open(encoding="utf-8"))
    return [(q["query"], grades.get(q["query_id"], {})) for q in queries if q["half"] == half]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry, keys = sample(Path(folder))

        def ours(query: str) -> list[Key]:
            hits = search_assets(registry, VISITOR, query, limit=MOST).hits
            return [keys[hit.id] for hit in hits]

        ways = {
            "ours": ours, "BM25, names and labels": Bm25(texts(all_of_it=False)).rank,
            "BM25, same text": Bm25(texts(all_of_it=True)).rank,
        }  # fmt: skip
        for half in ("tuning", "reporting"):
            queries = judged(half)
            for way, rank in ways.items():
                each = [ndcg(rank(query), grades) for query, grades in queries]
                print(f"{half:10} {way:24} NDCG@10 {sum(each) / len(each):.3f} (n {len(each)})")
        worst = sorted((ndcg(ours(q), g), q, g) for q, g in judged("tuning"))[: chosen.worst]
        for value, query, grades in worst:
            print(f"\n{value:.2f} {query}")
            found = ours(query)[:6]
            print("   found:", "; ".join(f"{k[0]} ({grades.get(k, 0)})" for k in found))
            wanted = sorted(grades, key=lambda k: -grades[k])[:5]
            print("   wanted:", "; ".join(f"{k[0]} ({grades[k]})" for k in wanted))
        registry.close()


if __name__ == "__main__":
    main()
