"""Foreign text is visible and harmless: nothing in it moves, colours, hides or reorders."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.render.clean import clean

# One of each kind of attack seen in terminals and log viewers.
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


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_on_its_line_and_shows_what_it_holds(text: str) -> None:
    shown = clean(text)
    assert shown.isprintable()
    screen = pyte.Screen(80, 3)
    screen.title = "ours"
    pyte.Stream(screen).feed("before\r\n" + shown)
    assert screen.display[0].rstrip() == "before"
    assert screen.display[1].rstrip() == shown.rstrip()
    assert screen.title == "ours"


def test_markup_an_escape_and_a_reversal_come_out_as_they_can_be_read() -> None:
    line = "app[web.1]: [red]x[/x] \x1b[2J \u202e :smile:"
    assert clean(line) == "app[web.1]: [red]x[/x] ^[[2J \\u{202e} :smile:"


def test_ordinary_text_is_left_alone() -> None:
    assert clean("GET /café – 日本語 100 % 👍") == "GET /café – 日本語 100 % 👍"


@given(st.text())
def test_any_text_comes_out_printable_and_a_second_cleaning_changes_nothing(text: str) -> None:
    shown = clean(text)
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in shown)
    assert clean(shown) == shown
