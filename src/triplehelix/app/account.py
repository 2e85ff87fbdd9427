"""What a comparison with an earlier edition rests on, and what of it is not the world's doing."""

from collections.abc import Iterable, Mapping
from typing import Any

_SHOWN = 5


def account(
    name: str,
    changed: list[str],
    by_method: Iterable[Mapping[str, str]],
    later: Mapping[str, str],
    earlier: Mapping[str, str],
) -> list[str]:
    """
    Sentences for the manifest and the pages.

    Parameters
    ----------
    name : of the earlier edition
    changed : what decides about clusters and changed since (`changes_of_method`)
    by_method : rows of `lineage_method`
    later, earlier : id -> name of the clusters of this edition and of the earlier one
    """
    if not earlier:
        return [f"The earlier edition, {name}, has no clusters, so every cluster here is born."]
    if not changed:
        return [f"Compared with {name}, whose clusters were found in the same way."]
    rows = [dict(row) for row in by_method]
    return [
        f"Clusters are found in another way than in {name}: {'; '.join(changed)}.",
        "So the earlier edition's data were searched again in today's way. Events are told "
        "between what that gave and the clusters here, then carried to the clusters that were "
        "published.",
        *_lost(rows, earlier), *_new(rows, later), *_joined(rows, earlier), *_parted(rows, earlier),
    ]  # fmt: skip


def _lost(rows: list[dict[str, str]], earlier: Mapping[str, str]) -> list[str]:
    ended, direct = (_names(rows, how, earlier) for how in ("ended", "published"))
    if not ended and not direct:
        return [f"{_of(len(earlier), 'published cluster')} has a counterpart in today's way."]
    said = [
        f"{len(ended) + len(direct):,} of {len(earlier):,} published clusters have no counterpart "
        "in today's way."
    ]
    if ended:
        said.append(f"Given as ended because of the method, not of the world: {_list(ended)}.")
    if direct:
        said.append(
            f"Linked directly with a cluster here, which is not like with like: {_list(direct)}."
        )
    return said


def _of(n: int, noun: str) -> str:
    return f"The one {noun}" if n == 1 else f"Each of {n:,} {noun}s"


def _new(rows: list[dict[str, str]], later: Mapping[str, str]) -> list[str]:
    names = [later[row["cluster_id"]] for row in rows if row["by_method"] == "born"]
    return [
        f"{len(names):,} of the clusters here are given as born because of the method: today's way "
        f"finds them in the earlier data too, where they had not been shown: {_list(names)}."
    ] if names else []  # fmt: skip


def _joined(rows: list[dict[str, str]], earlier: Mapping[str, str]) -> list[str]:
    names = _names(rows, "merged", earlier)
    return [
        f"{len(names):,} published clusters are part of a larger one in today's way, which is no "
        f"event and is not counted as one: {_list(names)}."
    ] if names else []  # fmt: skip


def _parted(rows: list[dict[str, str]], earlier: Mapping[str, str]) -> list[str]:
    names = _names(rows, "split", earlier)
    return [
        f"{len(names):,} published clusters are several in today's way, which is no event and is "
        f"not counted as one: {_list(names)}."
    ] if names else []  # fmt: skip


def _names(rows: list[dict[str, str]], how: str, earlier: Mapping[str, str]) -> list[str]:
    ids = {row["earlier_cluster_id"] for row in rows if row["by_method"] == how}
    return [earlier[one] for one in ids]


def _list(names: list[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def names_of(clusters: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Id -> name; a cluster without a name is called by its id."""
    return {str(row["cluster_id"]): str(row["name"] or row["cluster_id"]) for row in clusters}
