"""A host with several addresses: the dead ones cost little, and what is said is about the last."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from herodyno.heroku.net import dialing
from herodyno.heroku.net.dialing import dial
from tests.real_parts import need

Address = tuple[str, int]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make every host have these addresses."""

    def set_to(*addresses: Address) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    return set_to


@pytest.fixture
def alive() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


@pytest.fixture
def refusing() -> Address:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()  # type: ignore[no-any-return] # of AF_INET it is this pair


@pytest.fixture
def silent() -> Iterator[Address]:
    """A port whose queue of connections is full: the next one gets no answer, as from a dead network."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        time.sleep(0.05)
        with socket.socket() as probe:
            probe.settimeout(0.2)
            try:
                probe.connect(address)
            except TimeoutError:
                yield address
            else:
                need("a full queue that does not answer", present=False)
        for each in waiting:
            each.close()


def test_b53_from_a_silent_address_it_falls_back_to_the_next(
    resolve: Callable[..., None], silent: Address, alive: Address
) -> None:
    assert dialing.ADDRESS_SECONDS < 5
    resolve(silent, alive)
    began = time.monotonic()
    with dial("example.com", 5000, 10, address_seconds=0.2) as sock:
        assert sock.getpeername() == alive
        assert sock.gettimeout() == 10
    assert time.monotonic() - began < 5


def test_b53_the_last_address_gets_all_the_time_that_is_left(resolve: Callable[..., None], silent: Address) -> None:
    resolve(silent)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        dial("example.com", 5000, 0.4, address_seconds=0.05)
    assert time.monotonic() - began >= 0.4


def test_a_refusal_is_left_at_once_and_the_last_one_is_told(
    resolve: Callable[..., None], refusing: Address, alive: Address
) -> None:
    resolve(refusing, alive)
    dial("example.com", 5000, 10).close()
    resolve(alive, refusing)
    dial("example.com", 5000, 10).close()
    resolve(refusing, refusing)
    with pytest.raises(ConnectionRefusedError):
        dial("example.com", 5000, 10)


def test_no_time_at_all_is_a_time_out(resolve: Callable[..., None], alive: Address) -> None:
    resolve(alive)
    with pytest.raises(TimeoutError):
        dial("example.com", 5000, 0)
