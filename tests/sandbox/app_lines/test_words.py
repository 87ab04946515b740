"""A pattern becomes a line, and finds the lines it became."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.sandbox.app_lines.frameworks import FRAMEWORKS
from herodyno.sandbox.app_lines.reasons import MISLEADING, REASONS
from herodyno.sandbox.app_lines.words import expression, fill

SAYINGS = (*REASONS, *MISLEADING)


def test_given_values_come_first_and_the_braces_of_json_stay() -> None:
    assert fill('{"ms":{ms},"id":"{request_id}"}', Random(1), ms=7, request_id="a") == '{"ms":7,"id":"a"}'


@pytest.mark.parametrize("pattern", SAYINGS)
def test_a_pattern_finds_its_own_lines_and_those_of_no_other(pattern: str) -> None:
    lines = [fill(pattern, Random(seed), request_id=f"{seed:032x}") for seed in range(20)]

    assert all(expression(pattern).search(line) for line in lines)
    assert not any(expression(other).search(line) for other in SAYINGS if other != pattern for line in lines)


def test_a_line_that_says_why_varies() -> None:
    for pattern in SAYINGS:
        assert len({fill(pattern, Random(seed), request_id=f"{seed:032x}") for seed in range(20)}) > 10


def test_every_field_of_every_framework_is_known() -> None:
    given = dict.fromkeys(
        ("request_id", "method", "path", "page", "line", "key", "module", "net", "host", "task", "number"), "x"
    )
    for framework in FRAMEWORKS:
        for each in (*framework.served, *framework.failed, *framework.crashed, *framework.unbootable):
            assert "{" not in fill(each, Random(1), **given).replace('{"', "")
        assert "{" not in fill(f"{framework.access} {framework.job}", Random(1), **given).replace('{"', "")
