"""The watches in a pseudo-terminal: one picture however long they run, nothing scrolls, Ctrl-C is exit code 130."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyte
import pytest

from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import duration, scenario
from tests.cli.real_terminal import terminal

SCENARIO = "one-bad-dyno"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "shown"), [(["ps", "--watch", "2s"], "web.4"), (["diagnose", "--watch", "2s"], "ONE DYNO")], ids=str
)
def test_a_watch_redraws_in_place_and_ends_with_ctrl_c(words: list[str], shown: str, tmp_path: Path) -> None:
    world = scenario(SCENARIO, seed=1, start=datetime.now(UTC) - timedelta(seconds=duration(SCENARIO)))
    with Server(world) as server, terminal(words, server.environment, tmp_path) as opened:
        opened.wait_for_text(shown.encode())
        time.sleep(7)
        frames = opened.shown.count(b"\x1b[?2026h")
        opened.kill(signal.SIGINT)
        assert opened.end() == 130
    assert frames >= 3
    screen = pyte.HistoryScreen(100, 30, history=1000)
    pyte.ByteStream(screen).feed(opened.shown)
    text = "\n".join(screen.display)
    assert text.count(shown) == 1
    assert len(screen.history.top) == 0  # nothing went up into the scrollback
    assert not screen.cursor.hidden
