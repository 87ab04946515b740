"""The server: uvicorn around the endpoint, until a signal; while the disk takes nothing it does not listen.

Source of the order on a full disk: Logplex counts a refused connection as no try of a frame, any answer as one.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from herodyno.archive.drains.live import LiveDrains
from herodyno.archive.journal import Journal
from herodyno.archive.receive.commits import Commits
from herodyno.archive.receive.counters import Counters
from herodyno.archive.receive.endpoint import Endpoint
from herodyno.archive.receive.listening import connections_possible, listen
from herodyno.archive.receive.metrics import AT_WORK, FREE, SIZE, STARTED, UNCOMPACTED, WAITING
from herodyno.archive.receive.remembered import Remembered
from herodyno.errors import Refused
from herodyno.heroku_facts import DRAIN_IDLE_SECONDS
from herodyno.openmetrics import Samples
from herodyno.operations.state_files import replace_file

# Ours. Longer than Logplex, which then closes first: a frame never meets a connection that is just being closed.
KEEP_ALIVE_SECONDS = DRAIN_IDLE_SECONDS + 6
HEAD_SECONDS = 30.0  # ours: for the head of a first request
MOST_CONNECTIONS = 20_000  # ours: each drain has one from each node of Logplex
LOOK_SECONDS = 1.0  # ours: between two looks at a full disk
ROOM_BYTES = 64 << 20  # ours: it listens again when so much is free


class Address(NamedTuple):
    """Where to listen, and the files of a certificate and its key, both "" without TLS."""

    host: str
    port: int
    cert: str = ""
    key: str = ""


class Receiver:
    """The receiver of one archive. Made, it holds the journal and the port. Raises JournalTaken, Refused, OSError.

    `every_second` is called in the loop. What it raises ends the receiver. `more` gives what `/metrics` has beside
    what the receiver knows.
    """

    def __init__(
        self,
        archive: Path,
        address: Address,
        every_second: Callable[[Counters], None],
        more: Callable[[], Samples] = Samples,
    ) -> None:
        self.counters = Counters()
        self._drains = LiveDrains(archive)
        self._every_second = every_second
        self._more = more
        self._started = time.time()
        self._address = address
        self._is_ended = False
        self._uvicorn: uvicorn.Server | None = None
        self._journal = Journal(archive / "journal")
        self._journal.take()
        self._socket: socket.socket | None = None
        try:
            remembered = Remembered.of(self._journal)
            self._commits = Commits(self._journal.append, remembered, self._disk_failed)
            self._endpoint = Endpoint(lambda: self._drains.now, self._commits, self.counters, self._samples)
            self._socket = listen(address.host, address.port)
            self.port: int = self._socket.getsockname()[1]
            self._config = self._configured()
        except BaseException:
            self.close()
            raise

    def run(self) -> None:
        """Receive until `end`, or until a signal, which is raised again after the last answer."""
        with asyncio.Runner(loop_factory=self._config.get_loop_factory()) as runner:
            runner.run(self._run())

    def end(self) -> None:
        """Answer what is begun, and return from `run`. May be called in any thread."""
        self._is_ended = True
        if self._uvicorn:
            self._uvicorn.should_exit = True

    def close(self) -> None:
        """Seal the journal and free the port."""
        if self._socket:
            self._socket.close()
        self._journal.close()

    def _configured(self) -> uvicorn.Config:
        config = uvicorn.Config(
            self._endpoint,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",  # what is worth saying is said by the counters
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=10,
            timeout_notify=1,
            callback_notify=self._tick,
            ssl_certfile=self._address.cert or None,
            ssl_keyfile=self._address.key or None,
        )
        try:
            config.load()
        except OSError as error:
            raise Refused(f"--cert and --key cannot be used: {error.strerror or error}") from None
        config.http_protocol_class = _bounded(config.http_protocol_class, connections_possible(MOST_CONNECTIONS))
        return config

    async def _run(self) -> None:
        try:
            self._look_at_start()
            while not self._is_ended:
                if not self.counters.trouble:
                    self._socket = self._socket or listen(self._address.host, self.port)
                    self._uvicorn = uvicorn.Server(self._config)
                    self._uvicorn.should_exit = self._is_ended  # `end` may have come meanwhile
                    taken, self._socket = self._socket, None
                    await self._uvicorn.serve(sockets=[taken])
                while self.counters.trouble and not self._is_ended:
                    await self._tick()
                    await asyncio.sleep(LOOK_SECONDS)
                    await asyncio.to_thread(self._look_for_room)
        finally:
            await asyncio.to_thread(self._commits.close)

    async def _tick(self) -> None:
        self.counters.trouble_with_drains = self._drains.refresh()
        self._commits.after(self._journal.seal_old)
        self._every_second(self.counters)

    def _samples(self) -> Samples:
        """What `/metrics` has beside the counters. Called in a thread of its own."""
        samples = Samples()
        samples.add(STARTED, self._started)
        samples.add(WAITING, self._commits.waiting_bytes)
        samples.add(AT_WORK, self._commits.seconds_at_work())
        with suppress(OSError):  # the disk may be gone
            disk = shutil.disk_usage(self._journal.folder)
            samples.add(FREE, disk.free)
            samples.add(SIZE, disk.total)
            oldest = self._journal.waiting_since()
            samples.add(UNCOMPACTED, oldest.timestamp() if oldest else None)
        samples.merge(self._more())
        return samples

    def _disk_failed(self, error: Exception) -> None:
        self.counters.disk_failures += 1
        self.counters.trouble = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if self._uvicorn:
            self._uvicorn.should_exit = True

    def _look_at_start(self) -> None:
        """Close the port at once where the disk is full already."""
        if self._socket and shutil.disk_usage(self._journal.folder).free < ROOM_BYTES:
            self.counters.trouble = os.strerror(errno.ENOSPC)
            self._socket.close()
            self._socket = None

    def _look_for_room(self) -> None:
        """Listen again when the disk takes a file, has room, and has written what waits for it."""
        probe = self._journal.folder / "room"
        with suppress(OSError):
            replace_file(probe, os.urandom(4096))
            probe.unlink()
            if shutil.disk_usage(self._journal.folder).free >= ROOM_BYTES and not self._commits.is_full:
                self.counters.trouble = ""


def _bounded(protocol: Any, most: int) -> Any:
    """The protocol with a limit on connections, and on the time of one that says nothing."""

    class Bounded(protocol):  # type: ignore[misc] # uvicorn chooses the class by what is installed
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if len(self.connections) > most:
                transport.abort()
            else:
                asyncio.get_running_loop().call_later(HEAD_SECONDS, self._end_silent)

        def _end_silent(self) -> None:
            if self.cycle is None:
                self.transport.abort()

    return Bounded
