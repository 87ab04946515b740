"""The sandbox on loopback: API and log sessions over HTTP, rendezvous over TLS, drains, and a running clock."""

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

from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors import certificate
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.doors.rendezvous import Rendezvous
from herodyno.sandbox.doors.telemetry import TelemetryDelivery
from herodyno.sandbox.doors.wsgi import Application, application
from herodyno.sandbox.world.world import World

TICK_INTERVAL = 0.1  # real seconds between two ticks of the world
MAX_STEP = 5.0  # seconds of the world in one tick while a dyno starts that awaits its client
MAX_REAL_STEP = 1.0  # real seconds that one tick makes up for; a machine may have been asleep for hours

# Switches of the official CLI: no usage data, no check for updates.
QUIET = {
    "DISABLE_TELEMETRY": "true",
    "HEROKU_SKIP_ANALYTICS": "1",
    "HEROKU_SKIP_NEW_VERSION_CHECK": "true",
    "HEROKU_DISABLE_AUTOUPDATE": "true",
}


class PortTaken(Exception):
    """The port that was asked for cannot be used."""


class Server:
    """A served world, as a context manager. `environment` holds the variables of its clients.

    `speed` is the count of seconds of the world in one real second. While a client is attached to a one-off dyno it is
    at most 1, because the time-outs of the platform are in seconds of the world. `port` 0 takes a free port.
    Raises PortTaken.
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
        self.state = State(account=world.account, secret=lambda: secrets.token_urlsafe(32), wait=self._wait)
        self._rendezvous = Rendezvous(world, self.state, context, use_real_shell=use_real_shell)
        options = options or Options()
        self.state.options = replace(
            options,
            # The sandbox accepts a real token, keeps it nowhere, and warns its owner.
            warning_if_real="This is a sandbox: keep your real Heroku token out of it.",
            log_url=self.url,
            rendezvous=f"localhost:{self._rendezvous.port}",
            # Log sessions last in real time at any speed, because people read them.
            session_opens=options.session_opens * max(1.0, speed),
            session_lasts=options.session_lasts * max(1.0, speed),
        )
        self._drains, self._telemetry = Delivery(world, self.state), TelemetryDelivery(world, self.state)
        self._stopped = threading.Event()
        self._ticked = threading.Condition()
        self._http = self._http_server()

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the official CLI and herodyno. HEROKU_APP is the first app of the world."""
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
        threading.Thread(target=self._run_clock, name="clock", daemon=True).start()
        for run in (self._drains.run, self._telemetry.run):
            threading.Thread(target=run, args=(self._stopped,), name="drains", daemon=True).start()
        threading.Thread(target=self._http.serve_forever, args=(TICK_INTERVAL,), name="http", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with self._ticked:
            self._ticked.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._rendezvous.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _http_server(self) -> BaseWSGIServer:
        guarded = _for_this_host_only(application(self.world, state=self.state), self.port)
        server = make_server(
            "127.0.0.1", self.port, guarded, threaded=True, request_handler=_Quiet, fd=self._socket.fileno()
        )
        self._socket.close()  # the server made a copy
        return server

    def _run_clock(self) -> None:
        last = time.monotonic()
        while not self._stopped.wait(TICK_INTERVAL):
            now = time.monotonic()
            passed, last = min(now - last, MAX_REAL_STEP), now
            with self.state.lock:
                self.world.tick(self._due(passed))
            with self._ticked:
                self._ticked.notify_all()

    def _due(self, passed: float) -> float:
        """Seconds of the world to tick after `passed` real seconds."""
        states = self._rendezvous.states()
        if "up" in states:
            return passed * min(1.0, self.speed)
        due = passed * self.speed
        return min(due, MAX_STEP) if states else due

    def _wait(self) -> bool:
        with self._ticked:
            self._ticked.wait(timeout=1)
        return not self._stopped.is_set()


class _Quiet(WSGIRequestHandler):
    """Writes nothing about a request: its headers and paths hold secrets."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _listening_socket(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise PortTaken(f"port {port} of 127.0.0.1 cannot be used: {error.strerror}") from None


def _for_this_host_only(answer: Application, port: int) -> Application:
    """Answer 403 to a Host that is not this machine (DNS rebinding) and to pages of other sites."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        origin = environ.get("HTTP_ORIGIN", "")
        if environ.get("HTTP_HOST") in hosts and (not origin or origin.removeprefix("http://") in hosts):
            return answer(environ, start_response)
        body = json.dumps({"id": "forbidden", "message": "The sandbox answers only to this machine."}).encode()
        start_response("403 Forbidden", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return guarded
