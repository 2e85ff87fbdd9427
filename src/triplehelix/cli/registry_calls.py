"""The registry's command about letters: of calls and of enquiries."""

from pathlib import Path

import click

from triplehelix.cli.registry_address import REGISTRY, opened
from triplehelix.errors import InputError


@click.command("remind")
@REGISTRY
@click.option("--settings", "settings_file", type=click.Path(path_type=Path), metavar="FILE",
              help="How the registry is run: its `mail` and `base_url`.")  # fmt: skip
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="Write the letters there instead of sending them.")  # fmt: skip
def remind_command(address: str, settings_file: Path | None, into: Path | None) -> None:
    """
    Send the letters that are due: of calls and enquiries that await an answer, of answers.

    `triplehelix serve` sends them by itself. Nobody gets more than one of either a day; exit code 1
    if one could not be sent.
    """
    from functools import partial

    from triplehelix.app.calls.letters import remind
    from triplehelix.app.enquiries.letters import remind as remind_of_enquiries
    from triplehelix.app.registry.settings import RegistrySettings, read_registry_settings
    from triplehelix.store.mail import MailSettings, send

    settings = read_registry_settings(settings_file) if settings_file else RegistrySettings()
    mail = settings.mail
    if into is not None:
        sender = mail.sender if mail else "registry@localhost"
        mail = MailSettings(host="localhost", sender=sender, folder=str(into))
    if mail is None:
        raise InputError("there is no mail to send by; give --settings with `mail`, or --into")
    with opened(address) as registry:
        mailer = partial(send, mail)
        done = remind(registry, mailer, base_url=settings.base_url)
        also = remind_of_enquiries(registry, mailer, settings.enquiries, base_url=settings.base_url)
    failed = done.failed + also.failed
    click.echo(f"{done.sent + also.sent} letters sent, {failed} failed.")
    if failed:
        raise SystemExit(1)


CALLS = (remind_command,)
