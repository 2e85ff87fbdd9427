"""Mail as a real server gets it."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from triplehelix.errors import InputError, SourceError
from triplehelix.store.mail import MailSettings, send


class Box:
    """Keeps what comes in; refuses those it is told to."""

    def __init__(self, refused=()):
        self.letters, self.refused = [], refused

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, letter, envelope.content))
        return "250 OK"


@pytest.fixture
def box():
    return Box(refused=("gone@example.org",))


@pytest.fixture
def server(box):
    yield from _served(box)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _served(box, **settings):
    controller = Controller(box, hostname="127.0.0.1", port=_free_port(), **settings)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def plain(server, **more):
    return MailSettings(host="127.0.0.1", port=server.port, security="none",
                        sender="The Registry <registry@example.org>", **more)  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself: (its file, its key's)."""
    home = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (home / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                          serialization.NoEncryption())
    )  # fmt: skip
    return home / "cert.pem", home / "key.pem"


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_letter_arrives_as_it_was_written(box, server):
    text = "Grüße from Łódź\n\n— registry.example.org+1a2b AbCd=\n.\nlast"
    send(plain(server), ["ann@example.org"], "Checkpoint №1", text)
    [(sender, to, letter, raw)] = box.letters
    assert (sender, to) == ("registry@example.org", ["ann@example.org"])
    assert letter["subject"] == "Checkpoint №1"
    assert letter["from"] == "The Registry <registry@example.org>"
    assert letter["to"] == "ann@example.org"
    assert letter["auto-submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == text
    assert raw.isascii()


def test_each_gets_a_letter_of_their_own(box, server):
    send(plain(server), ["ann@example.org", "bea@example.org"], "s", "t")
    assert [to for _, to, _, _ in box.letters] == [["ann@example.org"], ["bea@example.org"]]
    assert "bea" not in box.letters[0][3].decode()


def test_nobody_to_write_to_needs_no_server():
    send(
        MailSettings(host="127.0.0.1", port=1, security="none", sender="a@example.org"), [], "", ""
    )


@pytest.mark.parametrize("subject", ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org",
                                     "a\x0bBcc: eve@example.org", "a\u2028Bcc: eve@example.org",
                                     "a\x85Bcc: eve@example.org", "a\r\n\r\nbody"])  # fmt: skip
def test_a_subject_makes_no_header(box, server, subject):
    send(plain(server), ["ann@example.org"], subject, "text")
    [(_, to, letter, raw)] = box.letters
    assert to == ["ann@example.org"]
    assert "bcc" not in letter
    assert letter["subject"] == "a " + subject.split("a", 1)[1].strip()
    assert letter.get_content().strip() == "text"


@pytest.mark.parametrize("address", ["ann@example.org\r\nBcc: eve@example.org", "ann@example.org\n",
                                     "ann@example.org, eve@example.org", "", "ann", "@example.org",
                                     "Ann <ann@example.org>", "ann@example.org ", "a@b@c",
                                     "ann@example.org\x00"])  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_sent(box, server, address):
    with pytest.raises(InputError, match="is no address; write it as name@example.org"):
        send(plain(server), ["bea@example.org", address], "s", "t")
    assert box.letters == []


def test_a_refused_address_does_not_stop_the_others(box, server):
    with pytest.raises(
        SourceError, match="refused 1 of 3 messages, first that to gone@example.org"
    ):
        send(plain(server), ["ann@example.org", "gone@example.org", "bea@example.org"], "s", "t")
    assert [to for _, [to], _, _ in box.letters] == ["ann@example.org", "bea@example.org"]


def test_no_server_is_said():
    settings = MailSettings(
        host="127.0.0.1", port=_free_port(), security="none", sender="a@example.org"
    )
    with pytest.raises(SourceError, match=r"could not be handed to 127.0.0.1:\d+ .*refused.*check"):
        send(settings, ["ann@example.org"], "s", "t")


def secret(server, certificate, **more):
    chosen = {"ca_file": str(certificate[0]), "user": "registry", "password": "right"} | more
    return MailSettings(host="localhost", port=server.port, sender="registry@example.org", **chosen)


def _asks(server, session, envelope, mechanism, login):
    right = login.login == b"registry" and login.password == b"right"
    return AuthResult(success=right, handled=False)


@pytest.fixture
def secured(box, tls):
    yield from _served(box, tls_context=tls, require_starttls=True, auth_required=True,
                       authenticator=_asks)  # fmt: skip


def test_starttls_and_a_password(box, secured, certificate):
    send(secret(secured, certificate), ["ann@example.org"], "s", "t")
    assert len(box.letters) == 1


def test_tls_from_the_first_byte(box, tls, certificate):
    for server in _served(box, ssl_context=tls):
        settings = secret(server, certificate, security="tls", user=None, password=None)
        send(settings, ["ann@example.org"], "s", "t")
    assert len(box.letters) == 1


def test_a_wrong_password_is_said_and_not_shown(secured, certificate):
    with pytest.raises(SourceError, match="535.*check host, port, security and password") as raised:
        send(secret(secured, certificate, password="wrong-one"), ["ann@example.org"], "s", "t")
    assert "wrong-one" not in str(raised.value)


def test_a_server_that_cannot_say_who_it_is_gets_nothing(box, secured, certificate):
    with pytest.raises(SourceError, match="certificate verify failed"):
        send(secret(secured, certificate, ca_file=None), ["ann@example.org"], "s", "t")
    assert box.letters == []


def test_a_server_without_starttls_gets_no_password(box, server, certificate):
    with pytest.raises(SourceError, match="STARTTLS"):
        send(secret(server, certificate), ["ann@example.org"], "s", "t")
    assert box.letters == []


def test_settings_are_read(tmp_path):
    (tmp_path / "secret").write_text("pass word\nnot this\n")
    read = MailSettings.read({"host": "smtp.example.org", "port": "2525", "security": "starttls",
                              "sender": "R <r@example.org>", "user": "r", "timeout_s": 3,
                              "password_file": str(tmp_path / "secret")})  # fmt: skip
    assert (read.port, read.password, read.timeout_s) == (2525, "pass word", 3.0)
    assert "pass word" not in repr(read)


@pytest.mark.parametrize(("change", "words"), [
    ({"hots": "x"}, "'hots' is no setting; use host"),
    ({"host": None}, "host must be given"),
    ({"security": "ssl"}, "security 'ssl' is unknown"),
    ({"port": "many"}, "port 'many' is no number"),
    ({"port": 0}, "make no server"),
    ({"user": "r"}, "both user and password"),
    ({"user": "r", "password": "p", "security": "none"}, "would go to smtp.example.org for all"),
    ({"sender": "nobody"}, "sender 'nobody' is no address"),
    ({"sender": "a@b.org\nBcc: c@d.org"}, "is no address"),
    ({"password_file": "/nowhere/at/all"}, "could not be read"),
])  # fmt: skip
def test_wrong_settings_are_refused(change, words):
    config = {"host": "smtp.example.org", "sender": "r@example.org", **change}
    with pytest.raises(InputError, match=words):
        MailSettings.read({name: value for name, value in config.items() if value is not None})
