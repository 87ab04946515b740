"""What a failure of some apps means for the whole command."""

from __future__ import annotations

from herodyno.cli.fleet.asking import failure_of
from herodyno.errors import NotFound, PlatformFailed, Unreachable


def code_of(*errors: Exception, asked: int) -> int:
    failed = failure_of(errors, asked)  # type: ignore[arg-type] # the tests give HerodynoErrors
    return failed.exit_code if failed else 0


def test_a_part_is_exit_code_1_and_one_fault_of_all_keeps_its_own() -> None:
    assert code_of(asked=3) == 0
    assert code_of(NotFound("a"), asked=3) == 1
    assert code_of(NotFound("a"), asked=1) == 5
    assert code_of(Unreachable("a"), Unreachable("b"), asked=2) == 6
    assert code_of(NotFound("a"), PlatformFailed("b"), asked=2) == 1
