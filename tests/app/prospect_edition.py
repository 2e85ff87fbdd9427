"""
The small edition with findings, by hand.

Cambridge (A): genomics is a strength and grows; vaccines an opening; the hostile firm carries
genomics (in truth it is alone in none: what is found is not checked by who shows it); there is
no health member. Athens (B) has nothing that was looked at.
"""

from typing import Any

from tests.app.small_edition import A, tables


def _row(kind: str, theme: str, value: float | None, evidence: str, **more: Any) -> dict[str, Any]:
    p, q = {"strong": (0.0004, 0.004), "moderate": (0.01, 0.04), "weak": (0.04, 0.3),
            "none": (0.1, 0.6)}[evidence]  # fmt: skip
    return {"cluster_id": A, "kind": kind, "theme": theme, "subject": "all", "value": value,
            "low": value and value / 2, "high": value and min(value * 1.2, 9.0), "n": 2,
            "expected": 1.0, "p_value": p, "q_value": q, "evidence": evidence, "note": None,
            **more}  # fmt: skip


def with_prospects() -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that is not empty."""
    rows = tables()
    rows["prospects"] = [
        _row("specialised", "genomics", 1.8, "strong"),
        _row("growing", "genomics", 1.5, "moderate",
             note="in 1 of 1 since 2016, in 1 of 2 before"),
        _row("opening", "vaccines", 0.6, "weak", expected=0.2, note="at home in 1 themes"),
        _row("carried", "genomics", 0.9, "moderate", expected=0.5, subject="table:hostile",
             note="alone in 9 of 10; has part in 9"),
        _row("losing", "all", 0.5, "none", note="in 2 of 3 since 2016, in 1 of 2 before"),
        _row("missing_helix", "all", 0.0, "weak", expected=0.3, subject="health",
             note="0 of 3 members whose sector is known"),
        _row("one_funder", "all", 1.0, "none", expected=0.5, subject="table:funder",
             note="alone behind 1 of 1 here; of 0 % elsewhere"),
        _row("ageing_partners", "all", 0.5, "none", expected=0.5, note="1 of 2 partners"),
    ]  # fmt: skip
    return rows
