"""What a re-ranker of search is: something that tells how well texts answer a question."""

from collections.abc import Sequence
from typing import Protocol

# Only so many of the best are read again.
READ_AGAIN = 50


class Reranker(Protocol):
    """
    Tells how well each text answers a question; for example a model of embedded sentences.

    It gets nothing but what the asker sees of each hit, and must not learn from it.
    """

    def __call__(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One finite number for each text; more is better."""
        ...


def reranked(reranker: Reranker, question: str, texts: Sequence[str]) -> list[int]:
    """
    The places of the texts, the best first; equals stay as they stood.

    Raises
    ------
    ValueError
        If the re-ranker gives not one number for each.

    Examples
    --------
    >>> reranked(lambda question, texts: [len(text) for text in texts], "", ["a", "ccc", "bb"])
    [1, 2, 0]
    """
    given = list(reranker(question, texts)) if texts else []
    if len(given) != len(texts):
        raise ValueError(f"{len(given)} numbers for {len(texts)} texts; one is needed for each")
    return sorted(range(len(texts)), key=lambda n: -given[n])
