"""What the app prints: a traceback is one exception to a reader of the log, and words change nothing else."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.logs.events import AppException
from herodyno.logs.parsing.read import read_events
from herodyno.sandbox.app_lines import printing
from herodyno.sandbox.app_lines.frameworks import FRAMEWORKS, Framework
from herodyno.sandbox.app_lines.reasons import REASONS

REQUEST = ("POST", "/cart", "5f0c3c76-0000-4000-8000-000000000000")
NAMES = ("flask", "django", "rails", "express", "spring")
every_framework = pytest.mark.parametrize("framework", FRAMEWORKS, ids=NAMES)


def exceptions(*texts: str) -> list[str]:
    log = "".join(f"2026-11-23T02:07:11.0{n:05}+00:00 app[web.1]: {text}\n" for n, text in enumerate(texts))
    return [event.kind for event in read_events([log.encode()], year=2026) if isinstance(event, AppException)]


@every_framework
def test_a_traceback_is_read_as_the_one_exception_that_the_truth_names(framework: Framework) -> None:
    random = Random(1)

    failed = exceptions(*printing.failure(framework, "500", REASONS[0], *REQUEST, random))
    crashed = exceptions(*printing.crash(framework, random))

    assert len(failed) == len(crashed) == 1
    assert framework.raises.startswith(failed[0])
    assert framework.dies.startswith(crashed[0])


@every_framework
def test_what_is_printed_about_a_request_draws_alike_in_every_framework(framework: Framework) -> None:
    own, first = Random(3), Random(3)

    for _ in range(10):
        printing.success(framework, *REQUEST, 20, own)
        printing.success(FRAMEWORKS[0], *REQUEST, 20, first)

    assert own.getstate() == first.getstate()


def test_an_app_that_says_nothing_prints_nothing_about_what_fails() -> None:
    assert not any(printing.failure(FRAMEWORKS[0], code, "", *REQUEST, Random(1)) for code in ("500", "H12", "H18"))


def test_about_three_failed_requests_in_ten_leave_their_line() -> None:
    random = Random(1)
    told = sum(bool(printing.failure(FRAMEWORKS[0], "H12", REASONS[1], *REQUEST, random)) for _ in range(1000))

    assert 250 < told < 350
