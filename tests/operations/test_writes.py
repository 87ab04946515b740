"""A write as a call: method, path with every segment encoded, and body."""

from __future__ import annotations

from herodyno.dynos import Dyno
from herodyno.operations.scale.plan import ScalePlan, TypeChange
from herodyno.operations.writes import Write, dyno_write, named, scale_write


def change(process_type: str, before: tuple[int, str], after: tuple[int, str]) -> TypeChange:
    return TypeChange(
        type=process_type, quantity_before=before[0], quantity_after=after[0],
        size_before=before[1], size_after=after[1], cents_before=None, cents_after=None,
    )  # fmt: skip


def test_a_scale_sends_only_what_changes_in_absolute_numbers() -> None:
    types = (
        change("web", (2, "Eco"), (3, "Eco")),
        change("clock", (1, "Eco"), (1, "Basic")),
        change("worker", (1, "Eco"), (1, "eco")),
    )
    write = scale_write(ScalePlan(app="example-app", types=types))
    assert str(write) == (
        "PATCH /apps/example-app/formation "
        '{"updates": [{"type": "web", "quantity": 3}, {"type": "clock", "size": "Basic"}]}'
    )
    assert write.undo == ("herodyno", "scale", "web=2:Eco", "clock=1:Eco", "--app", "example-app")


def test_every_segment_of_a_path_is_encoded() -> None:
    assert Write(verb="restart", app="a/../b", dyno="../../victim").path == "/apps/a%2F..%2Fb/dynos/..%2F..%2Fvictim"
    assert Write(verb="stop", app="a", type="w?x").path == "/apps/a/formations/w%3Fx/actions/stop"
    assert str(Write(verb="restart", app="a")) == "DELETE /apps/a/dynos"


def test_a_dyno_without_an_id_goes_by_its_name() -> None:
    assert dyno_write("stop", "a", Dyno(name="web.1")).path == "/apps/a/dynos/web.1/actions/stop"


def test_dynos_are_named_in_natural_order_with_short_ids() -> None:
    assert named([Dyno(name="web.10", id="aaaaaaaa-1"), Dyno(name="web.2", id="bbbbbbbb-2")]) == [
        "web.2 (bbbbbbbb)",
        "web.10 (aaaaaaaa)",
    ]
