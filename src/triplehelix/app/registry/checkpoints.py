"""Publishing the log: sealing at fixed intervals, and mailing checkpoints to stewards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from triplehelix.errors import TripleHelixError
from triplehelix.registry.notes import Checkpoint, SigningKey
from triplehelix.store.registry import keys, mailed, sealing
from triplehelix.store.registry.opening import Registry, registry_url
from triplehelix.store.registry.sealing import INTERVAL

Mailer = Callable[[Sequence[str], str, str], None]
MAIL_EVERY = timedelta(days=1)
_FAILURES = 3
_LETTER = """\
This is a checkpoint of the audit log of {origin}.
Keep it: with it you can prove later that nothing before it was altered or removed.

{note}
To check: save the lines from "{origin}" to the one that begins with "—" as a file, and ask
whoever runs the registry for the output of

    triplehelix registry verify-log --registry ADDRESS --checkpoint FILE

or work it out yourself from /log/consistency?from={size}.
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: the new checkpoint, if one was due; letters sent; letters that failed."""

    checkpoint: str | None
    sent: int
    failed: int


def publish(
    registry: Registry, key: SigningKey, mailer: Mailer | None = None, *,
    interval: timedelta | None = INTERVAL, mail_every: timedelta = MAIL_EVERY,
) -> Published:  # fmt: skip
    """
    Seal the log if the interval asks for it, and mail the newest checkpoint to stewards.

    A steward gets one when the last one sent is at least `mail_every` old. Mail that fails is
    written down and tried again after the next seal; it never undoes a seal.

    Parameters
    ----------
    mailer : `(addresses, subject, text)`, such as `partial(mail.send, settings)`; None sends
        nothing.
    interval : None seals in any case.
    """
    made = sealing.seal(registry, key, interval=interval)
    # Of several that serve one registry, the one that has sealed sends the letters.
    sent, failed = _mail(registry, mailer, mail_every) if mailer and made else (0, 0)
    return Published(made, sent, failed)


def signing_key(address: str, chosen: Path | None = None) -> SigningKey:
    """
    The key of a registry's log, from the file beside it or the one that was chosen.

    Raises
    ------
    RegistryError
        If there is none, or others may read it.
    """
    return keys.read_key(keys.key_path(registry_url(address), chosen))


def keep_key(address: str, chosen: Path | None = None, origin: str | None = None) -> Path:
    """The file that holds the key of a registry's log; made if there is none yet."""
    path = keys.key_path(registry_url(address), chosen)
    return path if path.exists() else make_key(address, chosen, origin)


def make_key(address: str, chosen: Path | None = None, origin: str | None = None) -> Path:
    """
    Make a key for a registry's log; the file that holds it.

    Parameters
    ----------
    origin : the log's name; needed, and the log's own, where the key takes another's place.

    Raises
    ------
    RegistryError
        If there is a key already.
    """
    path = keys.key_path(registry_url(address), chosen)
    keys.new_key(path, origin)
    return path


def _mail(registry: Registry, mailer: Mailer, every: timedelta) -> tuple[int, int]:
    note = mailed.newest(registry)
    if note is None:
        return 0, 0
    checkpoint = Checkpoint.read(note)
    subject = f"Checkpoint {checkpoint.size} of {checkpoint.origin}"
    letter = _LETTER.format(origin=checkpoint.origin, note=note, size=checkpoint.size)
    sent = failed = 0
    for steward in mailed.due(registry, checkpoint.size, every):
        try:
            mailer([steward.email], subject, letter)
        except TripleHelixError as err:
            mailed.write_down(registry, steward, None, str(err))
            failed += 1
            # A server that is away is asked no more this time.
            if failed >= _FAILURES and not sent:
                break
        else:
            mailed.write_down(registry, steward, checkpoint.size, None)
            sent += 1
    return sent, failed
