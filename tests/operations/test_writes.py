"""A write as a call: its method, and a path with every segment encoded."""

from __future__ import annotations

from herodyno.dynos import Dyno
from herodyno.operations.writes import Write, dyno_write


def test_every_segment_of_a_path_is_encoded() -> None:
    assert Write(verb="restart", app="a/../b", dyno="../../victim").path == "/apps/a%2F..%2Fb/dynos/..%2F..%2Fvictim"
    assert Write(verb="stop", app="a", type="w?x").path == "/apps/a/formations/w%3Fx/actions/stop"
    assert str(Write(verb="restart", app="a")) == "DELETE /apps/a/dynos"


def test_a_dyno_without_an_id_goes_by_its_name() -> None:
    assert dyno_write("stop", "a", Dyno(name="web.1")).path == "/apps/a/dynos/web.1/actions/stop"
