"""Office files whose bytes depend on their content alone."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def settled(content: bytes) -> bytes:
    """
    The same archive without the times and the machine that made it.

    Examples
    --------
    >>> def archive(year):
    ...     made = BytesIO()
    ...     with ZipFile(made, "w") as file:
    ...         file.writestr(ZipInfo("a.xml", (year, 1, 1, 0, 0, 0)), "<a/>")
    ...     return made.getvalue()
    >>> archive(2000) == archive(2020), settled(archive(2000)) == settled(archive(2020))
    (False, True)
    """
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            plain = ZipInfo(entry.filename, _EARLIEST)
            plain.compress_type, plain.create_system = ZIP_DEFLATED, _UNIX
            new.writestr(plain, old.read(entry))
    return made.getvalue()
