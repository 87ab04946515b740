"""The sandbox over real sockets: for this machine only, with a clock and log tails."""

from __future__ import annotations

import http.client
import json
import socket
import stat
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.server import MAX_STEP, PortTaken, Server
from tests.sandbox.conftest import MakeWorld


@pytest.fixture
def server(make_world: MakeWorld) -> Iterator[Server]:
    with Server(make_world(web=2), speed=20) as running:
        yield running


def ask(server: Server, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    sent = {"Authorization": "Bearer any", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request(method, path, json.dumps(body) if body is not None else None, sent)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, json.loads(text)


def test_a_change_lasts_and_time_passes(server: Server) -> None:
    assert (
        ask(server, "PATCH", "/apps/example-app/formation", {"updates": [{"type": "web", "quantity": "3"}]})[0] == 200
    )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        states = [dyno["state"] for dyno in ask(server, "GET", "/apps/example-app/dynos")[1]]
        if states == ["up", "up", "up"]:
            return
        time.sleep(0.05)
    pytest.fail(f"web.3 never came up: {states}")


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.test"}, {"Host": "127.0.0.1"}, {"Origin": "https://evil.test"}, {"Origin": "null"}]
)
def test_g8_another_host_or_another_sites_page_is_refused(server: Server, headers: dict[str, str]) -> None:
    status, body = ask(server, "GET", "/account", **headers)
    assert (status, body["id"]) == (403, "forbidden")


def test_g8_no_page_of_another_site_may_read_an_answer(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/auth/browser/x") as reply:
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


def test_g16_it_listens_on_loopback_only(server: Server) -> None:
    for listener in (server._http.socket, server._rendezvous._listener):
        assert listener.getsockname()[0] == "127.0.0.1"


def test_g10_a_port_in_use_is_named(server: Server, make_world: MakeWorld) -> None:
    with pytest.raises(PortTaken, match=f"port {server.port} of 127.0.0.1 cannot be used"):
        Server(make_world(), port=server.port)


def test_g15_a_real_token_is_taken_warned_about_and_written_nowhere(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    token = "HRKU-1b2c3d4e-real"
    request = urllib.request.Request(f"{server.url}/account", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as reply:
        assert "keep your real Heroku token out of it" in reply.headers["X-Heroku-Warning"]
    assert token not in "".join(capfd.readouterr())


def test_its_own_token_is_not_warned_about(server: Server) -> None:
    token = server.environment["HEROKU_API_KEY"]
    request = urllib.request.Request(f"{server.url}/account", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as reply:
        assert "X-Heroku-Warning" not in reply.headers


def test_log_and_attach_addresses_hold_secrets_nobody_can_guess(make_world: MakeWorld) -> None:
    found = []
    for _ in range(2):
        with Server(make_world()) as server:
            found.append(ask(server, "POST", "/apps/example-app/log-sessions", {})[1]["logplex_url"])
            found.append(
                ask(server, "POST", "/apps/example-app/dynos", {"command": "x", "attach": True})[1]["attach_url"]
            )
    secrets = [url.rpartition("/")[2].partition("?")[0] for url in found]
    assert len(set(secrets)) == 4
    assert min(map(len, secrets)) >= 40


def test_no_key_stays_in_a_file_and_the_folder_goes(make_world: MakeWorld) -> None:
    server = Server(make_world())
    folder = Path(server.environment["SSL_CERT_FILE"]).parent
    with server:
        assert [path.name for path in folder.iterdir()] == ["trusted.pem"]
        assert b"PRIVATE KEY" not in (folder / "trusted.pem").read_bytes()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


@pytest.mark.parametrize("accept", ["text/plain", "text/event-stream"])
def test_a_tail_over_a_socket_is_chunked_and_follows(server: Server, accept: str) -> None:
    session = ask(server, "POST", "/apps/example-app/log-sessions", {"tail": True, "lines": 1})[1]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", session["logplex_url"].removeprefix(server.url), headers={"Accept": accept})
    reply = connection.getresponse()
    assert reply.headers["Transfer-Encoding"] == "chunked"
    with server.state.lock:
        server.world.say("example-app", "web.1", "over the wire")
    while b"over the wire" not in (line := reply.readline()):
        assert line
    reply.close()
    connection.close()


def test_a_reader_that_leaves_is_forgotten(server: Server) -> None:
    log = server.world.app("example-app").log
    session = ask(server, "POST", "/apps/example-app/log-sessions", {"tail": True})[1]
    path = session["logplex_url"].removeprefix(server.url)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        client.recv(1)
    until = time.monotonic() + 10
    while log._tails and time.monotonic() < until:
        with server.state.lock:
            server.world.say("example-app", "web.1", "is anybody there?")
        time.sleep(0.02)
    assert not log._tails


def test_leaving_ends_every_tail(make_world: MakeWorld) -> None:
    ended = threading.Event()
    with Server(make_world(), options=Options()) as server:
        session = ask(server, "POST", "/apps/example-app/log-sessions", {"tail": True})[1]

        def read() -> None:
            with urllib.request.urlopen(session["logplex_url"]) as reply:
                reply.read()
            ended.set()

        threading.Thread(target=read, daemon=True).start()
        while not server.world.app("example-app").log._tails:
            time.sleep(0.01)
    assert ended.wait(5)


def test_a_drain_on_this_machine_is_served(make_world: MakeWorld) -> None:
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver, Server(make_world(), speed=60) as server:
        threading.Thread(target=receiver.serve_forever, args=(0.05,), daemon=True).start()
        ask(server, "POST", "/apps/example-app/log-drains", {"url": f"http://127.0.0.1:{receiver.server_port}/"})
        until = time.monotonic() + 10
        while not any(b"drained" in body for body in bodies) and time.monotonic() < until:
            with server.state.lock:
                server.world.say("example-app", "web.1", "drained")
            time.sleep(0.1)
        receiver.shutdown()
    assert any(b"host app web.1 - drained\n" in body for body in bodies)


@pytest.mark.parametrize(
    ("states", "speed", "turned"),
    [
        (set(), 60, 30.0),
        ({"up"}, 60, 0.5),  # somebody is in a dyno: the world goes no faster than they do
        ({"starting", "up"}, 60, 0.5),
        ({"up"}, 0.5, 0.25),
        ({"starting"}, 60, MAX_STEP),  # small steps, so that a start is not leapt over
    ],
)
def test_how_far_the_world_is_turned(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, states: set[str], speed: float, turned: float
) -> None:
    with Server(make_world(), speed=speed) as server:
        monkeypatch.setattr(server._rendezvous, "states", lambda: states)
        assert server._due(0.5) == turned
