"""`diagnose` for several apps: the worst first, since when, and what a failure of some costs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC

import pytest

from herodyno.cli.diagnose.options import DiagnoseOptions
from herodyno.cli.fleet import diagnose as fleet
from herodyno.cli.session import Session
from herodyno.render.fleet.diagnose import AppVerdict, verdicts_blocks, verdicts_document
from herodyno.sandbox.incidents.scenarios import SCENARIOS, add
from herodyno.sandbox.incidents.settings import Settings
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import START, Invoke


@pytest.fixture
def world() -> World:
    """One app with a bad dyno among three that are fine or too quiet."""
    made = World(seed=1, start=START)
    for app, name in (("shop-api", "healthy"), ("shop-web", "one-bad-dyno"), ("shop-quiet", "too-little-data")):
        add(made, name, replace(Settings(**dict(SCENARIOS[name].defaults)), app=app, seconds=390.0))
    made.tick(390.0)
    return made


def test_the_worst_app_stands_first_with_since_when(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("diagnose --apps 'shop-*' --utc")
    lines = stdout.splitlines()
    assert lines[0].split() == ["APP", "VERDICT", "SINCE", "(UTC)", "WHAT"]
    assert [line.split()[0] for line in lines[1:4]] == ["shop-web", "shop-quiet", "shop-api"]
    assert lines[1].split()[1:3] == ["ONE", "DYNO"]
    assert " 02:0" in lines[1]
    assert lines[-1] == "3 apps: 1 critical, 1 info, 1 not enough data"
    assert (stderr, code) == ("", 20)


def test_of_apps_in_equal_trouble_what_fails_all_requests_stands_above_one_dyno_and_what_is_over_below(
    invoke: Invoke, world: World
) -> None:
    for app, name in (("shop-a", "restart-that-fixed-it"), ("shop-z", "crash-loop")):
        add(world, name, replace(Settings(**dict(SCENARIOS[name].defaults)), app=app, seconds=390.0))
    world.tick(390.0)
    apps = json.loads(invoke("diagnose --apps 'shop-*' --json").stdout)["apps"]
    assert [row["app"] for row in apps][:2] == ["shop-z", "shop-web"]
    assert [row["app"] for row in apps].index("shop-a") > 1


def test_the_exit_code_of_each_app_is_that_of_diagnose_for_it_alone(invoke: Invoke) -> None:
    document = valid(invoke("diagnose --apps 'shop-*' --json").stdout)
    for row in document["apps"]:
        alone = invoke(f"diagnose -a {row['app']} --json")
        assert row["exit_code"] == alone.code
        assert row["verdict"]["summary"] == json.loads(alone.stdout)["verdict"]["summary"]


@pytest.mark.parametrize(("flags", "whole"), [("--top 1", 1), ("-o jsonl", 3)])
def test_only_what_will_be_shown_in_full_is_kept_whole(
    flags: str, whole: int, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[AppVerdict] = []
    show = fleet._show

    def spied(session: Session, options: DiagnoseOptions, rows: list[AppVerdict]) -> None:
        shown.extend(rows)
        show(session, options, rows)

    monkeypatch.setattr(fleet, "_show", spied)
    assert invoke(f"diagnose --apps 'shop-*' {flags}").code == 20
    assert [bool(row.found and row.found.incarnations) for row in shown] == [True] * whole + [False] * (3 - whole)
    light = [row.light for row in shown]
    assert verdicts_document(light, now=START, calls_left=None) == verdicts_document(shown, now=START, calls_left=None)
    assert verdicts_blocks(light, now=START, zone=UTC) == verdicts_blocks(shown, now=START, zone=UTC)
    assert [row.light for row in light] == light


def test_the_worst_are_opened_and_the_others_are_not(invoke: Invoke) -> None:
    stdout = invoke("diagnose --apps 'shop-*' --top 1").stdout
    assert "== shop-web, 1 of the 1 worst" in stdout
    assert stdout.count("\n== ") == 1
    assert "\nDYNO " in stdout


def test_an_app_without_an_answer_is_below_trouble_and_above_the_rest(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("diagnose -a shop-api -a shop-nope -a shop-web")
    assert [line.split()[0] for line in stdout.splitlines()[1:4]] == ["shop-web", "shop-nope", "shop-api"]
    assert stderr == "1 of 3 apps gave no answer; the others stand above\n"
    assert code == 20
    assert invoke("diagnose -a shop-api -a shop-nope").code == 1


def test_findings_are_a_line_each_of_all_apps(invoke: Invoke) -> None:
    lines = invoke("diagnose --apps 'shop-*' -o jsonl").stdout.splitlines()
    assert [valid(line)["app"] for line in lines[:2]] == ["shop-web", "shop-web"]


@pytest.mark.parametrize(
    "flags", ["--watch", "--listen 1m", "--bundle x.zip", "-o md", "--dyno web.1",
              "--from-file app.log", "--archive x", "--top 1 -o json", "--full"],
)  # fmt: skip
def test_what_is_about_one_app_is_refused(flags: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"diagnose --apps 'shop-*' {flags}")
    assert (stdout, code) == ("", 2)
    assert "is for" in stderr


def test_monitoring_reads_one_line_that_refuses_several_apps(invoke: Invoke) -> None:
    stdout, _, code = invoke("diagnose --apps 'shop-*' --nagios")
    assert (stdout, code) == ("UNKNOWN: --nagios is for one app; several have a line each\n", 3)
