"""The settings of a registry, read from a file; and the commands about users and tokens."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from triplehelix.app.registry.settings import RegistrySettings, read_registry_settings
from triplehelix.app.registry.sign_in import Browser, sign_in, viewer_of_token
from triplehelix.cli.registry_accounts import ACCOUNTS
from triplehelix.errors import InputError, NotSignedIn, TripleHelixError
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

HOW_TO = Path(__file__).parents[3] / "docs/how-to/sign-in-through-your-institution.md"
WHOLE = {
    "registry": "@address", "base_url": "https://registry.example.org/", "key_file": "key.pem", "capabilities": "ours.yaml",
    "seal_minutes": 30, "sessions": {"days": 3, "idle_hours": 8},
    "mail": {"host": "smtp.example.org", "sender": "registry@example.org"},
    "oidc": [{"name": "uni", "issuer": "https://id.example.org", "client_id": "registry",
              "client_secret_file": "secret", "algorithms": ["ES256"], "enabled": False}],
}  # fmt: skip


def written(folder: Path, content: object) -> Path:
    """A file of settings."""
    (folder / "secret").write_text("s3cret of the client\n")
    path = folder / "registry.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    read = read_registry_settings(written(tmp_path, WHOLE))
    assert (read.registry, read.base_url) == ("@address", "https://registry.example.org")
    assert (read.key_file, read.seal_minutes) == (tmp_path / "key.pem", 30)
    assert read.capabilities == tmp_path / "ours.yaml"
    assert (read.sessions.lifetime, read.sessions.idle) == (timedelta(days=3), timedelta(hours=8))
    assert read.mail is not None and read.mail.host == "smtp.example.org"
    (uni,) = read.oidc
    assert (uni.client_secret, uni.algorithms) == ("s3cret of the client", ("ES256",))
    assert read.secure and read.provider("uni") is None


def test_nothing_need_be_set(tmp_path: Path) -> None:
    assert read_registry_settings(written(tmp_path, "")) == RegistrySettings()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_ur": "x"}, "there is no key `base_ur`; did you mean `base_url`"),
        ({"base_url": "http://registry.example.org"}, "base_url 'http://registry.example.org' cannot"),
        ({"base_url": "https://registry.example.org/atlas"}, "without a path"),
        ({"seal_minutes": 0}, "seal_minutes is 0"), ({"seal_minutes": "x"}, "seal_minutes is 'x'"),
        ({"sessions": {"days": 91}}, "sessions: days 91"),
        ({"sessions": {"hours": 1}}, "no key `sessions.hours`"),
        ({"mail": {"host": "smtp.example.org"}}, "mail: sender must be given"),
        ({"mail": 3}, "mail holds 3"), ({"oidc": {"name": "x"}}, "oidc holds no list"),
        ({"oidc": [{"name": "uni"}]}, "oidc.0.issuer is missing"),
        ({"oidc": [{**WHOLE["oidc"][0], "algorithms": ["HS256"]}]}, "algorithm 'HS256' is refused"),  # type: ignore[index, dict-item]
        ({"oidc": [{**WHOLE["oidc"][0], "algorithms": "RS256"}]}, "oidc.0.algorithms holds no list"),  # type: ignore[index, dict-item]
        ({"oidc": [{**WHOLE["oidc"][0], "enabled": "yes"}]}, "oidc.0.enabled is 'yes'"),  # type: ignore[index, dict-item]
        ({"oidc": [{**WHOLE["oidc"][0], "client_secret_file": "none"}]}, "client_secret_file .* could not"),  # type: ignore[index, dict-item]
        ({"oidc": [WHOLE["oidc"][0]] * 2}, "uni stands there twice"),  # type: ignore[index]
    ],
)  # fmt: skip
def test_settings_that_are_wrong(tmp_path: Path, change: dict[str, object], words: str) -> None:
    path = written(tmp_path, WHOLE | change)
    with pytest.raises(InputError, match=words) as refused:
        read_registry_settings(path)
    assert str(refused.value).startswith(str(path))
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("content", ["a: [", "3", "- a"])
def test_what_is_no_settings_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="registry.yaml"):
        read_registry_settings(written(tmp_path, content))
    with pytest.raises(InputError, match="cannot be read"):
        read_registry_settings(tmp_path / "absent.yaml")


def test_the_worked_example_is_one(tmp_path: Path) -> None:
    example = HOW_TO.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    for name in ("uni-client-secret", "smtp-password"):
        (tmp_path / name).write_text("secret\n")
    read = read_registry_settings(written(tmp_path, example))
    assert read.oidc and read.mail is not None and read.secure


def run(*arguments: str, given: str = "") -> str:
    """What a command prints."""
    commands = {command.name: command for command in ACCOUNTS}
    done = CliRunner().invoke(commands[arguments[0]], list(arguments[1:]), input=given)
    if isinstance(done.exception, TripleHelixError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_commands_about_users_and_tokens(tmp_path: Path) -> None:
    address = str(tmp_path / "r.sqlite")
    registry = open_registry(address)
    create_registry(registry)
    at = ("--registry", address)
    password = "four grey herons waiting"
    typed = f"{password}\n{password}\n"
    said = run("user", "add", "Ada@example.org", "--name", "Ada", "--role", "administrator", *at,
               given=typed)  # fmt: skip
    ada = said.splitlines()[-1]
    assert password not in said
    here = Browser("192.0.2.1")
    assert sign_in(registry, "ada@example.org", password, here)
    assert run("user", "list", *at) == f"{ada}\tada@example.org\topen\tadministrator\tAda\n"
    with pytest.raises(InputError, match="at least 12"):
        run("user", "add", "bo@example.org", "--name", "Bo", *at, given="short\nshort\n")
    run("user", "add", "bo@example.org", "--name", "Bo", "--generate", *at)
    secret = run("token", "make", "bo@example.org", "--name", "t", "--days", "3", *at).strip()
    assert viewer_of_token(registry, secret).scopes == {"read"}
    token_id, scopes, _, name = run("token", "list", "bo@example.org", *at).strip().split("\t")
    assert (scopes, name) == ("read", "t")
    assert secret not in run("token", "list", "bo@example.org", *at)
    run("token", "revoke", "bo@example.org", token_id, *at)
    with pytest.raises(NotSignedIn):
        viewer_of_token(registry, secret)
    run("user", "role", "bo@example.org", "administrator", *at)
    run("user", "role", ada, "administrator", "--take", *at)
    run("user", "disable", ada, *at)
    with pytest.raises(NotSignedIn):
        sign_in(registry, "ada@example.org", password, here)
    run("user", "disable", ada, "--undo", *at)
    assert sign_in(registry, "ada@example.org", password, here)
    with pytest.raises(InputError, match="no user has the e-mail"):
        run("user", "disable", "eve@example.org", *at)
    registry.close()
