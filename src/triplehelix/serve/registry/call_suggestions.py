"""Needs suggested from what somebody wrote, as rows of the form of a call."""

from datetime import date

from triplehelix.app.calls.needs import needs_of_text
from triplehelix.capabilities.listed import Capabilities
from triplehelix.serve.registry.call_forms import Row, row_of_need

# Those that are told this clearly are ticked at first.
CLEAR = 1.0


def suggested_rows(text: str, as_of: date, capabilities: Capabilities) -> list[Row]:
    """A row for each need that a text seems to tell of, with the words that led to it."""
    found = needs_of_text(text, as_of, capabilities)
    return [
        row_of_need({
            "capability": one.capability, "amount": one.amount, "unit": one.unit,
            "by": one.by.isoformat() if one.by else None,
            "until": one.until.isoformat() if one.until else None, "must": one.must,
        })
        | {"suggested": "yes", "take": "yes" if one.strength >= CLEAR else "",
           "because": "”, “".join(each.text for each in one.because),
           "not_counted": one.without_amount or ""}
        for one in found
    ]  # fmt: skip
