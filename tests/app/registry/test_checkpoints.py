"""Publishing: a seal for each interval, a letter a day to each steward, whatever the mail does."""

import functools

import pytest
from sqlalchemy import select

from triplehelix.app.registry.checkpoints import make_key, publish, signing_key
from triplehelix.errors import RegistryError, SourceError
from triplehelix.registry.notes import Checkpoint, SigningKey
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.store.mail import MailSettings, send
from triplehelix.store.registry.log_tables import MAILED
from triplehelix.store.registry.tables import USERS

KEY = SigningKey("registry.example.org/log", bytes(32))


class Post:
    """Keeps letters; fails for as long as it is told to."""

    def __init__(self):
        self.letters, self.failing = [], False

    def __call__(self, to, subject, text):
        if self.failing:
            raise SourceError("mail could not be handed to 127.0.0.1:25")
        self.letters.append((*to, subject, text))


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def stewards(world):
    network = world.network("N")
    world.user("Stella", ("steward", network), ("steward", world.network("M")))
    world.user("Stan", ("steward", network))
    world.user("Max", ("member", world.member("A")))


def written_down(registry):
    with registry.engine.connect() as connection:
        return {
            (row.email, row.size, row.failed)
            for row in connection.execute(
                select(USERS.c.email, MAILED.c.size, MAILED.c.failed)
                .join(USERS, USERS.c.user_id == MAILED.c.user_id)
            )
        }  # fmt: skip


def test_each_steward_gets_the_checkpoint_once(registry, stewards, post):
    done = publish(registry, KEY, post)
    assert (done.sent, done.failed) == (2, 0)
    assert sorted(to for to, _, _ in post.letters) == ["stan@example.org", "stella@example.org"]
    _, subject, text = post.letters[0]
    assert subject == "Checkpoint 1 of registry.example.org/log"
    assert done.checkpoint in text
    start = text.index(KEY.name + "\n1\n")
    kept = text[start : text.index("\nTo check")]
    assert Checkpoint.read(kept) == Checkpoint.read(done.checkpoint)
    assert publish(registry, KEY, post).sent == 0


def test_a_letter_a_day(registry, stewards, post):
    """25 seals in 24 hours: the first is mailed, and the last, a day after."""
    for _ in range(25):
        publish(registry, KEY, post)
        registry.clock.pass_(hours=1)
    assert [subject.split()[1] for to, subject, _ in post.letters if "stan" in to] == ["1", "25"]


def test_mail_that_fails_is_tried_again_and_stops_no_seal(registry, stewards, post):
    post.failing = True
    done = publish(registry, KEY, post)
    assert done.checkpoint is not None
    assert (done.sent, done.failed) == (0, 2)
    assert written_down(registry) == {
        ("stan@example.org", 0, "mail could not be handed to 127.0.0.1:25"),
        ("stella@example.org", 0, "mail could not be handed to 127.0.0.1:25"),
    }
    post.failing = False
    registry.clock.pass_(hours=1)
    assert publish(registry, KEY, post).sent == 2
    assert written_down(registry) == {
        ("stan@example.org", 2, None), ("stella@example.org", 2, None)}  # fmt: skip


def test_a_server_that_is_away_is_not_asked_for_everybody(registry, world, post):
    network = world.network("N")
    for n in range(9):
        world.user(f"S{n}", ("steward", network))
    asked = []

    def away(to, subject, text):
        asked.append(to)
        raise SourceError("away")

    assert publish(registry, KEY, away).failed == 3
    assert len(asked) == 3


def test_a_real_server_that_is_away(registry, stewards):
    settings = MailSettings(host="127.0.0.1", port=1, security="none", sender="r@example.org")
    done = publish(registry, KEY, functools.partial(send, settings))
    assert (done.checkpoint is not None, done.failed) == (True, 2)


def test_keys_are_made_and_found(tmp_path):
    address = str(tmp_path / "r.db")
    with pytest.raises(RegistryError, match="could not be read"):
        signing_key(address)
    assert make_key(address, origin="registry.example.org/log") == tmp_path / "r.db.key"
    assert signing_key(address).name == "registry.example.org/log"
    with pytest.raises(RegistryError, match="--key FILE"):
        make_key("postgresql://host/db")
    elsewhere = tmp_path / "k"
    assert make_key("postgresql://host/db", elsewhere) == elsewhere
    assert signing_key("postgresql://host/db", elsewhere).name.startswith("triplehelix-registry/")


def test_who_seals_needs_no_mailer(registry, stewards):
    done = publish(registry, KEY)
    assert (done.sent, done.failed) == (0, 0)
    with registry.look(COMMAND_LINE):
        assert written_down(registry) == set()
