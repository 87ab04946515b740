"""The screen of `herodyno top`: paints the newest view four times a second, and never waits for anything itself."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import tzinfo
from functools import partial
from queue import SimpleQueue
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.widgets import DataTable, Footer, Input, Static

from herodyno.render.pictures.signs import Signs
from herodyno.top.cells import COLUMNS, cells, styled, verdict_lines
from herodyno.top.dialogs import Help, Question
from herodyno.top.feed import Commands, Done, Feed
from herodyno.top.view import SORTS, DynoRow, View, matching, ordered
from herodyno.units import clock, zone_name

_PAINT_SECONDS = 0.25

STYLE = """
#head { height: 1; }
#verdict { height: auto; max-height: 5; }
#dynos { height: auto; max-height: 45%; scrollbar-size-vertical: 1; }
#dynos > .datatable--header, #dynos > .datatable--even-row, #dynos > .datatable--odd-row {
    color: ansi_default; background: ansi_default;
}
#dynos > .datatable--cursor { text-style: reverse; color: ansi_default; background: ansi_default; }
#said { height: auto; max-height: 4; }
#filter { height: 1; border: none; display: none; }
#title { height: 1; }
#log { height: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
.alone #verdict, .alone #dynos { display: none; }
Question, Help { align: center middle; }
#dialog { width: 76; height: auto; border: round ansi_default; padding: 0 1; background: ansi_default; }
"""


class TopApp(App[BaseException | None]):
    """The live view of one app. It returns what ended it: an error, KeyboardInterrupt for Ctrl-C, None for "q".

    `ran` are the commands that were run, and what they said.
    """

    CSS = STYLE
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("q", "leave", "quit"),
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        ("s", "sort", "sort"),
        ("slash", "filter", "filter"),
        ("p", "pause", "pause"),
        ("l", "log", "log"),
        ("r", "restart", "restart"),
        ("x", "stop_dyno", "stop"),
        ("question_mark", "help", "help"),
    ]

    def __init__(self, feed: Feed, commands: Commands, *, zone: tzinfo, signs: Signs) -> None:
        super().__init__(ansi_color=True)
        self._feed, self._commands, self._zone, self._signs = feed, commands, zone, signs
        self._view: View | None = None
        self._shown: list[DynoRow] = []
        self._sort = SORTS[0]
        self._words = ""
        self._paused = False
        self._leaves = False
        self._sending = ""
        self._lines: Sequence[str] | None = None
        self.ran: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Static(id="verdict")
        yield DataTable(id="dynos", cursor_type="row", cell_padding=0, zebra_stripes=False)
        yield Input(id="filter", placeholder="words to filter by; Enter keeps, Esc ends")
        yield Static(id="said")
        yield Static(id="title")
        yield Static(id="log")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        table = self._table
        for number, (heading, width) in enumerate(COLUMNS):
            table.add_column(styled(heading, "heading"), width=width + 1, key=str(number))
        table.focus()
        self.set_interval(_PAINT_SECONDS, self.paint)
        self.paint()

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#dynos", DataTable)

    @property
    def chosen(self) -> DynoRow | None:
        """The dyno under the cursor."""
        row = self._table.cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def paint(self) -> None:
        """Show what the feed has. While paused, what it had."""
        try:
            view = self._feed.view()
        except Exception as error:  # a bug too: the screen goes, and main() tells it
            self.exit(error)
            return
        if self._paused and self._view is not None:
            view = self._view
        if view is not self._view:
            self._view = view
            self._paint_table()
            self.query_one("#verdict", Static).update(Text("\n").join(verdict_lines(view)))
        self._paint_head()
        if not self._paused:
            self._paint_log()

    def _paint_head(self) -> None:
        view = self._view
        assert view is not None, "paint() has set it"
        now = view.at
        state = "paused" if self._paused else "sending" if self._sending else ""
        parts = [view.app, *(view.found.app.headline[:1] if view.found else ())]
        right = f"{state} {clock(now, self._zone, today=now)} {zone_name(now, self._zone)}".strip()
        left = styled("  ".join(parts), "heading")
        left.truncate(max(1, self.size.width - len(right) - 2), overflow="ellipsis", pad=True)
        self.query_one("#head", Static).update(left.append(f"  {right}", style="yellow" if state else ""))

    def _paint_table(self) -> None:
        """The rows, in their order. The cursor stays on its dyno, not on its place."""
        view, table, chosen = self._view, self._table, self.chosen
        assert view is not None, "paint() has set it"
        rows = ordered(matching(view.rows, self._words), self._sort)
        painted = [cells(row, view.at, self._signs) for row in rows]
        if [row.dyno.id for row in rows] == [row.dyno.id for row in self._shown]:
            for number, row_cells in enumerate(painted):
                for column, cell in enumerate(row_cells):
                    place = Coordinate(number, column)
                    if table.get_cell_at(place) != cell:
                        table.update_cell_at(place, cell)
            self._shown = rows
            return
        self._shown = rows
        table.clear()
        for row_cells in painted:
            table.add_row(*row_cells)
        names = [row.dyno.name for row in rows]
        if chosen and chosen.dyno.name in names:
            table.move_cursor(row=names.index(chosen.dyno.name), animate=False)

    def _paint_log(self) -> None:
        chosen, log = self.chosen, self.query_one("#log", Static)
        name = chosen.dyno.name if chosen else ""
        title = f"log of {name}" if name else "no dyno fits the filter" if self._words else "no dynos"
        sort = f"   by {self._sort}" + (f", only {self._words}" if self._words else "")
        self.query_one("#title", Static).update(styled(title, "heading").append(styled(sort, "quiet")))
        lines = self._feed.lines(name, max(1, log.size.height)) if name else ()
        if lines is not self._lines:
            self._lines = lines
            log.update(Text("\n").join(map(_log_text, lines)))

    def say(self, *texts: str) -> None:
        """Show sentences below the table."""
        self.query_one("#said", Static).update(Text("\n").join(styled(text, "warning") for text in texts))

    def action_leave(self) -> None:
        """Leave; while a command runs, only when asked twice."""
        if self._sending and not self._leaves:
            self._leaves = True
            self.say(f"still running: {self._sending}; q again leaves without its answer")
            return
        self.exit()

    def action_interrupt(self) -> None:
        self.exit(KeyboardInterrupt())

    def action_sort(self) -> None:
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._paint_table()
        self._paint_log()

    def action_pause(self) -> None:
        self._paused = not self._paused
        self.paint()

    def action_log(self) -> None:
        self.screen.toggle_class("alone")

    def action_help(self) -> None:
        self.push_screen(Help())

    def action_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "filter":
            self._words = event.value
            self._paint_table()
            self._paint_log()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "filter":
            self._end_filter()

    def key_escape(self) -> None:
        self.query_one("#filter", Input).value = ""
        self._end_filter()

    def _end_filter(self) -> None:
        self.query_one("#filter", Input).display = False
        self._table.focus()

    def action_restart(self) -> None:
        if self.chosen:
            self._propose(self._commands.restart(self.chosen.dyno))

    def action_stop_dyno(self) -> None:
        if self.chosen:
            self._propose(self._commands.stop(self.chosen.dyno))

    def _propose(self, words: Sequence[str]) -> None:
        """Show the command, and run it once when the person says so."""
        if self._sending:
            self.say(f"{self._sending} is not done yet: nothing else was sent")
            return
        command = shlex.join(["herodyno", *words])
        self.push_screen(
            Question(f"{command}\n\nType yes and Enter to run it; Esc leaves.", "yes"), partial(self._answered, words)
        )

    def _answered(self, words: Sequence[str], answer: str | None) -> None:
        command = shlex.join(["herodyno", *words])
        if (answer or "").strip().casefold() not in ("y", "yes") or self._sending:
            self.say(f"nothing was sent: {command}")
            return
        self._sending = command
        self.say(f"running: {command}")
        threading.Thread(target=self._run, args=(words,), name="herodyno-command", daemon=True).start()

    def _run(self, words: Sequence[str]) -> None:
        """In a thread of its own: the command may ask, and waits for the answer."""
        done = self._commands.run(words, self._ask)
        self._feed.look_soon()
        self.ran += [f"{self._sending}: exit code {done.code}", *done.said]
        with suppress(RuntimeError):  # the screen is gone
            self.call_from_thread(self._ended, done)

    def _ended(self, done: Done) -> None:
        command, self._sending = self._sending, ""
        self.say(*done.said[-3:], *([f"exit code {done.code}: {command}"] if done.code else []))

    def _ask(self, question: str) -> str:
        """Put a command's own question to the person; "" when they leave it. Called in the command's thread."""
        answers: SimpleQueue[str | None] = SimpleQueue()
        try:
            self.call_from_thread(self.push_screen, Question(question, "the app's name"), answers.put)
        except RuntimeError:  # the screen is gone
            return ""
        return answers.get() or ""


def _log_text(line: str) -> Text:
    failed = any(word in line for word in (" code=H", " status=5", "Error R"))
    return styled(line, "critical" if failed else "")
