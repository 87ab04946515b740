"""A client made for a misbehaving server: its sleeps take no time, and what it said is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from herodyno.heroku.api.transport import Transport
from tests.heroku.faults import FaultServer, Script, faults, reply

TOKEN = "HRKU-canary-1234"
OK = reply(200, [{"name": "web.1"}])


def error(status: int, error_id: str = "some_id", message: str = "Heroku's own words.", **headers: object) -> Script:
    return reply(status, {"id": error_id, "message": message}, **headers)


class Client:
    """A Transport whose sleeps take no time, and what it said."""

    def __init__(self, server: FaultServer, **options: Any) -> None:
        self.slept: list[float] = []
        self.notes: list[str] = []
        options = {"sleep": self.slept.append, "note": self.notes.append, "token_source": "HEROKU_API_KEY", **options}
        self.transport = Transport(server.url, TOKEN, **options)


@contextmanager
def client(*scripts: Script, **options: Any) -> Iterator[tuple[Client, FaultServer]]:
    with faults(*scripts) as server:
        made = Client(server, **options)
        try:
            yield made, server
        finally:
            made.transport.close()


class Clock:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
