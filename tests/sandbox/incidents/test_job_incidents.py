"""A job, a release phase and workers that fail while the web dynos serve."""

from __future__ import annotations

import re

import pytest

from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World


def texts(world: World, type: str) -> list[str]:
    return [each.text for each in world.app("example-app").log.everything if each.proc.partition(".")[0] == type]


@pytest.mark.parametrize("seed", range(3))
def test_every_run_of_the_job_prints_its_exception_and_exits_with_1(seed: int) -> None:
    said = texts(scenario("failing-job", seed=seed), "scheduler")
    assert said.count("Process exited with status 1") == 5
    assert sum(text.startswith("shop.pool.PoolExhausted") for text in said) == 5
    assert said.count("Starting process with command `python manage.py send_invoices`") == 5


def test_the_release_phase_fails_and_the_release_before_it_runs_on() -> None:
    world = scenario("failed-release")
    newest, before = reversed(world.app("example-app").releases[-2:])
    assert (newest.status, before.status) == ("failed", "succeeded")
    assert {each.release for each in world.dynos("example-app")} == {before.version}
    assert f"Release v{newest.version} command failed" in "".join(texts(world, "api"))
    assert "Process exited with status 1" in texts(world, "release")


def test_two_workers_are_over_their_quota_each_by_its_own_share() -> None:
    world = scenario("two-workers")
    names = {name for name, _ in world.truth.guilty}
    log = world.app("example-app").log.everything
    assert {each.proc for each in log if "Error R14" in each.text} == names == {"worker.2", "worker.3"}
    levels = {
        each.proc: float(found[1])
        for each in log
        if (found := re.search(r"Process running mem=\d+M\(([\d.]+)%\)", each.text))
    }
    assert levels["worker.2"] + 10 < levels["worker.3"]
