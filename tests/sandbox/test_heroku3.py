"""A public client library, heroku3, works against the sandbox as it is: list, scale, restart, kill, logs, run."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from herodyno.sandbox.doors.server import Server
from tests.sandbox.conftest import MakeWorld

with warnings.catch_warnings():
    # heroku3 5.2.1 is old: what Python thinks of its source is not our matter.
    warnings.simplefilter("ignore")
    import heroku3


@pytest.fixture
def app(make_world: MakeWorld) -> Iterator[Any]:
    """heroku3's App of a served sandbox."""
    with Server(make_world(web=2, worker=1), speed=60) as server:
        heroku = heroku3.api.Heroku()
        heroku._heroku_url = server.url  # it has no setting for the host
        assert heroku.authenticate("any")
        yield heroku.apps()["example-app"]
        heroku._session.close()


def soon(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def names(app: Any) -> list[str]:
    return sorted(dyno.name for dyno in app.dynos() if dyno.state == "up")


def test_it_lists_apps_dynos_formation_and_releases(app: Any) -> None:
    assert (app.name, app.owner.email) == ("example-app", "ana@example.com")
    assert names(app) == ["web.1", "web.2", "worker.1"]
    assert {each.type: each.quantity for each in app.process_formation()} == {"web": 2, "worker": 1}
    assert [release.version for release in app.releases()] == [1, 2, 3]
    assert [release.version for release in app.releases(order_by="version", limit=1, sort="desc")][:1] == [3]


def test_it_scales_one_type_and_several(app: Any) -> None:
    app.process_formation()["web"].scale(3)
    assert soon(lambda: names(app) == ["web.1", "web.2", "web.3", "worker.1"])
    app.batch_scale_formation_processes({"web": 1, "worker": 2})
    assert soon(lambda: names(app) == ["web.1", "worker.1", "worker.2"])
    assert app.process_formation()["web"].resize("Standard-2X").size == "Standard-2X"


@pytest.mark.parametrize("act", ["restart", "kill"])
def test_it_restarts_and_kills(app: Any, act: str) -> None:
    before = {dyno.name: dyno.id for dyno in app.dynos()}
    app.restart() if act == "restart" else app.kill_dyno("web.1")
    replaced = set(before) if act == "restart" else {"web.1"}
    assert soon(lambda: {dyno.name for dyno in app.dynos() if dyno.id != before[dyno.name]} == replaced)


def test_it_reads_the_log_and_follows_it(app: Any) -> None:
    app.process_formation()["web"].scale(1)
    assert soon(lambda: "app[api]: Scaled to web@1" in app.get_log(lines=1500))
    lines = app.stream_log(lines=1)
    app.process_formation()["web"].scale(2)
    assert any(b"Scaled to web@2" in line for line in lines)


def test_it_runs_a_command_detached_whose_output_is_in_the_log(app: Any) -> None:
    dyno = app.run_command_detached("echo hello from heroku3")
    assert dyno.name.startswith("run.")
    assert soon(lambda: f"app[{dyno.name}]: hello from heroku3" in app.get_log(dyno=dyno.name, lines=1500))
    assert soon(lambda: dyno.name not in [each.name for each in app.dynos()])


def test_it_rolls_back(app: Any) -> None:
    app.rollback("v2")
    assert app.releases()[-1].version == 4
