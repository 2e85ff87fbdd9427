"""
What a password must be: long, and not what everybody would guess first.

No letters, digits or signs are demanded: length is what counts (NIST SP 800-63B, 3.1.1.2).
"""

import re
import unicodedata

from triplehelix.errors import InputError

SHORTEST, LONGEST = 12, 1000
# What must be left of a password when all that is easily guessed is taken out of it.
_LEAST_LEFT, _LEAST_LETTERS = 6, 5
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwertzuiop", "azertyuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)  # fmt: skip
_COMMON = """
password passwort passphrase secret letmein welcome admin administrator login default changeme
iloveyou monkey dragon sunshine princess football baseball superman batman master shadow trustno
hello freedom whatever starwars summer winter spring autumn january february march april june july
august september october november december monday tuesday wednesday thursday friday saturday sunday
qwerty test demo guest user root triplehelix triple helix registry cluster laboratory science
""".split()
_LEET = str.maketrans("013457@$!", "oleastasi")
_LETTERS_OF_A_NAME = 3


def normal(password: str) -> str:
    """
    A password as it is hashed: one form for what looks alike (NFKC, NIST SP 800-63B, 3.1.1.2).

    Examples
    --------
    >>> normal("e\\u0301") == normal("\\u00e9")
    True
    """
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, *, email: str = "", name: str = "") -> None:
    """
    Go on only if a password can be taken.

    Parameters
    ----------
    email, name : of its owner; a password made of them is refused.

    Raises
    ------
    InputError
        If it is shorter than 12 characters, longer than 1000, or little but common words, runs of
        letters or digits, repetitions, and the owner's own name.

    Examples
    --------
    >>> require_good("four grey herons waiting")
    >>> require_good("password1234")
    Traceback (most recent call last):
    ...
    triplehelix.errors.InputError: this password is among the first that others would try; ...
    """
    length = len(normal(password))
    if length < SHORTEST:
        raise InputError(
            f"the password has {length} characters; give at least {SHORTEST}, such as four words"
        )
    if length > LONGEST:
        raise InputError(f"the password has {length} characters; give at most {LONGEST}")
    left = _without_what_is_guessed(password, [*_COMMON, *_own_words(email, name)])
    if len(left) < _LEAST_LEFT or len(set(left)) < _LEAST_LETTERS:
        raise InputError(
            "this password is among the first that others would try; take words that have "
            "nothing to do with you, with one another, or with the keys' order"
        )


def _own_words(email: str, name: str) -> list[str]:
    parts = re.split(r"[\W_]+", f"{email} {name}".lower())
    return [part for part in parts if len(part) >= _LETTERS_OF_A_NAME]


def _without_what_is_guessed(password: str, words: list[str]) -> str:
    """What is left of it; of the readings with and without signs for letters the shorter."""
    folded = re.sub(r"[\W_]+", "", normal(password).lower())
    as_letters = re.sub(r"[\W_]+", "", normal(password).lower().translate(_LEET))
    return min((_left(each, words) for each in (folded, as_letters)), key=len)


def _left(text: str, words: list[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return _without_repetitions(_without_runs(text))


def _without_runs(text: str) -> str:
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        for length in range(len(run), 3, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], "")
    return text


def _without_repetitions(text: str) -> str:
    return re.sub(r"(.{1,12}?)\1+", r"\1", text)
