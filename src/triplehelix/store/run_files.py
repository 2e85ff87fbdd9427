"""Notes on work under way, in a folder that every process of a server reads."""

import fcntl
import json
import os
import re
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from triplehelix.errors import RegistryError

_NAME = re.compile(r"[\w-]{20,40}")


def shared_folder(key: str) -> Path:
    """
    The folder of notes that belongs to a key, such as a registry's address; this user's alone.

    Raises
    ------
    RegistryError
        If it is somebody else's: whoever made it could read or forge what is in it.
    """
    name = f"triplehelix-{os.getuid()}-{sha256(key.encode()).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise RegistryError(
            f"{folder} can be written by others; remove it, or set TMPDIR to a folder of your own"
        )
    return folder


class RunFiles:
    """
    A note for each piece of work: its state, who works at it, whether it is asked to stop.

    Whoever works at one holds its lock, which ends with their process however that ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, said: Mapping[str, Any]) -> None:
        """Let this be the note; a reader finds the old one or the new one, whole."""
        path = self._path(name, "json")
        handle, made = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(said, file)
        Path(made).replace(path)

    def read(self, name: str) -> dict[str, Any] | None:
        """The note; None where there is none."""
        if not _NAME.fullmatch(name):
            return None
        try:
            said: dict[str, Any] = json.loads(self._path(name, "json").read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return said

    def hold(self, name: str) -> IO[bytes]:
        """Work at it, until this is closed or the process ends."""
        file = self._path(name, "lock").open("wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def is_held(self, name: str) -> bool:
        """Whether somebody works at it."""
        try:
            with self._path(name, "lock").open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def ask_to_stop(self, name: str) -> None:
        """Whoever works at it finds this."""
        self._path(name, "stop").touch()

    def is_to_stop(self, name: str) -> bool:
        """Whether it was asked to stop."""
        return self._path(name, "stop").exists()

    def names(self) -> list[str]:
        """All that there are notes on."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def remove(self, name: str) -> None:
        """Take the note away."""
        for ending in ("json", "stop", "lock"):
            self._path(name, ending).unlink(missing_ok=True)

    def _path(self, name: str, ending: str) -> Path:
        return self._folder / f"{name}.{ending}"
