"""A process beside the receiver: it does its work look by look, at a lower priority, so that no sender waits for it.

What goes wrong in it is a line at the receiver's, never the receiver's end. It ends when the receiver does,
also when that is killed.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from typing import Any, Protocol, TypeAlias

from herodyno.errors import HerodynoError
from herodyno.openmetrics import Samples

# Both ours.
FRESH_SECONDS = 600.0  # for samples: a compaction may come between two looks
_LEAVE_SECONDS = 5.0  # for the process to end by itself


class Work(Protocol):
    """What the process does."""

    def look(self) -> None:
        """Do it once."""


# Takes a sentence for a person, or samples for `/metrics` in the place of those before.
Say: TypeAlias = Callable[[str | Samples], None]
# Makes the work, in the process.
MakeWork: TypeAlias = Callable[[Say], Work]


class ProcessBeside:
    """The process, from the receiver's side. `name` is what a person calls it."""

    def __init__(self, name: str, make: MakeWork, look_seconds: float) -> None:
        context: Any = get_context("spawn")  # a fork would copy the receiver's locks and its port
        self._told, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(name, make, look_seconds, sender, os.getpid()), daemon=True)
        self._name = name
        self._process.start()
        sender.close()
        self._is_gone = False
        self._samples, self._sampled = Samples(), 0.0

    def samples(self) -> Samples:
        """The newest samples; none when they are old, or the process is gone."""
        is_fresh = not self._is_gone and time.monotonic() - self._sampled < FRESH_SECONDS
        return self._samples if is_fresh else Samples()

    def told(self) -> list[str]:
        """What the process has said since the last call; once, that it is gone."""
        found: list[str] = []
        with suppress(EOFError, OSError):
            while not self._is_gone and self._told.poll():
                said = self._told.recv()
                if isinstance(said, Samples):
                    self._samples, self._sampled = said, time.monotonic()
                else:
                    found.append(said)
        if not self._is_gone and not self._process.is_alive():
            self._is_gone = True
            found.append(f"{self._name} has ended; the receiver goes on")
        return found

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join(_LEAVE_SECONDS)
        self._process.kill()
        self._process.join()
        self._told.close()


def trouble(name: str, work: Work) -> str:
    """Do the work once, and say in a line what went wrong, "" for nothing. No error ends the process: the next look may
    do."""
    try:
        work.look()
    except HerodynoError as error:
        return f"{name}: {error.message}"
    except OSError as error:
        return f"{name}: {error}"
    except Exception as error:
        said = str(error).partition("\n")[0]
        return f"{name}: a fault of herodyno: {type(error).__name__}: {said}"
    return ""


def _ended(*_: object) -> None:
    """End so that what lies in temporary folders, which is text of logs, goes too."""
    raise SystemExit(0)


def _work(name: str, make: MakeWork, look_seconds: float, sender: Any, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the receiver, which ends this process
    signal.signal(signal.SIGTERM, _ended)
    with suppress(OSError, AttributeError):
        os.nice(10)
    work, said = make(sender.send), ""
    while os.getppid() == parent:
        began = time.monotonic()
        found = trouble(name, work)
        if found and found != said:
            try:
                sender.send(found)
            except OSError:  # the receiver was killed during the look
                return
        said = found
        while os.getppid() == parent and time.monotonic() - began < look_seconds:
            time.sleep(min(1.0, look_seconds))
