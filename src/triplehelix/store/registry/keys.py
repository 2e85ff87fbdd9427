"""
The key that signs the log's checkpoints: in a file beside the database, never in it.

Whoever can write to the database but not read this file cannot sign another history. The key is
one line of text, readable by its owner only.
"""

import os
import secrets
from pathlib import Path

from sqlalchemy.engine import URL

from triplehelix.errors import InputError, RegistryError
from triplehelix.registry.notes import SigningKey

_OTHERS = 0o077


def key_path(url: URL, chosen: Path | None = None) -> Path:
    """
    Where the key of a registry is: `FILE.key` beside an SQLite file, else where one says.

    Raises
    ------
    RegistryError
        If the registry is on a server and no path is given.
    """
    if chosen is not None:
        return chosen
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(f"{url.database}.key")
    raise RegistryError(
        "a registry on a server has no place beside it for the key of its log; say where it is "
        "with --key FILE"
    )


def new_key(path: Path, origin: str | None = None) -> SigningKey:
    """
    Make a key and keep it in a new file that only its owner reads.

    Parameters
    ----------
    origin : the log's name, best an address such as `registry.example.org/log`; without it a
        random one. A key that takes the place of a lost one needs the name the log has.

    Raises
    ------
    RegistryError
        If there is a file already, or none can be written.
    """
    key = SigningKey(origin or f"triplehelix-registry/{secrets.token_hex(8)}",
                     secrets.token_bytes(32))  # fmt: skip
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(opened, "w", encoding="utf-8") as file:
            file.write(key.text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as err:
        raise RegistryError(
            f"{path} exists already; a log's key is not overwritten: move the file away first if "
            "you mean to change the key"
        ) from err
    except OSError as err:
        raise RegistryError(
            f"the log's key could not be written to {path} ({err.strerror}); choose another place"
        ) from err
    return key


def read_key(path: Path) -> SigningKey:
    """
    The key that a file holds.

    Raises
    ------
    RegistryError
        If there is none, it is damaged, or others may read it.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise RegistryError(
            f"the log's key could not be read from {path} ({err}); bring it back from a copy, or "
            "make a new key with the log's name"
        ) from err
    if mode & _OTHERS:
        raise RegistryError(
            f"{path} can be read by others than its owner, who could sign another history; "
            f"run: chmod 600 {path}"
        )
    try:
        return SigningKey.read(text)
    except InputError as err:
        raise RegistryError(f"{path}: {err}") from err
