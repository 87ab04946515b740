"""How far long work is, as one line on stderr that goes again: the only door to rich, which draws the line.

rich is loaded when the work has taken a second. Most work has not, and loading takes a tenth of one.
rich's own live display is not used: it hides the cursor, which a killed process would not give back.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

from herodyno.units import spoken_duration

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.25
BAR_COLUMNS = 20
# rich's own colours for these are red, which means an error here.
STYLES = {
    "bar.complete": "green",
    "bar.pulse": "green",
    "progress.data.speed": "none",
    "progress.download": "none",
    "progress.filesize": "none",
}


class ShowsProgress(Protocol):
    """What long work calls as often as it likes."""

    def __call__(self, done: float, total: float | None, text: str = "") -> None:
        """So much of the total is done; None: the total is not known. `text` is a figure to show beside it."""


def show_nothing(done: float, total: float | None, text: str = "") -> None:
    """Where nobody watches."""


class Bar:
    """Title, bar, figures and time left. `put` shows a line in place of the one before it.

    `unit`: of bytes the line shows how many and how many a second; of seconds only the bar and the time left.
    """

    def __init__(
        self,
        title: str,
        put: Callable[[str], None],
        *,
        stream: TextIO,
        color: bool,
        unit: Literal["bytes", "seconds"] = "bytes",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title, self._put, self._stream, self._color, self._unit = title, put, stream, color, unit
        self._now = now
        self._began = self._time = now()
        self._next = self._began + FIRST_SECONDS
        self._progress: Progress | None = None

    def __call__(self, done: float, total: float | None, text: str = "") -> None:
        """Draw the line, four times a second at most, and not when all is done."""
        now = self._now()
        if now < self._next or (total is not None and done >= total):
            return
        self._next = now + EVERY_SECONDS
        self._put(self._line(now, done, total, text))

    def _line(self, now: float, done: float, total: float | None, text: str) -> str:
        progress = self._progress = self._progress or self._made(total)
        self._time = now
        task = progress.tasks[0]
        progress.update(task.id, completed=done, total=total, text=text)
        seconds = task.time_remaining
        progress.update(task.id, left="" if seconds is None else f"{spoken_duration(seconds)} left")
        console = self._console()
        with console.capture() as drawn:
            console.print(progress.make_tasks_table(progress.tasks))
        return drawn.get().partition("\n")[0].rstrip()

    def _made(self, total: float | None) -> Progress:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            FileSizeColumn,
            Progress,
            ProgressColumn,
            TextColumn,
            TransferSpeedColumn,
        )
        from rich.table import Column

        on_one_line = Column(no_wrap=True)

        def text(name: str) -> TextColumn:
            return TextColumn(f"{{task.{name}}}", markup=False, table_column=on_one_line)

        figures: list[ProgressColumn] = [text("fields[text]")]
        if self._unit == "bytes":
            size = FileSizeColumn if total is None else DownloadColumn
            figures = [size(table_column=on_one_line), TransferSpeedColumn(table_column=on_one_line)]
        progress = Progress(
            text("description"),
            *([] if total is None else [BarColumn(BAR_COLUMNS)]),
            *figures,
            text("fields[left]"),
            console=self._console(),
            get_time=lambda: self._time,
        )
        # rich measures the rate from the first step. That step is the beginning, a second ago.
        progress.update(progress.add_task(self._title, total=total, text="", left=""), completed=0.001)
        return progress

    def _console(self) -> Console:
        from rich.console import Console
        from rich.theme import Theme

        return Console(
            file=self._stream,
            force_terminal=True,
            color_system="standard" if self._color else None,
            width=shutil.get_terminal_size((80, 24)).columns - 1,
            legacy_windows=False,
            theme=Theme(STYLES),
            highlight=False,
            markup=False,
            emoji=False,
        )
