"""The same words typed to herodyno and to the official CLI: each leaves a simulated app in the same state."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.world import World
from tests.real_parts import need_heroku_cli, needed
from tests.sandbox.heroku_cli import call, surroundings

_cli = needed(need_heroku_cli)

pytestmark = [pytest.mark.real, pytest.mark.slow]

APP = "example-app"


class Effect(NamedTuple):
    """What a command left: the formation, the dynos that were ended, the releases, the one-off dynos."""

    formation: list[tuple[str, int, str]]
    ended: list[str]
    releases: list[str]
    one_offs: list[tuple[str, dict[str, str]]]


class Typed(NamedTuple):
    """Words for both programs, and those that herodyno is given beside, because it asks."""

    words: str
    confirms: bool = False


LINES = [
    Typed("ps:scale web=3 worker+1"),
    Typed("ps:type web=standard-2x", confirms=True),
    Typed("ps:restart --dyno-name web.1"),
    Typed("ps:restart -p worker", confirms=True),
    Typed("restart", confirms=True),
    Typed("ps:stop -d web.2"),
    Typed("stop --process-type worker", confirms=True),
    Typed("rollback", confirms=True),
    Typed("releases:rollback v39", confirms=True),
    Typed("run:detached --env A=1;B=2 rake"),
    Typed("run:detached -e A=1 rake"),
]


def effect(program: str, typed: Typed, home: Path) -> Effect:
    """What the words did to an app of their own."""
    world = World(seed=7)
    formation = {"web": (2, "Standard-1X", "serve"), "worker": (1, "Standard-1X", "work")}
    app = world.create_app(APP, AppSpec(formation=formation, version=41))
    world.tick(120)
    before = {dyno.id: dyno.name for dyno in world.dynos(APP)}
    with Server(world, speed=0.0) as server:
        words = typed.words.split()
        if program == "heroku":
            ran = call(server, home, *words[:1], "-a", APP, *words[1:])
            assert ran.code == 0, ran.words
        else:
            confirmed = ["--confirm", APP] if typed.confirms else []
            line = [sys.executable, "-m", "herodyno", words[0], "-a", APP, *confirmed, *words[1:]]
            environ = {**os.environ, **surroundings(server, home)}
            done = subprocess.run(line, env=environ, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
    one_offs = [dyno for dyno in world.dynos(APP) if dyno.one_off]
    world.tick(60)
    ids = {dyno.id for dyno in world.dynos(APP)}
    return Effect(
        formation=sorted((each.type, each.quantity, each.size) for each in world.formation(APP)),
        ended=sorted(name for dyno_id, name in before.items() if dyno_id not in ids),
        releases=[each.description for each in app.releases[5:]],
        one_offs=[(dyno.command, {name: dyno.env[name] for name in "AB" if name in dyno.env}) for dyno in one_offs],
    )


@pytest.mark.parametrize("typed", LINES, ids=lambda typed: typed.words)
def test_the_same_words_do_the_same(typed: Typed, tmp_path: Path) -> None:
    theirs = effect("heroku", typed, tmp_path)
    assert effect("herodyno", typed, tmp_path) == theirs
    nothing = Effect([("web", 2, "Standard-1X"), ("worker", 1, "Standard-1X")], [], [], [])
    assert theirs != nothing, "they did something"


@pytest.mark.parametrize(
    "words", ["--dyno-name web.2", "-d web.1", "-p web", "-s heroku -d web.2", "--source app -p web"]
)
def test_the_same_words_of_logs_show_the_same_lines(words: str, tmp_path: Path) -> None:
    world = World(seed=7)
    world.create_app(APP, AppSpec(formation={"web": (2, "Standard-1X", "serve")}, version=41))
    world.tick(120)
    with Server(world, speed=0.0) as server:
        theirs = call(server, tmp_path, "logs", "-a", APP, "-n", "1500", *words.split())
        line = [sys.executable, "-m", "herodyno", "logs", "-a", APP, "-n", "1500", *words.split()]
        environ = {**os.environ, **surroundings(server, tmp_path)}
        ours = subprocess.run(line, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (theirs.code, ours.returncode) == (0, 0)
    shown = [text.rstrip() for text in theirs.stdout.splitlines() if "[" in text]
    assert [text.rstrip() for text in ours.stdout.splitlines()] == shown
    assert any("web." in text for text in shown)
