"""On a real terminal: colour repeats what words say, and foreign text cannot touch the screen."""

import os
import sys
from pathlib import Path

import pexpect
import pyte

from herodyno.render.terminal import STYLES, colored
from herodyno.render.text import Span, plain

FOREIGN = "\x1b[2J[red]x[/x]\u202e"
LOG = f'2026-11-23T02:00:01.000000+00:00 heroku[router]: at=error code=H12 dyno=web.1 path="/{FOREIGN}" status=503\n'


def screen_of(data: str, *, columns: int = 100, lines: int = 60) -> pyte.Screen:
    screen = pyte.Screen(columns, lines)
    screen.set_mode(pyte.modes.LNM)
    pyte.Stream(screen).feed(data)
    return screen


def test_every_role_shows_the_same_words_with_and_without_colour() -> None:
    for role in STYLES:
        line = (Span("web.2 ", role), Span("[red]x[/x] :smile:", role))
        assert screen_of(colored(line)).display[0].rstrip() == plain(line)


def test_critical_is_bold_and_red() -> None:
    cell = screen_of(colored((Span("crashed", "critical"),))).buffer[0][0]
    assert (cell.fg, cell.bold) == ("red", True)


def test_a_hostile_log_is_visible_and_harmless_on_a_real_terminal(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LOG * 3, encoding="utf-8")
    typed = ["-m", "herodyno", "explain", FOREIGN]
    read = ["-m", "herodyno", "diagnose", "--full", "--from-file", str(tmp_path / "app.log")]
    first = [word for word in read if word != "--full"]
    environ = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    kinds = ((typed, "\\x1b[2J[red]x[/x]"), (read, "path=/^[[2J[red]x[/x]\\u"), (first, "DO THIS"))
    for argv, shown in kinds:
        child = pexpect.spawn(sys.executable, argv, env=environ, dimensions=(60, 160), encoding="utf-8", timeout=20)
        child.expect(pexpect.EOF)
        child.close()
        screen = screen_of("above\n" + child.before, columns=160)
        assert screen.display[0].startswith("above")  # nobody cleared the screen
        assert any(shown in row for row in screen.display)
