"""In words: how much of a cluster's joint work is local, national, international."""

from collections.abc import Mapping
from typing import Any

from triplehelix.app.countries import country_within
from triplehelix.app.network.claims import Claim, Evidence, claim
from triplehelix.app.network.wording import VERDICTS, Bounded, against, listed, with_bounds

SCOPES = ("local", "national", "international")
Measures = Mapping[str, Mapping[str, Any]]


def reach_headline(measures: Measures, countries: list[str]) -> str:
    """
    Where most of its joint work is, in one clause.

    Rule: the largest of the three shares; "mostly" if its lower bound is above one half, "more
    than elsewhere" if that is above the upper bound of the next largest, else not sure.

    Examples
    --------
    >>> row = lambda value, low: {"value": value, "low": low, "high": 1.0}
    >>> reach_headline({"joint_local_share": row(0.1, 0.05), "joint_national_share": row(0.2, 0.1),
    ...                 "joint_international_share": row(0.7, 0.6)}, ["GB"])
    'works mostly abroad'
    """
    shares = {scope: bounded(measures, f"joint_{scope}_share") for scope in SCOPES}
    known = sorted(
        ((each.value, scope, each) for scope, each in shares.items() if each),
        key=lambda row: row[:2],
        reverse=True,
    )
    if not known:
        return "has no joint work here"
    _, scope, first = known[0]
    low, following = first.low or 0.0, known[1][2] if len(known) > 1 else Bounded(0.0)
    next_largest = following.value if following.high is None else following.high
    where = {
        "local": "within itself", "national": f"within {_home(countries)}",
        "international": "abroad",
    }[scope]  # fmt: skip
    if low > 0.5:
        return f"works mostly {where}"
    if low > next_largest:
        return f"works more {where} than elsewhere"
    return f"works {where} most, but not surely so"


def reach_claims(
    measures: Measures, cluster_id: str, theme: str, countries: list[str]
) -> list[Claim]:
    """
    One sentence per scope, the largest share first.

    National and international shares are held against size and place, else against size alone
    among what goes beyond the cluster; the local one against size.
    """
    found = [
        _scope_claim(measures, scope, cluster_id, theme, countries)
        for scope in SCOPES
        if bounded(measures, f"joint_{scope}_share")
    ]
    return sorted(found, key=lambda each: -(each.value or 0.0))


def sector_claim(measures: Measures, cluster_id: str, theme: str) -> Claim | None:
    """How much of what goes beyond the cluster joins two sectors, against its size."""
    found = bounded(measures, "joint_other_sector_share")
    expected = bounded(measures, "joint_other_sector_share_by_size")
    if not found or not expected:
        return None
    verdict = against(found, expected)
    words = (
        f"Beyond itself, {with_bounds(found)} of its joint work is with another sector (academia "
        f"with industry, say); partners dealt out by how much they do would give "
        f"{with_bounds(expected)}: {VERDICTS[verdict]}"
    )
    n = measures["joint_other_sector_share"]["n"]
    return claim("sectors", words, found, [activities("its shared work", cluster_id, theme)],
                 expected=expected, verdict=verdict, n=n)  # fmt: skip


def expected_share(measures: Measures, scope: str) -> tuple[Bounded, str] | None:
    """What a scope's share is held against, and what that rests on."""
    by_place = bounded(measures, f"joint_{scope}_share_by_place")
    if by_place:
        return by_place, "its size and place"
    by_size = bounded(measures, f"joint_{scope}_share_by_size")
    if not by_size or scope == "local":
        return (by_size, "its size") if by_size else None
    pairs = [
        (bounded(measures, f"joint_{s}_share"), bounded(measures, f"joint_{s}_share_by_size"))
        for s in SCOPES[1:]
    ]
    beyond = sum(share.value for share, _ in pairs if share)
    null = sum(size.value for _, size in pairs if size)
    return (Bounded(by_size.value / null * beyond), "its size") if null > 0 else None


def bounded(measures: Measures, name: str) -> Bounded | None:
    """A measure with its interval; None where it was not measured."""
    row = measures.get(name)
    if row is None or row["value"] is None:
        return None
    return Bounded(row["value"], row["low"], row["high"])


def activities(label: str, cluster_id: str, theme: str, **asked: Any) -> Evidence:
    """The activities of a cluster under some conditions."""
    theme_asked = {} if theme == "all" else {"theme": theme}
    return Evidence(label, "activities", cluster_id, theme_asked | asked)


def _scope_claim(
    measures: Measures, scope: str, cluster_id: str, theme: str, countries: list[str]
) -> Claim:
    name = f"joint_{scope}_share"
    row, found = measures[name], bounded(measures, name)
    assert found is not None
    with_whom = {
        "local": "among its own members", "national": f"with others in {_home(countries)}",
        "international": "with partners abroad",
    }[scope]  # fmt: skip
    held = expected_share(measures, scope)
    words, verdict = f"{with_bounds(found)} of its joint work is {with_whom}", None
    if held:
        verdict = against(found, held[0])
        words += f"; {held[1]} would give {with_bounds(held[0])}: {VERDICTS[verdict]}"
    evidence = [activities(f"{scope} work", cluster_id, theme, scope=scope)]
    return claim("reach", words, found, evidence, expected=held[0] if held else None,
                 verdict=verdict, n=row["n"])  # fmt: skip


def _home(countries: list[str]) -> str:
    return listed([country_within(code) for code in countries]) or "home"
