"""What stdout and stderr can show: a terminal or not, its size, its characters, colour, a line drawn in place."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

if TYPE_CHECKING:
    from herodyno.render.pictures.signs import Signs

ColorSetting: TypeAlias = Literal["auto", "always", "never"]


class Streams:
    """The two streams of a process, and how a person wants them: `color` by the option, `usual_color` by the file."""

    def __init__(self, stdout: TextIO | None, stderr: TextIO | None, environ: Mapping[str, str]) -> None:
        # Under pythonw, or with the descriptor closed (`>&-`), Python has no stream at all.
        self._stdout = stdout
        self._stderr = stderr
        self._environ = environ
        self.color: ColorSetting = "auto"
        self.usual_color: ColorSetting = "auto"
        self.utc = False
        self.quiet = False
        self.wants_json = False

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
    def draws_frames(self) -> bool:
        """Whether lines can be redrawn in place: on a terminal that moves its cursor. Never for JSON."""
        return self.is_terminal and self._environ.get("TERM") != "dumb" and not self.wants_json

    @property
    def signs(self) -> Signs:
        """The signs of pictures: ASCII with NO_COLOR, at a dumb terminal, and where UTF-8 is not spoken."""
        from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE  # few commands draw, and start-up counts

        is_dumb = self._environ.get("TERM") == "dumb" or bool(self._environ.get("NO_COLOR"))
        return UNICODE if self.unicode and not is_dumb else ASCII_SIGNS

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
