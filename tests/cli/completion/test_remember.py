"""What runs leave behind for TAB, without any command having to think of it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from herodyno.cli.app import run
from herodyno.cli.completion.remember import remember_for_completion
from herodyno.cli.session import Session
from herodyno.completion.seen import FILE, Group, read_seen, seen_path
from herodyno.sandbox.incidents.scenarios import add, scenario
from herodyno.sandbox.incidents.settings import Settings


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of processes that were started in the background; none is really started."""
    lines: list[list[str]] = []

    class Started:
        def __init__(self, line: list[str], **_: Any) -> None:
            lines.append(line)

    monkeypatch.setattr("herodyno.cli.completion.remember.subprocess.Popen", Started)
    return lines


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("ps", {"dyno", "type", "release"}),
        ("scale", {"type", "size"}),
        ("sizes", {"type", "size"}),
        ("diagnose", {"dyno", "type", "release", "size"}),
        ("restart web.1 --dry-run", {"dyno"}),
    ],
)
def test_each_command_leaves_the_names_it_read(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str], line: str, kinds: set[str]
) -> None:
    session = make_session()
    run([*line.split(), "-a", "example-app"], session)
    remember_for_completion(session, person=False)
    seen = read_seen(seen_path())
    assert {group.kind for group in seen} >= kinds | {"app"}
    assert seen[Group("app", "-", "-")] == ["example-app"]
    if "dyno" in kinds:
        assert "web.1" in seen[Group("dyno", "-", "example-app")]
    if "size" in kinds:
        assert "standard-2x" in seen[Group("size", "-", "example-app")]


def test_a_person_has_the_apps_looked_up_in_the_background_once_a_day(
    make_session: Callable[..., Session], started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    for expected, later in ((1, 0), (1, 3600), (2, 90_000)):
        session = make_session()
        session.seen["dyno", "example-app"] = ["web.1"]
        now = 1_800_000_000.0 + later
        remember_for_completion(session, person=True)
        assert len(started) == expected
    assert started[0][1:] == ["-m", "herodyno", "completion", "refresh", "--quiet", "--no-input"]


def test_a_script_starts_nothing_and_a_run_that_read_nothing_leaves_nothing(
    make_session: Callable[..., Session], started: list[list[str]]
) -> None:
    session = make_session()
    remember_for_completion(session, person=True)
    assert not seen_path().exists()
    session.seen["dyno", "example-app"] = ["web.1"]
    remember_for_completion(session, person=False)
    assert seen_path().exists()
    assert not started


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a client of a served account with two apps."""
    from herodyno.sandbox.doors.server import Server

    world = scenario("one-bad-dyno", seed=1)
    add(world, "healthy", Settings(app="another-app"))
    with Server(world, speed=0.0) as server:
        yield {**server.environment, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def apps_seen(environ: dict[str, str]) -> list[str]:
    return sorted(
        read_seen(Path(environ["XDG_CACHE_HOME"]) / "herodyno" / FILE).get(
            Group("app", environ["HEROKU_HOST"], "-"), []
        )
    )


def test_in_a_script_the_whole_program_leaves_only_what_it_read(environ: dict[str, str]) -> None:
    line = [sys.executable, "-m", "herodyno", "ps", "-a", "example-app"]
    done = subprocess.run(line, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert apps_seen(environ) == ["example-app"]


def test_on_a_terminal_the_other_apps_are_known_soon_after(environ: dict[str, str]) -> None:
    pexpect.run(f"{sys.executable} -m herodyno ps -a example-app", env=environ, timeout=60)
    for _ in range(100):
        if apps_seen(environ) == ["another-app", "example-app"]:
            break
        time.sleep(0.1)
    assert apps_seen(environ) == ["another-app", "example-app"]
