"""A simulated app whose attached one-off dynos meet a rendezvous server that the test directs."""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import Application, application
from herodyno.sandbox.world.world import World
from tests.heroku.certificates import certificates
from tests.heroku.rendezvous_server import BANNER, Client, RendezvousServer, Script

APP = "example-app"
TOKEN = "HRKU-a-token-that-must-never-be-seen"  # made up: no token of Heroku's


@dataclass
class Stage:
    """The world, and the server to which every attach URL of it leads.

    `calls` are the API calls so far, `dyno` is the name of the last one-off dyno.
    """

    world: World
    server: RendezvousServer
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    attach_url: str = ""
    dyno: str = ""
    pause: float = 0.0
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = State(account=self.world.account, options=Options(rendezvous=f"localhost:{self.server.port}"))

    @property
    def application(self) -> Application:
        """The API, its calls noted; an attach URL of the test's own takes the place of the world's."""
        inner = application(self.world, state=self.state)

        def noted(environ: dict[str, Any], start_response: Any) -> Any:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            self.calls.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(body or b"{}")))
            replies = inner(environ, start_response)
            if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", f"/apps/{APP}/dynos"):
                return replies
            replies = list(replies)
            made = json.loads(b"".join(replies))
            self.dyno = made["name"]
            if not self.attach_url:
                return replies
            text = json.dumps(made | {"attach_url": self.attach_url}).encode()
            start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
            return [text]

        return noted

    def environ(self, host: str = "http://127.0.0.1:1") -> dict[str, str]:
        """Variables of a herodyno that talks to this stage."""
        return {
            "HEROKU_API_KEY": TOKEN,
            "HEROKU_APP": APP,
            "HEROKU_HOST": host,
            "SSL_CERT_FILE": str(certificates()["authority"]),
            "TERM": "xterm-256color",
        }

    @contextlib.contextmanager
    def served(self) -> Iterator[dict[str, str]]:
        """The API over HTTP for a process of its own; gives its environment."""

        class Quiet(WSGIRequestHandler):
            def log(self, type: str, message: str, *args: Any) -> None:
                pass

        http = make_server("127.0.0.1", 0, self.application, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            url = f"http://127.0.0.1:{http.port}"
            self.state.options = Options(rendezvous=f"localhost:{self.server.port}", log_url=url)
            yield self.environ(url)
        finally:
            http.shutdown()
            http.server_close()
            thread.join()

    def play(self, *scripts: Script) -> None:
        """What the next client meets, part after part."""

        def script(client: Client) -> None:
            for each in scripts:
                each(client)

        self.server.script = script

    @property
    def body(self) -> dict[str, Any]:
        """What the last POST of a dyno held."""
        return next(
            body for method, path, body in reversed(self.calls) if (method, path) == ("POST", f"/apps/{APP}/dynos")
        )

    @property
    def sent(self) -> str:
        return str(self.body["command"])

    @property
    def stopped(self) -> list[str]:
        """The dynos (by id or name) a stop was asked for."""
        return [path.split("/")[4] for _, path, _ in self.calls if path.endswith("/actions/stop")]

    def mark(self, status: int | str) -> bytes:
        """What the dyno's shell prints behind the command."""
        found = re.search(r"herodyno ([0-9a-f]{32}) ", self.sent)
        assert found
        return f"\x1eherodyno {found[1]} {status}\x1e".encode()

    def end(self, status: int | str) -> Script:
        return lambda client: client.send(self.mark(status))

    def shell(self, client: Client) -> None:
        """Run what was sent, in a real shell without a terminal, joined to the client."""
        client.send(BANNER)
        # The Heroku CLI throws away what comes with the first line.
        time.sleep(self.pause)
        ran = subprocess.Popen(["bash", "-c", self.sent], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert ran.stdin is not None
        assert ran.stdout is not None
        feeder = threading.Thread(target=_feed, args=(client, ran.stdin), daemon=True)
        feeder.start()
        with ran.stdout as output:
            while chunk := output.read1(65536):  # type: ignore[attr-defined] # the reader of a pipe has it
                client.send(chunk)
        ran.wait()
        client.sock.shutdown(socket.SHUT_WR)
        feeder.join()


def say(*parts: bytes) -> Script:
    """Output, each part in a packet of its own."""
    return lambda client: client.send(*parts)


def banner(client: Client) -> None:
    client.send(BANNER)


def hold(client: Client) -> None:
    """Stay silent until the client hangs up."""
    client.read_to_end()


def _feed(client: Client, stdin: Any) -> None:
    """Hand over the client's input up to the byte that says it has ended."""
    with contextlib.suppress(OSError), stdin:
        while chunk := client.sock.recv(65536):
            stdin.write(chunk.removesuffix(b"\x04"))
            stdin.flush()
            if chunk.endswith(b"\x04"):
                return
