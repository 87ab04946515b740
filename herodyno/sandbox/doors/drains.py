"""Log drains on this machine: posts frames as Logplex does, and posts them again when the receiver refuses.

Lines for a drain on another host are dropped, because a sandbox talks to no other host. The requests are as receivers
of Heroku's drains describe them: application/logplex-1, octet-counted frames, Logplex-* headers.
"""

from __future__ import annotations

import http.client
import threading
import uuid
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from herodyno.sandbox.api.state import State
from herodyno.sandbox.heroku_facts import DRAIN_TRIES
from herodyno.sandbox.world.log_buffer import LogEntry, Tail
from herodyno.sandbox.world.log_formats import frames
from herodyno.sandbox.world.resources import App, Drain
from herodyno.sandbox.world.world import World

DELIVERY_INTERVAL = 1.0  # seconds between two deliveries
ANSWER_TIMEOUT = 5.0  # seconds for the response of a receiver
LARGEST_BATCH = 500  # lines
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}

Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(slots=True)
class _Queue:
    """The lines of one drain: the tail they come from, those that wait, and the batch that is being delivered."""

    app: App
    drain: Drain
    tail: Tail
    waiting: list[LogEntry] = field(default_factory=list)
    batch: list[LogEntry] = field(default_factory=list)
    frame_id: str = ""
    tries: int = 0


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST to the URL of a drain. Return the HTTP status, 0 without a response.

    User and password of the URL are sent as basic authentication, as Logplex does.
    """
    parts = urlsplit(url)
    if parts.password is not None:
        words = f"{unquote(parts.username or '')}:{unquote(parts.password)}"
        headers = {**headers, "Authorization": f"Basic {b64encode(words.encode()).decode()}"}
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=ANSWER_TIMEOUT)
    try:
        connection.request("POST", f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", body, headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Delivery:
    """Delivers the lines of all local drains. `post` sends one request, so that a test can stand in for a receiver."""

    def __init__(self, world: World, state: State, post: Post = post) -> None:
        self._world, self._state, self._post = world, state, post
        self._queues: dict[str, _Queue] = {}

    def run(self, stopped: threading.Event) -> None:
        """Deliver every DELIVERY_INTERVAL seconds until `stopped`."""
        while not stopped.wait(DELIVERY_INTERVAL):
            self.deliver()

    def deliver(self) -> None:
        """Deliver what waits for every drain, once."""
        with self._state.lock:
            self._follow_new_drains()
            for queue in self._queues.values():
                queue.waiting += queue.tail.take()
        for queue in list(self._queues.values()):
            while (queue.batch or queue.waiting) and self._deliver(queue):
                pass

    def _follow_new_drains(self) -> None:
        there = {drain.id: (app, drain) for app in self._world.apps.values() for drain in app.drains}
        for drain_id, (app, drain) in there.items():
            if drain_id not in self._queues and is_local(drain.url):
                self._queues[drain_id] = _Queue(app, drain, app.log.follow())
        for drain_id in self._queues.keys() - there.keys():
            queue = self._queues.pop(drain_id)
            queue.app.log.unfollow(queue.tail)

    def _deliver(self, queue: _Queue) -> bool:
        """Post a batch, again and again until it is accepted or dropped. True when the next can be sent now."""
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
        accepted = 200 <= self._post(queue.drain.url, frames(queue.batch), headers) < 300
        if not accepted and queue.tries < DRAIN_TRIES:
            return False
        if not accepted:
            with self._state.lock:
                self._world.lose_drain_lines(queue.app.name, queue.drain, len(queue.batch))
        queue.batch = []
        return accepted


def is_local(url: str) -> bool:
    """Whether the sandbox sends to this address."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
