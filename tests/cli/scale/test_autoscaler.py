"""`scale` warns of a program that scales the same type, and goes on; where the log is silent, so is it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from herodyno.cli.scale import autoscaler
from herodyno.heroku.api.platform import Platform
from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


@pytest.fixture
def scaled(world: World) -> None:
    """Somebody has changed web again and again. The traffic is low: a log holds 1,500 lines."""
    world.set_traffic("example-app", None)
    for quantity in (5, 3, 5, 4):
        world.tick(180)
        world.scale("example-app", [FormationUpdate(type="web", quantity=quantity)], by="bot@example.com")
    world.tick(20)


@pytest.mark.usefixtures("scaled")
def test_a_program_that_scales_too_is_told_once_and_refuses_nothing(invoke: Invoke, world: World) -> None:
    _, stderr, code = invoke("scale web=6 -a example-app --utc")
    assert code == 0
    assert stderr.count("looks autoscaled") == 1
    assert "web looks autoscaled: bot@example.com changed its quantity 4 times, between 3 and 5, last at 02:" in stderr
    assert "it may change this quantity again." in stderr
    assert world.formation("example-app")[0].quantity == 6


@pytest.mark.usefixtures("scaled")
def test_it_stands_in_the_json_too(invoke: Invoke) -> None:
    document = valid(invoke("scale web=6 -a example-app --json").stdout)
    assert [note for note in document["notes"] if "looks autoscaled" in note]


@pytest.mark.usefixtures("scaled")
@pytest.mark.parametrize(
    "line", ["web=6 --dry-run", "web=6 --dry-run --apps 'example-a*'", "--diff formation.toml", "web=6 --read-only"]
)
def test_what_sends_nothing_opens_no_log_session(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(Platform, "log_session", lambda _, app, **__: opened.append(app) or "")
    monkeypatch.chdir(tmp_path)
    Path("formation.toml").write_text("[formation.web]\nquantity = 6\n")
    one = "" if "--apps" in line else "-a example-app"
    result = invoke(f"scale {line} {one}")
    assert (result.code, opened) == (1 if "read-only" in line else 0, []), result.stderr


@pytest.mark.usefixtures("scaled")
@pytest.mark.parametrize("line", ["scale -a example-app", "scale web=standard-2x -a example-app --confirm example-app"])
def test_what_changes_no_quantity_needs_no_warning(invoke: Invoke, line: str) -> None:
    assert "looks autoscaled" not in invoke(line).stderr


def test_an_app_that_nobody_scales_has_no_warning(invoke: Invoke) -> None:
    assert "looks autoscaled" not in invoke("scale web=5 -a example-app").stderr


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_where_there_is_no_log_it_scales_all_the_same(invoke: Invoke, world: World) -> None:
    assert invoke("scale web=3 -a example-app").code == 0


def test_a_log_that_hangs_is_not_waited_for(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    until = threading.Event()
    monkeypatch.setattr(autoscaler, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(Platform, "log_session", lambda *_, **__: until.wait(20) and "")
    try:
        assert invoke("scale web=5 -a example-app").code == 0
        assert not until.is_set()
    finally:
        until.set()
