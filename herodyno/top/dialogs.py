"""The questions of the live view: whether a command is to be sent, its own confirmation, the keys."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from herodyno.render.clean import clean

HELP = """\
up, down     choose a dyno
s            sort by the next column
/            filter by words: web, crashed, v412
p            pause and go on
l            the log of the dyno alone, and back
r            restart the dyno (asks first)
x            stop the dyno (asks first)
Esc          leave a question, a filter
q            quit

REQ/S, ERRORS and P95 are of the last minute.
The verdict is on all lines held: 3 hours or 10,000 lines."""


class Question(ModalScreen[str | None]):
    """A text and a line to answer on. The answer is None when it was left with Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "leave")]

    def __init__(self, text: str, hint: str) -> None:
        super().__init__()
        self._text, self._hint = text, hint

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(styled_block(self._text))
            yield Input(placeholder=self._hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_leave(self) -> None:
        self.dismiss(None)


class Help(ModalScreen[None]):
    """The keys. Any of the keys that leave ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,enter", "leave", "leave")]

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(styled_block(HELP))

    def action_leave(self) -> None:
        self.dismiss(None)


def styled_block(text: str) -> Text:
    """Lines of cleaned text, folded by the screen."""
    return Text("\n").join(Text(clean(line)) for line in text.split("\n"))
