"""Letters about calls: to whom, about what, how often; by mail server or into a folder."""

import threading
import time
from email import message_from_bytes
from functools import partial

import pytest
from click.testing import CliRunner

from tests.app.calls.staged import CAPABILITIES, Stage
from triplehelix.app.calls.commitments import answer
from triplehelix.app.calls.letters import digest, remind
from triplehelix.cli import triplehelix as command_line
from triplehelix.errors import InputError, SourceError
from triplehelix.registry.notes import SigningKey
from triplehelix.serve.registry.sealing import sealing
from triplehelix.store.mail import MailSettings, send

BASE = "https://registry.example.org"


@pytest.fixture
def stage(world):
    return Stage(world).open()


@pytest.fixture
def post(stage):
    """What was sent: (to, subject, text) each."""
    sent: list[tuple[str, str, str]] = []

    def mailer(to, subject, text):
        sent.extend((one, subject, text) for one in to)

    return lambda: (sent.clear(), remind(stage.registry, mailer, base_url=BASE), list(sent))[2]


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_who_is_invited_is_told_and_reminded_and_who_asked_is_told_the_answers(stage, post):
    assert post() == []
    first, _ = stage.invite()
    told = {to: (subject, text) for to, subject, text in post()}
    assert {to: subject for to, (subject, _) in told.items()} == {
        "ann@example.org": "Calls: 1 awaiting your answer",
        "bob@example.org": "Calls: 1 awaiting your answer",
    }  # fmt: skip
    text = told["ann@example.org"][1]
    assert (
        "- Testing for the region: 400 samples/day for tests from Laboratory of University, "
        in text
    )
    assert "from 1 April 2026 to 30 April 2026 (invited)" in text
    assert f"{BASE}/me/commitments" in text and "Hospital" not in text
    stage.registry.clock.pass_(hours=2)
    answer(stage.registry, stage.as_("ann"), first, "counter", CAPABILITIES, amount=100)
    assert [(to, subject) for to, subject, _ in post()] == [
        ("steward@example.org", "Calls: 1 awaiting your answer")]  # fmt: skip
    stage.registry.clock.pass_(days=2)
    assert post() == []  # nothing new, and not yet three days
    stage.registry.clock.pass_(days=1)
    assert sorted(to for to, *_ in post()) == ["bob@example.org", "steward@example.org"]


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_news_is_what_the_other_side_has_said_since(stage):
    first, second = stage.invite()
    sent_at = stage.registry.clock()
    stage.registry.clock.pass_(hours=1)
    answer(stage.registry, stage.as_("ann"), first, "counter", CAPABILITIES, amount=100)
    answer(stage.registry, stage.as_("bob"), second, "decline", CAPABILITIES)
    told = digest(stage.registry, stage.as_("steward"), sent_at)
    assert [one.commitment.state for one in told.waiting] == ["countered"]
    assert [one.commitment.state for one in told.news] == ["declined"]
    own = digest(stage.registry, stage.as_("ann"), sent_at)
    assert (own.waiting, own.news) == ([], [])
    assert digest(stage.registry, stage.as_("eve")).waiting == []
    assert digest(stage.registry, stage.as_("admin"), sent_at).news == []


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_a_letter_that_fails_is_tried_again(stage):
    stage.invite()

    def broken(to, subject, text):
        raise SourceError("no server")

    assert remind(stage.registry, broken, base_url=BASE).failed == 2
    done = remind(stage.registry, lambda *_: None, base_url=BASE)
    assert (done.sent, done.failed) == (2, 0)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_letters_go_out_after_a_seal_by_whoever_has_sealed(stage):
    """Two serve one registry: one seals the interval, and sends."""
    key, sent = SigningKey("registry.example.org/log", bytes(32)), threading.Event()
    others: list[int] = []
    with sealing(stage.registry, key, also=sent.set):
        assert sent.wait(10)
        with sealing(stage.registry, key, also=lambda: others.append(1)):
            time.sleep(0.3)
    assert others == []


def test_letters_are_written_into_a_folder(tmp_path):
    settings = MailSettings.read({"folder": str(tmp_path / "out"), "sender": "r@example.org"})
    send(settings, ["a@example.org", "b@example.org"], "Hello", "Grüße")
    letters = [message_from_bytes(one.read_bytes()) for one in (tmp_path / "out").glob("*.eml")]
    assert sorted(one["To"] for one in letters) == ["a@example.org", "b@example.org"]
    assert letters[0].get_payload(decode=True).decode().strip() == "Grüße"
    (tmp_path / "file").write_text("")
    bad = MailSettings.read({"folder": str(tmp_path / "file"), "sender": "r@example.org"})
    with pytest.raises(SourceError, match="mail could not be written into"):
        send(bad, ["a@example.org"], "Hello", "x")
    with pytest.raises(InputError, match="host must be given"):
        MailSettings.read({"sender": "r@example.org"})


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_the_command_sends_what_is_due(stage, tmp_path):
    stage.invite()
    address = str(stage.registry.engine.url.database)
    run = partial(CliRunner().invoke, command_line)
    done = run(["registry", "remind", "--registry", address, "--into", str(tmp_path / "out")])
    assert (done.exit_code, done.output) == (0, "2 letters sent, 0 failed.\n")
    assert len(list((tmp_path / "out").glob("*.eml"))) == 2
    again = run(["registry", "remind", "--registry", address, "--into", str(tmp_path / "out")])
    assert again.output == "0 letters sent, 0 failed.\n"
    without = run(["registry", "remind", "--registry", address])
    assert without.exit_code == 1 and "there is no mail to send by" in str(without.exception)
