"""
Signed checkpoints of the public log, as C2SP writes them (c2sp.org/signed-note, tlog-checkpoint).

A checkpoint says how many leaves the log had and what their root was: three lines, a blank one,
and the signature of the log's key, which bears the log's own name (its *origin*). Keys are
written as the Go tools of transparency logs write them, `NAME+ID+BASE64`, a private one with
`PRIVATE+KEY+` before.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from triplehelix.errors import InputError
from triplehelix.registry.merkle import HASH_BYTES

_ED25519 = b"\x01"
_ID_BYTES = 4
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_SIGNATURE = re.compile("— ([^ ]+) ([A-Za-z0-9+/=]+)")
_NO_CHECKPOINT = (
    "this is no checkpoint; it has three lines (origin, size, root), a blank one and a signature, "
    "as /log/checkpoint gives it"
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a log's signatures are checked with."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature tells its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """As it is published: `NAME+ID+BASE64`."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.key)}"

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """
        A key from its text.

        Raises
        ------
        InputError
            If the text is none.

        Examples
        --------
        >>> written = PublicKey("example.org/log", bytes(32)).text
        >>> PublicKey.read(written).text == written
        True
        """
        name, _, rest = text.strip().partition("+")
        id_, _, encoded = rest.partition("+")
        key = _decoded(encoded)
        found = cls(name, key[1:])
        if key[:1] != _ED25519 or len(found.key) != HASH_BYTES or found.id.hex() != id_:
            raise InputError(
                f"{text[:60]!r} is no public key of a log; give it as /log/key does: NAME+ID+BASE64"
            )
        return found


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What a log signs with; its name is the log's origin."""

    name: str
    seed: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.seed) != HASH_BYTES:
            raise InputError(
                f"{self.name!r} cannot name a log; give a name without blanks and +, such as "
                "registry.example.org/log"
            )

    def __repr__(self) -> str:
        # The seed must not stand in a log or a traceback.
        return f"SigningKey({self.name})"

    @property
    def public(self) -> PublicKey:
        """The key that others check with."""
        return PublicKey(self.name, self._key.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """As it stands in a key file, secret."""
        id_ = self.public.id.hex()
        return f"{_PRIVATE}{self.name}+{id_}+{_base64(_ED25519 + self.seed)}"

    @classmethod
    def read(cls, text: str) -> "SigningKey":
        """
        A key from the text of a key file.

        Raises
        ------
        InputError
            If the text is none; the text is not repeated.
        """
        name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
        id_, _, encoded = rest.partition("+")
        seed = _decoded(encoded)
        if text.startswith(_PRIVATE) and seed[:1] == _ED25519 and len(seed) == 1 + HASH_BYTES:
            found = cls(name, seed[1:])
            if found.public.id.hex() == id_:
                return found
        raise InputError(
            "this is no signing key of a log, or it is damaged; take a copy of the key file, or "
            "make a new key with the log's name"
        )

    def sign(self, checkpoint: "Checkpoint") -> str:
        """The checkpoint as a signed note."""
        signature = self.public.id + self._key.sign(checkpoint.text.encode())
        return f"{checkpoint.text}\n— {self.name} {_base64(signature)}\n"

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    How many leaves a log had, and the root of their tree.

    Examples
    --------
    >>> print(Checkpoint("example.org/log", 2, bytes(32)).text, end="")
    example.org/log
    2
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def read(cls, note: str) -> "Checkpoint":
        """
        The checkpoint that a note tells of, whoever signed it: see `signers`.

        Raises
        ------
        InputError
            If the note is none.
        """
        text, signed = _parts(note)
        lines = text.split("\n")
        if not signed or len(lines) < 4 or "" in lines[:-1]:
            raise InputError(_NO_CHECKPOINT)
        root = _decoded(lines[2])
        size = lines[1]
        sound = size.isascii() and size.isdecimal() and (size == "0" or size[0] != "0")
        if not sound or len(size) > 18 or len(root) != HASH_BYTES:
            raise InputError(_NO_CHECKPOINT)
        return cls(lines[0], int(size), root)


def signers(note: str, keys: list[PublicKey]) -> list[PublicKey]:
    """
    Those of some keys that have signed a note.

    Signatures of other keys, such as witnesses', say nothing here.

    Raises
    ------
    InputError
        If a signature bears the name and id of one of the keys and is not its signature.
    """
    text, signed = _parts(note)
    found = []
    for name, signature in signed:
        for key in keys:
            if (name, signature[:_ID_BYTES]) != (key.name, key.id):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key.key).verify(
                    signature[_ID_BYTES:], text.encode()
                )
            except InvalidSignature as err:
                raise InputError(
                    f"the signature of {name} is not of this text: the checkpoint was changed "
                    "after it was signed"
                ) from err
            found.append(key)
    return found


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its signatures; the last empty line stands between them."""
    # Mail and editors put carriage returns at the ends of lines; no note has any.
    text, _, below = note.replace("\r\n", "\n").rpartition("\n\n")
    lines = below.removesuffix("\n").split("\n")
    matched = [_SIGNATURE.fullmatch(line) for line in lines]
    signed = [(each[1], _decoded(each[2])) for each in matched if each]
    if len(signed) != len(lines) or any(len(each) <= _ID_BYTES for _, each in signed):
        return "", []
    return text + "\n", signed


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    """Bytes from base64, none where it is not written as this writes it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if _base64(raw) == text else b""
