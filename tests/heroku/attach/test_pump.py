"""Bytes go both ways exactly as they are, and the pump says why it stopped."""

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from herodyno.heroku.attach import pump as pump_module
from herodyno.heroku.attach.pump import END_OF_INPUT, Ending, OutputClosed, pump
from herodyno.heroku.attach.rendezvous import Pipe, address_of, attach
from herodyno.heroku.net.tls import make_context
from tests.heroku.certificates import certificates
from tests.heroku.rendezvous_server import BANNER, Client, RendezvousServer, Script, serving

EVERY_BYTE = bytes(range(256)) * 64


class Screen:
    """Takes the dyno's output; says the status was seen once `mark` came."""

    def __init__(self, mark: bytes = b"\0no such") -> None:
        self.got = b""
        self.mark = mark

    def __call__(self, chunk: bytes) -> bool:
        self.got += chunk
        return self.mark in self.got


@pytest.fixture
def piped() -> Iterator[Callable[[bytes], int]]:
    """Makes a file descriptor from which the given bytes, then an end, can be read."""
    opened: list[int] = []

    def make(content: bytes) -> int:
        reading, writing = os.pipe()
        opened.append(reading)

        def fill() -> None:
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(content)

        threading.Thread(target=fill, daemon=True).start()
        return reading

    yield make
    for descriptor in opened:
        os.close(descriptor)


def connect(server: RendezvousServer) -> Pipe:
    tls: ssl.SSLContext = make_context({"SSL_CERT_FILE": str(certificates()["authority"])})
    return attach(address_of(server.url, api_host="127.0.0.1"), tls)


def run(script: Script, screen: Screen | None = None, **options: object) -> tuple[Ending, bytes]:
    screen = screen or Screen()
    with serving(script) as server, connect(server) as pipe:
        ending = pump(pipe, show=screen, **{"stdin": None, **options})  # type: ignore[arg-type] # passed on
        pipe.__exit__()
        assert server.done.wait(5)
    return ending, screen.got


def test_d21_output_that_is_no_text_is_shown_byte_by_byte() -> None:
    assert run(lambda client: client.send(BANNER, EVERY_BYTE)) == (Ending.CLOSED, EVERY_BYTE)


def test_d22_d23_binary_input_arrives_exactly_and_its_end_is_said_once(piped: Callable[[bytes], int]) -> None:
    received: list[bytes] = []

    def script(client: Client) -> None:
        client.send(BANNER)
        got = b""
        while len(got) < len(EVERY_BYTE) + 1:
            got += client.sock.recv(65536)
        client.send(b"got it")
        client.sock.settimeout(0.1)
        received.append(got + client.read_to_end())

    assert run(script, stdin=piped(EVERY_BYTE)) == (Ending.CLOSED, b"got it")
    assert received == [EVERY_BYTE + END_OF_INPUT]


def test_d24_20_mb_of_output_pass_exactly_in_less_than_2_s() -> None:
    output = os.urandom(1 << 20) * 20
    chunks: list[bytes] = []

    def show(chunk: bytes) -> bool:
        chunks.append(chunk)
        return False

    start = time.monotonic()
    with serving(lambda client: client.send(BANNER, output)) as server, connect(server) as pipe:
        assert pump(pipe, stdin=None, show=show) is Ending.CLOSED
    assert time.monotonic() - start < 2
    assert b"".join(chunks) == output


def test_both_directions_at_full_speed_do_not_block_each_other(piped: Callable[[bytes], int]) -> None:
    sent = os.urandom(1 << 20) * 4

    def echo(client: Client) -> None:
        client.send(BANNER)
        total = 0
        while total < len(sent) + 1:
            chunk = client.sock.recv(65536)
            total += len(chunk)
            client.send(chunk)

    ending, got = run(echo, stdin=piped(sent))
    assert (ending, got) == (Ending.CLOSED, sent + END_OF_INPUT)


def test_d10_a_reset_keeps_the_output_so_far() -> None:
    def script(client: Client) -> None:
        client.send(BANNER, b"half")
        time.sleep(0.05)
        client.reset()

    ending, got = run(script)
    assert ending in (Ending.CLOSED, Ending.LOST)
    assert got == b"half"


def test_silence_beyond_the_limit_ends_it() -> None:
    def silent(client: Client) -> None:
        client.send(BANNER)
        client.read_to_end()

    assert run(silent, idle_seconds=0.1) == (Ending.SILENT, b"")


def test_a_chatty_dyno_is_not_silent_but_may_use_up_its_time() -> None:
    def chatty(client: Client) -> None:
        client.send(BANNER)
        for _ in range(100):
            client.send(b".")
            time.sleep(0.01)

    ending, got = run(chatty, idle_seconds=0.2, total_seconds=0.3)
    assert ending is Ending.OVERTIME
    assert len(got) > 5


def test_a_connection_left_open_behind_the_status_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump_module, "SETTLED_SECONDS", 0.1)

    def script(client: Client) -> None:
        client.send(BANNER, b"out", b"MARK")
        client.read_to_end()

    assert run(script, Screen(b"MARK")) == (Ending.SILENT, b"outMARK")


def test_d30_output_that_nobody_takes_ends_it() -> None:
    def broken(chunk: bytes) -> bool:
        if chunk:
            raise OutputClosed
        return False

    def script(client: Client) -> None:
        client.send(BANNER, b"out")
        client.read_to_end()

    with serving(script) as server, connect(server) as pipe:
        assert pump(pipe, stdin=None, show=broken) is Ending.OUTPUT_CLOSED


def test_d15_what_lets_go_is_not_sent_and_ends_it_at_once(piped: Callable[[bytes], int]) -> None:
    def script(client: Client) -> None:
        client.send(BANNER)
        client.read_to_end()

    ending, _ = run(script, stdin=piped(b"\x03\x03\x03"), detaches=lambda typed, at: typed.count(3) >= 3)
    assert ending is Ending.DETACHED
