"""The interface of a format, and the two simplest formats: all that `logs` in a pipe needs to load."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.render.clean import clean

if TYPE_CHECKING:
    from herodyno.logs.query.field_reader import FieldReader

# All that is hostile in ASCII; a line end cannot stand inside a line.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Format:
    """How a log is written: `head`, then lines and marks, then `foot`."""

    head = ""
    shows_marks = False
    fields: FieldReader | None = None  # where a format shows fields that were asked for

    def line(self, line: LogLine) -> str:
        """One line of log."""
        raise NotImplementedError

    def mark(self, mark: Mark) -> str:
        """A mark between two lines; most formats leave it out."""
        return ""

    def lines(self, items: Sequence[LogLine | Mark]) -> str:
        """Lines and marks in one piece."""
        return "".join([self.line(item) if isinstance(item, LogLine) else self.mark(item) for item in items])

    def foot(self, seen: LogSummary) -> str:
        """What ends the log; `seen` is all that was read."""
        return ""

    @property
    def note(self) -> str:
        """What a reader should know beside the log, "" for nothing."""
        return self.fields.missing.note if self.fields else ""


class Plain(Format):
    """The line as it came, indentation, tabs and empty messages kept; control characters made visible."""

    def line(self, line: LogLine) -> str:
        return visible(line.raw) + "\n"

    def lines(self, items: Sequence[LogLine | Mark]) -> str:
        """One search over all lines is enough where nothing is to be made visible, as is usual."""
        text = "\n".join([item.raw for item in items if isinstance(item, LogLine)])
        return text + "\n" if text and text.isascii() and not _CONTROL.search(text) else super().lines(items)


class PlainOfApps(Plain):
    """The same behind the app's name, as Docker Compose writes services: "shop-web | LINE"."""

    def line(self, line: LogLine) -> str:
        return f"{visible(line.app)} | {super().line(line)}"

    def lines(self, items: Sequence[LogLine | Mark]) -> str:
        return Format.lines(self, items)


class Raw(Plain):
    """The line as it came, control characters and all. What was no UTF-8 is U+FFFD."""

    def line(self, line: LogLine) -> str:
        return line.raw + "\n"


def visible(text: str) -> str:
    """The text with everything harmful made visible, tabs kept."""
    return "\t".join(map(clean, text.split("\t"))) if "\t" in text else clean(text)
