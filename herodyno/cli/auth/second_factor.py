"""The second-factor code: typed on the terminal without echo, or read from stdin with --otp-stdin."""

from __future__ import annotations

import os
import re
import sys

from herodyno.errors import TwoFactorNeeded, UsageError

# Digits of an app, letters of a hardware key, hyphens of recovery codes. A header takes no other characters.
_CODE = re.compile(r"[A-Za-z0-9-]{4,64}")
_LONGEST_LINE = 200


def ask_for_code(*, from_stdin: bool, may_ask: bool) -> str:
    """The code. Raises TwoFactorNeeded when nobody can be asked, UsageError for text that is no code."""
    if from_stdin:
        text = first_line_of_stdin()
    elif may_ask and sys.stdin.isatty():
        text = hidden("Two-factor code: ")
    else:
        raise TwoFactorNeeded(
            "Heroku wants a second factor, and nobody can be asked here",
            next_step="run it on a terminal, or send the code to the same command with --otp-stdin",
        )
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise UsageError("that is no second-factor code: letters, digits and hyphens, 4 to 64 of them")
    return code


def hidden(prompt: str) -> str:
    """A line from the terminal, typed without echo. Call it only on a terminal: elsewhere getpass echoes."""
    from getpass import getpass

    try:
        return getpass(prompt, stream=sys.stderr)
    except (KeyboardInterrupt, EOFError):  # the Enter key was not echoed: begin a line for the shell's prompt
        sys.stderr.write("\n")
        sys.stderr.flush()
        raise KeyboardInterrupt from None


def first_line_of_stdin() -> str:
    """The first line and not a byte more: the bytes after it belong to the command (`run` reads them)."""
    line = b""
    while len(line) < _LONGEST_LINE and not line.endswith(b"\n"):
        byte = _one_byte()
        if not byte:
            break
        line += byte
    return line.decode("utf-8", "replace").strip()


def _one_byte() -> bytes:
    try:
        return os.read(sys.stdin.fileno(), 1)
    except (OSError, ValueError):  # a stream without a descriptor, as in tests
        return sys.stdin.buffer.read(1)
