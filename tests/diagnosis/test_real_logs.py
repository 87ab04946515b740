"""Every real log that is at hand is judged: no crash, no event lost, and the known situations come out as known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.diagnosis.document import document
from tests.diagnosis.reading import judged, read

REAL = Path(__file__).parents[3] / "shared" / "data" / "logs"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real log lines are not part of a user's checkout")
FILES = sorted(path.name for path in REAL.glob("*") if path.suffix in {".log", ".txt", ".frames", ".drainlines"})


def text(name: str) -> str:
    return (REAL / name).read_bytes().decode("utf-8", errors="replace")


def verdict(name: str) -> Diagnosis:
    return judged(text(name))


@pytest.mark.parametrize("name", FILES)
def test_every_event_is_counted_once_and_the_answer_is_json(name: str) -> None:
    result = read(text(name))
    facts = result.facts

    attributed = sum(incarnation.lines for incarnation in facts.incarnations.values())
    assert attributed + facts.ambiguous + facts.unattributed == facts.lines
    json.dumps(document(verdict(name)), allow_nan=False)


def test_three_ids_under_one_name_are_three_incarnations() -> None:
    ids = [
        incarnation.id[:8]
        for incarnation in read(text("junia-h12-h13-crash-three-dyno-ids.log")).times.incarnations["web.1"]
        if incarnation.id
    ]

    assert ids == ["40213b14", "bd299b99", "5fff6598"]


def test_six_h13_before_an_exit_are_symptoms_of_it() -> None:
    result = read(text("junia-h12-h13-crash-three-dyno-ids.log"))
    second = next(
        incarnation
        for incarnation in result.times.incarnations["web.1"]
        if incarnation.id and incarnation.id.startswith("bd299b99")
    )

    assert result.facts.symptoms[second.key] == 6
    assert (second.crashed, second.exit_status) == (True, 1)


@pytest.mark.parametrize(
    "name",
    [
        "ana680-r10-crash-2025.log", "mondrian-h10-crashloop-2018.log", "grok-h13-h10-crash-cycle.log",
        "constraints-exit4-crashloop-2024.log", "notetaker-h10-crash-2020.log", "kachalmers-h13-crash-2022.log",
        "procrastigain-r99-crash-backoff.log", "quokka-r10-h20.log",
    ],
)  # fmt: skip
def test_a_crash_loop_is_a_crash(name: str) -> None:
    assert verdict(name).verdict.kind == "crash"


def test_a_stop_that_begins_before_the_log_is_no_crash() -> None:
    """R12 alone tells that the dyno had been asked to stop."""
    assert verdict("gh-save-restricted-41-r12-worker.log").verdict.kind == "not_enough_data"


@pytest.mark.parametrize("name", ["aoy-eco-idling-2025.log", "talkpreneur-idling-2015.log"])
def test_idling_and_waking_is_no_crash(name: str) -> None:
    answer = verdict(name)

    assert answer.verdict.kind in ("nothing_found", "not_enough_data")
    assert {row.end_reason for row in answer.incarnations if row.end_reason} <= {
        "idled",
        "cycled",
        "deployed",
        "restarted",
        "unknown",
    }


def test_r14_lines_are_episodes_and_a_warning_of_memory() -> None:
    answer = verdict("gh-adela-144-r14-web.log")

    assert answer.verdict.kind == "memory"
    assert sum(row.memory.r14 for row in answer.incarnations) == 6


def test_clients_that_leave_do_not_accuse_the_dyno() -> None:
    assert verdict("goldenart-h27-h12-2017.log").verdict.kind not in ("one_dyno", "some_dynos")


def test_no_real_log_with_one_dyno_accuses_it() -> None:
    for name in FILES:
        answer = verdict(name)
        if answer.verdict.kind in ("one_dyno", "some_dynos"):
            assert len({row.dyno for row in answer.incarnations if row.type == "web"}) > 1, name
