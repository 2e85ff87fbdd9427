"""QR codes: from paper back to the page that holds the evidence."""

from urllib.parse import urlsplit

Modules = tuple[tuple[bool, ...], ...]
_NOWHERE = ("localhost", "127.0.0.1", "::1")
# Light around a code, in modules, so that it is found (ISO/IEC 18004).
QUIET = 4


def leads_somewhere(base: str) -> bool:
    """
    Whether a reader of paper could reach the atlas at this address.

    Examples
    --------
    >>> leads_somewhere("https://atlas.example"), leads_somewhere("http://localhost:8000")
    (True, False)
    """
    host = urlsplit(base).hostname or ""
    return bool(host) and host not in _NOWHERE


def modules(address: str) -> Modules:
    """The dark (true) and light modules of the code of an address, row by row, without margin."""
    import segno

    code = segno.make_qr(address, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def code_svg(address: str) -> str:
    """The code as SVG: one path, a row of dark modules each a rectangle."""
    rows = modules(address)
    side = len(rows) + 2 * QUIET
    drawn = "".join(
        f"M{left + QUIET} {top + QUIET}h{wide}v1h-{wide}z" for left, top, wide in runs(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/>'
        f'<path d="{drawn}" fill="#000000"/></svg>'
    )


def runs(rows: Modules) -> list[tuple[int, int, int]]:
    """Runs of dark modules as (left, top, width)."""
    found = []
    for top, row in enumerate(rows):
        left = 0
        while left < len(row):
            wide = 0
            while left + wide < len(row) and row[left + wide]:
                wide += 1
            if wide:
                found.append((left, top, wide))
            left += wide or 1
    return found
