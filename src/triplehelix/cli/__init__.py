"""
The `triplehelix` command: parse, ask `app`, print.

Exit code 0: done. 1: it could not be done, and the message says why. 2: wrong use of the
command line.
"""

import sys

import click

from triplehelix.cli.ask import ASKING
from triplehelix.cli.call import CALL
from triplehelix.cli.case import CASES
from triplehelix.cli.find import FINDING
from triplehelix.cli.make import MAKING
from triplehelix.cli.network import NETWORK
from triplehelix.cli.offer import OFFERING
from triplehelix.cli.registry import REGISTRY
from triplehelix.errors import TripleHelixError
from triplehelix.version import __version__


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order a newcomer needs them, not by letter."""
        return list(self.commands)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triplehelix")
def triplehelix() -> None:
    """
    Find, show and link the geographical clusters of life science.

    An edition is the landscape built from open data; DIR below is the folder it was built
    into. Start with `triplehelix demo`.
    """


for command in (
    *MAKING, *ASKING, *FINDING, *NETWORK, *OFFERING, *CASES, *REGISTRY, *CALL,
):  # fmt: skip
    triplehelix.add_command(command)


def main() -> None:
    """Run the command; a deliberate error becomes one line and exit code 1."""
    try:
        triplehelix(prog_name="triplehelix", standalone_mode=False)
    except click.ClickException as err:
        err.show()
        sys.exit(2 if isinstance(err, click.UsageError) else 1)
    except TripleHelixError as err:
        click.echo(f"Error: {err}", err=True)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "Stopped. The edition that was there is unchanged; run the same command again to go "
            "on: finished stages are kept.",
            err=True,
        )
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
