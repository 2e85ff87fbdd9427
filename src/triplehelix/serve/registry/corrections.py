"""Rows of a file, corrected on the page, as a file again."""

import csv
import io
import json

from starlette.datastructures import FormData

from triplehelix.serve.registry.typed import FieldFault, texts

MOST_CORRECTED = 40


def corrected(form: FormData) -> bytes:
    """
    The rows of a form of corrections; empty if there are none.

    A row of a table has its number under `row`, the names of its columns under `keys-NUMBER` and
    their cells under `cell-NUMBER`; one of JSON its text under `json-NUMBER`.

    Raises
    ------
    FieldFault
        If a row is no JSON any more.
    """
    numbers = [number for number in texts(form, "row") if number.isdecimal()]
    objects = [number for number in numbers if f"json-{number}" in form]
    if objects:
        return "\n".join(_line(form, number) for number in objects).encode()
    return _table([_cells(form, number) for number in numbers])


def _cells(form: FormData, number: str) -> dict[str, str]:
    keys, cells = form.getlist(f"keys-{number}"), form.getlist(f"cell-{number}")
    return {str(key): str(cell) for key, cell in zip(keys, cells, strict=False)}


def _table(rows: list[dict[str, str]]) -> bytes:
    if not rows:
        return b""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _line(form: FormData, number: str) -> str:
    try:
        return json.dumps(json.loads(str(form[f"json-{number}"])), ensure_ascii=False)
    except (ValueError, RecursionError) as err:
        raise FieldFault(
            f"json-{number}", f"row {number} is no JSON any more ({err}); mind quotes and commas"
        ) from err
