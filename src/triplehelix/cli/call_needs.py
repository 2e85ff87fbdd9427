"""`triplehelix call needs`: suggest needs from a text."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from triplehelix.ally.needs_in_text import SuggestedNeed
from triplehelix.ally.said import day_said
from triplehelix.app.calls.needs import need_object, needs_of_text
from triplehelix.read.text_files import read_text_file, read_text_stream


@click.command("needs")
@click.argument("textfile", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]),
    help='The day from which "within six weeks" counts; today if left out.',
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects.")
def needs_command(textfile: Path, as_of: datetime | None, as_json: bool) -> None:
    """
    Suggest needs from the text of TEXTFILE, or of standard input for -.

    Each suggestion has the words that led to it. A person decides.
    """
    text = _read(textfile)
    found = needs_of_text(text, as_of.date() if as_of else date.today())
    if as_json:
        click.echo(json.dumps([need_object(one) for one in found], ensure_ascii=False, indent=1))
    else:
        _print(found)


NEEDS = (needs_command,)


def _read(textfile: Path) -> str:
    if str(textfile) == "-":
        return read_text_stream(sys.stdin.buffer, "standard input")
    return read_text_file(textfile)


def _print(found: list[SuggestedNeed]) -> None:
    if not found:
        click.echo("No need was found; say what is needed in plain words, one thing a sentence.")
    for n, one in enumerate(found, 1):
        amount = "" if one.amount is None else f": {one.amount:,.10g} {one.unit}"
        days = (f", by {day_said(one.by)}" if one.by else "") + (
            f", until {day_said(one.until)}" if one.until else ""
        )
        may = "" if one.must else " (may)"
        click.echo(f"{n:>3}  {one.label}{amount}{days}{may}  [{one.capability}]")
        said = "; ".join(f'"{" ".join(each.text.split())}"' for each in one.because)
        click.echo(f"     because: {said}")
        if one.without_amount:
            click.echo(f"     {one.without_amount}; give one if you can.")
    if found:
        click.echo("These are suggestions: check each before you use it.")
