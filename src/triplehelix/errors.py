"""
Every error raised on purpose, as one tree.

    TripleHelixError       any error raised on purpose
        InputError         the caller's values are wrong
            UnknownName    no cluster, organisation, theme, place or table is so named
        SourceError        an open-data file or host misbehaved
        SolverError        no alliance could be computed: a solver died, or ran out of memory
        EditionError       an edition is missing, damaged, or could not be written
        RegistryError      the registry's database is missing, of another version, or damaged
        Forbidden          the asker sees it but may not change it
        Conflict           it was changed meanwhile, or promised to somebody else
        NotSignedIn        it could not be told who asks
        TooOften           it was tried too often in a row

Each message quotes the value, names the file, row or parameter, and ends with the remedy.
"""


class TripleHelixError(Exception):
    """Any error raised on purpose; its text is meant for the person who meets it."""


class InputError(TripleHelixError):
    """The caller's values are wrong: a parameter, a config or mapping file, an array."""


class UnknownName(InputError):
    """No cluster, organisation, theme, place or table is so named."""


class SourceError(TripleHelixError):
    """An open-data file or host misbehaved: missing, truncated, not the layout expected."""


class SolverError(TripleHelixError):
    """No alliance could be computed: a solver died, was stopped, or ran out of memory."""


class EditionError(TripleHelixError):
    """An edition is missing, damaged, or could not be written."""


class RegistryError(TripleHelixError):
    """The registry's database is missing, of another version, damaged, or cannot be reached."""


class Forbidden(TripleHelixError):
    """The asker sees it but may not change it; what they may not see is an UnknownName."""


class Conflict(TripleHelixError):
    """It was changed meanwhile by somebody else, or is promised to somebody else already."""


class NotSignedIn(TripleHelixError):
    """It could not be told who asks: a wrong password, a token that has ended, a bad answer."""


class TooOften(TripleHelixError):
    """It was tried too often in a row; `wait_s` is how many seconds to wait."""

    def __init__(self, message: str, wait_s: int = 60) -> None:
        super().__init__(message)
        self.wait_s = wait_s
