"""HTTPS log drains, on this machine only: what Logplex posts to a drain, delivered again when it was not taken.

Lines for a drain elsewhere go nowhere: a sandbox talks to nobody. Source of the shape: Heroku's drains as their
receivers describe them (application/logplex-1, octet-counted frames, Logplex-* headers).
"""

from __future__ import annotations

import http.client
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from herodyno.sandbox.api.state import Desk
from herodyno.sandbox.world.log_buffer import LogEntry, Tail
from herodyno.sandbox.world.nouns import App, Drain
from herodyno.sandbox.world.renderings import frames
from herodyno.sandbox.world.world import World

EVERY = 1.0  # seconds between two deliveries
TRIES = 3  # deliveries of one body before its lines are given up (L10); source: open Logplex
PATIENCE = 5.0  # seconds for an answer
LARGEST_BATCH = 500  # lines
HERE = {"127.0.0.1", "localhost", "::1"}

Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(slots=True)
class _Queue:
    """One drain's lines: the tail they come from, those that wait, and the batch under way."""

    app: App
    drain: Drain
    tail: Tail
    waiting: list[LogEntry] = field(default_factory=list)
    batch: list[LogEntry] = field(default_factory=list)
    frame_id: str = ""
    tries: int = 0


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST to a drain's URL: the status, or 0 when nothing answered."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", body, headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Delivery:
    """Delivers until `stopped`. `turn` does one round and is all that a test needs."""

    def __init__(self, world: World, desk: Desk, post: Post = post) -> None:
        self._world, self._desk, self._post = world, desk, post
        self._queues: dict[str, _Queue] = {}

    def run(self, stopped: threading.Event) -> None:
        while not stopped.wait(EVERY):
            self.turn()

    def turn(self) -> None:
        with self._desk.lock:
            self._follow_new_drains()
            for queue in self._queues.values():
                queue.waiting += queue.tail.take()
        for queue in list(self._queues.values()):
            while (queue.batch or queue.waiting) and self._deliver(queue):
                pass

    def _follow_new_drains(self) -> None:
        there = {drain.id: (app, drain) for app in self._world.apps.values() for drain in app.drains}
        for drain_id, (app, drain) in there.items():
            if drain_id not in self._queues and _is_here(drain.url):
                self._queues[drain_id] = _Queue(app, drain, app.log.follow())
        for drain_id in self._queues.keys() - there.keys():
            queue = self._queues.pop(drain_id)
            queue.app.log.unfollow(queue.tail)

    def _deliver(self, queue: _Queue) -> bool:
        """Send a batch, the same one again while it is not taken. True when there may be more to send now."""
        if not queue.batch:
            queue.batch, queue.waiting = queue.waiting[:LARGEST_BATCH], queue.waiting[LARGEST_BATCH:]
            queue.frame_id, queue.tries = uuid.uuid4().hex.upper(), 0
        headers = {
            "Content-Type": "application/logplex-1",
            "Logplex-Msg-Count": str(len(queue.batch)),
            "Logplex-Frame-Id": queue.frame_id,
            "Logplex-Drain-Token": queue.drain.token,
            "User-Agent": "Logplex/v72",
        }
        queue.tries += 1
        taken = 200 <= self._post(queue.drain.url, frames(queue.batch), headers) < 300
        if not taken and queue.tries < TRIES:
            return False
        if not taken:
            with self._desk.lock:
                self._world.lose_drain_lines(queue.app.name, queue.drain, len(queue.batch))
        queue.batch = []
        return taken


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in HERE
