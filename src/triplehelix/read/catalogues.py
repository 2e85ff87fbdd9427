"""
Catalogues of texts in other languages, as gettext has them: one PO file each.

They stand in `locale/LANGUAGE.po`; `locale/triplehelix.pot` holds all texts to be translated.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from triplehelix.errors import InputError

FOLDER = Path(__file__).parent.parent / "locale"


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that have a catalogue; English needs none."""
    return tuple(sorted(file.stem for file in folder.glob("*.po")))


@lru_cache(maxsize=8)
def translations(language: str, folder: Path = FOLDER) -> Translations:
    """
    The texts of a language.

    Raises
    ------
    InputError
        If its file is missing or is no PO file.
    """
    file = folder / f"{language}.po"
    try:
        catalogue = read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as err:
        raise InputError(f"the catalogue {file} cannot be read ({err}); mend or remove it") from err
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return Translations(BytesIO(compiled.getvalue()))
