"""Signed notes against those of the Go tools, and what must not be taken for one."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from triplehelix.errors import InputError
from triplehelix.registry.merkle import EMPTY
from triplehelix.registry.notes import Checkpoint, PublicKey, SigningKey, signers

# The example of the Go package golang.org/x/mod/sumdb/note: key pair, text and signature.
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = SigningKey("registry.example.org/log", bytes(range(32)))
OTHER = SigningKey("registry.example.org/log", bytes(32))
CHECKPOINT = Checkpoint(KEY.name, 7, EMPTY)
NOTE = KEY.sign(CHECKPOINT)


def test_a_key_of_the_go_tools_is_read_and_written():
    assert SigningKey.read(GO_PRIVATE).public.text == GO_PUBLIC
    assert PublicKey.read(GO_PUBLIC).text == GO_PUBLIC
    assert SigningKey.read(GO_PRIVATE + "\n").text == GO_PRIVATE


def test_a_note_of_the_go_tools_is_checked():
    key = PublicKey.read(GO_PUBLIC)
    assert signers(GO_NOTE, [key]) == [key]
    with pytest.raises(InputError, match="changed after it was signed"):
        signers(GO_NOTE.replace("answer", "anwser"), [key])


def test_the_example_of_the_specification_is_read():
    """From c2sp.org/tlog-checkpoint; its key is not given there."""
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    read = Checkpoint.read(note)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert read.root.hex().startswith("0ac5186a91863e8e1d90c808014aa89b")
    assert signers(note, [KEY.public]) == []


def test_a_checkpoint_comes_back():
    assert NOTE.splitlines()[:3] == ["registry.example.org/log", "7",
                                     "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]  # fmt: skip
    assert Checkpoint.read(NOTE) == CHECKPOINT
    assert signers(NOTE, [OTHER.public, KEY.public]) == [KEY.public]
    assert Checkpoint.read(NOTE.replace("\n", "\r\n")) == CHECKPOINT
    signature = base64.b64decode(NOTE.split(" ")[-1])
    assert signature[:4] == KEY.public.id
    Ed25519PublicKey.from_public_bytes(KEY.public.key).verify(
        signature[4:], NOTE.split("\n\n")[0].encode() + b"\n"
    )


def test_a_witness_may_sign_too():
    both = NOTE + SigningKey("witness.example", bytes(32)).sign(CHECKPOINT).split("\n\n")[1]
    assert signers(both, [KEY.public]) == [KEY.public]
    assert Checkpoint.read(both) == CHECKPOINT


@pytest.mark.parametrize("change", [
    ("7", "8"), ("47DE", "47DF"), ("registry.example.org/log\n", "registry.example.org/lag\n"),
])  # fmt: skip
def test_a_changed_checkpoint_is_refused(change):
    with pytest.raises(InputError, match="not of this text"):
        signers(NOTE.replace(*change, 1), [KEY.public])


@pytest.mark.parametrize("note", [
    "", "\n", "a\n7\n" + NOTE.split("\n")[2] + "\n", NOTE.split("\n\n")[0], NOTE.replace("7", "07"),
    NOTE.replace("7", "-7"), NOTE.replace("7", "٧"), NOTE.replace("7", "9" * 30),
    NOTE.replace("\n7\n", "\n\n7\n"), NOTE.replace("SuFU=", "SuFV="), NOTE.replace("SuFU=", "SuFU"),
    NOTE + "more", NOTE.replace("— ", "- "), NOTE.replace("— ", ""), GO_NOTE,
])  # fmt: skip
def test_what_is_no_checkpoint_is_refused(note):
    with pytest.raises(InputError, match="this is no checkpoint; it has three lines"):
        Checkpoint.read(note)


@pytest.mark.parametrize("text", ["", GO_PUBLIC[:-1], GO_PUBLIC.replace("c74f", "c74e"),
                                  GO_PUBLIC.replace("Peter", "Pater"), GO_PRIVATE])  # fmt: skip
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(InputError, match="no public key of a log"):
        PublicKey.read(text)


@pytest.mark.parametrize("text", ["", GO_PUBLIC, GO_PRIVATE[:-1], GO_PRIVATE.replace("AYEK", "AYEL"),
                                  GO_PRIVATE.removeprefix("PRIVATE+")])  # fmt: skip
def test_a_damaged_key_file_is_refused_and_not_shown(text):
    with pytest.raises(InputError, match="no signing key of a log") as raised:
        SigningKey.read(text)
    assert not text or text not in str(raised.value)


def test_a_key_does_not_show_its_secret():
    assert repr(KEY) == "SigningKey(registry.example.org/log)"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b"])
def test_a_log_has_a_proper_name(name):
    with pytest.raises(InputError, match="cannot name a log"):
        SigningKey(name, bytes(32))
