"""The `call` command: from what is needed to the alliance that can give it."""

import click

from triplehelix.cli.call_needs import NEEDS


@click.group("call")
def call_group() -> None:
    """A challenge, broken down into needs, and who can meet them."""


for command in NEEDS:
    call_group.add_command(command)

CALL = (call_group,)
