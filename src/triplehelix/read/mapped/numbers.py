"""Numbers and amounts of money, as tables write them."""

import re
from decimal import ROUND_HALF_UP, Decimal

from triplehelix.read.mapped.rules import Rules, Texts, UnfitError
from triplehelix.read.mapping import Cell

_SYMBOLS = {"£": "GBP", "€": "EUR"}


_PLAIN = re.compile(r"-?\d+(\.\d{1,2}|\.\d{4,})?")


_MONEY = re.compile(r"(?P<before>[^\d\s.,()-]{1,3})?\s*(?P<number>\(?-?\s*[\d.,'’\s]*\d\)?)"
                    r"\s*(?P<after>[^\d\s.,()-]{1,3})?")  # fmt: skip


_BLANK = r"[\s'’]"


_THOUSANDS = r"\d{1,3}(?:%s\d{3})+"


def amount_of(texts: Texts, rules: Rules) -> tuple[Decimal | None, str]:
    text = texts.get("amount", "").replace("−", "-")
    currency = texts.get("currency", "").upper()
    if currency in _SYMBOLS:
        currency = _SYMBOLS[currency]
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise UnfitError(
            f"currency {currency!r} is not like GBP or EUR; add it to the `map` of "
            "currency in the mapping"
        )
    if not text:
        return None, ""
    if _PLAIN.fullmatch(text):
        number, sign = text, ""
    else:
        number, sign = _without_sign(text)
    amount = number_of("amount", number, rules)
    if amount < 0:
        raise UnfitError(f"amount {text!r} is negative; correct it, or empty the cell if unknown")
    if amount >= 10**16:
        raise UnfitError(f"amount {text!r} is too large to be money; correct it")
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP), currency or sign


def _without_sign(text: str) -> tuple[str, str]:
    """An amount's number, and its currency where the sign or code beside it tells."""
    found = _MONEY.fullmatch(text)
    if not found:
        return text, ""
    sign = (found["before"] or found["after"] or "").upper()
    number = found["number"].strip()
    if number.startswith("("):
        number = "-" + number.strip("()")
    return number, _SYMBOLS.get(sign, sign if re.fullmatch("[A-Z]{3}", sign) else "")


def number_of(field: str, text: str, rules: Rules) -> Decimal:
    plain = text if _PLAIN.fullmatch(text) else _with_point(text, rules.decimal)
    if plain is None:
        raise UnfitError(
            f"{field} {text!r} is no number; correct it, or list the text under "
            "`unknown` in the mapping"
        )
    cell = rules.cells.get(field)
    times = cell.times if isinstance(cell, Cell) else None
    return Decimal(plain) * times if times else Decimal(plain)


def _with_point(text: str, decimal: str) -> str | None:
    """
    A number as people write it, in the form computers read; None if it is none.

    Of `1,234` and `1.234`, which could be either, `decimal` decides; everything else is plain.

    Examples
    --------
    >>> [_with_point(text, ".") for text in ("1,234", "1.234,5", "12,5", "1 234 567", "1.2.3")]
    ['1234', '1234.5', '12.5', '1234567', None]
    >>> _with_point("1,234", ","), _with_point("1.234", ",")
    ('1.234', '1234')
    """
    if re.fullmatch(r"-?\d+(\.\d+)?[eE][+-]?\d{1,2}", text):
        return text
    sign, body = ("-", text[1:].strip()) if text.startswith("-") else ("", text)
    if re.fullmatch(rf"{_THOUSANDS % _BLANK}([.,]\d+)?", body):
        return sign + re.sub(_BLANK, "", body).replace(",", ".")
    for point, group in ((".", ","), (",", ".")):
        if re.fullmatch(rf"{_THOUSANDS % re.escape(group)}{re.escape(point)}\d+", body):
            return sign + body.replace(group, "").replace(point, ".")
        if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}}){{2,}}", body):
            return sign + body.replace(group, "")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        return sign + (body.replace(",", ".") if body[-4] == decimal else body[:-4] + body[-3:])
    return sign + body.replace(",", ".") if re.fullmatch(r"\d*[.,]?\d+", body) else None
