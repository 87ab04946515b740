"""The one port for output: stdout is the answer, stderr the talk."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias

from herodyno.errors import HerodynoError, Refused
from herodyno.render.clean import clean
from herodyno.render.text import ASCII, Block, Line, cleaned, cut, lay_out, plain

if TYPE_CHECKING:
    from herodyno.render.progress import ShowsProgress

_ERASE_LINE = "\r\x1b[2K"

ColorWish: TypeAlias = Literal["auto", "always", "never"]


class ReaderGone(Exception):
    """Whoever read our stdout closed it (`| head`): stop quietly."""


class OutputLost(Refused):
    """The answer could not be written: a full disk, a closed stdout."""


class Output:
    """Where a command shows its answer. The wishes (json, color, utc, quiet) are set by the options.

    Not a terminal: no colour, no wrapping, one record per line. Text given here may be foreign; it is
    cleaned on the way (`json` escapes it instead).
    """

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None, environ: Mapping[str, str]) -> None:
        # Under pythonw, or with the descriptor closed (`>&-`), Python has no stream at all.
        self._stdout = stdout
        self._stderr = stderr
        self._environ = environ
        self.wants_json = False
        self.color: ColorWish = "auto"
        self.usual_color: ColorWish = "auto"
        self._secrets: set[str] = set()
        self.utc = False
        self.quiet = False
        self._in_place = False
        self._said = ""

    @classmethod
    def of_process(cls, environ: Mapping[str, str] = os.environ) -> Output:
        """The output of this process. Bytes a stream cannot encode are written as backslash escapes."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="backslashreplace")
        return cls(sys.stdout, sys.stderr, environ)

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads stdout on a terminal."""
        return self._stdout is not None and self._stdout.isatty()

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        if not self.is_terminal:
            return 80
        return shutil.get_terminal_size((80, 24)).columns

    @property
    def height(self) -> int:
        """Lines of the terminal; asked only where there is one."""
        return shutil.get_terminal_size((80, 24)).lines

    @property
    def unicode(self) -> bool:
        """Whether stdout can carry characters beyond ASCII."""
        encoding: str = getattr(self._stdout, "encoding", None) or "ascii"
        return encoding.lower().startswith("utf")

    @property
    def draws(self) -> bool:
        """Whether box drawing may stand in the answer: a screen reader, at a dumb terminal, would read it aloud."""
        return self.unicode and self.is_terminal and self._environ.get("TERM") != "dumb"

    @property
    def uses_color(self) -> bool:
        """--color, NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE, CLICOLOR=0, TERM=dumb, the config file, a terminal."""
        env = self._environ
        if self.color != "auto":
            return self.color == "always"
        if env.get("NO_COLOR"):
            return False
        if env.get("FORCE_COLOR", "0") not in ("", "0") or env.get("CLICOLOR_FORCE", "0") not in ("", "0"):
            return True
        if env.get("CLICOLOR") == "0" or env.get("TERM") == "dumb":
            return False
        return self.is_terminal if self.usual_color == "auto" else self.usual_color == "always"

    @property
    def shows_progress(self) -> bool:
        """Whether a person sees on stderr how work goes on."""
        is_seen = self._stderr is not None and self._stderr.isatty() and self._environ.get("TERM") != "dumb"
        return is_seen and not self.quiet

    def prepare(self) -> None:
        """Load what showing will need; commands do it while they wait for the network."""
        if self.uses_color and not self.wants_json:
            import herodyno.render.terminal  # noqa: F401 - the import is the work

    def show(self, *blocks: Block) -> None:
        """Show tables and lines, an empty line between two blocks."""
        self.lines(lay_out(blocks, self.width if self.is_terminal else None))

    def lines(self, lines: Iterable[Line]) -> None:
        """Show lines as they stand."""
        written = plain
        if self.uses_color:
            from herodyno.render.terminal import colored

            written = colored
        text = "".join(written(cleaned(line)) + "\n" for line in lines)
        self._write(text if self.unicode else text.translate(ASCII))

    def stream(self, lines: Iterable[Line]) -> None:
        """Show lines one by one, each flushed."""
        for line in lines:
            self.lines([line])

    def write(self, text: str) -> None:
        """Show text that is safe already and ends its own lines: the formats of `logs`. Flushed."""
        self._write(text)

    def json(self, document: Any) -> None:
        """One JSON document on stdout. Everything beyond ASCII is escaped, so it needs no cleaning."""
        self._write(json.dumps(document, indent=2) + "\n")

    def note(self, text: str) -> None:
        """Say something about the work, on stderr; silent with --quiet."""
        if not self.quiet:
            self._talk(text)

    def progress(self, text: str) -> None:
        """Say where long work stands: in place where stderr is a terminal, else on a line of its own.

        There, what stands after " - " (a countdown) is left out, and the same line is not said twice.
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
        from herodyno.render.progress import Bar, show_nothing

        if self._stderr is None or not self.shows_progress:
            return show_nothing
        return Bar(title, self._put_in_place, stream=self._stderr, color=self.uses_color, unit=unit)

    def waiting_for(self, what: str) -> AbstractContextManager[object]:
        """Entered around a call, in any thread and again: a person reads what a long one waits for."""
        if not self.shows_progress:
            return nullcontext()
        from herodyno.render.patience import Patience

        return Patience(lambda: self._say_in_place(f"waiting for {what}"), self.end_progress)

    def _say_in_place(self, text: str) -> bool:
        if self._in_place:  # there is a line that says more
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
        """Never say this on stderr, whoever quotes it: a proxy's error page, an exception of a library."""
        if len(secret) >= 8:  # a shorter one is no secret, and its letters stand in other words
            self._secrets.add(secret)

    def _talk(self, text: str) -> None:
        self.end_progress()
        for secret in self._secrets:
            text = text.replace(secret, "[token]")
        self._put("".join(f"{clean(part)}\n" for part in text.split("\n")))

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
        except OSError:  # nobody can be told; Python would complain once more while it exits
            _forget(self._stderr)
            self._stderr = None


def _forget(stream: TextIO) -> None:
    """Let what is still in a stream's buffer go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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
