"""The rendezvous over real TLS: secret, greeting, terminal, exit status, hang-up."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from herodyno.sandbox.doors.rendezvous import GREETING
from herodyno.sandbox.doors.server import Server
from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld, Said


@pytest.fixture
def server(make_world: MakeWorld) -> Iterator[Server]:
    with Server(make_world(), speed=60) as running:
        yield running


Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(server: Server) -> Run:
    """Make an attached dyno: `run("echo hi")` -> (its name, its attach URL)."""
    api = Api(server.world)
    api.state.attachments, api.state.options = server.state.attachments, server.state.options

    def make(command: str, **wishes: object) -> tuple[str, str]:
        with server.state.lock:
            made = api("POST", "/apps/example-app/dynos", {"command": command, "attach": True, **wishes}).json()
        return made["name"], made["attach_url"]

    return make


@contextmanager
def attached(server: Server, url: str, secret: str = "") -> Iterator[ssl.SSLSocket]:
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=server.environment["SSL_CERT_FILE"])
    with (
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=15) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as client,
    ):
        client.sendall(f"{secret or parts.path.removeprefix('/')}\r\n".encode())
        yield client


def read_all(client: ssl.SSLSocket) -> bytes:
    data = b""
    while chunk := client.recv(65_536):
        data += chunk
    return data


def read_until(client: ssl.SSLSocket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        chunk = client.recv(65_536)
        assert chunk, f"closed after {data!r}"
        data += chunk
    return data


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def test_a_command_runs_and_its_lines_end_as_on_a_terminal(server: Server, run: Run) -> None:
    name, url = run("echo one; echo two", env={"A": "1"})
    with attached(server, url) as client:
        assert read_all(client) == GREETING + b"one\r\ntwo\r\n"
    wait_for(lambda: name not in server.world.app("example-app").dynos)


def test_the_greeting_travels_alone(server: Server, run: Run) -> None:
    """The Heroku CLI drops the whole first packet."""
    with attached(server, run("echo at once")[1]) as client:
        assert client.recv(65_536) == GREETING


def test_the_dynos_end_and_status_stand_in_the_log(server: Server, run: Run, said: Said) -> None:
    name, url = run("exit 7")
    with attached(server, url) as client:
        read_all(client)
    wait_for(lambda: "Process exited with status 7" in said(server.world, name))
    assert "Starting process with command `exit 7`" in said(server.world, name)
    assert "Error R13 (Attach error) -> Failed to attach to process" not in said(server.world, name)


def test_what_is_typed_is_echoed_and_ctrl_d_ends_it(server: Server, run: Run) -> None:
    with attached(server, run("cat")[1]) as client:
        read_until(client, GREETING)
        client.sendall(b"hullo\x7f\x7flo\r")
        assert read_until(client, b"hullo\r\n").count(b"\b \b") == 2
        client.sendall(b"\x04")
        assert read_all(client) == b""


def test_ctrl_c_interrupts_and_the_shell_goes_on(server: Server, run: Run) -> None:
    with attached(server, run("sleep 600; echo status $?")[1]) as client:
        read_until(client, GREETING)
        client.sendall(b"\x03")
        assert read_all(client) == b"^C\r\nstatus 130\r\n"


def test_without_a_terminal_bytes_pass_as_they_are(server: Server, run: Run) -> None:
    sent = bytes(range(5, 256)) + b"\n"
    with attached(server, run("cat", force_no_tty=True)[1]) as client:
        read_until(client, GREETING)
        client.sendall(sent)
        client.sendall(b"\x04")
        assert read_all(client) == sent


def test_a_person_in_a_shell(server: Server, run: Run) -> None:
    with attached(server, run("bash", env={"NAME": "Ana"})[1]) as client:
        read_until(client, b"~ $ ")
        client.sendall(b"echo $NAME\r")
        assert b"Ana\r\n" in read_until(client, b"~ $ ")
        client.sendall(b"exit\r")
        read_all(client)


@pytest.mark.parametrize("secret", ["guess", "x" * 5000, "\x00", "ü"])
def test_a_wrong_secret_gets_no_word(server: Server, run: Run, secret: str) -> None:
    # A reset is as good a way to be turned away.
    with attached(server, run("echo secret")[1], secret) as client, suppress(ConnectionResetError):
        assert client.recv(1) == b""


def test_a_secret_works_once(server: Server, run: Run) -> None:
    _, url = run("echo hi")
    with attached(server, url) as client:
        read_all(client)
    with attached(server, url) as client:
        assert read_all(client) == b""


def test_a_client_that_hangs_up_ends_the_dyno(server: Server, run: Run, said: Said) -> None:
    name, url = run("sleep 600")
    with attached(server, url) as client:
        read_until(client, GREETING)
    wait_for(lambda: name not in server.world.app("example-app").dynos)
    assert "Client connection closed. Sending SIGHUP to all processes" in said(server.world, name)


def test_a_dyno_that_is_stopped_drops_its_client(server: Server, run: Run) -> None:
    name, url = run("sleep 600")
    with attached(server, url) as client:
        read_until(client, GREETING)
        with server.state.lock:
            server.world.stop("example-app", dyno=name)
        assert read_all(client) == b""


def test_a_dyno_nobody_comes_to_gives_up_with_r13(server: Server, run: Run, said: Said) -> None:
    name, url = run("echo late")
    with server.state.lock:
        server.world.tick(60)
    assert "Error R13 (Attach error) -> Failed to attach to process" in said(server.world, name)
    with attached(server, url) as client:
        assert read_all(client) == b""


def test_a_stranger_is_not_trusted_without_the_sandboxs_own_authority(server: Server, run: Run) -> None:
    parts = urlsplit(run("echo hi")[1])
    with (
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=15) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


def test_the_users_own_shell_runs_only_when_asked_for(make_world: MakeWorld, tmp_path: Path) -> None:
    with Server(make_world(), speed=60, use_real_shell=True) as server:
        api = Api(server.world)
        api.state.attachments, api.state.options = server.state.attachments, server.state.options
        command = f"echo made here > {tmp_path}/proof; exit 3"
        with server.state.lock:
            url = api("POST", "/apps/example-app/dynos", {"command": command, "attach": True}).json()["attach_url"]
        with attached(server, url) as client:
            read_all(client)
    assert (tmp_path / "proof").read_text() == "made here\n"
