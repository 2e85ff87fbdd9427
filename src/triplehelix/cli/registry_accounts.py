"""Users and tokens from the command line, which acts as administrator."""

import secrets

import click

from triplehelix.app.registry import own_account, people
from triplehelix.cli.registry_address import REGISTRY, opened
from triplehelix.errors import InputError
from triplehelix.registry.accounts import User
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.registry.opening import Registry

_WORD_BYTES = 18


@click.group("user")
def user_group() -> None:
    """Add people, list them, shut accounts, give and take roles."""


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--role", "roles", multiple=True, metavar="ROLE",
              help="administrator, steward:ID, reader:ID or member:ID; repeatable.")  # fmt: skip
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@REGISTRY
def add(email: str, name: str, roles: tuple[str, ...], generate: bool, address: str) -> None:
    """
    Make an account for EMAIL.

    The password is asked for, or made with --generate; it is never an argument, which everybody
    on the machine could read.
    """
    given = tuple(Role.read(role) for role in roles)
    password = secrets.token_urlsafe(_WORD_BYTES) if generate else _asked_for()
    with opened(address) as registry:
        user_id = people.add_user(
            registry, COMMAND_LINE, email=email, name=name, password=password, roles=given
        )
        click.echo(user_id)
        if generate:
            click.echo(f"The password, shown only now: {password}", err=True)


@user_group.command("list")
@REGISTRY
def list_users(address: str) -> None:
    """Print id, e-mail, state, roles and name of every user, with tabs between."""
    with opened(address) as registry:
        for user in people.users(registry, COMMAND_LINE):
            click.echo(_line(user))


@user_group.command("disable")
@click.argument("who")
@click.option("--undo", is_flag=True, help="Open the account again.")
@REGISTRY
def disable(who: str, undo: bool, address: str) -> None:
    """Shut the account of WHO (an e-mail address or an id): sessions and tokens end at once."""
    with opened(address) as registry:
        act = people.enable if undo else people.disable
        act(registry, COMMAND_LINE, _user_id(registry, who))


@user_group.command("role")
@click.argument("who")
@click.argument("role")
@click.option("--take", is_flag=True, help="Take the role away.")
@REGISTRY
def change_role(who: str, role: str, take: bool, address: str) -> None:
    """Give WHO a ROLE: administrator, steward:ID, reader:ID or member:ID."""
    with opened(address) as registry:
        act = people.take_role if take else people.give_role
        act(registry, COMMAND_LINE, _user_id(registry, who), Role.read(role))


@click.group("token")
def token_group() -> None:
    """Make, list and revoke tokens with which programs act as a user."""


@token_group.command("make")
@click.argument("who")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--write", is_flag=True, help="Let it change things too; it may read in any case.")
@click.option("--days", default=90, show_default=True, help="Until it expires, 1 to 365.")
@REGISTRY
def make_token(who: str, name: str, write: bool, days: int, address: str) -> None:
    """Make a token that acts as WHO and print it: the only time it is shown."""
    with opened(address) as registry:
        scopes = frozenset({"read", "write"} if write else {"read"})
        _, secret = own_account.make_token(
            registry, COMMAND_LINE, name=name, scopes=scopes, days=days,
            user_id=_user_id(registry, who),
        )  # fmt: skip
        click.echo(secret)


@token_group.command("list")
@click.argument("who")
@REGISTRY
def list_tokens(who: str, address: str) -> None:
    """Print id, scopes, day of expiry and name of the tokens of WHO, with tabs between."""
    with opened(address) as registry:
        for token in own_account.tokens(registry, COMMAND_LINE, _user_id(registry, who)):
            scopes = ",".join(sorted(token.scopes))
            day = token.expires_at.date().isoformat()
            click.echo(f"{token.token_id}\t{scopes}\t{day}\t{token.name}")


@token_group.command("revoke")
@click.argument("who")
@click.argument("token_id")
@REGISTRY
def revoke_token(who: str, token_id: str, address: str) -> None:
    """Let a token of WHO be worth nothing from now on."""
    with opened(address) as registry:
        own_account.revoke_token(registry, COMMAND_LINE, token_id, _user_id(registry, who))


# For the group of the registry's commands.
ACCOUNTS: tuple[click.Command, ...] = (user_group, token_group)


def _asked_for() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _user_id(registry: Registry, who: str) -> str:
    """The id of a user given by id or by e-mail."""
    if "@" not in who:
        return who
    known_as = people.checked_email(who)
    for user in people.users(registry, COMMAND_LINE):
        if user.email == known_as:
            return user.user_id
    raise InputError(f"no user has the e-mail {known_as!r}; `user list` shows them all")


def _line(user: User) -> str:
    roles = ",".join(role.text for role in user.roles) or "-"
    state = "shut" if user.disabled else "open"
    return "\t".join((user.user_id, user.email or "-", state, roles, user.name))
