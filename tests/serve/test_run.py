"""The address that is served on."""

import socket

import pytest

from triplehelix.errors import InputError
from triplehelix.serve.run import bound


def test_a_free_port_is_found():
    with bound("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0
        with socket.create_connection(listening.getsockname(), timeout=5):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_said_with_the_way_out():
    with bound("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1, port {port} .*choose another --port"):
            bound("127.0.0.1", port)


def test_an_address_of_another_machine():
    with pytest.raises(InputError, match=r"192\.0\.2\.1, port 0 cannot be served on"):
        bound("192.0.2.1", 0)
