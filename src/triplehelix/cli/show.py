"""Answers as lines for people, or as JSON for programs."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any

import click


def as_json(answer: Any) -> None:
    """Print an answer as JSON; dates as ISO 8601, unknown as null."""
    click.echo(json.dumps(_plain(answer), ensure_ascii=False, indent=2, default=str))


def _plain(answer: Any) -> Any:
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return dataclasses.asdict(answer)
    if hasattr(answer, "_asdict"):
        return {name: _plain(value) for name, value in answer._asdict().items()}
    if isinstance(answer, list | tuple):
        return [_plain(one) for one in answer]
    return answer


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their heads; numbers stand right, unknown is a dash."""
    cells = [[_text(cell) for cell in row] for row in rows]
    numeric = [all(_is_number(row[i]) for row in cells) and bool(cells) for i in range(len(heads))]
    widths = [max(len(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]
    for row in [list(heads), ["-" * width for width in widths], *cells]:
        parts = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        click.echo("  ".join(parts).rstrip())


def _text(cell: Any) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return str(cell)


def _is_number(text: str) -> bool:
    return text == "–" or text.replace(",", "").replace(".", "").lstrip("-").isdigit()


def interval(
    value: float | None, low: float | None, high: float | None, *, whole: bool = False
) -> str:
    """A value with its 95 % interval; of whole numbers without decimals."""
    if value is None:
        return "–"
    form = ",.0f" if whole else ".2f"
    doubt = f" ({low:{form}}–{high:{form}})" if low is not None and high is not None else ""
    return f"{value:{form}}{doubt}"


def from_to(low: float | None, high: float | None) -> str | None:
    """A range of whole numbers: "3–5", or "3" where both ends are one; None where unknown."""
    if low is None or high is None:
        return None
    return f"{low:.0f}" if round(low) == round(high) else f"{low:.0f}–{high:.0f}"


def percent(share: float | None) -> float | None:
    """A share of 0 to 1 in percent."""
    return None if share is None else 100 * share
