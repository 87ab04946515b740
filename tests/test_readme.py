"""Every ```console block of the README is what the tool prints; `pytest --accept` writes it anew.

A block runs against a simulated app of its own: "```console" shows the one bad dyno, "```console
crash-loop" that scenario. `app.log` (the app's last 1,500 lines) lies in the working directory.
"# Ctrl-C after 60 s" behind a command ends it after a minute of the app's time.
stdout and stderr come together, as on a terminal of 100 columns without colour, in UTC.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import httpx
import pytest

from herodyno.cli.app import COMMANDS, run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from herodyno.render.pictures.signs import UNICODE
from herodyno.render.streams import Streams
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World
from tests.conftest import TOKEN, Terminal
from tests.real_parts import need_vl_convert

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```console ?(?P<scenario>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of the README: where it begins, whose app it shows, what stands in it."""

    line: int
    scenario: str
    text: str


def blocks() -> list[Block]:
    text = README.read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, it.start()) + 1, it["scenario"] or "one-bad-dyno", it["text"])
        for it in BLOCK.finditer(text)
    ]


def commands(block: Block) -> list[str]:
    return [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty working directory that holds the home directory too, the clock in UTC."""
    with monkeypatch.context() as patch:
        # A home called "~", so that tables are as wide on every machine. Folders of ours must be absolute.
        patch.setenv("HOME", "~")
        patch.setenv("XDG_DATA_HOME", "~/.local/share")
        patch.setenv("XDG_CONFIG_HOME", f"{tmp_path}/.config")
        patch.setenv("XDG_STATE_HOME", f"{tmp_path}/.local/state")
        patch.setattr("herodyno.heroku.login.keychain.PLAIN", {})  # [dev] installs keyrings.alt, a reader need not
        patch.setenv("TZ", "UTC")
        time.tzset()
        patch.chdir(tmp_path)
        yield tmp_path
    time.tzset()


def printed(block: Block, folder: Path) -> str:
    """The block with what its commands print now."""
    if re.search(r" --(html|png|svg) ", block.text):
        need_vl_convert()
    world = scenario(block.scenario)
    transport = httpx.WSGITransport(application(world))
    (folder / "app.log").write_text(world.log_text(next(iter(world.apps))), encoding="utf-8")
    # A dumb terminal, so that progress is plain lines. Pictures are those of a terminal that is not.
    environ = {**os.environ, "HEROKU_API_KEY": TOKEN, "NO_COLOR": "1", "TERM": "dumb"}
    shown, code = "", 0
    for command in commands(block):
        shown += f"$ {command}\n"
        if command == "echo $?":
            shown += f"{code}\n"
            continue
        line, _, file = command.partition("  # ")[0].partition(" > ")
        stream = (io.TextIOWrapper if file else Terminal)(io.BytesIO(), encoding="utf-8", newline="\n")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            patch.setattr(sys, "stderr", stream)
            patch.setattr(Streams, "signs", UNICODE)
            # A watch takes the time of its look from its pause, and this machine's speed is not the README's.
            patch.setattr("herodyno.cli.live.watch.time", SimpleNamespace(monotonic=lambda: 0.0))
            session = Session(
                Output.of_process(environ), environ=environ, clock=lambda: world.now, httpx_transport=transport,
                sleep=_sleep_until_ctrl_c(world, command),
            )  # fmt: skip
            code = run(shlex.split(line)[1:], session)
            stream.flush()
        if command.split()[1] in ("restart", "rollback", "scale", "stop"):
            world.tick(7)  # until the next command the list of dynos has caught up
        output = stream.buffer.getvalue().decode()  # type: ignore[attr-defined] # a BytesIO, made above
        output = output.replace(str(folder), "~")
        if file:
            (folder / file).write_text(output, encoding="utf-8")
        else:
            shown += output
    return shown


def _sleep_until_ctrl_c(world: World, command: str) -> Callable[[float], None]:
    """Let the app's time go on; at the time that the command names somebody presses Ctrl-C."""
    found = re.search(r"  # Ctrl-C after (\d+) s$", command)
    if found is None:
        return world.tick
    ends_at = world.now + timedelta(seconds=int(found[1]))

    def sleep(seconds: float) -> None:
        world.tick(seconds)
        if world.now >= ends_at:
            raise KeyboardInterrupt

    return sleep


@pytest.mark.parametrize("number", range(len(blocks())), ids=lambda number: f"line-{blocks()[number].line}")
def test_a_block_is_what_the_tool_prints(number: int, accept: bool, in_utc: Path) -> None:
    block = blocks()[number]
    told = printed(block, in_utc)
    if accept:
        text = README.read_text(encoding="utf-8")
        found = list(BLOCK.finditer(text))[number]
        README.write_text(text[: found.start("text")] + told + text[found.end("text") :], encoding="utf-8")
        return
    assert block.text == told


def test_every_command_has_an_example() -> None:
    shown = {command for block in blocks() for command in commands(block)}
    # What no line of a console block can print: tests write these blocks with the fixture `readme_block`.
    shown |= set(re.findall(r"^```text \S+\n\$ (.*)$", README.read_text(encoding="utf-8"), re.MULTILINE))
    for entry in (entry for entries in COMMANDS.values() for entry in entries):
        assert any(command.startswith(f"herodyno {entry.name}") for command in shown), entry.name


def test_79_the_two_set_up_commands_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    first, last = (
        "python3 -m venv ~/.herodyno && ~/.herodyno/bin/pip install . && ~/.herodyno/bin/herodyno demo",
        "python3 -m venv .venv && . .venv/bin/activate && pip install -e '.[dev]' && pytest -n auto",
    )
    assert re.findall(r"^```sh\n(.*?)\n```$", text, re.MULTILINE)[0] == first
    assert last in text
    # The Pythons of Debian, Ubuntu and Homebrew refuse pip outside of an environment.
    assert not re.search(r"^pip install", text[: text.index("## Look")], re.MULTILINE)


def test_the_contents_name_every_heading_and_every_entry_exists() -> None:
    text = README.read_text(encoding="utf-8")
    contents, _, body = text.partition("\n## Start\n")
    headings = re.findall(
        r"^###? (.+)$", re.sub(r"^```.*?^```$", "", f"## Start\n{body}", flags=re.M | re.S), re.MULTILINE
    )
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", contents) == list(zip(headings, anchors, strict=True))
    assert len(set(anchors)) == len(anchors)


def test_every_file_the_readme_names_exists() -> None:
    root = README.parent
    named = set(re.findall(r"`((?:herodyno|tests|cassettes)/[\w./-]+)`", README.read_text(encoding="utf-8")))
    assert named
    for name in named:
        assert (root / name).exists(), name
