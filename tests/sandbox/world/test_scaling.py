"""What a formation may not become, with Heroku's ids and messages."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.resources import FormationUpdate, Refused


@pytest.mark.parametrize(
    ("size", "update", "status", "error", "message"),
    [
        ("Standard-1X", FormationUpdate(type="clock", quantity=1), 404, "not_found", "process type (clock)"),
        ("Standard-1X", FormationUpdate(type="web", size="1X"), 422, "invalid_params", "No such size as 1X. Available"),
        ("Standard-1X", FormationUpdate(type="web", size="private-s"), 422, "invalid_params", "as private-s"),
        ("Standard-1X", FormationUpdate(type="web", size="dyno-1c-4gb"), 422, "invalid_params", "No such size"),
        ("Standard-1X", FormationUpdate(type="web", size="eco"), 422, "invalid_params", "same app: Eco, Standard-1X"),
        ("Standard-1X", FormationUpdate(type="web", quantity=-1), 422, "invalid_params", "non-negative"),
        ("Standard-1X", FormationUpdate(type="web", quantity=101), 422, "cannot_run_above_limit", "more than 100"),
        ("Basic", FormationUpdate(type="web", quantity=2), 422, "cannot_run_above_limit", "more than 1 Basic"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make_world, size, update, status, error, message) -> None:
    world = make_world(size=size, worker=1)
    with pytest.raises(Refused) as refused:
        world.scale("example-app", [update])
    assert (refused.value.status, refused.value.id) == (status, error)
    assert message in refused.value.message


def test_one_bad_update_stops_them_all(make_world) -> None:
    world = make_world()
    with pytest.raises(Refused):
        world.scale("example-app", [FormationUpdate(type="web", quantity=5), FormationUpdate(type="nope", quantity=1)])
    assert len(world.dynos("example-app")) == 1


def test_a_whole_app_can_change_its_tier(make_world) -> None:
    world = make_world(worker=1)
    rows = world.scale(
        "example-app", [FormationUpdate(type="web", size="ECO"), FormationUpdate(type="worker", size="eco")]
    )
    assert [(each.type, each.size) for each in rows] == [("web", "Eco"), ("worker", "Eco")]
    assert world.app("example-app").process_tier == "eco"


def test_a_fir_app_takes_only_fir_sizes(make_world) -> None:
    world = make_world(size="dyno-1c-0.5gb", generation="fir")
    with pytest.raises(Refused):
        world.scale("example-app", [FormationUpdate(type="web", size="standard-2x")])
    world.scale("example-app", [FormationUpdate(type="web", size="dyno-1c-4gb", quantity=3)])
    assert {each.size for each in world.dynos("example-app")} == {"dyno-1c-4gb"}
    assert len(world.dynos("example-app")) == 3
