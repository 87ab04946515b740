"""Deploys, roll-backs and config vars, with and without a release phase."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.resources import Refused


def api_lines(world, said) -> list[str]:
    return [each.replace(world.app("example-app").releases[-1].commit, "COMMIT") for each in said(world, "api", "app")]


def test_a_deploy_makes_a_release_and_restarts_every_dyno(make_world, said) -> None:
    world = make_world(web=2, worker=1, version=412)
    old = {each.id for each in world.dynos("example-app")}
    release = world.deploy("example-app", by="bo@example.com")
    world.tick(30)
    assert (release.version, release.status, release.user.email) == (413, "succeeded", "bo@example.com")
    assert {each.release for each in world.dynos("example-app")} == {413}
    assert not old & {each.id for each in world.dynos("example-app")}
    assert {each.end_reason for each in world.app("example-app").past} == {"deployed"}
    assert sorted(api_lines(world, said)) == [
        "Build succeeded", "Deploy COMMIT by user bo@example.com", "Release v413 created by user bo@example.com",
    ]  # fmt: skip


def test_a_release_phase_comes_first(make_world, said) -> None:
    world = make_world(version=9)
    release = world.deploy("example-app", commands={"web": "serve", "release": "echo migrating; exit 0"})
    assert release.status == "pending"
    assert world.app("example-app").release.version == 9
    world.tick(30)
    assert release.status == "succeeded"
    lines = api_lines(world, said)
    assert lines.index("Running release v10 commands by user ana@example.com") < lines.index(
        "Release v10 created by user ana@example.com"
    )
    assert world.dyno("example-app", "web.1").release == 10


def test_a_release_phase_that_fails_leaves_the_dynos_alone(make_world, said) -> None:
    world = make_world()
    before = world.dyno("example-app", "web.1").id
    release = world.deploy("example-app", commands={"web": "serve", "release": "exit 1"})
    world.tick(30)
    assert release.status == "failed"
    assert world.dyno("example-app", "web.1").id == before
    assert said(world, "api", "app")[-1] == "Release v4 command failed by user ana@example.com"


def test_a_roll_back_brings_the_old_commands_back(make_world, said) -> None:
    world = make_world()
    world.deploy("example-app", commands={"web": "serve --new"})
    world.tick(30)
    release = world.rollback("example-app", "v3")
    world.tick(30)
    assert (release.version, release.description) == (5, "Rollback to v3")
    assert world.dyno("example-app", "web.1").command == "serve"
    assert "Rollback to v3 by user ana@example.com" in said(world, "api", "app")


def test_a_roll_back_to_nothing_is_refused(make_world) -> None:
    with pytest.raises(Refused) as refused:
        make_world().rollback("example-app", "v99")
    assert (refused.value.status, refused.value.id) == (404, "not_found")


def test_config_vars_are_set_and_removed_by_one_release(make_world, said) -> None:
    world = make_world()
    before = world.dyno("example-app", "web.1").id
    world.set_config("example-app", {"A": "1", "SECRET_KEY_BASE": None})
    world.tick(30)
    assert world.app("example-app").config == {"A": "1"}
    assert world.dyno("example-app", "web.1").id != before
    assert {
        "Set A config vars by user ana@example.com",
        "Remove SECRET_KEY_BASE config vars by user ana@example.com",
    } <= set(said(world, "api", "app"))
