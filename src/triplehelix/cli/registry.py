"""The `registry` command: the live half, from its making to its proof."""

import click

from triplehelix.cli.registry_accounts import ACCOUNTS
from triplehelix.cli.registry_admin import ADMIN
from triplehelix.cli.registry_calls import CALLS
from triplehelix.cli.registry_enquiries import ENQUIRIES
from triplehelix.cli.registry_exchange import EXCHANGE
from triplehelix.cli.registry_log import LOG
from triplehelix.cli.registry_search import SEARCH


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are needed, not by letter."""
        return list(self.commands)


@click.group("registry", cls=_Group)
def registry_group() -> None:
    """
    The registry of networks, members and what they share.

    `--registry` is an SQLite file, a postgresql:// address, or @FILE that holds the address; the
    environment variable TRIPLEHELIX_REGISTRY stands in for it. The command line acts as
    administrator.
    """


for command in (*ADMIN, *ACCOUNTS, *EXCHANGE, *SEARCH, *CALLS, *ENQUIRIES, *LOG):
    registry_group.add_command(command)

REGISTRY = (registry_group,)
