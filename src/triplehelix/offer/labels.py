"""The words that an output adds of itself, such as the head of the contents."""

from triplehelix.offer.wording import Wording


def labels(words: Wording) -> dict[str, str]:
    """By what an output calls them."""
    return {
        "contents": words("Contents"), "figures": words("Every figure and its evidence"),
        "figure": words("Figure"), "value": words("Value"), "interval": words("95 % interval"),
        "source": words("Source"), "period": words("Period"), "sample": words("Sample"),
        "doubt": words("How sure"), "evidence": words("Evidence"), "page": words("Page"),
        "direct": words("direct evidence"), "indirect": words("indirect evidence"),
        "none": words("no evidence"), "section": words("Section"), "unit": words("Unit"),
        "unknown": words("unknown"), "open": words("open"),
        "letters": words("The letters mean"),
        "code": words("A code that opens this in the atlas"),
    }  # fmt: skip
