"""`stop`: one-offs go, formation dynos come back and it is said, types are asked for."""

from __future__ import annotations

import pytest

from herodyno.heroku.api.platform import Platform
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


@pytest.fixture
def one_off(world: World) -> str:
    name = world.run("example-app", "sleep 100000").name
    world.tick(5)
    return name


def names(world: World) -> set[str]:
    return {dyno.name for dyno in world.dynos("example-app")}


def test_a17_without_a_target_it_is_exit_2_and_nothing_is_asked(invoke: Invoke) -> None:
    _, stderr, code = invoke("stop -a example-app", environ={})
    assert code == 2
    assert "--type run --older-than 6h" in stderr


def test_a_one_off_is_stopped_by_name_without_a_question(invoke: Invoke, world: World, one_off: str) -> None:
    _, stderr, code = invoke(f"stop {one_off} -a example-app")
    assert code == 0
    assert f"stopped {one_off}" in stderr
    world.tick(40)
    assert one_off not in names(world)


def test_a_one_off_is_stopped_by_the_beginning_of_its_id(invoke: Invoke, world: World, one_off: str) -> None:
    dyno_id = world.dyno("example-app", one_off).id
    assert invoke(f"stop {dyno_id[:8]} -a example-app").code == 0
    world.tick(40)
    assert one_off not in names(world)


def test_one_offs_are_stopped_by_age(invoke: Invoke, world: World, one_off: str) -> None:
    _, stderr, code = invoke("stop --type run --older-than 30m -a example-app")
    assert (code, one_off in names(world)) == (0, True)
    assert "nothing to do" in stderr
    world.tick(2400)
    assert invoke("stop --type run --older-than 30m -a example-app").code == 2, "a type asks"
    document = valid(invoke("stop --type run --older-than 30m -a example-app --dry-run --json").stdout)
    assert [dyno["name"] for dyno in document["dynos"]] == [one_off]
    assert document["sent"] == []
    assert invoke("stop --type run --older-than 30m -a example-app --confirm example-app").code == 0
    world.tick(40)
    assert one_off not in names(world)


def test_no_one_off_running_is_nothing_to_do(invoke: Invoke) -> None:
    assert invoke("stop --type run --older-than 30m -a example-app").code == 0


def test_a_formation_dyno_is_said_to_come_back_and_does(invoke: Invoke, world: World) -> None:
    old = world.dyno("example-app", "web.1").id
    _, stderr, code = invoke("stop web.1 -a example-app")
    assert code == 0
    assert "starts dynos of the formation again by itself" in stderr
    world.tick(60)
    assert world.dyno("example-app", "web.1").id != old


def test_a_type_must_be_confirmed(invoke: Invoke, world: World) -> None:
    old = {dyno.id for dyno in world.dynos("example-app")}
    assert invoke("stop web -a example-app").code == 2
    assert {dyno.id for dyno in world.dynos("example-app")} == old
    document = valid(invoke("stop web -a example-app --confirm example-app --json").stdout)
    assert document["calls"][0]["path"] == "/apps/example-app/formations/web/actions/stop"
    assert document["sent"][0]["outcome"] == "done"


def test_all_dynos_of_a_type_by_name_ask_as_the_type_does(invoke: Invoke, world: World) -> None:
    old = {dyno.id for dyno in world.dynos("example-app")}
    _, stderr, code = invoke("stop web.1 web.2 web.3 web.4 -a example-app")
    assert code == 2
    assert "--confirm example-app" in stderr
    assert {dyno.id for dyno in world.dynos("example-app")} == old


@pytest.mark.parametrize("words", ["../../victim/dynos/web.1", "--type ../../victim", "'web 1'", "''"])
def test_a9_what_can_be_no_name_is_exit_2_before_the_token_is_needed(invoke: Invoke, words: str) -> None:
    _, stderr, code = invoke(f"stop {words} -a example-app", environ={})
    assert code == 2
    assert "nothing was sent" in stderr


def test_after_ctrl_c_while_a_stop_is_sent_the_last_line_says_what_may_have_been_done(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {dyno.name: dyno.id for dyno in world.dynos("example-app")}
    real = Platform.stop

    def interrupted(platform: Platform, app: str, *, type: str = "", dyno: str = "") -> None:
        real(platform, app, type=type, dyno=dyno)
        if dyno == ids["web.2"]:
            raise KeyboardInterrupt

    monkeypatch.setattr(Platform, "stop", interrupted)
    _, stderr, code = invoke("stop web.1 web.2 web.3 -a example-app")
    assert code == 130
    last = stderr.splitlines()[-1]
    assert f"interrupted: POST /apps/example-app/dynos/{ids['web.2']}/actions/stop may have been done" in last
    assert f"done before that: POST /apps/example-app/dynos/{ids['web.1']}/actions/stop. Look" in last
