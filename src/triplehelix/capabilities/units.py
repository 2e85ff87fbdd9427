"""Words that things are counted in and periods of rates: which are one, and how they convert."""

from functools import lru_cache

# A mean month is a twelfth of a mean year (Julian year, as astronomers and demographers count).
DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_IRREGULAR = {
    "people": "person", "persons": "person", "mice": "mouse", "analyses": "analysis",
    "diagnoses": "diagnosis", "assays": "assay", "square metres": "sq m", "square metre": "sq m",
    "square meters": "sq m", "m2": "sq m", "m²": "sq m", "sqm": "sq m",
    "liters": "litre", "liter": "litre", "milligrams": "mg", "milligram": "mg",
}  # fmt: skip
_NO_PLURAL = ("ss", "us", "is", "gas")


@lru_cache(maxsize=10_000)
def one_word(unit: str) -> str:
    """
    A unit's word in one writing: small letters, singular, hyphens as blanks.

    Examples
    --------
    >>> [one_word(unit) for unit in ("Tests", "GPU-hours", "batches", "studies", "people", "m2")]
    ['test', 'gpu hour', 'batch', 'study', 'person', 'sq m']
    """
    plain = " ".join(unit.casefold().replace("-", " ").split())
    return _IRREGULAR.get(plain) or _singular(plain)


def periods(given: str, wanted: str) -> float:
    """
    What a rate per `given` period is multiplied by to be per `wanted` one.

    Examples
    --------
    >>> periods("day", "week"), periods("year", "month")
    (7.0, 0.08333333333333333)
    """
    return DAYS[wanted] / DAYS[given]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "uses")):
        return word[:-2]
    if word.endswith("s") and len(word) > 2 and not word.endswith(_NO_PLURAL):
        return word[:-1]
    return word
