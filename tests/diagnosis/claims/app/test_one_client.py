"""One client whose requests fail on every dyno is the headline, not the whole app."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import App
from herodyno.logs.scan.blocks import line_blocks
from herodyno.sandbox.incidents.scenarios import scenario
from tests.diagnosis.reading import NOON, judged, request

CLIENT = "203.0.113.77"


def storm(seed: int, *, dynos: int, share: float, other_failures: float = 0.0) -> str:
    """A client that retries one page on all dynos, among the good requests of others."""
    random = Random(seed)
    lines = []
    for i in range(1200):
        at, dyno = i * 0.9, f"web.{random.randint(1, dynos)}"
        if random.random() < share:
            lines.append(request(at, dyno, status=500, path="/api/sync", client=CLIENT))
        else:
            bad = random.random() < other_failures
            client = f"192.0.2.{random.randint(1, 90)}"
            lines.append(request(at, dyno, status=500 if bad else 200, path=f"/p{random.randint(1, 9)}", client=client))
    return "".join(lines)


def is_told(answer: Diagnosis) -> bool:
    return (answer.verdict.kind, answer.verdict.label) == ("one_client_or_path", "ONE CLIENT")


@pytest.mark.parametrize("dynos", [1, 2, 4, 12])
@pytest.mark.parametrize("share", [0.03, 0.2, 0.5])
def test_a_retry_storm_is_one_client_on_any_number_of_dynos(dynos: int, share: float) -> None:
    answer = judged(storm(dynos, dynos=dynos, share=share))

    assert is_told(answer)
    assert answer.verdict.severity == "warning"
    assert "203.x.x.x" in answer.verdict.summary
    assert CLIENT not in repr(answer)
    assert not any(action.mutates for action in answer.actions)
    assert not any(finding.kind in ("whole_app", "single_dyno", "one_dyno") for finding in answer.findings)


@pytest.mark.parametrize("seed", range(3))
def test_the_storm_of_the_sandbox_is_one_client(seed: int) -> None:
    world = scenario("retry-storm", seed=seed)
    assert is_told(judged(world.full_log(world.truth.app)))


def among(clients: int) -> str:
    """A client whose requests fail, among the good ones of many, as those of a real app."""
    lines = []
    for i in range(4000):
        is_storm = i % 20 == 0
        client = CLIENT if is_storm else f"198.51.{i % clients // 250}.{i % clients % 250}"
        status = 500 if is_storm and i % 40 else 200
        lines.append(request(i * 0.9, f"web.{1 + i % 4}", status=status, path=f"/p{i % 9}", client=client))
    return "".join(lines)


@pytest.mark.parametrize("clients", [700, 1500, 3500])
def test_one_client_among_many_is_told_the_same_in_one_part_and_in_two(clients: int) -> None:
    text = among(clients).encode()
    middle = text.index(b"\n", len(text) // 2) + 1
    whole, *parts = (partial(line_blocks, [some]) for some in (text, text[:middle], text[middle:]))
    answers = [
        diagnose(log, app=App(name="example-app"), at=NOON, source=Source(kind="file"))
        for log in (Log(logs=[whole], year=2026), Log(logs=[whole], year=2026, parts=parts, spread=map))
    ]

    assert is_told(answers[0])
    assert answers[0] == answers[1]
    at_most = clients > 800
    assert ("of the others' at least 3,8" in answers[0].verdict.summary) == at_most
    assert ("100 of its at most 2" in repr(answers[0])) == at_most


def test_one_client_in_ten_failures_of_which_others_have_more_is_not_the_headline() -> None:
    assert not is_told(judged(storm(5, dynos=4, share=0.05, other_failures=0.05)))


def test_a_client_that_sends_nearly_all_requests_is_not_told() -> None:
    """A proxy, or the load test of the whole app: its failures are everyone's."""
    lines = [
        request(
            i * 0.9, f"web.{1 + i % 4}", status=500 if i % 9 == 0 else 200, client=CLIENT if i % 20 else "192.0.2.1"
        )
        for i in range(1200)
    ]
    assert judged("".join(lines)).verdict.kind == "whole_app"


def test_a_few_failures_of_one_client_alarm_nobody() -> None:
    lines = [request(i * 0.5, f"web.{1 + i % 4}", client=f"192.0.2.{i % 90}") for i in range(3000)]
    lines += [request(i * 70.0, f"web.{1 + i % 4}", status=500, client=CLIENT) for i in range(12)]
    assert judged("".join(lines)).verdict.severity == "info"
