"""`-o openmetrics`: one text of all apps, on stdout or whole in a file that other users may read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from herodyno.sandbox.world.world import World
from tests.conftest import Invoke
from tests.exposition import parsed, values


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_several_apps_are_one_text_with_those_that_gave_no_answer(command: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"{command} -a example-001 -a example-nope -a example-002 -o openmetrics")
    assert values(stdout, f"herodyno_{command}_answered", app="example-nope") == [0]
    assert values(stdout, f"herodyno_{command}_answered") == [1, 0, 1] if command == "ps" else [0, 1, 1]
    assert stdout.count("# EOF") == 1
    assert "1 of 3 apps gave no answer" in stderr
    assert code == 1


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_one_app_has_the_same_samples_as_among_others(command: str, invoke: Invoke) -> None:
    alone = parsed(invoke(f"{command} -a example-001 -o openmetrics").stdout)
    assert alone.keys() <= parsed(invoke(f"{command} --apps 'example-00[12]' -o openmetrics").stdout).keys()
    assert len(alone) > 10


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_an_app_that_gives_no_answer_is_told_and_keeps_its_exit_code(command: str, invoke: Invoke) -> None:
    stdout, _, code = invoke(f"{command} -a example-nope -o openmetrics")
    assert list(parsed(stdout).values()) == [0]
    assert code == 5


def test_a_bundle_gives_the_series_that_the_app_gave(invoke: Invoke, tmp_path: Path) -> None:
    invoke(f"diagnose -a example-001 --bundle {tmp_path}/b.zip")
    again = parsed(invoke(f"diagnose --from-bundle {tmp_path}/b.zip -o openmetrics").stdout)
    assert again.keys() == parsed(invoke("diagnose -a example-001 -o openmetrics").stdout).keys()


def test_a_file_is_whole_readable_for_others_and_replaced_by_the_next_look(
    invoke: Invoke, tmp_path: Path, world: World
) -> None:
    file = tmp_path / "herodyno.prom"
    before = os.umask(0o022)
    try:
        assert invoke(f"ps -a example-001 -o openmetrics --file {file}") == ("", "", 0)
        first = file.read_text()
        world.tick(60)
        assert invoke(f"ps -a example-001 -o openmetrics --file {file}") == ("", "", 0)
    finally:
        os.umask(before)
    assert parsed(first).keys() == parsed(file.read_text()).keys()
    assert first != file.read_text()
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.glob("*.p*")) == [file]
    assert list(tmp_path.glob(".*.part")) == []


def test_the_exit_code_is_that_of_the_verdict(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "herodyno.prom"
    for flags in ("", "--fail-on critical"):
        line = f"diagnose -a example-001 {flags}"
        assert invoke(f"{line} -o openmetrics --file {file}") == ("", "", invoke(line).code)
    assert values(file.read_text(), "herodyno_diagnose_answered") == [1]


@pytest.mark.parametrize("foreign", ["# HELP node_load1 1m load average.\n", "secret\n", "link", "folder"])
def test_a_file_of_somebody_else_stays_as_it_was(foreign: str, invoke: Invoke, tmp_path: Path) -> None:
    file, other = tmp_path / "x.prom", tmp_path / "other"
    if foreign == "link":
        other.write_text("# HELP herodyno_ps_answered")
        file.symlink_to(other)
    elif foreign == "folder":
        file.mkdir()
    else:
        file.write_text(foreign)
    stdout, stderr, code = invoke(f"ps -a example-001 -o openmetrics --file {file}")
    assert (stdout, code) == ("", 1)
    assert "already; nothing was written" in stderr
    assert foreign in ("link", "folder") or file.read_text() == foreign


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ps -a a --file x.prom", "--file is for metrics"),
        ("diagnose -a a --json --file x.prom", "--file is for metrics"),
        ("ps -a a --json -o openmetrics", "two formats"),
        ("diagnose -a a --json -o openmetrics", "two formats"),
        ("ps -a a -o openmetrics --wide", "--wide is for one app and its tables"),
        ("ps -a a -o openmetrics --watch", "--watch is for one app and its tables"),
        ("diagnose -a a -o openmetrics --watch", "--watch goes on until Ctrl-C"),
        ("diagnose --apps 'a*' -o openmetrics --top 2", "--top is for people"),
        ("ps -a a -o openmetrics --file nowhere/x.prom", "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(line: str, said: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(line)
    assert stdout == ""
    assert said in stderr
    assert code == (5 if "folder" in said else 2)
