"""The gates between two batches look at the new dyno alone."""

from __future__ import annotations

import pytest

from herodyno.operations.restart.gates import codes_problem
from herodyno.operations.restart.roll import Item
from tests.operations.restart.measured_log import NEW, OLD, at, error, measured, request, requests

ITEM = Item(name="web.1", id=OLD, type="web", phase="steady", sent_at=at(100), up_at=at(110), new_id=NEW)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([error(140, "web.1", "R14")], "the new dynos log R14 on web.1"),
        ([error(101, "web.1", "R10")], "the new dynos log R10 on web.1"),
        ([error(120, "web.1", "R14")], ""),
        ([error(90, "web.1", "R14"), error(140, "web.1", "R12"), error(140, "web.9", "R10")], ""),
        ([request(112 + n / 10, "web.1", 503, f"stuck-{n}", service=20_000) for n in range(20)], ""),
        (
            requests(115, "web.1", 60, 20),
            "server errors rose on web.1: 1 of 80 requests before, 20 of 60 requests since",
        ),
        (requests(115, "web.1", 60, 1), ""),
        (requests(100, "web.1", 8, 8), ""),
    ],
)
def test_the_gate_looks_at_the_new_dyno_alone(lines: list[str], problem: str) -> None:
    before = requests(0, "web.1", 80, 1)
    assert codes_problem([ITEM], measured(before), measured([*before, *lines])) == problem


def test_with_preboot_the_old_dyno_may_log_its_own_codes_for_minutes() -> None:
    before, now = measured(requests(0, "web.1", 80, 1)), measured([error(200, "web.1", "R14")])
    assert codes_problem([ITEM], before, now) == "the new dynos log R14 on web.1"
    assert codes_problem([ITEM], before, now, preboot=True) == ""
    for code, at_second in (("R10", 200), ("R14", 600)):
        late = measured([error(at_second, "web.1", code)])
        assert codes_problem([ITEM], before, late, preboot=True) == f"the new dynos log {code} on web.1"
