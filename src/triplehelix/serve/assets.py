"""The files a page loads: those of Vite's build, and our style sheet, by the hash of each."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE / "static"


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of the style sheets, the fonts to load early, and the script; None if not built."""

    styles: tuple[str, ...]
    fonts: tuple[str, ...]
    script: str | None
    base: str


def find_assets(static: Path = STATIC) -> Assets:
    """
    Find the built files. Pages work without them, in the reader's own fonts, without maps.

    Vite's manifest names each entry's file, which carries a hash of its content.
    """
    sheet = static / "css" / "atlas.css"
    ours = f"/static/css/atlas.css?v={_hash(sheet)}"
    manifest_file = static / "dist" / "manifest.json"
    if not manifest_file.is_file():
        return Assets((ours,), (), None, "/static/dist/")
    manifest = json.loads(manifest_file.read_text("utf-8"))
    entry = manifest["src/main.ts"]
    fonts = manifest.get("src/fonts.ts", {})
    early = [a for a in fonts.get("assets", ()) if "-latin-" in a and a.endswith(".woff2")
             and "-400-" in a or "serif-4-latin-600" in a and a.endswith(".woff2")]  # fmt: skip
    return Assets(
        styles=(*(f"/static/dist/{c}" for c in fonts.get("css", ())), ours),
        fonts=tuple(f"/static/dist/{a}" for a in sorted(early)),
        script=f"/static/dist/{entry['file']}",
        base="/static/dist/",
    )


def fingerprint(*parts: str) -> str:
    """A tag that changes with the templates, the assets, and whatever is given."""
    digest = hashlib.sha256("\0".join(parts).encode())
    for folder in ("templates", "static/css"):
        for file in sorted(each for each in (HERE / folder).rglob("*") if each.is_file()):
            digest.update(file.read_bytes())
    manifest = STATIC / "dist" / "manifest.json"
    if manifest.is_file():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()[:20]


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
