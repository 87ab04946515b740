"""`herodyno top` in tmux against a served sandbox: the picture, a restart, no token on the screen, all given back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import duration, scenario
from tests.real_parts import need, needed
from tests.top.live_view import textual

pytestmark = pytest.mark.real
_textual = textual
SCENARIO = "one-bad-dyno"


def need_tmux() -> None:
    need("tmux", install="apt-get install tmux")


_tmux = needed(need_tmux)


README = Path(__file__).parents[2] / "README.md"
# SGR parameters that set a colour.
COLOR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")


def line_of(screen: str, beginning: str) -> str:
    return next(line for line in screen.splitlines() if line.startswith(beginning))


class Tmux:
    """A window of 80 by 24 with a shell in it."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self._line = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._environ = environ
        self._do("new-session", "-d", "-x", "80", "-y", "24", "sh")

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            [*self._line, *words], env=self._environ, capture_output=True, text=True, check=True, timeout=20
        )
        return done.stdout

    def types(self, *keys: str) -> None:
        self._do("send-keys", *keys)

    def screen(self, *, styled: bool = False) -> str:
        return self._do("capture-pane", "-p", *(["-e"] if styled else []))

    def until(self, holds: Callable[[str], object], seconds: float = 60.0) -> str:
        deadline = time.monotonic() + seconds
        while not holds(shown := self.screen()):
            assert time.monotonic() < deadline, shown
            time.sleep(0.2)
        return shown

    def close(self) -> None:
        subprocess.run([*self._line, "kill-server"], env=self._environ, capture_output=True, check=False)


@pytest.fixture
def server() -> Iterator[Server]:
    world = scenario(SCENARIO, seed=1, start=datetime.now(UTC) - timedelta(seconds=duration(SCENARIO)))
    with Server(world) as served:
        yield served


@pytest.fixture
def tmux(server: Server, tmp_path: Path) -> Iterator[Tmux]:
    environ = {**os.environ, **server.environment, "HOME": str(tmp_path), "TZ": "UTC", "PS1": "$ ", "TERM": "xterm"}
    opened = Tmux(tmp_path, environ)
    try:
        yield opened
    finally:
        opened.close()


def test_it_shows_restarts_and_gives_the_terminal_back(server: Server, tmux: Tmux) -> None:
    token = server.environment["HEROKU_API_KEY"]
    command = f"{sys.executable} -m herodyno top; echo code $?"
    tmux.types(f"clear; stty -a > ~/before; {command}; stty -a > ~/after; cmp ~/before ~/after && echo same", "Enter")
    shown = tmux.until(lambda text: "ONE DYNO" in text and "REQ/S" in text)
    assert "web.4" in shown
    told = README.read_text(encoding="utf-8").partition("```text top\n")[2].partition("```")[0]
    for beginning in ("DYNO", "q quit"):  # the same headings and keys as in the picture of README.md
        assert line_of(shown, beginning) == line_of(told, beginning)
    assert "DO THIS  herodyno restart web.2" in shown
    assert "log of web.1" in shown
    assert token not in shown
    tmux.types("Down")
    tmux.until(lambda text: "log of web.2" in text)
    old = next(dyno.id for dyno in server.world.dynos("example-app") if dyno.name == "web.2")
    tmux.types("r")
    tmux.until(lambda text: "Type yes and Enter" in text)
    tmux.types("yes", "Enter")
    tmux.until(lambda text: f"restarting web.2 ({old[:8]})" in text)
    tmux.until(lambda text: any(line.startswith("web.2") and old[:8] not in line for line in text.splitlines()))
    tmux.types("q")
    left = tmux.until(lambda text: "code 0" in text and "same" in text)
    assert "restart web.2 --if-id" in left  # what was done stands on the usual screen
    assert token not in left


def test_no_color_is_no_colour(tmux: Tmux) -> None:
    tmux.types(f"clear; NO_COLOR=1 {sys.executable} -m herodyno top", "Enter")
    tmux.until(lambda text: "ONE DYNO" in text and "REQ/S" in text)
    shown = tmux.screen(styled=True)
    assert not COLOR.search(shown)
    assert "\x1b[1m" in shown  # weight stays
    assert "\x1b[7m" in shown or "\x1b[0;7m" in shown  # and so does the chosen row
    assert "153 %" in shown
    tmux.types("q")
