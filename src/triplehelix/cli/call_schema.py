"""`triplehelix call schema`: the form of call files."""

import json

import click


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of call files."""
    from triplehelix.app.calls.solving import schema

    click.echo(json.dumps(schema(), indent=1))
