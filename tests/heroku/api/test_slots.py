"""Requests wait for a slot before their own time begins."""

from __future__ import annotations

import threading

import httpx

from herodyno.heroku.api.transport import Transport
from tests.conftest import TOKEN


class Together(httpx.BaseTransport):
    """Answers two requests once both are here, each in a second, and remembers how many were here at once."""

    def __init__(self) -> None:
        self.now = self.most = self.all = self.clock = 0
        self._lock = threading.Lock()
        self._both = threading.Barrier(2)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
        self._both.wait(20)
        with self._lock:
            self.now, self.clock = self.now - 1, self.clock + 1
        return httpx.Response(200, json={})


def test_no_more_requests_are_on_their_way_than_there_are_slots() -> None:
    pairs = Together()
    seconds = 8.0  # less than all of them take
    transport = Transport("", TOKEN, httpx_transport=pairs, seconds=seconds, now=lambda: pairs.clock)
    transport.slots = threading.BoundedSemaphore(2)
    threads = [threading.Thread(target=transport.request, args=("GET", "/apps")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (pairs.most, pairs.all, transport.calls) == (2, 16, 16)
