"""A document as PDF: A4, tagged for screen readers, the same bytes for the same document."""

import hashlib
from collections.abc import Mapping
from typing import Any

from triplehelix.draw.html import paper
from triplehelix.draw.maps import Rings
from triplehelix.errors import TripleHelixError
from triplehelix.offer.document import Document


def pdf_bytes(
    document: Document, base: str, land: Rings = (), fonts: Mapping[str, bytes] | None = None
) -> bytes:
    """
    The document as PDF/UA-1: cover, contents, page numbers, vector maps and charts, links.

    Parameters
    ----------
    As `html.paper`.

    Raises
    ------
    TripleHelixError
        If WeasyPrint's libraries (Pango) are not installed on this machine, or no font has the
        letters of the document's language.
    """
    html = paper(document, base, land, fonts)
    # No clock and no chance: the file's own id is told by its content.
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    weasyprint = _weasyprint()
    # All that it needs stands in the text: nothing is fetched from anywhere.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    made = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return bytes(made.write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=identifier,
        finisher=lambda drawn, _: _require_letters(drawn.fonts, document),
    ))  # fmt: skip


def _require_letters(fonts: Mapping[Any, Any], document: Document) -> None:
    """No boxes in place of the language's own letters; a name in a rare script may have some."""
    missing = {chr(code) for font in fonts.values() for code in font.missing}
    own = [*document.labels.values(), *(section.title for section in document.sections)]
    wanted = sorted(missing.intersection("".join(own)))
    if wanted:
        raise TripleHelixError(
            f"PDF cannot be made in {document.language!r}: no font here has "
            f"{' '.join(wanted[:8])}; build the fonts that come with the pages (`npm ci && npm run "
            "build` in web/), or install one of this script, as in `apt-get install fonts-noto-cjk`"
        )


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as err:
        raise TripleHelixError(
            f"PDF cannot be made: Pango is missing ({err}); install it, as in "
            "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`"
        ) from err
    return weasyprint
