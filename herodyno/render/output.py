"""The one port for output: stdout holds the answer, stderr what is said about the work."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Literal, TextIO

from herodyno.errors import CUT, HerodynoError, Refused, shortened
from herodyno.render.clean import clean
from herodyno.render.streams import Streams
from herodyno.render.text import ASCII, Block, Line, cleaned, cut, lay_out, plain

if TYPE_CHECKING:
    from herodyno.render.in_place.frame import Frame
    from herodyno.render.in_place.progress import ShowsProgress

_COMMAND_AT_END = re.compile(r"(?<=: )(?:herodyno|heroku) [^;]*$")
_HELD_BLANK = "\x00"
_ERASE_LINE = "\r\x1b[2K"
_NUMBERS = {int, float, type(None)}
_on_one_line = json.JSONEncoder().encode


class ReaderGone(Exception):
    """The reader of stdout closed it (`| head`): stop quietly."""


class OutputLost(Refused):
    """The answer could not be written: a full disk, a closed stdout."""


class Output(Streams):
    """Where a command shows its answer. The options set `wants_json`, `color`, `utc` and `quiet`.

    Not a terminal: no colour, no wrapping, one record per line. Text given here may be foreign; it is
    cleaned on the way (`json` escapes it instead).
    """

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None, environ: Mapping[str, str]) -> None:
        super().__init__(stdout, stderr, environ)
        self._secrets: set[str] = set()
        self._in_place = False
        self._said = ""
        self._frame: Frame | None = None

    @classmethod
    def of_process(cls, environ: Mapping[str, str] = os.environ) -> Output:
        """The output of this process. Bytes a stream cannot encode are written as backslash escapes."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="backslashreplace")
        return cls(sys.stdout, sys.stderr, environ)

    def prepare(self) -> None:
        """Load what showing will need; commands do it while they wait for the network."""
        if self.uses_color and not self.wants_json:
            import herodyno.render.terminal  # noqa: F401 - the import is the work

    def show(self, *blocks: Block) -> None:
        """Show tables and lines, an empty line between two blocks."""
        self.lines(lay_out(blocks, self.width if self.is_terminal else None))

    def lines(self, lines: Iterable[Line]) -> None:
        """Show lines as they stand."""
        self._write("".join(f"{text}\n" for text in self._written(lines)))

    def frame(self, lines: Sequence[Line]) -> None:
        """Show lines in the place of the frame before, as many as the terminal holds; see `draws_frames`."""
        from herodyno.render.in_place.frame import Frame, fitted

        self._frame = self._frame or Frame()
        size = self.width, self.height
        shown = fitted([cleaned(line) for line in lines], self.width, max(1, self.height - 1))
        with self._frame.lock:
            self._write(self._frame.drawn(self._written(shown), size))

    def _written(self, lines: Iterable[Line]) -> list[str]:
        written = plain
        if self.uses_color:
            from herodyno.render.terminal import colored

            written = colored
        texts = [written(cleaned(line)) for line in lines]
        return texts if self.unicode else [text.translate(ASCII) for text in texts]

    def stream(self, lines: Iterable[Line]) -> None:
        """Show lines one by one, each flushed."""
        for line in lines:
            self.lines([line])

    def write(self, text: str) -> None:
        """Show text that is clean and ends its lines, as the formats of `logs` write it. Flushed."""
        self._write(text)

    def json(self, document: Any) -> None:
        """One JSON document on stdout, indented. Everything beyond ASCII is escaped, so it needs no cleaning."""
        self._write(indented(document) + "\n")

    def note(self, text: str) -> None:
        """Say something about the work, on stderr; silent with --quiet."""
        if not self.quiet:
            self._talk(text)

    def progress(self, text: str) -> None:
        """Say where long work stands: in place where stderr is a terminal, else on a line of its own.

        On a line of its own, what stands after " - " (a countdown) is left out, and nothing is said twice in a row.
        """
        if self.quiet or self._stderr is None:
            return
        if not self._stderr.isatty() or self._environ.get("TERM") == "dumb":
            if (lasting := text.partition(" - ")[0]) != self._said:
                self._said = lasting
                self._talk(lasting)
            return
        width = shutil.get_terminal_size((80, 24)).columns
        self._put_in_place(cut(clean(text), width - 1))

    def progress_bar(self, title: str, *, unit: Literal["bytes", "seconds"] = "bytes") -> ShowsProgress:
        """What long work calls with how much is done and how much there is, from when it begins.

        A bar is drawn in place once the work has taken a second; whatever is said next takes its place.
        Nothing is drawn where stderr is no terminal or a dumb one, or with --quiet.
        """
        from herodyno.render.in_place.progress import Bar, show_nothing

        if self._stderr is None or not self.shows_progress:
            return show_nothing
        return Bar(title, self._put_in_place, stream=self._stderr, color=self.uses_color, unit=unit)

    def waiting_for(self, what: str) -> AbstractContextManager[object]:
        """On a terminal, say what a slow call waits for. Entered around each call, in whichever thread."""
        if not self.shows_progress:
            return nullcontext()
        from herodyno.render.in_place.patience import Patience

        return Patience(lambda: self._say_in_place(f"waiting for {what}"), self.end_progress)

    def _say_in_place(self, text: str) -> bool:
        if self._in_place:  # the line that stands there says more
            return False
        self._put_in_place(clean(text))
        return True

    def _put_in_place(self, text: str) -> None:
        self._put(_ERASE_LINE + text)
        self._in_place = True

    def error(self, error: HerodynoError) -> None:
        """Say what went wrong and what to type next, on stderr; as a JSON document with --json."""
        if self.wants_json:
            self._talk(json.dumps(error_document(error)))
            return
        self._talk(f"herodyno: {error.message}")
        if error.next_step:
            self._talk(f"  {error.next_step}")

    def flush(self) -> None:
        """Push out what is buffered, so that a full disk or a closed pipe is noticed and not lost."""
        if self._stdout is None:  # whatever was to be written there has been refused
            self.end_progress()
        else:
            self._write("")

    def _write(self, text: str) -> None:
        self.end_progress()
        if self._stdout is None:
            raise OutputLost("cannot write the output: stdout is closed")
        try:
            self._stdout.write(text)
            self._stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise OutputLost(f"cannot write the output: {error.strerror or error}") from error

    def hide(self, secret: str) -> None:
        """Never say this secret on stderr, even when a proxy's error page or a library's exception quotes it."""
        if len(secret) >= 8:  # a shorter text is no secret, and its letters stand in other words
            self._secrets.add(secret)

    def masked(self, text: str) -> str:
        """The text with a mark in place of each hidden secret, also of one that was cut."""
        for secret in self._secrets:
            text = text.replace(secret, "[token]")
            for length in range(len(secret) - 1, 3, -1):  # a long word was cut within the secret
                text = text.replace(f"{secret[:length]}{CUT}", f"[token]{CUT}")
        return text

    def _talk(self, text: str) -> None:
        if self._frame is None:
            self._say(text)
            return
        with self._frame.lock:
            self._write(self._frame.erased())
            self._say(text)
            self._write(self._frame.again())

    def _say(self, text: str) -> None:
        self.end_progress()
        text = self.masked(text)
        # A JSON document is whole, or no JSON. Its texts are short already.
        parts = [text] if text.startswith("{") else [shortened(part) for part in text.split("\n")]
        self._put("".join(f"{piece}\n" for part in parts for piece in self._at_words(clean(part))))

    def _at_words(self, text: str) -> list[str]:
        """The text folded at words where a person reads it. A command at its end stays in one piece."""
        width = shutil.get_terminal_size((80, 24)).columns
        if len(text) <= width or text.startswith("{") or self._stderr is None or not self._stderr.isatty():
            return [text]
        from textwrap import wrap  # few notes are so long, and start-up counts

        indent = " " * (len(text) - len(text.lstrip()) or 2)
        held = _COMMAND_AT_END.sub(lambda found: found[0].replace(" ", _HELD_BLANK), text)
        pieces = wrap(held, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        return [piece.replace(_HELD_BLANK, " ") for piece in pieces]

    def end_progress(self) -> None:
        """Take back a line that stands in place."""
        if self._in_place:
            self._in_place = False
            self._put(_ERASE_LINE)

    def _put(self, text: str) -> None:
        if self._stderr is None:
            return
        try:
            self._stderr.write(text)
            self._stderr.flush()
        except OSError:  # stderr is gone; Python would complain about it once more while it exits
            _forget(self._stderr)
            self._stderr = None


def _forget(stream: TextIO) -> None:
    """Let what is still in a stream's buffer go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def indented(value: Any, margin: str = "\n") -> str:
    """The JSON of a value, indented, but a list of numbers on one line. `margin` is a line feed and the spaces before.

    The encoder of `json` that is compiled does not indent. So it writes what stands on one line.
    """
    inner = f"{margin}  "
    if isinstance(value, Mapping) and value:
        names = (key if isinstance(key, str) else _on_one_line(key) for key in value)
        parts = [
            f"{_on_one_line(name)}: {indented(part, inner)}" for name, part in zip(names, value.values(), strict=True)
        ]
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}"
    if isinstance(value, list | tuple) and value and not _NUMBERS.issuperset(map(type, value)):
        return f"[{inner}{f',{inner}'.join([indented(part, inner) for part in value])}{margin}]"
    return _on_one_line(value)


def error_document(error: HerodynoError) -> dict[str, Any]:
    """`herodyno.error/1`: the error as a script reads it."""
    document: dict[str, Any] = {
        "schema": "herodyno.error/1",
        "error": type(error).__name__,
        "exit_code": error.exit_code,
        "message": error.message,
        "next_step": error.next_step,
    }
    for name in ("error_id", "status", "request_id", "url", "app", "seconds"):
        value = getattr(error, name, None)
        if value not in (None, "", 0):
            document[name] = value
    return document
