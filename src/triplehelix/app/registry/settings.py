"""What whoever runs a registry decides, read from one YAML file."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from triplehelix.errors import InputError
from triplehelix.registry.accounts import SessionRules
from triplehelix.registry.enquiries import EnquiryRules
from triplehelix.registry.id_tokens import OidcProvider
from triplehelix.store.mail import MailSettings

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySettings:
    """
    How a registry is run.

    Parameters
    ----------
    registry : its database, as `store.registry.opening.open_registry` takes it.
    base_url : where people reach it, `https://HOST`; http on this machine alone. Letters and
        identity providers send people there.
    key_file : the key that signs checkpoints of the log.
    capabilities : a file of capabilities that extends the list that ships.
    seal_minutes : how often the log's entries are sealed, from 1 to 10,080.
    sessions : how long somebody stays signed in.
    mail : where letters are handed over; None, and administrators are shown links to pass on.
    oidc : identity providers through which people sign in.
    enquiries : how long enquiries are kept, and how often they are called to mind.

    Raises
    ------
    InputError
        If a value is wrong.
    """

    registry: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    key_file: Path | None = None
    capabilities: Path | None = None
    seal_minutes: int = 60
    sessions: SessionRules = SessionRules()
    mail: MailSettings | None = None
    oidc: tuple[OidcProvider, ...] = ()
    enquiries: EnquiryRules = EnquiryRules()

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        near = parts.scheme == "http" and parts.hostname in _LOOPBACK
        bare = not (parts.path or parts.query or parts.fragment or parts.username)
        if not (parts.hostname and bare and (parts.scheme == "https" or near)):
            raise InputError(
                f"base_url {self.base_url!r} cannot be used; write https://HOST without a path "
                "(http:// only for 127.0.0.1), as people reach the registry"
            )
        if not 1 <= self.seal_minutes <= 10_080:
            raise InputError(f"seal_minutes is {self.seal_minutes}; give 1 to 10080")
        names = [one.name for one in self.oidc]
        twice = sorted({name for name in names if names.count(name) > 1})
        issuers = [one.issuer for one in self.oidc]
        if twice or len(set(issuers)) < len(issuers):
            raise InputError(
                f"oidc: {', '.join(twice) or 'an issuer'} stands there twice; give each provider "
                "once, under a name of its own"
            )

    @property
    def secure(self) -> bool:
        """Whether people reach it through TLS."""
        return self.base_url.startswith("https://")

    def provider(self, name: str) -> OidcProvider | None:
        """The enabled provider of a name."""
        return next((one for one in self.oidc if one.name == name and one.enabled), None)


def read_registry_settings(path: Path) -> RegistrySettings:
    """
    Read the settings of a registry; files that it names are sought beside it.

    Raises
    ------
    InputError
        If the file is missing or not YAML, has a key that is none, or a value that is wrong: the
        message names the file and the key.
    """
    try:
        written = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"the settings {path} cannot be read ({err}); check the path") from err
    except yaml.YAMLError as err:
        said = " ".join(str(err).split())
        raise InputError(f"{path} is not valid YAML: {said}; mend that line") from err
    try:
        return _settings(_mapping({} if written is None else written, ""), path.parent)
    except InputError as err:
        raise InputError(f"{path}: {err}") from err


def _settings(written: Mapping[str, Any], beside: Path) -> RegistrySettings:
    known = {field.name for field in fields(RegistrySettings)}
    _require_known(written, known, "")
    given = {key: value for key, value in written.items() if value is not None}
    chosen: dict[str, Any] = {}
    for key in ("registry", "base_url"):
        if key in given:
            chosen[key] = _text(given[key], key)
    if "base_url" in chosen:
        chosen["base_url"] = chosen["base_url"].rstrip("/")
    for key in ("key_file", "capabilities"):
        if key in given:
            chosen[key] = beside / _text(given[key], key)
    if "seal_minutes" in given:
        chosen["seal_minutes"] = _number(given["seal_minutes"], "seal_minutes")
    if "sessions" in given:
        chosen["sessions"] = _sessions(_mapping(given["sessions"], "sessions"))
    if "mail" in given:
        chosen["mail"] = MailSettings.read(_beside(_mapping(given["mail"], "mail"), beside))
    if "oidc" in given:
        chosen["oidc"] = _providers(given["oidc"], beside)
    if "enquiries" in given:
        chosen["enquiries"] = _enquiries(_mapping(given["enquiries"], "enquiries"))
    return RegistrySettings(**chosen)


def _sessions(written: Mapping[str, Any]) -> SessionRules:
    _require_known(written, {"days", "idle_hours"}, "sessions.")
    days = _number(written.get("days", 7), "sessions.days")
    hours = _number(written.get("idle_hours", 24), "sessions.idle_hours")
    if not (1 <= days <= 90 and 1 <= hours <= 24 * days):
        raise InputError(
            f"sessions: days {days} and idle_hours {hours} do not go; give 1 to 90 days, and from "
            "1 hour to as long"
        )
    return SessionRules(timedelta(days=days), timedelta(hours=hours))


def _enquiries(written: Mapping[str, Any]) -> EnquiryRules:
    _require_known(written, {field.name for field in fields(EnquiryRules)}, "enquiries.")
    return EnquiryRules(**{key: _number(value, f"enquiries.{key}") for key, value in written.items()
                           if value is not None})  # fmt: skip


def _providers(written: object, beside: Path) -> tuple[OidcProvider, ...]:
    if not isinstance(written, list):
        raise InputError("oidc holds no list; write each provider after a hyphen")
    return tuple(_provider(each, f"oidc.{n}", beside) for n, each in enumerate(written))


def _provider(written: object, where: str, beside: Path) -> OidcProvider:
    given = dict(_mapping(written, where))
    known = {field.name for field in fields(OidcProvider)}
    _require_known(given, known | {"client_secret_file"}, f"{where}.")
    file = given.pop("client_secret_file", None)
    if file is not None:
        given["client_secret"] = _first_line(beside / _text(file, f"{where}.client_secret_file"))
    for key in ("name", "issuer", "client_id"):
        if key not in given:
            raise InputError(f"{where}.{key} is missing; add it")
    for key, value in given.items():
        given[key] = _of_kind(key, value, f"{where}.{key}")
    return OidcProvider(**given)


def _of_kind(key: str, value: object, where: str) -> object:
    if key in ("algorithms", "scopes", "email_domains"):
        if not isinstance(value, list):
            raise InputError(f"{where} holds no list; write [one, another]")
        return tuple(_text(each, where) for each in value)
    if key in ("enabled", "newcomers"):
        if not isinstance(value, bool):
            raise InputError(f"{where} is {value!r}; write true or false")
        return value
    return _text(value, where)


def _mapping(written: object, where: str) -> Mapping[str, Any]:
    if not isinstance(written, dict):
        raise InputError(f"{where or 'it'} holds {written!r}; write keys and values")
    return {str(key): value for key, value in written.items()}


def _require_known(written: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in written:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = (
                f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(sorted(known))}"
            )
            raise InputError(f"there is no key `{where}{key}`; {hint}")


def _beside(written: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Files of the mail part are sought beside the settings too."""
    files = ("password_file", "ca_file", "folder")
    return {key: str(folder / str(value)) if key in files and value else value
            for key, value in written.items()}  # fmt: skip


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where} is {value!r}; write some text there")
    return value.strip()


def _number(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{where} is {value!r}; write a whole number")
    return value


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").splitlines()[0].strip()
    except (OSError, IndexError, UnicodeDecodeError) as err:
        raise InputError(
            f"client_secret_file {path} could not be read ({err}); write the secret on its first "
            "line"
        ) from err
