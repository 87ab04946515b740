"""Text that attacks a terminal: one of each kind seen in terminals and log viewers. And what a terminal makes of it."""

from __future__ import annotations

from collections.abc import Sequence

import pyte

COLUMNS = 600

HOSTILE = {
    "clear the screen": "\x1b[2J",
    "move the cursor up": "\x1b[5A",
    "set the title": "\x1b]0;owned\x07",
    "a link to elsewhere": "\x1b]8;;file:///etc/passwd\x1b\\text\x1b]8;;\x1b\\",
    "write the clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "ask the terminal to answer": "\x1b[c",
    "device control string": "\x1bP+q544e\x1b\\",
    "application command": "\x1b_payload\x1b\\",
    "8-bit escape": "\x9b2J",
    "overwrite the line": "all is well\rnot so",
    "backspaces": "rm\x08\x08ls",
    "bell": "\x07",
    "null": "a\x00b",
    "delete": "a\x7fb",
    "line separator": "one\u2028two",
    "next line": "one\x85two",
    "reversed reading": "\u202egpj.exe",
    "isolated reading": "\u2066abc\u2069",
    "zero width": "ad\u200bmin",
    "soft hyphen": "ad\xadmin",
    "byte order mark": "\ufeffx",
    "tag characters": "x\U000e0041",
    "lone surrogate": "\ud800",
    "a line feed inside a record": "one\ntwo",
}


def assert_nothing_moves(lines: Sequence[str]) -> None:
    """A terminal emulator shows these lines as they are: none moved the cursor, wrote elsewhere or set the title."""
    terminal = pyte.Screen(COLUMNS, len(lines) + 5)
    pyte.Stream(terminal).feed("\r\n".join(lines))
    assert [row.rstrip() for row in terminal.display[: len(lines)]] == [line.rstrip() for line in lines]
    assert (terminal.title, terminal.cursor.y) == ("", len(lines) - 1)
