"""Foreign text is visible and harmless: nothing in it moves, colours, hides or reorders."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.render.clean import clean
from tests.render.attacks import HOSTILE


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
