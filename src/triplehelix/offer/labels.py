"""The words and patterns that outputs add of themselves, such as the head of the contents."""

from triplehelix.offer.wording import Wording


def labels(words: Wording) -> dict[str, str]:
    """The words and patterns that outputs add of themselves, as `Document.labels` has them."""
    return {
        "contents": words("Contents"), "figures": words("Every figure and its evidence"),
        "figure": words("Figure"), "value": words("Value"), "interval": words("95 % interval"),
        "source": words("Source"), "period": words("Period"), "sample": words("Sample"),
        "doubt": words("How sure"), "evidence": words("Evidence"), "page": words("Page"),
        "direct": words("direct evidence"), "indirect": words("indirect evidence"),
        "none": words("no evidence"), "section": words("Section"), "unit": words("Unit"),
        "unknown": words("unknown"), "open": words("open"),
        "every": words(
            "Figure: value (95 % interval). Source; period; sample; how sure. The letters mean:"
        ),
        "years": words("{first}–{last}"), "year": words("{year}"), "counted": words("{n} {of}"),
        "told": words("{says}: {value}"),
        "listed": words("{says}: {value}. {source}; {period}; {sample}; {doubt}"),
        "grounds": words("Source: {source}. Period: {period}. Sample: {sample}. "
                         "How sure: {doubt}."),
        "hint": words("{says}. {grounds}"),
        "between": words("{value} ({interval})"), "comma": words.joined(("", "")),
        "apart": words("; "), "water": words("Water"), "land": words("Land"),
        "code": words("A code that opens this in the atlas"),
    }  # fmt: skip
