"""What `archive receive` takes, each frame on the disk before its answer: frames a second, the wait for an answer.

Clients and receiver share the machine. A frame is repeated by none of them. The disk alone is a row of its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.drains.changes import new_password
from tests.bench.commands import herodyno
from tests.bench.descendants import cpu_of
from tests.bench.measure import surroundings
from tests.bench.rows import table

HEADINGS = [
    "frames", "connections", "frames a second", "messages a second", "MB a second", "half answered in", "99 %",
    "cpu a frame",
]  # fmt: skip
MESSAGE = b"<158>1 2026-03-02T12:00:00.000000+00:00 host heroku router - " + b"at=info method=GET path=/ " * 6 + b"\n"
SECONDS = 5.0
LARGE, SMALL = 430, 10  # messages of a frame; Logplex fills about 100 KB when there is much to send
_READY = re.compile(r"receiving at http://127\.0\.0\.1:(\d+)/")


class Rate(NamedTuple):
    """Frames in the time, the seconds until each answer, sorted, and the receiver's processor time in seconds."""

    frames: int
    seconds: float
    waits: list[float]
    cpu: float


def compare() -> str:
    """The table."""
    rows = []
    for messages, connections in ((LARGE, 1), (LARGE, 8), (SMALL, 8), (SMALL, 64)):
        body = (b"%d " % len(MESSAGE) + MESSAGE) * messages
        with tempfile.TemporaryDirectory() as folder:
            found = _measured(Path(folder), body, messages, connections)
        pace = found.frames / found.seconds
        rows.append(
            [f"{messages} messages, {len(body) / 1000:,.0f} KB", str(connections), f"{pace:,.0f}",
             f"{pace * messages:,.0f}", f"{pace * len(body) / 1e6:,.0f}",
             _shown(found.waits, 0.5), _shown(found.waits, 0.99), f"{found.cpu / found.frames * 1e6:,.0f} µs"]
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        alone = sorted(_synced(Path(folder)) for _ in range(100))
    rows.append(["the disk alone: 100 KB, fdatasync", "", "", "", "", _shown(alone, 0.5), _shown(alone, 0.99), ""])
    return table(HEADINGS, rows)


def _measured(folder: Path, body: bytes, messages: int, connections: int) -> Rate:
    password = new_password(folder / "archive", "bench", app="example-app")
    words = [*herodyno("archive", "receive"), "--archive", str(folder / "archive"), "--port", "0", "--no-compact"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=surroundings(str(folder))) as receiver:
        assert receiver.stderr
        ready = _READY.search(receiver.stderr.readline())
        assert ready
        authorization = b64encode(f"bench:{password}".encode())
        waits: list[list[float]] = [[] for _ in range(connections)]
        end = time.monotonic() + SECONDS
        senders = [
            threading.Thread(target=_send, args=(int(ready[1]), body, messages, authorization, number, each, end))
            for number, each in enumerate(waits)
        ]
        before, began = cpu_of(receiver.pid), time.monotonic()
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        spent = time.monotonic() - began
        cpu = cpu_of(receiver.pid) - before
        receiver.send_signal(signal.SIGINT)
    return Rate(sum(map(len, waits)), spent, sorted(wait for each in waits for wait in each), cpu)


def _send(
    port: int, body: bytes, messages: int, authorization: bytes, number: int, waits: list[float], end: float
) -> None:
    """One connection of Logplex: the next frame when the one before is answered."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (now := time.monotonic()) < end:
            head = b"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nLogplex-Frame-Id: %d-%d\r\n" % (
                authorization, number, len(waits),
            )  # fmt: skip
            head += b"Logplex-Drain-Token: d.%d\r\nLogplex-Msg-Count: %d\r\nContent-Length: %d\r\n\r\n" % (
                number, messages, len(body),
            )  # fmt: skip
            connection.sendall(head + body)
            answer = connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 204"), answer
            waits.append(time.monotonic() - now)


def _synced(folder: Path) -> float:
    descriptor = os.open(folder / "alone", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    began = time.monotonic()
    os.write(descriptor, bytes(100_000))
    getattr(os, "fdatasync", os.fsync)(descriptor)
    spent = time.monotonic() - began
    os.close(descriptor)
    return spent


def _shown(waits: list[float], share: float) -> str:
    return f"{statistics.quantiles(waits, n=100, method='inclusive')[round(share * 100) - 1] * 1000:.1f} ms"


if __name__ == "__main__":
    sys.stdout.write(compare() + "\n")
