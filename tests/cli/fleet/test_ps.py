"""`ps` for several apps: a line per app and type, totals, JSON, and what a failure of some costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


def named(stdout: str) -> list[str]:
    return [line.split()[0] for line in stdout.partition("\n\n")[0].splitlines()[1:]]


def test_each_process_type_of_each_app_is_a_line_and_the_last_has_the_totals(invoke: Invoke, world: World) -> None:
    world.set_maintenance("example-003", True)
    world.app("example-004").stack = "heroku-22"
    world.run("example-005", "rake db:migrate", attach=True)

    stdout, stderr, code = invoke("ps --apps 'example-*'")

    assert (stderr, code) == ("", 0)
    lines = stdout.splitlines()
    assert lines[0].split() == ["APP", "TYPE", "WANTED", "UP", "CRASHED", "SIZE", "PER", "MONTH", "NOTE"]
    assert lines[1].split() == ["example-001", "web", "1", "1", "0", "Standard-1X", "$25.00", "-"]
    assert lines[3].endswith("  maintenance")
    assert lines[4].endswith("  heroku-22 ends 2027-04-30")
    assert lines[6].split()[:3] == ["example-005", "run", "-"]
    assert lines[-1].startswith("12 apps, 26 of 26 dynos up, $650.00 a month, 1 one-off dyno, 1 in maintenance")


@pytest.mark.parametrize(
    ("flags", "apps"),
    [
        ("-a example-009 -a example-002 -a example-009", ["example-009", "example-002"]),
        ("--apps '*-00[12]' --apps '*-011'", ["example-001", "example-002", "example-011"]),
        ("--team shop", [f"example-00{n}" for n in range(1, 6)]),
        ("--pipeline checkout --stage staging", [f"example-00{n}" for n in range(3, 6)]),
        ("--team shop --apps '*-00[29]'", ["example-002"]),
    ],
)
def test_the_flags_name_apps_or_choose_them(flags: str, apps: list[str], invoke: Invoke) -> None:
    assert named(invoke(f"ps {flags}").stdout) == apps


def test_a_file_names_apps_one_a_line(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "apps.txt"
    file.write_text("example-003  # the shop\n\n# none\nexample-001\n")
    assert named(invoke(f"ps --apps-file {file}").stdout) == ["example-003", "example-001"]


def test_one_app_named_twice_is_one_app(invoke: Invoke) -> None:
    assert invoke("ps -a example-001 -a example-001") == invoke("ps -a example-001")


def test_json_is_one_document_or_a_line_for_each_app(invoke: Invoke) -> None:
    whole = valid(invoke("ps --team shop --json").stdout)
    lines = invoke("ps --team shop -o jsonl").stdout.splitlines()
    assert [valid(line)["app"] for line in lines] == [each["app"] for each in whole["apps"]]
    assert whole["totals"]["apps"] == len(lines) == 5
    assert whole["totals"]["quantity"] == sum(each["types"][0]["quantity"] for each in whole["apps"])


def test_an_app_without_an_answer_costs_no_other_its_own(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("ps web -a example-001 -a example-nope -a example-002")
    assert named(stdout) == ["example-001", "example-nope", "example-002"]
    assert "no answer: Couldn't find that app." in stdout
    assert stderr == "herodyno: 1 of 3 apps gave no answer; the others stand above\n"
    assert code == 1

    document = valid(invoke("ps -a example-001 -a example-nope --json").stdout)
    assert [each["error"] and each["error"]["exit_code"] for each in document["apps"]] == [None, 5]


def test_the_same_failure_of_all_apps_keeps_its_exit_code(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("ps -a example-nope -a example-none -o jsonl")
    assert [valid(line)["error"]["exit_code"] for line in stdout.splitlines()] == [5, 5]
    assert json.loads(stderr)["message"].startswith("none of 2 apps answered; the first: Couldn't find that app.")
    assert code == 5


def test_a_process_type_narrows_and_one_that_no_app_has_is_an_error(invoke: Invoke) -> None:
    assert invoke("ps web --team shop").code == 0
    stderr, code = invoke("ps nope --team shop")[1:]
    assert (stderr, code) == ("herodyno: no app here has a process type 'nope'\n", 5)


@pytest.mark.parametrize("flags", ["--wide", "--mem", "--watch", "--columns dyno", "--sort age", "web.1", "-x"])
def test_what_is_about_the_dynos_of_one_app_is_refused(flags: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"ps --team shop {flags}")
    assert (stdout, code) == ("", 2)
    assert "is for one app" in stderr


def test_a_refused_token_is_one_error_and_no_row(invoke: Invoke) -> None:
    stdout, _, code = invoke("ps -a example-001 -a example-002", environ={"HEROKU_API_KEY": "invalid"})
    assert (stdout, code) == ("", 4)


def test_an_unknown_format_is_refused(invoke: Invoke) -> None:
    assert invoke("ps -o yaml -a example-001").code == 2
    assert invoke("ps -o json -a example-001") == invoke("ps --json -a example-001")
