"""
Every error raised on purpose, as one tree.

    TripleHelixError       any error raised on purpose
        InputError         the caller's values are wrong
            UnknownName    no cluster, organisation, theme, place or table is so named
        SourceError        an open-data file or host misbehaved
        EditionError       an edition is missing, damaged, or could not be written

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


class EditionError(TripleHelixError):
    """An edition is missing, damaged, or could not be written."""
