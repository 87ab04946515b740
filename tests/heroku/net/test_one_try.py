"""A try ends at its deadline, however slowly the other side speaks, and nothing given up is sent later."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from herodyno.errors import Unreachable, WriteUnclear
from tests.heroku.clients import OK, client
from tests.heroku.faults import Script, dribble, hang, head, raw


@pytest.mark.parametrize(
    ("row", "script"),
    [
        ("B16 never answers", hang),
        ("B16 hangs in mid-body", raw(head(200, content_length=500) + b"[", then=hang)),
        ("B17 dribbles the headers", dribble(b"HTTP/1.1 200 OK\r\nX: ")),
        ("B17 dribbles the body", dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n ", every=0.005)),
        ("B17 dribbles noise", dribble(b"x")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slow_server_is_left_at_the_deadline(row: str, script: Script, method: str) -> None:
    with client(script, seconds=0.3) as (made, server):
        began = datetime.now(UTC)
        with pytest.raises(WriteUnclear if method == "POST" else Unreachable, match="in time"):
            made.transport.request(method, "/account")
        assert datetime.now(UTC) - began < timedelta(seconds=1.5)
        assert len(server.asked) == 1


def test_a_write_given_up_while_connecting_is_never_sent_later() -> None:
    gate = threading.Event()

    def slow_name_server(*args: Any, **kwargs: Any) -> Any:
        gate.wait(5)
        return look_up(*args, **kwargs)

    look_up = socket.getaddrinfo
    with client(OK, seconds=0.2) as (made, server):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", slow_name_server)
            with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1 in time") as caught:
                made.transport.request("POST", "/apps/example-app/dynos")
            gate.set()
            _join_requests()
        assert type(caught.value) is Unreachable
        assert server.asked == []


def _join_requests() -> None:
    for thread in threading.enumerate():
        if thread.name == "herodyno-request":
            thread.join(5)
