"""R12 again and again is a finding: dynos that do not stop in time, by type and restart."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.report import Diagnosis, Finding
from tests.diagnosis.reading import judged, request, stamp


def stopped(at: float, dyno: str, *, slow: bool) -> str:
    """A dyno that Heroku replaces, and that exits at once or is killed after 30 s."""
    lines = [(0.0, "Restarting"), (0.1, "State changed from up to starting")]
    lines.append((1.0, "Stopping all processes with SIGTERM"))
    if slow:
        lines.append(
            (31.0, "Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM")
        )
        lines.append((31.1, "Stopping remaining processes with SIGKILL"))
    lines.append((31.3 if slow else 2.0, f"Process exited with status {137 if slow else 143}"))
    lines += [(5.0, "Starting process with command `run`"), (9.0, "State changed from starting to up")]
    return "".join(f"{stamp(at + after)} heroku[{dyno}]: {text}\n" for after, text in sorted(lines))


def log(*stops: str) -> str:
    return "".join(request(i * 3.0, f"web.{1 + i % 3}", client=f"192.0.2.{i % 60}") for i in range(800)) + "".join(
        stops
    )


def finding(answer: Diagnosis) -> Finding | None:
    return next((each for each in answer.findings if each.kind == "slow_shutdown"), None)


@pytest.mark.parametrize("deploys", [2, 3, 5])
def test_r12_at_each_deploy_is_a_warning_with_its_numbers(deploys: int) -> None:
    stops = [stopped(300.0 * i, f"web.{n}", slow=n < 3) for i in range(1, deploys + 1) for n in (1, 2, 3)]
    answer = judged(log(*stops))

    found = finding(answer)
    assert found is not None
    assert found.severity == "warning"
    assert f"{2 * deploys} of {3 * deploys} stopped web dynos did not exit in time" in found.sentence
    assert f"(R12), {deploys} times: web.1 and web.2" in found.sentence
    assert answer.verdict.kind == "nothing_found"
    assert answer.verdict.label == "SLOW STOPS"


def test_one_r12_is_told_and_alarms_nobody() -> None:
    found = finding(judged(log(stopped(300, "web.1", slow=True), stopped(300, "web.2", slow=False))))

    assert found is not None
    assert found.severity == "info"
    assert "1 of 2 stopped web dynos did not exit in time and was killed (R12): web.1" in found.sentence


def test_a_stop_in_time_is_no_finding() -> None:
    assert finding(judged(log(stopped(300, "web.1", slow=False)))) is None


def test_workers_have_a_finding_of_their_own() -> None:
    answer = judged(log(stopped(300, "worker.1", slow=True), stopped(900, "web.1", slow=True)))
    sentences = [each.sentence for each in answer.findings if each.kind == "slow_shutdown"]
    assert sorted(sentence.rpartition(": ")[2] for sentence in sentences) == ["web.1", "worker.1"]
