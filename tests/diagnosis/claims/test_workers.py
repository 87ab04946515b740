"""A worker that raises what its peers do not stands out by its time alive, in the time that they share."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.claims.one_off_lines import TRACE, platform, said
from tests.diagnosis.reading import judged
from tests.diagnosis.traffic import errors, traffic

SECONDS = 1200.0
CALM = traffic(2, 400, seconds=SECONDS)


def works(dyno: str, raises: int = 0, *, start: float = 0.0, end: float = SECONDS, seed: int = 1) -> str:
    """A worker that prints each ten seconds, and raises so many exceptions at random times."""
    random = Random(f"{dyno}/{seed}")
    done = "".join(said(at, dyno, "job done") for at in _times(start, end))
    return done + "".join(said(random.uniform(start, end), dyno, *TRACE) for _ in range(raises))


def _times(start: float, end: float) -> list[float]:
    return [start + 10.0 * i for i in range(int((end - start) // 10) + 1)]


def workers(*raises: int, seed: int = 1) -> str:
    return "".join(works(f"worker.{i}", n, seed=seed) for i, n in enumerate(raises, 1))


def accused(found: Diagnosis) -> list[str]:
    return [row.dyno for row in found.incarnations if row.outlier.verdict == "outlier"]


@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_one_of_several_workers_is_named_with_its_share_and_its_exception(others: int, seed: int) -> None:
    found = judged(CALM + workers(others, 40, others, others, seed=seed))
    assert (found.verdict.kind, found.verdict.severity, accused(found)) == ("one_dyno", "warning", ["worker.2"])
    assert found.verdict.summary.startswith(f"worker.2 (id unknown) raises 40 of {40 + 3 * others} exceptions")
    assert "It ran for 25 % of the worker dynos' time: one exception in 30 s" in found.verdict.details[0]
    assert "ConnectionError: refused" in found.verdict.details[1]
    assert found.actions[0].argv[:3] == ("herodyno", "restart", "worker.2")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("raises", [(10, 10, 10), (40, 45, 38), (2, 0, 1), (0, 4, 0)])
def test_workers_that_raise_alike_or_hardly_are_not_told_apart(raises: tuple[int, ...], seed: int) -> None:
    assert accused(judged(CALM + workers(*raises, seed=seed))) == []


def test_a_job_that_fails_at_once_is_one_moment() -> None:
    burst = "".join(said(500 + i * 0.2, "worker.2", *TRACE) for i in range(60))
    assert accused(judged(CALM + workers(0, 0, 0) + burst)) == []


def test_only_shared_time_counts() -> None:
    """worker.1 and worker.2 raise alike until 12:10; then worker.2 is scaled away, and worker.1 goes on raising."""
    text = works("worker.1", 60) + works("worker.2", 30, end=600)
    text += platform(600, "worker.2", "Stopping all processes with SIGTERM", "Process exited with status 143")
    assert accused(judged(CALM + text)) == []


def test_a_worker_without_peers_is_not_accused() -> None:
    found = judged(CALM + workers(40))
    assert accused(found) == []
    assert any(finding.kind == "exceptions" for finding in found.findings)


def test_two_of_five_are_named_together() -> None:
    found = judged(CALM + workers(50, 0, 45, 0, 1))
    assert (found.verdict.kind, accused(found)) == ("some_dynos", ["worker.1", "worker.3"])
    assert "worker.1 (id unknown) and worker.3 (id unknown) raise 95 of 96 exceptions" in found.verdict.summary


def test_trouble_of_the_web_heads_the_report_and_the_worker_is_told_below() -> None:
    bad = traffic(4, 300, seconds=SECONDS) + "".join(errors(f"web.{n}", 20, seconds=SECONDS) for n in range(1, 5))
    found = judged(bad + workers(0, 40, 0))
    assert found.verdict.kind == "whole_app"
    assert any(finding.dyno == "worker.2" and finding.kind == "one_dyno" for finding in found.findings)


def test_a_worker_that_was_replaced_is_told_in_the_past_and_nothing_is_restarted() -> None:
    text = works("worker.1") + works("worker.3") + works("worker.2", 30, end=700)
    text += platform(700, "worker.2", "Restarting", "State changed from up to starting")
    text += platform(701, "worker.2", "Stopping all processes with SIGTERM", "Process exited with status 143")
    text += platform(705, "worker.2", "Starting process with command `work`", "State changed from starting to up")
    found = judged(CALM + text + works("worker.2", start=710))
    assert "raised 30 of 30 exceptions" in found.verdict.summary
    assert (found.verdict.ongoing, exit_code(found)) == (False, 0)
    assert not any(action.argv[:2] == ("herodyno", "restart") for action in found.actions)


def test_exceptions_of_an_ordinary_stop_are_no_exceptions() -> None:
    stop = ("/app/work.rb:3:in `sleep': SIGTERM (SignalException)", "\tfrom /app/work.rb:3:in `<main>'")
    text = workers(0, 0, 0) + "".join(said(at, "worker.2", *stop) for at in range(200, 1100, 60))
    assert accused(judged(CALM + text)) == []
