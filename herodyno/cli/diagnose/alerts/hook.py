"""The command that an alert runs: no shell, the alert on its stdin, ended with its process group when time is up."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Thread, current_thread, main_thread
from typing import IO, NamedTuple

# Ours: seconds for the command, and then to end by itself once it is asked to.
HOOK_SECONDS = 60.0
GRACE_SECONDS = 2.0
MOST_BYTES = 4000  # kept of what the command prints


class Ended(NamedTuple):
    """How the command ended. `failure` is "" when it succeeded. `said` is the beginning of what it printed."""

    failure: str
    seconds: float
    said: str = ""


def run_hook(argv: Sequence[str], given: bytes, environ: Mapping[str, str]) -> Ended:
    """Run the command with `given` on its stdin. Whatever ends this process by an exception ends the command too."""
    began, process, said = time.monotonic(), None, bytearray()
    try:
        with tempfile.TemporaryFile() as stdin, _signals_put_off():  # a pipe would block where nobody reads
            stdin.write(given)
            stdin.seek(0)
            process = subprocess.Popen(  # noqa: S603 - the user's own words, no shell
                list(argv),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                start_new_session=True,
            )
            reader = Thread(target=_keep, args=(process.stdout, said), daemon=True)
            reader.start()
        status: int | None = process.wait(HOOK_SECONDS)
    except (OSError, ValueError) as error:
        return Ended(f"cannot be run: {getattr(error, 'strerror', None) or error}", 0.0)
    except subprocess.TimeoutExpired:
        status = None
    finally:
        if process is not None:
            _end(process)
    reader.join(GRACE_SECONDS / 10)  # a process that it left behind may hold its stdout for ever
    return Ended(_failure(status), time.monotonic() - began, bytes(said).decode("utf-8", "replace"))


@contextmanager
def _signals_put_off() -> Iterator[None]:
    """Handle signals at the end of the block: between its start and its name, a process could not be ended."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    handlers = {number: each for number in numbers if callable(each := signal.getsignal(number))}
    came: list[int] = []
    if current_thread() is not main_thread():  # signals are handled elsewhere
        handlers = {}
    try:
        for number in handlers:
            signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for number in came:
        handlers[number](number, None)


def _failure(status: int | None) -> str:
    if status is None:
        return f"did not end within {HOOK_SECONDS:g} s and was ended"
    if status < 0:
        return f"was ended by signal {-status}"
    return f"ended with status {status}" if status else ""


def _keep(stdout: IO[bytes] | None, said: bytearray) -> None:
    """Read all that the command prints, so that it never waits, and keep the beginning."""
    if stdout is None:
        return
    with suppress(OSError, ValueError), stdout:
        while piece := os.read(stdout.fileno(), 65536):
            said += piece[: MOST_BYTES - len(said)]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that still runs, and what it started. What left its process group goes on."""
    if process.poll() is not None:
        return
    try:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    finally:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()
