"""Which apps are asked, each once; what a failure of some apps means for the whole command."""

from __future__ import annotations

import pytest

from herodyno.cli.fleet.asking import failure_of, told_of
from herodyno.errors import NotFound, PlatformFailed, Unreachable
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke


def code_of(*errors: Exception, asked: int) -> int:
    failed = failure_of(errors, asked)  # type: ignore[arg-type] # the tests give HerodynoErrors
    return failed.exit_code if failed else 0


def test_a_part_is_exit_code_1_and_one_fault_of_all_keeps_its_own() -> None:
    assert code_of(asked=3) == 0
    assert code_of(NotFound("a"), asked=3) == 1
    assert code_of(NotFound("a"), asked=1) == 5
    assert code_of(Unreachable("a"), Unreachable("b"), asked=2) == 6
    assert code_of(NotFound("a"), PlatformFailed("b"), asked=2) == 1


@pytest.mark.parametrize("line", ["ps", "ps -o jsonl", "ps -o openmetrics", "sizes", "releases"])
def test_the_id_of_an_app_that_is_named_too_is_that_app(line: str, invoke: Invoke, world: World) -> None:
    by_name = invoke(f"{line} -a example-001 -a example-003")
    assert invoke(f"{line} -a {world.app('example-001').id} -a example-003 -a example-001") == by_name


@pytest.mark.parametrize("line", ["logs", "diagnose", "diagnose -o openmetrics"])
def test_no_line_of_a_log_counts_twice_for_an_app_by_id_and_by_name(line: str, invoke: Invoke, world: World) -> None:
    one = world.app("example-001")
    stdout = invoke(f"{line} -a {one.id} -a example-001 -a example-003").stdout
    lines = [line for line in stdout.splitlines() if "example-00" in line]
    assert len(lines) > 1
    assert (one.id in stdout, len(set(lines))) == (False, len(lines))


def test_an_id_that_no_app_has_costs_its_own_line(invoke: Invoke) -> None:
    nobody = "78e51061-7311-4ca3-82ce-cb6f4d33f2cc"
    stdout, stderr, code = invoke(f"ps -a {nobody} -a example-003")
    assert [line.split()[0] for line in stdout.splitlines()[1:3]] == [nobody, "example-003"]
    assert "1 of 2 apps gave no answer" in stderr
    assert code == 1


def test_a_note_has_the_name_of_its_app_once_and_is_one_line() -> None:
    assert told_of("shop-web", "shop-web has no dyno 'web.9'") == "shop-web has no dyno 'web.9'"
    assert told_of("shop-web", "shop-website is another") == "shop-web: shop-website is another"
    assert told_of("bad\nname", "boom") == "bad^Jname: boom"
