"""Plain mail, handed to the SMTP server that the operator names, or written into a folder."""

import re
import secrets
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from typing import Any

from triplehelix.errors import InputError, SourceError

SECURITIES = ("starttls", "tls", "none")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """
    Where mail is handed over, and in whose name.

    Parameters
    ----------
    host, port : of the SMTP server.
    sender : whom the mail comes from, as `registry@example.org` or `Name <registry@example.org>`.
    security : `starttls`, `tls` from the first byte (mostly port 465), or `none`.
    user, password : for servers that ask for them; None if they do not.
    ca_file : certificates to trust instead of the system's, for a server with one of its own.
    timeout_s : how long any one answer of the server is awaited, in seconds.
    folder : instead of a server: where each letter is written as a file, to try things out.

    Raises
    ------
    InputError
        If a value is wrong, or a password would be sent over the network unprotected.
    """

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None
    timeout_s: float = 15.0
    folder: str | None = None

    def __post_init__(self) -> None:
        if self.security not in SECURITIES:
            raise InputError(
                f"mail: security {self.security!r} is unknown; write {', '.join(SECURITIES)}"
            )
        if not self.host or not 0 < self.port < 65536 or self.timeout_s <= 0:
            raise InputError(
                f"mail: host {self.host!r}, port {self.port} and timeout_s {self.timeout_s:g} make "
                "no server; give its name, a port from 1 to 65535 and a time above 0"
            )
        if (self.user is None) != (self.password is None):
            raise InputError("mail: give both user and password, or neither")
        if self.password is not None and self.security == "none" and self.host not in _LOOPBACK:
            raise InputError(
                f"mail: the password would go to {self.host} for all to read; "
                "set security: starttls or tls"
            )
        sender = self.sender if _UNPRINTABLE.search(self.sender) else parseaddr(self.sender)[1]
        _checked_address(sender, "sender")

    def __repr__(self) -> str:
        # A password must not stand in a log or a traceback.
        return f"MailSettings({self.host}:{self.port}, {self.security}, {self.sender})"

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> "MailSettings":
        """
        Settings from the `mail` part of a configuration.

        `password_file` names a file whose first line is the password, so that it need not
        stand in the configuration.

        Raises
        ------
        InputError
            If a key is unknown or missing, or a value is wrong.

        Examples
        --------
        >>> MailSettings.read({"host": "smtp.example.org", "sender": "registry@example.org"})
        MailSettings(smtp.example.org:587, starttls, registry@example.org)
        """
        known = {field.name: field.type for field in fields(cls)}
        given = dict(config)
        file = given.pop("password_file", None)
        if file is not None:
            given["password"] = _first_line(Path(str(file)))
        for name in given:
            if name not in known:
                raise InputError(
                    f"mail: {name!r} is no setting; use {', '.join([*known, 'password_file'])}"
                )
        if "folder" in given:
            given.setdefault("host", "localhost")
        missing = [name for name in ("host", "sender") if name not in given]
        if missing:
            raise InputError(f"mail: {' and '.join(missing)} must be given")
        return cls(**{name: _of_type(name, given[name]) for name in given})


def send(settings: MailSettings, to: Sequence[str], subject: str, text: str) -> None:
    """
    Send a message to each of some addresses: one letter each, so that none sees the others.

    Parameters
    ----------
    to : addresses, `name@host` alone; an empty one sends nothing.
    subject : line breaks and control letters in it become blanks.
    text : the message, plain.

    Raises
    ------
    InputError
        If an address is none.
    SourceError
        If the server cannot be reached, is not who it says it is, or refuses a message. The
        others have been sent then, if it could be reached at all.
    """
    letters = [_letter(settings, _checked_address(one, "to"), subject, text) for one in to]
    if not letters:
        return
    if settings.folder is not None:
        _write(Path(settings.folder), letters)
        return
    refused: dict[str, Exception] = {}
    try:
        with _connected(settings) as server:
            for letter in letters:
                try:
                    server.send_message(letter)
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError,
                        smtplib.SMTPNotSupportedError) as err:  # fmt: skip
                    refused[str(letter["To"])] = err
    except (OSError, smtplib.SMTPException) as err:
        raise SourceError(
            f"mail could not be handed to {settings.host}:{settings.port} ({_said(err)}); check "
            "host, port, security and password, and that the server answers"
        ) from err
    if refused:
        first, why = next(iter(refused.items()))
        raise SourceError(
            f"{settings.host} refused {len(refused)} of {len(letters)} messages, first that to "
            f"{first} ({_said(why)}); check the address and whether the server lets "
            f"{settings.sender} send"
        ) from why


def _write(folder: Path, letters: Sequence[EmailMessage]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for letter in letters:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
            (folder / name).write_bytes(bytes(letter))
    except OSError as err:
        raise SourceError(
            f"mail could not be written into {folder} ({err}); check that it can be"
        ) from err


def _connected(settings: MailSettings) -> smtplib.SMTP:
    """A session with the server, signed in; it ends with a `with` block."""
    trusted = ssl.create_default_context(cafile=settings.ca_file)
    own, wait = _own_name(settings), settings.timeout_s
    server: smtplib.SMTP
    if settings.security == "tls":
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, local_hostname=own, timeout=wait, context=trusted
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, local_hostname=own, timeout=wait)
    try:
        if settings.security == "starttls":
            server.starttls(context=trusted)
        if settings.user is not None and settings.password is not None:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def _letter(settings: MailSettings, to: str, subject: str, text: str) -> EmailMessage:
    name, sender = parseaddr(settings.sender)
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(_one_line(name), addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = _one_line(subject)
    letter["Date"] = formatdate()
    letter["Message-ID"] = make_msgid(domain=_own_name(settings))
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    sound = text.encode("utf-8", "replace").decode()
    # Whatever the server can carry: not every one takes eight bits.
    letter.set_content(sound, cte="7bit" if _is_plain(sound) else "quoted-printable")
    return letter


def _own_name(settings: MailSettings) -> str:
    """What we call ourselves: to ask for our own can take as long as a name server likes."""
    domain = parseaddr(settings.sender)[1].rpartition("@")[2]
    return domain if domain.isascii() else "localhost"


def _is_plain(text: str) -> bool:
    return text.isascii() and all(len(line) < 900 for line in text.splitlines())


def _one_line(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()


def _checked_address(address: str, where: str) -> str:
    sound = bool(_ADDRESS.fullmatch(address)) and not _UNPRINTABLE.search(address)
    if sound:
        try:
            Address(addr_spec=address)
        except (HeaderParseError, ValueError, IndexError):
            sound = False
    if not sound:
        raise InputError(
            f"mail: {where} {address[:80]!r} is no address; write it as name@example.org"
        )
    return address


def _of_type(name: str, value: Any) -> Any:
    wanted = {"port": int, "timeout_s": float}.get(name, str)
    if value is None and name in ("user", "password", "ca_file", "folder"):
        return None
    try:
        return wanted(value)
    except (TypeError, ValueError) as err:
        raise InputError(f"mail: {name} {value!r} is no number; write one") from err


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").splitlines()[0].strip()
    except (OSError, IndexError, UnicodeDecodeError) as err:
        raise InputError(
            f"mail: password_file {path} could not be read ({err}); write the password on its "
            "first line"
        ) from err


def _said(err: Exception) -> str:
    """What the server or the system said, on one line."""
    return _one_line(str(err))[:300] or type(err).__name__
