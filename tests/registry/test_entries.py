"""Commitments of the log."""

import hashlib

from triplehelix.registry.entries import canonical, commitment


def test_a_commitment_is_hmac_sha_256() -> None:
    """RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?"."""
    assert commitment(b"Jefe", "what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_another_salt_gives_another_commitment() -> None:
    assert commitment(b"a" * 32, "{}") != commitment(b"b" * 32, "{}")
    assert commitment(b"", "{}") != hashlib.sha256(b"{}").digest()


def test_the_order_of_keys_does_not_matter() -> None:
    assert (
        canonical({"b": [1, {"d": 2, "c": "é"}], "a": None}) == '{"a":null,"b":[1,{"c":"é","d":2}]}'
    )
