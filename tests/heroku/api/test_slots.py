"""Requests wait for a slot before their own time begins."""

from __future__ import annotations

import threading
import time

import httpx

from herodyno.heroku.api.transport import Transport
from tests.conftest import TOKEN


class Slow(httpx.BaseTransport):
    """Answers after a while, and remembers how many requests were here at once."""

    def __init__(self) -> None:
        self.now = self.most = self.all = 0
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self._lock:
            self.now -= 1
        return httpx.Response(200, json={})


def test_no_more_requests_are_on_their_way_than_there_are_slots() -> None:
    slow = Slow()
    transport = Transport("", TOKEN, httpx_transport=slow, seconds=0.1)  # less than all of them take
    transport.slots = threading.BoundedSemaphore(2)
    threads = [threading.Thread(target=transport.request, args=("GET", "/apps")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (slow.most, slow.all, transport.calls) == (2, 16, 16)
