"""A frozen simulated Heroku on loopback, in a process of its own: the same bytes for every client, early or late.

It prints the environment its clients need as one line of JSON, and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors import certificate
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario

_PART_OF_THE_QUESTION = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_RANGE", "HTTP_ACCEPT", "CONTENT_LENGTH")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Slow:
    """The simulated Heroku, each reply `delay` seconds late. A reply is kept, so a call always gets the same bytes."""

    def __init__(self, inner: Application, delay: float) -> None:
        self.inner, self.delay = inner, delay
        self.kept: dict[tuple[str, ...], tuple[str, list[tuple[str, str]], list[bytes]]] = {}
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        time.sleep(self.delay)
        path = environ["PATH_INFO"]
        if path.startswith("/sessions/") or path.endswith("/log-sessions"):
            return self.inner(environ, start_response)
        key = tuple(environ.get(name, "") for name in _PART_OF_THE_QUESTION)
        if key not in self.kept:
            with self.lock:
                self.kept[key] = self._ask(environ)
        status, headers, body = self.kept[key]
        start_response(status, headers)
        return body

    def _ask(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], list[bytes]]:
        answer: list[Any] = []
        body = list(self.inner(environ, lambda status, headers: answer.extend((status, headers))))
        return answer[0], answer[1], body


def main() -> None:
    """Serve until standard input ends."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--dynos", type=int, default=4)
    words.add_argument("--delay-ms", type=float, default=0)
    words.add_argument("--tls", action="store_true")
    asked = words.parse_args()
    # 1,500 lines of log at least, whatever the number of dynos.
    world = scenario("healthy", dynos=asked.dynos, per_second=6.0, seconds=300.0 if asked.dynos <= 1000 else 30.0)
    with Server(world, speed=0.0, options=Options(rate_limit=10**9)) as server:
        server._http.app = Slow(server._http.app, asked.delay_ms / 1000)
        environment = server.environment
        if asked.tls:
            context, trusted = certificate.make(Path(environment["SSL_CERT_FILE"]).parent)
            server._http.socket = context.wrap_socket(server._http.socket, server_side=True)
            environment["SSL_CERT_FILE"] = str(trusted)
            environment["HEROKU_HOST"] = server.url.replace("http://127.0.0.1", "https://localhost")
        print(json.dumps(environment), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
