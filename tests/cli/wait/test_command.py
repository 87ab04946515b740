"""`wait`: each ending has its exit code, and the looks stay within the rate limit."""

from __future__ import annotations

import json

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

HEALTHY = pytest.mark.parametrize("world", ["healthy"], indirect=True)


def test_all_up_is_exit_0_and_says_which_release(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("wait -a example-app")
    assert (stdout, code) == ("", 0)
    assert stderr == "4 of 4 dynos up on v412, after 0 s\n"


@HEALTHY
def test_after_a_deploy_it_waits_for_the_new_release(invoke: Invoke, world: World) -> None:
    release = world.deploy("example-app")
    stdout, stderr, code = invoke("wait -a example-app --json")
    assert code == 0
    document = valid(stdout)
    assert document["seconds"] > 0
    assert document["api_calls"] < 60
    assert {dyno.release for dyno in world.dynos("example-app")} == {release.version}
    assert stderr.startswith("waiting: ")


@pytest.mark.parametrize("world", ["crash-loop"], indirect=True)
def test_a_crash_is_exit_1_at_once(invoke: Invoke, world: World) -> None:
    begun = world.now
    _, stderr, code = invoke("wait -a example-app")
    assert code == 1
    assert "crashed" in stderr
    assert "herodyno diagnose" in stderr
    assert (world.now - begun).total_seconds() < 120


@HEALTHY
def test_a_failed_release_is_exit_1_and_says_what_runs(invoke: Invoke, world: World) -> None:
    world.deploy("example-app").status = "failed"
    _, stderr, code = invoke("wait -a example-app")
    assert code == 1
    assert "failed; v" in stderr
    assert "keeps running" in stderr


@pytest.mark.parametrize("world", ["failed-release"], indirect=True)
def test_of_a_failed_release_diagnose_says_the_same_and_is_no_calmer(invoke: Invoke, world: World) -> None:
    waited = invoke("wait -a example-app")
    told = invoke("diagnose -a example-app --json")
    verdict = json.loads(told.stdout)["verdict"]
    assert (waited.code, told.code, verdict["class"]) == (1, 10, "release_failed")
    assert f"herodyno: {verdict['summary']}\n" in waited.stderr
    assert invoke("diagnose -a example-app --nagios").code == 1


@pytest.mark.parametrize("world", ["scaled-to-zero"], indirect=True)
def test_no_dynos_wanted_is_exit_5(invoke: Invoke, world: World) -> None:
    assert invoke("wait web -a example-app").code == 5


def test_no_such_type_is_exit_5_and_not_success(invoke: Invoke) -> None:
    assert invoke("wait nosuch -a example-app").code == 5


@HEALTHY
def test_time_out_is_exit_8_and_in_json_an_error(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke("wait --release v99999 --timeout 2m -a example-app --json")
    assert (stdout, code) == ("", 8)
    error = json.loads(stderr.splitlines()[-1])
    assert (error["error"], error["exit_code"]) == ("WaitTimedOut", 8)


@pytest.mark.parametrize("words", ["--release newest", "--timeout x", "--release v-1"])
def test_what_means_nothing_is_exit_2(invoke: Invoke, words: str) -> None:
    assert invoke(f"wait {words} -a example-app", environ={}).code == 2
