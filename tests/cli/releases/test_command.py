"""`releases`: version, time, state, dynos, who and what, newest first."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


@pytest.mark.parametrize("world", ["release-broke-app"], indirect=True)
def test_each_release_stands_with_its_dynos_and_the_current_one_says_so(invoke: Invoke, world: World) -> None:
    lines = invoke("releases -a example-app --utc -n 2").stdout.splitlines()
    assert lines[0].split() == ["RELEASE", "WHEN", "(UTC)", "STATUS", "DYNOS", "BY", "WHAT"]
    newest = world.app("example-app").releases[-1]
    what = ["current", "web", "(4)", "ana@example.com", *newest.description.split()]
    assert lines[1].split() == ["v413", newest.created_at.strftime("%Y-%m-%dT%H:%M"), *what]
    assert lines[2].split()[2:4] == ["succeeded", "-"]
    assert len(lines) == 3


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("world", ["failed-release"], indirect=True)
def test_a_failed_release_is_not_the_current_one(invoke: Invoke) -> None:
    document = valid(invoke("releases -a example-app --json").stdout)
    failed, running = document["releases"][:2]
    assert (failed["status"], failed["current"], failed["dynos"]) == ("failed", False, [])
    assert (document["current"], running["current"]) == (running["version"], True)
    assert {dyno["name"] for dyno in running["dynos"]} >= {"web.1", "web.2"}


def test_a_dyno_on_another_release_than_its_peers_is_named(invoke: Invoke, world: World) -> None:
    world.dyno("example-app", "web.2").release -= 1
    lines = invoke("releases -a example-app").stdout.splitlines()
    assert "web.1, web.3, web.4" in lines[1]
    assert "web.2" in lines[2]


def test_what_cannot_come_back_is_marked(invoke: Invoke, world: World) -> None:
    world.app("example-app").releases[0].status = "expired"
    assert invoke("releases -a example-app").stdout.splitlines()[-1].split()[2] == "expired"


@pytest.mark.parametrize("number", ["0", "1001", "x"])
def test_a_number_out_of_range_is_exit_2(invoke: Invoke, number: str) -> None:
    _, stderr, code = invoke(f"releases -n {number} -a example-app")
    assert code == 2
    assert "takes a whole number from 1 to 1000" in stderr
