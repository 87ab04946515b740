"""The world from outside: finding apps and dynos, drains, sizes, and an app that is created with a past."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.resources import Refused
from herodyno.sandbox.world.sizes import SIZES


def test_apps_are_found_by_name_and_by_id(make_world) -> None:
    world = make_world()
    app = world.app("example-app")
    assert world.app(app.id) is app
    with pytest.raises(Refused, match="Couldn't find that app"):
        world.app("nope")


def test_dynos_are_found_by_name_and_by_id(make_world) -> None:
    world = make_world(web=2)
    dyno = world.dyno("example-app", "web.2")
    assert world.dyno("example-app", dyno.id) is dyno
    with pytest.raises(Refused, match="Couldn't find that dyno"):
        world.dyno("example-app", "web.9")


def test_an_app_comes_with_a_past(make_world) -> None:
    world = make_world(version=412, deployed=30 * 3600.0, old=7200.0)
    app, dyno = world.app("example-app"), world.dyno("example-app", "web.1")
    assert (world.now - dyno.created_at).total_seconds() == 7200
    assert [each.version for each in app.releases] == [408, 409, 410, 411, 412]
    assert (world.now - app.release.created_at).total_seconds() == 30 * 3600
    assert app.created_at < app.releases[0].created_at
    assert app.log.everything == []


def test_sizes_are_named_in_any_case(make_world) -> None:
    world = make_world()
    assert world.size("STANDARD-2x").name == "Standard-2X"
    assert {each.generation for each in world.sizes_for("example-app")} == {"cedar"}
    assert len({each.id for each in SIZES.values()}) == len(SIZES)


def test_a_drain_can_be_added_and_removed_by_any_of_its_names(make_world) -> None:
    world = make_world()
    drain = world.add_drain("example-app", "https://logs.example.com/")
    world.lose_drain_lines("example-app", drain, 12)
    world.tick(1)
    text = world.full_log("example-app")
    assert (
        f"heroku[logplex]: Error L10 (output buffer overflow): drain '{drain.token}' dropped 12 messages since" in text
    )
    assert world.remove_drain("example-app", "https://logs.example.com/") is drain
    with pytest.raises(Refused):
        world.remove_drain("example-app", drain.id)


def test_a_log_session_leaves_its_line(make_world) -> None:
    world = make_world()
    world.log_session_created("example-app", by="bo@example.com")
    world.tick(1)
    assert world.log_text("example-app").endswith("app[api]: Log session created by user bo@example.com\n")


def test_a_dyno_can_be_made_to_say_lines(make_world) -> None:
    world = make_world()
    world.say("example-app", "web.1", "one\ntwo")
    world.tick(1)
    assert [line.split("]: ")[1] for line in world.log_text("example-app").splitlines()] == ["one", "two"]
