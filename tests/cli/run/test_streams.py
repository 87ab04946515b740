"""The process's own streams as bytes: every one is written; a terminal is wanted only where there is one."""

import io
import os
import sys
import threading

import pytest

from herodyno.cli.run.streams import streams_of_process


def test_a_descriptor_that_another_program_made_non_blocking_takes_every_byte() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    content = os.urandom(1 << 20)
    got = bytearray()

    def drain() -> None:
        while len(got) < len(content):
            got.extend(os.read(reading, 65536))

    thread = threading.Thread(target=drain)
    thread.start()
    with os.fdopen(writing, "wb") as output:
        streams_of_process(None, {}, output).write(content)
        thread.join()
    os.close(reading)
    assert got == content


def test_a_closed_stdout_is_an_error_when_written_to_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stdin", None)
    streams = streams_of_process(None, {})
    assert (streams.stdin, streams.wants_tty, streams.is_raw) == (None, False, False)
    with pytest.raises(OSError, match="stdout is closed"):
        streams.write(b"x")


def test_a_terminal_is_wanted_where_both_ends_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    outside, inside = os.openpty()
    with os.fdopen(inside, "r+b", buffering=0) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        assert streams_of_process(None, {"TERM": "xterm"}, terminal).is_raw
        assert not streams_of_process(False, {}, terminal).wants_tty
        piped = streams_of_process(None, {}, io.TextIOWrapper(io.BytesIO()))
        assert (piped.wants_tty, piped.is_raw, piped.env) == (False, False, {})
        forced = streams_of_process(True, {"TERM": "xterm"}, io.TextIOWrapper(io.BytesIO()))
        assert (forced.wants_tty, forced.is_raw, forced.env) == (True, True, {"TERM": "xterm"})
    os.close(outside)


def test_a_keyboard_is_raw_only_when_a_terminal_is_wanted_of_a_pipe_never(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        streams = streams_of_process(True, {}, io.TextIOWrapper(io.BytesIO()))
        assert (streams.stdin, streams.wants_tty, streams.is_raw) == (reading, True, False)
    os.close(writing)
