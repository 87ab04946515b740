"""The sandbox on loopback: API and log sessions over HTTP, rendezvous over TLS, drains, a clock turned at `speed`."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from herodyno.sandbox.api.state import Desk, Options
from herodyno.sandbox.doors import certificate
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.doors.rendezvous import Rendezvous
from herodyno.sandbox.doors.wsgi import Application, application
from herodyno.sandbox.world.world import World

TURN = 0.1  # seconds of real time between two turns of the world
LARGEST_STEP = 5.0  # of the world's seconds while a dyno is about to want its client
LONGEST_TURN = 1.0  # a machine that was asleep does not have to make up for it

# The official CLI's own switches: no usage data, no look for updates.
QUIET = {
    "DISABLE_TELEMETRY": "true",
    "HEROKU_SKIP_ANALYTICS": "1",
    "HEROKU_SKIP_NEW_VERSION_CHECK": "true",
    "HEROKU_DISABLE_AUTOUPDATE": "true",
}


class PortTaken(Exception):
    """Another program listens on the port that was asked for."""


class Server:
    """A served world. Use it as a context manager; `environment` is what clients must be given.

    `speed` is how many of the world's seconds pass in one real second; while somebody is attached to a one-off
    dyno it is one at most, because the patience of the platform is counted in the world's seconds.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        speed: float = 1.0,
        options: Options | None = None,
        use_real_shell: bool = False,
    ) -> None:
        self.world, self.speed = world, speed
        self._socket = _listening_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="herodyno-sandbox-"))
        context, self._trusted = certificate.make(self._folder)
        self.desk = Desk(account=world.account, secret=lambda: secrets.token_urlsafe(32), wait=self._wait)
        self._rendezvous = Rendezvous(world, self.desk, context, use_real_shell=use_real_shell)
        options = options or Options()
        self.desk.options = replace(
            options,
            # A real token has no business here: it is taken, kept nowhere, and its owner is told.
            warning_if_real="This is a sandbox: keep your real Heroku token out of it.",
            log_url=self.url,
            rendezvous=f"localhost:{self._rendezvous.port}",
            # Sessions are for people: they last in real time, however fast the world turns.
            session_opens=options.session_opens * max(1.0, speed),
            session_lasts=options.session_lasts * max(1.0, speed),
        )
        self._drains = Delivery(world, self.desk)
        self._stopped = threading.Event()
        self._turned = threading.Condition()
        self._http = self._http_server()

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the official CLI and herodyno; the first app of the world is the usual one."""
        return {
            "HEROKU_HOST": self.url,
            "HEROKU_API_KEY": f"HRKU-SANDBOX-{secrets.token_hex(8)}",
            "HEROKU_APP": next(iter(self.world.apps), ""),
            "HEROKU_PARTICLEBOARD_URL": self.url,
            "HEROKU_LOGIN_HOST": self.url,
            "HEROKU_STATUS_HOST": self.url,
            "SSL_CERT_FILE": str(self._trusted),
            "NODE_EXTRA_CA_CERTS": str(self._trusted),
            **QUIET,
        }

    def __enter__(self) -> Self:
        self._rendezvous.start()
        threading.Thread(target=self._turn, name="clock", daemon=True).start()
        threading.Thread(target=self._drains.run, args=(self._stopped,), name="drains", daemon=True).start()
        threading.Thread(target=self._http.serve_forever, args=(TURN,), name="http", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with self._turned:
            self._turned.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._rendezvous.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _http_server(self) -> BaseWSGIServer:
        guarded = _for_this_host_only(application(self.world, desk=self.desk), self.port)
        server = make_server(
            "127.0.0.1", self.port, guarded, threaded=True, request_handler=_Quiet, fd=self._socket.fileno()
        )
        self._socket.close()  # the server made a copy
        return server

    def _turn(self) -> None:
        last = time.monotonic()
        while not self._stopped.wait(TURN):
            now = time.monotonic()
            passed, last = min(now - last, LONGEST_TURN), now
            with self.desk.lock:
                self.world.tick(self._due(passed))
            with self._turned:
                self._turned.notify_all()

    def _due(self, passed: float) -> float:
        """How far to turn the world after `passed` real seconds."""
        states = self._rendezvous.states()
        if "up" in states:
            return passed * min(1.0, self.speed)
        due = passed * self.speed
        return min(due, LARGEST_STEP) if states else due

    def _wait(self) -> bool:
        with self._turned:
            self._turned.wait(timeout=1)
        return not self._stopped.is_set()


class _Quiet(WSGIRequestHandler):
    """Nothing of a request is written anywhere: its headers and paths hold secrets."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _listening_socket(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise PortTaken(f"port {port} of 127.0.0.1 cannot be used: {error.strerror}") from None


def _for_this_host_only(answer: Application, port: int) -> Application:
    """403 for a Host that is not this machine (DNS rebinding) and for pages of other sites."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        origin = environ.get("HTTP_ORIGIN", "")
        if environ.get("HTTP_HOST") in hosts and (not origin or origin.removeprefix("http://") in hosts):
            return answer(environ, start_response)
        body = json.dumps({"id": "forbidden", "message": "The sandbox answers only to this machine."}).encode()
        start_response("403 Forbidden", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return guarded
