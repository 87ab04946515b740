"""`rollback`: shows what is undone, asks for the app's name, sends once, and says how to undo it."""

from __future__ import annotations

import shlex

import pytest

from herodyno.dynos import Release
from herodyno.errors import WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

APP = "-a example-app"
CONFIRMED = f"{APP} --confirm example-app"

pytestmark = [pytest.mark.usefixtures("world"), pytest.mark.parametrize("world", ["release-broke-app"], indirect=True)]


def described(world: World) -> list[str]:
    """The descriptions of the releases made since the scenario's own."""
    return [each.description for each in world.app("example-app").releases if each.version > 413]


def test_without_a_version_the_release_before_comes_back_and_the_undo_works(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke(f"rollback {CONFIRMED} --wait")
    assert code == 0
    assert [line.split()[-5] for line in stdout.splitlines()[1:]] == ["v413", "v412"]
    assert "config vars of v412" in stderr
    assert "Not taken back: database migrations" in stderr
    assert "4 of 4 dynos up on v414" in stderr
    undo = stderr.partition("v414 has v412 again; to undo: herodyno ")[2].splitlines()[0]
    assert invoke(undo).code == 0
    assert described(world) == ["Rollback to v412", "Rollback to v413"]
    assert "to undo the last rollback: herodyno rollback v414" in invoke("journal").stdout


@pytest.mark.parametrize("words", ["", "v411", "411"])
def test_it_asks_for_the_app_however_the_app_was_named(invoke: Invoke, world: World, words: str) -> None:
    _, stderr, code = invoke(f"rollback {words} {APP}")
    assert code == 2
    assert "v413 goes back to v41" in stderr
    assert "add: --confirm example-app" in stderr
    assert invoke(f"rollback {words} {APP} --confirm other-app").code == 2
    assert invoke(f"rollback {words} {APP} --confirm example-app --read-only").code == 1
    assert described(world) == []


def test_a_dry_run_shows_the_call_and_sends_nothing(invoke: Invoke, world: World) -> None:
    stdout, _, code = invoke(f"rollback v411 {APP} --dry-run")
    assert code == 0
    assert "is undone   v412" in stdout
    old = next(each for each in world.app("example-app").releases if each.version == 411)
    assert stdout.splitlines()[-1] == f'POST /apps/example-app/releases {{"release": "{old.id}"}}'
    document = valid(invoke(f"rollback v411 {APP} --dry-run --json").stdout)
    assert (document["from"]["version"], document["to"]["version"], document["sent"]) == (413, 411, [])
    assert [each["version"] for each in document["undone"]] == [412]
    assert described(world) == []


def test_of_many_releases_between_the_newest_are_shown_and_the_rest_is_said(invoke: Invoke, world: World) -> None:
    for _ in range(12):
        world.deploy("example-app")
    world.tick(60)
    lines = invoke(f"rollback v411 {APP} --dry-run").stdout.splitlines()
    assert sum(line.startswith("is undone") for line in lines) == 8
    assert "and all between v417 and v411 are undone" in lines
    document = valid(invoke(f"rollback v411 {APP} --dry-run --json").stdout)
    assert [each["version"] for each in document["undone"]] == [*range(424, 411, -1)]


def test_the_json_of_a_rollback_has_the_release_it_made(invoke: Invoke) -> None:
    document = valid(invoke(f"rollback {CONFIRMED} --json").stdout)
    assert (document["release"], document["sent"][0]["outcome"]) == (414, "done")
    assert shlex.join(document["undo"]) == "herodyno rollback v413 --app example-app --confirm example-app"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("v99", 5, "has no release v99; nothing was sent"),
        ("v413", 1, "it runs already"),
        ("../../v1", 2, "is not a release"),
        ("''", 2, "is not a release"),
        ("9999999999", 2, "is not a release"),
    ],
)
def test_what_cannot_come_back_is_refused(invoke: Invoke, world: World, words: str, code: int, says: str) -> None:
    done = invoke(f"rollback {words} {CONFIRMED}")
    assert (done.code, says in done.stderr) == (code, True), done.stderr
    assert described(world) == []


def test_an_old_release_beyond_the_newest_is_looked_up(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.cli.releases.rollback.RELEASES_LOOKED_AT", 2)
    assert invoke(f"rollback v409 {CONFIRMED}").code == 0
    assert described(world) == ["Rollback to v409"]


@pytest.mark.parametrize("is_done", [True, False])
def test_after_a_lost_answer_it_looks_and_never_sends_again(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    real, sent = Platform.roll_back, []

    def lost(platform: Platform, app: str, release_id: str) -> Release:
        sent.append(release_id)
        if is_done:
            real(platform, app, release_id)
        raise WriteUnclear("the connection broke")

    monkeypatch.setattr(Platform, "roll_back", lost)
    _, stderr, code = invoke(f"rollback {CONFIRMED}")
    assert len(sent) == 1
    assert code == (0 if is_done else 6)
    said = "a look at the app shows that it was done" if is_done else "the list of releases does not show it so far"
    assert said in stderr
    assert len(described(world)) == is_done


def test_a_release_that_came_in_between_is_told(invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Platform.roll_back

    def after_a_deploy(platform: Platform, app: str, release_id: str) -> Release:
        world.deploy("example-app")
        return real(platform, app, release_id)

    monkeypatch.setattr(Platform, "roll_back", after_a_deploy)
    assert "a release came in between (v414) and is undone, too" in invoke(f"rollback {CONFIRMED}").stderr
