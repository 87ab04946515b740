"""Ten simulated hours go over a real drain into a receiver of its own: the dyno that grew is named, its swap is drawn.

The drain is added by `archive drain add`, so that its password and its address are those of a user. Which dyno grows,
and from when on it is over its quota, is known from the simulation alone.
"""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.incidents.scenarios import SCENARIOS, add
from herodyno.sandbox.incidents.settings import Settings
from herodyno.sandbox.world.world import World
from tests.archive.receive.drain import need_uvicorn
from tests.archive.receive.process import free_port, serving
from tests.cli.schemas import valid
from tests.conftest import START, Invoke

HOURS = 10
APP = "-a example-app"


@pytest.fixture
def world() -> World:
    """A worker grows by 21 MB an hour, to 84 % of its quota after four hours, and on: after eight it swaps."""
    made = World(seed=1, start=START)
    add(made, "memory-growing-worker", Settings(**SCENARIOS["memory-growing-worker"].defaults))
    return made


@pytest.mark.slow
def test_a_dyno_that_grows_for_ten_hours_is_named_by_its_id_and_its_swap_is_drawn(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    need_uvicorn()
    kept, port, page = tmp_path / "kept", free_port(), tmp_path / "report.html"
    assert invoke(f"archive drain add {APP} --archive {kept} --url http://127.0.0.1:{port}").code == 0
    with serving(kept, port) as receiver:
        drain = Delivery(world, State(account=world.account))
        drain.deliver()
        for _ in range(HOURS * 60):
            world.tick(60)
            drain.deliver()
        receiver.send_signal(signal.SIGTERM)
        assert receiver.wait(20) == 143
    assert valid(invoke(f"archive compact --archive {kept} --json").stdout)["added"] == len(sent(world))
    ((name, dyno_id),) = world.truth.guilty

    whole = valid(invoke(f"diagnose --archive {kept} {APP} --json").stdout)
    assert whole["coverage"]["lines"] == len(sent(world))
    assert (whole["verdict"]["class"], whole["findings"][0]["dyno_id"]) == (world.truth.verdict, dyno_id)
    trends = {each["id"]: each["memory"]["trend"] for each in whole["incarnations"]}
    assert trends[dyno_id]["class"] == "growing"
    assert trends[dyno_id]["slope_mb_per_h"] == pytest.approx(Settings().per_hour, abs=1)
    assert max(trends, key=lambda each: trends[each]["slope_mb_per_h"] or 0.0) == dyno_id

    before = valid(invoke(f"diagnose --archive {kept} {APP} --until 09:30 --utc --json").stdout)
    assert before["findings"][0]["dyno_id"] == dyno_id
    assert before["verdict"]["summary"].startswith(f"{name} ({dyno_id[:8]}) grows by about 21 MB/h")

    drawn = invoke(f"diagnose --archive {kept} {APP} --plot swap --utc").stdout
    head = f"{name}  a {dyno_id[:8]}  "
    assert head in drawn
    assert " 0 MB" not in drawn.partition(head)[2].partition("\n")[0]
    assert invoke(f"diagnose --archive {kept} {APP} --html {page}").code in (0, 10, 20)
    swap = page.read_text(encoding="utf-8").partition("Swap by dyno in MB: the numbers")[2].partition("</table>")[0]
    most = {short: int(mb) for short, mb in re.findall(r"<th scope=\"row\">\S+ (\w+)</th><td[^>]*>(\d+) MB", swap)}
    assert {short for short, mb in most.items() if mb > 40} == {dyno_id[:8]}


def sent(world: World) -> list[str]:
    """The lines that the drain was given."""
    return world.full_log("example-app").splitlines()
